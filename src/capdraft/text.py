"""Normalising, hashing and slugs: what two texts must share to count as the same."""

from __future__ import annotations

import math
import re
import unicodedata

from capdraft.errors import BadSlug

SLUG_LENGTH = 80
_SLUG = re.compile(r"[^\W_]+(?:[-_][^\W_]+)*")
_LINE_ENDS = re.compile(r"\r\n?")
# C0 and C1 controls other than tab and newline, lone surrogates, byte order marks, and the two
# separators that some readers take for line ends, and overrides of the writing direction.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)


def clean(text: str) -> str:
    """Return `text` with line ends as `\\n` and each unprintable character as a space.

    Offsets into a document count characters of this text.
    """
    return _UNPRINTABLE.sub(" ", _LINE_ENDS.sub("\n", text))


_BEYOND = re.compile("[^\x00-\u07ff]")  # as its complement it compiles thirty times faster
# Colours and weights as click writes them; no other escape sequence is let through.
_STYLE = re.compile("\x1b\\[(?:[0124]|3[0-7])m")
# Marks of direction; and what shows nothing: spaces of no width, tag characters. The joiners that
# scripts and emoji need stay.
_TURNS = re.compile(
    "[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0000-\U000e007f]"
)


def without_turns(text: str) -> str:
    """Return `text` without the characters that turn what follows them, or show nothing."""
    return _TURNS.sub("", text)


def printable(text: str) -> str:
    """Return `text` as it may go to a terminal: nothing in it moves the cursor or hides words."""
    parts = _STYLE.split(text)
    styles = [*_STYLE.findall(text), ""]
    return "".join(
        without_turns(clean(part)) + style for part, style in zip(parts, styles, strict=True)
    )


def one_line(text: str) -> str:
    """Return `text` with each run of white space as one space, and none at the ends."""
    return " ".join(text.split())


def normalise(text: str) -> str:
    """Return `text` as compared by hash: NFC, white space runs as one space, none at the ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def name_key(name: str) -> str:
    """Return what two spellings of a name share: its letters and digits."""
    return "".join(character for character in normalise(name).casefold() if character.isalnum())


def estimate_tokens(text: str) -> int:
    """Return about how many tokens `text` is, rather too many than too few.

    Counted as 3.5 characters a token in ASCII, 2 in other alphabets up to U+07FF (Greek, Cyrillic,
    Arabic, …) and 1 beyond (Chinese, Japanese, Korean, Indic scripts, emoji).
    """
    plain = len(text.encode("ascii", "ignore"))
    beyond = 0 if plain == len(text) else len(_BEYOND.findall(text))
    return math.ceil(plain / 3.5 + (len(text) - plain - beyond) / 2 + beyond)


def sha256(data: str | bytes) -> str:
    """Return the SHA-256 of `data` (text as UTF-8) as 64 hexadecimal digits."""
    import hashlib  # not for each --help

    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    return hashlib.sha256(raw).hexdigest()


def slugify(name: str) -> str:
    """Return a slug for `name`: lower case, words joined by `-`; letters of any script stay.

    Raises:
        BadSlug: nothing in `name` can stand in a slug.
    """
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", name).casefold())
    slug = "-".join(words)[:SLUG_LENGTH].rstrip("-")
    return check_slug(slug, given=name)


def check_slug(slug: str, *, given: str | None = None) -> str:
    """Return `slug` if it is one, so that it is safe as a file name.

    Raises:
        BadSlug: it holds anything but lower-case letters, digits and single hyphens.
    """
    if len(slug) <= SLUG_LENGTH and _SLUG.fullmatch(slug) and slug == slug.casefold():
        return slug
    raise BadSlug(
        f"{given if given is not None else slug!r} is not a slug",
        hint="A slug is lower-case letters, digits and hyphens, at most 80 of them: gemma-2",
    )


def is_slug(name: str) -> bool:
    """Tell whether `name` is a slug."""
    try:
        return bool(check_slug(name))
    except BadSlug:
        return False


def toml_error_line(error: ValueError, text: str) -> int:
    """Return the 1-based line that tomllib names in `error`; the last one for the end of `text`."""
    found = re.search(r"at line (\d+)", str(error))
    return int(found.group(1)) if found else text.rstrip("\n").count("\n") + 1
