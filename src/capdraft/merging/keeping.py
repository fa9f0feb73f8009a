"""Keeping what was changed in a catalog file by hand: it becomes a decision like any other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from capdraft.errors import NotFound, ReviewRefused
from capdraft.merging.reconciling import ALL, Difference
from capdraft.merging.statements import Aspect, Cited, Statement, cite, statement
from capdraft.merging.withdrawing import withdraw
from capdraft.records import CatalogEntry, Decision, Evidence, FieldName, Names, Withdrawal
from capdraft.records.evidence import evidence_hash
from capdraft.reviewing import Judgement, Review, Target, approve, edit, open_review, refusal
from capdraft.workspace import Workspace

_ELSEWHERE: dict[Aspect, str] = {
    "evidence": "where a quote stands comes from the document",
    "drafted_by": "who drafted it is told by its proposal",
    "approvals": "approvals are told by decisions",
    "value": "facts of the artifact come from its documents: mend them there, and draft it again",
}


_DECIDED: set[Aspect] = {"text", "evidence", "name", "intents", "alternative"}
"""What an edit can say."""


def chosen(differences: Sequence[Difference], paths: Sequence[str]) -> list[Difference]:
    """Return the differences at `paths`, or all of them for "all".

    Raises:
        NotFound: nothing differs at one of them.
    """
    if ALL in paths:
        return [item for item in differences if item.kind != "kept-along"]
    at = {item.path: item for item in differences}
    for path in paths:
        if path not in at:
            listed = ", ".join(at) or "nothing"
            raise NotFound(f"nothing differs at {path!r}", hint=f"What differs: {listed}")
    return [at[path] for path in dict.fromkeys(paths)]


def keep(
    workspace: Workspace, slug: str, difference: Difference, judgement: Judgement
) -> Decision | Withdrawal:
    """Write down what the catalog file says as a decision of the reviewer.

    Raises:
        ReviewRefused: the rules don't allow it, or it is nothing that is decided.
        NotFound: no proposal has that field.
        Busy: others keep deciding.
    """
    entry = workspace.read_entry_as_is(slug).entry
    id_, _, name = difference.path.rpartition(".")
    if entry is not None and name == "withdrawn":
        return _withdraw(workspace, entry, id_, judgement.reviewer)
    for item in difference.texts:
        if item.aspect in ("approvals", "value"):
            raise _not_decided(slug, difference.path, [item.aspect])
    record = next((item for item in entry.capabilities if item.id == id_), None) if entry else None
    ours = statement(entry, record, cast("FieldName", name)) if entry and record else None
    if ours is None:
        raise NotFound(f"catalog/{slug}.json has no {difference.path} any more")
    review = _opened(workspace, Target(slug, id_, cast("FieldName", name)))
    others = ours.differing(_as_it_stands(review)) - _DECIDED
    if others:
        raise _not_decided(slug, difference.path, sorted(others))
    return _decided(review, judgement, ours, difference.path)


def _withdraw(workspace: Workspace, entry: CatalogEntry, id_: str, reviewer: str) -> Withdrawal:
    told = {item.id: item for item in entry.withdrawn_records}
    said = told.get(id_) or entry.withdrawn
    if said is None:
        raise NotFound(f"catalog/{entry.artifact.slug}.json withdraws no {id_} any more")
    return withdraw(
        workspace,
        entry.artifact.slug,
        id_ if id_ in told else None,
        reviewer=reviewer,
        reason=said.reason,
        note=said.note,
    )


def _not_decided(slug: str, path: str, aspects: Sequence[Aspect]) -> ReviewRefused:
    return ReviewRefused(
        f"{path} can't be kept: {'; '.join(_ELSEWHERE[aspect] for aspect in aspects)}",
        where=f"catalog/{slug}.json",
        hint=f"`capdraft merge {slug} --discard {path}` writes what is on file.",
    )


def _as_it_stands(review: Review) -> Statement:
    """Return what the field that is to be decided says now."""
    (state,) = review.selected
    proposal = review.stored.proposal
    cited = cite(state.field.evidence, {ref.id: ref for ref in proposal.documents})
    if state.name != "description":
        return Statement(state.text, state.field.alternative, cited)
    names = (state.capability.name, state.capability.intents, proposal.run.model)
    return Statement(state.text, state.field.alternative, cited, *names)


def _opened(workspace: Workspace, target: Target) -> Review:
    """Return the review of the newest proposal that has the field."""
    for number in reversed(workspace.proposals(target.slug)):
        proposal = workspace.read_proposal(target.slug, number).proposal
        capability = proposal.capability(str(target.capability))
        if capability and target.field and capability.field(target.field):
            return open_review(workspace, target, number)
    path = f"{target.capability}.{target.field}"
    raise NotFound(
        f"no proposal of {target.slug!r} has {path}: there is nothing to decide on",
        hint=f"Draft it, or `capdraft merge {target.slug} --discard {path}`.",
    )


def _decided(review: Review, judgement: Judgement, ours: Statement, path: str) -> Decision:
    (state,) = review.selected
    differing = ours.differing(_as_it_stands(review))
    evidence = None
    if "evidence" in differing:
        ids = {uri: id_ for id_, uri in review.stored.proposal.uris.items()}
        evidence = _as_cited(ours.cited, ids, review)
        same = evidence_hash(evidence, review.stored.proposal.uris) == state.evidence_sha256
        if same and differing == {"evidence"}:
            raise _not_decided(review.slug, path, ["evidence"])
    if not differing:
        taken, refused = approve(review, judgement)
        if refused:
            raise refusal(review.stored, refused[0])
        return taken[0] if taken else state.approvals[-1]
    names = Names(name=ours.name, intents=ours.intents, alternative=ours.alternative)
    return edit(review, judgement, ours.text, evidence, names.belonging(state.name))


def _as_cited(cited: Sequence[Cited], ids: dict[str, str], review: Review) -> tuple[Evidence, ...]:
    for item in cited:
        if item.uri not in ids:
            raise ReviewRefused(
                f"it cites {item.uri}, which is no document of {review.stored.name}",
                hint="Cite a document of the proposal, or draft the artifact with that one.",
            )
    return tuple(item.item.model_copy(update={"document": ids[item.uri]}) for item in cited)
