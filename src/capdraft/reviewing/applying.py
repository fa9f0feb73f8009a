"""Decisions from a file: all are checked before the first is taken, then each for itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from capdraft.errors import CapdraftError, FileInvalid, UsageProblem
from capdraft.records import Decision, Evidence, Names
from capdraft.records.decisions import Reason
from capdraft.records.model import Model
from capdraft.reviewing.citing import cited, evidence_for
from capdraft.reviewing.deciding import approve, edit, new_names, reject
from capdraft.reviewing.judging import Judgement, check_codes, refusal
from capdraft.reviewing.review import Review, open_review, select
from capdraft.reviewing.targets import Target
from capdraft.workspace import Workspace
from capdraft.workspace.parsing import parse_json, validated


class Asked(Model):
    """A line of a file of decisions: what a person says, without what capdraft knows itself."""

    target: str = Field(description="SLUG, SLUG/CAPABILITY or SLUG/CAPABILITY.FIELD.")
    verdict: Literal["accept", "edit", "reject"]
    reason: Reason | None = Field(default=None, description="Of a rejection.")
    note: str | None = None
    text: str | None = Field(default=None, description="Of an edit; without one the text stays.")
    evidence: tuple[int, ...] | str | None = Field(
        default=None, description="Of an edit: numbers of passages, or '3 7 / 12' for both sides."
    )
    name: str | None = None
    intents: tuple[str, ...] | None = None
    alternative: str | None = None
    despite: tuple[str, ...] = ()
    editorial: bool = False

    @property
    def names(self) -> Names:
        """The new names of an edit."""
        return Names(name=self.name, intents=self.intents, alternative=self.alternative)


@dataclass(frozen=True, slots=True)
class Line:
    """What a line asks for, and its FILE:LINE."""

    where: str
    asked: Asked
    target: Target


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a line: the decisions that were taken, and why others were not."""

    line: Line
    taken: tuple[Decision, ...] = ()
    refused: tuple[CapdraftError, ...] = ()


class Application:
    """Decisions of one reviewer on several artifacts, each of which is opened once."""

    def __init__(self, workspace: Workspace, reviewer: str, severities: Mapping[str, str]) -> None:
        self._workspace, self._reviewer, self._severities = workspace, reviewer, severities
        self._reviews: dict[str, Review] = {}

    def check(self, text: str, name: str) -> tuple[list[Line], list[CapdraftError]]:
        """Return the lines of the file `name`, and what is wrong with some; nothing is decided."""
        lines: list[Line] = []
        wrong: list[CapdraftError] = []
        for number, said in enumerate(text.split("\n"), 1):
            if not said.strip():
                continue
            where = f"{name}:{number}"
            try:
                lines.append(self._line(said, where))
            except CapdraftError as error:
                wrong.append(_placed(error, where))
        return lines, wrong

    def take(self, lines: Sequence[Line]) -> Iterator[Applied]:
        """Take the decisions one after the other; what is refused leaves the others as they are.

        Raises:
            Busy: others keep deciding.
        """
        for line in lines:
            try:
                taken, refused = self._decide(line)
            except CapdraftError as error:
                taken, refused = [], [error]
            told = tuple(_placed(error, line.where) for error in refused)
            yield Applied(line, tuple(taken), told)

    def _line(self, said: str, where: str) -> Line:
        asked = validated(Asked, parse_json(said, where), where)
        line = Line(where, asked, Target.parse_path(asked.target))
        _check_keys(asked)
        self._judgement(asked)
        review = self._opened(line.target)
        if not review.selected:
            raise UsageProblem(f"{asked.target} has no fields to decide")
        if asked.verdict == "edit":
            if len(review.selected) != 1:
                fields = ", ".join(state.path for state in review.selected)
                raise UsageProblem(
                    f"{asked.target} is several fields: one is edited at a time", hint=fields
                )
            _evidence(review, asked)
            new_names(review.selected[0], asked.names)
        return line

    def _opened(self, target: Target) -> Review:
        """Return the review of an artifact as it is now, with what `target` names."""
        kept = self._reviews.get(target.slug)
        review = kept.now() if kept else open_review(self._workspace, Target(target.slug))
        self._reviews[target.slug] = review
        return select(review, [target])

    def _judgement(self, asked: Asked) -> Judgement:
        check_codes(asked.despite)
        return Judgement(
            self._reviewer, self._severities, asked.note, asked.despite, asked.editorial
        )

    def _decide(self, line: Line) -> tuple[list[Decision], list[CapdraftError]]:
        asked, review = line.asked, self._opened(line.target)
        judgement = self._judgement(asked)
        if asked.verdict == "accept":
            taken, refused = approve(review, judgement)
            return taken, [refusal(review.stored, item) for item in refused]
        if asked.reason is not None:
            return reject(review, judgement, asked.reason), []
        text = review.selected[0].text if asked.text is None else asked.text
        return [edit(review, judgement, text, _evidence(review, asked), asked.names)], []


def _evidence(review: Review, asked: Asked) -> tuple[Evidence, ...] | None:
    if asked.evidence is None:
        return None
    if isinstance(asked.evidence, str):
        return cited(review, asked.evidence)
    return evidence_for(review, asked.evidence)


def _check_keys(asked: Asked) -> None:
    """Check that a line says what its verdict needs, and nothing else.

    Raises:
        FileInvalid: it doesn't.
    """
    edited = ("text", "evidence", "name", "intents", "alternative")
    given = [key for key in (*edited, "reason") if getattr(asked, key) is not None]
    fitting = {"accept": (), "edit": edited, "reject": ("reason",)}[asked.verdict]
    odd = [key for key in given if key not in fitting]
    if odd:
        raise FileInvalid(f"{odd[0]} does not belong to the verdict {asked.verdict!r}")
    if fitting and not given:
        needs = "a reason" if asked.verdict == "reject" else "a text, evidence or a name"
        raise FileInvalid(f"the verdict {asked.verdict!r} needs {needs}")


def _placed(error: CapdraftError, where: str) -> CapdraftError:
    """Return an error with the line that it is about as its place."""
    placed = type(error)(error.message, hint=error.hint, where=where)
    return placed.with_traceback(error.__traceback__)
