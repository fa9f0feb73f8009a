"""Records ranked by the words that they share with a need.

First candidates are found: records with any of the need's rarer words, and where those are few,
records with all of the others. So the many records of a common word are never ranked only for it.
Then the candidates are ranked by all words. The score is BM25F: BM25
over the fields of a record, each with a weight (Zaragoza et al., TREC 2004; Robertson and Zaragoza,
The Probabilistic Relevance Framework, 2009).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

from capdraft.searching.reading import Term, Word
from capdraft.searching.rows import COLUMNS

POSTINGS = 10_000
"""Records that the words of a need may have together, to find candidates by them."""
CANDIDATES = 300
"""Candidates that are ranked by all words."""
UNRANKED = 1_000
"""Candidates that are taken as they come where every word is common."""
WEIGHTS = (1.5, 2.0, 2.0, 1.0, 0.5)
"""What a word counts in each of `COLUMNS`."""
SATURATION, LENGTH = 1.2, 0.4
"""k1 and b of BM25."""
_BM25 = f"bm25(words, {', '.join(map(str, WEIGHTS))})"
_COLUMNS = ", ".join(f"records.{name}" for name in COLUMNS)


@dataclass(frozen=True, slots=True)
class Hit:
    """A record of the index, and its score.

    `share` is how much of what the need tells the record has: 1 is all of its words.
    """

    id: int
    slug: str
    capability: str
    score: float
    share: float = 1.0


def rank_by_words(
    database: sqlite3.Connection, words: Sequence[Word], type_: str | None = None
) -> list[Hit]:
    """Return the records that share words with a need, the best first, all of one type if given."""
    ids = _candidates(database, [term for word in words for term in word.terms], type_)
    totals = database.execute("select * from totals").fetchone()
    scorer = _Scorer(words, totals)
    hits = [
        Hit(number, slug, capability, *scorer.score(columns))
        for number, slug, capability, *columns in _records(database, ids)
    ]
    return sorted(hits, key=lambda hit: (-hit.score, hit.slug, hit.capability))


def _candidates(
    database: sqlite3.Connection, terms: Iterable[Term], type_: str | None
) -> list[int]:
    """Return the ids of the records to rank.

    They have any of the rarest terms, whose records are few; where those give too few, all of the
    others.
    """
    rarest = sorted({term.term: term for term in terms}.values(), key=lambda term: term.records)
    chosen: list[str] = []
    left = POSTINGS
    for term in rarest:
        left -= term.records
        if left < 0:
            break
        chosen.append(term.term)
    found: list[int] = []
    if chosen:
        found = _match(database, " OR ".join(map(_quoted, chosen)), type_, CANDIDATES, _BM25)
    if len(found) < CANDIDATES:
        found += _of_common(database, [term.term for term in rarest[len(chosen) :]], type_)
    return list(dict.fromkeys(found))


def _of_common(database: sqlite3.Connection, terms: list[str], type_: str | None) -> list[int]:
    """Return records that have all of the common `terms`, else as many of the rarest as some have.

    Those that have them in their name or intents come first. Ordering all by BM25 would read every
    record that has any of them.
    """
    while terms:
        every = " AND ".join(map(_quoted, terms))
        found = _match(database, f"{{name intents}} : ({every})", type_, UNRANKED)
        if len(found) < UNRANKED:
            found += _match(database, every, type_, UNRANKED - len(found))
        if found:
            return found
        terms = terms[:-1]
    return []


def _match(
    database: sqlite3.Connection, query: str, type_: str | None, limit: int, order: str = ""
) -> list[int]:
    select = "select words.rowid from words"
    values: list[object] = [query]
    if type_ is not None:
        select += " join records on records.id = words.rowid and records.type = ?"
        values.insert(0, type_)
    select += " where words match ?" + (f" order by {order}" if order else "") + " limit ?"
    return [number for (number,) in database.execute(select, (*values, limit))]


def _quoted(term: str) -> str:
    """Return a term as an FTS5 string: it holds letters, digits, + and #, and no quotes."""
    return f'"{term}"'


def _records(database: sqlite3.Connection, ids: Iterable[int]) -> list[tuple[int, str, str, str]]:
    select = f"select id, slug, capability, {_COLUMNS} from records where id = ?"  # noqa: S608
    return [row for number in ids for row in database.execute(select, (number,))]


class _Scorer:
    """BM25F of a need over records."""

    def __init__(self, words: Sequence[Word], totals: tuple[int, ...]) -> None:
        self._words, (self._records, *lengths) = words, totals
        self._usual = [max(length / max(self._records, 1), 1.0) for length in lengths]
        self._wanted = {term.term for word in words for term in word.terms}
        self._told = sum(self._most(word) for word in words)

    def score(self, columns: Sequence[str]) -> tuple[float, float]:
        """Return the score of a record with these terms in its columns, and its share."""
        found = dict.fromkeys(self._wanted, 0.0)
        for column, weight, usual in zip(columns, WEIGHTS, self._usual, strict=True):
            terms = column.split()
            unit = weight / (1 - LENGTH + LENGTH * len(terms) / usual)
            for term in terms:
                if term in found:
                    found[term] += unit
        best = [
            (max((self._of(t, found[t.term]) for t in w.terms), default=0), w) for w in self._words
        ]
        has = sum(self._most(word) for score, word in best if score > 0)
        return sum(score for score, _ in best), has / self._told if has else 0.0

    def _of(self, term: Term, count: float) -> float:
        return term.weight * rarity(term, self._records) * count / (count + SATURATION)

    def _most(self, word: Word) -> float:
        """Return how telling a word is; one that no record has is the most telling of all."""
        nothing = Term(word.word, 0)
        return max(rarity(term, self._records) for term in word.terms or (nothing,))


def rarity(term: Term, records: int) -> float:
    """Return how telling a term is: its inverse document frequency."""
    return log(1 + (records - term.records + 0.5) / (term.records + 0.5))
