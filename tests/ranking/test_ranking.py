"""What the five parts are computed from, and what moves them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capdraft.ranking import VERSION, Known, Part, Rank, by_total, rank_entry
from capdraft.ranking.match_graph import match_graph
from capdraft.ranking.mentions import mentions
from capdraft.records import (
    SIGNAL_NAMES,
    Approval,
    Artifact,
    CatalogEntry,
    DocumentRef,
    Evidence,
    Finding,
    Proposal,
    Record,
    RecordField,
    Run,
    Signal,
    SignalName,
    Signals,
)
from capdraft.records.evidence import Side
from capdraft.records.signals import LARGEST
from capdraft.reviewing import Policy

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
READ = NOW - timedelta(days=100)


def quote(text: str, side: Side = "artifact") -> Evidence:
    return Evidence(document="d1", passage=1, side=side, start=0, end=len(text), quote=text)


def field(text: str, *evidence: Evidence, other: str | None = None, **approved: Any) -> RecordField:
    approval = Approval(**{"by": "ann", "at": READ, "decision": "0" * 12, **approved})
    return RecordField(
        text=text, alternative=other, proposal="0001", evidence=evidence, approved=(approval,)
    )


def entry(
    slug: str = "ticket-reader", *records: Record, name: str = "", **artifact: Any
) -> CatalogEntry:
    document = DocumentRef(
        id="d1",
        uri=f"{slug}.md",
        sha256="0" * 64,
        retrieved=READ,
        media_type="text/plain",
        passages=3,
    )
    about = Artifact(**{"slug": slug, "name": name or slug, "type": "model", **artifact})
    return CatalogEntry(artifact=about, documents=(document,), capabilities=records)


def record(**fields: Any) -> Record:
    first = field("Reads tickets.", quote("Reads printed tickets; exports CSV and ONNX."))
    about: dict[str, Any] = {"id": "read", "name": "Read", "drafted_by": "m", "description": first}
    return Record(**{**about, **fields})


def signals(**values: int) -> Signals:
    found = [
        Signal(name=name, value=values[name], source="https://hub.test/x", retrieved=READ)
        for name in SIGNAL_NAMES
        if name in values
    ]
    return Signals(artifact="ticket-reader", signals=tuple(found))


def part(rank: Rank, name: str) -> Part:
    return next(term.part for term in rank.score.terms if term.part.name == name)


def value(name: str, of: CatalogEntry, known: Known | None = None) -> str:
    return str(part(rank_entry(of, known or Known(NOW)), name).value)


COMPARED = record(
    intents=("read a ticket",),
    unique=field("Runs in 2 GB.", quote("It needs 2 GB of memory.")),
    vs_alternatives=field(
        "Reads more than Slip Reader.", quote("Reads 40 fields."), other="Slip Reader"
    ),
)
FULL = entry(
    "ticket-reader",
    COMPARED,
    name="Ticket Reader",
    license="mit",
    links=("https://reader.test/paper",),
)
KNOWN = Known(
    NOW,
    signals=signals(downloads=1200, likes=40, stars=350, forks=12),
    named_by=("slip-reader", "stamp-reader"),
    matches=(20, 5, 3, 1),
)


def test_the_numbers_of_this_version_of_the_formula() -> None:
    """Whoever changes these changes VERSION: a score that was shown keeps its meaning."""
    assert VERSION == "rank/1"
    found = rank_entry(FULL, KNOWN)
    told = [
        f"{term.part.name} {term.weight} × {term.part.value} = {term.points}"
        for term in found.score.terms
    ]
    assert told == [
        "adoption 0.25 × 0.45 = 11.25",
        "quality 0.30 × 0.96 = 28.80",
        "ecosystem 0.15 × 0.58 = 8.70",
        "match graph 0.15 × 0.47 = 7.05",
        "freshness 0.15 × 0.83 = 12.45",
    ]
    assert str(found.score.total) == "68.25"
    assert (found.score.marks, found.score.version) == ((), "rank/1")
    assert str(part(found, "match graph").uncertainty) == "0.10"
    bare = rank_entry(FULL, Known(NOW))
    assert [str(term.weight) for term in bare.score.terms] == [
        "0.00",
        "0.50",
        "0.25",
        "0.00",
        "0.25",
    ]
    assert bare.score.marks == ("without adoption", "without match graph")
    assert str(bare.score.total) == "76.50"


def test_what_nobody_approved_has_no_rank() -> None:
    found = rank_entry(entry(), KNOWN)
    assert found.score.total is None
    assert found.score.marks == ("unranked: it has no approved record",)
    assert [r.score.total for r in by_total([found, rank_entry(FULL, KNOWN)])][1] is None


counts = st.integers(0, LARGEST)


@given(st.dictionaries(st.sampled_from(SIGNAL_NAMES), counts, min_size=1), counts, st.data())
def test_more_of_a_signal_never_lowers_the_rank(
    values: dict[SignalName, int], more: int, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(values)))
    raised = {**values, name: max(values[name], more)}
    before = rank_entry(FULL, replace(KNOWN, signals=signals(**values))).score
    after = rank_entry(FULL, replace(KNOWN, signals=signals(**raised))).score
    assert before.total is not None
    assert after.total is not None
    assert after.total >= before.total
    assert all(0 <= t.part.value <= 1 for t in after.terms if t.part.value is not None)


def test_what_was_set_by_hand_counts_before_what_hosts_say() -> None:
    said = Signal(name="downloads", value=10, source="by ann", retrieved=READ, by="ann")
    both = signals(downloads=5000).with_signals([said])
    assert both.counted["downloads"] == said
    again = both.with_signals([said.model_copy(update={"value": 20, "source": "a mail"})])
    assert [signal.value for signal in again.signals] == [20, 5000]


def test_a_signal_of_more_than_a_year_ago_is_marked() -> None:
    later = Known(READ + timedelta(days=366), signals=signals(likes=3, forks=1))
    assert [item.old for item in part(rank_entry(FULL, later), "adoption").inputs] == [True, True]
    sooner = replace(later, now=READ + timedelta(days=365))
    assert not any(item.old for item in part(rank_entry(FULL, sooner), "adoption").inputs)


def test_forks_alone_tell_nothing_of_adoption() -> None:
    found = part(rank_entry(FULL, Known(NOW, signals=signals(forks=9))), "adoption")
    assert (found.value, found.inputs[0].value) == (None, "9")


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        # Of evidence, findings and approvals; completeness is 3 of 6.
        (field("Reads.", quote("Reads.")), "0.88"),
        (field("Reads.", quote("Reads."), despite=("CD103",), note="so"), "0.63"),
        (field("Reads.", editorial=True, note="so"), "0.38"),
    ],
)
def test_quality_counts_evidence_and_what_was_accepted_all_the_same(
    description: RecordField, expected: str
) -> None:
    one = entry("reader", record(description=description, intents=("read",)))
    assert value("quality", one) == expected


def draft(*findings: Finding, by: str | None = None, retrieved: datetime = READ) -> Proposal:
    document = FULL.documents[0].model_copy(update={"retrieved": retrieved})
    run = Run(
        started=READ,
        by=by,
        tool="capdraft",
        state="drafted",
        model="m",
        endpoint="http://stub/v1",
        prompt="draft",
        prompt_sha256="0",
        calls=1,
        attempts=1,
        seconds=1,
    )
    return Proposal(artifact=FULL.artifact, run=run, documents=(document,), findings=findings)


def test_a_warning_of_the_approved_draft_counts_half_until_somebody_edits_it() -> None:
    warning = Finding(
        code="CD201", severity="warning", message="vague", capability="read", field="description"
    )
    known = Known(NOW, proposals={"0001": draft(warning)})
    assert value("quality", entry("reader", record()), known) == "0.71"
    edited = record(description=field("Reads.", quote("Reads."), edited=True))
    assert value("quality", entry("reader", edited), known) == "0.83"
    assert value("quality", entry("reader", record())) == "0.83"


def test_quality_counts_approvals_that_the_policy_needs() -> None:
    two = Policy(reviewers=frozenset({"ann", "bo"}), approvals={"description": 2})
    assert value("quality", entry("reader", record()), Known(NOW, policy=two)) == "0.71"


def test_ecosystem_counts_who_names_it_and_what_it_works_with() -> None:
    alone = entry("reader", record(description=field("Reads.", quote("Reads."))))
    assert value("ecosystem", alone) == "0.00"
    assert value("ecosystem", alone, Known(NOW, named_by=["a"])) == "0.17"
    assert value("ecosystem", alone, Known(NOW, named_by=[f"a{n}" for n in range(99)])) == "0.60"
    assert value("ecosystem", entry("reader", record())) == "0.24"  # CSV, ONNX
    inputs = part(rank_entry(entry("reader", record()), Known(NOW)), "ecosystem").inputs
    assert [(item.signal, item.value, item.source) for item in inputs] == [
        ("format", "CSV", "reader.md"),
        ("format", "ONNX", "reader.md"),
    ]


def naming(text: str, slug: str = "other", **fields: Any) -> CatalogEntry:
    return entry(slug, record(description=field(text, quote("Reads."), **fields)))


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Beats Gemma 2 on tickets.", True),
        ("Beats GEMMA-2.", True),
        ("Beats Gemma 2.", True),
        ("Beats Gemma 2.5 on tickets.", False),
        ("Beats Gemma 27 on tickets.", False),
        ("Beats Gemma in 2 ways.", False),
        ("Cuts a gemma 2 cm deep.", False),
    ],
)
def test_an_artifact_is_named_as_names_are_written(text: str, named: bool) -> None:
    found = mentions([entry("gemma-2", record(), name="Gemma 2"), naming(text)])
    assert found["gemma-2"] == (("other",) if named else ())


def test_comparing_and_citing_name_an_artifact_too() -> None:
    reader = entry("reader", record(), name="reader")
    compares = naming("Reads more.", "first", other="Reader")
    document = reader.documents[0].model_copy(update={"id": "d2", "uri": "catalog/reader.json"})
    cites = naming("Reads more.", "second")
    cites = cites.model_copy(update={"documents": (*cites.documents, document)})
    itself = naming("Beats Selfie, as Selfie does.", "selfie")
    assert mentions([reader, compares, cites, itself]) == {
        "reader": ("first", "second"),
        "first": (),
        "second": (),
        "selfie": (),
    }
    assert mentions([reader, entry("empty", name="Reader")]) == {"reader": ()}


@given(st.lists(st.text("Gemra 2.", max_size=20), max_size=4))
def test_an_unrelated_artifact_changes_no_rank(texts: list[str]) -> None:
    def total(entries: list[CatalogEntry]) -> Decimal | None:
        named_by = mentions(entries)["gemma-2"]
        return rank_entry(FULL, replace(KNOWN, named_by=named_by)).score.total

    there = [entry("gemma-2", record(), name="Gemma 2"), naming("Beats Gemma 2.")]
    more = [naming(f"Reads. {text}", f"more-{n}") for n, text in enumerate(texts)]
    unrelated = [one for one in more if "gemma-2" not in named(one)]
    assert total([*there, *unrelated]) == total(there)


def named(one: CatalogEntry) -> set[str]:
    found = mentions([entry("gemma-2", record(), name="Gemma 2"), one])
    return {slug for slug, by in found.items() if by}


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500), st.integers(1, 500))
def test_the_match_graph_moves_with_what_searches_led_to(
    chosen: int, succeeded: int, failed: int, more: int
) -> None:
    def at(*numbers: int) -> Decimal:
        found = match_graph((numbers[0], numbers[1], numbers[2], numbers[3]), "here").value
        assert found is not None
        return found

    base = at(1000, chosen, succeeded, failed)
    assert at(1000, chosen + more, succeeded, failed) >= base
    assert at(1000 + more, chosen, succeeded, failed) <= base
    assert at(1000, chosen, succeeded + more, failed) >= base
    assert at(1000, chosen, succeeded, failed + more) <= base


def test_uncertainty_shrinks_with_the_number_of_searches() -> None:
    spreads = [match_graph((n, n // 2, n // 4, n // 4), "").uncertainty for n in (40, 400)]
    assert [str(spread) for spread in spreads] == ["0.06", "0.02"]
    none = match_graph((0, 0, 0, 0), "")
    assert (none.value, none.formula) == (None, "no search has shown it")


def test_a_few_searches_do_not_move_a_rank() -> None:
    few = match_graph((9, 0, 0, 0), "here")
    assert (few.value, few.formula) == (None, "9 of the 10 searches that it takes")
    assert [item.value for item in few.inputs] == ["9", "0", "0", "0"]
    assert match_graph((10, 0, 0, 0), "here").value is not None


def test_freshness_halves_with_each_half_life() -> None:
    def at(days: int, **known: Any) -> str:
        return value("freshness", FULL, Known(READ + timedelta(days=days), **known))

    assert [at(days) for days in (-5, 0, 365, 730, 99_999)] == [
        "1.00",
        "1.00",
        "0.50",
        "0.25",
        "0.00",
    ]
    read_again = draft(retrieved=READ + timedelta(days=365))
    assert at(365, newest=read_again) == "0.75"
    changed = read_again.documents[0].model_copy(update={"sha256": "1" * 64})
    other = read_again.model_copy(update={"documents": (changed,)})
    assert at(365, newest=other) == "0.50"
