"""What one reviewer said of one field. Appended, never changed."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from capdraft.records.model import Model, Moment, Slug
from capdraft.records.proposals import FieldName

Verdict = Literal["accept", "edit", "reject", "undo"]
Reason = Literal[
    "unsupported",
    "contradicted",
    "source-is-wrong",
    "duplicate",
    "wrong-artifact",
    "not-a-capability",
    "comparison-unproven",
    "outdated",
    "style",
]
REASONS: tuple[Reason, ...] = Reason.__args__  # type: ignore[attr-defined]


class Decision(Model):
    """One line of `reviews/<artifact>/decisions/<reviewer>.jsonl`."""

    schema_: Literal["capdraft/decision/1"] = Field(default="capdraft/decision/1", alias="schema")
    id: str = Field(pattern=r"^[0-9a-f]{12}$", description="Start of the hash of its own content.")
    time: Moment
    reviewer: Slug
    proposal: str = Field(pattern=r"^\d{4,}$", description="Number of the proposal that was shown.")
    capability: Slug
    field: FieldName
    verdict: Verdict
    text_sha256: str = Field(description="Hash of the normalised text that was judged.")
    evidence_sha256: str = Field(description="Hash of the evidence that was judged.")
    text: str | None = Field(default=None, description="Of an edit: the new text.")
    reason: Reason | None = Field(default=None, description="Of a rejection: its code.")
    note: str | None = None
    despite: tuple[str, ...] = Field(
        default=(), description="Codes of error findings that the reviewer accepted."
    )
    editorial: bool = Field(default=False, description="Accepted without evidence, shown as that.")
    undoes: str | None = Field(
        default=None, description="Of an undo: the id of what it takes back."
    )

    @model_validator(mode="after")
    def _verdict_has_what_it_needs(self) -> Self:
        needs = {"edit": "text", "reject": "reason", "undo": "undoes"}
        for verdict, key in needs.items():
            present = getattr(self, key) is not None
            if present != (self.verdict == verdict):
                raise ValueError(f"{key} belongs to the verdict {verdict!r} and to no other")
        if (self.despite or self.editorial) and not self.note:
            raise ValueError("a decision despite a finding, or without evidence, needs a note")
        return self
