"""Characters and digits: fold a text without moving its offsets, and read digits as numbers."""

from __future__ import annotations

import re
import unicodedata
from decimal import Context, Decimal

# Enough digits that no product of a number, a scale and a unit is rounded.
_EXACT = Context(prec=200)
LONGEST_NUMBER = 50

SUPERSCRIPTS = "\ue000-\ue00a"
_SUPERSCRIPT = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", map(chr, range(0xE000, 0xE00B)), strict=True))
_FROM_SUPERSCRIPT = str.maketrans(dict(zip(_SUPERSCRIPT.values(), "0123456789-", strict=True)))
_OTHER_SCRIPT = "\ue0ff"
# Scripts without spaces between words, whose letters would merge with the digits beside them.
_UNSPACED = re.compile(
    "[\u0e00-\u109f\u1780-\u17ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_SIGNS = {"×": "x", "✕": "x", "−": "-", "‐": "-", "‑": "-", "’": "'", "µ": "μ"}
# Without regard to case, a pattern takes them for an i: no table has them.
_SIGNS |= {"ı": "i", "İ": "I"}

_GROUPED = re.compile(r"[0-9]{1,3}(?:([, '_])[0-9]{3})(?:\1[0-9]{3})*(?:\.[0-9]++)?")
_EUROPEAN = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]++")


class _Folding(dict[int, str]):
    """What each character is folded to; worked out once for each character."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold_character(chr(code))
        return folded


def _fold_character(character: str) -> str:
    if character in _SIGNS:
        return _SIGNS[character]
    if character in _SUPERSCRIPT:
        return _SUPERSCRIPT[character]
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    plain = unicodedata.normalize("NFKC", character)
    if len(plain) == 1 and plain.isascii():
        return plain
    return _OTHER_SCRIPT if _UNSPACED.match(character) else character


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Return `text` with one plain character for each: ASCII digits, `x` for `×`, `-` for `−`.

    Superscripts become private characters, so that 10² never reads as 102.
    """
    return text if text.isascii() else text.translate(_FOLDING)


def exponent(superscript: str) -> int:
    """Return the number that folded superscripts, or digits after a caret, say; else 0."""
    digits = superscript.lstrip("^").translate(_FROM_SUPERSCRIPT)
    return int(digits) if re.fullmatch(r"-?[0-9]{1,3}", digits) else 0


def multiply(*factors: Decimal) -> Decimal:
    """Return the exact product."""
    product = Decimal(1)
    for factor in factors:
        product = _EXACT.multiply(product, factor)
    return product


def power(base: Decimal, superscript: str) -> Decimal:
    """Return `base` to the power that `superscript` says."""
    return _EXACT.power(base, exponent(superscript))


def readings(digits: str, *, listed: bool = False) -> list[tuple[Decimal, ...]]:
    """Return what `digits` can say, likeliest first; each reading is one number or more.

    `3,5` is 3.5, else 3 and 5. In brackets (`listed`) `256,512` can be two numbers as well.
    """
    if digits.isdecimal():
        return [(Decimal(digits),)]
    if _EUROPEAN.fullmatch(digits):
        return [(Decimal(digits.replace(".", "").replace(",", ".")),)]
    grouped = _GROUPED.fullmatch(digits)
    if grouped:
        mark = grouped[1]
        apart = mark == " " or (mark == "," and listed)
        whole: list[tuple[Decimal, ...]] = [(Decimal(digits.replace(mark, "")),)]
        return [*whole, _apart(digits, mark)] if apart and f"{mark}0" not in digits else whole
    if "," in digits:
        return [(Decimal(digits.replace(",", ".")),), _apart(digits, ",")]
    found: list[tuple[Decimal, ...]] = [(Decimal(digits.replace("_", "")),)]
    if re.fullmatch(r"[1-9][0-9]{0,2}\.[0-9]{3}", digits):
        found.append((Decimal(digits.replace(".", "")),))
    return found


def _apart(digits: str, mark: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(part) for part in digits.split(mark))
