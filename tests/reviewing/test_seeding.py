"""Planted errors: provably wrong, shown like any other claim, and never published."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capdraft.errors import FileInvalid, ReviewRefused
from capdraft.merging import merge_artifact
from capdraft.records import SEED_KINDS, Bulk, Capability, Evidence, Field, FieldName
from capdraft.records.evidence import evidence_hash
from capdraft.reviewing import FieldState, Judgement, Review, Target, approve, edit, open_review
from capdraft.reviewing.sampling import blind, draw
from capdraft.reviewing.seeding import Seed, answer, answered, outcomes, plant, seed_secret
from capdraft.reviewing.seeding.directions import turned
from capdraft.reviewing.seeding.hedges import overstated
from capdraft.reviewing.seeding.negations import negated
from capdraft.reviewing.seeding.numbers import other_numbers
from capdraft.reviewing.seeding.outcomes import SECRET, changes_spoiled
from capdraft.reviewing.seeding.passages import other_passages
from capdraft.reviewing.seeding.wording import Spoil, sentences
from capdraft.workspace import Workspace
from workspaces import draft, make_workspace

SLUG = "ticket-reader"
CARD = """\
---
name: Ticket reader
type: model
---
# Ticket reader

Reads printed tickets of up to 40 fields.

It needs 2 GB of memory and 16 GB of disk.

Reading a page is faster than typing it.

Version 1 read 12 fields.

Invoices can be sorted by their sender and date.

Some scanners may crop the left margin.

It is built as the largest archive of stained paper.
"""


def said(text: str, *passages: int) -> dict[str, Any]:
    return {"text": text, "passages": list(passages)}


def record(name: str, **fields: Any) -> dict[str, Any]:
    return {
        "name": name,
        "intents": [name.lower()],
        "unique": None,
        "vs_alternatives": None,
        **fields,
    }


COMPARED = {
    **said("Reads 40 fields where version 1 read 12.", 1),
    "alternative": "version 1",
    "alternative_passages": [4],
}
RECORDS = (
    record(
        "Read tickets",
        description=said("Reads printed tickets of up to 40 fields.", 1),
        unique=said("It needs 2 GB of memory and 16 GB of disk.", 2),
        vs_alternatives=COMPARED,
    ),
    record(
        "Sort invoices",
        description=said("Invoices can be sorted by their sender and date.", 5),
        unique=said("Reading a page is faster than typing it.", 3),
    ),
    record(
        "Work with scanners",
        description=said("Some scanners may crop the left margin.", 6),
        unique=said("Needs 3 GB of memory.", 2),
    ),
    record(
        "Keep paper", description=said("It is built as the largest archive of stained paper.", 7)
    ),
)
ADA = Judgement("ada", {})


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = make_workspace(tmp_path, CARD)
    draft(made, {"capabilities": list(RECORDS)})
    return made


def opened(workspace: Workspace, capability: str = "", field: FieldName | None = None) -> Review:
    return open_review(workspace, Target(SLUG, capability or None, field))


def planted(review: Review, state: FieldState, who: str = "ada", **given: Any) -> Seed | None:
    return plant(review, state, who, {}, **{"share": 1.0, "secret": "s", **given})


def seeds(review: Review, secrets: int = 12) -> Iterator[Seed]:
    """Yield what is planted in all fields, under several secrets, to see several kinds."""
    for state in review.states:
        for secret in range(secrets):
            if seed := planted(review, state, secret=str(secret)):
                yield seed


def one_seed(review: Review, kind: str, text: str = "") -> Seed:
    return next(s for s in seeds(review) if s.kind == kind and text in s.state.text)


# How a claim is made wrong


@pytest.mark.parametrize(
    ("spoil", "claim", "passage", "wrong"),
    [
        (turned, "It is faster than typing.", None, "It is slower than typing."),
        (
            turned,
            "Most readers crop the margin.",
            None,
            "Few readers crop the margin.",
        ),
        (
            turned,
            "It supports PNG and TIFF files.",
            None,
            "It lacks support for PNG and TIFF files.",
        ),
        (turned, "Reads more tables per page.", None, "Reads fewer tables per page."),
        (turned, "Needs more memory than version 1.", None, "Needs less memory than version 1."),
        (turned, "Runs on a phone without a GPU.", None, "Runs on a phone only with a GPU."),
        (turned, "Pages are cleaned before reading.", None, "Pages are cleaned after reading."),
        (
            negated,
            "Is small. Reads printed tickets.",
            "It reads printed tickets.",
            "Is small. Does not read printed tickets.",
        ),
        (
            negated,
            "The model matches names to faces.",
            None,
            "The model does not match names to faces.",
        ),
        (negated, "Pages can be turned by hand.", None, "Pages cannot be turned by hand."),
        (
            negated,
            "The code is published with tests.",
            None,
            "The code is not published with tests.",
        ),
        (negated, "Handwriting cannot be read.", None, "Handwriting can be read."),
        (negated, "It does not keep scanned pages.", None, "It keeps scanned pages."),
        (overstated, "Reads up to 40 fields.", None, "Reads at least 40 fields."),
        (overstated, "Handles some stained pages.", None, "Handles all stained pages."),
        (overstated, "Pages may lose their margin.", None, "Pages will always lose their margin."),
        (overstated, "Takes about 3 seconds a page.", None, "Takes exactly 3 seconds a page."),
        # The passage says nothing of it, speaks of something else, or says the opposite.
        (turned, "It is faster than typing.", "It replaces typing.", None),
        (turned, "It is faster than typing.", "Scans of coins are faster.", None),
        (
            turned,
            "Slower hardware will do, as reading is always much faster than typing.",
            "Reading is always much faster than typing.",
            None,
        ),
        (
            turned,
            "Reading is faster than typing.",
            "Reading is faster than typing, while scanning is slower.",
            None,
        ),
        (turned, "The steps above show pages.", None, None),
        # It would give itself away, or speaks of a case that is not the passage's.
        (negated, "Reads printed tickets.", None, None),
        (turned, "Supports PNG and TIFF files.", None, None),
        (turned, "Where a page is larger than a card, it is folded.", None, None),
        (turned, "Runs with or without a GPU.", None, None),
        (negated, "Pages are read until enough are found, or it reaches the end.", None, None),
        (negated, "Reads printed tickets.", "It does not read printed tickets.", None),
        (negated, "Reads 40 fields of tickets.", "It reads 12 fields of tickets.", None),
        (negated, "Reads printed tickets and prints labels.", None, None),
        (negated, "The list is open to members only.", None, None),
        (negated, "It reads pages without margins.", None, None),
        (overstated, "Reads up to 40 fields.", "Reads 40 fields.", None),
        (overstated, "Models of May 2024 read pages.", None, None),
    ],
)
def test_a_few_words_make_it_wrong_where_a_passage_says_them(
    spoil: Spoil, claim: str, passage: str | None, wrong: str | None
) -> None:
    found = list(spoil(claim, sentences(passage or claim)))
    assert [item.text for item in found][:1] == ([wrong] if wrong else [])


def test_the_truth_names_what_the_passage_says_and_what_the_claim_said() -> None:
    (spoiled,) = turned("Much read. It is faster than typing.", ["Its use is faster than typing."])
    assert spoiled.truth == (
        "The passage says “Its use is faster than typing”; "
        "the planted claim said “It is slower than typing”."
    )


def quoted(
    quote: str, header: str | None = None, number: int = 1, side: str = "artifact"
) -> Evidence:
    return Evidence.model_validate(
        {
            "document": "d1",
            "passage": number,
            "side": side,
            "kind": "table-row" if header else "paragraph",
            "header": header,
            "start": 0,
            "end": len(quote),
            "quote": quote,
        }
    )


HEAD = "| Size | Tickets | Labels |"
ONE_ROW = [quoted("| small | 71.5 | 62.5 |", HEAD)]


@pytest.mark.parametrize(
    ("claim", "evidence", "wrong"),
    [
        (
            "Needs 2 GB of memory.",
            [quoted("It needs 2 GB of memory and 16 GB of disk.")],
            {"Needs 16 GB of memory."},
        ),
        (
            "Needs 2 GB of memory and 16 GB of disk.",
            [quoted("It needs 2 GB of memory and 16 GB of disk.")],
            {"Needs 16 GB of memory and 2 GB of disk."},
        ),
        ("Scores 71.5 on tickets.", ONE_ROW, {"Scores 62.5 on tickets."}),
        (
            "Reads 40 fields where version 1 read 12.",
            [quoted("Reads 40 fields."), quoted("Version 1 read 12 fields.", side="alternative")],
            {"Reads 12 fields where version 1 read 40."},
        ),
        (
            "Reads over 12 fields.",
            [quoted("Reads over 12 fields and 40 notes.")],
            {"Reads over 40 fields."},
        ),
        (
            "Reads 40 fields.",
            [quoted("Reads 20 or 40 fields and 30 or 60 notes.")],
            {"Reads 30 fields.", "Reads 60 fields."},
        ),
        # True as well, or not known to be wrong.
        ("Reads over 40 fields.", [quoted("Reads over 40 fields and 12 notes.")], set()),
        ("Scores 7.412 on tickets.", [quoted("| small | 7.412 | 7.4 |", HEAD)], set()),
        (
            "Keeps the last 5 pages and the first line of the last 10 pages.",
            [quoted("Keeps the last 5 pages and the first line of the last 10 pages.")],
            set(),
        ),
        ("Comes in 30 sizes.", [quoted("Comes in 30, 12 or 40 sizes.")], set()),
        ("Reads 40 fields.", [quoted("Reads 40 fields. Version 1 read 12 fields.")], set()),
        ("Reads 40 fields.", [quoted("Reads up to 40 fields and 12 notes.")], set()),
        # Not alike: another unit, a year, a version, a hundred times as big.
        ("Reads 40 fields.", [quoted("Reads 40 fields in 12 ms.")], set()),
        ("In 2024 pages were free.", [quoted("In 2024 pages were free, in 1950 labels.")], set()),
        ("It runs Python 3 code.", [quoted("It runs Python 3 code and 4 tests.")], set()),
        ("Reads 40 fields.", [quoted("Reads 40 fields of 5,000 tickets.")], set()),
        # It would give itself away: a score above 100, a fall to a greater number.
        ("Scores 71.5 on tickets.", [quoted("| small | 71.5 | 162.5 |", HEAD)], set()),
        ("Falls from 9 to 4 errors.", [quoted("Falls from 9 to 4 errors and 5 notes.")], set()),
    ],
)
def test_a_number_is_swapped_for_that_of_another_thing(
    claim: str, evidence: Sequence[Evidence], wrong: set[str]
) -> None:
    assert {item.text for item in other_numbers(claim, evidence)} == wrong


def test_a_table_says_what_its_number_is_of() -> None:
    (spoiled,) = other_numbers("Scores 71.5 on tickets.", ONE_ROW)
    assert spoiled.truth.startswith("The passage says “small, Tickets = 71.5”;")


def test_evidence_of_another_capability_shares_no_word_with_the_claim() -> None:
    def capability(quote: str) -> Capability:
        field = Field(text="As cited.", evidence=(quoted(quote, number=2),))
        return Capability(id="other", name="Other", description=field)

    def found(claim: str, other: str) -> int:
        own = [quoted("Pages of tickets are read.")]
        return len(list(other_passages(claim, own, [capability(other)], "Ticket reader")))

    assert found("Reads creased paper and stained pages.", "The ticket reader prints labels.") == 1
    assert found("Reads creased paper and stained pages.", "It prints pages of labels.") == 0
    assert found("Reads 40 creased and stained pages.", "The ticket reader prints labels.") == 0
    assert found("Reads pages.", "The ticket reader prints labels.") == 0


@given(st.text(max_size=80), st.lists(st.text(min_size=1, max_size=80), max_size=3))
def test_any_text_is_spoiled_or_left_alone(claim: str, passages: list[str]) -> None:
    passages.append(f"{claim} ")
    for spoil in (turned, negated, overstated):
        assert all(item.text != claim for item in spoil(claim, passages))
    cited = [quoted(passage) for passage in passages]
    assert all(item.text != claim for item in other_numbers(claim, cited))


# What is planted


def test_a_seed_is_a_field_like_any_other_and_wrong(workspace: Workspace) -> None:
    review = opened(workspace)
    texts = {state.text for state in review.states}
    found = list(seeds(review))
    assert {seed.kind for seed in found} == set(SEED_KINDS)
    for seed in found:
        state, true = seed.state, seed.true
        assert (state.text not in texts) == (seed.kind != "other-passage")
        assert (state.field.evidence == true.field.evidence) == (seed.kind != "other-passage")
        assert not review.findings(state, {})
        assert state.field.text == state.text
        assert state.text_sha256 == true.capability.text_hash(true.name, state.text)
        uris = review.stored.proposal.uris
        assert state.evidence_sha256 == evidence_hash(state.field.evidence, uris)
        like = replace(state, field=true.field, versions=true.versions)
        assert like == true


def test_the_same_inputs_give_the_same_seed_and_no_other_reviewers(workspace: Workspace) -> None:
    review = opened(workspace)
    assert list(seeds(review)) == list(seeds(opened(workspace)))
    state = review.states[0]
    shown = [bool(planted(review, state, f"r{n}", share=0.3)) for n in range(400)]
    assert 90 < sum(shown) < 150


def has_seed(workspace: Workspace, path: str, who: str = "ada", **given: Any) -> bool:
    capability, _, field = path.partition(".")
    state = opened(workspace).state(capability, field)
    assert state is not None
    secrets = [{"secret": str(secret), **given} for secret in range(30)]
    return any(planted(opened(workspace), state, who, **each) for each in secrets)


def test_only_a_field_that_nobody_decided_on_is_planted(workspace: Workspace) -> None:
    settings = workspace.root / "capdraft.toml"
    settings.write_text(
        f"{settings.read_text()}[review]\napprovals = {{description=2, unique=2}}\n"
    )
    assert has_seed(workspace, "sort-invoices.unique")
    assert not has_seed(workspace, "sort-invoices.unique", share=0.0)
    approve(opened(workspace, "sort-invoices", "unique"), ADA)
    assert not has_seed(workspace, "sort-invoices.unique", "bo")
    text = "Invoices can be sorted by their sender, and by date."
    assert has_seed(workspace, "sort-invoices.description")
    edit(opened(workspace, "sort-invoices", "description"), ADA, text)
    assert not has_seed(workspace, "sort-invoices.description", "bo")


def test_a_field_with_an_error_or_without_evidence_is_not_planted(workspace: Workspace) -> None:
    assert not has_seed(workspace, "work-with-scanners.unique")  # CD103: 3 GB
    assert has_seed(workspace, "sort-invoices.description")
    review = opened(workspace)
    state = review.state("sort-invoices", "description")
    assert state is not None
    bare = replace(state, field=state.field.model_copy(update={"evidence": (), "passages": ()}))
    assert plant(review, bare, "ada", {"CD101": "off"}, share=1.0, secret="s") is None
    document = workspace.root / "ticket-reader.md"
    document.write_text(CARD.replace("sender and date", "date"))
    assert not has_seed(workspace, "sort-invoices.description")  # CD104: the quote is gone


def test_a_text_is_planted_once_for_each_reviewer(workspace: Workspace) -> None:
    review = opened(workspace, "read-tickets", "unique")
    answer(review, one_seed(review, "other-number", "16 GB of memory"), ADA, "reject")
    for who, planted_again in (("ada", False), ("bo", True)):
        seen = answered(workspace, who)
        assert has_seed(workspace, "read-tickets.unique", who, answered=seen) is planted_again


def test_what_another_field_says_is_not_planted(workspace: Workspace) -> None:
    review = opened(workspace)
    seed = one_seed(review, "turned", "slower")
    other = replace(review.states[0], versions=seed.state.versions)
    saying = replace(review, states=(*review.states, other))
    assert all(each.state.text != seed.state.text for each in seeds(saying))


def test_what_a_rule_would_tell_of_is_not_planted(workspace: Workspace) -> None:
    review = opened(workspace)
    claim = "It is built as the largest archive of stained paper."
    assert [item.text for item in turned(claim, [claim])] == [
        "It is built as the smallest archive of stained paper."
    ]
    told = [seed.state.text for seed in seeds(review, 30) if seed.true.text == claim]
    assert set(told) == {"It is not built as the largest archive of stained paper."}


def test_the_secret_is_made_once_and_stays_out_of_the_repository(workspace: Workspace) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: seed_secret(Workspace(workspace.root)), range(16)))
    assert len(made) == 1
    assert len(made.pop()) == 64
    assert SECRET.startswith(".capdraft/")


# What was said of it


@pytest.mark.parametrize(
    ("edited", "caught"),
    [
        ("It needs 2 GB of memory and 16 GB of disk.", True),
        ("It needs memory and 2 GB of disk.", True),
        ("It needs 16 GB of memory, and 2 GB of disk!", False),
        ("The reader needs 16 GB of main memory and 2 GB of free disk.", False),
    ],
)
def test_an_edit_catches_it_if_it_changes_the_spoiled_part(
    workspace: Workspace, edited: str, caught: bool
) -> None:
    review = opened(workspace, "read-tickets", "unique")
    seed = one_seed(review, "other-number", "16 GB of memory")
    assert answer(review, seed, ADA, "edit", text=edited).caught is caught


def test_what_was_inserted_is_caught_when_it_is_taken_out() -> None:
    true, wrong = "Pages can be turned by hand.", "Pages cannot be turned by hand."
    assert changes_spoiled(true, wrong, true)
    assert not changes_spoiled(true, wrong, "All pages cannot be turned by hand.")
    assert not changes_spoiled("Is free.", "Is not free.", "It is not free.")
    assert changes_spoiled("Is free.", "Is not free.", "It is free.")


def test_other_evidence_catches_it_and_acceptance_misses_it(workspace: Workspace) -> None:
    review = opened(workspace)
    seed = one_seed(review, "other-passage")
    judged = replace(ADA, seconds=2.5, bulk=Bulk(id="0" * 12, size=4))
    right, text = seed.true.field.evidence, seed.state.text
    said = [
        answer(review, seed, judged, "accept"),
        answer(review, seed, judged, "reject"),
        answer(review, seed, judged, "edit", text=text, evidence=right),
        answer(review, seed, judged, "edit", text=f"{text} It is so."),
        answer(
            review, seed, judged, "edit", text=f"{text} Yes.", evidence=seed.state.field.evidence
        ),
    ]
    assert [outcome.caught for outcome in said] == [False, True, True, False, False]
    assert outcomes(workspace) == said == outcomes(workspace, "ada")
    assert outcomes(workspace, "bo") == []
    assert (said[0].seconds, said[0].bulk, said[0].proposal) == (2.5, 4, "0001")


def test_what_would_be_refused_of_a_true_claim_is_refused_of_a_planted_one(
    workspace: Workspace,
) -> None:
    review = opened(workspace, "read-tickets", "unique")
    seed = one_seed(review, "other-number")
    text, evidence = f" {seed.state.text}\n", seed.state.field.evidence
    with pytest.raises(ReviewRefused, match="is unchanged"):
        answer(review, seed, ADA, "edit", text=text, evidence=evidence)
    with pytest.raises(ReviewRefused, match="CD103 '9 GB'"):
        answer(review, seed, ADA, "edit", text="It needs 9 GB of memory.")
    assert outcomes(workspace) == []


def test_a_broken_line_is_named(workspace: Workspace) -> None:
    review = opened(workspace)
    answer(review, one_seed(review, "turned"), ADA, "accept")
    path = workspace.root / "reviews/_seeds/ada.jsonl"
    line = json.loads(path.read_text())
    for broken in (
        "{",
        json.dumps({**line, "caught": "?"}),
        json.dumps({**line, "reviewer": "bo"}),
    ):
        path.write_text(f"{json.dumps(line)}\n{broken}\n")
        with pytest.raises(FileInvalid) as error:
            outcomes(workspace)
        assert error.value.where == "reviews/_seeds/ada.jsonl:2"


def test_seeds_never_reach_the_catalog_whatever_is_decided(workspace: Workspace) -> None:
    review = opened(workspace)
    shown = list(seeds(review, 4))
    for seed in shown:
        answer(review, seed, ADA, "accept")
        answer(review, seed, ADA, "edit", text=f"{seed.state.text} Indeed.")
        answer(review, seed, ADA, "reject")
    assert workspace.artifacts() == [SLUG]
    assert workspace.decisions(SLUG) == []
    assert not merge_artifact(workspace, SLUG).changed
    assert workspace.catalog() == []
    approve(opened(workspace), ADA)
    merge_artifact(workspace, SLUG)
    entry = workspace.read_entry(SLUG).entry
    assert entry is not None
    drafted = {state.text: state.field.evidence for state in review.states}
    for record in entry.capabilities:
        for _, field in record.fields():
            quotes = {item.quote for item in field.evidence}
            assert quotes == {item.quote for item in drafted[field.text]}
    kept = [path for path in workspace.root.rglob("*") if path.is_file()]
    for seed in shown:
        if seed.kind != "other-passage":
            holding = [
                path for path in kept if seed.state.text in path.read_text("utf-8", "replace")
            ]
            assert [path.name for path in holding] == ["ada.jsonl"]


# Samples


@given(st.lists(st.text(max_size=20), max_size=4))
def test_a_draw_is_a_number_below_one_that_tells_its_parts_apart(parts: list[str]) -> None:
    assert 0 <= draw(*parts) < 1
    assert draw(*parts) == draw(*parts) != draw(*parts, "")
    assert draw("".join(parts), "a") != draw("".join(parts) + "a")


def test_a_sampled_field_hides_what_others_decided_until_one_has_decided(
    workspace: Workspace,
) -> None:
    approve(opened(workspace, "sort-invoices", "unique"), ADA)
    state = opened(workspace, "sort-invoices", "unique").selected[0]
    assert [blind(SLUG, state, who, 1.0) for who in ("ada", "bo")] == [False, True]
    assert not blind(SLUG, state, "bo", 0.0)
    drawn = draw(SLUG, "sort-invoices", "unique", state.text_sha256, state.evidence_sha256)
    assert blind(SLUG, state, "bo", drawn + 1e-9)
    assert not blind(SLUG, state, "bo", drawn)
