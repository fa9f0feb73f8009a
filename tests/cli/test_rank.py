"""`capdraft rank` and `capdraft signals`, as they are typed and as their page tells."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from capdraft.ranking import PARTS, all_weights, read_signals
from capdraft.ranking.adoption import ANCHORS
from capdraft.settings import RankSettings
from workspaces import drafted_workspace, make_workspace

Run = Callable[..., Any]
PAGE = (Path(__file__).parents[2] / "docs/ranking.md").read_text()


@pytest.fixture
def catalog(run: Run, tmp_path: Path) -> Run:
    """A catalog with the ticket reader, of which no repository is named."""
    drafted_workspace(tmp_path)
    run("review", "approve", "ticket-reader", "--as", "ann")
    assert run("merge").status == 0
    return run


def test_every_point_is_explained(catalog: Run) -> None:
    catalog("signals", "set", "ticket-reader", "downloads=1200", "--as", "Ann")
    said = catalog("rank", "ticket-reader", "--explain")
    assert said.status == 0
    (total,) = re.findall(r"^ticket-reader, model: (\S+) of 100  rank/1", said.out, re.MULTILINE)
    terms = re.findall(r"^  \S.*?  (\S+) × (\S+) × 100 = (\S+) points", said.out, re.MULTILINE)
    assert len(terms) == 4
    for weight, value, points in terms:
        assert Decimal(weight) * Decimal(value) * 100 == Decimal(points)
    (added,) = re.findall(r"^  (.+) = \S+$", said.out, re.MULTILINE)[-1:]
    assert [points for *_, points in terms] == added.split(" + ")
    assert sum(map(Decimal, added.split(" + "))) == Decimal(total)
    today = datetime.now(UTC)
    assert f"- downloads: 1,200  set by hand by ann  {today:%Y-%m-%d}\n" in said.out
    assert "mean of log(1+1,200)/log(1+10,000,000) = 0.44 = 0.44\n" in said.out
    assert "match graph  unknown; its weight 0.15 is shared among the others\n" in said.out
    assert "  without match graph\n" in said.out


def test_the_table_and_its_json_say_the_same(catalog: Run) -> None:
    table = catalog("rank")
    (row,) = [line for line in table.out.splitlines() if line.startswith("ticket-reader")]
    (rank,) = json.loads(catalog("rank", "--json").out)["ranks"]
    shown = ["–" if part["value"] is None else f"{part['value']:.2f}" for part in rank["parts"]]
    expected = ["ticket-reader", "model", f"{rank['total']:.2f}", *shown]
    assert row.split("  without")[0].split() == expected
    assert row.endswith(", ".join(rank["marks"]))
    assert rank["marks"] == ["without adoption", "without match graph"]
    assert sum(Decimal(str(p["points"])) for p in rank["parts"] if p["points"]) == Decimal(
        str(rank["total"])
    )


def test_searches_count(catalog: Run) -> None:
    match = json.loads(catalog("search", "read a train ticket", "--json").out)["match"]
    assert catalog("feedback", match, "success").status == 0
    (rank,) = json.loads(catalog("rank", "--json").out)["ranks"]
    (part,) = [part for part in rank["parts"] if part["part"] == "match graph"]
    assert part["value"] is None  # of ten searches that it takes
    assert [item["value"] for item in part["inputs"]] == ["1", "1", "1", "0"]


def test_the_type_chooses_and_what_is_not_there_is_told(catalog: Run) -> None:
    said = catalog("rank", "--type", "dataset")
    assert (said.status, said.out, said.err) == (0, "", "the catalog has no dataset to rank\n")
    said = catalog("rank", "nobody")
    assert said.status == 2
    assert "the catalog has no artifact 'nobody'" in said.err


def test_a_broken_file_stops_no_other_artifact(catalog: Run, tmp_path: Path) -> None:
    (tmp_path / "catalog/broken.json").write_text("{")
    said = catalog("rank", "--json")
    data = json.loads(said.out)
    assert said.status == 1
    assert [rank["artifact"] for rank in data["ranks"]] == ["ticket-reader"]
    assert [error["where"] for error in data["failed"]] == ["catalog/broken.json"]


def test_signals_are_set_shown_and_marked(catalog: Run, tmp_path: Path) -> None:
    url = "https://example.org/stats"
    said = catalog("signals", "set", "ticket-reader", "stars=40", "--source", url, "--as", "ann")
    assert said.status == 0
    file = tmp_path / "signals/ticket-reader.json"
    file.write_text(re.sub(r'"20\d\d-', '"2019-', file.read_text()))
    shown = catalog("signals", "show")
    assert re.fullmatch(rf"ticket-reader  stars 40  {url}  2019-\d\d-\d\d  old\n", shown.out)
    data = json.loads(catalog("signals", "show", "--json").out)
    assert data["artifacts"][0]["signals"][0]["old"] is True
    assert catalog("signals", "show", "nobody").status == 2


def test_refreshing_where_no_repository_is_named(catalog: Run, tmp_path: Path) -> None:
    said = catalog("signals", "refresh")
    assert said.status == 0
    assert "ticket-reader: its documents and links name no repository to ask\n" in said.err
    assert read_signals(make_workspace(tmp_path), "ticket-reader").signals is None


def test_the_page_has_the_weights_and_anchors_that_count() -> None:
    rows = [
        tuple(cell.strip().replace(",", "") for cell in line.strip("|").split("|"))
        for line in PAGE.splitlines()
        if line.startswith("| ")
    ]
    for kind, weights in all_weights(RankSettings()).items():
        assert (kind, *(str(weights.by_part[part]) for part in PARTS)) in rows
    for kind, anchors in ANCHORS.items():
        assert (kind, *map(str, anchors.values())) in rows
