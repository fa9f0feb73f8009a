"""What a reviewer said of a planted error. Kept apart from decisions: nothing is built from it."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, Field

from capdraft.records.evidence import FieldName
from capdraft.records.model import Model, Slug

SeedKind = Literal["other-number", "turned", "negated", "overstated", "other-passage"]
SEED_KINDS: tuple[SeedKind, ...] = SeedKind.__args__  # type: ignore[attr-defined]


class Outcome(Model):
    """One line of `reviews/_seeds/<reviewer>.jsonl`."""

    schema_: Literal["capdraft/seed/1"] = Field(default="capdraft/seed/1", alias="schema")
    time: AwareDatetime = Field(description="When it was answered.")
    reviewer: Slug
    artifact: Slug
    proposal: str = Field(pattern=r"^\d{4,}$", description="Number of the proposal.")
    capability: Slug
    field: FieldName
    kind: SeedKind = Field(description="How the claim was made wrong.")
    text: str = Field(min_length=1, description="The claim as it was shown.")
    text_sha256: str = Field(
        pattern=r"^[0-9a-f]{64}$", description="Hash of the true text, as decisions carry it."
    )
    verdict: Literal["accept", "edit", "reject"]
    caught: bool = Field(description="Whether the error did not pass.")
    seconds: float | None = Field(
        default=None, ge=0, description="How long it was on the screen, where that was measured."
    )
    bulk: int | None = Field(
        default=None, ge=1, description="How many fields were decided as one with it."
    )

    @property
    def seen(self) -> tuple[str, str]:
        """What is planted once for each reviewer: a text of an artifact."""
        return self.artifact, self.text_sha256
