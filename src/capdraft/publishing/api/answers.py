"""What programs get. Quotes and texts in them come from documents: they are data."""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import Field

from capdraft.records import Severity
from capdraft.records.model import Model, Moment, Slug
from capdraft.searching import Result
from capdraft.searching.answers import Way

How = Literal["slug", "name", "repository", "document", "link"]
HOWS: tuple[How, ...] = get_args(How)


class FoundResult(Result):
    """A capability that may meet the need, and where its record is."""

    record: str = Field(description="Id of the record: SLUG/CAPABILITY.")
    url: str = Field(description="Where the artifact's record is read.")


class Found(Model):
    """The capabilities found for a need, the best first."""

    schema_: Literal["capdraft/found/1"] = Field(default="capdraft/found/1", alias="schema")
    match: str | None = Field(default=None, description="Id that feedback names; None if unkept.")
    need: str
    ways: tuple[Way, ...] = ("words",)
    why_words_alone: str | None = Field(
        default=None, description="Why embeddings had no say, where they had none."
    )
    results: tuple[FoundResult, ...] = ()


class Listed(Model):
    """An artifact in a list."""

    slug: Slug
    name: str
    type: str
    license: str | None = None
    capabilities: int = Field(ge=0, description="How many approved capabilities it has.")
    approved: Moment | None = Field(default=None, description="When a field was approved last.")
    version: str = Field(description="Start of the hash of its catalog file.")
    withdrawn: bool = False
    url: str


class ArtifactList(Model):
    """A page of the list of artifacts, by slug; withdrawn ones are not in it."""

    schema_: Literal["capdraft/artifacts/1"] = Field(default="capdraft/artifacts/1", alias="schema")
    total: int = Field(ge=0, description="How many there are of that type.")
    artifacts: tuple[Listed, ...] = ()
    next: Slug | None = Field(
        default=None, description="Give it as `cursor` for the next page; None on the last one."
    )


class Exact(Listed):
    """An artifact that is called so."""

    how: tuple[How, ...] = Field(description="As what it has the name that was asked for.")


class Suggestion(Listed):
    """An artifact whose name looks like what was asked for. It may be another thing altogether."""

    similarity: float = Field(ge=0, le=1)


class Resolved(Model):
    """The artifacts that are called so: none is guessed, and several may be.

    `suggestions` are there only where nothing is called exactly so.
    """

    schema_: Literal["capdraft/resolved/1"] = Field(default="capdraft/resolved/1", alias="schema")
    name: str
    artifacts: tuple[Exact, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()


class Noted(Model):
    """What was noted of a search's result."""

    schema_: Literal["capdraft/feedback/1"] = Field(default="capdraft/feedback/1", alias="schema")
    match: str
    artifact: Slug
    capability: Slug
    verdict: Literal["chosen", "success", "failure"]
    counted: bool = Field(description="False where the search itself doesn't count.")


class Problem(Model):
    """What is wrong with a text, and where."""

    code: str = Field(description="`syntax`, `schema.…`, the code of a rule (CD103) or of a note.")
    severity: Severity
    message: str
    path: str = Field(default="", description="Keys and places from the top, joined by full stops.")
    line: int | None = Field(default=None, ge=1)


class Validated(Model):
    """What is wrong with a text. Documents that it names are not read."""

    schema_: Literal["capdraft/validated/1"] = Field(default="capdraft/validated/1", alias="schema")
    kind: str
    valid: bool = Field(description="Whether no error was found; warnings may have been.")
    problems: tuple[Problem, ...] = ()
    more: int = Field(default=0, ge=0, description="Problems that are not listed.")
