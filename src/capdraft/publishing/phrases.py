"""The words around a claim that every page format shares: notes, credits and sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from capdraft.comparing import Claim, Footnote, ShownCapability
from capdraft.records import Approval, credit_of
from capdraft.text import clean, without_turns

QUOTE_LENGTH = 160
LABELS = {"description": "", "unique": "Unique", "vs_alternatives": "vs alternatives"}
RANK_IS_ABOUT = (
    "The rank is about adoption, the record and freshness, not about which does a task better."
)
_FIELD_WORDS = {"description": "description", "unique": "unique", "vs_alternatives": "comparison"}


def plain(text: str) -> str:
    """Return `text` on one line, without what a terminal or a browser would obey."""
    return " ".join(without_turns(clean(text)).split())


def shortened(quote: str) -> str:
    """Return `quote` on one line, cut behind a word where it is long."""
    line = plain(quote)
    if len(line) <= QUOTE_LENGTH:
        return line
    kept = line[: QUOTE_LENGTH - 1]
    at_word = kept.rpartition(" ")[0]
    return (at_word if len(at_word) > QUOTE_LENGTH // 2 else kept).rstrip() + "…"


def claims(capability: ShownCapability) -> Iterator[tuple[str, Claim]]:
    """Yield the capability's claims by field name, in their fixed order."""
    for field in LABELS:
        claim: Claim | None = getattr(capability, field)
        if claim is not None:
            yield field, claim


def versus(claim: Claim) -> str:
    """Return what a comparison compares with, or nothing."""
    return f"compared with {plain(claim.alternative)}" if claim.alternative else ""


def cautions(claim: Claim) -> str:
    """Return what a reader must know of how `claim` was accepted, or nothing."""
    found = []
    if claim.editorial:
        found.append("editorial statement" + ("" if claim.footnotes else ", no evidence"))
    elif not claim.footnotes:
        found.append("no evidence")
    if claim.despite:
        found.append(f"accepted despite {', '.join(map(plain, claim.despite))}")
    found += [f'{item.by}: "{plain(item.note)}"' for item in claim.approved if item.note]
    return "; ".join(found)


def notes(claim: Claim) -> str:
    """Return what stands in brackets behind `claim`, or nothing."""
    said = "; ".join(filter(None, (versus(claim), cautions(claim))))
    return f"({said})" if said else ""


def credits_line(capability: ShownCapability) -> str:
    """Return who drafted and who approved the capability, by field where that differs."""
    fields: dict[str, list[str]] = {}
    for field, claim in claims(capability):
        fields.setdefault(_approvals(claim.approved), []).append(_FIELD_WORDS[field])
    drafted = credit_of(plain(capability.drafted_by))
    if len(fields) == 1:
        return f"{drafted}, {next(iter(fields))}"
    return "; ".join((drafted, *(f"{' and '.join(of)} {said}" for said, of in fields.items())))


def _approvals(approved: Sequence[Approval]) -> str:
    return ", ".join(dict.fromkeys(map(approved_by, approved)))


def approved_by(item: Approval) -> str:
    """Return who approved a text and when; whether they wrote it, or had it drafted."""
    wrote = "rewritten and " if item.edited else ""
    ran = ", who ran the draft," if item.own and not item.edited else ""
    return f"{wrote}approved by {item.by}{ran} on {item.at:%Y-%m-%d}"


def source(note: Footnote) -> list[str]:
    """Return where a quote stands, behind its document's URI."""
    parts = [" › ".join(map(plain, note.heading))] if note.heading else []
    if note.header:
        parts.append(f"columns: {shortened(note.header)}")
    parts.append(f"characters {note.start}–{note.end}")
    if note.side == "alternative":
        parts.append("on the alternative's side")
    return parts


def left_out(more: int) -> str:
    """Return the line that stands for capabilities which the page doesn't show."""
    return f"+{more} more {'capability' if more == 1 else 'capabilities'}"
