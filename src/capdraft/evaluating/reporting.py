"""Results become reports: a run, a measurement of the rules, two runs side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from capdraft.evaluating.calibrating import FEWEST as FEWEST_PAIRS
from capdraft.evaluating.measures import MEASURES, SHORT
from capdraft.evaluating.pages import (
    Curve,
    Intervals,
    Mark,
    Page,
    Section,
    Table,
    between,
    counted,
    percent,
    share_axis,
    told_range,
    usd,
    whole,
)
from capdraft.evaluating.results import CaseResult, DoubtedSentence, Evaluation, value_of
from capdraft.evaluating.statistics import BOOTSTRAP, FEWEST, mean_interval


def run_page(result: Evaluation) -> Page:
    """Return the report of one run."""
    number, failed = len(result.cases), len(result.failed)
    lead = f"{counted(number, 'document')} drafted with {result.told}"
    lead += f"; {failed} could not be drafted." if failed else "."
    sections = [_measures(result), _documents(result), _gaps(result), _calibration(result)]
    doubts = tuple(_doubts(result))
    if doubts:
        sections.insert(3, Section("Not supported, says the judge", items=doubts))
    if result.failed:
        items = tuple(f"{item.slug}: {item.message}" for item in result.failed)
        sections.insert(1, Section("Not drafted", items=items))
    return Page(
        title=f"Evaluation of {result.prompt}",
        lead=lead,
        sections=tuple(sections),
        facts=tuple(_facts(result)),
    )


def _measures(result: Evaluation) -> Section:
    marks, rows = [], []
    for name in result.measured():
        values, pooled = list(result.values(name).values()), result.pooled(name)
        mean, interval = sum(values) / len(values), mean_interval(values)
        told = f"{percent(mean)}{between(interval)}"
        low, high = (interval.low, interval.high) if interval else (None, None)
        marks.append(Mark(MEASURES[name].label, told, mean, low, high, tuple(values)))
        in_all = f"{pooled.told} {MEASURES[name].of} {MEASURES[name].hit}"
        rows.append((MEASURES[name].label, percent(mean), told_range(interval), in_all))
    unknown = [item.label for item in MEASURES.values() if item.name not in result.measured()]
    prose = [f"Means over documents. Intervals: {BOOTSTRAP}."]
    if len(result.cases) < FEWEST:
        prose = [f"Means over documents; fewer than {FEWEST} have no interval."]
    if unknown:
        prose.append(f"Unknown here: {', '.join(unknown)}.")
    caption = "A dot is a document, the line an interval, the square the mean."
    return Section(
        "Measures",
        prose=tuple(prose),
        intervals=Intervals(tuple(marks), 0, 1, ticks=share_axis(), caption=caption),
        table=Table(("measure", "mean", "interval", "in all"), tuple(rows)),
    )


def _documents(result: Evaluation) -> Section:
    shown = [n for n in SHORT if n in result.measured()]
    heads = [MEASURES[name].label for name in shown]
    rows = [
        (case.slug, *(percent(value_of(case, name), 0) for name in shown), *_amounts(case))
        for case in result.cases
    ]
    total = ("all", *(percent(_mean(result, name), 0) for name in shown), *_total(result.cases))
    columns = ("document", *heads, "USD", "tokens", "seconds")
    return Section("Documents", table=Table(columns, (*rows, total)))


def _amounts(case: CaseResult) -> tuple[str, str, str]:
    amounts = case.amounts
    return usd(amounts.cost_usd), whole(amounts.tokens), whole(amounts.seconds)


def _total(cases: Sequence[CaseResult]) -> tuple[str, str, str]:
    costs = [case.amounts.cost_usd for case in cases]
    tokens, seconds = ([value_of(case, name) for case in cases] for name in ("tokens", "seconds"))
    return usd(_sum(costs)), whole(_sum(tokens)), whole(_sum(seconds))


def _sum(values: Sequence[float | None]) -> float | None:
    """Return the sum; None where one is unknown."""
    known = [value for value in values if value is not None]
    return sum(known) if known and len(known) == len(values) else None


def _gaps(result: Evaluation) -> Section:
    """Return what was missed, drafted beside the gold, and told wrongly, document by document."""
    items = []
    for case in result.cases:
        missed = [g.name for g in case.gold if g.needed and not case.record_of(g.id)]
        beside = [record.name for record in case.records if record.gold is None]
        for what, names in (
            ("missed", missed),
            ("not in the gold", beside),
            ("numbers that no passage states", case.wrong_numbers),
        ):
            if names:
                items.append(f"{case.slug}, {what}: {'; '.join(names)}")
    return Section("Missed, and not in the gold", items=tuple(items))


def _doubts(result: Evaluation) -> Iterator[str]:
    """Yield each sentence that the judge does not find supported, and why."""
    for case in result.cases:
        for item in case.doubted:
            yield f"{case.slug}/{item.record}.{item.field}: {item.text} ({_why(item)})"


def _why(item: DoubtedSentence) -> str:
    return ": ".join(filter(None, (item.verdict, item.reason.rstrip("."))))


def _calibration(result: Evaluation) -> Section:
    found = result.calibration
    same = f"Two records count as the same capability from a likeness of {found.threshold:.2f} on"
    if found.within < FEWEST_PAIRS:
        prose = [
            f"{same}: the gold set has {found.within} pairs of different capabilities of one "
            f"document, and the threshold is learned from {FEWEST_PAIRS} on."
        ]
    else:
        elsewhere = percent(found.false_matches_elsewhere)
        prose = [
            f"{same}. {percent(found.false_matches)} of {found.within} pairs of different "
            "capabilities of one document are as alike"
            + (
                f" ({elsewhere} in documents that the threshold was not learned from)."
                if found.false_matches_elsewhere is not None
                else "."
            )
        ]
    if found.same:
        prose.append(
            f"Of {found.same} pairs labelled the same, {percent(found.found_by_words, 0)} are "
            f"found by their words alone, and {percent(found.found_half_cited, 0)} if they cite "
            f"half of their passages together. Of {found.different} hard pairs labelled "
            f"different, {percent(found.confused, 0)} are confused by words alone."
        )
    if not found.curve:
        return Section("Matching", prose=tuple(prose))
    chosen = min(found.curve, key=lambda p: abs(p.threshold - found.threshold))
    return Section(
        "Matching",
        prose=tuple(prose),
        curve=Curve(
            tuple((p.false_alarms, p.hits) for p in found.curve),
            (chosen.false_alarms, chosen.hits),
            "different taken for the same",
            "same taken for the same",
            f"Words alone, each threshold a point; the one in use is marked. The area under the "
            f"curve is {found.area or 0:.2f}, chance is 0.50.",
        ),
    )


def _facts(result: Evaluation) -> Iterator[tuple[str, str]]:
    yield "model", result.model + (f" at {result.endpoint}" if result.endpoint else "")
    yield "prompt", f"{result.prompt}, {result.prompt_sha256[:12]}"
    yield "answers", "recorded" if result.replayed else "asked for now, or in the ledger"
    yield "judge", result.judge or "none"
    yield "started", f"{result.started:%Y-%m-%d %H:%M} UTC"
    if result.replayed:
        yield "cost", "what the recorded tokens cost at the prices known for the model"


def _mean(result: Evaluation, name: str) -> float | None:
    values = list(result.values(name).values())
    return sum(values) / len(values) if values else None
