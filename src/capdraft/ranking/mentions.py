"""Which artifacts of the catalog name which others, in their approved records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
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
    artifacts = [entry.artifact for entry in entries if entry.capabilities]
    names = _names(artifacts)
    longest = max((len(_WORD.findall(artifact.name)) for artifact in artifacts), default=0)
    found: dict[str, set[str]] = {artifact.slug: set() for artifact in artifacts}
    for entry in entries:
        own = entry.artifact.slug
        for key in _named(entry, longest):
            for slug in names.get(key, ()):
                if slug != own:
                    found[slug].add(own)
    return {slug: tuple(sorted(by)) for slug, by in found.items()}


def _names(artifacts: Iterable[Artifact]) -> Mapping[str, list[str]]:
    """Return the slugs of artifacts by the keys of their names, slugs and files."""
    names: dict[str, list[str]] = {}
    for artifact in artifacts:
        file = f"catalog/{artifact.slug}.json"
        for key in {name_key(artifact.name), name_key(artifact.slug), file}:
            names.setdefault(key, []).append(artifact.slug)
    return names


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
