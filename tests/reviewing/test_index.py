"""The queue's index says what reading every file anew would say, and loses nothing but claims."""

from __future__ import annotations

import json
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from capdraft.errors import (
    CapdraftError,
    FileInvalid,
    NotFound,
    ReviewRefused,
    SettingsError,
    StoreError,
)
from capdraft.records import (
    Artifact,
    Bulk,
    Capability,
    Document,
    DocumentRef,
    Evidence,
    Field,
    Proposal,
    Run,
    Side,
)
from capdraft.reviewing import (
    WAITING,
    Judgement,
    QueueIndex,
    Review,
    Status,
    Target,
    Waiting,
    Wanted,
    approve,
    edit,
    open_review,
    reject,
    undo,
    waiting,
)
from capdraft.reviewing.index import index as index_module
from capdraft.reviewing.index import many
from capdraft.reviewing.index.reading import Terms, read_artifact
from capdraft.reviewing.index.writing import write_reading
from capdraft.reviewing.sampling import draw
from capdraft.reviewing.states import FieldState
from capdraft.reviewing.stats import indexed_stats, stats
from capdraft.settings import Settings, parse_settings
from capdraft.sources import quote, read_bytes, read_catalog_entry
from capdraft.sources.addresses import keep
from capdraft.workspace import Workspace

STARTED = datetime(2026, 3, 1, tzinfo=UTC)
PAGE = "https://docs.example/kettle.md"
TEXTS = {
    "docs/kettle.md": "# Kettle\n\nBoils 40 cups an hour.\n\nIt sings in A flat.\n",
    PAGE: "# Page\n\nThe kettle pours without a drip.\n\nIts lid weighs 90 grams.\n",
}
CATALOG = "catalog/urn.json"
ENTRY: dict[str, Any] = {
    "schema": "capdraft/catalog/1",
    "artifact": {"slug": "urn", "name": "Urn"},
    "capabilities": [
        {
            "id": "boil",
            "name": "Boil",
            "drafted_by": "stub",
            "description": {
                "text": "The urn boils 12 cups an hour.",
                "proposal": "0001",
                "approved": [{"by": "ann", "at": "2026-01-01T00:00:00Z", "decision": "0" * 12}],
            },
        }
    ],
}
SETTINGS = (
    "",
    '[review]\nreviewers = ["ann", "bo"]\n',
    '[review]\nreviewers = ["ann", "bo"]\nself_approval = true\nsecond_opinions = 1\n',
    '[review]\nsecond_opinions = 0.5\nadjudicator = "cy"\n[rules]\nCD103 = "off"\n',
    '[review]\nreviewers = ["ann", "bo"]\nowners = [{ artifacts = "k*", reviewers = ["cy"] }]\n',
    '[model]\nname = "another"\n',
)
PEOPLE = ("ann", "bo", "cy")
WANTED = (
    Wanted(),
    *(Wanted(field=name) for name in ("description", "unique", "vs_alternatives")),
    *(Wanted(rule=code) for code in ("CD103", "CD104", "CD999")),
    *(Wanted(status=s) for s in ("pending", "approved", "rejected", "stale", "conflicting")),
    *(Wanted(reviewer=who) for who in (*PEOPLE, "eve")),
    Wanted(words="KETTLE 40", reviewer="ann"),
    Wanted(words="it a"),
    Wanted(artifact="k*", rule="CD103"),
    Wanted(artifact="pan", status="approved", reviewer="bo"),
)


def add_documents(root: Path) -> None:
    (root / "docs").mkdir()
    (root / "catalog").mkdir()
    (root / "docs/kettle.md").write_text(TEXTS["docs/kettle.md"])
    keep(root, TEXTS[PAGE].encode())
    (root / CATALOG).write_text(json.dumps(ENTRY))


def document_files(root: Path) -> list[Path]:
    (kept,) = (root / ".capdraft/documents").iterdir()
    return [root / "docs/kettle.md", root / CATALOG, kept]


def read_documents(workspace: Workspace) -> list[Document]:
    found = workspace.read_entry("urn")
    assert found.entry is not None
    assert found.stored is not None
    local = [read_bytes(text.encode(), "kettle.md", uri=uri) for uri, text in TEXTS.items()]
    return [*local, read_catalog_entry(found.entry, uri=CATALOG, sha256=found.stored.sha256)]


def make_proposal(
    workspace: Workspace, slug: str, *, text: str = "Boils 40 cups.", by: str = "ann", days: int = 0
) -> Proposal:
    """Return a proposal whose description cites a file, `unique` a page, the rest the catalog."""
    local, page, entry = documents = read_documents(workspace)

    def cite(document: Document, name: str, side: Side = "artifact") -> Evidence:
        return quote(document, document.passages[0], document_id=name, side=side)

    def claim(said: str, *evidence: Evidence, alternative: str | None = None) -> Field:
        return Field(text=said, alternative=alternative, evidence=evidence)

    return Proposal(
        artifact=Artifact(slug=slug, name=slug.capitalize(), type="tool"),
        run=Run(
            started=STARTED + timedelta(days=days),
            by=by,
            tool="test",
            state="drafted",
            model="stub",
            endpoint="http://stub/v1",
            prompt="draft",
            prompt_sha256="0" * 64,
            calls=1,
            attempts=1,
            seconds=1,
        ),
        documents=tuple(
            DocumentRef(
                id=f"d{number}",
                uri=document.uri,
                sha256=document.sha256,
                retrieved=STARTED,
                media_type=document.media_type,
                passages=len(document.passages),
            )
            for number, document in enumerate(documents, 1)
        ),
        capabilities=(
            Capability(
                id="boil",
                name="Boil water",
                description=claim(text, cite(local, "d1")),
                unique=claim("Pours 7 cups without a drip.", cite(page, "d2")),
                vs_alternatives=claim(
                    "Boils 40 cups, the urn 12.",
                    cite(local, "d1"),
                    cite(entry, "d3", "alternative"),
                    alternative="Urn",
                ),
            ),
        ),
    )


def kitchen(root: Path) -> Workspace:
    """Return a workspace with two artifacts that rest on three kinds of documents."""
    (root / "capdraft.toml").write_text("")
    add_documents(root)
    workspace = Workspace(root)
    workspace.add_proposal(make_proposal(workspace, "kettle"))
    workspace.add_proposal(make_proposal(workspace, "pan", by="bo", days=1))
    return workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return kitchen(tmp_path)


@pytest.fixture
def index(workspace: Workspace) -> QueueIndex:
    index = QueueIndex(workspace, tick=0)
    index.refresh()
    return index


# What is true, computed from every file, without any haste.


def everything(workspace: Workspace) -> list[tuple[Waiting, FieldState, Review]]:
    stored = workspace.settings_text()
    rules = parse_settings(stored.text if stored else "")
    found = []
    for slug in workspace.artifacts():
        try:
            review = open_review(workspace, Target(slug))
        except CapdraftError:
            continue
        found += [(as_waiting(review, s, rules), s, review) for s in review.states]
    return sorted(found, key=lambda item: risk_key(item[0]))


def as_waiting(review: Review, state: FieldState, rules: Settings) -> Waiting:
    findings = review.findings(state, rules.rules)
    parts = (review.slug, state.capability.id, state.name)
    drawn = draw(*parts, state.text_sha256, state.evidence_sha256)
    return Waiting(
        *parts,
        status=state.status,
        codes=tuple(dict.fromkeys(f.code for f in findings)),
        errors=sum(f.severity == "error" for f in findings),
        since=review.stored.proposal.run.started,
        name=state.capability.name,
        text=state.text,
        second_opinion=state.status == "approved"
        and drawn < rules.review.second_opinions
        and len({d.reviewer for d in state.approvals}) == 1,
        why=state.why,
        text_sha256=state.text_sha256,
        evidence_sha256=state.evidence_sha256,
    )


def risk_key(item: Waiting) -> tuple[object, ...]:
    alarm = 0 if item.errors else 1 if item.codes else 2
    order = ["vs_alternatives", "unique", "description"].index(item.field)
    return alarm, order, item.since, item.slug, item.capability


def is_wanted(item: Waiting, state: FieldState, review: Review, look: Wanted) -> bool:
    who = look.reviewer
    waits = item.status in WAITING or (item.second_opinion and who is not None)
    said = f"{item.name} {item.text}".casefold()
    approved = any(d.reviewer == who for d in state.approvals) and item.status != "stale"
    open_to_all = item.status in WAITING or item.second_opinion
    return (
        (waits if look.status is None else item.status == look.status)
        and (look.field in (None, item.field))
        and (look.rule is None or look.rule in item.codes)
        and (look.artifact is None or Path(item.slug).match(look.artifact))
        and all(word in said for word in (look.words or "").casefold().split())
        and (
            who is None
            or (open_to_all and not approved and not review.policy.may_approve(who, state.authors))
        )
    )


def slowly(workspace: Workspace, look: Wanted) -> list[Waiting]:
    return [item[0] for item in everything(workspace) if is_wanted(*item, look)]


def agrees(index: QueueIndex, wanted: tuple[Wanted, ...] = WANTED) -> None:
    """Check every answer of the index about fields."""
    truth = everything(index.workspace)
    for look in wanted:
        expected = [item[0] for item in truth if is_wanted(*item, look)]
        assert index.page(look) == expected, look
        assert index.page(look, 1, 2) == expected[1:3]
        assert index.count(look) == len(expected)
        facets = index.facets(look)
        assert facets.total == len(expected)
        for name, value, narrower in alternatives(truth, look):
            number = sum(is_wanted(*item, narrower) for item in truth)
            assert getattr(facets, name).get(value, 0) == number, (look, name, value)
        for place, item in enumerate(expected):
            of = item if place % 2 else item.target
            assert index.position(of, look) == (place + 1, len(expected))
            assert index.after(of, look) == next(iter(expected[place + 1 :]), None)
            assert index.before(of, look) == next(reversed(expected[:place]), None)
    counted: dict[str, dict[Status, int]] = {}
    for item, _, _ in truth:
        states = counted.setdefault(item.slug, {})
        states[item.status] = states.get(item.status, 0) + 1
    assert {a.slug: a.counts for a in index.artifacts() if not a.error} == counted


def alternatives(truth: list[Any], look: Wanted) -> Iterator[tuple[str, str, Wanted]]:
    for item, _, _ in truth:
        yield "fields", item.field, replace(look, field=item.field)
        yield "states", item.status, replace(look, status=item.status)
        yield "artifacts", item.slug, replace(look, artifact=item.slug)
        for code in item.codes:
            yield "rules", code, replace(look, rule=code)


class Kitchen(RuleBasedStateMachine):
    """Whatever happens to a workspace, a refresh makes the index say what is true."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.workspace = kitchen(Path(self.folder.name))
        self.index = QueueIndex(self.workspace, tick=0)
        self.files = document_files(self.workspace.root)
        self.texts = [path.read_bytes() for path in self.files]

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.folder.cleanup()

    @rule(
        slug=st.sampled_from(["kettle", "pan"]),
        field=st.sampled_from(["description", "unique", "vs_alternatives"]),
        who=st.sampled_from(PEOPLE),
        what=st.sampled_from(["approve", "approve", "reject", "edit", "undo"]),
    )
    def decide(self, slug: str, field: Any, who: str, what: str) -> None:
        judgement = Judgement(who, {})
        try:
            review = open_review(self.workspace, Target(slug, "boil", field))
            if what == "approve":
                approve(review, judgement)
            elif what == "reject":
                reject(review, judgement, "style")
            elif what == "edit":
                edit(review, judgement, review.selected[0].text + " Often.")
            else:
                undo(review, who)
        except (ReviewRefused, NotFound, FileInvalid):
            return
        self.index.refresh_one(slug)
        assert self.index.page() == slowly(self.workspace, Wanted())

    @rule(which=st.integers(0, 2), how=st.sampled_from(["other", "gone", "back", "same-size"]))
    def change_document(self, which: int, how: str) -> None:
        path, text = self.files[which], self.texts[which]
        if how == "gone":
            path.unlink(missing_ok=True)
        elif how == "same-size":
            path.write_bytes(text.replace(b"cups", b"mugs").replace(b"drip", b"drop"))
        else:
            path.write_bytes(text if how == "back" else text.replace(b"cups", b"pints"))

    @rule(text=st.sampled_from(SETTINGS))
    def change_settings(self, text: str) -> None:
        (self.workspace.root / "capdraft.toml").write_text(text)

    @rule(
        slug=st.sampled_from(["kettle", "pan", "pot"]), text=st.sampled_from(["Boils.", "Sings."])
    )
    def draft(self, slug: str, text: str) -> None:
        for path, said in zip(self.files, self.texts, strict=True):
            path.write_bytes(said)
        self.workspace.add_proposal(make_proposal(self.workspace, slug, text=text, days=2))

    @rule(slug=st.sampled_from(["kettle", "pan", "pot"]))
    def remove_newest(self, slug: str) -> None:
        for number in self.workspace.proposals(slug)[-1:]:
            (self.workspace.root / f"reviews/{slug}/{number}.toml").unlink()

    @rule(who=st.sampled_from(PEOPLE), how=st.sampled_from(["break", "mend"]))
    def break_decisions(self, who: str, how: str) -> None:
        path = self.workspace.root / f"reviews/pan/decisions/{who}.jsonl"
        said = path.read_text() if path.exists() else ""
        path.parent.mkdir(exist_ok=True)
        path.write_text(said + "{\n" if how == "break" else said.replace("{\n", ""))

    @invariant()
    def index_is_true(self) -> None:
        if not hasattr(self, "index"):
            return
        self.index.refresh()
        agrees(self.index)
        assert self.index.refresh() == 0


def test_after_any_changes_the_index_says_what_every_file_says() -> None:
    run_state_machine_as_test(
        Kitchen,
        settings=settings(
            max_examples=10,
            stateful_step_count=12,
            phases=[Phase.explicit, Phase.generate],  # shrinking takes minutes: files are slow
            suppress_health_check=list(HealthCheck),
            deadline=None,
        ),
    )


def rewrite(name: str, text: str) -> Callable[[Workspace], None]:
    def change(workspace: Workspace) -> None:
        (workspace.root / name).write_text(text)

    return change


def drop_snapshot(workspace: Workspace) -> None:
    document_files(workspace.root)[2].unlink()


def add_newer(workspace: Workspace) -> None:
    workspace.add_proposal(make_proposal(workspace, "kettle", text="Boils."))


def decide_by_hand(workspace: Workspace) -> None:
    approve(open_review(workspace, Target("kettle", "boil", "description")), Judgement("bo", {}))


@pytest.mark.parametrize(
    ("change", "read"),
    [
        (rewrite("docs/kettle.md", TEXTS["docs/kettle.md"].replace("40", "41")), 2),
        (rewrite(CATALOG, json.dumps(ENTRY).replace("12", "13")), 2),
        (drop_snapshot, 2),
        (add_newer, 1),
        (decide_by_hand, 1),
        (rewrite("capdraft.toml", SETTINGS[1]), 2),
        (rewrite("capdraft.toml", SETTINGS[3]), 2),
        (rewrite("capdraft.toml", '[rules]\nCD103 = "off"\n'), 2),
        (rewrite("capdraft.toml", SETTINGS[5]), 0),
        (rewrite("docs/other.md", "Nobody cites this.\n"), 0),
    ],
)
def test_only_what_a_change_concerns_is_read_again(
    workspace: Workspace, index: QueueIndex, change: Callable[[Workspace], None], read: int
) -> None:
    assert index.refresh() == 0
    change(workspace)
    assert index.refresh() == read
    agrees(index)


def test_what_changed_a_moment_ago_is_read_again(workspace: Workspace) -> None:
    """Two changes within one tick of the file system's clock may leave the same traces."""
    index = QueueIndex(workspace, tick=60)
    assert [index.refresh() for _ in range(3)] == [2, 2, 2]


def test_another_version_reads_everything_anew(
    workspace: Workspace, index: QueueIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("capdraft.reviewing.index.database.__version__", "0.0.9")
    index.claim(Target("pan", "boil", "unique"), "ann")
    older = QueueIndex(workspace, tick=0)
    assert older.count() == 0
    assert older.claims() == []
    assert older.refresh() == 2
    agrees(older)


@pytest.mark.parametrize("size", [0, 100, 5000])
def test_a_file_that_is_no_index_is_thrown_away(workspace: Workspace, size: int) -> None:
    (workspace.root / ".capdraft/review.sqlite3").write_bytes(b"\x07" * size)
    index = QueueIndex(workspace, tick=0)
    index.refresh()
    agrees(index, (Wanted(),))


def test_a_damaged_or_removed_index_is_built_anew(workspace: Workspace, index: QueueIndex) -> None:
    path = workspace.root / ".capdraft/review.sqlite3"
    with sqlite3.connect(path) as database:
        database.execute("pragma wal_checkpoint(truncate)")
    database.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\x07" * (len(whole) - 8192))
    with pytest.raises(CapdraftError, match="the review index can't be used") as told:
        QueueIndex(workspace, tick=0).refresh()
    assert "built anew" in told.value.hint
    index.refresh()
    agrees(index, (Wanted(),))
    path.unlink()
    index.refresh()
    agrees(index, (Wanted(),))


def test_what_can_not_be_read_stops_nothing_else(workspace: Workspace, index: QueueIndex) -> None:
    (workspace.root / "reviews/kettle/0001.toml").write_text("schema = 3\n")
    index.refresh()
    assert {item.slug for item in index.page()} == {"pan"}
    (broken,) = index.artifacts(broken=True)
    assert broken.slug == "kettle"
    assert (broken.error or "").startswith("reviews/kettle/0001.toml: ")
    assert index.count_artifacts(broken=True) == 1
    assert waiting(workspace, ["kettle"], {}) == []
    with pytest.raises(NotFound):
        waiting(workspace, ["sieve"], {})


def test_settings_that_can_not_be_read_are_told(workspace: Workspace, index: QueueIndex) -> None:
    (workspace.root / "capdraft.toml").write_text("[review]\nseeds = 9\n")
    with pytest.raises(SettingsError):
        index.refresh()


def test_what_was_read_before_a_decision_does_not_replace_it(
    workspace: Workspace, index: QueueIndex
) -> None:
    terms = Terms.of(workspace, None, 0)
    before = read_artifact(workspace.root, "kettle", terms)
    decide_by_hand(workspace)
    index.refresh_one("kettle")
    with index._database.writing() as database:
        write_reading(database, workspace.root, ("kettle", before), terms)
    agrees(index, (Wanted(), Wanted(status="approved")))


def test_several_processes_read_what_one_reads(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(many, "FEW", 0)
    monkeypatch.setattr(many, "CHUNK", 1)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    index = QueueIndex(workspace, tick=0)
    told: list[tuple[int, int]] = []
    assert index.refresh(told=lambda done, of: told.append((done, of))) == 2
    assert told == [(2, 2)]
    agrees(index, (Wanted(),))


def test_pages_work_while_the_rest_is_read(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "GROUP", 1)
    index = QueueIndex(workspace, tick=0)
    seen: list[set[str]] = []
    index.refresh(told=lambda done, of: seen.append({item.slug for item in index.page()}))
    assert seen == [{"pan"}, {"kettle", "pan"}]


LETTERS = st.text(alphabet=st.sampled_from("abileos 40'\"*()-:^{}+\\\0\ud800%_éßİ\n"), max_size=12)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> QueueIndex:
    workspace = kitchen(tmp_path_factory.mktemp("kitchen"))
    odd = 'Boils "40" cups* AND (mugs) OR NEAR near-boiling: straße İstanbul ^é{x}.'
    workspace.add_proposal(make_proposal(workspace, "pan", text=odd))
    index = QueueIndex(workspace)
    index.refresh()
    return index


@given(words=LETTERS | st.text(max_size=8) | st.sampled_from(['"40"', "cups*", "STRASSE", "near-"]))
def test_words_are_searched_as_they_are_written(shared: QueueIndex, words: str) -> None:
    said = {item.path: f"{item.name} {item.text}".casefold() for item in shared.page()}
    expected = {
        path for path, text in said.items() if all(w in text for w in words.casefold().split())
    }
    assert {item.path for item in shared.page(Wanted(words=words))} == expected
    assert shared.count(Wanted(words=words)) == len(expected)
    shared.artifacts(words=words)


@given(free=LETTERS)
def test_no_input_is_an_error(shared: QueueIndex, free: str) -> None:
    look = Wanted(rule=free, reviewer=free, artifact=free)
    shared.page(look)
    shared.facets(look)
    shared.after(Target(free, free), look, skip_claimed_for=free)
    shared.recent(reviewer=free, slug=free)
    shared.last_action(free)
    shared.claim(Target(free, free), free, 0)
    shared.release(Target(free, free), free)


COMMON = (
    Wanted(words="boils cups"),
    Wanted(words="boils", artifact="pan"),
    Wanted(words="boils", artifact="p*", reviewer="bo"),
)


def test_common_words_are_found_as_rare_ones_are(
    index: QueueIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("queries", "selection"):  # also those few that a search has counted
        monkeypatch.setattr(f"capdraft.reviewing.index.{module}.RARE", 0)
    agrees(index, COMMON)


def test_common_runs_of_letters_may_hold_rare_words(
    index: QueueIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("capdraft.reviewing.index.selection.RARE", 0)
    agrees(index, (*COMMON, Wanted(words="cups oil boi")))


def test_what_was_counted_for_a_search_is_counted_anew_after_a_change(
    workspace: Workspace, index: QueueIndex
) -> None:
    assert index.count(Wanted(words="oi")) == 6
    decide_by_hand(workspace)
    QueueIndex(workspace, tick=0).refresh_one("kettle")
    agrees(index, (Wanted(words="oi"), Wanted(words="oi", artifact="k*")))
    assert index.count(Wanted(words="oi")) == 5


def test_the_next_item_is_the_one_behind_what_was_shown(
    workspace: Workspace, index: QueueIndex
) -> None:
    first, second, *_ = index.page()
    edit(
        open_review(workspace, first.target),
        Judgement("bo", {}),
        "Pours without a drip.",
    )
    index.refresh_one(first.slug)
    assert index.page()[0] == second
    assert index.after(first) == second
    assert index.after(first.target) != second, "its own place is now among those without errors"
    assert index.after(Target("sieve")) == second
    assert index.before(Target("sieve")) is None
    assert index.position(Target("sieve")) == (0, index.count())


def test_what_another_holds_is_passed_over(index: QueueIndex) -> None:
    first, second, third, *_ = index.page()
    assert index.claim(second.target, "bo") is None
    assert index.claim(second.target, "ann") == "bo"
    assert index.after(first, skip_claimed_for="ann") == third
    assert index.after(first, skip_claimed_for="bo") == second
    assert index.before(third, skip_claimed_for="ann") == first
    index.release(second.target, "ann")
    assert [(claim.target, claim.who) for claim in index.claims()] == [(second.target, "bo")]
    index.release(second.target, "bo")
    assert index.claim(second.target, "ann", seconds=0.05) is None
    time.sleep(0.06)
    assert index.claims() == []
    assert index.after(first, skip_claimed_for="bo") == second
    assert index.claim(second.target, "bo") is None


def test_expired_claims_are_deleted_when_the_next_is_taken(index: QueueIndex) -> None:
    for item in index.page():
        index.claim(item.target, "bo", seconds=-1)
    index.claim(Target("pan", "boil", "unique"), "ann")
    with index._database.reading() as database:
        assert database.execute("select who from claims").fetchall() == [("ann",)]


def test_only_faults_of_the_index_are_told_as_such(index: QueueIndex) -> None:
    with pytest.raises(FileNotFoundError, match="kettle"), index._database.writing():
        raise FileNotFoundError("docs/kettle.md")
    fault = pytest.raises(StoreError, match="the review index can't be used")
    with fault, index._database.reading() as database:
        database.execute("select nothing")
    folder = index.workspace.root / ".capdraft"
    folder.rename(folder.with_name("away"))
    folder.write_text("in its place")
    with fault:
        index.count()


def test_of_many_who_claim_a_field_at_once_one_gets_it(workspace: Workspace) -> None:
    indexes = [QueueIndex(workspace) for _ in range(2)]
    target, answers = Target("pan", "boil", "unique"), dict[str, str | None]()

    def ask(number: int) -> None:
        answers[f"r{number}"] = indexes[number % 2].claim(target, f"r{number}")

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [who for who, holder in answers.items() if holder is None]
    assert len(winners) == 1
    assert {holder for holder in answers.values() if holder} == set(winners)


def test_the_last_action_is_a_decision_or_the_bulk_that_it_belongs_to(
    workspace: Workspace, index: QueueIndex
) -> None:
    assert index.last_action("bo") == []
    bulk = Judgement("bo", {}, bulk=Bulk(id="0123456789ab", size=2), seconds=4)
    together = []
    for slug in ("kettle", "pan"):
        review = open_review(workspace, Target(slug, "boil", "unique"))
        together += reject(review, bulk, "style")
    single = reject(
        open_review(workspace, Target("pan", "boil", "description")), Judgement("bo", {}), "style"
    )
    reject(open_review(workspace, Target("pan", "boil")), Judgement("ann", {}), "style")
    index.refresh()
    (last,) = index.last_action("bo")
    assert (last.slug, last.id, last.bulk) == ("pan", single[0].id, None)
    undo(open_review(workspace, Target("pan", "boil", "description")), "bo")
    index.refresh()
    assert [taken.id for taken in index.last_action("bo")] == [d.id for d in together]
    assert {(taken.bulk_size, taken.seconds) for taken in index.last_action("bo")} == {(2, 4.0)}
    newest = index.recent(reviewer="bo", limit=2)
    assert [(taken.verdict, taken.undone) for taken in newest] == [
        ("undo", False),
        ("reject", True),
    ]
    assert [taken.slug for taken in index.recent(slug="kettle")] == ["kettle"]
    assert len(index.recent(limit=9, offset=1)) == 6


def test_a_sampled_approval_waits_for_everybody_else_who_may_approve_it(
    workspace: Workspace, index: QueueIndex
) -> None:
    (workspace.root / "capdraft.toml").write_text(
        '[review]\nreviewers = ["ann", "bo", "cy"]\nsecond_opinions = 1\n'
    )
    target = Target("kettle", "boil", "description")

    def waits_for(who: str | None) -> bool:
        index.refresh()
        return any(item.target == target for item in index.page(Wanted(reviewer=who)))

    approve(open_review(workspace, target), Judgement("bo", {}))
    asked = (None, "ann", "bo", "cy", "eve")  # ann ran the draft
    assert [waits_for(who) for who in asked] == [False, False, False, True, False]
    assert index.facets().reviewers["cy"] == index.count(Wanted(reviewer="cy"))
    agrees(index)
    approve(open_review(workspace, target), Judgement("cy", {}))
    assert not waits_for("cy")


def test_figures_are_those_of_the_files(workspace: Workspace, index: QueueIndex) -> None:
    """Also where a proposal can't be read, or decisions can't."""
    for slug, who, seconds in (("kettle", "bo", 2.0), ("pan", "cy", 9.0), ("kettle", "cy", None)):
        review = open_review(workspace, Target(slug, "boil"))
        bulk = Bulk(id="0123456789ab", size=4)
        reject(review, Judgement(who, {}, bulk=bulk, seconds=seconds), "style")
    undo(open_review(workspace, Target("kettle", "boil", "unique")), "cy")
    moment = datetime.now(UTC)
    decide_by_hand(workspace)

    def agree() -> None:
        index.refresh()
        for asked in ({}, {"reviewer": "cy"}, {"since": moment}, {"since": STARTED}):
            assert indexed_stats(index, **asked) == stats(workspace, **asked)

    agree()
    assert indexed_stats(index) is indexed_stats(index)
    assert len(indexed_stats(index).reviewers) == 2
    undo(open_review(workspace, Target("kettle", "boil", "description")), "bo")
    agree()
    (workspace.root / "reviews/pan/0001.toml").write_text("schema = \n")
    agree()
    assert not indexed_stats(index).failed
    (workspace.root / "reviews/kettle/decisions/cy.jsonl").write_text("{\n")
    index.refresh()
    (told,), (expected,) = indexed_stats(index).failed, stats(workspace).failed
    assert (told.where, told.message) == (expected.where, expected.message)
    seeds = workspace.root / "reviews/_seeds"
    seeds.mkdir()
    (seeds / "bo.jsonl").write_text("{\n")
    assert len(indexed_stats(index).failed) == 2
