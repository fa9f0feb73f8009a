"""The report of a measurement of the rules, and of what changed since an earlier one."""

from __future__ import annotations

from collections.abc import Sequence

from capdraft.evaluating.pages import Intervals, Mark, Page, Section, Table, percent, share_axis
from capdraft.evaluating.rule_results import (
    Checked,
    ComputedRate,
    Rate,
    RuleRate,
    RulesMeasured,
    Since,
)

UNNAMED = "no trap named"


def rules_page(found: RulesMeasured, before: Since | None = None) -> Page:
    """Return the report; `before` is what changed since an earlier result."""
    wrong, right = found.overall.caught.of, found.overall.false_alarms.of
    lead = (
        f"The rules flag {_told(found.overall.caught)} of {wrong} unsupported statements and "
        f"{_told(found.overall.false_alarms)} of {right} supported ones."
    )
    if not wrong + right:
        lead = "The gold set has no labelled statements."
    sections = [
        *([_since(found, before)] if before else []),
        _rules(found),
        _traps(found),
        _listed("Missed: unsupported, and not flagged", found.missed),
        _listed("False alarms: supported, and flagged", found.blamed),
        *([_computed(found, found.computed)] if found.computed and found.reckoned else []),
    ]
    return Page("The rules, measured", lead, tuple(sections))


def _rules(found: RulesMeasured) -> Section:
    judge = [found.judge.alone, found.judge.together] if found.judge else []
    every = [found.overall, found.errors, *judge, *found.rules]
    rows = tuple(
        (_name(item), *_counts(item.caught), *_counts(item.false_alarms)) for item in every
    )
    marks = [
        mark
        for item in every[: 2 + len(judge)]
        for mark in (
            _mark(f"{item.name}: caught", item.caught),
            _mark(f"{item.name}: false alarms", item.false_alarms),
        )
    ]
    prose = ["Intervals: Wilson, 95 %. A statement may be flagged by several rules."]
    if found.judge:
        prose.append(
            f"The judge is {found.judge.model}. It says what the label says of "
            f"{_counted(found.judge.agreement)} ({_range(found.judge.agreement)}); "
            f"{found.judge.not_judged} were not judged."
        )
    heads = ("rule", "caught", "interval", "false alarms", "interval")
    return Section(
        "Rules",
        prose=tuple(prose),
        intervals=Intervals(tuple(marks), 0, 1, ticks=share_axis()),
        table=Table(heads, rows),
    )


def _traps(found: RulesMeasured) -> Section:
    judged = found.judge is not None
    rows = tuple(
        (
            item.trap or UNNAMED,
            *_counts(item.caught),
            *([_counted(item.judged)] if item.judged else []),
        )
        for item in found.traps
    )
    marks = tuple(_mark(item.trap or UNNAMED, item.caught) for item in found.traps)
    heads = ("trap", "caught", "interval", *(["by the judge"] if judged else []))
    return Section(
        "What makes a statement look right",
        intervals=Intervals(marks, 0, 1, ticks=share_axis()),
        table=Table(heads, rows),
    )


def _computed(found: RulesMeasured, rate: ComputedRate) -> Section:
    prose = [
        "They are true, but no passage states the figure: they count neither as caught nor as "
        f"false alarms. The rules flag {_counted(rate.flagged)} ({_range(rate.flagged)})."
    ]
    if rate.judged:
        prose.append(f"The judge finds {_counted(rate.judged)} unsupported.")
    listed = _listed("True only after arithmetic", found.reckoned)
    return Section(listed.title, prose=tuple(prose), items=listed.items)


def _since(now: RulesMeasured, before: Since) -> Section:
    prose = [
        f"Caught: {_counted(before.caught)} before, {_counted(now.overall.caught)} now. "
        f"False alarms: {_counted(before.false_alarms)} before, "
        f"{_counted(now.overall.false_alarms)} now."
    ]
    if before.other_statements:
        prose.append("The labelled statements are not the same; those that both have are compared.")
    if not before.turned:
        prose.append("No statement is judged differently.")
    items = tuple(
        f"{'better' if turned.better else 'worse'}: {turned.statement.path} is "
        f"{'flagged now' if turned.now else 'no longer flagged'} "
        f"({'supported' if turned.statement.supported else 'unsupported'}): {turned.statement.text}"
        for turned in sorted(before.turned, key=lambda turned: turned.better)
    )
    return Section("Since the earlier result", prose=tuple(prose), items=items)


def _listed(title: str, statements: Sequence[Checked]) -> Section:
    return Section(
        f"{title} ({len(statements)})",
        items=tuple(
            f"{item.path}{f' [{item.trap}]' if item.trap else ''}: {item.text}"
            + (f" — {'; '.join(item.messages)}" if item.flagged else "")
            + (f" — {item.why}" if item.why and not item.flagged else "")
            for item in statements
        ),
    )


def _name(item: RuleRate) -> str:
    return f"{item.code} {item.name}".strip()


def _mark(label: str, rate: Rate) -> Mark:
    found = rate.interval
    told = f"{percent(rate.value, 0)} ({_range(rate)})"
    return Mark(
        label, told, rate.value, found.low if found else None, found.high if found else None
    )


def _told(rate: Rate) -> str:
    return f"{percent(rate.value, 0)} ({_range(rate)})"


def _counts(rate: Rate) -> tuple[str, str]:
    return _counted(rate), _range(rate)


def _counted(rate: Rate) -> str:
    return f"{rate.hits} of {rate.of}"


def _range(rate: Rate) -> str:
    found = rate.interval
    return f"{100 * found.low:.0f} to {percent(found.high, 0)}" if found else "–"
