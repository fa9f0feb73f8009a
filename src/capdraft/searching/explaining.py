"""Why a record was found: which words matched, which intent, which passage says it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from capdraft.records import CatalogEntry, Evidence, FieldName, Record
from capdraft.searching.answers import MatchedWord, Passage
from capdraft.searching.lexical import rarity
from capdraft.searching.reading import Term, Word
from capdraft.searching.words import Stemmer, words_of


class Explainer:
    """Explains records by the words of one need, as it was read."""

    def __init__(self, words: Sequence[Word], records: int, stemmer: Stemmer) -> None:
        self._words, self._records, self._stemmer = words, records, stemmer

    def matched(self, entry: CatalogEntry, record: Record) -> tuple[MatchedWord, ...]:
        """Return the words of the need that the record has, in the need's order."""
        unique = record.unique.text if record.unique else ""
        description = record.description.text
        texts = (record.name, *record.intents, description, unique, entry.artifact.name)
        return tuple(
            MatchedWord(word=word.word, matched=shown, slips=term.slips)
            for word, term, shown in self._found(texts)
        )

    def intent(self, record: Record) -> str | None:
        """Return the intent that shares the most telling words; None where none shares any."""
        scored = [(self._weight((intent,)), intent) for intent in record.intents]
        best = max(scored, key=lambda item: item[0], default=(0.0, ""))
        return best[1] if best[0] > 0 else None

    def passage(self, entry: CatalogEntry, record: Record) -> Passage | None:
        """Return the passage that shares the most telling words, else the description's first."""
        cited = list(_cited(record))
        if not cited:
            return None
        name, item = max(cited, key=lambda pair: self._weight(_texts(pair[1])))
        return Passage(
            field=name,
            quote=item.quote,
            uri=entry.document(item).uri,
            start=item.start,
            end=item.end,
            words=tuple(dict.fromkeys(word.word for word, *_ in self._found(_texts(item)))),
        )

    def _weight(self, texts: Iterable[str]) -> float:
        return sum(term.weight * rarity(term, self._records) for _, term, _ in self._found(texts))

    def _found(self, texts: Iterable[str]) -> Iterator[tuple[Word, Term, str]]:
        """Yield each word that `texts` have, the term that it is there, and its spelling."""
        shown: dict[str, str] = {}
        for own in chain.from_iterable(words_of(text, every=True) for text in texts):
            shown.setdefault(self._stemmer.stem(own), own)
        for word in self._words:
            term = next((term for term in word.terms if term.term in shown), None)
            if term is not None:
                yield word, term, shown[term.term]


def _cited(record: Record) -> Iterator[tuple[FieldName, Evidence]]:
    """Yield what a record cites for the artifact itself."""
    for name, field in record.fields():
        if name != "vs_alternatives":
            for item in field.evidence:
                yield name, item


def _texts(item: Evidence) -> tuple[str, ...]:
    return (*item.heading[-1:], item.header or "", item.quote)
