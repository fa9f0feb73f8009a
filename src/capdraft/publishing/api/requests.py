"""What programs may ask of the catalog. Both faces, HTTP and MCP, ask with these models."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from capdraft.records.model import Model, Slug
from capdraft.searching.search import LONGEST_NEED
from capdraft.text import SLUG_LENGTH

MOST_RESULTS, MOST_LISTED, MOST_COMPARED = 100, 200, 10
MOST_TEXT = 1024 * 1024
"""Characters of a text that is validated."""
Kind = Literal[
    "catalog", "decision", "page", "proposal", "seed", "settings", "signals", "withdrawal"
]


def _writable(text: str) -> str:
    """Refuse half of a character: no file, database or answer can hold it."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("it holds half of a character (a lone surrogate)") from error
    return text


def _split(value: object) -> object:
    return value.split(",") if isinstance(value, str) else value


Words = Annotated[str, AfterValidator(_writable)]
ArtifactSlug = Annotated[
    Slug, Field(min_length=1, max_length=SLUG_LENGTH, json_schema_extra={"format": "slug"})
]
TypeName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=80)]
Slugs = Annotated[
    tuple[ArtifactSlug, ...],
    Field(min_length=2, max_length=MOST_COMPARED, description="Slugs of two artifacts or more."),
    BeforeValidator(_split),
]


class SearchRequest(Model):
    """A need, put in one's own words."""

    need: Words = Field(
        min_length=1,
        max_length=LONGEST_NEED,
        description="What is needed, in your own words.",
        examples=["read handwritten invoices"],
    )
    type: TypeName | None = Field(
        default=None, description="Only artifacts of this type.", examples=["model"]
    )
    limit: int = Field(default=10, ge=1, le=MOST_RESULTS, description="Results at most.")


class ResolveRequest(Model):
    """How somebody calls an artifact."""

    name: Words = Field(
        min_length=1,
        max_length=2_000,
        description="A slug, a name, a repository (hf:org/name, gh:owner/name, their addresses or "
        "org/name alone) or the URI of a document or link.",
        examples=["PaliGemma"],
    )
    limit: int = Field(default=5, ge=0, le=50, description="Suggestions at most.")


class ListRequest(Model):
    """A page of the list of artifacts."""

    type: TypeName | None = Field(default=None, description="Only artifacts of this type.")
    limit: int = Field(default=50, ge=1, le=MOST_LISTED, description="Artifacts at most.")
    cursor: ArtifactSlug | None = Field(default=None, description="The `next` of the page before.")


class ArtifactRequest(Model):
    """An artifact of the catalog."""

    slug: ArtifactSlug = Field(description="The artifact's slug.", examples=["paligemma"])


class RecordRequest(ArtifactRequest):
    """An approved capability of an artifact."""

    capability: ArtifactSlug = Field(
        description="The capability's id.", examples=["object-detection-by-prompt"]
    )


class CompareRequest(Model):
    """Artifacts to set side by side."""

    slugs: Slugs = Field(examples=["paligemma,the-stack-v2"])
    limit: int = Field(
        default=8, ge=1, le=1_000, description="Capabilities shown of each; the rest is counted."
    )


class FeedbackRequest(Model):
    """What came of a result of a search."""

    match: str = Field(
        pattern=r"^[0-9a-f]{12}$",
        description="The `match` of the search.",
        examples=["3f6c01a9d2e4"],
    )
    verdict: Literal["chosen", "success", "failure"] = Field(
        description="chosen: it was taken; success: it did what was needed; failure: it did not."
    )
    result: int | None = Field(
        default=None,
        ge=1,
        le=MOST_RESULTS,
        description="Place of the result that was tried; else the one that was chosen.",
        examples=[1],
    )


class ValidateRequest(Model):
    """A text to check against the schema of its kind."""

    kind: Kind = Field(description="What the text should be.")
    text: str = Field(
        max_length=MOST_TEXT,
        description="Proposals and settings are TOML; catalog entries and signals JSON; decisions, "
        "withdrawals and seeds JSON Lines; a page is a known comparison page as plain text.",
        examples=['schema = "capdraft/settings/1"\n'],
    )
