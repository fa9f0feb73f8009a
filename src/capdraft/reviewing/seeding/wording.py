"""Replacing a few words of a claim, and finding the sentence of a passage that says it right."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from capdraft.checking import content_words
from capdraft.checking.quotes.polarity import denials
from capdraft.text import one_line

NEAR = 5
"""Words on either side that tell what a word is about."""
_SENTENCE_END = re.compile(r"(?<=[.!?;:])\s+|\n\n+")
_WORD = re.compile(r"\S+")
_CLAUSE = re.compile(r"[,;:()]\s|[.!?;:]\s+|\n\n+")
# What is said of a case is not denied by what is said of another case.
_CASE = re.compile(
    r"\b(?:if|when|whenever|once|unless|until|where|whether|as (?:it|they)|or (?:it|they))\b",
    re.IGNORECASE,
)
_EDGES = " \t\n,;:.!?"


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A text that is wrong, and why, in one sentence."""

    text: str
    truth: str


Spoil = Callable[[str, Sequence[str]], Iterator[Spoiled]]
"""Makes a claim wrong, given the sentences of its passages; in each way that it can."""


@dataclass(frozen=True, slots=True)
class Place:
    """A few words of a claim, within their sentence."""

    text: str
    start: int
    end: int

    @property
    def words(self) -> str:
        """The words themselves."""
        return self.text[self.start : self.end]

    @property
    def sentence(self) -> str:
        """The sentence around them."""
        first = max((end for end in self._ends if end <= self.start), default=0)
        return (self.text[first : self.end] + self.behind).strip()

    @property
    def behind(self) -> str:
        """What follows them in their sentence."""
        last = min((end for end in self._ends if end >= self.end), default=len(self.text))
        return self.text[self.end : last]

    @property
    def in_a_case(self) -> bool:
        """Whether they are part of a condition: "when it is larger than …"."""
        return bool(_CASE.search(_CLAUSE.split(self.text[: self.start])[-1]))

    @property
    def _ends(self) -> list[int]:
        return [found.end() for found in _SENTENCE_END.finditer(self.text)]

    @property
    def about(self) -> frozenset[str]:
        """What the words around them are about."""
        before = _WORD.findall(self.text[: self.start])[-NEAR:]
        after = _WORD.findall(self.text[self.end :])[:NEAR]
        sentence = content_words(self.sentence)
        return content_words(" ".join((*before, *after))) & sentence

    @property
    def telling(self) -> frozenset[str]:
        """What a passage has to say as well: the numbers around them, and what follows them."""
        following = next(filter(None, map(content_words, self.behind.split())), frozenset[str]())
        return following | {word for word in self.about if word[:1].isdigit()}

    def replaced(self, words: str) -> str:
        """Return the text with `words` in their place, with a capital where they had one."""
        if self.words[:1].isupper() and words[:1].islower():
            words = words[0].upper() + words[1:]
        return self.text[: self.start] + words + self.text[self.end :]


def sentences(passage: str) -> list[str]:
    """Return the sentences of a passage, each on one line."""
    return [one_line(part) for part in _SENTENCE_END.split(passage) if part.strip()]


def saying(place: Place, said: Iterable[str], pattern: re.Pattern[str]) -> re.Match[str] | None:
    """Return where a passage says with `pattern` what the claim says at `place`.

    The sentence shares most of the words around the place, and denies as much as the claim does.
    """
    if place.in_a_case:
        return None
    about = place.about
    for sentence in said:
        shared = about & content_words(sentence)
        found = max(
            pattern.finditer(sentence), key=lambda match: _alike(place, match), default=None
        )
        if (
            found
            and place.telling <= content_words(sentence)
            and about
            and len(shared) >= max(min(2, len(about)), len(about) * 2 / 3)
            and denials(sentence) == denials(place.sentence)
        ):
            return found
    return None


def _alike(place: Place, found: re.Match[str]) -> int:
    """Return how many of the words around a place stand around what was found, too."""
    return len(place.about & Place(found.string, *found.span()).about)


def swapped(place: Place, words: str, stated: re.Match[str]) -> Spoiled:
    """Return the claim with `words` at `place`, told against what a passage states."""
    text = place.replaced(words)
    end = place.start + len(words)
    truth = told(around(stated.string, *stated.span()), around(text, place.start, end))
    return Spoiled(text, truth)


def told(right: str, wrong: str) -> str:
    """Return in one sentence what the passage says and what the claim said."""
    return f"The passage says “{right}”; the planted claim said “{wrong}”."


def around(text: str, start: int, end: int, words: int = 3) -> str:
    """Return what stands from `start` to `end` with a few words of its sentence on either side."""
    before = _WORD.findall(_SENTENCE_END.split(text[:start])[-1])[-words:]
    after = _WORD.findall(_SENTENCE_END.split(text[end:])[0])
    joined = text[end : end + 1]  # a full stop or comma is no word of its own
    after = after[: words + (not joined.isspace())]
    left = " ".join(before) + (" " if text[start - 1 : start].isspace() and before else "")
    right = (" " if joined.isspace() else "") + " ".join(after)
    return one_line(left + text[start:end] + right).strip(_EDGES)
