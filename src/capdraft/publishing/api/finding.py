"""Search by need, and what came of it."""

from __future__ import annotations

from capdraft.errors import UsageProblem
from capdraft.publishing.api.answers import Found, FoundResult, Noted
from capdraft.publishing.api.library import Library
from capdraft.publishing.api.requests import FeedbackRequest, SearchRequest
from capdraft.searching import Client


def search(library: Library, asked: SearchRequest, client: Client | None) -> Found:
    """Return the capabilities that meet a need; noted in the match graph where a client asks.

    In a workspace that can't be written nothing is noted, and the answer names no match.

    Raises:
        SettingsError: capdraft.toml can't be read.
        StoreError: the index or the match graph can't be used.
    """
    answer = library.search().find(asked.need, type_=asked.type, limit=asked.limit)
    if client is not None and not (matches := library.matches()).is_read_only:
        answer = matches.record(answer, client)
    results = tuple(
        FoundResult(
            **{name: getattr(result, name) for name in type(result).model_fields},
            record=f"{result.artifact}/{result.capability}",
            url=library.url(result.artifact),
        )
        for result in answer.results
    )
    return Found(
        match=answer.match,
        need=answer.need,
        ways=answer.ways,
        why_words_alone=answer.why_words_alone,
        results=results,
    )


def feedback(library: Library, asked: FeedbackRequest) -> Noted:
    """Note what came of a result.

    Raises:
        NotFound: there is no such match, or it has no such result.
        UsageProblem: no result is named, and nothing tells which.
    """
    matches = library.matches()
    if asked.verdict == "chosen":
        if asked.result is None:
            raise UsageProblem("no result is named", hint="Give the place of the chosen `result`.")
        done = matches.choose(asked.match, asked.result)
    else:
        done = matches.feedback(asked.match, asked.verdict, asked.result)
    return Noted(
        match=done.match,
        artifact=done.artifact,
        capability=done.capability,
        verdict=asked.verdict,
        counted=done.counted,
    )
