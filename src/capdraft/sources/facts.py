"""What the docs themselves say of the artifact: its name, type, licence, languages, links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from capdraft.records import Document
from capdraft.sources.titles import bare_name
from capdraft.text import clean

_NAME_KEYS = ("name", "pretty_name", "model_name", "title")
_TYPE_KEYS = {
    "model": ("pipeline_tag", "library_name", "base_model", "inference"),
    "dataset": (
        "task_categories",
        "task_ids",
        "size_categories",
        "dataset_info",
        "configs",
        "annotations_creators",
    ),
}
_LANGUAGE_KEYS = ("language", "languages")
_LINK_KEYS = ("links", "homepage", "url", "repository", "paper", "demo", "documentation")
_LINK = re.compile(r"https?://[^\s<>\"']{1,500}")
_README = re.compile(r"(?:^|/)readme(?:\.\w+)?$", re.IGNORECASE)
_TYPE = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class ArtifactFacts:
    """What a person need not say again; None where the docs don't say it."""

    name: str | None = None
    type: str | None = None
    license: str | None = None
    pricing: str | None = None
    languages: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    by_heading: bool = field(default=False, compare=False)
    """The name is what a heading says, not front matter."""


def artifact_facts(documents: Sequence[Document]) -> ArtifactFacts:
    """Return what front matter says; of several documents, the first that says it counts.

    A heading names the artifact too, if it is that of a lone document or of a README.
    """
    readmes = [document for document in documents if _README.search(document.uri)]
    titled = documents if len(documents) == 1 else readmes
    said = next(_values(documents, *_NAME_KEYS), None)
    return ArtifactFacts(
        name=said or _heading_name(titled),
        type=_type(documents),
        license=_license(documents),
        pricing=next(_values(documents, "pricing"), None),
        languages=tuple(_each(documents, _LANGUAGE_KEYS)),
        links=tuple(link for link in _each(documents, _LINK_KEYS) if _LINK.fullmatch(link)),
        by_heading=said is None,
    )


def _each(documents: Sequence[Document], keys: Sequence[str]) -> Iterator[str]:
    """Yield each value that the keys have, once; a list has several."""
    values = [document.front_matter.get(key) for document in documents for key in keys]
    flat = (item for value in values for item in (value if isinstance(value, list) else [value]))
    yield from dict.fromkeys(filter(None, map(_line, flat)))


def _values(documents: Sequence[Document], *keys: str) -> Iterator[str]:
    for document in documents:
        for key in keys:
            value = _line(document.front_matter.get(key))
            if value:
                yield value


def _line(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(filter(None, map(_line, value)))
    return " ".join(clean(value).split()) if isinstance(value, str) else ""


def _heading_name(documents: Sequence[Document]) -> str | None:
    names = (bare_name(document.title or "") for document in documents)
    return next(filter(None, names), None)


def _type(documents: Sequence[Document]) -> str | None:
    said = filter(_TYPE.fullmatch, _values(documents, "type"))
    keys = {key for document in documents for key in document.front_matter}
    implied = (type_ for type_, signs in _TYPE_KEYS.items() if keys.intersection(signs))
    return next(said, None) or next(implied, None)


def _license(documents: Sequence[Document]) -> str | None:
    for document in documents:
        value = _line(document.front_matter.get("license"))
        if value == "other":
            value = _line(document.front_matter.get("license_name")) or value
        if value:
            return value
    return None
