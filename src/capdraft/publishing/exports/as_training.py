"""What reviewers made of drafts, one decided text a line: `capdraft/training/1`.

Read from proposals and decisions alone: planted errors are kept elsewhere and never get in.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from capdraft.merging import withdrawn_now
from capdraft.publishing.exports.models import Source, TrainingExample
from capdraft.records import Evidence
from capdraft.reviewing import FieldState, field_states, workspace_policy
from capdraft.workspace import StoredProposal, Workspace


def training_examples(workspace: Workspace, slug: str) -> Iterator[TrainingExample]:
    """Yield an example for each text of an artifact that was approved or rejected.

    A text that several proposals have is one example, of the oldest. Documents are not looked at:
    what was decided stays decided when they change. What was withdrawn is left out: its approval
    was a mistake, or nobody may pass its texts on.

    Raises:
        NotFound: the artifact has no proposal.
        FileInvalid: one of its files isn't what its schema says.
    """
    workspace.read_proposal(slug)  # tells of a slug that has none
    decisions, policy = workspace.decisions(slug), workspace_policy(workspace, slug)
    withdrawn = withdrawn_now(workspace, slug)
    if None in withdrawn:
        return
    seen = set()
    for number in workspace.proposals(slug):
        stored = workspace.read_proposal(slug, number)
        for state in field_states(stored.proposal, decisions, {}, policy):
            text = (state.capability.id, state.name, state.versions[0].hashes)
            if state.capability.id in withdrawn:
                continue
            if state.status in ("approved", "rejected") and text not in seen:
                seen.add(text)
                yield _example(stored, state)


def training_line(example: TrainingExample, with_names: bool = False) -> str:
    """Return an example as a line, without the reviewers' names unless they are asked for."""
    hidden = None if with_names else {"reviewers"}
    data = example.model_dump(mode="json", by_alias=True, exclude_none=True, exclude=hidden)
    return json.dumps(data, ensure_ascii=False) + "\n"


def _example(stored: StoredProposal, state: FieldState) -> TrainingExample:
    proposal, drafted = stored.proposal, state.versions[0]
    changed = state.edit is not None and state.versions[-1].hashes != drafted.hashes
    # The name of a description that was edited goes with its other fields too.
    drafted_as = proposal.capability(state.capability.id) or state.capability
    is_rejected = state.status == "rejected"
    counted = state.rejections if is_rejected else state.approvals
    cited_anew = changed and state.evidence_sha256 != drafted.evidence_sha256
    names = state.versions[-1].names.differing(drafted.names)
    return TrainingExample(
        artifact=proposal.artifact.slug,
        artifact_name=proposal.artifact.name,
        artifact_type=proposal.artifact.type,
        proposal=stored.number,
        capability=state.capability.id,
        name=drafted_as.name,
        intents=drafted_as.intents,
        field=state.name,
        alternative=state.drafted.alternative,
        model=proposal.run.model,
        prompt_sha256=proposal.run.prompt_sha256,
        sources=_sources(drafted.evidence, proposal.uris),
        draft=drafted.text,
        decision="reject" if is_rejected else "edit" if changed else "accept",
        final=None if is_rejected else state.text,
        final_sources=_sources(state.versions[-1].evidence, proposal.uris)
        if cited_anew and not is_rejected
        else None,
        final_names=names if names and not is_rejected else None,
        rejected=state.text if is_rejected and changed else None,
        reasons=tuple(dict.fromkeys(d.reason for d in counted if d.reason)),
        notes=tuple(decision.note for decision in counted if decision.note),
        editorial=any(decision.editorial for decision in counted),
        despite=tuple(dict.fromkeys(code for d in counted for code in d.despite)),
        decided=max(decision.time for decision in counted),
        reviewers=tuple(dict.fromkeys(decision.reviewer for decision in counted)),
    )


def _sources(evidence: tuple[Evidence, ...], uris: Mapping[str, str]) -> tuple[Source, ...]:
    return tuple(
        Source(**{**item.model_dump(), "document": uris[item.document]}) for item in evidence
    )
