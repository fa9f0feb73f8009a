"""What a heading or a file's name calls an artifact, without saying that this is its card."""

from __future__ import annotations

import re

_CARD = r"(?:(?:model|dataset|data)[\s_-]*card|(?:(?:model|dataset)[\s_-]+)?readme(?:\.\w+)?)"
_BEFORE = re.compile(rf"{_CARD}\s*(?:\bfor\b\s*:?|[:–—|]|(?<=\s)-(?=\s))\s*", re.IGNORECASE)
_BEHIND = re.compile(rf"(?:['’]s)?(?:\s*[:–—|(]\s*|\s+-\s+|\s+){_CARD}\)?", re.IGNORECASE)
_IN_STEM = re.compile(r"[\s_.-]+(?:(?:model|dataset|data)[\s_-]*card|readme)", re.IGNORECASE)
_ONLY = re.compile(_CARD, re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\[[^\[\]]*\b(?:name|needed|information)\b[^\[\]]*\]", re.IGNORECASE)
_IN_MARKS = re.compile(r"""(["'“‘\[])([^"'“”‘’\[\]]+)["'”’\]]""")
_OF_NO_ARTIFACT = re.compile(
    r"(?:.*\s)?(?:an?|the|this|that|your|our|my|its|of|for|and|or|to|in|with|writing|creating|"
    r"annotated|example|sample|new|good|best|awesome)",
    re.IGNORECASE,
)
"""Before "model card", these tell that cards are what is spoken of: "How to write a model card"."""


def bare_name(title: str) -> str | None:
    """Return the X of "X Model Card", "Dataset Card for X" or "X README"; other titles as they are.

    None is returned where no name is left.
    """
    name = title.strip()
    if before := _BEFORE.match(name):
        name = name[before.end() :]
    elif (behind := _match_end(_BEHIND, name)) and not _OF_NO_ARTIFACT.fullmatch(behind):
        name = behind
    if _ONLY.fullmatch(name) or _PLACEHOLDER.fullmatch(name):
        return None
    marked = _IN_MARKS.fullmatch(name)
    return (marked[2] if marked else name).removeprefix("the ").strip() or None


def bare_stem(stem: str) -> str:
    """Return a file's name without its suffix and a "_MODEL_CARD" or "-readme" behind it."""
    return _match_end(_IN_STEM, stem) or stem


def _match_end(pattern: re.Pattern[str], text: str) -> str | None:
    """Return what stands before the first match that ends where `text` does."""
    found = (match.start() for match in pattern.finditer(text) if match.end() == len(text))
    start = next(found, 0)
    return text[:start] or None
