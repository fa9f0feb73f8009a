"""What reviewers say of two capabilities: it counts before the rule, as long as it holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from made_up import DAY, entry, field, record

from capdraft.cli import main
from capdraft.comparing import Comparison, compare, everything_said, say, settled, take_back
from capdraft.errors import FileInvalid, NotFound, ReviewRefused, UsageProblem
from capdraft.publishing import outline
from capdraft.records import CatalogEntry
from capdraft.records.alignments import Alignment
from mills import Site

READS, SCANS = ("east/cap-1", "west/cap-1"), ("east/cap-2", "west/cap-1")


def east() -> CatalogEntry:
    return entry(
        "east", record("Reading meters", field("It reads.")), record("Copies", field("C."))
    )


def west(name: str = "Scanning of dials") -> CatalogEntry:
    return entry("west", record(name, field("It scans.")))


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path)
    site.save(east(), west())
    return site


def page(site: Site) -> Comparison:
    entries = [e for s in ("east", "west") if (e := site.workspace.read_entry(s).entry)]
    return compare(entries, (), settled(site.workspace, entries).counting)


def why(site: Site) -> list[str]:
    return [other.why for other in everything_said(site.workspace).others]


def run(site: Site, *words: str) -> int:
    return main([*words, "--workspace", str(site.workspace.root)])


def test_two_that_share_no_word_stand_side_by_side_by_a_reviewers_word(site: Site) -> None:
    assert not page(site).groups
    said = say(site.workspace, "same", READS, reviewer="ana", note="Both read meters.")
    found = page(site)
    assert [m.capability for m in found.groups[0].members] == ["cap-1", "cap-1"]
    told = f'aligned by ana on {said.time:%Y-%m-%d}: "Both read meters."'
    assert outline.why(found, found.groups[0]) == [told]


def test_two_that_the_rule_takes_for_alike_are_kept_apart(site: Site) -> None:
    site.save(west("Reading meters"))
    assert page(site).groups
    say(site.workspace, "differ", READS, reviewer="ana")
    assert not page(site).groups


def test_what_differs_from_a_member_does_not_join_its_group() -> None:
    three = [entry(slug, record("Reading meters", field("It reads."))) for slug in "abc"]
    assert [len(group.members) for group in compare(three).groups] == [3]
    apart = Alignment.make(
        time=DAY,
        reviewer="ana",
        verdict="differ",
        one="b/cap-1",
        two="c/cap-1",
        one_sha256="0",
        two_sha256="0",
    )
    groups = compare(three, (), {apart.pair: apart}).groups
    assert [[member.artifact for member in group.members] for group in groups] == [["a", "b"]]


def test_a_word_is_bound_to_the_wording_that_was_judged(site: Site) -> None:
    say(site.workspace, "same", READS, reviewer="ana")
    site.save(west("Scanning of dials and plates"))
    assert not page(site).groups
    assert why(site) == ["west/cap-1 reads otherwise since"]


def test_what_the_catalog_has_no_longer_is_told_and_breaks_nothing(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    say(site.workspace, "same", READS, reviewer="ana")
    say(site.workspace, "differ", SCANS, reviewer="ana")
    site.save(entry("east"))
    assert not page(site).groups
    assert why(site) == ["the catalog has no east/cap-1", "the catalog has no east/cap-2"]
    site.remove("west")
    assert why(site) == ["the catalog has no artifact 'west'"] * 2
    assert run(site, "align", "list") == 1
    assert "reviews/_alignments/ana.jsonl:1: doesn't count" in capsys.readouterr().out
    take_back(site.workspace, READS, reviewer="ana")
    assert len(why(site)) == 1


def test_reviewers_who_disagree_settle_nothing_until_one_gives_in(site: Site) -> None:
    say(site.workspace, "same", READS, reviewer="ana")
    say(site.workspace, "differ", (READS[1], READS[0]), reviewer="bo")
    assert not page(site).groups
    assert why(site) == ["ana and bo disagree"] * 2
    take_back(site.workspace, READS, reviewer="bo")
    assert page(site).groups


def test_only_reviewers_of_both_are_heard(site: Site) -> None:
    say(site.workspace, "same", READS, reviewer="ana")
    settings = 'schema = "capdraft/settings/1"\n[review]\nreviewers = ["bo"]\n'
    (site.workspace.root / "capdraft.toml").write_text(settings)
    assert why(site) == ["ana is not one of its reviewers"]
    with pytest.raises(ReviewRefused, match="ana is not one of its reviewers"):
        say(site.workspace, "same", READS, reviewer="ana")


def test_words_on_nothing_are_refused(site: Site) -> None:
    with pytest.raises(NotFound, match="the catalog has no west/nothing"):
        say(site.workspace, "same", ("east/cap-1", "west/nothing"), reviewer="ana")
    with pytest.raises(NotFound, match="'east' names no capability"):
        say(site.workspace, "same", ("east", "west/cap-1"), reviewer="ana")
    with pytest.raises(UsageProblem, match="are of one artifact"):
        say(site.workspace, "same", ("east/cap-1", "east/cap-2"), reviewer="ana")
    with pytest.raises(NotFound, match="ana said nothing"):
        take_back(site.workspace, READS, reviewer="ana")


def test_a_line_that_was_changed_by_hand_is_named(site: Site) -> None:
    say(site.workspace, "same", READS, reviewer="ana")
    file = site.workspace.root / "reviews/_alignments/ana.jsonl"
    file.write_text(file.read_text().replace('"same"', '"differ"'))
    with pytest.raises(FileInvalid, match="changed after it was written") as caught:
        page(site)
    assert caught.value.where == "reviews/_alignments/ana.jsonl:1"
    assert run(site, "site", str(site.out)) == 1


def test_the_site_goes_by_it_and_rewrites_that_page_only(site: Site) -> None:
    asked = (("east", "west"),)
    site.build(asked=asked)
    say(site.workspace, "same", READS, reviewer="ana")
    built = site.build(asked=asked)
    assert {*built.written} == {"compare/east--west.html", "compare/east--west.md"}
    assert "aligned by ana on" in site.page("compare/east--west.html")
    assert site.build(least=1).comparisons == 1
    say(site.workspace, "differ", READS, reviewer="ana")
    assert site.build(least=1).comparisons == 0


def test_commands_say_list_and_take_back(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(site, "align", "same", *READS, "--as", "Ana", "--note", "Both read.", "--json") == 0
    assert json.loads(capsys.readouterr().out)["aligned"]["reviewer"] == "ana"
    assert run(site, "align", "list") == 0
    assert capsys.readouterr().out.startswith("same    east/cap-1  west/cap-1  (ana on ")
    assert run(site, "compare", "east", "west") == 0
    assert "aligned by ana" in capsys.readouterr().out
    assert run(site, "align", "undo", *READS, "--as", "ana") == 0
    assert run(site, "align", "list") == 0
    assert "nothing was said yet" in capsys.readouterr().err
