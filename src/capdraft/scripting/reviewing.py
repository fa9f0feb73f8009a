"""Deciding from a script, field by field, on what the script has seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from capdraft.errors import NotFound, UsageProblem

if TYPE_CHECKING:
    from capdraft.records import Decision, Finding, Proposal
    from capdraft.records.decisions import Reason
    from capdraft.reviewing import FieldState, Judgement
    from capdraft.reviewing import Review as Opened
    from capdraft.settings import Settings


class Review:
    """A proposal as it was when it was opened: what is decided is decided on these texts.

    Where somebody changed a text since, deciding on it raises TextChanged. Open it again to see how
    its fields stand after decisions.

    >>> review = workspace.review("ticket-reader", by="ana")
    >>> for state in review:
    ...     print(state.path, state.status, [found.code for found in review.findings(state)])
    read-tickets.description approved []
    read-tickets.unique pending ['CD103']
    """

    def __init__(self, opened: Opened, settings: Settings, by: str | None = None) -> None:
        self._opened, self._settings, self._by = opened, settings, by

    def __repr__(self) -> str:
        stored = self._opened.stored
        return f"<Review of {stored.name}: {len(self.states)} fields>"

    def __iter__(self) -> Iterator[FieldState]:
        return iter(self.states)

    def __len__(self) -> int:
        return len(self.states)

    def __getitem__(self, path: str) -> FieldState:
        """Return the field at CAPABILITY.FIELD.

        Raises:
            NotFound: there is none.
        """
        for state in self.states:
            if state.path == path:
                return state
        known = ", ".join(state.path for state in self.states) or "none"
        name = self._opened.stored.name
        raise NotFound(f"there is no field {path!r}", where=name, hint=f"Fields: {known}")

    @property
    def states(self) -> tuple[FieldState, ...]:
        """How every field stands, in the proposal's order."""
        return self._opened.states

    @property
    def proposal(self) -> Proposal:
        """What is reviewed."""
        return self._opened.stored.proposal

    @property
    def number(self) -> str:
        """The proposal's number, such as 0001."""
        return self._opened.stored.number

    def findings(self, field: FieldState | str, text: str | None = None) -> tuple[Finding, ...]:
        """Return what the rules say of a field, or of it with `text` in it; nothing is decided.

        >>> review.findings("read-tickets.unique", "Runs in 2 GB of memory.")
        ()

        Raises:
            NotFound: there is no such field.
        """
        return self._opened.findings(self._state(field), self._settings.rules, text)

    def approve(
        self,
        field: FieldState | str,
        *,
        note: str | None = None,
        despite: Sequence[str] = (),
        editorial: bool = False,
    ) -> Decision | None:
        """Accept a field; None if the reviewer approved it before.

        `despite` names codes of error findings that are accepted, `editorial` accepts it without
        evidence; both need a `note`, and readers see it.

        >>> review.approve("read-tickets.description").verdict
        'accept'

        Raises:
            ReviewRefused: an error finding stands against it, or the approval would not count.
            TextChanged: somebody changed it since the review was opened.
        """
        from capdraft.reviewing import approve, refusal

        judgement = self._judgement(note, despite, editorial)
        taken, refused = approve(self._selecting(field), judgement)
        if refused:
            raise refusal(self._opened.stored, refused[0])
        return taken[0] if taken else None

    def reject(
        self, field: FieldState | str, reason: Reason, *, note: str | None = None
    ) -> Decision:
        """Reject a field, for a reason that `capdraft review reject --help` lists.

        >>> review.reject("read-tickets.unique", "unsupported", note="It needs 2 GB.").reason
        'unsupported'

        Raises:
            ReviewRefused: the reviewer is not one of the artifact's.
            TextChanged: somebody changed it since the review was opened.
            UsageProblem: there is no such reason.
        """
        from capdraft.records import REASONS
        from capdraft.reviewing import reject

        if reason not in REASONS:
            raise UsageProblem(f"{reason!r} is no reason", hint=f"Reasons: {', '.join(REASONS)}")
        return reject(self._selecting(field), self._judgement(note), reason)[0]

    def edit(
        self,
        field: FieldState | str,
        text: str,
        *,
        note: str | None = None,
        despite: Sequence[str] = (),
        editorial: bool = False,
    ) -> Decision:
        """Replace the text of a field and accept what it says then.

        >>> review.edit("read-tickets.unique", "Runs in 2 GB of memory.").text
        'Runs in 2 GB of memory.'

        Raises:
            ReviewRefused: an error finding stands against the new text, or nothing changed.
            TextChanged: somebody changed it since the review was opened.
        """
        from capdraft.reviewing import edit

        return edit(self._selecting(field), self._judgement(note, despite, editorial), text)

    def undo(self, field: FieldState | str) -> Decision:
        """Take back the reviewer's last decision on a field; both stay on file.

        >>> taken = review.approve("read-tickets.description")
        >>> review.undo("read-tickets.description").undoes == taken.id
        True

        Raises:
            NotFound: there is none to take back.
        """
        from capdraft.reviewing import undo

        return undo(self._selecting(field), self._reviewer())

    def _state(self, field: FieldState | str) -> FieldState:
        return self[field] if isinstance(field, str) else field

    def _selecting(self, field: FieldState | str) -> Opened:
        return replace(self._opened, selected=(self._state(field),))

    def _reviewer(self) -> str:
        from capdraft.reviewing import reviewer_slug

        try:
            return reviewer_slug(self._by, self._opened.workspace.root)
        except UsageProblem as error:
            if self._by is None:
                error.hint = "Give by='NAME', or tell git: git config user.name 'Your Name'"
            raise

    def _judgement(
        self, note: str | None, despite: Sequence[str] = (), editorial: bool = False
    ) -> Judgement:
        from capdraft.reviewing import Judgement

        codes = (despite,) if isinstance(despite, str) else tuple(despite)
        rules: dict[str, Any] = dict(self._settings.rules)
        return Judgement(self._reviewer(), rules, note, codes, editorial)
