"""Which artifacts of the catalog name which others, in their approved records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate

from capdraft.records import Artifact, CatalogEntry
from capdraft.text import name_key

SHORTEST = 3
"""Letters and digits that a name needs to be told from other words in prose."""
# A point within a word belongs to it: "Gemma 2.5" does not name Gemma 2.
_WORD = re.compile(r"[^\W_]+(?:\.[^\W_]+)*")


def mentions(entries: Iterable[CatalogEntry]) -> dict[str, tuple[str, ...]]:
    """Return, by slug, the artifacts whose approved records name it, sorted.

    A record names what it compares with, what it cites the records of, and in prose each name
    that begins with a capital letter or a digit there. `entries` are gone through
    twice: a generator won't do.
    """
    names = Names(entry.artifact for entry in entries if entry.capabilities)
    found: dict[str, set[str]] = {slug: set() for slug in names.slugs}
    for entry in entries:
        for slug in names.named_in(entry):
            found[slug].add(entry.artifact.slug)
    return {slug: tuple(sorted(by)) for slug, by in found.items()}


class Names:
    """The names of the artifacts that a record can name."""

    def __init__(self, artifacts: Iterable[Artifact]) -> None:
        self.slugs: list[str] = []
        self._names: dict[str, list[str]] = {}
        self._longest = 0
        for artifact in artifacts:  # one after the other: there may be many
            slug = artifact.slug
            self.slugs.append(slug)
            self._longest = max(self._longest, len(_WORD.findall(artifact.name)))
            for key in {name_key(artifact.name), name_key(slug), f"catalog/{slug}.json"}:
                self._names.setdefault(key, []).append(slug)

    def named_in(self, entry: CatalogEntry) -> set[str]:
        """Return the other artifacts that the records of `entry` name."""
        keys = {*_named(entry, self._longest)}
        found = {slug for key in keys for slug in self._names.get(key, ())}
        return found - {entry.artifact.slug}


def _named(entry: CatalogEntry, longest: int) -> Iterator[str]:
    """Yield the keys of everything in an entry that may be the name of an artifact."""
    for document in entry.documents:
        yield document.uri
    for record in entry.capabilities:
        for _, field in record.fields():
            if field.alternative:
                yield name_key(field.alternative)
            yield from _phrases(field.text, longest)


def _phrases(text: str, longest: int) -> Iterator[str]:
    words = _WORD.findall(text)
    for place, word in enumerate(words):
        if word[0].isupper() or word[0].isdigit():
            for phrase in accumulate(map(name_key, words[place : place + longest])):
                if len(phrase) >= SHORTEST:
                    yield phrase
