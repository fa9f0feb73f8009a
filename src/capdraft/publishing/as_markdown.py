"""A comparison as GitHub-flavoured Markdown. What comes from documents is never markup in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from capdraft.comparing import Claim, Column, Comparison, Footnote, ShownCapability
from capdraft.publishing.phrases import (
    LABELS,
    claims,
    credits_line,
    left_out,
    notes,
    plain,
    shortened,
    source,
)

_MARKUP = re.compile(r"[\\`*_{}\[\]<>#!~&$]")
_LINE_START = re.compile(r"^(\d*)([-+=:.)])")
# GitHub links bare addresses: a scheme, a host name and a mail address each need breaking up.
_SCHEME = re.compile(r"(?<!\\):(?=//)")
_HOST_DOT = re.compile(r"(?<=\w)\.(?=[^\W\d_])")
_SAFE_URL = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+", re.IGNORECASE)


def escape(text: str) -> str:
    """Return `text` on one line so that Markdown shows it letter by letter, also in a table."""
    line = _MARKUP.sub(r"\\\g<0>", plain(text))
    line = _LINE_START.sub(r"\1\\\2", line)
    line = _HOST_DOT.sub(r"\\.", _SCHEME.sub(r"\\:", line))
    # A backslash before @ does not stop GitHub from linking a mail address; a comment does.
    return line.replace("|", "&#124;").replace("@", "@<!-- -->")


def markdown_page(comparison: Comparison) -> str:
    """Return the page, with evidence as footnotes."""
    return "\n\n".join(_blocks(comparison)) + "\n"


def _blocks(comparison: Comparison) -> Iterator[str]:
    yield f"# {escape(comparison.title)}"
    yield escape(comparison.headline)
    yield "\n".join(_table(comparison))
    for artifact in comparison.artifacts:
        yield from _capabilities(artifact)
    yield "## Verdict"
    yield "\n".join(f"- {escape(reason.text)}" for reason in comparison.verdict.reasons)
    if comparison.footnotes:
        yield "## Evidence"
        yield "\n".join(_footnote(note) for note in comparison.footnotes)


def _table(comparison: Comparison) -> Iterator[str]:
    names = [escape(artifact.name) for artifact in comparison.artifacts]
    yield f"| | {' | '.join(names)} |"
    yield f"|---|{'---|' * len(names)}"
    for row in comparison.rows:
        yield f"| {row.label} | {' | '.join(map(escape, row.cells))} |"


def _capabilities(artifact: Column) -> Iterator[str]:
    yield f"## {escape(artifact.name)}: capabilities"
    if not artifact.approved:
        yield "None approved yet."
    for capability in artifact.capabilities:
        yield from _capability(capability)
    if artifact.more:
        yield f"\\{left_out(artifact.more)}"


def _capability(capability: ShownCapability) -> Iterator[str]:
    yield f"### {escape(capability.name)}"
    for field, claim in claims(capability):
        label = f"**{LABELS[field]}:** " if LABELS[field] else ""
        yield label + _with_marks(claim)
    yield f"*({escape(credits_line(capability))})*"


def _with_marks(claim: Claim) -> str:
    marks = "".join(f"[^{number}]" for number in claim.footnotes)
    said = notes(claim)
    return escape(claim.text) + marks + (f" *{escape(said)}*" if said else "")


def _footnote(note: Footnote) -> str:
    document = plain(note.document)
    url = document.replace("&", "&amp;")
    place = f"<{url}>" if _SAFE_URL.fullmatch(document) else escape(document)
    where = ", ".join((place, *map(escape, source(note))))
    return f'[^{note.number}]: "{escape(shortened(note.quote))}" ({where})'
