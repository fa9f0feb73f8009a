"""What one reviewer said of one field. Appended, never changed."""

from __future__ import annotations

import json
from typing import Any, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from capdraft.records.evidence import Evidence, FieldName
from capdraft.records.model import Model, Slug
from capdraft.records.names import JUDGED_WITH, Names
from capdraft.text import sha256

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


_LATER = {"evidence", "seconds", "bulk", "name", "intents", "alternative"}
"""Keys that came later: they count in an id only where they are set, so that older ids hold."""


class Citation(Evidence):
    """Evidence outside of a proposal: its document is named by its URI."""

    document: str = Field(min_length=1, description="URI of the document.")


class Bulk(Model):
    """Decisions that were taken as one, over a selection that was shown."""

    id: str = Field(pattern=r"^[0-9a-f]{12}$", description="The same in all of them.")
    size: int = Field(ge=1, description="How many fields were selected.")


class Decision(Model):
    """One line of `reviews/<artifact>/decisions/<reviewer>.jsonl`."""

    schema_: Literal["capdraft/decision/1"] = Field(default="capdraft/decision/1", alias="schema")
    id: str = Field(pattern=r"^[0-9a-f]{12}$", description="Start of the hash of its own content.")
    time: AwareDatetime = Field(description="When, to the microsecond: it orders decisions.")
    reviewer: Slug
    proposal: str = Field(pattern=r"^\d{4,}$", description="Number of the proposal that was shown.")
    capability: Slug
    field: FieldName
    verdict: Verdict
    text_sha256: str = Field(description="Hash of the normalised text that was judged.")
    evidence_sha256: str = Field(description="Hash of the evidence that was judged.")
    text: str | None = Field(default=None, description="Of an edit: the new text.")
    name: str | None = Field(
        default=None, min_length=1, description="Of an edit of a description: the new name."
    )
    intents: tuple[str, ...] | None = Field(
        default=None, description="Of an edit of a description: the new intents."
    )
    alternative: str | None = Field(
        default=None,
        min_length=1,
        description="Of an edit of a comparison: what the artifact is compared with instead.",
    )
    evidence: tuple[Citation, ...] | None = Field(
        default=None, description="Of an edit: what it cites instead of what was cited."
    )
    reason: Reason | None = Field(default=None, description="Of a rejection: its code.")
    note: str | None = None
    despite: tuple[str, ...] = Field(
        default=(), description="Codes of error findings that the reviewer accepted."
    )
    editorial: bool = Field(default=False, description="Accepted without evidence, shown as that.")
    undoes: str | None = Field(
        default=None, description="Of an undo: the id of what it takes back."
    )
    seconds: float | None = Field(
        default=None, ge=0, description="How long it was on the screen, where that was measured."
    )
    bulk: Bulk | None = None

    @property
    def names(self) -> Names:
        """The new names that an edit gives."""
        return Names(name=self.name, intents=self.intents, alternative=self.alternative)

    @classmethod
    def make(cls, **content: Any) -> Self:
        """Return a decision with its id."""
        draft = cls.model_construct(**{**cls._defaults(), **content})
        return cls(id=draft.content_id(), **content)

    @classmethod
    def _defaults(cls) -> dict[str, Any]:
        return {name: field.default for name, field in cls.model_fields.items() if name != "id"}

    def content_id(self) -> str:
        """Return the id that its content gives: another one tells that it was changed."""
        names = sorted(type(self).model_fields.keys() - {"id"} - _LATER)
        said: list[object] = [(name, str(getattr(self, name))) for name in names]
        later = self.model_dump(mode="json", include=_LATER, exclude_defaults=True)
        return sha256(json.dumps([*said, later] if later else said))[:12]

    @model_validator(mode="after")
    def _id_is_its_own(self) -> Self:
        if self.id != self.content_id():
            raise ValueError("it was changed after it was written: its id says so")
        return self

    @model_validator(mode="after")
    def _verdict_has_what_it_needs(self) -> Self:
        needs = {"edit": "text", "reject": "reason", "undo": "undoes"}
        for verdict, key in needs.items():
            present = getattr(self, key) is not None
            if present != (self.verdict == verdict):
                raise ValueError(f"{key} belongs to the verdict {verdict!r} and to no other")
        if self.evidence is not None and self.verdict != "edit":
            raise ValueError("evidence belongs to the verdict 'edit' and to no other")
        if self.names and self.verdict != "edit":
            raise ValueError("new names belong to the verdict 'edit' and to no other")
        if self.names != self.names.belonging(self.field):
            known = " and ".join(JUDGED_WITH[self.field]) or "nothing"
            raise ValueError(f"with {self.field}, {known} can be changed")
        if (self.despite or self.editorial) and not self.note:
            raise ValueError("a decision despite a finding, or without evidence, needs a note")
        return self
