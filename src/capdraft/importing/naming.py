"""Names for capabilities that have only a description."""

from __future__ import annotations

import re

from capdraft.errors import BadSlug
from capdraft.text import one_line, slugify

LONGEST, MOST_WORDS, FEWEST_WORDS = 60, 8, 3
_SENTENCE_END = re.compile(r"[.!?。！？](?:\s|$)|[;:(—–。！？]")
_TURN = re.compile(
    r",?\s+(?:across|and (?:is|has)|because|by|for|from|so|that|through|to|using|via|when|where"
    r"|which|while|with|without)\s",
    re.IGNORECASE,
)

_JOINT = re.compile(r",|\s+(?:and|or)\s")
_EDGE = " ,;:-–—"


def name_for(description: str, artifact: str) -> str:
    """Return the words that a description starts with, as a name.

    Up to the end of its first clause; where that is long up to its first "and", and never more
    than eight words or sixty characters. The artifact's own name in front is left out.
    """
    text = one_line(description)
    if text.casefold().startswith(f"{artifact.casefold()} "):
        text = text[len(artifact) + 1 :]
    text = text[3:] if text.casefold().startswith("is ") else text
    end = _SENTENCE_END.search(text, 1)
    text = _up_to(_TURN, text[: end.start()] if end else text)
    if _words(text) > MOST_WORDS or len(text) > LONGEST:
        text = _up_to(_JOINT, text)
    name = " ".join(text.split()[:MOST_WORDS])
    if len(name) > LONGEST:
        name = name[:LONGEST].rpartition(" ")[0] or name[:LONGEST]
    name = name.strip(_EDGE) or one_line(description)[:LONGEST].strip()
    return name[:1].upper() + name[1:]


def _up_to(pattern: re.Pattern[str], text: str) -> str:
    """Return `text` before the first match that leaves words enough for a name."""
    before = (text[: found.start()] for found in pattern.finditer(text))
    return next((words for words in before if _words(words) >= FEWEST_WORDS), text)


def id_for(name: str, taken: set[str]) -> str:
    """Return the slug of `name`, with a number where it is taken, and take it."""
    try:
        base = slugify(name)[:70].rstrip("-_")
    except BadSlug:
        base = "capability"
    candidate, number = base, 2
    while candidate in taken:
        candidate, number = f"{base}-{number}", number + 1
    taken.add(candidate)
    return candidate


def _words(text: str) -> int:
    return len(text.split())
