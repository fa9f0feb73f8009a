"""Two results side by side, paired by document: what became better, and what was lost."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Literal

from pydantic import Field

from capdraft.errors import UsageProblem
from capdraft.evaluating.measures import AMOUNTS, MEASURES
from capdraft.evaluating.results import CaseResult, DraftedRecord, Evaluation, value_of
from capdraft.evaluating.statistics import BOOTSTRAP, Interval, Word, mean_interval
from capdraft.records import FieldName
from capdraft.records.model import Model, Slug

MOST_LOSSES = 3
_SAME = 1e-9
_AGAIN = "Run the older one again: `capdraft evaluate run` with the prompt that it used."
JUDGED = "judged-supported"


class Change(Model):
    """One measure in both results, over the documents that have it in both."""

    measure: str
    label: str
    documents: int
    one: float
    two: float
    difference: float = Field(description="Mean over documents of the second less the first.")
    interval: Interval | None
    wins: int = Field(description="Documents on which the second is better.")
    losses: int
    ties: int
    word: Word
    by_document: dict[str, float] = Field(description="The difference on each document.")


class Said(Model):
    """What both drafts say of one capability of the gold; None where one says nothing."""

    name: str
    what: Literal["lost", "gained", "found-fault"]
    field: FieldName = "description"
    one: str | None = None
    two: str | None = None
    findings: tuple[str, ...] = Field(default=(), description="Codes that only the second has.")


class Loss(Model):
    """A document on which the second result is worse, and the texts that show it."""

    slug: Slug
    measures: dict[str, float] = Field(description="The difference of each measure that fell.")
    said: tuple[Said, ...]


class Contrast(Model):
    """Two results compared."""

    schema_: Literal["capdraft/contrast/1"] = Field(default="capdraft/contrast/1", alias="schema")
    one: str = Field(description="What the first result measured.")
    two: str
    documents: tuple[Slug, ...] = Field(description="Those in both, which are compared.")
    alone: tuple[Slug, ...] = Field(description="Those measured in one result only.")
    newly_failed: tuple[Slug, ...] = Field(description="Drafted in the first, not in the second.")
    left_out: tuple[str, ...] = Field(
        default=(), description="Measures that one result has, and that can't be compared."
    )
    differs: tuple[str, ...] = Field(description="What differs in how they were drafted.")
    method: str = BOOTSTRAP
    changes: tuple[Change, ...]
    losses: tuple[Loss, ...]

    def check_measures(self, names: Collection[str]) -> None:
        """Check that what is to be a failure is compared: else it never would be one.

        Raises:
            UsageProblem: it isn't, though documents were drafted in both.
        """
        compared = [item.measure for item in self.changes]
        missing = [name for name in names if name not in compared]
        if missing and self.documents:
            raise UsageProblem(
                f"{', '.join(missing)} can't be compared: not in both results, or of another judge",
                hint=f"Compared are: {', '.join(compared)}",
            )

    def worse(self, measures: Collection[str] = ()) -> list[Change]:
        """Return the shares (else those named) that fell by more than chance explains."""
        counted = measures or MEASURES
        return [c for c in self.changes if c.measure in counted and c.word == "worse"]


def contrast(one: Evaluation, two: Evaluation) -> Contrast:
    """Compare two results on the documents that both measured.

    Raises:
        UsageProblem: they were measured against different gold.
    """
    before = {case.slug: case for case in one.cases}
    after = {case.slug: case for case in two.cases}
    both = sorted(before.keys() & after.keys())
    check_gold(one, {case.slug: case.gold_sha256 for case in two.cases})
    _check_pairs(one, two, both)
    pairs = [(before[slug], after[slug]) for slug in both]
    # Two judges are two measures, and so is one that is asked in other words.
    judges = [(result.judge, result.prompts.get("judge")) for result in (one, two)]
    names = [name for name in MEASURES if name != JUDGED or judges[0] == judges[1]]
    changes = [c for name in (*names, *AMOUNTS) if (c := _change(name, pairs))]
    failed = {item.slug for item in two.failed}
    known = {*one.measured(), *two.measured()} - {item.measure for item in changes}
    return Contrast(
        one=one.told,
        two=two.told,
        documents=tuple(both),
        alone=tuple(sorted(before.keys() ^ after.keys())),
        newly_failed=tuple(sorted(failed & before.keys())),
        left_out=tuple(name for name in MEASURES if name in known),
        differs=tuple(_differs(one, two)),
        changes=tuple(changes),
        losses=tuple(_losses(pairs)),
    )


def _differs(one: Evaluation, two: Evaluation) -> Iterator[str]:
    """Yield the names of what was not the same in both runs."""
    names = sorted(one.prompts.keys() | two.prompts.keys())
    if one.judge is None or two.judge is None:
        names = [name for name in names if name != "judge"]
    yield from (f"prompt {n}" for n in names if one.prompts.get(n) != two.prompts.get(n))
    yield from ["model"] * _both_and_unlike(one.model, two.model)
    yield from ["parameters"] * (one.parameters != two.parameters)
    yield from ["capdraft"] * (one.tool != two.tool)
    yield from ["judge"] * _both_and_unlike(one.judge, two.judge)


def _both_and_unlike(one: str | None, two: str | None) -> bool:
    return bool(one and two) and one != two


def check_gold(before: Evaluation, gold: Mapping[str, str]) -> None:
    """Check that a result was measured against what has these hashes, by slug.

    Raises:
        UsageProblem: it was another gold.
    """
    known = {case.slug: case.gold_sha256 for case in before.cases}
    other = [slug for slug in sorted(gold) if known.get(slug, gold[slug]) != gold[slug]]
    if other:
        raise UsageProblem(
            f"the gold of {', '.join(other)} was another one in the other result", hint=_AGAIN
        )


def _check_pairs(one: Evaluation, two: Evaluation, both: Sequence[str]) -> None:
    if one.calibration.sha256 != two.calibration.sha256:
        raise UsageProblem("capabilities were matched by another calibration", hint=_AGAIN)
    tried = [
        {case.slug for case in each.cases} | {item.slug for item in each.failed}
        for each in (one, two)
    ]
    if not both and not tried[0] & tried[1]:
        raise UsageProblem("the two results have no document in common", hint=_AGAIN)


def _change(name: str, pairs: Sequence[tuple[CaseResult, CaseResult]]) -> Change | None:
    values = [
        (before.slug, first, second)
        for before, after in pairs
        if (first := value_of(before, name)) is not None
        and (second := value_of(after, name)) is not None
    ]
    if not values:
        return None
    # An amount is better where it is less.
    sign = 1 if name in MEASURES else -1
    by_document = {slug: second - first for slug, first, second in values}
    differences = list(by_document.values())
    interval = mean_interval(differences)
    wins = sum(sign * d > _SAME for d in differences)
    losses = sum(sign * d < -_SAME for d in differences)
    number = len(values)
    return Change(
        measure=name,
        label=MEASURES[name].label if name in MEASURES else AMOUNTS[name],
        documents=number,
        one=sum(first for _, first, _ in values) / number,
        two=sum(second for _, _, second in values) / number,
        difference=sum(differences) / number,
        interval=interval,
        wins=wins,
        losses=losses,
        ties=number - wins - losses,
        word=_word(interval, sign),
        by_document=by_document,
    )


def _word(interval: Interval | None, sign: int) -> Word:
    if interval is None:
        return "too few documents"
    if interval.low > _SAME:
        return "better" if sign > 0 else "worse"
    if interval.high < -_SAME:
        return "worse" if sign > 0 else "better"
    return "no difference shown"


def _losses(pairs: Sequence[tuple[CaseResult, CaseResult]]) -> Iterator[Loss]:
    """Yield the documents that lost most, by the sum of the shares that fell."""
    found = []
    for before, after in pairs:
        fallen = {
            name: second - first
            for name in MEASURES
            if (first := value_of(before, name)) is not None
            and (second := value_of(after, name)) is not None
            and second - first < -_SAME
        }
        if fallen:
            said = tuple(_said(before, after))
            found.append(Loss(slug=before.slug, measures=fallen, said=said))
    yield from sorted(found, key=lambda loss: (sum(loss.measures.values()), loss.slug))[
        :MOST_LOSSES
    ]


def _said(before: CaseResult, after: CaseResult) -> Iterator[Said]:
    """Yield what was lost, what was gained, and texts in which the second draft has new faults."""
    for gold in before.gold:
        first, second = before.record_of(gold.id), after.record_of(gold.id)
        if first and not second:
            yield Said(name=gold.name, what="lost", one=_description(first))
        elif second and not first:
            yield Said(name=gold.name, what="gained", two=_description(second))
        elif first and second:
            yield from _faults(gold.name, first, second)


def _faults(name: str, first: DraftedRecord, second: DraftedRecord) -> Iterator[Said]:
    earlier = {text.field: text for text in first.texts}
    for text in second.texts:
        known = earlier.get(text.field)
        new = tuple(c for c in text.findings if not known or c not in known.findings)
        if new:
            said = known.text if known else None
            yield Said(
                name=name,
                what="found-fault",
                field=text.field,
                one=said,
                two=text.text,
                findings=new,
            )


def _description(record: DraftedRecord) -> str:
    text = next(item.text for item in record.texts if item.field == "description")
    return f"{record.name}: {text}"
