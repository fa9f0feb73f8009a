"""Gold: what a careful person finds in documents, and statements that they labelled."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, Self, get_args

from pydantic import Field, model_validator

from capdraft.records import FieldName
from capdraft.records.model import Model, Slug

Trap = Literal[
    "",
    "number",
    "version",
    "scope",
    "subject",
    "marketing",
    "rival",
    "negation",
    "unit",
    "inference",
    "time",
    "absent",
    "plain",
    "computed",
]
TRAPS: tuple[Trap, ...] = get_args(Trap)
COMPUTED: Trap = "computed"
"""Of a supported statement: true only after arithmetic between figures that its passages state."""
Quotes = tuple[str, ...]
_QUOTES = "Words that stand in exactly one passage, which they name."


class GoldCapability(Model):
    """One thing that the documents say the artifact can do."""

    id: Slug
    name: str = Field(min_length=1)
    description: str = Field(min_length=1, description="As a careful person writes it.")
    needed: bool = Field(default=True, description="Whether a draft without it has missed it.")
    passages: Quotes = Field(min_length=1, description=_QUOTES)
    numbers: tuple[str, ...] = Field(default=(), description="Numbers that a record should tell.")


class GoldComparison(Model):
    """A comparison that the documents make, or only seem to prove."""

    alternative: str = Field(min_length=1)
    text: str = Field(min_length=1)
    passages: Quotes = Field(min_length=1, description=_QUOTES)
    proven: bool = Field(description="Whether passages support both sides.")


class GoldStatement(Model):
    """A sentence that a record could hold, labelled: do its passages say it?"""

    id: Slug
    capability: Slug | None = Field(default=None, description="Whose record it could stand in.")
    field: FieldName = "description"
    text: str = Field(min_length=1)
    supported: bool
    passages: Quotes = Field(default=(), description=_QUOTES)
    trap: Trap = Field(
        default="",
        description="What makes an unsupported one look right; of a supported one, that it "
        "is true only after arithmetic.",
    )
    alternative: str | None = Field(
        default=None, min_length=1, description="Of a comparison: what it compares with."
    )
    why: str = ""

    @model_validator(mode="after")
    def _compares_with_something(self) -> Self:
        if (self.field == "vs_alternatives") != (self.alternative is not None):
            raise ValueError("an alternative belongs to the field vs_alternatives and to no other")
        return self

    @model_validator(mode="after")
    def _trap_fits_label(self) -> Self:
        if self.supported and self.trap not in ("", COMPUTED):
            raise ValueError(f"a supported statement has no trap {self.trap!r}, only {COMPUTED!r}")
        if not self.supported and self.trap == COMPUTED:
            raise ValueError(f"{COMPUTED!r} is said of supported statements")
        return self


class Gold(Model):
    """`gold.toml`, beside the documents that it is about."""

    schema_: Literal["capdraft/gold/1"] = Field(alias="schema")
    slug: Slug
    name: str = Field(min_length=1)
    type: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    documents: tuple[str, ...] = Field(
        min_length=1, description="Files beside this one, in the order in which they are read."
    )
    note: str = Field(default="", description="What is hard here.")
    capabilities: tuple[GoldCapability, ...] = Field(min_length=1)
    comparisons: tuple[GoldComparison, ...] = ()
    statements: tuple[GoldStatement, ...] = ()

    @model_validator(mode="after")
    def _names_agree(self) -> Self:
        _check_unique("capabilities", (item.id for item in self.capabilities))
        _check_unique("statements", (item.id for item in self.statements))
        known = {item.id for item in self.capabilities}
        for item in self.statements:
            if item.capability is not None and item.capability not in known:
                raise ValueError(f"{item.id}: no capability has the id {item.capability!r}")
        return self


class Wording(Model):
    """A capability in somebody's words."""

    name: str = Field(min_length=1)
    description: str = Field(min_length=1)


class Pair(Model):
    """Two wordings, labelled: is it one capability?"""

    one: Wording
    two: Wording
    same: bool
    why: str = ""


class Pairs(Model):
    """`pairs.toml`: what the matching of capabilities is calibrated on."""

    schema_: Literal["capdraft/pairs/1"] = Field(alias="schema")
    pairs: tuple[Pair, ...] = Field(min_length=1)


def _check_unique(table: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for item in ids:
        if item in seen:
            raise ValueError(f"two {table} have the id {item!r}")
        seen.add(item)
