"""What happened to an artifact, newest first, with the texts that were judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from capdraft.records import Decision
from capdraft.reviewing import Target, history, open_review, word_diff
from capdraft.reviewing.diffing import Changed, Kind, names_diff
from capdraft.reviewing.states import standing_decisions
from capdraft.web.artifacts.artifact import proposals
from capdraft.web.artifacts.judged import Cited, JudgedText, JudgedTexts
from capdraft.web.artifacts.parsed import ParsedOnce
from capdraft.web.artifacts.secrecy import blind_fields
from capdraft.web.house import House
from capdraft.workspace import StoredProposal

Pieces = tuple[tuple[Kind, str], ...]


@dataclass(frozen=True, slots=True)
class Drafted:
    """A proposal, and what became of earlier texts and decisions in it."""

    time: datetime
    stored: StoredProposal
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision with what was judged.

    An undo has the decision that it takes back. `hidden`: who asks decides without knowing it.
    """

    time: datetime
    decision: Decision
    taken_back: bool = False
    hidden: bool = False
    text: JudgedText | None = None
    cited: tuple[Cited, ...] = ()
    pieces: Pieces = ()
    names: tuple[Changed, ...] = ()
    takes_back: Decision | None = None


class Story:
    """The events of one artifact; what `who` is to decide on unseen is kept from them."""

    def __init__(self, house: House, slug: str, who: str) -> None:
        workspace = ParsedOnce(house.workspace.root, house.workspace.store)
        self._workspace, self._slug, self._who = workspace, slug, who
        review = open_review(workspace, Target(slug))
        self._hidden = blind_fields(review, who, house.review_settings().second_opinions)
        self._decisions = workspace.decisions(slug)
        self._proposals = proposals(workspace, slug)
        self._judged = JudgedTexts((s.proposal for s in self._proposals), self._decisions)
        self._standing = {decision.id for decision in standing_decisions(self._decisions)}
        self._by_id = {decision.id: decision for decision in self._decisions}

    def events(self) -> list[Drafted | Decided]:
        """Return what happened, newest first."""
        found: list[Drafted | Decided] = list(self._drafts())
        found += map(self.decided, self._decisions)
        return sorted(found, key=lambda event: event.time, reverse=True)

    def _drafts(self) -> Iterator[Drafted]:
        told = {event.number: event for event in history(self._workspace, self._slug)}
        for stored in self._proposals:
            event = told[stored.number]
            yield Drafted(event.time, stored, event.lines)

    def decided(self, decision: Decision) -> Decided:
        """Return a decision as `who` may see it."""
        key = (decision.capability, decision.field)
        if key in self._hidden and decision.reviewer != self._who:
            return Decided(decision.time, decision, hidden=True)
        text = self._judged.text(decision)
        return Decided(
            time=decision.time,
            decision=decision,
            taken_back=decision.verdict != "undo" and decision.id not in self._standing,
            text=text,
            cited=self._judged.cited(decision),
            pieces=tuple(word_diff(text.text, decision.text)) if text and decision.text else (),
            names=names_diff(text.names, decision.names) if text else (),
            takes_back=self._by_id.get(decision.undoes or ""),
        )
