"""What a script gets wrong is told with its argument, what may stand there, and what to do next."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable
from typing import Any, cast

import pytest

from capdraft import CapdraftError, Review, Workspace, read_document, render
from capdraft.cli import main
from capdraft.errors import (
    BadSlug,
    EndpointUnreachable,
    NoEndpoint,
    NotFound,
    NoWorkspace,
    ReviewRefused,
    SettingsError,
    SourceError,
    UsageProblem,
)
from capdraft.scripting.telling import by_arguments

DESCRIPTION, UNIQUE = "read-tickets.description", "read-tickets.unique"
Call = Callable[[Workspace, Review], object]
WRONG: dict[str, tuple[type[CapdraftError], Call]] = {
    "no folder": (NoWorkspace, lambda w, _: Workspace(w.root / "away")),
    "no document": (SourceError, lambda w, _: w.draft_sync("away.md")),
    "an address, no file": (SourceError, lambda w, _: read_document("hf:org/name")),
    "no slug": (BadSlug, lambda w, _: w.draft_sync("ticket-reader.md", artifact="A b")),
    "no type": (UsageProblem, lambda w, _: w.draft_sync("ticket-reader.md", type="A b")),
    "a limit without a price": (UsageProblem, lambda w, _: w.draft_sync("a.md", max_cost=1)),
    "no address": (SettingsError, lambda w, _: w.draft_sync("a.md", base_url="here")),
    "nobody there": (
        EndpointUnreachable,
        lambda w, _: w.draft_sync(
            "invoice-reader.md", base_url="http://127.0.0.1:9/v1", max_wait=1
        ),
    ),
    "no proposal": (NotFound, lambda w, _: w.check("away")),
    "nothing to judge": (NotFound, lambda w, _: w.judge_sync("away")),
    "no such proposal": (NotFound, lambda w, _: w.proposal("ticket-reader", "0007")),
    "no field": (NotFound, lambda _, r: r.approve("read-tickets.name")),
    "no passage": (NotFound, lambda _, r: r.edit(UNIQUE, cite=[7])),
    "one side": (UsageProblem, lambda _, r: r.edit(UNIQUE, other_side=[1])),
    "another field's name": (UsageProblem, lambda _, r: r.edit(UNIQUE, name="Read")),
    "no rule": (UsageProblem, lambda _, r: r.approve(UNIQUE, despite="CD9", note="Why.")),
    "not in the catalog": (NotFound, lambda w, _: w.entry("ticket-reader")),
    "not published": (NotFound, lambda w, _: w.withdraw("ticket-reader", "wrong", note="Why.")),
    "not withdrawn": (NotFound, lambda w, _: w.restore("ticket-reader")),
    "one alone": (UsageProblem, lambda w, _: w.compare()),
    "no match": (NotFound, lambda w, _: w.feedback("0" * 12, "success", 1)),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_mistake_is_an_error_with_a_hint(
    case: str, drafted: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("capdraft.reviewing.reviewer.config_value", lambda *_: "Ana")
    kind, call = WRONG[case]
    with pytest.raises(CapdraftError) as caught:
        call(drafted, drafted.review("ticket-reader", by="ana"))
    assert caught.type is kind
    assert caught.value.hint
    assert caught.value.__notes__ == [f"next: {caught.value.hint}"]
    assert not re.search(r"--[a-z]", f"{caught.value} {caught.value.hint}")


IMPOSSIBLE: dict[str, Callable[[Any, Any], object]] = {
    "artifact can't be None": lambda w, _: w.check(None),
    "artifacts can't be ['a', 'b']": lambda w, _: w.compare(["a", "b"]),
    "source can't be ''": lambda w, _: w.read(""),
    "sources can't be 'a.md'": lambda w, _: w.draft_all_sync("a.md"),
    "progress can't be 'no'": lambda w, _: w.draft_all_sync(["a.md"], progress="no"),
    "at_once can't be 0": lambda w, _: w.draft_sync("ticket-reader.md", at_once=0),
    "at_once can't be True": lambda w, _: w.draft_sync("ticket-reader.md", at_once=True),
    "max_cost can't be -1": lambda w, _: w.draft_sync("a.md", max_cost=-1),
    "max_cost can't be '3'": lambda w, _: w.draft_sync("a.md", max_cost="3"),
    "model can't be 3": lambda w, _: w.judge_sync(model=3),
    "record_mode can't be 'all'": lambda w, _: w.draft_sync("a.md", record_mode="all"),
    "by can't be '!'": lambda w, _: w.review("ticket-reader", by="!"),
    "field can't be 3": lambda _, r: r.approve(3),
    "reason can't be 'dislike'": lambda _, r: r.reject(DESCRIPTION, "dislike"),
    "note can't be 3": lambda _, r: r.approve(DESCRIPTION, note=3),
    "text can't be '\\ud800'": lambda _, r: r.edit(DESCRIPTION, "\ud800"),
    "cite can't be '3 7'": lambda _, r: r.edit(DESCRIPTION, cite="3 7"),
    "reason can't be 'bad'": lambda w, _: w.withdraw("ticket-reader", "bad", note="Why."),
    "two can't be 'b'": lambda w, _: w.align("a/b", "b", "same"),
    "verdict can't be 'like'": lambda w, _: w.align("a/b", "b/c", "like"),
    "least can't be 0": lambda w, _: w.compare("a", "b", least=0),
    "need can't be ' '": lambda w, _: w.search_sync(" "),
    "limit can't be '3'": lambda w, _: w.search_sync("tickets", limit="3"),
    "limit can't be 0": lambda w, _: w.search_sync("tickets", limit=0),
    "match can't be None": lambda w, _: w.feedback(None, "success", 1),
    "verdict can't be 'fine'": lambda w, _: w.feedback("0" * 12, "fine"),
    "comparison can't be 3": lambda w, _: cast("Any", render)(3),
}


@pytest.mark.parametrize("said", IMPOSSIBLE)
def test_a_value_that_cannot_be_is_told_with_its_argument(said: str, drafted: Workspace) -> None:
    with pytest.raises(UsageProblem) as caught:
        IMPOSSIBLE[said](drafted, drafted.review("ticket-reader", by="ana"))
    assert str(caught.value) == said
    assert re.match("It |Give |A search ", caught.value.hint)


def test_an_argument_that_is_not_there_is_told_as_python_does(drafted: Workspace) -> None:
    with pytest.raises(
        TypeError, match=r"draft_sync\(\) .* 'max_costs'. Did you mean 'max_cost'\?"
    ):
        drafted.draft_sync("a.md", max_costs=2)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"reject\(\) missing 1 required .* 'reason'"):
        drafted.review("ticket-reader").reject(UNIQUE)  # type: ignore[call-arg]


def test_what_to_do_next_stands_in_the_traceback_and_once_on_the_command_line(
    drafted: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    review = drafted.review("ticket-reader", by="ana")
    with pytest.raises(ReviewRefused) as caught:
        review.approve(UNIQUE)
    told = "".join(traceback.format_exception(caught.value))
    assert told.endswith(
        "\nnext: Edit or reject it, or accept it with a reason: despite='CD103' note=…\n"
    )
    main(["review", "approve", f"ticket-reader/{UNIQUE}", "--as", "ana"])
    assert capsys.readouterr().err.count("--despite CD103") == 1


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("the run's calls are used up (--max-calls)", "the run's calls are used up (max_calls)"),
        ("Add --as NAME, or --despite CD103 --note TEXT.", "Add by=…, or despite='CD103' note=…."),
        ("Name the one that you tried: --result N", "Name the one that you tried: result=…"),
        ("Try `capdraft draft --fresh`.", "Try `capdraft draft --fresh`."),
        ("CD103 '--beams 4' is in no passage", "CD103 '--beams 4' is in no passage"),
        ('it says "--model X", and a --- b', 'it says "--model X", and a --- b'),
    ],
)
def test_options_are_told_as_arguments_and_quotes_as_they_are(said: str, told: str) -> None:
    assert by_arguments(said) == told


def test_without_a_key_a_script_is_told_what_it_can_give(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_BASE_URL")
    with pytest.raises(NoEndpoint) as caught:
        workspace.draft_sync("ticket-reader.md")
    assert "api_key" in caught.value.hint
