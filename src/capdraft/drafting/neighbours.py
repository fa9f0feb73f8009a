"""Approved records of other artifacts that a comparison may cite: found by name and by intent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log, sqrt

from capdraft.checking import content_words
from capdraft.comparing import by_name
from capdraft.records import Artifact, CatalogEntry, Document, Record
from capdraft.sources import read_catalog_entry
from capdraft.text import estimate_tokens, name_key
from capdraft.workspace import Workspace

MOST_ARTIFACTS = 6
MOST_RECORDS = 4
"""Records of one artifact that a prompt holds: the nearest."""
NAMED = 1000.0
"""Weight of an artifact that the documents name, beside what the words weigh."""


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
        prose = " ".join(_prose(documents))
        said, text = content_words(prose), name_key(prose)
        ranked = []
        for item in self.listed:
            if item.entry.artifact.slug == artifact.slug:
                continue
            scores = [self._score(words, said) for words in item.words]
            named = len(name := name_key(item.entry.artifact.name)) > 2 and name in text
            ranked.append((max(scores) + NAMED * named, item, scores))
        ranked.sort(key=lambda found: (-found[0], found[1].entry.artifact.slug))
        chosen = []
        for score, item, scores in ranked[:MOST_ARTIFACTS]:
            kind = item.entry.artifact.type
            rivals = "unknown" in (kind, artifact.type) or kind == artifact.type
            if score < NAMED and not (rivals and score > 0):
                continue
            ids, tokens = _nearest(item, scores, tokens)
            if ids:
                chosen.append((item, ids))
        return chosen

    def _score(self, words: frozenset[str], said: frozenset[str]) -> float:
        return sum(self._weights[word] for word in words & said) / sqrt(1 + len(words))


def _words(record: Record) -> frozenset[str]:
    return content_words(" ".join([record.name, *record.intents, record.description.text]))


def _prose(documents: Sequence[Document]) -> Iterable[str]:
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
