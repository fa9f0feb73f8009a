"""The catalog for programs: what they may ask, and what they get. HTTP and MCP serve the same."""

from capdraft.publishing.api.answers import (
    ArtifactList,
    Found,
    Noted,
    Problem,
    Resolved,
    Validated,
)
from capdraft.publishing.api.finding import feedback, search
from capdraft.publishing.api.library import Library
from capdraft.publishing.api.passport import Passport
from capdraft.publishing.api.requests import (
    MOST_TEXT,
    ArtifactRequest,
    CompareRequest,
    FeedbackRequest,
    ListRequest,
    RecordRequest,
    ResolveRequest,
    SearchRequest,
    ValidateRequest,
)
from capdraft.publishing.api.resolving import artifacts, resolve
from capdraft.publishing.api.telling import artifact, compared, passport, record, side_by_side
from capdraft.publishing.api.validating import validate
from capdraft.publishing.exports import RecordLine

__all__ = [
    "MOST_TEXT",
    "ArtifactList",
    "ArtifactRequest",
    "CompareRequest",
    "FeedbackRequest",
    "Found",
    "Library",
    "ListRequest",
    "Noted",
    "Passport",
    "Problem",
    "RecordLine",
    "RecordRequest",
    "ResolveRequest",
    "Resolved",
    "SearchRequest",
    "ValidateRequest",
    "Validated",
    "artifact",
    "artifacts",
    "compared",
    "feedback",
    "passport",
    "record",
    "resolve",
    "search",
    "side_by_side",
    "validate",
]
