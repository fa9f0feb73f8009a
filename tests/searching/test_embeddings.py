"""Searching by meaning as well: through an endpoint that is a stub on loopback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capdraft.client.embeddings import read_embeddings
from capdraft.errors import AnswerWrongShape
from capdraft.searching import Search, choose_embedder
from capdraft.searching.vectors import PLACE, Vectors
from capdraft.settings import SearchSettings, Settings
from capdraft.text import sha256
from relevance_set import write_catalog
from small_catalog import PAINTS, READS, entry, names, record
from stub_endpoint import Answer, Scripted, StubEndpoint, problem, stub_endpoint

THEMES = (("invoice", "bill", "money"), ("picture", "paint", "drawing"))


def meaning(text: str) -> list[float]:
    """Return how much a text is of each theme."""
    return [0.1 + sum(text.lower().count(word) for word in theme) for theme in THEMES]


def embedded(body: dict[str, Any]) -> Answer:
    data = [
        {"index": index, "embedding": meaning(text)} for index, text in enumerate(body["input"])
    ]
    return Answer(json.dumps({"data": data[::-1]}), headers={"Content-Type": "application/json"})


def search_by(stub: StubEndpoint, folder: Path, **options: Any) -> Search:
    """Return a refreshed search that asks the stub for embeddings."""
    settings = Settings(search=SearchSettings(embeddings="mini"))
    if not (folder / "catalog").exists():
        write_catalog(folder, [entry("ledger", READS), entry("brush", PAINTS)])
    search = Search(
        write_catalog(folder, []),
        *choose_embedder(settings, {"OPENAI_BASE_URL": stub.url}),
        **options,
    )
    search.refresh()
    return search


def texts(stub: StubEndpoint) -> list[str]:
    return [text for request in stub.requests for text in request["input"]]


def test_what_shares_no_word_is_found_by_meaning(tmp_path: Path) -> None:
    with stub_endpoint(embedded) as stub:
        answer = search_by(stub, tmp_path).find("where does my money go")
    assert answer.ways == ("words", "embeddings")
    assert answer.why_words_alone is None
    assert names(answer) == ["ledger/reads-invoices", "brush/paints-pictures"]
    scores = answer.results[0].scores
    assert (scores.words_rank, scores.embedding_rank) == (None, 1)
    assert scores.similarity is not None
    assert scores.similarity > 0.9
    assert answer.results[0].passage is not None


def test_both_rankings_are_fused_by_reciprocal_rank(tmp_path: Path) -> None:
    with stub_endpoint(embedded) as stub:
        answer = search_by(stub, tmp_path).find("picture bill money")
    first, second = answer.results
    assert (first.artifact, first.scores.embedding_rank) == ("ledger", 1)
    assert first.scores.fused >= second.scores.fused
    for result in answer.results:
        places = filter(None, (result.scores.words_rank, result.scores.embedding_rank))
        assert result.scores.fused == round(sum(1 / (60 + place) for place in places), 6)


def test_a_record_with_a_small_share_of_the_words_is_ranked_by_meaning_alone(
    tmp_path: Path,
) -> None:
    with stub_endpoint(embedded) as stub:
        answer = search_by(stub, tmp_path).find("money laundering investigations story")
    assert [result.scores.words_rank for result in answer.results] == [None, None]


def test_each_text_is_paid_for_once(tmp_path: Path) -> None:
    with stub_endpoint(embedded) as stub:
        search = search_by(stub, tmp_path)
        search.find("money")
        assert len(texts(stub)) == 3
        assert search.find("money") == search_by(stub, tmp_path).find("money")
        assert texts(stub)[3:] == ["money"]  # by the second search, which never asked for it
        (tmp_path / ".capdraft/search.sqlite3").unlink()
        workspace = search.workspace
        sings = entry("brush", PAINTS, record("Sings", "Sings about money."))
        workspace.write_entry(sings, workspace.read_entry("brush"))
        answer = search_by(stub, tmp_path).find("money")
    assert texts(stub)[4:] == ["Sings\nSings about money.", "money"]
    assert "brush/sings" in names(answer)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (problem(404, "no such model"), "doesn't know the model 'mini'"),
        (Answer(json.dumps({"data": []})), "no embedding for each"),
        (Answer("<html>"), "instead of an answer in JSON"),
    ],
)
def test_words_alone_count_where_no_embedding_can_be_had(
    tmp_path: Path, answer: Scripted, reason: str
) -> None:
    with stub_endpoint(answer) as stub:
        found = search_by(stub, tmp_path).find("invoices")
    assert names(found) == ["ledger/reads-invoices"]
    assert found.ways == ("words",)
    assert reason in str(found.why_words_alone)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        (Settings(), "no [search] embeddings is set"),
        (Settings(search=SearchSettings(embeddings="mini")), "no key"),
    ],
)
def test_it_is_told_why_nothing_embeds(settings: Settings, reason: str) -> None:
    embedder, why = choose_embedder(settings, {})
    assert embedder is None
    assert reason in str(why)


def test_in_a_large_catalog_only_the_candidates_by_words_are_compared(tmp_path: Path) -> None:
    with stub_endpoint(embedded) as stub:
        search = search_by(stub, tmp_path, most_exact=1)
        assert names(search.find("money")) == []
        assert search.find("invoices").results[0].scores.embedding_rank == 1


@pytest.mark.parametrize(
    "data",
    [
        [],
        [{"index": 0, "embedding": [1.0]}],
        [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": [1.0, 2.0]}],
        [{"index": 0, "embedding": [0.0]}, {"index": 1, "embedding": [1.0]}],
        [{"index": 0, "embedding": ["a"]}, {"index": 1, "embedding": [1.0]}],
        [{"index": 0, "embedding": [float("nan")]}, {"index": 1, "embedding": [1.0]}],
        "no",
    ],
)
def test_an_answer_that_holds_no_vectors_is_refused(data: object) -> None:
    with pytest.raises(AnswerWrongShape):
        read_embeddings(json.dumps({"data": data}), 2)


def keys(*words: str) -> list[str]:
    return [sha256(word) for word in words]


@pytest.mark.parametrize("torn", ["vectors", "keys"])
def test_what_a_killed_run_left_behind_is_cut_off(tmp_path: Path, torn: str) -> None:
    vectors = Vectors(tmp_path, "http://127.0.0.1", "mini")
    vectors.add(keys("a"), [[3.0, 4.0]])
    (path,) = (tmp_path / PLACE).glob(f"*.{torn}")
    with path.open("ab") as file:
        file.write(b"half")
    vectors = Vectors(tmp_path, "http://127.0.0.1", "mini")
    vectors.add(keys("b"), [[0.0, 2.0]])
    rows = Vectors(tmp_path, "http://127.0.0.1", "mini").rows()
    assert rows == dict(zip(keys("a", "b"), (0, 1), strict=True))
    assert vectors.nearest([0.0, 1.0], [0, 1], 2) == [(1, 1.0), (0, pytest.approx(0.8))]


numbers = st.floats(-10, 10).filter(lambda number: abs(number) > 0.01)


@given(
    made=st.lists(st.tuples(numbers, numbers, numbers), min_size=1, max_size=20),
    need=st.tuples(numbers, numbers, numbers),
)
def test_the_nearest_are_those_with_the_largest_cosine(
    tmp_path_factory: pytest.TempPathFactory,
    made: list[tuple[float, ...]],
    need: tuple[float, ...],
) -> None:
    vectors = Vectors(tmp_path_factory.mktemp("vectors"), "http://127.0.0.1", "mini")
    vectors.add(keys(*map(str, range(len(made)))), made)
    found = vectors.nearest(need, range(len(made)), 5)

    def cosine(other: tuple[float, ...]) -> float:
        dot = sum(a * b for a, b in zip(need, other, strict=True))
        return float(dot / (sum(a * a for a in need) * sum(b * b for b in other)) ** 0.5)

    expected = sorted(map(cosine, made), reverse=True)[:5]
    assert [score for _, score in found] == pytest.approx(expected, abs=1e-5)
