"""The pages of a site: what they say, that they are HTML, and that every link leads somewhere."""

from __future__ import annotations

import json
import re
from itertools import accumulate
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from capdraft.merging import merge_artifact
from capdraft.publishing.pictures import bar, overlap
from capdraft.publishing.site import SiteOptions, build_site
from capdraft.publishing.site.standings import ShownPart, Standing
from capdraft.ranking import PARTS
from capdraft.records import IMPORTED_PAGE
from capdraft.settings import RankSettings
from hostile import HOSTILE, hostile_workspace
from mills import TASKS, Site, mill
from site_checks import check_html, check_links, words

BASE = "https://example.org/catalog"


@pytest.mark.parametrize("base", ["", BASE])
def test_each_link_leads_to_a_file_and_each_page_is_html(site: Site, base: str) -> None:
    site.build(base=base, asked=(("gravel-2", "east-mill"),))
    assert check_links(site.out) > 150
    check_html(site.out)


def test_an_artifact_page_gives_the_evidence_of_each_claim_and_who_approved_it(site: Site) -> None:
    site.build()
    said = words(site.page("artifacts/gravel-2.html"))
    assert (
        "Counts every pebble of a river bed. "
        "drafted by draft-model-1, approved by ada on 2026-03-01 "
        "Counts the pebbles in a photo. 1 docs/readme.md, Use, characters 10–40, read 2026-03-01"
    ) in said
    assert "approved by bo on 2026-03-01. editorial statement: no passage supports it" in said
    assert "rewritten and approved by bo on 2026-03-01. accepted despite CD301" in said
    assert "Compared with Ledger Set:" in said
    assert "on the alternative’s side" in said
    assert "Docs read2026-03-01" in said
    assert "rank/1, ages counted on 2026-03-01" in said
    page = LexborHTMLParser(site.page("artifacts/east-mill.html"))
    link = page.css_first("figcaption a")
    assert link is not None
    assert link.attributes["href"] == "https://example.org/mill.md"
    assert link.attributes["rel"] == "nofollow noopener noreferrer"


def test_a_comparison_says_what_both_can_and_takes_its_verdict_from_the_table(site: Site) -> None:
    site.build()
    html = site.page("compare/east-mill--west-mill.html")
    said = words(html)
    assert "3 capabilities found in common" in said
    assert "West Mill Grinds dry wheat Grinds dry wheat into fine white flour" in said
    assert "100 % alike, 24 points of 24 and 24: grinds, dry, wheat" in said
    assert "the rest of East Mill: 1 found in common: 3 the rest of West Mill: 0" in said
    cells = [node.text().strip() for node in LexborHTMLParser(html).css("tbody tr:nth-child(2) td")]
    east, west = (cell.removesuffix(" of 100") for cell in cells)
    assert f"West Mill ranks higher: {west} of 100, against {east} for East Mill." in said
    assert float(west) > float(east)
    assert "noindex" not in html
    assert "share a third of their points" in said


def test_a_pair_that_was_asked_for_is_no_rivalry_and_not_for_search_engines(site: Site) -> None:
    site.build(base=BASE, asked=(("mill-logs", "east-mill"), ("gravel-2", "mill-logs")))
    html = site.page("compare/east-mill--mill-logs.html")
    assert '<meta name="robots" content="noindex">' in html
    said = "Not rivals: East Mill (tool) and Mill Logs (dataset) differ in type."
    assert words(html).count(said) == 2
    assert "ranks higher" not in words(html).replace("The higher total ranks higher", "")
    by_rule, _, asked = site.page("compare/index.html").partition("Asked for")
    assert "mill-logs" not in by_rule
    assert asked.count("mill-logs.html") == 2
    assert "East Mill vs Mill Logs" in site.page("compare/index.md")
    for one, other in (("east-mill", "Mill Logs"), ("mill-logs", "East Mill")):
        assert f"{other} asked for" in words(site.page(f"artifacts/{one}.html"))
    assert "--mill-logs" not in site.page("sitemap.xml")
    assert "east-mill--west-mill" in site.page("sitemap.xml")


def test_two_of_one_type_with_too_little_in_common_are_not_rivals(site: Site) -> None:
    site.save(mill("saw-mill", "Saw Mill", TASKS[3]))
    site.build(asked=(("east-mill", "saw-mill"),))
    said = (
        "Not rivals: 1 of Saw Mill’s 1 capability found in common with East Mill; "
        "the rule asks for 2."
    )
    assert words(site.page("compare/east-mill--saw-mill.html")).count(said) == 2


def test_one_with_two_capabilities_is_compared_where_both_are_in_common(site: Site) -> None:
    site.save(mill("hand-mill", "Hand Mill", *TASKS[:2]))
    site.build()
    said = words(site.page("compare/east-mill--hand-mill.html"))
    assert "2 capabilities found in common, of East Mill’s 4 and Hand Mill’s 2." in said
    assert (
        "2 of Hand Mill’s 2 capabilities found in common with East Mill: of one with fewer" in said
    )
    assert "or all of one that has fewer, if they are 2 or more" in words(site.page("about.html"))


def test_a_rank_says_what_it_is_about_where_it_stands(site: Site) -> None:
    site.build(asked=(("gravel-2", "mill-logs"),))
    for page in (
        "compare/east-mill--west-mill",
        "compare/gravel-2--mill-logs",
        "artifacts/gravel-2",
    ):
        said = words(site.page(f"{page}.html"))
        times = 2 if "ranks higher" in said else 1
        assert said.count("not about which does a task better") == times
        assert "quality of the record" in said.lower()
        assert "not about which does a task better" in site.page(f"{page}.md")


def test_the_first_page_says_how_many_comparisons_the_rule_makes(site: Site) -> None:
    site.build()
    assert "1 comparison of two artifacts" in words(site.page("index.html"))
    site.remove("west-mill")
    site.build(asked=(("gravel-2", "east-mill"),))
    said = "1 comparison of two artifacts that somebody asked for; by the rule no two have enough"
    assert said in words(site.page("index.html"))


def test_no_model_is_credited_with_what_was_taken_from_a_page(site: Site) -> None:
    entry = mill("old-mill", "Old Mill", TASKS[0])
    taken = entry.capabilities[0].model_copy(update={"drafted_by": IMPORTED_PAGE})
    site.save(entry.model_copy(update={"capabilities": (taken,)}))
    site.build()
    said = words(site.page("artifacts/old-mill.html"))
    assert "taken from an imported page, approved by ada" in said
    assert "drafted by" not in said


def test_the_first_page_names_capabilities_while_they_are_few(site: Site) -> None:
    site.build()
    index = site.page("index.html")
    assert 'href="artifacts/mill-logs.html#c-cap-1"' in index
    assert "Grinds dry wheat East Mill Grinds dry wheat Mill Logs" in words(index)
    assert "Capabilities: G" not in index
    site.save(*(mill(f"mill-{number}", f"Mill {number}", *TASKS) for number in range(7)))
    site.build()
    index = site.page("index.html")
    assert "#c-cap-1" not in index
    assert "Capabilities: G" in index


def test_lists_lead_to_each_artifact_and_capability(site: Site) -> None:
    site.build()
    index = words(site.page("index.html"))
    assert "dataset 1" in index
    assert "tool 2" in index
    tools = site.page("types/tool.html")
    assert 'href="../artifacts/east-mill.html"' in tools
    letters = site.page("capabilities/g.html")
    assert 'href="../artifacts/mill-logs.html#c-cap-1"' in letters


def test_a_long_list_goes_on_on_further_pages(site: Site) -> None:
    site.save(*(mill(f"mill-{number:03}", f"Mill {number:03}", TASKS[0]) for number in range(220)))
    site.build()
    assert "page 2 of 2" in words(site.page("types/tool.2.html"))
    assert check_links(site.out) > 1000
    assert "- [Page 2 of 2](../types/tool.2.md)" in site.page("types/tool.md")


def test_machines_read_mirrors_feed_and_structured_data(site: Site) -> None:
    site.build(base=BASE)
    assert site.page("artifacts/east-mill.md").startswith("# East Mill\n\n- Type: tool\n")
    assert "[East Mill](artifacts/east-mill.md)" in site.page("llms.txt")
    assert site.page("robots.txt").endswith(f"Sitemap: {BASE}/sitemap.xml\n")
    feed = ElementTree.fromstring(site.page("feed.xml"))  # noqa: S314 - our own
    atom = "{http://www.w3.org/2005/Atom}"
    assert [node.text for node in feed.findall(f"{atom}entry/{atom}updated")] == [
        "2026-03-01T09:30:00+00:00"
    ] * 4
    addresses = ElementTree.fromstring(site.page("sitemap.xml")).findall(".//{*}loc")  # noqa: S314
    assert f"{BASE}/artifacts/east-mill.html" in [node.text for node in addresses]
    script = LexborHTMLParser(site.page("artifacts/mill-logs.html")).css_first("script")
    assert script is not None
    data = json.loads(script.text())
    assert (data["@type"], data["name"]) == ("Dataset", "Mill Logs")
    assert "subjectOf" not in data
    assert "Rating" not in script.text()


def test_without_an_address_there_is_nothing_that_needs_one(site: Site) -> None:
    site.build()
    files = site.files()
    assert not {"sitemap.xml", "feed.xml"} & files.keys()
    assert b"canonical" not in b"".join(files.values())


def test_the_search_data_is_a_script_that_only_assigns_data(site: Site) -> None:
    site.build()
    head, _, rest = site.page("assets/search-data.js").partition(" = ")
    assert head == "window.capdraftRows"
    rows = json.loads(rest.removesuffix(";\n"))
    assert ["artifacts/gravel-2.html", "Gravel 2", "model"] in [row[:3] for row in rows]


def test_a_hostile_catalog_has_no_active_part_in_any_file(tmp_path: Path) -> None:
    (tmp_path / "workspace").mkdir()
    workspace = hostile_workspace(tmp_path / "workspace")
    (slug,) = workspace.artifacts()
    merge_artifact(workspace, slug)
    out = tmp_path / "out"
    options = SiteOptions(title=HOSTILE[2], base=BASE)
    assert build_site(workspace, out, RankSettings(), options).failed == []
    check_html(out)
    check_links(out)
    for path in out.rglob("*.html"):
        page = LexborHTMLParser(path.read_text("utf-8"))
        assert not page.css(
            "iframe, object, embed, base, img, details[ontoggle], main form[action^=http]"
        )
        for script in page.css("script:not([src])"):
            json.loads(script.text())
    for name in ("feed.xml", "sitemap.xml"):
        ElementTree.fromstring((out / name).read_text("utf-8"))  # noqa: S314
    for path in out.rglob("*.md"):
        assert not re.search(r"(?<!\\)<(?!https?://|!-- -->)", path.read_text("utf-8")), path


def test_the_feed_is_xml_whatever_characters_names_and_titles_have(tmp_path: Path) -> None:
    odd = "".join(map(chr, range(9))) + "\x1b\x7f\ufffe\uffff ]]> & \N{SEEDLING}"
    site = Site(tmp_path)
    site.save(mill("east-mill", f"East {odd}Mill", f"Grinds {odd}grain"))
    site.build(base=BASE, title=f"Mills {odd}")
    told = "".join(ElementTree.fromstring(site.page("feed.xml")).itertext())  # noqa: S314
    assert "]]> & \N{SEEDLING}Mill: published" in told


HUNDREDTHS = st.integers(0, 2000).map(lambda number: f"{number / 100:.2f}")


@given(st.lists(HUNDREDTHS, min_size=5, max_size=5))
def test_the_bar_of_a_rank_ends_at_its_total(points: list[str]) -> None:
    parts = tuple(
        ShownPart(name, "0.50", "0.20", value, "")
        for name, value in zip(PARTS, points, strict=True)
    )
    segments = bar(Standing("rank/1", "x", (), parts))
    assert [segment.name for segment in segments] == list(PARTS)
    ends = accumulate(float(segment.width) for segment in segments)
    starts = [0, *ends][: len(segments)]
    assert [float(segment.start) for segment in segments] == pytest.approx(starts)
    assert sum(round(float(segment.width) * 100) for segment in segments) == sum(
        round(float(value) * 100) for value in points
    )


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_the_overlap_fills_its_width_in_proportion(one: int, both: int, two: int) -> None:
    parts = overlap(one, both, two)
    whole = one + both + two
    for part, count in zip(parts, (one, both, two), strict=True):
        assert abs(float(part.width) - 100 * count / max(whole, 1)) < (0.011 if whole else 101)
    assert float(parts[2].start) + float(parts[2].width) == 100
