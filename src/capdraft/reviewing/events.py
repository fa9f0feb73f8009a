"""What happened to an artifact, oldest first: its proposals, decisions and withdrawals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from capdraft.records import NO_NAMES, Decision, Withdrawal
from capdraft.reviewing.states import field_states, standing_decisions
from capdraft.workspace import StoredProposal, Workspace

_DID = {"accept": "approved", "edit": "edited and approved", "reject": "rejected"}


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: when, by whom (a reviewer or a model), and what."""

    time: datetime
    who: str
    what: str
    lines: tuple[str, ...] = ()
    number: str | None = None
    """Of a draft: the number of its proposal."""


def history(workspace: Workspace, slug: str) -> list[Event]:
    """Return the events of an artifact, oldest first.

    Raises:
        NotFound: it has no proposal.
        FileInvalid: one of its files isn't what its schema says.
    """
    workspace.read_proposal(slug)  # tells of a slug that has none
    decisions = workspace.decisions(slug)
    undone = {decision.id for decision in decisions} - {
        decision.id for decision in standing_decisions(decisions)
    }
    events = [_decided(decision, decision.id in undone) for decision in decisions]
    for number in workspace.proposals(slug):
        stored = workspace.read_proposal(slug, number)
        # A draft's time is cut to its second: what was decided in that second came before it.
        started = stored.proposal.run.started + timedelta(seconds=1)
        before = [decision for decision in decisions if decision.time < started]
        events.append(_drafted(stored, started, before))
    events += [_withdrawn(slug, said) for said in workspace.withdrawals(slug)]
    return sorted(events, key=lambda event: event.time)


def _drafted(stored: StoredProposal, started: datetime, before: list[Decision]) -> Event:
    proposal, run = stored.proposal, stored.proposal.run
    count = len(proposal.capabilities)
    by = f" for {run.by}" if run.by else ""
    did = "imported" if run.imported else "drafted"
    did = "grounded" if "ground" in run.parameters else did
    what = f"{did} {stored.name}{by}: {count} capabilities"
    return Event(started, run.model, what, tuple(_changes(stored, before)), stored.number)


def _changes(stored: StoredProposal, before: list[Decision]) -> Iterator[str]:
    changes = stored.proposal.changes
    if changes is None:
        return
    for what in ("added", "changed", "carried_over"):
        ids = getattr(changes, what)
        if ids:
            yield f"{what.replace('_', ' ')} since {changes.since}: {', '.join(ids)}"
    for lost in changes.lost:
        yield f"lost {lost.capability}.{lost.field}: {lost.why}"
    # As they were when it was drafted: whether the documents changed since is another matter.
    states = field_states(stored.proposal, before, {})
    kept = [state.path for state in states if state.status in ("approved", "rejected")]
    if kept:
        yield f"decisions that carried over: {', '.join(kept)}"


def _withdrawn(slug: str, said: Withdrawal) -> Event:
    path = f"{slug}/{said.capability}" if said.capability else slug
    lines = (f"note: {said.note}",) if said.note else ()
    did = f"withdrew {path}: {said.reason}" if said.verdict == "withdraw" else f"restored {path}"
    return Event(said.time, said.reviewer, did, lines)


def _decided(decision: Decision, undone: bool) -> Event:
    path = f"{decision.capability}.{decision.field}"
    if decision.verdict == "undo":
        return Event(decision.time, decision.reviewer, f"took back {decision.undoes} on {path}")
    what = f"{_DID[decision.verdict]} {path} of {decision.proposal}"
    if decision.reason:
        what += f": {decision.reason}"
    if undone:
        what += " (taken back later)"
    lines = [f"despite {', '.join(decision.despite)}"] if decision.despite else []
    lines += ["as an editorial statement"] if decision.editorial else []
    lines += [f"note: {decision.note}"] if decision.note else []
    lines += [f"{what}: {new}" for what, (_, new) in decision.names.beside(NO_NAMES).items()]
    lines += [f"text: {decision.text}"] if decision.text else []
    if decision.evidence is not None:
        cited = (f"{item.document}:{item.start}-{item.end}" for item in decision.evidence)
        lines += [f"citing: {', '.join(cited) or 'nothing'}"]
    lines += [f"one of {decision.bulk.size} decided at once"] if decision.bulk else []
    return Event(decision.time, decision.reviewer, what, tuple(lines))
