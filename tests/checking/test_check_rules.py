"""Each rule with one right and one wrong claim; order, severities, edits and lost quotes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from capdraft.checking import (
    RULES,
    Said,
    check_capabilities,
    check_proposal,
    check_text,
    is_said,
)
from capdraft.errors import SettingsError
from capdraft.records import (
    Artifact,
    Capability,
    DocumentRef,
    Evidence,
    Field,
    Finding,
    Proposal,
    Run,
    Side,
)
from capdraft.text import normalise

WREN = Artifact(slug="wren-2", name="Wren 2")


def passage(quote: str, number: int = 1, side: Side = "artifact", **more: Any) -> Evidence:
    return Evidence(
        document="d1", passage=number, side=side, start=0, end=len(quote), quote=quote, **more
    )


def field(text: str, *evidence: Evidence, **more: Any) -> Field:
    return Field(text=text, evidence=evidence, **more)


def capability(description: Field, slug: str = "reading", **more: Any) -> Capability:
    return Capability(id=slug, name=more.pop("name", slug), description=description, **more)


def comparing(text: str, *evidence: Evidence, **more: Any) -> Capability:
    fine = field("Reads pages.", passage("Wren reads pages."))
    return capability(fine, vs_alternatives=field(text, *evidence, **more))


def found(*capabilities: Capability, **more: Any) -> list[tuple[str, str]]:
    return [(item.code, item.message) for item in check_capabilities(WREN, capabilities, **more)]


OWN = passage("Wren reads pages.")
HERON = passage("The heron-1 model reads words.", 2, "alternative")
RANKED = [
    passage(f"| {row} |", number, kind="table-row", header="| tool | tickets/s |")
    for number, row in enumerate(("Wren | 31", "Heron | 24", "Egret | 9"), 1)
]

CASES: list[tuple[Capability, list[tuple[str, str]]]] = [
    (capability(field("Reads pages.", OWN)), []),
    (capability(field("Reads 3 pages.")), [("CD101", "no passage is cited")]),
    (
        comparing("Reads pages, Heron-1 words.", HERON, alternative="Heron 1"),
        [("CD101", "no passage of the artifact is cited")],
    ),
    (capability(field("Reads pages.", OWN, passages=(1,))), []),
    (
        capability(field("Reads pages.", OWN, passages=(1, 9))),
        [("CD102", "passage 9 is cited and does not exist")],
    ),
    (
        comparing("Unlike it.", OWN, HERON, alternative="Heron 1", alternative_passages=(1, 2)),
        [("CD102", "passage 1 is cited for the alternative and does not exist")],
    ),
    (capability(field("Wren 2 crops to 448×448.", passage("Crops to **448** x 448."))), []),
    (
        capability(field("Crops to 896×896.", passage("Crops to 448 x 448."))),
        [("CD103", "'896×896' is in none of the cited passages")],
    ),
    (
        capability(
            field("Takes 8 GB.", passage("| w | 8 |", kind="table-row", header="| n | GB |"))
        ),
        [],
    ),
    (capability(field("In version 4.", passage("It crops.", heading=("Version 4",)))), []),
    (comparing("Reads more than Heron 1.", OWN, HERON, alternative="Heron 1"), []),
    (comparing("Reads more.", OWN, HERON, alternative="the Heron1 model"), []),
    (
        comparing("Reads more than Heron.", OWN, alternative="Heron"),
        [("CD201", "no passage is cited for 'Heron'")],
    ),
    (
        comparing("Reads more than Egret.", OWN, HERON, alternative="Egret"),
        [("CD201", "no passage cited for the alternative names 'Egret'")],
    ),
    (capability(field("The fastest reader.", passage("The quickest of all."))), []),
    (
        capability(field("The fastest reader.", OWN)),
        [("CD203", "no cited passage says 'fastest'")],
    ),
    (capability(field("Wren is fastest on tickets.", *RANKED)), []),
    (
        capability(field("The fastest reader.", *RANKED)),
        [("CD203", "no cited passage says 'fastest'")],
    ),
    (
        capability(field("Wren is fastest on tickets.", *RANKED[:2])),
        [("CD203", "no cited passage says 'fastest'")],
    ),
]


@pytest.mark.parametrize(("claim", "findings"), CASES)
def test_each_rule_lets_the_right_pass_and_names_the_wrong(
    claim: Capability, findings: list[tuple[str, str]]
) -> None:
    assert found(claim) == findings


def test_a_duplicate_is_reported_on_the_later_record() -> None:
    first = capability(field("Reads scanned pages aloud slowly.", OWN), "one")
    second = capability(field("It reads the scanned page aloud, slowly.", OWN), "two")
    third = capability(field("Draws.", OWN), "three", name="ONE")
    findings = check_capabilities(WREN, [first, second, third])
    assert [(item.capability, item.code, item.message) for item in findings] == [
        ("two", "CD301", "says much the same as 'one'"),
        ("three", "CD301", "'one' has the same name"),
    ]


def test_findings_come_by_record_field_code_and_place() -> None:
    claims = [
        capability(field("The best: 5 or 4.", OWN, passages=(7,)), "b", unique=field("The 9th.")),
        capability(field("Also 6.", OWN), "a"),
    ]
    findings = check_capabilities(WREN, claims)
    assert [(f.capability, f.field, f.code, f.start) for f in findings] == [
        ("b", "description", "CD102", None),
        ("b", "description", "CD103", 10),
        ("b", "description", "CD103", 15),
        ("b", "description", "CD203", 4),
        ("b", "unique", "CD101", None),
        ("a", "description", "CD103", 5),
    ]
    assert check_capabilities(WREN, claims) == findings


def severities(findings: tuple[Finding, ...]) -> list[str]:
    return [item.severity for item in findings]


def test_settings_change_the_severity_of_a_rule_or_turn_it_off() -> None:
    claim = capability(field("The best 5 of three.", OWN))
    assert severities(check_capabilities(WREN, [claim])) == ["error", "warning", "warning"]
    raised = {"CD103": "warning", "CD203": "error"}
    assert severities(check_capabilities(WREN, [claim], severities=raised)) == [
        *("warning", "warning"),
        "error",
    ]
    assert check_capabilities(WREN, [claim], severities=dict.fromkeys(RULES, "off")) == ()
    with pytest.raises(SettingsError, match="'loud' is not a severity of CD203"):
        check_capabilities(WREN, [claim], severities={"CD203": "loud"})


def test_an_edit_is_checked_against_the_evidence_it_had() -> None:
    claim = capability(field("Crops to 9.", passage("Crops to 448.")))
    assert check_text(WREN, claim, "description", "Crops to 448.") == ()
    (finding,) = check_text(WREN, claim, "description", "It crops to 447.")
    assert (finding.code, finding.start, finding.end) == ("CD103", 12, 15)
    assert [f.code for f in check_text(WREN, claim, "unique", "New.")] == ["CD101"]
    off = {"CD103": "off"}
    assert check_text(WREN, claim, "description", "It crops to 447.", severities=off) == ()


def proposal(*capabilities: Capability) -> Proposal:
    now = datetime(2026, 1, 2, tzinfo=UTC)
    document = DocumentRef(
        id="d1", uri="wren.md", sha256="0" * 64, retrieved=now, media_type="text/plain", passages=2
    )
    run = Run(
        started=now,
        tool="capdraft",
        state="drafted",
        model="m",
        endpoint="http://localhost",
        prompt="p",
        prompt_sha256="0" * 64,
        calls=1,
        attempts=1,
        seconds=0,
    )
    return Proposal(artifact=WREN, run=run, documents=(document,), capabilities=capabilities)


def said(*quotes: str) -> Said:
    return frozenset((normalise(quote), "") for quote in quotes)


def test_a_quote_that_is_no_passage_of_its_document_any_more_is_found() -> None:
    drafted = proposal(capability(field("Reads pages.", OWN)))
    for present in (said("Wren reads pages."), said("New.", "Wren reads\n  pages."), None):
        assert check_proposal(drafted, {"wren.md": present}) == ()
    assert check_proposal(drafted, {}) == ()
    for gone in ("Wren read pages.", "It is false that Wren reads pages."):
        (finding,) = check_proposal(drafted, {"wren.md": said(gone)})
        assert (finding.code, finding.severity) == ("CD104", "error")
        assert finding.message == "wren.md does not say 'Wren reads pages.' any more"
    assert check_proposal(drafted, {"wren.md": said()}, severities={"CD104": "off"}) == ()


def test_a_row_of_figures_is_said_under_its_header_only() -> None:
    row = OWN.model_copy(update={"header": "Size | CIDEr"})
    assert is_said(row, frozenset({(normalise(OWN.quote), "Size | CIDEr")}))
    assert not is_said(row, frozenset({(normalise(OWN.quote), "Size | error rate")}))


def test_every_rule_is_listed_under_its_code_with_what_docs_need() -> None:
    assert list(RULES) == [f"CD{n}" for n in (*range(101, 114), 201, 203, 301)]
    for code, rule in RULES.items():
        assert rule.code == code
        assert rule.name == rule.name.lower().replace(" ", "-")
        assert rule.summary.endswith(".")
