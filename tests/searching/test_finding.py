"""What is found for a need, and why."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capdraft.errors import StoreError
from capdraft.records import CatalogEntry
from capdraft.searching import Result, Search
from relevance_set import entries, measure, needs, write_catalog
from small_catalog import PAINTS, READS, entry, names, record

SINGS = record("朗読", "日本語の文章を自然な声で読み上げます。", "ニュースを聞きたい")


def searched(folder: Path, *catalog: CatalogEntry) -> Search:
    """Return a refreshed search over a catalog whose files are old enough to be sure of."""
    search = Search(write_catalog(folder, catalog))
    for path in (folder / "catalog").glob("*.json"):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    search.refresh()
    return search


def first(search: Search, need: str) -> Result:
    return search.find(need).results[0]


@pytest.fixture
def search(tmp_path: Path) -> Search:
    return searched(
        tmp_path,
        entry("ledger", READS),
        entry("brush", PAINTS, type_="tool"),
        entry("koe", SINGS),
    )


def test_a_result_tells_words_intent_and_passage(search: Search) -> None:
    found = first(search, "I need to read HANDWRITTEN invoices, please")
    assert (found.artifact, found.capability) == ("ledger", "reads-invoices")
    assert [(word.word, word.matched, word.slips) for word in found.words] == [
        ("read", "reads", 0),
        ("handwritten", "handwritten", 0),
        ("invoices", "invoices", 0),
    ]
    assert found.intent == "read a handwritten bill"
    assert found.passage is not None
    assert found.passage.quote == "It reads the total of a handwritten invoice."
    assert found.passage.uri == "docs/ledger.md"
    assert found.passage.words == ("read", "handwritten", "invoices")
    assert (found.scores.words_rank, found.scores.fused) == (1, round(1 / 61, 6))


@pytest.mark.parametrize(
    ("need", "word", "matched", "slips"),
    [
        ("handwriten bills", "handwriten", "handwritten", 1),
        ("hnadwritten", "hnadwritten", "handwritten", 1),
        ("hadnwriten", "hadnwriten", "handwritten", 2),
        ("Invoïces", "invoices", "invoices", 0),
    ],
)
def test_a_misspelt_word_is_read_and_said(
    search: Search, need: str, word: str, matched: str, slips: int
) -> None:
    told = first(search, need).words[0]
    assert (told.word, told.matched, told.slips) == (word, matched, slips)


def test_a_word_that_the_catalog_has_is_never_taken_for_a_slip(tmp_path: Path) -> None:
    search = searched(
        tmp_path,
        entry("one", record("Plants trees", "Plants them.")),
        entry("two", record("Plantz", "Counts.")),
    )
    assert names(search.find("plants")) == ["one/plants-trees"]


def test_numbers_in_words_are_not_slips(tmp_path: Path) -> None:
    search = searched(tmp_path, entry("gamma", record("Runs gamma4x", "Runs gamma4x models.")))
    assert names(search.find("gamma5x")) == []


def test_two_words_are_found_as_one_and_one_as_two(tmp_path: Path) -> None:
    apart = entry("apart", record("Joins tables", "Joins a data frame with others."))
    whole = entry("whole", record("Sorts rows", "Sorts each dataset."))
    search = searched(tmp_path, apart, whole)
    assert names(search.find("dataframe")) == ["apart/joins-tables"]
    assert "whole/sorts-rows" in names(search.find("data set"))


@pytest.mark.parametrize("need", ["文章", "声", "日本語", "ニュース", "文章を読む"])
def test_scripts_without_spaces_are_found_by_words_of_any_length(search: Search, need: str) -> None:
    assert names(search.find(need)) == ["koe/朗読"]


@pytest.mark.parametrize(
    ("text", "need"),
    [("हिन्दी कविता लिखता है", "कविता"), ("Пишет облако тегов", "ОБЛАКО"), ("Works in C++", "c++")],
)
def test_any_script_is_found(tmp_path: Path, text: str, need: str) -> None:
    search = searched(tmp_path, entry("one", record("First", text)), entry("two", PAINTS))
    assert names(search.find(need)) == ["one/first"]


def test_vowel_signs_belong_to_their_word(tmp_path: Path) -> None:
    search = searched(tmp_path, entry("one", record("First", "कविता लिखता है")))
    assert names(search.find("कवि")) == []


def test_only_one_type_is_found_if_asked_for(search: Search) -> None:
    assert names(search.find("picture invoices", type_="tool")) == ["brush/paints-pictures"]


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Search:
    """A search that stays as it is."""
    catalog = [entry("ledger", READS), entry("brush", PAINTS), entry("koe", SINGS)]
    return searched(tmp_path_factory.mktemp("standing"), *catalog)


@given(need=st.text(max_size=80) | st.text('"*():^-+#{}ANDORNEAR ', max_size=30))
def test_a_need_may_hold_anything(standing: Search, need: str) -> None:
    assert standing.find(need).need == " ".join(need.split())


@given(
    words=st.lists(
        st.sampled_from(["reads", "read", "the", "invoices", "picture", "of", "声", "c++", "zzz"])
    )
)
def test_each_record_is_found_once_and_in_order_of_its_score(
    standing: Search, words: list[str]
) -> None:
    answer = standing.find(" ".join(words))
    assert len(set(names(answer))) == len(answer.results)
    scores = [result.scores.fused for result in answer.results]
    assert scores == sorted(scores, reverse=True)
    assert [result.place for result in answer.results] == list(range(1, len(scores) + 1))


def test_a_need_of_common_words_alone_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("capdraft.searching.lexical.POSTINGS", 3)
    many = [entry(f"a{n}", record(f"Reads page {n}", "Reads it aloud.")) for n in range(8)]
    search = searched(tmp_path, *many, entry("rare", record("Reads aloud", "Reads Sanskrit.")))
    assert len(search.find("reads aloud", limit=20).results) == 9
    # The rare word finds a candidate; the common ones find others, and rank it as well.
    answer = search.find("page reads sanskrit")
    assert names(answer)[:2] == ["rare/reads-aloud", "a0/reads-page-0"]
    assert [word.word for word in answer.results[0].words] == ["reads", "sanskrit"]


def test_of_common_words_those_in_names_and_intents_come_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("capdraft.searching.lexical.POSTINGS", 0)
    monkeypatch.setattr("capdraft.searching.lexical.UNRANKED", 1)
    many = [entry(f"a{n}", record(f"Page {n}", "Reads aloud.")) for n in range(4)]
    search = searched(tmp_path, *many, entry("zoo", record("Reads aloud", "Does it.")))
    assert names(search.find("reads aloud")) == ["zoo/reads-aloud"]


def test_a_long_need_costs_no_more_than_a_limit(tmp_path: Path) -> None:
    words = [
        "harvest",
        "monitor",
        "compass",
        "lantern",
        "meadow",
        "thunder",
        "copper",
        "bridge",
        "window",
        "garden",
    ]
    search = searched(tmp_path, entry("one", record("First", " ".join(words))))
    slips = " ".join(f"{word[:3]}q{word[4:]}" for word in words)
    assert len(first(search, slips).words) == 8
    assert len(search.find("invoices " * 100_000).need) == 1_000


def test_what_changed_is_indexed_anew_and_what_is_gone_leaves(search: Search) -> None:
    workspace = search.workspace
    assert search.refresh().changed == 0
    before = workspace.read_entry("brush")
    workspace.write_entry(entry("brush", record("Carves wood", "Carves spoons.")), before)
    (workspace.root / "catalog/ledger.json").unlink()
    done = search.refresh()
    assert (done.changed, done.gone) == (1, 1)
    assert names(search.find("spoons")) == ["brush/carves-wood"]
    assert names(search.find("invoices pictures")) == []
    counted = terms(search)
    forget(search)
    search.refresh()
    assert terms(search) == counted


def test_a_change_within_the_same_tick_is_seen(tmp_path: Path) -> None:
    search = Search(write_catalog(tmp_path, [entry("one", record("Reads", "Reads maps."))]))
    search.refresh()
    path = tmp_path / "catalog/one.json"
    stat = path.stat()
    path.write_text(path.read_text().replace("maps", "bees"))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    search.refresh()
    assert names(search.find("bees")) == ["one/reads"]


@pytest.mark.parametrize("damage", [b"", b"not a database" * 500])
def test_the_index_can_be_deleted_or_damaged(search: Search, damage: bytes) -> None:
    forget(search)
    if damage:
        (search.workspace.root / ".capdraft/search.sqlite3").write_bytes(damage)
    search.refresh()
    assert names(search.find("invoices")) == ["ledger/reads-invoices"]


def test_an_index_that_turns_out_to_be_damaged_is_thrown_away_and_built_anew(
    search: Search,
) -> None:
    path = search.workspace.root / ".capdraft/search.sqlite3"
    raw = path.read_bytes()
    forget(search)
    path.write_bytes(raw[:4096] + b"\xff" * (len(raw) - 4096))
    search = Search(search.workspace)
    with pytest.raises(StoreError, match="malformed") as told:
        search.refresh()
    assert "built anew" in told.value.hint
    search.refresh()
    assert names(search.find("invoices")) == ["ledger/reads-invoices"]


def test_an_entry_that_cannot_be_read_is_told_and_the_others_are_found(search: Search) -> None:
    told: list[str] = []
    (search.workspace.root / "catalog/brush.json").write_text("{")
    search = Search(search.workspace, notify=told.append)
    search.refresh()
    assert "catalog/brush.json" in told[0]
    assert names(search.find("picture invoices")) == ["ledger/reads-invoices"]


def test_searches_are_as_good_as_when_they_were_measured(tmp_path: Path) -> None:
    """`python -m benchmarks.relevance` measures it: 0.479 and 0.610 on this half of the needs."""
    search = searched(tmp_path, *entries())
    gain, recall = measure(lambda need: names(search.find(need)), needs()[1])
    assert gain > 0.459
    assert recall > 0.59


def test_the_needs_name_records_of_the_catalog() -> None:
    known = {f"{e.artifact.slug}/{item.id}" for e in entries() for item in e.capabilities}
    every = [need for half in needs() for need in half]
    assert len(every) >= 200
    assert {key for need in every for key in need.relevant} <= known


def forget(search: Search) -> None:
    """Delete the index."""
    for file in (search.workspace.root / ".capdraft").glob("search.sqlite3*"):
        file.unlink()


def terms(search: Search) -> list[tuple[object, ...]]:
    """Return what is counted of the catalog, once FTS5 found that its words are the records'."""
    with search.index.database.writing() as database:
        database.execute("insert into words (words, rank) values ('integrity-check', 1)")
        counted = database.execute("select term, records from terms order by term").fetchall()
        return [*counted, *database.execute("select * from totals")]
