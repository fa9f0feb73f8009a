"""CD110, CD111: what a model that judges said of a field, where somebody asked one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from capdraft.checking.claims import Claim, Problem, rule, shown
from capdraft.records import (
    Capability,
    Evidence,
    FieldName,
    JudgedSentence,
    JudgedVerdict,
    ModelJudgement,
    Proposal,
)
from capdraft.records.evidence import evidence_hash
from capdraft.text import check_slug
from capdraft.workspace import Workspace
from capdraft.workspace.parsing import parse_json, validated

NOBODY = "anybody"
"""Names the file of who is not known by name."""


class Judgements:
    """What models said of an artifact's fields; it holds for the text and evidence they read."""

    def __init__(self, said: Iterable[ModelJudgement] = ()) -> None:
        self._said: dict[tuple[str, str], list[ModelJudgement]] = {}
        for item in said:
            self._said.setdefault(item.bound_to, []).append(item)

    def newest(
        self,
        capability: Capability,
        name: FieldName,
        text: str,
        evidence: Sequence[Evidence],
        uris: Mapping[str, str],
    ) -> ModelJudgement | None:
        """Return what was said last of a field that says `text` and cites `evidence`, or None."""
        if not self._said:
            return None
        hashes = capability.text_hash(name, text), evidence_hash(tuple(evidence), uris)
        return max(self._said.get(hashes, ()), key=lambda item: item.time, default=None)

    def of(self, proposal: Proposal) -> dict[tuple[str, FieldName], ModelJudgement]:
        """Return what was said of the fields of a proposal as they were drafted."""
        return {
            (capability.id, name): said
            for capability in proposal.capabilities
            for name, field in capability.fields()
            if (said := self.newest(capability, name, field.text, field.evidence, proposal.uris))
        }

    def by(self, model: str, prompt_sha256: str) -> set[tuple[str, str]]:
        """Return the hashes of what `model` was asked about with this prompt."""
        return {
            hashes
            for hashes, said in self._said.items()
            if any((item.model, item.prompt_sha256) == (model, prompt_sha256) for item in said)
        }


def read_judgements(workspace: Workspace, slug: str) -> Judgements:
    """Return what models said of an artifact.

    Raises:
        FileInvalid: a line isn't a judgement.
    """
    folder = f"reviews/{check_slug(slug)}/judgements"
    names = [name for name in workspace.store.list(folder) if name.endswith(".jsonl")]
    return Judgements(item for name in names for item in _read(workspace, f"{folder}/{name}"))


def _read(workspace: Workspace, name: str) -> Iterator[ModelJudgement]:
    stored = workspace.store.read(name)
    for number, line in enumerate(stored.text.split("\n") if stored else (), 1):
        if line.strip():
            where = f"{name}:{number}"
            yield validated(ModelJudgement, parse_json(line, where), where)


def keep_judgement(workspace: Workspace, slug: str, said: ModelJudgement) -> None:
    """Add a judgement to the file of who ran it."""
    data = said.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    line = json.dumps({"schema": said.schema_, **data}, ensure_ascii=False)
    name = f"reviews/{check_slug(slug)}/judgements/{said.by or NOBODY}.jsonl"
    workspace.store.append(name, line)


@rule(
    "CD110",
    "judged-unsupported",
    "warning",
    "A model that was asked finds a sentence in no cited passage.",
)
def judged_unsupported(claim: Claim) -> Iterator[Problem]:
    """Tell which sentences a model calls unsupported; nothing where no model was asked."""
    for item, model in _judged(claim, "unsupported"):
        said = f"no cited passage says '{shown(item.text)}'"
        yield _problem(claim, item, f"{said}, {model} judges: {item.reason}")


@rule(
    "CD111",
    "judged-contradicted",
    "warning",
    "A model that was asked finds that a passage says otherwise.",
)
def judged_contradicted(claim: Claim) -> Iterator[Problem]:
    """Tell which sentences a model calls contradicted; nothing where no model was asked."""
    for item, model in _judged(claim, "contradicted"):
        passage = item.passages[0] if item.passages else None
        where = f"[{passage.passage}] '{shown(passage.quote)}'" if passage else "a passage"
        said = f"{where} says otherwise than '{shown(item.text)}'"
        yield _problem(claim, item, f"{said}, {model} judges: {item.reason}")


def _judged(claim: Claim, verdict: JudgedVerdict) -> Iterator[tuple[JudgedSentence, str]]:
    said = claim.judged
    for item in said.sentences if said else ():
        if said and item.verdict == verdict:
            yield item, said.model


def _problem(claim: Claim, item: JudgedSentence, message: str) -> Problem:
    """Return the problem with its span; a text may be laid out otherwise than it was judged."""
    start = claim.field.text.find(item.text)
    if start < 0:
        return Problem(message)
    return Problem(message, start, start + len(item.text))
