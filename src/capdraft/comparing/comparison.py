"""What a comparison page shows. Its JSON form is simply the dump of this model."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from capdraft.records import Approval, PassageKind, Side
from capdraft.records.model import Model, Slug

RuleName = Literal["unrated", "different-types", "same-type", "type-unknown", "nothing-approved"]


class Row(Model):
    """A line of the table: one cell for each artifact, never empty."""

    label: str
    cells: tuple[str, ...]


class Claim(Model):
    """An approved text, the footnotes that support it, and who stands behind it."""

    text: str
    footnotes: tuple[int, ...] = ()
    editorial: bool = Field(default=False, description="A reviewer accepted it without evidence.")
    despite: tuple[str, ...] = Field(
        default=(), description="Codes of error findings that a reviewer accepted."
    )
    alternative: str | None = Field(
        default=None, description="Of a comparison: what the artifact is compared with."
    )
    approved: tuple[Approval, ...] = ()


class ShownCapability(Model):
    """An approved capability as the page shows it."""

    id: Slug
    name: str
    drafted_by: str = Field(description="The model that drafted it.")
    description: Claim
    unique: Claim | None = None
    vs_alternatives: Claim | None = None


class Column(Model):
    """One artifact's side of the page."""

    slug: Slug
    name: str = Field(description="Unlike every other name on the page.")
    type: str
    approved: int = Field(ge=0, description="How many approved capabilities it has.")
    capabilities: tuple[ShownCapability, ...] = Field(
        default=(), description="Those that the page shows, in the catalog's order."
    )
    more: int = Field(default=0, ge=0, description="How many capabilities the page leaves out.")


class Footnote(Model):
    """A quoted passage. It is listed once, however often it is cited."""

    number: int = Field(ge=1)
    quote: str = Field(description="The passage, character by character.")
    kind: PassageKind
    heading: tuple[str, ...] = Field(default=(), description="Headings above it, outermost first.")
    header: str | None = Field(default=None, description="Of a table row: its table's header row.")
    document: str = Field(description="URI of the document.")
    sha256: str = Field(description="Hash of the document that the offsets belong to.")
    start: int = Field(ge=0, description="Offset of the quote in the document's text.")
    end: int = Field(ge=0)
    side: Side = Field(description="`alternative` where no claim cites it for its own artifact.")


class Reason(Model):
    """What one rule of the verdict says."""

    rule: RuleName
    text: str


class Verdict(Model):
    """What follows from the table, and by which rules."""

    winner: Slug | None = Field(default=None, description="None where no rule names one.")
    reasons: tuple[Reason, ...]


class Comparison(Model):
    """A comparison page as data."""

    schema_: Literal["capdraft/comparison/1"] = Field(
        default="capdraft/comparison/1", alias="schema"
    )
    title: str
    headline: str
    rows: tuple[Row, ...]
    artifacts: tuple[Column, ...]
    footnotes: tuple[Footnote, ...] = ()
    verdict: Verdict
