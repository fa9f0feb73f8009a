"""What a script can rely on: texts, money and threads are as safe as on the command line."""

from __future__ import annotations

import asyncio
import copy
import json
import pickle
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from capdraft import CapdraftError, Review, Workspace
from capdraft.cli import main
from capdraft.errors import (
    BadSlug,
    BudgetReached,
    EndpointUnreachable,
    NoEndpoint,
    NotFound,
    NoWorkspace,
    ReviewRefused,
    SettingsError,
    SourceError,
    TextChanged,
    UsageProblem,
)
from stub_endpoint import Answer, StubEndpoint
from three_readers import drafts

DESCRIPTION, UNIQUE = "read-tickets.description", "read-tickets.unique"


@pytest.fixture
def drafted(workspace: Workspace) -> Workspace:
    workspace.draft_sync("ticket-reader.md")
    return workspace


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


# Deciding


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
    found = merged.search("read paper receipts").model_dump(**shared)  # type: ignore[arg-type]
    assert told_by("search", "read paper receipts", capsys=capsys)["results"] == found["results"]
    (finding,) = merged.check("ticket-reader")
    (said,) = told_by("check", "ticket-reader", capsys=capsys)["findings"]
    assert finding.model_dump(exclude_none=True).items() <= said.items()


def test_a_search_counts_only_where_it_is_kept(merged: Workspace) -> None:
    assert merged.search("read paper receipts").match is None
    answer = merged.search("read paper receipts", keep=True)
    merged.feedback(answer.match, "success", result=1)
    rows = merged.compare("ticket-reader", "receipt-reader").rows
    assert next(row.cells for row in rows if row.label == "Times matched") == ("0", "1")


def test_a_reviewers_word_on_what_is_alike_counts(merged: Workspace) -> None:
    groups = len(merged.compare("ticket-reader", "receipt-reader").groups)
    paths = [f"{slug}/{merged.entry(slug).capabilities[0].id}" for slug in merged.catalog()]
    assert main(["align", "differ" if groups else "same", *paths, "--as", "bo"]) == 0
    assert len(merged.compare("ticket-reader", "receipt-reader").groups) != groups


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
        merged.search("read tickets"),
        merged.draft_all_sync(["invoice-reader.md"]),
    ]
    for result in results:
        assert pickle.loads(pickle.dumps(result)) == result  # noqa: S301 - our own
        assert copy.deepcopy(result) == result
    again = pickle.loads(pickle.dumps(merged))  # noqa: S301 - our own
    assert (again.root, again.catalog()) == (merged.root, merged.catalog())


def test_an_error_can_be_pickled_with_all_that_it_says(workspace: Workspace) -> None:
    (ended,) = workspace.draft_all_sync(["missing.md"])
    error = pickle.loads(pickle.dumps(ended)).error  # noqa: S301 - our own
    assert isinstance(error, SourceError)
    assert (str(error), error.hint) == (str(ended.error), ended.error and ended.error.hint)


WRONG: dict[str, tuple[type[CapdraftError], Callable[[Workspace, Review], object]]] = {
    "no folder": (NoWorkspace, lambda w, _: Workspace(w.root / "away")),
    "no document": (SourceError, lambda w, _: w.draft_sync("away.md")),
    "no slug": (BadSlug, lambda w, _: w.draft_sync("ticket-reader.md", artifact="A b")),
    "no type": (UsageProblem, lambda w, _: w.draft_sync("ticket-reader.md", type="A b")),
    "none at once": (UsageProblem, lambda w, _: w.draft_sync("ticket-reader.md", at_once=0)),
    "less than no money": (UsageProblem, lambda w, _: w.draft_sync("a.md", max_cost=-1)),
    "no way to record": (UsageProblem, lambda w, _: w.draft_sync("a.md", record_mode="all")),  # type: ignore[arg-type]
    "a limit without a price": (UsageProblem, lambda w, _: w.draft_sync("a.md", max_cost=1)),
    "no address": (SettingsError, lambda w, _: w.draft_sync("a.md", base_url="here")),
    "nobody there": (
        EndpointUnreachable,
        lambda w, _: w.draft_sync(
            "invoice-reader.md", base_url="http://127.0.0.1:9/v1", max_wait=1
        ),
    ),
    "no proposal": (NotFound, lambda w, _: w.check("away")),
    "no such proposal": (NotFound, lambda w, _: w.proposal("ticket-reader", "0007")),
    "no field": (NotFound, lambda _, r: r.approve("read-tickets.name")),
    "no reason": (UsageProblem, lambda _, r: r.reject(DESCRIPTION, "dislike")),  # type: ignore[arg-type]
    "not in the catalog": (NotFound, lambda w, _: w.entry("ticket-reader")),
    "one alone": (UsageProblem, lambda w, _: w.compare()),
    "no match": (NotFound, lambda w, _: w.feedback(None, "success", 1)),
    "no verdict": (UsageProblem, lambda w, _: w.feedback("0" * 12, "fine")),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("case", WRONG)
def test_a_mistake_is_an_error_with_a_hint(case: str, drafted: Workspace) -> None:
    kind, call = WRONG[case]
    with pytest.raises(CapdraftError) as caught:
        call(drafted, drafted.review("ticket-reader", by="ana"))
    assert caught.type is kind
    assert caught.value.hint


def test_without_a_key_a_script_is_told_what_it_can_give(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_BASE_URL")
    with pytest.raises(NoEndpoint) as caught:
        workspace.draft_sync("ticket-reader.md")
    assert "api_key" in caught.value.hint
