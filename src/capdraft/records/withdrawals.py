"""What was taken out of the catalog, and brought back. Appended, never changed, like decisions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from capdraft.records.model import Model, Moment, Slug, content_id

WithdrawalReason = Literal[
    "wrong",
    "outdated",
    "superseded",
    "duplicate",
    "licence",
    "owner-request",
]
WITHDRAWAL_REASONS: tuple[WithdrawalReason, ...] = WithdrawalReason.__args__  # type: ignore[attr-defined]


class Withdrawn(Model):
    """Who took something out of the catalog, when and why, as readers are told."""

    by: Slug
    at: Moment
    reason: WithdrawalReason
    note: str = Field(min_length=1)

    @property
    def hides(self) -> bool:
        """Whether its texts may not be read any more, in earlier versions either."""
        return self.reason in ("licence", "owner-request")


class WithdrawnRecord(Withdrawn):
    """A capability that was taken out of the catalog by itself."""

    id: Slug
    name: str = Field(min_length=1)


class Withdrawal(Model):
    """One line of `reviews/<artifact>/withdrawals/<reviewer>.jsonl`."""

    schema_: Literal["capdraft/withdrawal/1"] = Field(
        default="capdraft/withdrawal/1", alias="schema"
    )
    id: str = Field(pattern=r"^[0-9a-f]{12}$", description="Start of the hash of its own content.")
    time: AwareDatetime = Field(description="When, to the microsecond: the newest word counts.")
    reviewer: Slug
    verdict: Literal["withdraw", "restore"]
    capability: Slug | None = Field(
        default=None, description="The capability; not there where it is the whole artifact."
    )
    reason: WithdrawalReason | None = Field(default=None, description="Of a withdrawal: its code.")
    note: str | None = Field(default=None, description="Why; readers see it.")

    @classmethod
    def make(cls, **content: Any) -> Self:
        """Return a withdrawal or restore with its id."""
        return cls(id=content_id(cls.model_construct(**content)), **content)

    @model_validator(mode="after")
    def _id_is_its_own(self) -> Self:
        if self.id != content_id(self):
            raise ValueError("it was changed after it was written: its id says so")
        return self

    @model_validator(mode="after")
    def _withdrawing_has_a_reason(self) -> Self:
        if (self.reason is not None) != (self.verdict == "withdraw"):
            raise ValueError("reason belongs to the verdict 'withdraw' and to no other")
        if self.verdict == "withdraw" and not (self.note or "").strip():
            raise ValueError("a withdrawal needs a note that says why")
        return self

    @property
    def told(self) -> Withdrawn:
        """What readers are told of a withdrawal."""
        return Withdrawn.model_validate(
            {"by": self.reviewer, "at": self.time, "reason": self.reason, "note": self.note}
        )


def standing_withdrawals(said: Iterable[Withdrawal]) -> dict[str | None, Withdrawal]:
    """Return what is withdrawn, by its capability (None: the whole artifact).

    `said` is oldest first; the newest word on each counts.
    """
    newest = {item.capability: item for item in said}
    return {what: item for what, item in newest.items() if item.verdict == "withdraw"}
