"""What the API answers: one table for the routes, the OpenAPI document and the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from capdraft.comparing import Comparison
from capdraft.publishing import api
from capdraft.records import CatalogEntry
from capdraft.searching import Client

Answering = Callable[[api.Library, Any, Client | None], BaseModel]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A path with what it asks, what it answers, and the problems that are its own."""

    path: str
    method: Literal["GET", "POST"]
    summary: str
    description: str
    asks: type[BaseModel]
    answers: type[BaseModel]
    answer: Answering
    problems: tuple[int, ...] = ()
    is_cached: bool = True
    """Whether the same request gives the same answer until the catalog changes."""

    @property
    def name(self) -> str:
        """Its operation id: its path, with a hyphen between the parts."""
        return "-".join(re.findall(r"\w+", self.path))

    @property
    def in_path(self) -> frozenset[str]:
        """The fields of what it asks that stand in its path."""
        return frozenset(re.findall(r"{(\w+)}", self.path))


ENDPOINTS = (
    Endpoint(
        "/search",
        "GET",
        "Find capabilities by need",
        "Approved capabilities, the best first. Each tells which words matched, which intent fits "
        "and which passage says it. `match` is the id that feedback names.",
        api.SearchRequest,
        api.Found,
        lambda library, asked, client: api.search(library, asked, client),
        is_cached=False,
    ),
    Endpoint(
        "/resolve",
        "GET",
        "Find an artifact by what it is called",
        "Artifacts that are called exactly so, by slug, name, repository or address. Where there "
        "is none, names that look like it are suggested; none is guessed.",
        api.ResolveRequest,
        api.Resolved,
        lambda library, asked, _: api.resolve(library, asked),
    ),
    Endpoint(
        "/artifacts",
        "GET",
        "List the artifacts",
        "By slug, a page at a time: give `next` as `cursor` for the next one.",
        api.ListRequest,
        api.ArtifactList,
        lambda library, asked, _: api.artifacts(library, asked),
    ),
    Endpoint(
        "/artifacts/{slug}",
        "GET",
        "Read the record of an artifact",
        "Every approved capability with its quotes, and who approved it: the catalog file. Of one "
        "that was withdrawn, who withdrew it and why.",
        api.ArtifactRequest,
        CatalogEntry,
        lambda library, asked, _: api.artifact(library, asked),
        problems=(404,),
    ),
    Endpoint(
        "/artifacts/{slug}/{capability}",
        "GET",
        "Read one capability",
        "An approved capability with its quotes and the documents that they are from.",
        api.RecordRequest,
        api.RecordLine,
        lambda library, asked, _: api.record(library, asked),
        problems=(404,),
    ),
    Endpoint(
        "/passport/{slug}",
        "GET",
        "Read an artifact in short",
        "What it can do, how much of that stands on evidence and approval, its rank with every "
        "part, its sources with their hashes, and how fresh all that is. Without quotes.",
        api.ArtifactRequest,
        api.Passport,
        lambda library, asked, _: api.passport(library, asked),
        problems=(404,),
    ),
    Endpoint(
        "/compare",
        "GET",
        "Compare artifacts",
        "Two artifacts or more, side by side, as `capdraft compare --json`.",
        api.CompareRequest,
        Comparison,
        lambda library, asked, _: api.side_by_side(library, asked),
        problems=(404, 422),
    ),
    Endpoint(
        "/feedback",
        "POST",
        "Tell what came of a result",
        "Telling it again replaces what was told before.",
        api.FeedbackRequest,
        api.Noted,
        lambda library, asked, _: api.feedback(library, asked),
        problems=(404,),
    ),
    Endpoint(
        "/validate",
        "POST",
        "Check a text against the schema of its kind",
        "What is wrong with it, with path and line; of a proposal, what the rules find too. "
        "Nothing is written, and no document that it names is read. At most 1 MB.",
        api.ValidateRequest,
        api.Validated,
        lambda library, asked, _: api.validate(library, asked),
    ),
)
