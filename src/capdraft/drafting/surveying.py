"""Documents too long for one prompt: surveyed by window, consolidated, written from what counts."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from capdraft.client import Body
from capdraft.drafting.answer_models import (
    Candidate,
    ConsolidateAnswer,
    DraftAnswer,
    Group,
    NamedAlternative,
    SurveyAnswer,
    answer_schema,
)
from capdraft.drafting.answers import read_groups, read_survey
from capdraft.drafting.asking import Asker, Terms
from capdraft.drafting.passages import Part, lay_out
from capdraft.drafting.windows import cut_windows, size_of, total_size
from capdraft.drafting.writing import Prompts, Request, Revise, Written, write_records
from capdraft.text import estimate_tokens, name_key, one_line

MOST_PASSAGES = 12
"""Passages that a capability keeps from its windows; a survey names the best first."""
EXCERPT, SHORTEST_EXCERPT = 600, 300
"""Tokens of passages that one capability is written from: prose before code, the best first."""
SENT_AGAIN = 0.12
"""Share of the documents that the excerpts of many capabilities take together."""
MOST_RECORDS = 16
"""Records that one answer is asked for: a longer one is more likely to be cut off."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Found:
    """A capability that windows tell of, as the drafting prompt lists it."""

    name: str
    summary: str
    passages: tuple[int, ...]


async def draft_parts(asker: Asker, prompts: Prompts, request: Request, window: int) -> Written:
    """Ask for records from all parts of `request`: at once if they fit into `window` tokens.

    Raises:
        AnswerError: an answer can't be used.
        EndpointError, CassetteError, PromptError, BudgetReached: it could not be asked.
    """
    windows = cut_windows(request.parts, window)
    if not windows:
        return Written()  # all of it is boilerplate
    if len(windows) == 1:
        return await write_records(asker, prompts, request, request.parts)
    prompts.require("candidates")
    surveyed = await _all(
        _survey(asker, prompts, request, parts, number, len(windows))
        for number, parts in enumerate(windows, 1)
    )
    written = Written(windows=len(windows))
    shown = request.citations(request.parts)
    for _, alternatives in surveyed:
        written.alternatives += [(item, shown) for item in alternatives]
    found = [candidate for candidates, _ in surveyed for candidate in candidates]
    found = await _consolidate(asker, prompts, request, found, window)
    found = _with_revisions(found, request.revise)
    for batch in await _all(
        write_records(asker, prompts, request, parts, batch)
        for batch, parts in _batches(found, [p for shown in windows for p in shown], window)
    ):
        written.add(batch)
    return written


def _with_revisions(found: Sequence[Found], revise: Iterable[Revise]) -> list[Found]:
    """Return what to write, with the records to write again, each name once.

    One without a passage that is left can't be written, unless the windows told of it.
    """
    again = [Found(item.name, item.why, item.passages) for item in revise]
    by_name: dict[str, Found] = {}
    for item in (*found, *again):
        key = name_key(item.name)
        told = by_name.get(key)
        by_name[key] = _joined(item.name, [told, item]) if told else item
    return [item for item in by_name.values() if item.passages]


async def _all(tasks: Iterable[Awaitable[T]]) -> list[T]:
    """Wait for all `tasks`, also when one fails, so that no paid answer is dropped.

    Raises the first failure.
    """
    results = await asyncio.gather(*tasks, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return [result for result in results if not isinstance(result, BaseException)]


def first_requests(prompts: Prompts, request: Request, terms: Terms, window: int) -> list[Body]:
    """Return what would be asked first, as it is sent: for records at once, or about each window.

    Raises:
        PromptError: a prompt can't be rendered.
    """
    windows = cut_windows(request.parts, window)
    if len(windows) == 1:
        messages = request.messages(prompts, request.parts)
        return [terms.body(messages, "draft", answer_schema(DraftAnswer))]
    return [
        terms.body(
            _survey_messages(prompts, request, parts, number, len(windows)),
            "survey",
            answer_schema(SurveyAnswer),
        )
        for number, parts in enumerate(windows, 1)
    ]


def _survey_messages(
    prompts: Prompts, request: Request, parts: Sequence[Part], window: int, of: int
) -> list[dict[str, str]]:
    return prompts.survey.render(
        name=request.name, window=window, windows=of, passages=lay_out(request.documents, parts)
    )


async def _survey(
    asker: Asker, prompts: Prompts, request: Request, parts: Sequence[Part], window: int, of: int
) -> tuple[list[Found], list[NamedAlternative]]:
    messages = _survey_messages(prompts, request, parts, window, of)
    _, (candidates, alternatives) = await asker.ask_and_read(
        messages, "survey", answer_schema(SurveyAnswer), read_survey
    )
    numbers = {part.passage.number for part in parts}
    found = (_found(candidate, numbers) for candidate in candidates)
    return [item for item in found if item.passages], alternatives


def _found(candidate: Candidate, shown: set[int]) -> Found:
    """Return a candidate with the passages that its window has."""
    passages = tuple(n for n in dict.fromkeys(candidate.passages) if n in shown)
    return Found(one_line(candidate.name), one_line(candidate.summary), passages[:MOST_PASSAGES])


async def _consolidate(
    asker: Asker, prompts: Prompts, request: Request, found: list[Found], window: int
) -> list[Found]:
    """Return one list without duplicates; rounds go on while there is more than one batch."""
    while len(found) > 1:
        batches = list(_listed_batches(found, window))
        merged = await _all(_merge(asker, prompts, request, batch) for batch in batches)
        fewer = [item for batch in merged for item in batch]
        if len(batches) == 1 or len(fewer) >= len(found):
            return fewer
        found = fewer
    return found


def _listed_batches(found: Sequence[Found], window: int) -> Iterator[list[Found]]:
    batch: list[Found] = []
    size = 0
    for item in found:
        tokens = estimate_tokens(f"100. {item.name}: {item.summary}\n")
        if batch and size + tokens > window:
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += tokens
    yield batch


async def _merge(
    asker: Asker, prompts: Prompts, request: Request, found: Sequence[Found]
) -> list[Found]:
    candidates = [
        {"number": number, "name": item.name, "summary": item.summary}
        for number, item in enumerate(found, 1)
    ]
    messages = prompts.consolidate.render(
        name=request.name,
        candidates=candidates,
        known=request.known,
        rejected=request.rejected_lines(request.parts),
    )
    _, (groups, left_out) = await asker.ask_and_read(
        messages, "consolidate", answer_schema(ConsolidateAnswer), read_groups
    )
    return _grouped(groups, left_out, dict(enumerate(found, 1)))


def _grouped(groups: Sequence[Group], left_out: set[int], waiting: dict[int, Found]) -> list[Found]:
    """Return the groups of an answer. A candidate that it forgets stays by itself."""
    merged = []
    for group in groups:
        members = [waiting.pop(n) for n in dict.fromkeys(group.candidates) if n in waiting]
        if members:
            merged.append(_joined(one_line(group.name), members))
    return merged + [item for number, item in waiting.items() if number not in left_out]


def _joined(name: str, members: Sequence[Found]) -> Found:
    """Return members as one: their passages in turn, so that each one's best are kept."""
    longest = max(len(member.passages) for member in members)
    turns = (m.passages[turn] for turn in range(longest) for m in members if turn < len(m.passages))
    passages = tuple(dict.fromkeys(turns))[:MOST_PASSAGES]
    summaries = dict.fromkeys(member.summary for member in members)
    return Found(name, "; ".join(summaries), passages)


def _batches(
    found: Sequence[Found], parts: Sequence[Part], window: int
) -> Iterator[tuple[list[Found], list[Part]]]:
    """Yield capabilities to write together, with the parts that tell of them, in their order."""
    by_number: dict[int, list[Part]] = {}
    for part in parts:
        by_number.setdefault(part.passage.number, []).append(part)
    share = int(SENT_AGAIN * total_size(parts)) // max(1, len(found))
    longest = min(EXCERPT, max(SHORTEST_EXCERPT, share))
    batch: list[Found] = []
    shown: dict[Part, int] = {}
    for item in found:
        kept = _excerpt(item, by_number, longest)
        wider = shown | kept
        if batch and (sum(wider.values()) > window or len(batch) == MOST_RECORDS):
            yield batch, [part for part in parts if part in shown]
            batch, wider = [], kept
        numbers = {part.passage.number for part in kept}
        batch.append(replace(item, passages=tuple(n for n in item.passages if n in numbers)))
        shown = wider
    if batch:
        yield batch, [part for part in parts if part in shown]


def _excerpt(item: Found, by_number: Mapping[int, Sequence[Part]], longest: int) -> dict[Part, int]:
    """Return the parts to write a capability from, with their sizes: a survey saw them all."""
    parts = [part for number in item.passages for part in by_number.get(number, ())]
    parts.sort(key=lambda part: part.passage.kind == "code")
    kept: dict[Part, int] = {}
    for part in parts:
        size = size_of(part)
        if not kept or sum(kept.values()) + size <= longest:
            kept[part] = size
    return kept
