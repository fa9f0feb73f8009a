"""What a comparison page shows. Its JSON form is simply the dump of this model."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from capdraft.comparing.standing import Standing
from capdraft.records import Approval, PassageKind, Side
from capdraft.records.model import Model, Moment, Slug

RuleName = Literal[
    "type-unknown",
    "different-types",
    "too-little-in-common",
    "all-in-common",
    "nothing-approved",
    "unranked",
    "tie",
    "rank",
    "part",
    "other-parts",
]
ConflictRule = Literal["other-number", "other-value", "opposite", "licence"]


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


class Near(Model):
    """A capability of another artifact that one is like, and that stands beside a third."""

    artifact: Slug
    capability: Slug
    name: str


class ShownCapability(Model):
    """An approved capability as the page shows it."""

    id: Slug
    name: str
    drafted_by: str = Field(description="The model that drafted it.")
    description: Claim
    unique: Claim | None = None
    vs_alternatives: Claim | None = None
    near: tuple[Near, ...] = Field(
        default=(), description="In no group: what it is like, each beside another already."
    )


class Source(Model):
    """A document that records were drafted from."""

    uri: str
    sha256: str
    retrieved: Moment


class Column(Model):
    """One artifact's side of the page."""

    slug: Slug
    name: str = Field(description="Unlike every other name on the page.")
    type: str
    approved: int = Field(ge=0, description="How many approved capabilities it has.")
    rest: int = Field(default=0, ge=0, description="How many of them are in no group.")
    capabilities: tuple[ShownCapability, ...] = Field(
        default=(), description="Those that the page shows, in the catalog's order."
    )
    more: int = Field(default=0, ge=0, description="How many capabilities the page leaves out.")
    standing: Standing = Standing()
    documents: tuple[Source, ...] = Field(default=(), description="What its records were read in.")


class Settlement(Model):
    """Who said that two capabilities are alike, and when."""

    by: Slug
    at: Moment
    note: str | None = None


class Member(Model):
    """A capability in a group, and what makes it like the group's first."""

    artifact: Slug
    capability: Slug
    words: tuple[str, ...] = Field(
        default=(), description="Shared words as they stand in the first; none for the first."
    )
    points: int = Field(default=0, ge=0, description="Points that both share.")
    of: tuple[int, int] = Field(default=(0, 0), description="Points of the first, and its own.")
    settled: Settlement | None = Field(default=None, description="None where the rule says so.")


class Group(Model):
    """Capabilities of several artifacts that count as in common, at most one of each."""

    first: Slug = Field(description="The artifact whose capability each other is like.")
    members: tuple[Member, ...] = Field(min_length=2)

    def member(self, artifact: str) -> Member | None:
        """Return the capability of an artifact, or None."""
        return next((item for item in self.members if item.artifact == artifact), None)


class Said(Model):
    """One side of a conflict: what the docs of an artifact say, and the passages."""

    artifact: Slug = Field(description="Whose docs say it.")
    text: str
    footnotes: tuple[int, ...] = Field(default=(), description="None where its metadata says it.")


class Conflict(Model):
    """Two statements that can't both be true, each from the docs of one side."""

    rule: ConflictRule
    about: str = Field(description="What they differ about, in a sentence.")
    sides: tuple[Said, Said]


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
    rivals: bool = Field(default=False, description="Whether they are of one kind, and alike.")
    reasons: tuple[Reason, ...]


class Comparison(Model):
    """A comparison page as data."""

    schema_: Literal["capdraft/comparison/1"] = Field(
        default="capdraft/comparison/1", alias="schema"
    )
    title: str
    headline: str
    newest: Moment | None = Field(
        default=None, description="The newest approval, or reading of a document."
    )
    ranked_for: str | None = Field(
        default=None, description="Day on which ages in the ranks are counted."
    )
    reviewers: tuple[Slug, ...] = Field(default=(), description="Who approved what is compared.")
    drafted_by: tuple[str, ...] = Field(default=(), description="The models that drafted it.")
    rows: tuple[Row, ...]
    artifacts: tuple[Column, ...]
    groups: tuple[Group, ...] = Field(
        default=(), description="What is in common: of most artifacts first, then the surest."
    )
    more_groups: int = Field(default=0, ge=0, description="Groups that the page leaves out.")
    conflicts: tuple[Conflict, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    verdict: Verdict
    least: int = Field(default=3, ge=1, description="Capabilities in common that rivals need.")

    def __repr__(self) -> str:
        return f"<Comparison {self.title}>"

    __str__ = __repr__

    def capability(self, member: Member) -> ShownCapability | None:
        """Return a group's capability as the page shows it."""
        column = next(item for item in self.artifacts if item.slug == member.artifact)
        return next((c for c in column.capabilities if c.id == member.capability), None)

    def alone(self, column: Column) -> tuple[ShownCapability, ...]:
        """Return the capabilities of `column` that the page shows and that are in no group."""
        grouped = {
            m.capability for g in self.groups for m in g.members if m.artifact == column.slug
        }
        return tuple(item for item in column.capabilities if item.id not in grouped)
