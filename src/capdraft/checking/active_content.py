"""CD106: what a browser, a terminal or a template would act on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from capdraft.checking.claims import Claim, Problem, rule, shown, written

_ACTIVE_TAGS = (
    "a|applet|audio|base|button|embed|form|frame|iframe|img|input|link|math|meta|object|script|"
    "style|svg|template|video"
)
_ACTIVE = re.compile(
    rf"</?(?:{_ACTIVE_TAGS})(?=[\s/>])[^>]{{0,300}}>?|\b(?:javascript|vbscript) ?:|"
    r"\bdata:text/html|\bon(?:click|error|load|mouseover)\s*=|(?<!\S)\[(?:\d{1,3};?)+m|"
    r"\{\{.{0,200}?\}\}|\{%.{0,200}?%\}|!?\[[^\]]{0,200}\]\([^)\s]{1,500}\)|"
    r"\b(?:[a-z][a-z0-9+.-]{1,10}://|www\.)[^\s<>\"')\]]{1,500}",
    re.IGNORECASE,
)
# What it looks for has one of these; most texts have none.
_MAY_BE_ACTIVE = re.compile(r"[<:=\[{]|[wW]{3}\.")
_ALWAYS = re.compile(r"</?script|\b(?:javascript|vbscript) ?:|data:text/html", re.IGNORECASE)


@rule("CD106", "active-content", "error", "A text holds a script, a link or markup of its own.")
def active_content(claim: Claim) -> Iterator[Problem]:
    """Look for what a browser, a terminal or a template would act on and no passage shows."""
    for place, text in written(claim):
        for found in _ACTIVE.finditer(text) if _MAY_BE_ACTIVE.search(text) else ():
            quotes = (item.quote for item in claim.field.evidence)
            if _is_shown(found[0], [*claim.passages(), *quotes]):
                continue
            start, end = found.span() if place == "the text" else (None, None)
            yield Problem(f"{place} holds '{shown(found[0])}'", start, end)


def _is_shown(active: str, passages: Iterable[str]) -> bool:
    plain = active.rstrip(".,;:!?")
    return not _ALWAYS.search(active) and any(plain in passage for passage in passages)
