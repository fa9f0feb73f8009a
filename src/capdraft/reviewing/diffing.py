"""What a proposal says differently from an earlier one, or from the catalog, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, Protocol

from capdraft.errors import NotFound
from capdraft.records import NO_NAMES, FieldName, Names
from capdraft.workspace import Workspace

Kind = Literal["same", "removed", "added"]
_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Changed:
    """Something that is judged with a text and differs: the name, the intents, the alternative."""

    what: str
    pieces: tuple[tuple[Kind, str], ...]


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """A field that differs: its pieces in order, those of both texts."""

    capability: str
    field: FieldName
    pieces: tuple[tuple[Kind, str], ...]
    names: tuple[Changed, ...] = ()
    """What is judged with the text, where that differs."""


class _Texts(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def intents(self) -> tuple[str, ...]: ...

    def fields(self) -> Iterator[tuple[FieldName, _Text]]: ...


class _Text(Protocol):
    @property
    def text(self) -> str: ...

    @property
    def alternative(self) -> str | None: ...


_Said = tuple[str, Names]
"""A field's text and what is judged with it."""


def diff(
    workspace: Workspace, slug: str, *, since: str | None = None
) -> tuple[str, str, list[FieldDiff]]:
    """Return (before, after, what differs) of the newest proposal and an earlier one.

    `since` is the number of the earlier one, or "catalog"; else it is the one before the newest.

    Raises:
        NotFound: there is no such proposal, nothing before it, or no catalog entry.
        FileInvalid: a file isn't what its schema says.
    """
    newest = workspace.read_proposal(slug)
    if since == "catalog":
        entry = workspace.read_entry_as_is(slug).entry
        if entry is None:
            raise NotFound(f"the catalog has no {slug!r}", hint=f"`capdraft merge {slug}` first.")
        before, name = _texts(entry.capabilities), f"catalog/{slug}.json"
    else:
        numbers = workspace.proposals(slug)
        if since is None and len(numbers) < 2:
            raise NotFound(
                f"{newest.name} is the only proposal of {slug!r}",
                hint=f"Compare it with what is published: capdraft diff {slug} --since catalog",
            )
        earlier = workspace.read_proposal(slug, numbers[-2] if since is None else since)
        before, name = _texts(earlier.proposal.capabilities), earlier.name
    after = _texts(newest.proposal.capabilities)
    return name, newest.name, list(_differences(before, after))


def _texts(capabilities: Sequence[_Texts]) -> dict[tuple[str, FieldName], _Said]:
    return {(c.id, name): _said(c, name, field) for c in capabilities for name, field in c.fields()}


def _said(capability: _Texts, name: FieldName, field: _Text) -> _Said:
    names = Names(name=capability.name, intents=capability.intents, alternative=field.alternative)
    return field.text, names.belonging(name)


def _differences(
    before: Mapping[tuple[str, FieldName], _Said], after: Mapping[tuple[str, FieldName], _Said]
) -> Iterator[FieldDiff]:
    nothing = ("", NO_NAMES)
    for capability, name in dict.fromkeys((*after, *before)):
        key = capability, name
        (old, was), (new, now) = before.get(key, nothing), after.get(key, nothing)
        names = names_diff(was, now) if key in before and key in after else ()
        if old.split() != new.split() or names:
            yield FieldDiff(capability, name, tuple(word_diff(old, new)), names)


def names_diff(before: Names, after: Names) -> tuple[Changed, ...]:
    """Return which of the names differ, and how, word by word; intents as one line."""
    return tuple(
        Changed(what, tuple(word_diff(old, new)))
        for what, (old, new) in after.beside(before).items()
        if old.split() != new.split()
    )


def word_diff(old: str, new: str) -> Iterator[tuple[Kind, str]]:
    """Yield what two texts share and what one has alone, in order, cut between words."""
    first, second = _WORDS.findall(old), _WORDS.findall(new)
    for what, a, b, c, d in SequenceMatcher(None, first, second, False).get_opcodes():
        if what == "equal":
            yield "same", "".join(first[a:b])
            continue
        if a < b:
            yield "removed", "".join(first[a:b])
        if c < d:
            yield "added", "".join(second[c:d])
