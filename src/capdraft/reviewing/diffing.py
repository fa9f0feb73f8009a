"""What a proposal says differently from an earlier one, or from the catalog, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, Protocol

from capdraft.errors import NotFound
from capdraft.records import FieldName
from capdraft.workspace import Workspace

Kind = Literal["same", "removed", "added"]
_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """A field that differs: its pieces in order, those of both texts."""

    capability: str
    field: FieldName
    pieces: tuple[tuple[Kind, str], ...]


class _Texts(Protocol):
    @property
    def id(self) -> str: ...

    def fields(self) -> Iterator[tuple[FieldName, _Text]]: ...


class _Text(Protocol):
    @property
    def text(self) -> str: ...


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


def _texts(capabilities: Sequence[_Texts]) -> dict[tuple[str, FieldName], str]:
    return {(c.id, name): field.text for c in capabilities for name, field in c.fields()}


def _differences(
    before: Mapping[tuple[str, FieldName], str], after: Mapping[tuple[str, FieldName], str]
) -> Iterator[FieldDiff]:
    for capability, name in dict.fromkeys((*after, *before)):
        old, new = before.get((capability, name), ""), after.get((capability, name), "")
        if old.split() != new.split():
            yield FieldDiff(capability, name, tuple(word_diff(old, new)))


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
