"""What a model as judge is asked in an evaluation: sentences of drafts, and labelled statements."""

from __future__ import annotations

from collections.abc import Sequence

from capdraft.checking.statements import Shown, of_evidence
from capdraft.drafting.asking import Cost
from capdraft.errors import AnswerWrongShape, CapdraftError
from capdraft.evaluating.asking import Asking
from capdraft.evaluating.gold import GoldStatement
from capdraft.evaluating.measures import Share
from capdraft.evaluating.measuring_rules import as_record
from capdraft.evaluating.reading import GoldCase
from capdraft.evaluating.results import DoubtedSentence
from capdraft.judging import Statement
from capdraft.prompts import Prompt
from capdraft.records import Field, JudgedVerdict, Proposal, Side
from capdraft.text import sha256


class DraftJudge:
    """Judges the drafts of a run."""

    def __init__(self, asking: Asking, prompt: Prompt) -> None:
        self._asking, self._prompt = asking, prompt
        self.errors: dict[str, CapdraftError] = {}
        """Why drafts were not judged, by slug: they are measured without."""
        self.left: dict[str, AnswerWrongShape] = {}
        """Of which drafts sentences got no usable verdict, by slug."""

    @property
    def models(self) -> list[str]:
        """The models that judged."""
        return list(self._asking.models)

    @property
    def prompt_sha256(self) -> str:
        """Hash of its prompt, as a result has those of all prompts."""
        return sha256(self._prompt.source)

    @property
    def cost(self) -> Cost:
        """What judging took."""
        return self._asking.judging

    @property
    def problems(self) -> list[tuple[str, CapdraftError]]:
        """Why drafts, or sentences of theirs, have no verdict, each with the draft's slug."""
        return sorted([*self.errors.items(), *self.left.items()], key=lambda item: item[0])

    async def __call__(self, proposal: Proposal) -> tuple[Share, tuple[DoubtedSentence, ...]]:
        """Count the sentences that the model finds supported, of those with a verdict.

        A sentence of a field that cites nothing is not supported, and the model isn't asked.
        """
        artifact = proposal.artifact
        fields = [(item.id, *named) for item in proposal.capabilities for named in item.fields()]
        asked = [statement(field, artifact.name) for _, _, field in fields]
        try:
            judged = await self._asking.judge(artifact.slug, asked, self._prompt)
        except CapdraftError as error:
            self.errors[artifact.slug] = error
            return Share(hits=0, of=0), ()
        doubted, known, left = list[DoubtedSentence](), 0, list[str]()
        for (record, name, field), verdicts in zip(fields, judged.verdicts, strict=True):
            for said in verdicts:
                text = field.text[said.start : said.end]
                known += said.verdict is not None
                if said.verdict is None:
                    left.append(text)
                elif said.verdict != "supported":
                    told = {"verdict": said.verdict, "reason": said.reason}
                    doubted.append(DoubtedSentence(record=record, field=name, text=text, **told))
        if left:
            self.left[artifact.slug] = _without_verdict(left)
        return Share(hits=known - len(doubted), of=known), tuple(doubted)


def _without_verdict(texts: Sequence[str]) -> AnswerWrongShape:
    return AnswerWrongShape(
        f"no usable verdict on {len(texts)} of its sentences, such as: {texts[0]}",
        hint="They count neither way. Ask again with --fresh, or record the cassette anew.",
    )


def statement(field: Field, about: str) -> Statement:
    """Return what a judge is asked about a field; `about` names the artifact."""
    own, other = _side(field, "artifact"), _side(field, "alternative")
    return Statement(field.text, own, about, field.alternative or "", other)


def _side(field: Field, side: Side) -> tuple[Shown, ...]:
    return tuple(of_evidence(item for item in field.evidence if item.side == side))


async def judge_labelled(
    asking: Asking, prompt: Prompt, cases: Sequence[GoldCase]
) -> dict[str, bool | None]:
    """Return of each labelled statement, by CASE/STATEMENT, whether a model finds it supported.

    Those without passages are not asked about: there is nothing to support them.

    Raises:
        CapdraftError: the model could not be asked.
    """
    found: dict[str, bool | None] = {}
    for case in cases:
        labelled = [item for item in case.gold.statements if item.passages]
        asked = [statement(_field(case, place), case.gold.name) for place in labelled]
        if not asked:
            continue
        judged = await asking.judge(case.gold.slug, asked, prompt)
        for item, verdicts in zip(labelled, judged.verdicts, strict=True):
            found[f"{case.gold.slug}/{item.id}"] = _supported([v.verdict for v in verdicts])
    return found


def _field(case: GoldCase, item: GoldStatement) -> Field:
    field = as_record(case, item).field(item.field)
    if field is None:
        raise AssertionError(f"{item.id} has no {item.field}")
    return field


def _supported(verdicts: Sequence[JudgedVerdict | None]) -> bool | None:
    """Tell whether all sentences are supported; None if one has no verdict and none is wrong."""
    if any(verdict not in ("supported", None) for verdict in verdicts):
        return False
    return None if None in verdicts or not verdicts else True
