"""What changed in the reviews and the catalog since a commit, artifact by artifact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from capdraft.errors import FileInvalid, NotFound
from capdraft.records import NO_NAMES, Decision, Evidence, Finding, Names
from capdraft.reviewing import (
    Explanation,
    FieldState,
    Review,
    Target,
    Version,
    explanation,
    field_states,
    open_review,
    standing_findings,
)
from capdraft.text import is_slug
from capdraft.workspace import StoredEntry, Workspace

COUNTED = ("approved", "edited", "rejected", "waiting", "stale", "conflicting")
_NAMED = {"name": "named", "intents": "for", "alternative": "compared with"}
InCatalog = Literal["", "unchanged", "new", "changed", "removed"]


@dataclass(frozen=True, slots=True)
class Judged:
    """A decision, and what it was about, where that can still be found."""

    decision: Decision
    text: str = ""
    """The text that was judged; of an edit, the one before."""
    quote: Evidence | None = None
    """The first passage that the field cites: of an edit, now."""
    document: str = ""
    """The quoted document's URI."""
    took_back: Decision | None = None
    """Of an undo: what it takes back."""
    names: Names = NO_NAMES
    """What was judged with the text; of an edit, before."""

    @property
    def path(self) -> str:
        """Return CAPABILITY.FIELD."""
        return f"{self.decision.capability}.{self.decision.field}"

    @property
    def renamed(self) -> list[str]:
        """The names that an edit gives, each with the one before."""
        told = []
        for what, (old, new) in self.decision.names.beside(self.names).items():
            told.append(f"{_NAMED[what]} “{new}”" + (f" instead of “{old}”" if old else ""))
        return told


@dataclass(frozen=True, slots=True)
class ArtifactChange:
    """What changed in one artifact, and how its fields stand now."""

    slug: str
    name: str
    proposals: tuple[str, ...] = ()
    """Files of the proposals that are new."""
    counts: Mapping[str, int] | None = None
    """How many fields of the newest proposal stand how, by the words in `COUNTED`."""
    decided: tuple[Judged, ...] = ()
    """In the order of the fields, and of time."""
    gone: int = 0
    """Decisions that were there before and are no more: decisions are only ever added."""
    stays_out: tuple[Explanation, ...] = ()
    errors: tuple[tuple[Finding, str], ...] = ()
    """Error findings that stand, each with its FILE:LINE."""
    catalog: InCatalog = ""


def changed_artifacts(names: Sequence[str]) -> list[str]:
    """Return the slugs of the artifacts that files below reviews/ and catalog/ belong to."""
    found = set()
    for name in names:
        folder, _, rest = name.partition("/")
        slug = rest.partition("/")[0] if folder == "reviews" else rest.removesuffix(".json")
        if is_slug(slug):
            found.add(slug)
    return sorted(found)


def artifact_change(
    workspace: Workspace, before: Workspace, slug: str, severities: Mapping[str, str]
) -> ArtifactChange:
    """Return what changed in an artifact since `before`, the workspace as it was.

    Raises:
        FileInvalid: one of its files isn't what its schema says now.
    """
    present = workspace.read_entry_as_is(slug)
    catalog = _in_catalog(before.store.read(f"catalog/{slug}.json") is not None, present, before)
    if not workspace.proposals(slug):
        name = present.entry.artifact.name if present.entry else slug
        return ArtifactChange(slug, name, catalog=catalog, gone=len(_decided_before(before, slug)))
    review = open_review(workspace, Target(slug))
    decisions, known = workspace.decisions(slug), _decided_before(before, slug)
    errors = [f for f in standing_findings(review, severities) if f[0].severity == "error"]
    open_fields = (state for state in review.states if state.status != "rejected")
    told = (explanation(review, state, severities) for state in open_fields)
    new = sorted(set(workspace.proposals(slug)) - set(before.proposals(slug)), key=int)
    return ArtifactChange(
        slug,
        review.stored.proposal.artifact.name,
        proposals=tuple(f"reviews/{slug}/{number}.toml" for number in new),
        counts=_counts(review.states),
        decided=tuple(_judged(review, decisions, known)),
        gone=len(known - {decision.id for decision in decisions}),
        stays_out=tuple(e for e in told if not e.may_merge),
        errors=tuple(errors),
        catalog=catalog,
    )


def _in_catalog(was_there: bool, present: StoredEntry, before: Workspace) -> InCatalog:
    if present.entry is None:
        return "removed" if was_there else ""
    if not was_there:
        return "new"
    old = before.store.read(f"catalog/{present.entry.artifact.slug}.json")
    return "unchanged" if old == present.stored else "changed"


def _decided_before(before: Workspace, slug: str) -> frozenset[str]:
    try:
        return frozenset(decision.id for decision in before.decisions(slug))
    except FileInvalid:
        return frozenset()  # what mends a broken file can still be shown


def _counts(states: Sequence[FieldState]) -> dict[str, int]:
    found = Counter(_standing(state) for state in states)
    return {word: found[word] for word in COUNTED}


def _standing(state: FieldState) -> str:
    if state.status == "approved":
        return "edited" if state.edit else "approved"
    return "waiting" if state.status == "pending" else state.status


def _judged(
    review: Review, decisions: Sequence[Decision], known: frozenset[str]
) -> Iterator[Judged]:
    """Yield the new decisions that nobody took back, and new ones that take back an old one."""
    by_id = {decision.id: decision for decision in decisions}
    fresh = [decision for decision in decisions if decision.id not in known]
    undone = {decision.undoes for decision in decisions if decision.undoes}
    shown = [d for d in fresh if (d.undoes in known if d.undoes else d.id not in undone)]
    seen = _Seen(review, decisions)
    order = {state.path: place for place, state in enumerate(review.states)}
    paths = {decision.id: f"{decision.capability}.{decision.field}" for decision in shown}
    for decision in sorted(shown, key=lambda d: (order.get(paths[d.id], len(order)), paths[d.id])):
        if decision.undoes:
            yield Judged(decision, took_back=by_id.get(decision.undoes))
        else:
            yield seen.judged(decision)


class _Seen:
    """The texts that reviewers of an artifact saw, found by their hashes."""

    def __init__(self, review: Review, decisions: Sequence[Decision]) -> None:
        self._review, self._decisions = review, decisions
        self._versions: dict[str, dict[tuple[str, ...], tuple[Version, Mapping[str, str]]]] = {}

    def judged(self, decision: Decision) -> Judged:
        versions = self._of(decision.proposal)
        where = (decision.capability, decision.field)
        found = versions.get((*where, decision.text_sha256, decision.evidence_sha256))
        after = versions.get((*where, decision.id)) or found
        if found is None or after is None:
            return Judged(decision)
        version, uris = after
        quote = next(iter(version.evidence), None)
        document = uris[quote.document] if quote else ""
        return Judged(decision, found[0].text, quote, document, names=found[0].names)

    def _of(self, number: str) -> dict[tuple[str, ...], tuple[Version, Mapping[str, str]]]:
        """Return the texts of a proposal by their hashes, and by the edits that they are of."""
        if number in self._versions:
            return self._versions[number]
        found = self._versions.setdefault(number, {})
        slug = self._review.stored.proposal.artifact.slug
        try:
            proposal = self._review.workspace.read_proposal(slug, number).proposal
        except NotFound:
            return found
        for state in field_states(proposal, self._decisions, {}):
            where = (state.capability.id, state.name)
            for version in state.versions:
                found[*where, *version.hashes] = version, proposal.uris
                if version.edit:
                    found[*where, version.edit.id] = version, proposal.uris
        return found
