"""What a rule is and what it looks at; running rules over claims."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from functools import cached_property

from capdraft.errors import SettingsError
from capdraft.records import (
    Artifact,
    Capability,
    Contradiction,
    Evidence,
    Field,
    FieldName,
    Finding,
    ModelJudgement,
    Severity,
)

MOST_PROBLEMS = 100
"""Problems of one claim that a rule tells of: a text made of numbers has one in each."""


@dataclass(frozen=True)
class Around:
    """What rules may want to know beside the capabilities of an artifact."""

    present: Mapping[str, tuple[str, frozenset[tuple[str, str]] | None]] = attribute(
        default_factory=dict
    )
    """Of each document id: its URI and what it says now, None where it is not at hand."""
    contradictions: tuple[Contradiction, ...] = ()
    """Facts of which two of the documents say different things."""
    judged: Mapping[tuple[str, FieldName], ModelJudgement] = attribute(default_factory=dict)
    """What a model said of the fields, by capability and field, where one was asked."""
    pages: tuple[tuple[str, Capability], ...] = ()
    """Records that other imported pages have of the artifact, each with its proposal's file."""


@dataclass(frozen=True)
class Claim:
    """A field of a capability, and what a rule may want to know around it."""

    artifact: Artifact
    capability: Capability
    field_name: FieldName
    field: Field
    earlier: tuple[Capability, ...] = ()
    around: Around = Around()

    @property
    def present(self) -> Mapping[str, tuple[str, frozenset[tuple[str, str]] | None]]:
        return self.around.present

    @property
    def contradictions(self) -> tuple[Contradiction, ...]:
        return self.around.contradictions

    @property
    def judged(self) -> ModelJudgement | None:
        return self.around.judged.get((self.capability.id, self.field_name))

    @property
    def is_comparison(self) -> bool:
        return self.field_name == "vs_alternatives"

    @property
    def heading(self) -> str:
        """The capability's name where the description is looked at: it rests on its passages."""
        return self.capability.name if self.field_name == "description" else ""

    @property
    def names(self) -> tuple[str, ...]:
        """Names that the claim may say without a passage."""
        other = self.field.alternative if self.is_comparison else None
        return (self.artifact.name, other) if other else (self.artifact.name,)

    def passages(self, side: str | None = None) -> list[str]:
        """Return what the cited passages say, with the headings and header row above them."""
        return [text for item, text in self._cited if side is None or item.side == side]

    @cached_property
    def _cited(self) -> list[tuple[Evidence, str]]:
        return [(item, evidence_text(item)) for item in self.field.evidence]


def written(claim: Claim) -> Iterator[tuple[str, str]]:
    """Yield what stands in the field and around it, each with what it is."""
    yield "the text", claim.field.text
    if claim.field_name == "description":
        yield "the artifact's name", claim.artifact.name
        yield "the capability's name", claim.capability.name
        yield from (("an intent", intent) for intent in claim.capability.intents)
    if claim.is_comparison and claim.field.alternative:
        yield "the alternative's name", claim.field.alternative


def evidence_text(item: Evidence) -> str:
    """Return the quote without markup, and what stands above it."""
    from capdraft.sources import readable

    above = [readable(part, "paragraph", item.markup) for part in item.heading]
    if item.header:
        above.append(readable(item.header, "table-row", item.markup))
    return "\n\n".join([*above, readable(item.quote, item.kind, item.markup)])


@dataclass(frozen=True, slots=True)
class Problem:
    """What a rule found; a mild one is never more than a warning."""

    message: str
    start: int | None = None
    end: int | None = None
    mild: bool = False


Check = Callable[[Claim], Iterable[Problem]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, how severe its findings are unless the settings say otherwise, and its check."""

    code: str
    name: str
    severity: Severity
    summary: str
    check: Check = attribute(repr=False)


def rule(code: str, name: str, severity: Severity, summary: str) -> Callable[[Check], Rule]:
    """Make a check a rule."""

    def named(check: Check) -> Rule:
        return Rule(code, name, severity, summary, check)

    return named


def find(
    rules: Iterable[Rule], claims: Iterable[Claim], severities: Mapping[str, str]
) -> tuple[Finding, ...]:
    """Return what `rules` say of `claims`: in the order of the claims, by code and place.

    Raises:
        SettingsError: `severities` gives a rule anything but error, warning or off.
    """
    active = [
        (item, severity)
        for item in sorted(rules, key=lambda item: item.code)
        if (severity := severity_of(item, severities))
    ]
    return tuple(finding for claim in claims for finding in _findings(active, claim))


def severity_of(rule: Rule, severities: Mapping[str, str]) -> Severity | None:
    """Return the severity of `rule` under these settings; None where it is off.

    Raises:
        SettingsError: the settings say anything but error, warning or off.
    """
    match severities.get(rule.code, rule.severity):
        case "error":
            return "error"
        case "warning":
            return "warning"
        case "off":
            return None
        case other:
            raise SettingsError(
                f"{other!r} is not a severity of {rule.code}", hint="Use error, warning or off."
            )


def _findings(active: Iterable[tuple[Rule, Severity]], claim: Claim) -> Iterator[Finding]:
    for item, severity in active:
        # Where there are too many, mild ones are left out first: they must not hide an error.
        found = sorted(item.check(claim), key=lambda problem: problem.mild)[:MOST_PROBLEMS]
        for problem in sorted(found, key=lambda p: (p.start or 0, p.end or 0)):
            yield Finding(
                code=item.code,
                severity="warning" if problem.mild else severity,
                message=problem.message,
                capability=claim.capability.id,
                field=claim.field_name,
                start=problem.start,
                end=problem.end,
            )


def shown(text: str, longest: int = 60) -> str:
    """Return `text` on one line, cut at `longest` characters."""
    line = re.sub(r"\s+", " ", text).strip()
    return line if len(line) <= longest else line[: longest - 1] + "…"
