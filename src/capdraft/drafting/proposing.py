"""What was answered becomes capabilities with ids and evidence, and with them a proposal."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from capdraft import __version__
from capdraft.drafting.answer_models import (
    DraftedCapability,
    DraftedComparison,
    DraftedField,
    NamedAlternative,
    NamedContradiction,
)
from capdraft.drafting.asking import Cost, Terms
from capdraft.drafting.passages import Citations
from capdraft.drafting.writing import Prompts
from capdraft.records import (
    Alternative,
    Capability,
    Contradiction,
    Document,
    DocumentRef,
    Field,
    Passage,
    Run,
)
from capdraft.text import name_key, normalise, sha256, slugify

RunState = Literal["drafted", "empty", "partial"]
DIGEST = 8
"""Hexadecimal digits of a passage's digest. Beside 3,000 others, one new passage in a million is
taken for an old one."""


def make_capabilities(
    records: Iterable[tuple[DraftedCapability, Citations]], taken: Iterable[str] = ()
) -> list[Capability]:
    """Return each record as a capability with an id of its own, none of those in `taken`."""
    ids = set(taken)
    return [_capability(record, citations, ids) for record, citations in records]


def _capability(record: DraftedCapability, citations: Citations, taken: set[str]) -> Capability:
    comparison = record.vs_alternatives
    return Capability(
        id=_free_id(record.name, taken),
        name=record.name,
        intents=tuple(dict.fromkeys(record.intents)),
        description=_field(record.description, citations),
        unique=_field(record.unique, citations) if record.unique else None,
        vs_alternatives=_comparison(comparison, citations) if comparison else None,
    )


def _free_id(name: str, taken: set[str]) -> str:
    base = slugify(name)[:70].rstrip("-_")
    candidate, number = base, 2
    while candidate in taken:
        candidate, number = f"{base}-{number}", number + 1
    taken.add(candidate)
    return candidate


def _field(drafted: DraftedField, citations: Citations) -> Field:
    return Field(
        text=drafted.text,
        passages=tuple(dict.fromkeys(drafted.passages)),
        evidence=tuple(citations.evidence(drafted.passages)),
    )


def _comparison(drafted: DraftedComparison, citations: Citations) -> Field:
    own = citations.evidence(drafted.passages)
    other = citations.evidence(drafted.alternative_passages, "alternative")
    return Field(
        text=drafted.text,
        passages=tuple(dict.fromkeys(drafted.passages)),
        alternative=drafted.alternative,
        alternative_passages=tuple(dict.fromkeys(drafted.alternative_passages)),
        evidence=(*own, *other),
    )


def make_alternatives(
    named: Iterable[tuple[NamedAlternative, Citations]], slugs: Mapping[str, str]
) -> list[Alternative]:
    """Return the alternatives that passages name, with the slugs of their catalog entries."""
    found = []
    for item, citations in named:
        name = " ".join(item.name.split())
        evidence = tuple(citations.evidence(item.passages))
        if evidence:
            slug = slugs.get(name_key(name))
            found.append(Alternative(name=name, catalog=slug, evidence=evidence))
    return found


def join_alternatives(named: Iterable[Alternative]) -> list[Alternative]:
    """Return each alternative once, with all passages that name it."""
    found: dict[str, Alternative] = {}
    for item in named:
        first = found.setdefault(name_key(item.name), item)
        evidence = tuple(dict.fromkeys((*first.evidence, *item.evidence)))
        found[name_key(item.name)] = first.model_copy(update={"evidence": evidence})
    return list(found.values())


def make_contradictions(
    named: Iterable[tuple[NamedContradiction, Citations]],
) -> list[Contradiction]:
    """Return those that cite passages of two documents."""
    found = []
    for item, citations in named:
        one, two = (
            tuple(citations.evidence(numbers)) for numbers in (item.passages, item.other_passages)
        )
        if one and two and not {e.document for e in one} & {e.document for e in two}:
            about = " ".join(item.about.split())
            found.append(Contradiction(about=about, found_by="model", evidence=one, other=two))
    return found


def references(
    documents: Sequence[Document], records: Sequence[Document], read: Collection[str]
) -> tuple[DocumentRef, ...]:
    """Return the documents, and those of the catalog records that were `read`, by their id."""
    numbered = [(f"d{number}", item) for number, item in enumerate((*documents, *records), 1)]
    own = len(documents)
    return tuple(
        DocumentRef.of(
            document, ref, seen=(" ".join(digests(document)) or None) if place < own else None
        )
        for place, (ref, document) in enumerate(numbered)
        if place < own or document.uri in read
    )


def digests(document: Document) -> list[str]:
    """Return the digest of each passage that is not boilerplate."""
    return [digest(document, p) for p in document.passages if p.boilerplate is None]


def digest(document: Document, passage: Passage) -> str:
    """Return a short hash of what a passage says, with its table's header."""
    quote = normalise(document.text[passage.start : passage.end])
    return sha256(f"{normalise(passage.header or '')}\t{quote}")[:DIGEST]


def make_run(
    started: datetime, terms: Terms, prompts: Prompts, cost: Cost, windows: int, state: RunState
) -> Run:
    """Return how a proposal came about."""
    parameters: dict[str, Any] = {
        "structured_output": terms.shape.way,
        **json.loads(json.dumps(dict(terms.parameters))),
    }
    return Run(
        started=started,
        by=terms.by,
        tool=f"capdraft {__version__}",
        state=state,
        model=terms.model,
        answered_by=tuple(cost.answered_by),
        endpoint=terms.endpoint_url,
        replayed=True if terms.played else None,
        prompt=prompts.draft.name,
        prompt_sha256=prompts.sha256,
        parameters=parameters,
        windows=windows,
        calls=cost.calls,
        from_ledger=cost.from_ledger,
        attempts=cost.attempts,
        prompt_tokens=cost.prompt_tokens,
        completion_tokens=cost.completion_tokens,
        cost_usd=cost.cost_usd,
        seconds=round(cost.seconds, 2),
    )
