"""The fields of proposals as statements for a judge, and its verdicts as records to keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from capdraft.checking.statements import Shown, of_evidence
from capdraft.drafting.asking import Terms
from capdraft.judging.statements import SentenceVerdict, Statement
from capdraft.records import Evidence, FieldName, JudgedPassage, JudgedSentence, ModelJudgement
from capdraft.reviewing import FieldState, Review
from capdraft.text import one_line

QUOTE = 200
"""Characters of a passage that are kept with a judgement: its proposal has all of it."""


@dataclass(frozen=True, slots=True)
class JudgedField:
    """A field with the hashes that a judgement on it is bound to, and what is asked about it."""

    capability: str
    field: FieldName
    hashes: tuple[str, str]
    statement: Statement


def judged_fields(review: Review) -> list[JudgedField]:
    """Return the fields that a judge can be asked about: not rejected, and with evidence."""
    about = review.stored.proposal.artifact.name
    return [
        _judged_field(state, about)
        for state in review.states
        if state.status != "rejected" and state.field.evidence
    ]


def _judged_field(state: FieldState, about: str) -> JudgedField:
    own, other = (_side(state.field.evidence, side) for side in ("artifact", "alternative"))
    alternative = state.field.alternative or ""
    statement = Statement(state.text, own, about, alternative, other)
    return JudgedField(
        state.capability.id, state.name, (state.text_sha256, state.evidence_sha256), statement
    )


def _side(evidence: Sequence[Evidence], side: str) -> tuple[Shown, ...]:
    return tuple(of_evidence(item for item in evidence if item.side == side))


@dataclass(frozen=True, slots=True)
class Judge:
    """Who judges: what a judgement says of where it comes from."""

    terms: Terms
    prompt_sha256: str

    def judgement(
        self, item: JudgedField, verdicts: Sequence[SentenceVerdict], uris: Mapping[str, str]
    ) -> ModelJudgement | None:
        """Return what is kept of the verdicts on a field; None where one of them is missing.

        `uris` gives the documents that passages name their URIs, where those are ids.
        """
        text = item.statement.text
        said = [
            JudgedSentence(
                text=text[verdict.start : verdict.end],
                verdict=verdict.verdict,
                reason=verdict.reason,
                passages=tuple(_passage(shown, uris) for shown in verdict.passages),
            )
            for verdict in verdicts
            if verdict.verdict is not None
        ]
        if not said or len(said) < len(verdicts):
            return None
        return ModelJudgement(
            time=datetime.now(UTC),
            by=self.terms.by,
            capability=item.capability,
            field=item.field,
            text_sha256=item.hashes[0],
            evidence_sha256=item.hashes[1],
            model=self.terms.model,
            endpoint=self.terms.endpoint_url,
            replayed=self.terms.played or None,
            prompt_sha256=self.prompt_sha256,
            sentences=tuple(said),
        )


def _passage(shown: Shown, uris: Mapping[str, str]) -> JudgedPassage:
    quote = one_line(shown.text)
    return JudgedPassage(
        document=uris.get(shown.document, shown.document),
        passage=shown.number,
        quote=quote if len(quote) <= QUOTE else f"{quote[: QUOTE - 1]}…",
    )
