"""`capdraft site`: what it answers, and what it refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest

from capdraft.cli import main
from mills import TASKS, Site, mill


def ran(
    site: Site, capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, dict[str, Any], str]:
    capsys.readouterr()
    place = ("--workspace", str(site.workspace.root))
    status = main(["site", str(site.out), "--json", *place, *arguments])
    said = capsys.readouterr()
    return status, json.loads(said.out), said.err


def test_it_tells_what_it_wrote_and_what_it_left_out(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    status, answer, said = ran(site, capsys)
    assert (status, answer["artifacts"], answer["comparisons"]) == (0, 4, 1)
    assert answer["ranked_for"] == "2026-03-01"
    assert "index.html" in answer["written"]
    assert "no sitemap.xml" in said
    address = (
        "--url",
        "https://example.org",
        "--pair",
        "gravel-2",
        "mill-logs",
        "--date",
        "2026-05-02",
    )
    status, answer, said = ran(site, capsys, *address)
    assert (status, answer["comparisons"], answer["left_out"]) == (0, 2, [])
    assert said == f"open {site.out / 'index.html'}\n"
    assert answer["ranked_for"] == "2026-05-02"


def test_where_too_little_is_in_common_it_tells_how_to_ask_for_less(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.remove("west-mill")
    _, answer, said = ran(site, capsys)
    assert answer["comparisons"] == 0
    assert "--least K asks for less, --pair A B for a page of two" in said
    place = ("--workspace", str(site.workspace.root))
    site.save(mill("saw-mill", "Saw Mill", TASKS[3]))
    assert main(["compare", "east-mill", "saw-mill", *place]) == 0
    assert "--least K asks for another number" in capsys.readouterr().err
    assert main(["compare", "east-mill", "saw-mill", "--least", "1", *place]) == 0
    assert capsys.readouterr().err == ""


def test_a_broken_entry_is_named_and_the_status_is_1(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.file("gravel-2").write_text("{")
    status, answer, said = ran(site, capsys)
    assert (status, answer["artifacts"]) == (1, 3)
    assert "catalog/gravel-2.json" in said
    assert [item["where"] for item in answer["failed"]] == ["catalog/gravel-2.json"]


@pytest.mark.parametrize(
    "options",
    [
        ("--url", "example.org"),
        ("--url", "javascript:alert(1)"),
        ("--url", "https://example.org/?a=b"),
        ("--url", "https://[example.org"),
        ("--least", "0"),
        ("--date", "yesterday"),
        ("--pair", "east-mill", "no-such"),
    ],
    ids=" ".join,
)
def test_wrong_usage_writes_nothing(
    site: Site, capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    status, answer, _ = ran(site, capsys, *options)
    assert status == 2
    assert answer["error"]["message"]
    assert not site.out.exists()
