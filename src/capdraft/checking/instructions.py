"""CD105, CD106: a document that talks to the model reading it, and an answer that would act.

The signs are a table of their own. They are held against plain letters: compatibility forms and
lookalike letters folded, invisible characters dropped, white space as one space.
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from capdraft.checking.claims import Claim, Problem, rule, shown, written
from capdraft.checking.signs import SIGNS
from capdraft.records import Evidence, PassageKind

# Letters that look like Latin ones, and those.
_LOOKALIKES = str.maketrans(
    "аАвВеЕкКмМнНоОрРсСтТуУхХіІјЈѕЅԁһոαοορνικτυΑΒΕΗΙΚΜΝΟΡΤΧΥ",
    "aAbBeEkKmMhHoOpPcCtTyYxXiIjJsSdhnaoopvikTuABEHIKMNOPTXY",
)
# Tags behind a black flag spell the flag of a region; all others are invisible text.
_TAGS = re.compile("(?<!\U0001f3f4)(?<![\U000e0020-\U000e007e])[\U000e0020-\U000e007f]{2,}")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{4,}")
_INVISIBLE = "[\u00ad\u200b-\u200f\u2060-\u2064\u202a-\u202e\u2066-\u2069\ufeff]"
_HIDDEN_RUN = re.compile(f"{_INVISIBLE}{{8,}}")
_SPLIT_WORD = re.compile(f"[a-z]{_INVISIBLE}+(?=[a-z])", re.IGNORECASE)
# A line end written as \\n stands before letters of any script.
_MIXED_WORD = re.compile(r"(?<!\\)[a-z][а-я]|[а-я][a-z]", re.IGNORECASE)
_ENCODED = re.compile(r"[A-Za-z0-9+/]{32,4000}={0,2}")
_QUOTED = re.compile(r"`[^`]{1,300}`|“[^”]{1,300}”|„[^“]{1,300}“|«[^»]{1,300}»|\"[^\"]{1,300}\"")


@lru_cache(maxsize=8192)
def addressing(text: str, kind: PassageKind = "paragraph") -> str | None:
    """Return why `text` seems to talk to the model that reads it; None where nothing tells so."""
    if hidden := _hidden(text):
        return hidden
    plain = _plain(text)
    forms = [plain] if text.isascii() else dict.fromkeys((plain, _plain(text, _LOOKALIKES)))
    for form in forms:
        for sign in SIGNS:
            if (sign.in_code or kind != "code") and (found := sign.found_in(form)):
                return f"{sign.reason} ('{shown(found)}')"
    return next(filter(None, map(_decoded, _ENCODED.findall(text))), None)


def _hidden(text: str) -> str | None:
    if text.isascii():
        return None
    if _TAGS.search(text) or _SELECTORS.search(text) or _HIDDEN_RUN.search(text):
        return "it hides text in invisible characters"
    if len(_SPLIT_WORD.findall(text)) >= 3:
        return "invisible characters split its words"
    if len(_MIXED_WORD.findall(text)) >= 3:
        return "its words mix Latin and Cyrillic letters"
    return None


def _plain(text: str, letters: dict[int, int] | None = None) -> str:
    """Return `text` as the signs are held against it, with a space before its first word."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("’", "'").translate(letters or {})
        text = re.sub(_INVISIBLE, "", text)
    return " " + " ".join(text.lower().split())


def _decoded(encoded: str) -> str | None:
    try:
        text = base64.b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    reason = addressing(text) if text.isprintable() else None
    return f"in base64, {reason}" if reason else None


@rule("CD105", "addressed-to-model", "error", "A cited passage talks to the model that reads it.")
def addressed_to_model(claim: Claim) -> Iterator[Problem]:
    """Look for orders to a model in what is cited, in the names, and in the text itself."""
    cited = {item.passage: item for item in claim.field.evidence}
    for number, item in cited.items():
        if problem := _spoken(item):
            why, mild = problem
            yield Problem(f"passage {number} may speak to a model: {why}", mild=mild)
    for place, text in written(claim):
        if reason := addressing(text):
            mild = addressing(_QUOTED.sub(" ", text)) is None
            yield Problem(f"{place} may speak to a model: {reason}", mild=mild)
    if not any(map(_spoken, cited.values())):
        yield from _elsewhere(claim)


def _spoken(item: Evidence) -> tuple[str, bool] | None:
    """Return why a passage seems to speak to a model, and whether it may only show how one does."""
    from capdraft.sources import readable

    above = (addressing(part) for part in (*item.heading, item.header or ""))
    if heading := next(filter(None, above), None):
        return heading, False
    said = readable(item.quote, item.kind, item.markup)
    reason = addressing(said, item.kind) or addressing(item.quote, item.kind)
    if reason is None:
        return None
    if item.kind in ("code", "quote"):
        return reason, True
    bare = _QUOTED.sub(" ", item.quote)
    return reason, not (addressing(bare) or addressing(readable(bare, item.kind, item.markup)))


def _elsewhere(claim: Claim) -> Iterator[Problem]:
    """Warn of a document that speaks to a model in a passage that is not cited."""
    for identifier in dict.fromkeys(item.document for item in claim.field.evidence):
        uri, said = claim.present.get(identifier, ("", None))
        if said and (reason := _first_spoken(said)):
            message = f"{uri} may speak to a model, in a passage that is not cited: {reason}"
            yield Problem(message, mild=True)


@lru_cache(maxsize=256)
def _first_spoken(said: frozenset[tuple[str, str]]) -> str | None:
    """Return why a document seems to speak to a model. Its code can't be told from its prose."""
    texts = sorted({text for pair in said for text in pair})
    return next(filter(None, (addressing(text, "code") for text in texts)), None)
