"""Deciding from a script, field by field, on what the script has seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NoReturn

from capdraft.errors import NotFound
from capdraft.scripting.deciding import evidence, names, reviewer, several
from capdraft.scripting.telling import scripted

if TYPE_CHECKING:
    from capdraft.records import Decision, Finding, Proposal
    from capdraft.records.decisions import Reason
    from capdraft.reviewing import FieldState, Judgement
    from capdraft.reviewing import Review as Opened
    from capdraft.reviewing.citing import FoundPassage
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
        return f"<Review of {self._opened.stored.name}, fields: {len(self.states)}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Review is bound to what it was opened on: open it with Workspace.review")

    def __iter__(self) -> Iterator[FieldState]:
        return iter(self.states)

    def __len__(self) -> int:
        return len(self.states)

    @scripted
    def __getitem__(self, path: str) -> FieldState:
        """Return the field at CAPABILITY.FIELD.

        Raises:
            NotFound: there is none.
        """
        for state in self.states:
            if state.path == path:
                return state
        from capdraft.workspace.naming import first_of, meant

        known = [state.path for state in self.states]
        raise NotFound(
            f"there is no field {path!r}",
            where=self._opened.stored.name,
            hint=meant(path, known) or f"Fields: {first_of(known, none='none')}",
        )

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

    @scripted
    def passages(self, words: str = "") -> list[FoundPassage]:
        """Return the passages that can be cited and hold all of `words`, in any case; all for none.

        >>> for found in review.passages("memory"):
        ...     print(found.passage.number, found.uri, found.passage.shown)
        2 ticket-reader.md It needs 2 GB of memory.
        """
        from capdraft.reviewing.citing import find_passages

        return find_passages(self._opened, words)

    @scripted
    def findings(
        self,
        field: FieldState | str,
        text: str | None = None,
        *,
        cite: Sequence[int] | None = None,
        other_side: Sequence[int] = (),
        name: str | None = None,
        intents: Sequence[str] | None = None,
        alternative: str | None = None,
    ) -> tuple[Finding, ...]:
        """Return what the rules say of a field, or of what `edit` would make of it.

        Nothing is decided.

        >>> review.findings("read-tickets.unique", "Runs in 2 GB of memory.")
        ()

        Raises:
            NotFound: there is no such field, or no such passage.
        """
        return self._opened.findings(
            self._state(field),
            self._settings.rules,
            text,
            evidence(self._opened, cite, other_side),
            names(name, intents, alternative),
        )

    @scripted
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

    @scripted
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
        from capdraft.reviewing import reject

        return reject(self._selecting(field), self._judgement(note), reason)[0]

    @scripted
    def edit(  # noqa: PLR0913 - as many as there are options
        self,
        field: FieldState | str,
        text: str | None = None,
        *,
        cite: Sequence[int] | None = None,
        other_side: Sequence[int] = (),
        name: str | None = None,
        intents: Sequence[str] | None = None,
        alternative: str | None = None,
        note: str | None = None,
        despite: Sequence[str] = (),
        editorial: bool = False,
    ) -> Decision:
        """Replace what is given of a field, and accept what it says then.

        `text` is what it says; `cite` are the passages that it rests on, by number, and
        `other_side` those for the alternative of a comparison. The `name` and `intents` of a
        capability are edited with its description, what it is compared with (`alternative`) with
        `vs_alternatives`.

        >>> review.edit("read-tickets.unique", "Runs in 2 GB of memory.", cite=[2]).text
        'Runs in 2 GB of memory.'
        >>> review.edit("read-tickets.description", name="Read printed tickets").name
        'Read printed tickets'

        Raises:
            ReviewRefused: an error finding stands against the new text, or nothing changed.
            TextChanged: somebody changed it since the review was opened.
            NotFound: there is no such field, or no such passage.
            UsageProblem: a name is judged with another field.
        """
        from capdraft.reviewing import edit

        said = names(name, intents, alternative)
        cited = evidence(self._opened, cite, other_side)
        state = self._state(field)
        judgement = self._judgement(note, despite, editorial)
        new = state.text if text is None else text
        return edit(self._selecting(state), judgement, new, cited, said)

    @scripted
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
        return reviewer(self._by, self._opened.workspace.root)

    def _judgement(
        self, note: str | None, despite: Sequence[str] = (), editorial: bool = False
    ) -> Judgement:
        from capdraft.reviewing import Judgement
        from capdraft.reviewing.judging import check_codes

        codes = several(despite)
        check_codes(codes)
        rules: dict[str, Any] = dict(self._settings.rules)
        return Judgement(self._reviewer(), rules, note, codes, editorial)
