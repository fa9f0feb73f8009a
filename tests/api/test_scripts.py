"""What a script can rely on: texts, money and threads are as safe as on the command line."""

from __future__ import annotations

import asyncio
import copy
import json
import pickle
import shutil
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from capdraft import Workspace
from capdraft.cli import main
from capdraft.errors import (
    BudgetReached,
    ReviewRefused,
    SourceError,
    TextChanged,
    UsageProblem,
)
from stub_endpoint import Answer, StubEndpoint
from three_readers import drafts

DESCRIPTION, UNIQUE = "read-tickets.description", "read-tickets.unique"


def told_by(*arguments: str, capsys: pytest.CaptureFixture[str]) -> Any:
    main([*arguments, "--json"])
    return json.loads(capsys.readouterr().out)


# Drafting


def test_a_draft_is_in_the_workspace_and_nothing_is_printed(
    workspace: Workspace, capfd: pytest.CaptureFixture[str]
) -> None:
    notes: list[str] = []
    proposal = workspace.draft_sync("ticket-reader.md", notify=notes.append)
    assert workspace.proposal("ticket-reader") == proposal
    assert (workspace.root / "reviews/ticket-reader/0001.toml").is_file()
    assert capfd.readouterr() == ("", "")
    assert any("seems to cut prompts off" in note for note in notes)  # as the stub counts tokens


def test_what_the_documents_do_not_say_the_script_does(workspace: Workspace) -> None:
    proposal = workspace.draft_sync("ticket-reader.md", artifact="tr-2", name="TR 2", type="tool")
    artifact = proposal.artifact
    assert (artifact.slug, artifact.name, artifact.type) == ("tr-2", "TR 2", "tool")


def test_sync_ways_work_where_a_loop_runs_already(workspace: Workspace) -> None:
    threads: list[threading.Thread] = []

    async def cell() -> list[str]:
        proposal = workspace.draft_sync(
            "ticket-reader.md", notify=lambda _: threads.append(threading.current_thread())
        )
        every = workspace.draft_all_sync(["receipt-reader.md", "invoice-reader.md"])
        return [proposal.artifact.slug, *(str(ended.artifact) for ended in every)]

    assert asyncio.run(cell()) == ["ticket-reader", "receipt-reader", "invoice-reader"]
    assert threads
    assert threading.main_thread() not in threads


def test_several_coroutines_draft_side_by_side(workspace: Workspace) -> None:
    async def both() -> list[str]:
        sources = ("ticket-reader.md", "receipt-reader.md")
        proposals = await asyncio.gather(*(workspace.draft(source) for source in sources))
        return [proposal.artifact.slug for proposal in proposals]

    assert asyncio.run(both()) == ["ticket-reader", "receipt-reader"]


def in_a_script(call: Callable[[], Any]) -> None:
    call()


def in_a_notebook(call: Callable[[], Any]) -> None:
    async def cell() -> None:
        call()

    # A kernel leaves interrupts to Python, as this does; asyncio.run would not.
    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(cell())
    finally:
        loop.close()


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Have Python's own answer to an interrupt, also where a shell started it in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("where", [in_a_script, in_a_notebook])
def test_an_interrupt_ends_the_call_and_what_was_paid_for_is_kept(
    where: Callable[[Callable[[], Any]], None], workspace: Workspace, stub: StubEndpoint
) -> None:
    going_on = threading.Event()

    def interrupting(body: dict[str, Any]) -> Answer:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        going_on.wait(20)
        return drafts(body)

    stub.script = [drafts, interrupting, drafts]
    sources = ["ticket-reader.md", "receipt-reader.md"]
    with pytest.raises(KeyboardInterrupt):
        where(lambda: workspace.draft_all_sync(sources, at_once=1))
    going_on.set()
    assert workspace.artifacts() == ["ticket-reader"]

    ended = workspace.draft_all_sync(sources)
    assert [one.unchanged for one in ended] == [True, False]
    assert len(stub.requests) == 3


def test_a_limit_is_kept_and_the_same_call_goes_on(
    workspace: Workspace, stub: StubEndpoint
) -> None:
    sources = ["ticket-reader.md", "receipt-reader.md"]
    first, second = workspace.draft_all_sync(sources, at_once=1, max_calls=1)
    assert first.state == "drafted"
    assert isinstance(second.error, BudgetReached)
    with pytest.raises(BudgetReached):
        workspace.draft_sync("receipt-reader.md", max_calls=0)
    assert workspace.draft_sync("receipt-reader.md", max_calls=1).run.calls == 1
    assert len(stub.requests) == 2


def test_one_exchange_is_recorded_and_replayed_without_an_endpoint(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded = workspace.draft_sync("ticket-reader.md", cassette="cassettes/ticket.yaml")
    monkeypatch.delenv("OPENAI_BASE_URL")
    shutil.rmtree("reviews")
    played = workspace.draft_sync(
        "ticket-reader.md", cassette=Path("cassettes/ticket.yaml"), record_mode="none"
    )
    assert played.run.replayed
    assert played.capabilities == recorded.capabilities


def test_a_key_goes_where_the_call_says_and_not_where_only_the_workspace_does(
    workspace: Workspace, stub: StubEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys: list[str] = []
    handler = stub._server.RequestHandlerClass
    send = handler.do_POST  # type: ignore[attr-defined]

    def noting(request: Any) -> None:
        keys.append(request.headers["Authorization"])
        send(request)

    monkeypatch.setattr(handler, "do_POST", noting)
    workspace.draft_sync("ticket-reader.md", base_url=stub.url, api_key="sk-given")
    monkeypatch.delenv("OPENAI_BASE_URL")
    (workspace.root / "capdraft.toml").write_text(f'[model]\nbase_url = "{stub.url}"\n')
    notes: list[str] = []
    workspace.draft_sync("receipt-reader.md", api_key="sk-given", notify=notes.append)
    assert keys == ["Bearer sk-given", "Bearer none"]
    assert any("asked without your key" in note for note in notes)


def test_a_model_judges_and_the_check_tells(workspace: Workspace, stub: StubEndpoint) -> None:
    workspace.draft_all_sync(["ticket-reader.md", "receipt-reader.md"])
    judged = workspace.judge_sync()
    assert [(one.artifact, one.asked) for one in judged] == [
        ("receipt-reader", 1),
        ("ticket-reader", 2),
    ]
    assert "CD111" in [finding.code for finding in workspace.check("ticket-reader")]
    asked = len(stub.requests)
    assert [(one.asked, one.kept) for one in workspace.judge_sync("ticket-reader")] == [(0, 2)]
    assert len(stub.requests) == asked

    async def cell() -> int:
        return workspace.judge_sync("ticket-reader", fresh=True)[0].asked

    assert asyncio.run(cell()) == 2


def test_a_judge_who_can_ask_no_more_says_what_is_left(drafted: Workspace) -> None:
    (judged,) = drafted.judge_sync(max_calls=0)
    assert isinstance(judged.errors[0], BudgetReached)
    assert str(judged.errors[0]) == "the run's calls are used up (max_calls)"
    assert len(judged.not_judged) == 2
    (judged,) = drafted.judge_sync(max_calls=1)
    assert judged.errors == ()


def test_what_a_model_judged_is_recorded_and_replayed(
    drafted: Workspace, stub: StubEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafted.judge_sync(cassette="cassettes/judged.yaml")
    asked = len(stub.requests)
    monkeypatch.delenv("OPENAI_BASE_URL")
    (judged,) = drafted.judge_sync(cassette="cassettes/judged.yaml", record_mode="none")
    assert (judged.asked, judged.errors, len(stub.requests)) == (2, (), asked)
    assert "by: check --judge" in Path("cassettes/judged.yaml").read_text()


@pytest.mark.parametrize("name", ["draft_all", "judge", "search"])
def test_the_loop_of_a_server_keeps_its_answer_to_interrupts(name: str, drafted: Workspace) -> None:
    start: dict[str, Callable[[], Coroutine[Any, Any, object]]] = {
        "draft_all": lambda: drafted.draft_all(["receipt-reader.md"]),
        "judge": lambda: drafted.judge(),
        "search": lambda: drafted.search("read tickets"),
    }

    async def server() -> bool:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGINT, lambda: None)
        await start[name]()
        return loop.remove_signal_handler(signal.SIGINT)

    assert asyncio.run(server())


def test_a_workspace_is_made_where_there_is_none(workspace: Workspace) -> None:
    made = Workspace.make("of/its/own")
    assert (made.root, made.artifacts()) == (workspace.root / "of/its/own", [])
    assert made.draft_sync("ticket-reader.md").artifact.slug == "ticket-reader"
    (made.root / "capdraft.toml").write_text("[draft]\nwindow = 9000\n")
    assert Workspace.make("of/its/own").artifacts() == ["ticket-reader"]
    assert "9000" in (made.root / "capdraft.toml").read_text()
    assert (made.root / ".gitignore").read_text() == ".capdraft/\n"
    (workspace.root / ".gitignore").write_text("*.log")
    Workspace.make(workspace.root)
    assert (workspace.root / ".gitignore").read_text() == "*.log\n.capdraft/\n"


def test_two_threads_work_in_two_workspaces(workspace: Workspace) -> None:
    sources = {"one": "ticket-reader.md", "two": "receipt-reader.md"}

    def work(name: str) -> list[str]:
        own = Workspace.make(name)
        slug = own.draft_sync(sources[name]).artifact.slug
        review = own.review(slug, by="ana")
        review.approve(review.states[0])
        own.merge()
        return [result.artifact for result in own.search_sync("read").results]

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(work, sources)) == [["ticket-reader"], ["receipt-reader"]]


# Deciding


def test_an_edit_can_change_names_and_what_is_cited(drafted: Workspace) -> None:
    review = drafted.review("ticket-reader", by="ana")
    assert [found.passage.number for found in review.passages("gb MEMORY")] == [2]
    assert [f.code for f in review.findings(UNIQUE, "Reads 40 fields.")] == ["CD103"]
    assert review.findings(UNIQUE, "Reads 40 fields.", cite=[1]) == ()
    edited = review.edit(UNIQUE, "Reads 40 fields.", cite=[1])
    assert edited.evidence is not None
    assert edited.evidence[0].quote == "Reads printed tickets of up to 40 fields."
    named = review.edit(DESCRIPTION, name="Read printed tickets", intents="file my tickets")
    assert (named.name, named.intents) == ("Read printed tickets", ("file my tickets",))
    assert drafted.review("ticket-reader")[DESCRIPTION].capability.name == "Read printed tickets"


def test_what_is_withdrawn_leaves_the_catalog_and_comes_back(merged: Workspace) -> None:
    path = "ticket-reader/read-tickets"
    said = merged.withdraw(path, "wrong", note="We measure again.", by="ana")
    assert (said.capability, said.reason) == ("read-tickets", "wrong")
    (report,) = merged.merge("ticket-reader")
    assert (report.records, report.withdrawn) == (0, (path,))
    assert merged.restore(path, by="ana").verdict == "restore"
    assert merged.merge("ticket-reader")[0].records == 1


def test_a_decision_is_bound_to_the_text_that_the_script_saw(drafted: Workspace) -> None:
    seen = drafted.review("ticket-reader", by="ana")
    drafted.review("ticket-reader", by="bo").edit(DESCRIPTION, "Reads tickets of up to 40 fields.")
    decide: list[Callable[[], Any]] = [
        lambda: seen.approve(DESCRIPTION),
        lambda: seen.reject(seen[DESCRIPTION], "style"),
        lambda: seen.edit(DESCRIPTION, "Reads tickets."),
    ]
    for call in decide:
        with pytest.raises(TextChanged, match="was edited by bo"):
            call()
    assert drafted.review("ticket-reader")[DESCRIPTION].text == "Reads tickets of up to 40 fields."


def test_what_the_rules_forbid_is_refused_unless_it_is_answered(drafted: Workspace) -> None:
    review = drafted.review("ticket-reader", by="ana")
    with pytest.raises(ReviewRefused, match="CD103 '3 GB'"):
        review.approve(UNIQUE)
    with pytest.raises(UsageProblem, match="needs a note"):
        review.approve(UNIQUE, despite=["CD103"])
    decision = review.approve(UNIQUE, despite="CD103", note="Measured by us.")
    assert decision is not None
    assert decision.despite == ("CD103",)
    assert drafted.check("ticket-reader") == []
    assert review.approve(UNIQUE, despite=["CD103"], note="Again.") is None


def test_the_reviewer_is_gits_user_where_none_is_named(drafted: Workspace) -> None:
    from capdraft.workspace.git import git

    git(drafted.root, "init", "--quiet")
    git(drafted.root, "config", "user.name", "Ana")
    decision = drafted.review("ticket-reader").approve(DESCRIPTION)
    assert decision is not None
    assert decision.reviewer == "ana"


# The same as on the command line


def test_the_answers_are_those_of_the_command_line(
    merged: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    shared = {"mode": "json", "by_alias": True}
    compared = merged.compare("ticket-reader", "receipt-reader").model_dump(**shared)  # type: ignore[arg-type]
    told = told_by("compare", "ticket-reader", "receipt-reader", capsys=capsys)
    assert {key: compared[key] for key in told} == told
    found = merged.search_sync("read paper receipts").model_dump(**shared)  # type: ignore[arg-type]
    assert told_by("search", "read paper receipts", capsys=capsys)["results"] == found["results"]
    (finding,) = merged.check("ticket-reader")
    (said,) = told_by("check", "ticket-reader", capsys=capsys)["findings"]
    assert finding.model_dump(exclude_none=True).items() <= said.items()


def test_a_search_counts_only_where_it_is_kept(merged: Workspace) -> None:
    assert merged.search_sync("read paper receipts").match is None
    answer = merged.search_sync("read paper receipts", keep=True)
    merged.feedback(answer.match, "success", result=1)
    rows = merged.compare("ticket-reader", "receipt-reader").rows
    assert next(row.cells for row in rows if row.label == "Times matched") == ("0", "1")


def test_a_reviewers_word_on_what_is_alike_counts(merged: Workspace) -> None:
    def groups() -> int:
        return len(merged.compare("ticket-reader", "receipt-reader").groups)

    pair = "receipt-reader/read-receipts", "ticket-reader/read-tickets"
    assert groups() == 1
    assert merged.align(*pair, "differ", note="Other papers.", by="bo").reviewer == "bo"
    assert groups() == 0
    assert merged.align(*pair, "undo", by="bo").verdict == "undo"
    assert groups() == 1


def test_a_search_that_asks_a_model_works_where_a_loop_runs_already(merged: Workspace) -> None:
    (merged.root / "capdraft.toml").write_text('[search]\nembeddings = "mini"\n')

    async def cell() -> list[tuple[str, ...]]:
        answers = merged.search_sync("read tickets"), await merged.search("read receipts")
        return [answer.ways for answer in answers]

    assert asyncio.run(cell()) == [("words", "embeddings")] * 2


# What is handed out


def test_results_can_be_pickled_and_copied(merged: Workspace) -> None:
    review = merged.review("ticket-reader", by="ana")
    results: list[Any] = [
        merged.proposal("ticket-reader"),
        merged.entry("ticket-reader"),
        merged.read("ticket-reader.md"),
        merged.check("ticket-reader"),
        review.states,
        review.approve(DESCRIPTION),
        merged.merge(),
        merged.compare("ticket-reader", "receipt-reader"),
        merged.search_sync("read tickets"),
        merged.draft_all_sync(["invoice-reader.md"]),
    ]
    for result in results:
        assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - our own
        assert copy.deepcopy(result) == result
    again = pickle.loads(pickle.dumps(merged))  # noqa: S301 - our own
    assert again == merged
    assert {again, merged} == {copy.copy(merged)}
    with pytest.raises(TypeError, match=r"open it with Workspace\.review"):
        pickle.dumps(review)


def test_what_is_large_shows_itself_in_short(merged: Workspace) -> None:
    review = merged.review("ticket-reader")
    shown: list[tuple[Any, str]] = [
        (merged, f"Workspace({str(merged.root)!r})"),
        (merged.read("ticket-reader.md"), "[<Document ticket-reader.md, passages: 2>]"),
        (merged.proposal("ticket-reader"), "<Proposal of ticket-reader, drafted, capabilities: 1>"),
        (review, "<Review of reviews/ticket-reader/0001.toml, fields: 2>"),
        (review[UNIQUE], "<FieldState read-tickets.unique: pending>"),
        (merged.entry("ticket-reader"), "<CatalogEntry of ticket-reader, capabilities: 1>"),
        (
            merged.compare("ticket-reader", "receipt-reader"),
            "<Comparison Ticket reader vs Receipt reader>",
        ),
        (merged.search_sync("read tickets"), "<Answer to 'read tickets', results: 2>"),
    ]
    for value, said in shown:
        assert (repr(value), str(value)) == (said, said)


def test_an_error_can_be_pickled_with_all_that_it_says(workspace: Workspace) -> None:
    (ended,) = workspace.draft_all_sync(["missing.md"])
    error = pickle.loads(pickle.dumps(ended)).error  # noqa: S301 - our own
    assert isinstance(error, SourceError)
    assert (str(error), error.hint) == (str(ended.error), ended.error and ended.error.hint)
