"""What a judge is asked about, and what it says of it: plain data, whatever it was made from."""

from __future__ import annotations

from dataclasses import dataclass, field

from capdraft.checking.quotes.words import sentences
from capdraft.checking.statements import Shown
from capdraft.errors import CapdraftError
from capdraft.records import JudgedVerdict


@dataclass(frozen=True, slots=True)
class Statement:
    """A text of one or more sentences, and the passages that it rests on.

    Of a comparison, `other` are the passages for the alternative.
    """

    text: str
    passages: tuple[Shown, ...]
    about: str
    """The name of what it is about."""
    alternative: str = ""
    other: tuple[Shown, ...] = ()

    @property
    def sentences(self) -> list[tuple[int, int]]:
        """Where each sentence stands in the text."""
        return list(sentences(self.text))


@dataclass(frozen=True, slots=True)
class SentenceVerdict:
    """What the judge says of one sentence; `verdict` is None where it gave no usable answer."""

    start: int
    end: int
    verdict: JudgedVerdict | None = None
    passages: tuple[Shown, ...] = ()
    """Those that decide it."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdicts on each statement, in their order, and what kept some from being judged."""

    verdicts: tuple[tuple[SentenceVerdict, ...], ...]
    errors: tuple[CapdraftError, ...] = field(default=())
    stopped: bool = False
    """Whether the run was stopped before all was asked."""
