"""Whether a claim can be accepted as it is, and what can be done where it can't."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from capdraft.records import Finding
from capdraft.reviewing.judging import UNANSWERABLE, WITHOUT_EVIDENCE
from capdraft.reviewing.screens import Screen


@dataclass(frozen=True, slots=True)
class Accepting:
    """Whether a claim can be accepted as it is; if not, why, and what can be done instead."""

    plain: bool
    why: str = ""
    instead: str = ""
    despite: tuple[str, ...] = ()
    """Codes that accepting it all the same would name; none where that can't be."""
    editorial: bool = False
    """Whether it would be a reviewer's own statement."""


def accepting(screen: Screen, findings: Sequence[Finding]) -> Accepting:
    """Return whether the claim can be accepted, as the policy and the findings have it."""
    true, who = screen.true, screen.who
    if screen.refused:
        return Accepting(False, screen.refused, "Nothing that you decide here would count.")
    if true.status != "stale" and any(d.reviewer == who for d in true.approvals):
        return Accepting(False, "you approved it before", "Undo that (u), edit it or reject it.")
    if why := screen.review.policy.may_approve(who, true.authors):
        return Accepting(
            False, to_you(who, why), "Somebody else has to approve it. You can edit or reject it."
        )
    return _against(findings)


def to_you(who: str, why: str) -> str:
    """Return a reason of the policy as it is told to `who`."""
    if why.startswith(f"{who} is "):
        return f"you are{why.removeprefix(f'{who} is')}"
    return f"you{why.removeprefix(who)}" if why.startswith(f"{who} ") else why


def _against(findings: Sequence[Finding]) -> Accepting:
    codes = tuple(dict.fromkeys(f.code for f in findings if f.severity == "error"))
    if not codes:
        return Accepting(True)
    if UNANSWERABLE & set(codes):
        return Accepting(
            False,
            "what it cites is not in the document any more",
            "Cite what the document says now, reject it, or have it drafted again.",
        )
    if WITHOUT_EVIDENCE & set(codes):
        what = "no passage supports it"
        if "CD101" not in codes:
            what = "no passage speaks for what it is compared with"
        return Accepting(
            False,
            what,
            "Cite a passage, edit or reject it, or accept it as an editorial statement.",
            tuple(code for code in codes if code not in WITHOUT_EVIDENCE),
            editorial=True,
        )
    return Accepting(
        False,
        f"{', '.join(codes)} stands against it",
        "Edit or reject it, or accept it despite that, with a note.",
        codes,
    )


def idle_keys(
    found: Accepting, *, first: bool, undone: bool, cites: bool
) -> Iterator[tuple[str, str]]:
    """Yield the keys that do nothing here, apart by spaces, each with what is said instead.

    `first` is whether nothing comes before, `undone` whether there is nothing to take back.
    """
    if found.editorial:
        yield "d", "No passage supports it: s accepts it, as your own statement."
    elif not found.despite:
        yield "d", "Nothing stands against it: a accepts it." if found.plain else _told(found)
    if not found.editorial:
        yield "s", "It cites what it says: s is for a claim that no passage supports."
    if first:
        yield "k", "This is the first."
    if undone:
        yield "u", "You have no decision to take back."
    if not cites:
        yield "] [ n p", "It cites no passage."
    yield "1 2 3 4 5 6 7 8 9", "Press x first; a digit then says why it is rejected."


def _told(found: Accepting) -> str:
    return f"Can't be accepted: {found.why}. {found.instead}"
