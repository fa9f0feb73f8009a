"""The verdict on each sentence of a text, from the passages that can be cited for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from capdraft.checking.quotes.agreement import agrees
from capdraft.checking.quotes.letters import letters
from capdraft.checking.quotes.words import names, sentences, stems
from capdraft.checking.statements.library import Library, Shown, Stretch
from capdraft.checking.statements.opposing import opposite, other_number, repeats
from capdraft.checking.statements.reserves import (
    goes_beyond,
    holds_back,
    is_swapped,
    other_subject,
)
from capdraft.checking.statements.words import lacking, present, telling
from capdraft.checking.support import unsupported

Verdict = Literal["supported", "partly", "contradicted", "not-found"]
FEWEST = 2
"""Telling words that a sentence needs to be looked up in other words."""
LEAST_SHARED = 0.5
"""Share of the telling words that a passage says of a sentence that is partly supported."""
MOST_LACKING = 0.2
"""Share of the telling words that a passage may lack and still contradict the rest."""
PART = 3
"""Telling words of a part of a sentence that is looked up by itself."""
LONGEST_FOR_FEW = 10
"""Telling words of a passage that can say a sentence of so few words without a number."""
SHORT_ROW = 8
"""Words of a table row that tells one thing."""
_PARTS = re.compile(r"[;,](?![0-9])(?:\s+and\b)?|\s+(?:and|while|as well as)\b", re.IGNORECASE)
_SIDES = re.compile(r"[;,](?![0-9])|\b(?:where|whereas|while|but|unlike|than)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence with its verdict, and the passages that this rests on.

    Of a supported sentence those that say it; else those that come nearest, or contradict it.
    """

    start: int
    end: int
    verdict: Verdict
    passages: tuple[Shown, ...] = ()
    lacking: tuple[str, ...] = ()
    """Words and numbers that no passage says."""
    against: tuple[str, str] | None = None
    """Of a contradicted one: what it says, and what the passage says."""
    other: tuple[Shown, ...] = ()
    """Passages that say the alternative's side of a comparison."""


class _Sentence:
    """A sentence as it is looked up: without the artifact's name and numbers."""

    def __init__(self, text: str, library: Library) -> None:
        self.text = library.without_name(text)
        self.library = library

    @cached_property
    def telling(self) -> dict[str, str]:
        """The words to look for: all of them in a short sentence, supports and needs too."""
        found = telling(self.text, self.library.idle)
        return found if len(found) >= FEWEST else self.every

    @cached_property
    def every(self) -> dict[str, str]:
        return telling(self.text, self.library.idle, every=True)

    @cached_property
    def letters(self) -> str:
        return letters(self.text).casefold()

    def lacks(self, stretch: Stretch) -> tuple[str, ...]:
        """Return the words and numbers of the sentence that `stretch` doesn't say."""
        around = "\n".join([stretch.text, stretch.header, *stretch.above])
        words = lacking(self.telling, present(around))
        missing = unsupported(self.text, [around], self.library.names)
        return (*words, *(self.text[m.start : m.end].strip() for m in missing))

    def reserves(self, stretch: Stretch) -> tuple[str, ...]:
        """Return the words that keep `stretch` from saying the sentence although it has its own."""
        if other := self._other_subject(stretch):
            return (other,)
        return holds_back(stretch.text, self.text) or goes_beyond(self.text, stretch.text)

    def _other_subject(self, stretch: Stretch) -> str:
        return other_subject(
            stretch.text, stretch.before, stretch.above, self.text, self.library.names
        )

    def stands_in(self, stretch: Stretch) -> bool:
        """Tell whether `stretch` is the sentence itself."""
        return self.letters == letters(stretch.text).casefold()

    def is_nearly(self, stretch: Stretch) -> bool:
        """Tell whether `stretch` has nearly all words of the sentence."""
        words = lacking(self.every, present("\n".join([stretch.text, stretch.header])))
        return len(words) <= self._room

    @cached_property
    def _room(self) -> int:
        """How many words a passage may lack that is of the same thing."""
        return max(1, int(MOST_LACKING * len(self.every))) if len(self.every) > FEWEST else 0

    def is_said_by(self, stretch: Stretch) -> bool:
        """Tell whether `stretch` says the whole sentence, and no less and nothing else."""
        if self.stands_in(stretch):
            return not self._other_subject(stretch)
        if not self._is_enough(stretch) or self.lacks(stretch) or self.reserves(stretch):
            return False
        if is_swapped(self.text, stretch.text) or repeats(self.text, stretch.text):
            return False
        return agrees(self.text, self._cut(stretch), stretch.header)

    def _cut(self, stretch: Stretch) -> str:
        """Return `stretch` without what follows a comma or an "and" and has none of the words.

        What stands in front stays: a "not" there counts for all that follows.
        """
        for found in _PARTS.finditer(stretch.text):
            shorter = replace(stretch, text=stretch.text[: found.start()])
            if not self.lacks(shorter):
                return shorter.text
        return stretch.text

    def _is_enough(self, stretch: Stretch) -> bool:
        """Tell whether the sentence has enough words, or is short as a short passage is."""
        words, counted = len(self.telling), any(unsupported(self.text, [""]))
        if words > FEWEST or (words == FEWEST and counted):
            return True
        if words == FEWEST:
            return len(telling(stretch.text)) <= LONGEST_FOR_FEW
        short = stretch.is_row and len(stems(stretch.text)) <= SHORT_ROW
        return short and counted and words > 0

    def _names_are_said(self, stretch: Stretch) -> bool:
        return names(self.text) <= set(stems("\n".join([stretch.text, *stretch.above])))

    def contradicted_by(self, stretch: Stretch) -> tuple[str, str] | None:
        """Return what the sentence and `stretch` say differently of one thing."""
        if not self.is_nearly(stretch) or not self._is_enough(stretch):
            return None
        if self._other_subject(stretch) or not self._names_are_said(stretch):
            return None
        if not holds_back(stretch.text, self.text):
            number = other_number(self.text, stretch.text, stretch.header)
            if number:
                return number
        if any(unsupported(self.text, [stretch.text, stretch.header], self.library.names)):
            return None
        if opposite(self.text, stretch.text, self.every):
            return self.text, stretch.text
        return None


def judge(text: str, library: Library) -> list[Judged]:
    """Return the verdict on each sentence of `text`."""
    return [
        replace(_judge(text[start:end], library), start=start, end=end)
        for start, end in sentences(text)
    ]


def _judge(text: str, library: Library) -> Judged:
    sentence = _Sentence(text, library)
    near = list(library.near(sentence.text))
    whole = _found(sentence, near)
    if whole:
        return whole
    parts = [_whole(part, library) for part in _parts(sentence)]
    # A passage with all the words that doesn't say it pairs them otherwise than the sentence.
    apart = not any(sentence.is_nearly(each) for each in near if not each.is_joined)
    if parts and apart and all(part.verdict == "supported" for part in parts):
        return Judged(0, 0, "supported", _once(p for part in parts for p in part.passages))
    for part in parts:
        if part.verdict == "contradicted":
            return part
    return _partly(sentence, near, parts)


def _whole(text: str, library: Library) -> Judged:
    sentence = _Sentence(text, library)
    near = list(library.near(sentence.text))
    return _found(sentence, near) or Judged(0, 0, "not-found")


def _found(sentence: _Sentence, near: Sequence[Stretch]) -> Judged | None:
    """Return the verdict where one stretch says the sentence, or contradicts it.

    Several sentences may have all its words among them by chance: they come last, and only where
    none of them has nearly all by itself, and says something else.
    """
    single = [stretch for stretch in near if not stretch.is_joined]
    for stretch in single:
        if sentence.is_said_by(stretch):
            return Judged(0, 0, "supported", stretch.passages)
    if any(sentence.stands_in(stretch) for stretch in single):
        return None
    for stretch in single:
        if against := sentence.contradicted_by(stretch):
            return Judged(0, 0, "contradicted", stretch.passages, against=against)
    if any(sentence.is_nearly(stretch) for stretch in single):
        return None
    for stretch in near:
        if stretch.is_joined and sentence.is_said_by(stretch):
            return Judged(0, 0, "supported", stretch.passages)
    return None


def _partly(sentence: _Sentence, near: Sequence[Stretch], parts: Sequence[Judged]) -> Judged:
    """Return what comes nearest, and what it doesn't say."""
    least = min(near, key=lambda stretch: len(sentence.lacks(stretch)), default=None)
    if least is None:
        return Judged(0, 0, "not-found", lacking=tuple(sentence.telling.values()))
    missing = sentence.lacks(least)
    words = len(set(missing) & set(sentence.telling.values()))
    some = any(part.verdict == "supported" for part in parts)
    if not some and words > (1 - LEAST_SHARED) * len(sentence.telling):
        return Judged(0, 0, "not-found", lacking=missing)
    reserves = () if missing else sentence.reserves(least)
    return Judged(0, 0, "partly", least.passages, lacking=missing or reserves)


def _parts(sentence: _Sentence) -> list[str]:
    """Return the parts of a sentence that say something by themselves; none if there is one."""
    pieces, start = list[str](), 0
    ends = [*_PARTS.finditer(sentence.text)]
    for found in ends:
        piece = sentence.text[start : found.start()]
        rest = sentence.text[found.end() :]
        if all(_is_enough(part, sentence.library) for part in (piece, rest)):
            pieces.append(piece.strip())
            start = found.end()
    return [*pieces, sentence.text[start:].strip()] if pieces else []


def _is_enough(part: str, library: Library) -> bool:
    """Tell whether a part says something by itself; a number counts as a word."""
    return len(telling(part, library.idle)) + any(unsupported(part, [""])) >= PART


def _once(passages: Iterable[Shown]) -> tuple[Shown, ...]:
    return tuple(dict.fromkeys(passages))


def judge_comparison(text: str, library: Library, others: Sequence[Library]) -> list[Judged]:
    """Return the verdict on each sentence of a comparison.

    What it says of an alternative is looked up in `others`, which are called by their names.
    """
    return [
        replace(_judge_sides(text[start:end], library, others), start=start, end=end)
        for start, end in sentences(text)
    ]


def _judge_sides(text: str, library: Library, others: Sequence[Library]) -> Judged:
    whole = _judge(text, library)
    named = [other for other in others if other.without_name(text) != text]
    if whole.verdict != "supported" and len(named) == 1:
        return _both_sides(text, library, named[0]) or whole
    if whole.verdict == "supported" and named:
        about = tuple(p for p in whole.passages if _names_any(p, named))
        return replace(whole, other=about)
    return whole


def _names_any(passage: Shown, others: Sequence[Library]) -> bool:
    return any(other.without_name(passage.text) != passage.text for other in others)


def _both_sides(text: str, library: Library, other: Library) -> Judged | None:
    """Judge what is said of each side by its own passages, where a sentence tells both apart."""
    pieces = [part.strip() for part in _SIDES.split(text) if part.strip()]
    theirs = [part for part in pieces if other.without_name(part) != part]
    ours = [part for part in pieces if part not in theirs]
    if not theirs or not ours:
        return None
    own = [_whole(part, library) for part in ours]
    their = [_whole(part, other) for part in theirs]
    for part in (*own, *their):
        if part.verdict == "contradicted":
            return part
    if any(part.verdict != "supported" for part in (*own, *their)):
        return None
    passages, about = (_once(p for part in side for p in part.passages) for side in (own, their))
    return Judged(0, 0, "supported", passages, other=about)
