"""What reviewers said of planted errors: written apart from the decisions, and read back."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from difflib import SequenceMatcher
from typing import Literal

from pydantic import ValidationError

from capdraft.errors import FileChanged, FileInvalid, ReviewRefused
from capdraft.records import NO_NAMES, Evidence, Names
from capdraft.records.evidence import evidence_hash
from capdraft.records.seeds import Outcome
from capdraft.reviewing.deciding import new_names
from capdraft.reviewing.judging import Judgement, Refusal, refusal
from capdraft.reviewing.review import Review
from capdraft.reviewing.seeding.planting import Seed
from capdraft.reviewing.states import FieldState
from capdraft.text import normalise
from capdraft.workspace import Workspace
from capdraft.workspace.parsing import invalid

FOLDER = "reviews/_seeds"
"""No artifact: a slug starts with a letter or a digit."""
SECRET = ".capdraft/seed-secret"  # noqa: S105 - where it is
_WORD = re.compile(r"[^\W_]+(?:[.,'’-][^\W_]+)*%?")


def seed_secret(workspace: Workspace) -> str:
    """Return what decides where errors are planted; it is made once and never committed."""
    stored = workspace.store.read(SECRET)
    if stored is None or not stored.text.strip():
        before = stored.sha256 if stored else None
        with suppress(FileChanged):  # another run made it at the same time
            workspace.store.replace(SECRET, secrets.token_hex(32) + "\n", if_sha256=before)
        stored = workspace.store.read(SECRET)
    return stored.text.strip() if stored else ""


def answer(
    review: Review,
    seed: Seed,
    judgement: Judgement,
    verdict: Literal["accept", "edit", "reject"],
    *,
    text: str | None = None,
    evidence: Sequence[Evidence] | None = None,
    names: Names = NO_NAMES,
) -> Outcome:
    """Write down what a reviewer said of a planted error; no decision is taken.

    `text`, `evidence` and `names` are those of an edit; nothing is ever planted in names.

    Raises:
        ReviewRefused: the same decision on a true claim would be refused.
    """
    _check_allowed(review, seed, judgement, verdict, text, evidence, names)
    outcome = Outcome(
        time=datetime.now(UTC),
        reviewer=judgement.reviewer,
        artifact=review.slug,
        proposal=review.stored.number,
        capability=seed.true.capability.id,
        field=seed.true.name,
        kind=seed.kind,
        text=seed.state.text,
        text_sha256=seed.true.text_sha256,
        verdict=verdict,
        caught=verdict == "reject"
        or (verdict == "edit" and _is_mended(review, seed, text, evidence)),
        seconds=judgement.seconds,
        bulk=judgement.bulk.size if judgement.bulk else None,
    )
    data = outcome.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    line = json.dumps({"schema": outcome.schema_, **data}, ensure_ascii=False)
    review.workspace.store.append(f"{FOLDER}/{outcome.reviewer}.jsonl", line)
    return outcome


def _check_allowed(
    review: Review,
    seed: Seed,
    judgement: Judgement,
    verdict: str,
    text: str | None,
    evidence: Sequence[Evidence] | None,
    names: Names,
) -> None:
    state = seed.state
    if verdict == "reject":
        return
    cited, names = None if evidence is None else tuple(evidence), new_names(state, names)
    if verdict == "edit" and not (names or _is_edited(review, state, text, cited)):
        raise ReviewRefused(f"the text of {state.path} is unchanged", hint="Approve it instead.")
    findings = review.findings(state, judgement.severities, text, cited, names)
    against = judgement.open_errors(findings)
    if against:
        raise refusal(review.stored, Refusal(state, tuple(against)))


def _is_edited(
    review: Review, state: FieldState, text: str | None, evidence: tuple[Evidence, ...] | None
) -> bool:
    uris = review.stored.proposal.uris
    return (text is not None and normalise(text) != normalise(state.text)) or (
        evidence is not None and evidence_hash(evidence, uris) != state.evidence_sha256
    )


def outcomes(workspace: Workspace, reviewer: str | None = None) -> list[Outcome]:
    """Return what reviewers (or one) said of planted errors, oldest first.

    Raises:
        FileInvalid: a line isn't what its schema says.
    """
    names = [f"{reviewer}.jsonl"] if reviewer else workspace.store.list(FOLDER)
    found = [
        outcome
        for name in names
        if name.endswith(".jsonl")
        for outcome in _outcomes_of(workspace, f"{FOLDER}/{name}", name.removesuffix(".jsonl"))
    ]
    return sorted(found, key=lambda outcome: outcome.time)


def answered(workspace: Workspace, reviewer: str) -> frozenset[tuple[str, str]]:
    """Return the texts that were planted for a reviewer before, as `plant` takes them.

    Raises:
        FileInvalid: a line of the reviewer's file isn't what its schema says.
    """
    return frozenset(outcome.seen for outcome in outcomes(workspace, reviewer))


def _outcomes_of(workspace: Workspace, name: str, reviewer: str) -> list[Outcome]:
    stored = workspace.store.read(name)
    found = []
    for number, line in enumerate(stored.text.split("\n") if stored else [], 1):
        if not line.strip():
            continue
        where = f"{name}:{number}"
        try:
            outcome = Outcome.model_validate_json(line)
        except ValidationError as error:
            raise invalid(error, where) from error
        if outcome.reviewer != reviewer:
            raise FileInvalid(f"an answer of {outcome.reviewer!r} in this file", where=where)
        found.append(outcome)
    return found


def _is_mended(
    review: Review, seed: Seed, text: str | None, evidence: Sequence[Evidence] | None
) -> bool:
    """Tell whether an edit changed what was spoiled, or cites something else."""
    if evidence is not None and _is_edited(review, seed.state, None, tuple(evidence)):
        return True
    return text is not None and changes_spoiled(seed.true.text, seed.state.text, text)


def changes_spoiled(true: str, planted: str, edited: str) -> bool:
    """Tell whether `edited` leaves out a word that `planted` says and `true` does not."""
    right, wrong, now = (
        [word.casefold() for word in _WORD.findall(text)] for text in (true, planted, edited)
    )
    spoiled = set(range(len(wrong))) - _kept(wrong, right)
    return bool(spoiled - _kept(wrong, now))


def _kept(words: list[str], others: list[str]) -> set[int]:
    """Return the places of the words that stand in `others` too, in the same order."""
    blocks = SequenceMatcher(None, words, others, False).get_matching_blocks()
    return {place for block in blocks for place in range(block.a, block.a + block.size)}
