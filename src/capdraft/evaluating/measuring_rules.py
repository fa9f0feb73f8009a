"""The rules are measured: on labelled statements, what they catch and whom they blame."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from capdraft.checking import RULES, Around, check_text, said_by
from capdraft.drafting.drafting import rule_contradictions
from capdraft.drafting.passages import Citations
from capdraft.evaluating.gold import TRAPS, GoldStatement
from capdraft.evaluating.reading import GoldCase
from capdraft.evaluating.rule_results import (
    Checked,
    ComputedRate,
    JudgeRate,
    Rate,
    RuleRate,
    RulesMeasured,
    Since,
    TrapRate,
    Turned,
)
from capdraft.records import Capability, Field
from capdraft.text import sha256

Flags = Callable[[Checked], bool]


def measure_rules(
    cases: Sequence[GoldCase],
    severities: Mapping[str, str] = {},
    *,
    judged: Mapping[str, bool | None] = {},
    judge: str | None = None,
) -> RulesMeasured:
    """Check each labelled statement as a drafted field that cites its passages.

    `judged` is what the model `judge` says of statements, by CASE/STATEMENT.

    Raises:
        SettingsError: `severities` names no rule.
    """
    checked = [item for case in cases for item in check_statements(case, severities)]
    with_judge = [item.model_copy(update={"judged": judged.get(item.path)}) for item in checked]
    return summed(with_judge, judge)


def check_statements(case: GoldCase, severities: Mapping[str, str]) -> Iterator[Checked]:
    """Yield each labelled statement of a case with what the rules find in it."""
    present = {
        f"d{place}": (document.uri, said_by(document))
        for place, document in enumerate(case.documents, 1)
    }
    around = Around(present, tuple(rule_contradictions(case.documents)))
    for item in case.gold.statements:
        findings = check_text(
            case.artifact,
            as_record(case, item),
            item.field,
            item.text,
            around=around,
            severities=severities,
        )
        yield Checked(
            case=case.gold.slug,
            id=item.id,
            text=item.text,
            supported=item.supported,
            trap=item.trap,
            why=item.why,
            codes=tuple(dict.fromkeys(f.code for f in findings)),
            errors=tuple(dict.fromkeys(f.code for f in findings if f.severity == "error")),
            messages=tuple(finding.message for finding in findings),
        )


def as_record(case: GoldCase, item: GoldStatement) -> Capability:
    """Return a labelled statement as a drafted record whose other fields don't matter.

    A comparison cites its passages for both sides: one of them has to name the alternative.
    """
    citations, numbers = Citations(case.documents), case.numbers(item)
    own = tuple(citations.evidence(numbers))
    names = {gold.id: gold.name for gold in case.gold.capabilities}
    compared = item.field == "vs_alternatives"
    field = Field(
        text=item.text,
        passages=numbers,
        alternative=item.alternative,
        alternative_passages=numbers if compared else (),
        evidence=(*own, *(citations.evidence(numbers, "alternative") if compared else ())),
    )
    described = field if item.field == "description" else Field(text=item.text, evidence=own)
    return Capability(
        id=item.capability or item.id,
        name=names.get(item.capability or "", case.gold.name),
        description=described,
        unique=field if item.field == "unique" else None,
        vs_alternatives=field if compared else None,
    )


def summed(checked: Sequence[Checked], judge: str | None = None) -> RulesMeasured:
    """Return the rates of `checked` statements."""
    counted = [item for item in checked if item.counts]
    used = [code for code in RULES if any(code in item.codes for item in counted)]
    labels = sorted((item.path, item.text, item.supported, item.counts) for item in checked)
    wrong = [item for item in counted if not item.supported]
    return RulesMeasured(
        gold_sha256=sha256(repr(labels)),
        overall=_rate("", "all rules", counted, lambda item: item.flagged),
        errors=_rate("", "errors only", counted, lambda item: bool(item.errors)),
        judge=_judged(judge, counted) if judge else None,
        rules=tuple(_rate(code, RULES[code].name, counted, _finds(code)) for code in used),
        traps=tuple(
            TrapRate(
                trap=trap,
                caught=_share(found, lambda item: item.flagged),
                judged=_share(found, lambda item: item.judged is False) if judge else None,
            )
            for trap in TRAPS
            if (found := [item for item in wrong if item.trap == trap])
        ),
        computed=_computed([item for item in checked if not item.counts], judge),
        statements=tuple(checked),
    )


def since(now: RulesMeasured, before: RulesMeasured) -> Since:
    """Return what became of the statements that both results have."""
    earlier = {(item.path, item.text, item.supported): item.flagged for item in before.statements}
    turned = [
        Turned(statement=item, now=item.flagged)
        for item in now.statements
        if item.counts
        and earlier.get((item.path, item.text, item.supported), item.flagged) != item.flagged
    ]
    return Since(
        caught=before.overall.caught,
        false_alarms=before.overall.false_alarms,
        turned=tuple(turned),
        other_statements=now.gold_sha256 != before.gold_sha256,
    )


def _computed(items: Sequence[Checked], judge: str | None) -> ComputedRate:
    return ComputedRate(
        flagged=_share(items, lambda item: item.flagged),
        judged=_share(items, lambda item: item.judged is False) if judge else None,
    )


def _judged(model: str, checked: Sequence[Checked]) -> JudgeRate:
    answered = [item for item in checked if item.judged is not None]
    return JudgeRate(
        model=model,
        alone=_rate("", "the judge", checked, lambda item: item.judged is False),
        together=_rate(
            "", "rules or judge", checked, lambda item: item.flagged or item.judged is False
        ),
        agreement=_share(answered, lambda item: item.judged == item.supported),
        not_judged=len(checked) - len(answered),
    )


def _finds(code: str) -> Flags:
    return lambda item: code in item.codes


def _rate(code: str, name: str, checked: Sequence[Checked], flags: Flags) -> RuleRate:
    return RuleRate(
        code=code,
        name=name,
        caught=_share([item for item in checked if not item.supported], flags),
        false_alarms=_share([item for item in checked if item.supported], flags),
    )


def _share(items: Sequence[Checked], flags: Flags) -> Rate:
    return Rate.of_counts(sum(map(flags, items)), len(items))
