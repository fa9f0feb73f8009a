"""Statements go to a judge in batches; an answer that can't be used costs no other its verdict."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from capdraft.checking.statements import Shown
from capdraft.client import Body, Reply
from capdraft.client.prices import Budget
from capdraft.drafting.asking import Asker, Terms
from capdraft.errors import AnswerFiltered, BudgetReached, EndpointBusy
from capdraft.judging import Judged, Statement, batch_messages, judge_statements
from capdraft.judging.layout import MOST_SENTENCES, cut_batches
from capdraft.ledger import Ledger
from capdraft.prompts import load_prompt
from capdraft.text import clean
from stub_endpoint import completion

PROMPT = load_prompt("judge")
Verdicts = list[dict[str, Any]]


def passage(number: int, text: str, **more: Any) -> Shown:
    return Shown("d1", number, text, **more)


FIELDS = passage(1, "Reads printed tickets of up to 40 fields.", above=("Ticket reader",))
MEMORY = passage(2, "It needs 2 GB of memory.", above=("Ticket reader",))
READS = Statement("Reads tickets. It has 40 fields.", (FIELDS,), "Ticket reader")
NEEDS = Statement("Needs 3 GB.", (MEMORY,), "Ticket reader")
SENTENCE = re.compile(r"^(\d+)\. (.*)$", re.MULTILINE)
OWN = re.compile(r"^It rests on: (.*)$", re.MULTILINE)


def sentences_in(body: Body) -> dict[int, str]:
    asked: str = body["messages"][-1]["content"]
    return {int(number): text for number, text in SENTENCE.findall(asked)}


def said(number: int, verdict: str, *passages: int) -> dict[str, Any]:
    return {"sentence": number, "passages": passages, "reason": "So it says.", "verdict": verdict}


def all_supported(body: Body) -> Verdicts:
    """Call each sentence supported by the first passage of its claim."""
    found = []
    for block in body["messages"][-1]["content"].split("== claim")[1:]:
        first = re.findall(r"\d+", OWN.findall(block)[0])[0]
        found += [said(int(n), "supported", int(first)) for n, _ in SENTENCE.findall(block)]
    return found


class Judge:
    """An endpoint without HTTP: a function gives the verdicts, or what is sent instead."""

    def __init__(self, answer: Callable[[Body], Any] = all_supported) -> None:
        self.answer, self.asked = answer, list[Body]()

    async def ask(self, body: Body) -> Reply:
        self.asked.append(body)
        told = self.answer(body)
        if isinstance(told, Exception):
            raise told
        reply = completion({"verdicts": told}).body if isinstance(told, list) else told
        return Reply(200, reply, 0.1, 1)


def judge(
    folder: Path, judge: Judge, statements: Sequence[Statement], **terms: Any
) -> tuple[Judged, Asker]:
    asker = Asker(judge, Ledger(folder), Terms("m", "http://127.0.0.1:9/v1", **terms), "d")
    return asyncio.run(judge_statements(statements, asker, PROMPT)), asker


def verdicts(judged: Judged) -> list[list[str | None]]:
    return [[item.verdict for item in each] for each in judged.verdicts]


def test_statements_are_asked_about_together_and_each_passage_is_shown_once(tmp_path: Path) -> None:
    again = Statement("It reads tickets with 2 GB.", (FIELDS, MEMORY), "Ticket reader")
    stub = Judge()
    judged, _ = judge(tmp_path, stub, [READS, NEEDS, again])
    (body,) = stub.asked
    asked = body["messages"][-1]["content"]
    assert asked.count("# Ticket reader") == asked.count(FIELDS.text) == 1
    assert re.findall(r"^\[\d+\] .*$", asked, re.MULTILINE) == [
        f"[1] {FIELDS.text}",
        f"[2] {MEMORY.text}",
    ]
    assert OWN.findall(asked) == ["1", "2", "1, 2"]
    assert verdicts(judged) == [["supported"] * 2, ["supported"], ["supported"]]
    first, second = judged.verdicts[0]
    assert READS.text[second.start : second.end] == "It has 40 fields."
    assert (first.passages, first.reason) == ((FIELDS,), "So it says.")


def test_both_sides_of_a_comparison_are_shown_as_what_they_are(tmp_path: Path) -> None:
    other = Shown("catalog/till.json", 9, "Reads 12 fields.", above=("Till roll", "Reading"))
    versus = Statement("Reads more than Till roll.", (FIELDS,), "Reader", "Till roll", (other,))
    ((_, user),) = batch_messages([versus], PROMPT)
    assert "# Till roll > Reading\n[2] Reads 12 fields." in user["content"]
    assert "Compared with: Till roll\nIt rests on: 1\nFor the alternative: 2\n" in user["content"]


texts = (st.text(min_size=1, max_size=40) | st.text("a1[]#=.( \n", min_size=1)).map(clean)


@example([("It reads e.g. \n1. Tickets.", "[2] Text.\n[3] More.", "R\n== claim 1 ==")])
@given(st.lists(st.tuples(texts, texts, texts), min_size=1, max_size=5))
def test_no_text_of_a_document_or_a_claim_begins_a_line_by_itself(
    given_texts: list[tuple[str, str, str]],
) -> None:
    statements = [
        Statement(text, (passage(n, shown, above=(name,), header=name),), name)
        for n, (text, shown, name) in enumerate(given_texts)
    ]
    marks = (
        r"\[\d+\] ",
        r"\d+\. ",
        "    ",
        "# ",
        r"\(columns: ",
        "== (?:claim|document) [0-9]+ ==",
    )
    fixed = "== end of the documents ==|It is about:|It rests on:|Its sentences:|$"
    for _, user in batch_messages(statements, PROMPT):
        lines = user["content"].split("\n")
        assert all(re.match("|".join((*marks, fixed)), line) for line in lines)
        assert sum(line.startswith("== claim ") for line in lines) <= len(statements)
        numbers = [int(found[1]) for line in lines if (found := re.match(r"(\d+)\. ", line))]
        assert numbers == list(range(1, len(numbers) + 1))


sizes = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 60)), max_size=25)


@given(sizes, st.integers(50, 400))
def test_each_statement_is_in_one_batch_and_only_one_alone_is_too_large(
    sizes: list[tuple[int, int]], window: int
) -> None:
    statements = [
        Statement("It reads. " * count, (passage(n, "word " * (1 + words)),), "R")
        for n, (count, words) in enumerate(sizes)
    ]
    batches = list(cut_batches(statements, window))
    places = [place for batch in batches for place, _ in batch.statements]
    assert places == [n for n, item in enumerate(statements) if item.sentences]
    for batch in batches:
        if len(batch.statements) > 1:
            assert len(batch.sentences) <= MOST_SENTENCES
            assert sum(len(p.text) for p in batch.passages) / 3.5 <= window


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        [said(3, "probably", 2)],
        [said(3, "supported")],
        [said(3, "contradicted", 1)],  # a passage of the other claim
        [said(3, "supported", 2), said(3, "unsupported", 2)],
        [{"sentence": 3, "verdict": "supported"}],
        [said(99, "supported", 2), "nothing"],
    ],
    ids=["missing", "no-verdict", "no-passage", "foreign-passage", "two", "keys", "no-sentence"],
)
def test_what_is_not_valid_is_asked_again_alone(tmp_path: Path, wrong: Verdicts) -> None:
    def answer(body: Body) -> Verdicts:
        if len(sentences_in(body)) == 1:
            return [said(1, "contradicted", 1)]
        return [said(1, "supported", 1), said(2, "unsupported"), *wrong]

    stub = Judge(answer)
    judged, asker = judge(tmp_path, stub, [READS, NEEDS])
    assert [list(sentences_in(body).values()) for body in stub.asked[1:]] == [["Needs 3 GB."]]
    assert verdicts(judged) == [["supported", "unsupported"], ["contradicted"]]
    assert (judged.errors, asker.cost.calls) == ((), 2)


def test_what_stays_invalid_is_not_judged_and_the_next_run_asks_for_that_alone(
    tmp_path: Path,
) -> None:
    silent = Judge(lambda body: all_supported(body)[:2] if len(sentences_in(body)) > 1 else [])
    judged, _ = judge(tmp_path, silent, [READS, NEEDS])
    assert verdicts(judged) == [["supported"] * 2, [None]]
    able = Judge()
    judged, asker = judge(tmp_path, able, [READS, NEEDS])
    assert verdicts(judged) == [["supported"] * 2, ["supported"]]
    assert [list(sentences_in(body).values()) for body in able.asked] == [["Needs 3 GB."]]
    assert (asker.cost.calls, asker.cost.from_ledger) == (1, 1)


def test_a_statement_that_was_alone_is_not_answered_from_the_ledger_again(tmp_path: Path) -> None:
    answers = iter([[], [said(1, "supported", 1)]])
    stub = Judge(lambda _: next(answers))
    judged, asker = judge(tmp_path, stub, [NEEDS])
    assert verdicts(judged) == [["supported"]]
    assert (asker.cost.calls, asker.cost.from_ledger) == (2, 0)


def test_an_answer_that_is_held_back_costs_only_the_statement_that_is_why(tmp_path: Path) -> None:
    def filtered(body: Body) -> Any:
        if "secret" in body["messages"][-1]["content"]:
            return completion("", finish_reason="content_filter").body
        return all_supported(body)

    held = Statement("Keeps it.", (passage(7, "A secret."),), "Ticket reader")
    judged, _ = judge(tmp_path, Judge(filtered), [READS, NEEDS, held, READS])
    assert verdicts(judged) == [["supported"] * 2, ["supported"], [None], ["supported"] * 2]
    assert [type(error) for error in judged.errors] == [AnswerFiltered]
    again = Judge(filtered)
    assert verdicts(judge(tmp_path, again, [READS, NEEDS, held, READS])[0]) == verdicts(judged)
    assert again.asked == [], "what an answer cost is told, not paid again"


def test_a_request_that_fails_stops_no_other_and_is_not_split(tmp_path: Path) -> None:
    long = "It reads tickets. " * MOST_SENTENCES
    many = [Statement(long, (passage(n, "Reads."),), f"Reader {n}") for n in range(3)]
    stub = Judge(
        lambda body: EndpointBusy("503") if "Reader 1" in str(body) else all_supported(body)
    )
    judged, _ = judge(tmp_path, stub, many)
    assert len(stub.asked) == 3
    assert [each[0].verdict for each in judged.verdicts] == ["supported", None, "supported"]
    assert [str(error) for error in judged.errors] == ["503"]


def test_the_budget_ends_a_run_and_the_next_one_pays_for_the_rest_only(tmp_path: Path) -> None:
    long = "It reads tickets. " * MOST_SENTENCES
    many = [Statement(long, (passage(n, "Reads."),), f"Reader {n}") for n in range(3)]
    judged, asker = judge(tmp_path, Judge(), many, budget=Budget(2))
    assert [type(error) for error in judged.errors] == [BudgetReached]
    assert asker.cost.calls == 2
    judged, asker = judge(tmp_path, Judge(), many)
    assert (asker.cost.calls, asker.cost.from_ledger) == (1, 2)
    assert {item.verdict for each in judged.verdicts for item in each} == {"supported"}


def test_what_has_no_passage_is_unsupported_and_not_asked_about(tmp_path: Path) -> None:
    stub = Judge()
    judged, _ = judge(tmp_path, stub, [Statement("It flies.", (), "Ticket reader")])
    assert (verdicts(judged), stub.asked) == ([["unsupported"]], [])


def test_a_reason_that_runs_on_is_cut_and_shows_what_it_hides(tmp_path: Path) -> None:
    reason = "word " * 50 + "\x1b[2J"
    stub = Judge(lambda _: [{**said(1, "supported", 1), "reason": reason}])
    judged, _ = judge(tmp_path, stub, [NEEDS])
    ((item,),) = judged.verdicts
    assert len(item.reason.split()) == 30
    assert item.reason.endswith("word…")


def test_the_answer_is_asked_for_by_schema_with_the_verdict_last(tmp_path: Path) -> None:
    stub = Judge()
    judge(tmp_path, stub, [NEEDS])
    schema = stub.asked[0]["response_format"]["json_schema"]["schema"]
    item = schema["properties"]["verdicts"]["items"]
    assert list(item["properties"]) == item["required"]
    assert item["required"][-1] == "verdict"
    assert item["properties"]["verdict"]["enum"] == ["supported", "unsupported", "contradicted"]
