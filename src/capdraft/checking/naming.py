"""CD113: names in a claim that none of its passages say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from capdraft.checking import units
from capdraft.checking.claims import Claim, Problem, rule, shown

# Names with digits are CD103's.
_NAME = re.compile(r"(?<![\w@/.])[^\W\d_]+(?:['’][^\W\d_]+)?(?![\w@/]|-[^\W_]*[0-9])")
_OPENING = re.compile(r"(?:\A|[.!?:;•|]|\n)[\s\"'“‘(\[*-]*\Z")
LONGEST_OPENING = 12
"""Characters before a word that tell whether it opens a sentence: quotes, a bullet, spaces."""
_INITIALS = re.compile(r"[A-Z]{2,6}")
_WRITTEN_OUT = re.compile(r"(?<!\w)[A-Z][^\W\d_]+(?:[ -][A-Z][^\W\d_]+){1,5}")
_SHORTEST_PART = 4
"""Letters of a word that may be a part of a longer one: torch of PyTorch."""

# Words for what many passages say otherwise: a graphics card, a language model, the file itself.
_WORDS = """
ai api apis app apps cli cpu cpus gpu gpus id ids llm llms ml nlp ok os pc pcs ram readme ssd ui uk
url urls us usa vlm vlms vram web monday tuesday wednesday thursday friday saturday sunday
internet latin roman
"""
_EVERYDAY = frozenset(_WORDS.split()) | frozenset(name.casefold() for name in units.MONTHS)

# Cards list languages by their codes (ISO 639-1).
_CODES = """
ar arabic, bg bulgarian, bn bengali, ca catalan, cs czech, da danish, de german, el greek,
en english, es spanish, et estonian, fa persian, fi finnish, fr french, he hebrew, hi hindi,
hr croatian, hu hungarian, id indonesian, it italian, ja japanese, ko korean, lt lithuanian,
lv latvian, ms malay, nl dutch, no norwegian, pl polish, pt portuguese, ro romanian, ru russian,
sk slovak, sl slovenian, sr serbian, sv swedish, sw swahili, ta tamil, te telugu, th thai,
tr turkish, uk ukrainian, ur urdu, vi vietnamese, yo yoruba, zh chinese
"""
_LANGUAGES = {name: code for code, name in (pair.split() for pair in _CODES.split(","))}


@rule("CD113", "unsaid-name", "warning", "A name is in none of the cited passages.")
def unsaid_name(claim: Claim) -> Iterator[Problem]:
    """Compare the names of the claim with the words of its passages."""
    if not claim.field.evidence:
        return
    known = (*claim.names, claim.artifact.license or "", *claim.artifact.links)
    for start, end in unsaid_names(claim.field.text, (*claim.passages(), *known)):
        name = shown(claim.field.text[start:end])
        yield Problem(f"'{name}' is in none of the cited passages", start, end)


def unsaid_names(claim: str, passages: Sequence[str]) -> list[tuple[int, int]]:
    """Return where `claim` has names, told by their capitals, that no passage says."""
    asked = [match for match in _NAME.finditer(claim) if _is_name(claim, match)]
    said = [_Words.of(text) for text in passages] if asked else []
    missing = [m.span() for m in asked if not any(words.say(m[0]) for words in said)]
    short = [
        match.span()
        for match in (_WRITTEN_OUT.finditer(claim) if missing else ())
        if any(words.abbreviate(match[0]) for words in said)
    ]
    return [
        (start, end)
        for start, end in missing
        if not any(first <= start and end <= last for first, last in short)
    ]


def _is_name(claim: str, match: re.Match[str]) -> bool:
    """Say whether its capitals make it a name; one that opens a sentence needs more than one."""
    name = match[0]
    if len(name) < 2 or name.casefold() in _EVERYDAY or name.lower() == name:
        return False
    before = claim[max(0, match.start() - LONGEST_OPENING) : match.start()]
    return name[1:].lower() != name[1:] or not _OPENING.search(before)


class _Words:
    """The words of a passage, as names are looked up among them."""

    def __init__(self, text: str) -> None:
        from capdraft.checking.quotes.words import WORD, stem

        words: list[str] = WORD.findall(text.replace("_", " "))
        self._plain = {word.casefold() for word in words}
        self._stems = {stem(word) for word in words}
        self._stem = stem
        self._long = [word for word in self._plain if len(word) >= _SHORTEST_PART]
        self._initials = "".join(word[0] for word in words).casefold()

    @staticmethod
    @lru_cache(maxsize=512)
    def of(text: str) -> _Words:
        """Read a passage once, however many claims cite it."""
        return _Words(text)

    def have(self, word: str) -> bool:
        """Say whether one of them is `word`, in whatever case."""
        return word.casefold() in self._plain

    def abbreviate(self, name: str) -> bool:
        """Say whether one of them is the initials of `name`, or of what is behind its first word.

        The first word may be a verb that opens the sentence.
        """
        initials = "".join(re.findall(r"\b\w", name))
        return self.have(initials) or (len(initials) > 2 and self.have(initials[1:]))

    def say(self, name: str) -> bool:
        """Say whether one of them is the name, a form or a part of it, or its initials."""
        plain = name.casefold()
        if plain in self._plain or self._stem(name) in self._stems:
            return True
        if _LANGUAGES.get(plain) in self._plain:
            return True
        if _INITIALS.fullmatch(name.removesuffix("s")):
            return self.have(name.removesuffix("s")) or plain.removesuffix("s") in self._initials
        return len(plain) >= _SHORTEST_PART and any(
            word in plain or plain in word for word in self._long
        )
