"""Approved records of other artifacts that a comparison may cite: found by name and by intent."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log

from capdraft.checking import content_words
from capdraft.comparing import by_name
from capdraft.records import Artifact, CatalogEntry, Document, Record
from capdraft.sources import read_catalog_entry
from capdraft.text import estimate_tokens, name_key
from capdraft.workspace import Workspace

MOST_ARTIFACTS = 6
MOST_RECORDS = 6
"""Records of one artifact that a prompt holds: the nearest."""
LONGEST_NAME = 8
"""Words of a name that is looked for in the documents."""
SHORT_NAME = 2
"""A name of one word with no more letters, such as It or Go, is too often another word."""
# Chinese, Japanese and Thai put no spaces between words: each of their letters counts as a word.
_UNSPACED = r"\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]|(?:(?![{_UNSPACED}])[^\W_])+")


@dataclass(frozen=True, slots=True)
class Listed:
    """A catalog entry with its file's hash, and the words of each of its records."""

    entry: CatalogEntry
    sha256: str
    words: tuple[frozenset[str], ...]

    @property
    def slug(self) -> str:
        return self.entry.artifact.slug

    @property
    def uri(self) -> str:
        return f"catalog/{self.slug}.json"


class Catalog:
    """The approved records of a workspace, as they were when a run began."""

    def __init__(self, listed: Iterable[Listed] = ()) -> None:
        self.listed = [item for item in listed if item.entry.capabilities]

    @classmethod
    def load(cls, workspace: Workspace) -> Catalog:
        """Return the catalog of a workspace.

        Raises:
            FileInvalid: an entry isn't what its schema says.
        """
        entries = (workspace.read_entry(slug) for slug in workspace.catalog())
        return cls(
            Listed(item.entry, item.stored.sha256, tuple(map(_words, item.entry.capabilities)))
            for item in entries
            if item.entry and item.stored
        )

    @cached_property
    def names(self) -> dict[str, CatalogEntry]:
        """The entries by the keys of their names and slugs."""
        return by_name(item.entry for item in self.listed)

    @cached_property
    def _weights(self) -> dict[str, float]:
        """How telling a word is: rare among the records."""
        counts = Counter(word for item in self.listed for words in item.words for word in words)
        total = sum(len(item.words) for item in self.listed)
        return {word: log(1 + total / count) for word, count in counts.items()}

    def near(
        self, artifact: Artifact, documents: Sequence[Document], tokens: int
    ) -> list[tuple[Listed, frozenset[str]]]:
        """Return the entries to compare `artifact` with, and the ids of the records that count.

        Those that its documents name come first, then those that share the most telling words.
        They take about `tokens` in a prompt, at most.
        """
        if not self.listed:
            return []
        prose = list(prose_of(documents))
        said, named = count_words(prose), {item.slug for item in self.named(artifact, prose)}
        ranked = []
        for item in self.listed:
            kind = item.entry.artifact.type
            rivals = "unknown" in (kind, artifact.type) or kind == artifact.type
            score = max(self._score(words, said) for words in item.words) if rivals else 0
            if item.slug in named or (score > 0 and item.slug != artifact.slug):
                ranked.append((item.slug not in named, -score, item.slug, item))
        ranked.sort(key=lambda found: found[:3])
        return self.nearest([item for *_, item in ranked[:MOST_ARTIFACTS]], said, tokens)

    def named(self, artifact: Artifact, prose: Sequence[str]) -> list[Listed]:
        """Return the entries whose artifacts `prose` names, but for `artifact` itself."""
        if not self.listed:
            return []
        found = _named_in(prose, {item.entry.artifact.name for item in self.listed})
        return [
            item
            for item in self.listed
            if item.slug != artifact.slug and item.entry.artifact.name in found
        ]

    def nearest(
        self, items: Iterable[Listed], said: Mapping[str, int], tokens: int
    ) -> list[tuple[Listed, frozenset[str]]]:
        """Return those of `items` that fit into `tokens`, with the ids of their nearest records."""
        chosen = []
        for item in items:
            scores = [self._score(words, said) for words in item.words]
            ids, tokens = _nearest(item, scores, tokens)
            if ids:
                chosen.append((item, ids))
        return chosen

    def _score(self, words: frozenset[str], said: Mapping[str, int]) -> float:
        """Return how much the documents speak of what a record is for, by its telling words."""
        told = [word for word in words if word in said]
        if not told:
            return 0
        every = sum(self._weights[word] for word in words)
        return sum(self._weights[word] * log(1 + said[word]) for word in told) / every


def _words(record: Record) -> frozenset[str]:
    """Return the words of what a record is for: long descriptions match any long document."""
    return content_words(" ".join([record.name, *record.intents]))


def count_words(prose: Iterable[str]) -> Counter[str]:
    """Return how often each content word stands in `prose`, once for each of its passages."""
    return Counter(word for passage in prose for word in content_words(passage))


def _named_in(prose: Iterable[str], names: Collection[str]) -> set[str]:
    """Return those of `names` that stand in `prose` as whole words, a plain one in its own case."""
    plain = {name for name in names if _is_plain(name)}
    keys = {name_key(name) for name in names if name not in plain}
    words: set[str] = set()
    found: set[str] = set()
    for text in prose:
        said = _WORD.findall(text)
        words.update(said)
        parts = [name_key(word) for word in said]
        for length in range(1, LONGEST_NAME + 1):
            runs = zip(*(parts[start:] for start in range(length)), strict=False)
            found |= keys.intersection(map("".join, runs))
    return {
        name
        for name in names
        if (name in words if name in plain else name_key(name) in found)
        and (len(name) > SHORT_NAME or not name.isascii())
    }


def _is_plain(name: str) -> bool:
    """Tell whether a name is one word that may be any other word: Base, Test, whisper."""
    return name.isascii() and name.isalpha() and name[1:].islower()


def prose_of(documents: Iterable[Document]) -> Iterator[str]:
    """Yield what documents say in words, passage by passage."""
    for document in documents:
        for passage in document.passages:
            if passage.boilerplate is None and passage.kind != "code":
                yield " ".join((*passage.heading[-1:], passage.shown))


def _nearest(item: Listed, scores: Sequence[float], tokens: int) -> tuple[frozenset[str], int]:
    """Return the ids of the records with the best scores that fit, and the tokens that are left."""
    pairs = zip(scores, item.entry.capabilities, strict=True)
    ids: set[str] = set()
    for _, record in sorted(pairs, key=lambda pair: (-pair[0], pair[1].id))[:MOST_RECORDS]:
        size = estimate_tokens(" ".join(field.text for _, field in record.fields()))
        if size <= tokens:
            ids.add(record.id)
            tokens -= size
    return frozenset(ids), tokens


def record_documents(
    chosen: Iterable[tuple[Listed, frozenset[str]]], first_number: int
) -> tuple[Document, ...]:
    """Return the chosen records as documents whose passages count from `first_number`."""
    documents = []
    for item, ids in chosen:
        document = read_catalog_entry(
            item.entry, uri=item.uri, sha256=item.sha256, first_number=first_number, only=ids
        )
        first_number += len(document.passages)
        documents.append(document)
    return tuple(documents)
