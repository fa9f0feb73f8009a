"""What reviewers made of a draft: known where the workspace holds the same one, with decisions."""

from __future__ import annotations

from capdraft.evaluating.measures import Share
from capdraft.records import Capability, Decision, Evidence, Proposal
from capdraft.workspace import Workspace


def unedited(workspace: Workspace, proposal: Proposal) -> Share | None:
    """Count the decided fields that were accepted as drafted; None where nobody decided."""
    slug = proposal.artifact.slug
    decisions = workspace.decisions(slug)
    for number in workspace.proposals(slug):
        stored = workspace.read_proposal(slug, number).proposal
        if _same(stored, proposal):
            return _accepted([item for item in decisions if item.proposal == number])
    return None


def _same(one: Proposal, two: Proposal) -> bool:
    """Tell whether both hold the same texts and quotes, wherever the documents lay."""
    return list(map(_told, one.capabilities)) == list(map(_told, two.capabilities))


def _told(capability: Capability) -> list[object]:
    fields = [
        (name, field.text, *map(_quoted, field.evidence)) for name, field in capability.fields()
    ]
    return [capability.id, capability.name, *fields]


def _quoted(item: Evidence) -> tuple[str, str]:
    return item.side, item.quote


def _accepted(decisions: list[Decision]) -> Share | None:
    undone = {item.undoes for item in decisions}
    verdicts: dict[tuple[str, str], set[str]] = {}
    for item in decisions:
        if item.verdict != "undo" and item.id not in undone:
            verdicts.setdefault((item.capability, item.field), set()).add(item.verdict)
    if not verdicts:
        return None
    return Share(hits=sum(said == {"accept"} for said in verdicts.values()), of=len(verdicts))
