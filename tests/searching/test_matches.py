"""What is kept of searches, and what counts."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capdraft.errors import NotFound, StoreError, UsageProblem
from capdraft.searching import Answer, Client, Counts, Edge, Matches, Result, Scores
from capdraft.searching.standing import RATE, WINDOW

ANN, BO = Client("ann"), Client("bo")
HOUR = 3600.0


class Clock:
    """A time that a test sets."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


def found(need: str, *capabilities: str) -> Answer:
    """Return an answer that shows these, given as artifact/capability."""
    results = []
    for place, key in enumerate(capabilities, 1):
        artifact, capability = key.split("/")
        results.append(
            Result(
                place=place,
                artifact=artifact,
                artifact_name=artifact,
                type="model",
                capability=capability,
                capability_name=capability,
                description="Does it.",
                intent=f"do {capability}",
                scores=Scores(fused=0.1),
            )
        )
    return Answer(need=need, results=tuple(results))


def asked(matches: Matches, need: str = "read bills", client: Client = ANN) -> str:
    """Record a search that shows two capabilities of one artifact and one of another."""
    answer = matches.record(found(need, "pen/read", "pen/scan", "ink/read"), client)
    assert answer.match is not None
    return answer.match


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def matches(tmp_path: Path, clock: Clock) -> Matches:
    return Matches(tmp_path, clock=clock)


def test_the_graph_counts_shown_chosen_succeeded_and_failed(matches: Matches) -> None:
    first, second = asked(matches), asked(matches, "pay bills")
    matches.choose(first, 1)
    matches.feedback(first, "success")
    matches.feedback(second, "failure", 2)
    assert matches.counts("pen") == Counts(shown=2, chosen=2, succeeded=1, failed=1)
    assert matches.capability_counts("pen") == {
        "read": Counts(2, 1, 1, 0),
        "scan": Counts(2, 1, 0, 1),
    }
    assert matches.counts("ink") == Counts(2, 0, 0, 0)
    assert matches.counts("nobody") == Counts()
    assert matches.edges("pen") == [
        Edge("do read", "read", "pen", Counts(2, 1, 1, 0)),
        Edge("do scan", "scan", "pen", Counts(2, 1, 0, 1)),
    ]


def test_times_matched_are_the_searches_that_chose_or_confirmed(matches: Matches) -> None:
    first, second, _ = asked(matches), asked(matches, "pay bills"), asked(matches, "third")
    matches.choose(first, 1)
    matches.choose(first, 2)
    matches.feedback(second, "success", 1)
    assert matches.times_matched("pen") == 2
    assert matches.times_matched("pen", "read") == 2
    assert matches.times_matched("pen", "scan") == 1


def test_of_two_verdicts_the_later_one_counts_once(matches: Matches) -> None:
    match = asked(matches)
    matches.feedback(match, "success", 1)
    matches.feedback(match, "failure", 1)
    assert matches.counts("pen") == Counts(1, 1, 0, 1)
    matches.choose(match, 1)
    assert matches.counts("pen") == Counts(1, 1, 0, 1)


def test_the_same_client_asking_for_the_same_counts_once_a_day(
    matches: Matches, clock: Clock
) -> None:
    asked(matches, "read bills")
    clock.now += HOUR
    again = asked(matches, "  READ  bills ")
    assert matches.choose(again, 1).counted
    matches.feedback(again, "success")
    assert matches.counts("pen") == Counts(1, 1, 1, 0)
    asked(matches, "read bills", BO)
    assert matches.counts("pen").shown == 2
    clock.now += WINDOW
    matches.feedback(asked(matches, "read bills"), "success", 1)
    assert matches.counts("pen") == Counts(3, 2, 2, 0)


def test_what_is_shown_only_when_asked_again_can_be_chosen(matches: Matches) -> None:
    matches.record(found("read bills", "pen/read"), ANN)
    again = matches.record(found("read bills", "pen/read", "ink/read"), ANN)
    matches.choose(str(again.match), 2)
    assert matches.counts("ink") == Counts(1, 1, 0, 0)


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "GPTBot/1.2",
        "Mozilla/5.0 (compatible; YandexBot/3.0)",
        "Baiduspider/2.0",
        "facebookexternalhit/1.1",
    ],
)
def test_crawlers_are_not_counted(matches: Matches, agent: str) -> None:
    match = asked(matches, client=Client("crawler", agent))
    assert not matches.feedback(match, "success", 1).counted
    assert matches.counts("pen") == Counts()


@pytest.mark.parametrize("agent", ["", "curl/8.5", "python-httpx/0.28", "Mozilla/5.0 Firefox/140"])
def test_programs_and_browsers_are_counted(matches: Matches, agent: str) -> None:
    asked(matches, client=Client("someone", agent))
    assert matches.counts("pen").shown == 1


def test_a_client_above_the_rate_is_not_counted(matches: Matches, clock: Clock) -> None:
    for number in range(RATE + 20):
        last = asked(matches, f"need {number}")
    assert matches.counts("pen").shown == RATE
    assert not matches.choose(last, 1).counted
    assert matches.counts("pen").chosen == 0
    asked(matches, "of another", BO)
    clock.now += 2 * HOUR
    asked(matches, "later")
    assert matches.counts("pen").shown == RATE + 2


def test_many_at_once_are_counted_once(tmp_path: Path) -> None:
    Matches(tmp_path).counts("pen")
    shared = Matches(tmp_path)
    threads = [
        threading.Thread(target=asked, args=(own,))
        for own in [shared] * 4 + [Matches(tmp_path)] * 4
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert shared.counts("pen").shown == 1


def test_an_unknown_match_or_result_is_not_found(matches: Matches) -> None:
    match = asked(matches)
    with pytest.raises(NotFound, match="no match 'abc'"):
        matches.feedback("abc", "success")
    with pytest.raises(NotFound, match="no result 4"):
        matches.choose(match, 4)
    with pytest.raises(NotFound, match="no result 1"):
        matches.choose(str(matches.record(found("nothing"), ANN).match), 1)


def test_feedback_is_never_guessed_to_be_of_a_result(matches: Matches) -> None:
    with pytest.raises(UsageProblem, match="3 results"):
        matches.feedback(asked(matches), "success")
    only = matches.record(found("one thing", "pen/read"), ANN)
    assert matches.feedback(str(only.match), "success").capability == "read"


def test_counting_makes_no_file(tmp_path: Path) -> None:
    matches = Matches(tmp_path)
    assert matches.counts("pen") == Counts()
    assert matches.capability_counts("pen") == {}
    assert matches.edges("pen") == []
    assert not (tmp_path / ".capdraft").exists()


def stored(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in (folder / ".capdraft").glob("matches.sqlite3*"))


def test_neither_need_nor_client_is_kept_unless_asked_for(tmp_path: Path) -> None:
    asked(Matches(tmp_path), "divorce papers", Client("192.0.2.7"))
    assert b"divorce" not in stored(tmp_path)
    assert b"192.0.2.7" not in stored(tmp_path)
    asked(Matches(tmp_path, keep_queries=True), "tax papers", Client("192.0.2.7"))
    assert b"tax papers" in stored(tmp_path)
    assert b"192.0.2.7" not in stored(tmp_path)


def test_needs_that_were_kept_are_forgotten_once_they_are_kept_no_more(tmp_path: Path) -> None:
    keeping = Matches(tmp_path, keep_queries=True)
    asked(keeping, "tax papers")
    assert keeping.kept_needs() == ["tax papers"]
    asked(Matches(tmp_path), "other papers")
    assert keeping.kept_needs() == []


def test_the_same_need_is_another_hash_in_another_workspace(tmp_path: Path) -> None:
    hashes = set()
    for name in ("one", "two"):
        asked(Matches(tmp_path / name))
        with Matches(tmp_path / name)._database.reading() as database:
            hashes.add(database.execute("select need, client from matches").fetchone())
    assert len(hashes) == 2


def test_a_damaged_file_is_told_and_never_thrown_away(tmp_path: Path) -> None:
    asked(Matches(tmp_path))
    for path in (tmp_path / ".capdraft").glob("matches.sqlite3-*"):
        path.unlink()
    path = tmp_path / ".capdraft/matches.sqlite3"
    path.write_bytes(b"not a database" * 99)
    with pytest.raises(StoreError, match=r"matches\.sqlite3"):
        asked(Matches(tmp_path))
    assert path.read_bytes() == b"not a database" * 99


steps = st.tuples(
    st.sampled_from(["read", "pay", "sign"]),
    st.sampled_from(["ann", "bo"]),
    st.sampled_from([None, "success", "failure", "choose"]),
    st.integers(1, 3),
    st.floats(0, 2 * WINDOW),
)


@given(taken=st.lists(steps, max_size=12))
def test_counts_hold_together_whatever_is_done(
    tmp_path_factory: pytest.TempPathFactory, taken: list[tuple[str, str, str | None, int, float]]
) -> None:
    clock = Clock()
    matches = Matches(tmp_path_factory.mktemp("matches"), clock=clock)
    for need, who, what, place, later in taken:
        clock.now += later
        match = asked(matches, need, Client(who))
        if what == "choose":
            matches.choose(match, place)
        elif what is not None:
            matches.feedback(match, "success" if what == "success" else "failure", place)
    for counts in (*matches.capability_counts("pen").values(), matches.counts("pen")):
        assert len(taken) >= counts.shown >= counts.chosen >= counts.succeeded + counts.failed
