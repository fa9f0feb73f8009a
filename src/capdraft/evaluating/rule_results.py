"""`capdraft/rules-measured/1`: what rules, and a judge beside them, made of labelled statements."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationError

from capdraft.errors import FileInvalid
from capdraft.evaluating.gold import COMPUTED, Trap
from capdraft.evaluating.statistics import Interval, share_interval
from capdraft.records.formats import wrong_format
from capdraft.records.model import Model, Slug


class Rate(Model):
    """A share with its interval (Wilson, 95 %)."""

    hits: int
    of: int
    value: float | None
    interval: Interval | None

    @classmethod
    def of_counts(cls, hits: int, of: int) -> Self:
        """Return the rate of `hits` among `of`."""
        value = hits / of if of else None
        return cls(hits=hits, of=of, value=value, interval=share_interval(hits, of))


class RuleRate(Model):
    """What one rule does, or several together (`code` is empty)."""

    code: str
    name: str
    caught: Rate = Field(description="Of the unsupported statements: flagged.")
    false_alarms: Rate = Field(description="Of the supported statements: flagged.")


class JudgeRate(Model):
    """What a model finds, alone and together with the rules."""

    model: str
    alone: RuleRate
    together: RuleRate = Field(description="Flagged by the rules or by the model.")
    agreement: Rate = Field(description="Statements of which the model says what the label says.")
    not_judged: int = Field(description="Statements without a usable answer.")


class TrapRate(Model):
    """How many unsupported statements of a kind are flagged."""

    trap: Trap
    caught: Rate
    judged: Rate | None = Field(default=None, description="By the judge, where one was asked.")


class ComputedRate(Model):
    """How many statements are flagged that are true only after arithmetic."""

    flagged: Rate
    judged: Rate | None = Field(default=None, description="By the judge, where one was asked.")


class Checked(Model):
    """A labelled statement, and what was found in it."""

    case: Slug
    id: Slug
    text: str
    supported: bool
    trap: Trap
    why: str
    codes: tuple[str, ...]
    errors: tuple[str, ...] = Field(default=(), description="Codes of findings that are errors.")
    messages: tuple[str, ...] = ()
    judged: bool | None = Field(
        default=None, description="Whether a model finds it supported, where one was asked."
    )

    @property
    def flagged(self) -> bool:
        """Whether a rule found anything in it."""
        return bool(self.codes)

    @property
    def counts(self) -> bool:
        """Whether it counts as caught or as a false alarm: not if it is true after arithmetic."""
        return self.trap != COMPUTED

    @property
    def path(self) -> str:
        """Return CASE/STATEMENT."""
        return f"{self.case}/{self.id}"


class RulesMeasured(Model):
    """The file that `capdraft evaluate rules --out FILE` writes."""

    schema_: Literal["capdraft/rules-measured/1"] = Field(
        default="capdraft/rules-measured/1", alias="schema"
    )
    gold_sha256: str = Field(description="Hash of the labelled statements.")
    overall: RuleRate
    errors: RuleRate = Field(description="Errors alone, without warnings.")
    judge: JudgeRate | None = None
    rules: tuple[RuleRate, ...]
    traps: tuple[TrapRate, ...]
    computed: ComputedRate | None = Field(
        default=None,
        description="Statements that are true only after arithmetic: no rate has them.",
    )
    statements: tuple[Checked, ...]

    @property
    def missed(self) -> list[Checked]:
        """The unsupported statements in which nothing is found."""
        return [item for item in self.statements if not item.supported and not item.flagged]

    @property
    def blamed(self) -> list[Checked]:
        """The supported statements in which something is found."""
        return [item for item in self.statements if item.supported and item.counts and item.flagged]

    @property
    def reckoned(self) -> list[Checked]:
        """The statements that are true only after arithmetic."""
        return [item for item in self.statements if not item.counts]


class Turned(Model):
    """A statement that was flagged in one result and not in the other."""

    statement: Checked
    now: bool = Field(description="Whether it is flagged now.")

    @property
    def better(self) -> bool:
        """Whether it is right now."""
        return self.now != self.statement.supported


class Since(Model):
    """An earlier result, and what changed since."""

    caught: Rate
    false_alarms: Rate
    turned: tuple[Turned, ...]
    other_statements: bool = Field(description="Whether statements came, went or were reworded.")


def read_rules_measured(path: Path) -> RulesMeasured:
    """Return the result in the file at `path`.

    Raises:
        FileInvalid: it is none.
    """
    hint = "Such files are written by `capdraft evaluate rules --out FILE`."
    try:
        return RulesMeasured.model_validate_json(path.read_bytes())
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise FileInvalid(f"can't be read: {reason}", where=str(path), hint=hint) from error
    except ValidationError as error:
        if wrong := wrong_format(error):
            raise FileInvalid(wrong.message, where=str(path), hint=wrong.hint) from error
        raise FileInvalid("is no measurement of rules", where=str(path), hint=hint) from error
