"""What a judge answered, read sentence by sentence; one that isn't valid spoils no other."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from capdraft.drafting.answer_models import Number, answer_schema
from capdraft.drafting.answers import read_object
from capdraft.judging.layout import Batch
from capdraft.judging.statements import SentenceVerdict
from capdraft.records import JudgedVerdict
from capdraft.text import clean

MOST_WORDS = 30
"""Words of a reason that are kept; it is asked for 20 at most."""
LONGEST = 300


class _Answered(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AnsweredSentence(_Answered):
    """The verdict on one sentence. Passages and reason come first: what is written decides."""

    sentence: Number = Field(description="Number of the sentence.")
    passages: list[Number] = Field(description="Numbers of the passages that decide it.")
    reason: str = Field(min_length=1, description="Why, in at most 20 words.")
    verdict: JudgedVerdict


class JudgeAnswer(_Answered):
    """The answer to the judge's prompt."""

    verdicts: list[AnsweredSentence]


def judge_schema() -> dict[str, Any]:
    """Return the JSON Schema of a judge's answer."""
    return answer_schema(JudgeAnswer)


def read_verdicts(text: str, batch: Batch) -> dict[int, SentenceVerdict]:
    """Return the valid verdicts of an answer by the sentences' numbers in `batch`.

    A sentence that got two different verdicts has none, nor has one that is called supported or
    contradicted by no passage of its own claim.

    Raises:
        AnswerNotJson: the text isn't JSON.
        AnswerWrongShape: it isn't an object with a list of verdicts.
    """
    found: dict[int, SentenceVerdict] = {}
    torn: set[int] = set()
    for item in read_object(text, "verdicts")["verdicts"]:
        try:
            answered = AnsweredSentence.model_validate(item)
        except ValidationError:
            continue
        verdict = _verdict(answered, batch)
        if verdict is None:
            continue
        known = found.setdefault(answered.sentence, verdict)
        if known.verdict != verdict.verdict:
            torn.add(answered.sentence)
    return {number: verdict for number, verdict in found.items() if number not in torn}


def _verdict(answered: AnsweredSentence, batch: Batch) -> SentenceVerdict | None:
    if answered.sentence not in batch.sentences:
        return None
    place, own = batch.sentences[answered.sentence]
    start, end = dict(batch.statements)[place].sentences[own]
    mine = batch.own(place)
    passages = tuple(mine[n] for n in dict.fromkeys(answered.passages) if n in mine)
    if not passages and answered.verdict != "unsupported":
        return None
    return SentenceVerdict(start, end, answered.verdict, passages, _short(answered.reason))


def _short(reason: str) -> str:
    words = clean(reason).split()
    kept = " ".join(words[:MOST_WORDS])[:LONGEST]
    return kept if kept == " ".join(words) else f"{kept}…"
