"""Read one artifact's files into the rows that the index keeps of it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from capdraft import __version__
from capdraft.errors import CapdraftError, NotFound
from capdraft.plugins.running import identities
from capdraft.records import Decision
from capdraft.reviewing.index.kinds import Kind
from capdraft.reviewing.index.stamps import Marks, document_marks, document_paths, own_marks
from capdraft.reviewing.index.wanted import searched, storable
from capdraft.reviewing.review import Review, open_review
from capdraft.reviewing.sampling import draw
from capdraft.reviewing.states import FieldState, standing_decisions
from capdraft.reviewing.targets import Target
from capdraft.settings import Settings, parse_settings
from capdraft.workspace import Stored, StoredProposal, Workspace


@dataclass(frozen=True, slots=True)
class Terms:
    """What artifacts are read under: the settings, as they were when a refresh began."""

    settings: Stored | None
    severities: Mapping[str, str]
    second_opinions: float
    key: str
    tick: float

    @classmethod
    def of(cls, workspace: Workspace, severities: Mapping[str, str] | None, tick: float) -> Terms:
        """Return the terms that a workspace's capdraft.toml sets now.

        Raises:
            SettingsError: it can't be read.
        """
        stored = workspace.settings_text()
        settings = parse_settings(stored.text) if stored else Settings()
        rules = dict(settings.rules if severities is None else severities)
        review = settings.review.model_dump(mode="json", exclude={"seeds"})
        versions = [__version__, _installed(), identities()]
        key = json.dumps([versions, review, rules], sort_keys=True)
        return cls(stored, rules, settings.review.second_opinions, key, tick)


@cache
def _installed() -> dict[str, str]:
    """Return the versions of the libraries that documents are read with: they may read anew."""
    from importlib.metadata import PackageNotFoundError, requires, version

    found = {}
    with suppress(PackageNotFoundError):
        for requirement in requires("capdraft") or ():
            name = re.split(r"[^\w.-]", requirement, maxsplit=1)[0]
            with suppress(PackageNotFoundError):
                found[name] = version(name)
    return found


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field of the newest proposal."""

    capability: str
    kind: Kind
    place: int
    draw: float
    deciders: int
    name: str
    text: str
    said: str
    why: str
    text_sha256: str
    evidence_sha256: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What the index keeps of an artifact. One that can't be read has an error and no fields."""

    slug: str
    stamp: str
    sure: bool
    """Whether a change since would show: not if a file changed just before it was read."""
    paths: tuple[str, ...] = ()
    number: str = ""
    since: int | None = None
    name: str = ""
    type: str = ""
    error: str | None = None
    fields: tuple[FieldRow, ...] = ()
    decisions: tuple[tuple[Any, ...], ...] = ()


class _Pinned(Workspace):
    """A workspace of one artifact that reads each thing once, under settings read before.

    Earlier proposals are read as they are: they never change.
    """

    def __init__(self, root: Path, settings: Stored | None) -> None:
        super().__init__(root)
        self._settings = settings
        self._proposal: StoredProposal | None = None
        self._decisions: list[Decision] | None = None

    def settings_text(self) -> Stored | None:
        return self._settings

    def read_proposal(self, slug: str, number: str | None = None) -> StoredProposal:
        if number is not None:
            return super().read_proposal(slug, number)
        if self._proposal is None:
            self._proposal = super().read_proposal(slug)
        return self._proposal

    def decisions(self, slug: str) -> list[Decision]:
        if self._decisions is None:
            self._decisions = super().decisions(slug)
        return self._decisions


def read_artifact(root: Path, slug: str, terms: Terms) -> Reading | None:
    """Return an artifact as it is now, or None if it has no proposal.

    Each file is looked at before it is read, so that a change meanwhile makes the stamp another.
    """
    before = time.time_ns() - int(terms.tick * 1e9)
    own, documents = own_marks(root, slug), Marks("")
    if own is None:
        return None
    workspace, known = _Pinned(root, terms.settings), dict[str, Any]()
    try:
        stored = workspace.read_proposal(slug)
        paths = document_paths(stored.proposal)
        documents = document_marks(root, paths)
        known = {
            "paths": paths,
            "number": stored.number,
            "since": int(stored.proposal.run.started.timestamp()),
            "name": stored.proposal.artifact.name,
            "type": stored.proposal.artifact.type,
        }
        review = open_review(workspace, Target(slug))
        known["fields"] = tuple(_field_rows(review, terms))
    except NotFound:
        return None  # it was removed while it was read
    except CapdraftError as error:
        known |= {"error": storable(str(error)), "fields": ()}
    with suppress(CapdraftError):  # told above, for a review needs them too
        known["decisions"] = tuple(_decision_rows(workspace.decisions(slug)))
    marks = own + documents
    return Reading(slug, marks.stamp(terms.key), sure=marks.newest < before, **known)


def _field_rows(review: Review, terms: Terms) -> Iterator[FieldRow]:
    for place, state in enumerate(review.states):
        findings = review.findings(state, terms.severities)
        codes = tuple(dict.fromkeys(finding.code for finding in findings))
        errors = sum(1 for finding in findings if finding.severity == "error")
        capability = state.capability.id
        drawn = draw(review.slug, capability, state.name, state.text_sha256, state.evidence_sha256)
        deciders = {decision.reviewer for decision in (*state.approvals, *state.rejections)}
        second = _wants_second(state, drawn, terms)
        yield FieldRow(
            capability,
            Kind.of(state, review.policy, codes, errors, second),
            place,
            drawn,
            len(deciders),
            storable(state.capability.name),
            storable(state.text),
            searched(f"{state.capability.name} {state.text}"),
            storable(state.why),
            state.text_sha256,
            state.evidence_sha256,
        )


def _wants_second(state: FieldState, drawn: float, terms: Terms) -> bool:
    sampled = state.status == "approved" and drawn < terms.second_opinions
    return sampled and len({decision.reviewer for decision in state.approvals}) == 1


def _decision_rows(decisions: Sequence[Decision]) -> Iterator[tuple[Any, ...]]:
    standing = {(d.reviewer, d.id) for d in standing_decisions(decisions)}
    for d in decisions:
        yield (
            d.id,
            d.time.timestamp(),
            d.reviewer,
            d.verdict,
            d.capability,
            d.field,
            d.reason,
            d.seconds,
            d.bulk.id if d.bulk else None,
            d.bulk.size if d.bulk else None,
            d.verdict != "undo" and (d.reviewer, d.id) not in standing,
            storable(d.text_sha256),
            storable(d.evidence_sha256),
        )
