"""What artifacts are compared with: named in their docs, in the catalog or not, proven or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from capdraft.checking import content_words
from capdraft.records import Capability, CatalogEntry, Decision, Proposal, Record
from capdraft.reviewing import field_states
from capdraft.text import name_key
from capdraft.workspace import Workspace

NEAR = 2
"""Words that a capability must share with a record to be worth comparing with it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An alternative that is not in the catalog.

    `comparisons` are the drafted comparisons that its records could prove, as SLUG/CAPABILITY;
    `named_by` the artifacts whose docs name it.
    """

    name: str
    comparisons: tuple[str, ...]
    named_by: tuple[str, ...]


def catalog_names(workspace: Workspace) -> dict[str, CatalogEntry]:
    """Return each catalog entry that has records, by the keys of its name and of its slug.

    Raises:
        FileInvalid: an entry isn't what its schema says.
    """
    entries = (workspace.read_entry(slug).entry for slug in workspace.catalog())
    return by_name(entry for entry in entries if entry)


def by_name(entries: Iterable[CatalogEntry]) -> dict[str, CatalogEntry]:
    """Return the entries that have records, by the keys of their names and slugs."""
    filled = [entry for entry in entries if entry.capabilities]
    by_slug = {name_key(entry.artifact.slug): entry for entry in filled}
    return by_slug | {name_key(entry.artifact.name): entry for entry in filled}


def is_proven(capability: Capability) -> bool:
    """Tell whether a comparison, if there is one, has evidence of the other side."""
    field = capability.vs_alternatives
    return field is None or any(item.side == "alternative" for item in field.evidence)


def awaits_proof(proposal: Proposal) -> bool:
    """Tell whether the catalog could prove a comparison of `proposal`, whatever is in it."""
    return any(item.catalog is None for item in proposal.alternatives) or not all(
        map(is_proven, proposal.capabilities)
    )


def provable(
    proposal: Proposal, names: Mapping[str, CatalogEntry]
) -> dict[str, tuple[str, CatalogEntry]]:
    """Return what the catalog can prove now: (alternative, its entry) by capability id.

    Those that were drafted without evidence of the other side; and for an alternative that the
    docs name and that had no records then, one of the capability that is nearest to its records.
    What a run has read and could not prove is passed over. `names` is as `catalog_names` gives it.
    """
    read = {*proposal.uris.values(), f"catalog/{proposal.artifact.slug}.json"}
    others = {k: v for k, v in names.items() if f"catalog/{v.artifact.slug}.json" not in read}
    found: dict[str, tuple[str, CatalogEntry]] = {}
    for capability in proposal.capabilities:
        field = capability.vs_alternatives
        entry = others.get(name_key(field.alternative or "")) if field else None
        if field and field.alternative and entry and not is_proven(capability):
            found[capability.id] = (field.alternative, entry)
    for item in proposal.alternatives:
        entry = others.get(name_key(item.name))
        if entry and item.catalog is None:
            free = [c for c in proposal.capabilities if not c.vs_alternatives and c.id not in found]
            near = max(free, key=lambda c: _nearness(c, entry), default=None)
            if near and _nearness(near, entry) >= NEAR:
                found[near.id] = (item.name, entry)
    return found


def _nearness(capability: Capability, entry: CatalogEntry) -> int:
    """Return how many words a capability shares with the nearest of the records."""
    own = _words(capability)
    return max(len(own & _words(record)) for record in entry.capabilities)


def _words(item: Capability | Record) -> frozenset[str]:
    return content_words(" ".join([item.name, *item.intents, item.description.text]))


def wanted_alternatives(workspace: Workspace, slugs: Iterable[str]) -> list[Wanted]:
    """Return the alternatives that the artifacts `slugs` name and the catalog lacks.

    Those that would prove the most comparisons come first, then those that most artifacts name.

    Raises:
        FileInvalid: a file isn't what its schema says.
    """
    known = catalog_names(workspace)
    names: dict[str, str] = {}
    comparisons: dict[str, list[str]] = {}
    named_by: dict[str, list[str]] = {}
    for slug in slugs:
        proposal = workspace.read_proposal(slug).proposal
        own = {name_key(proposal.artifact.name), name_key(slug)}
        for name, where in _named(_as_decided(proposal, workspace.decisions(slug))):
            key = name_key(name)
            if key and key not in known and key not in own:
                names.setdefault(key, name)
                if slug not in named_by.setdefault(key, []):
                    named_by[key].append(slug)
                if where:
                    comparisons.setdefault(key, []).append(where)
    found = [
        Wanted(name, tuple(comparisons.get(key, ())), tuple(named_by[key]))
        for key, name in names.items()
    ]
    return sorted(found, key=lambda w: (-len(w.comparisons), -len(w.named_by), w.name.casefold()))


def _as_decided(proposal: Proposal, decisions: Sequence[Decision]) -> Proposal:
    """Return `proposal` without what was rejected; comparisons cite what reviewers cite."""
    states = {
        (state.capability.id, state.name): state
        for state in field_states(proposal, decisions, present={})
    }
    kept = []
    for item in proposal.capabilities:
        if states[item.id, "description"].status != "rejected":
            compared = states.get((item.id, "vs_alternatives"))
            cited = {"vs_alternatives": compared.field if compared else None}
            kept.append(item.model_copy(update=cited))
    return proposal.model_copy(update={"capabilities": tuple(kept)})


def _named(proposal: Proposal) -> Iterator[tuple[str, str]]:
    """Yield each alternative's name, and the comparison that it would prove, if it is unproven."""
    for item in proposal.alternatives:
        yield item.name, ""
    for capability in proposal.capabilities:
        field = capability.vs_alternatives
        if field and field.alternative:
            where = "" if is_proven(capability) else f"{proposal.artifact.slug}/{capability.id}"
            yield field.alternative, where
