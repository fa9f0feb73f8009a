"""What a reviewer said of two capabilities: alike or not. Appended, never changed."""

from __future__ import annotations

import json
from typing import Any, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from capdraft.records.catalog import Record
from capdraft.records.model import Model, Slug, content_id
from capdraft.text import sha256

_PATH = r"^[^/]+/[^/]+$"


class Alignment(Model):
    """One line of `reviews/_alignments/<reviewer>.jsonl`."""

    schema_: Literal["capdraft/alignment/1"] = Field(default="capdraft/alignment/1", alias="schema")
    id: str = Field(pattern=r"^[0-9a-f]{12}$", description="Start of the hash of its own content.")
    time: AwareDatetime = Field(description="When: a reviewer's newest word on the two counts.")
    reviewer: Slug
    verdict: Literal["same", "differ", "undo"]
    one: str = Field(pattern=_PATH, description="A capability, as SLUG/CAPABILITY.")
    two: str = Field(pattern=_PATH, description="A capability of another artifact.")
    one_sha256: str = Field(description="Hash of the wording that was judged.")
    two_sha256: str
    note: str | None = Field(default=None, description="Why; readers see it.")

    @classmethod
    def make(cls, **content: Any) -> Self:
        """Return an alignment with its id."""
        return cls(id=content_id(cls.model_construct(**content)), **content)

    @model_validator(mode="after")
    def _id_is_its_own(self) -> Self:
        if self.id != content_id(self):
            raise ValueError("it was changed after it was written: its id says so")
        return self

    @property
    def pair(self) -> frozenset[str]:
        """The two capabilities, in no order."""
        return frozenset((self.one, self.two))

    @property
    def judged(self) -> dict[str, str]:
        """The hash of the wording that was judged, by capability."""
        return {self.one: self.one_sha256, self.two: self.two_sha256}


def wording_hash(record: Record) -> str:
    """Return the hash of what says what a capability is: name, needs and description."""
    said = [record.name, *record.intents, record.description.text]
    return sha256(json.dumps(said, ensure_ascii=False))
