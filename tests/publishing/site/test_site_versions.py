"""Versions of an entry: pages that stay, what changed between them, and what was withdrawn."""

from __future__ import annotations

import hashlib
import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from made_up import field, passage, record
from selectolax.lexbor import LexborHTMLParser

from capdraft.publishing.site import news
from capdraft.publishing.site.versions import CUT_OFF
from capdraft.records import CatalogEntry, Withdrawn, WithdrawnRecord
from capdraft.workspace import Workspace
from mills import TASKS, Site, mill
from site_checks import check_html, check_links, words

BASE = "https://example.org/catalog"
ATOM = "{http://www.w3.org/2005/Atom}"
DAY = datetime(2026, 5, 2, 8, tzinfo=UTC)
BROWN = TASKS[0].replace("white", "brown")


@pytest.fixture
def kept(tmp_path: Path) -> Site:
    """Return a catalog whose git history has three versions of a mill."""
    site = Site(tmp_path)
    for day, texts in (
        ("2026-04-01", (TASKS[0], TASKS[1])),
        ("2026-04-09", (BROWN, TASKS[1])),
        ("2026-04-20", (BROWN, TASKS[1], TASKS[2])),
    ):
        site.save(mill("east-mill", "East Mill", *texts))
        site.commit(day)
    return site


def versions(site: Site, slug: str = "east-mill") -> list[str]:
    """Return the versions that have a page."""
    return [path.stem for path in sorted((site.out / f"artifacts/{slug}").glob("*.json"))]


def feed(site: Site) -> list[tuple[str, str]]:
    """Return id and title of each entry of the feed."""
    root = ElementTree.fromstring(site.page("feed.xml"))  # noqa: S314 - our own
    return [
        (str(e.findtext(f"{ATOM}id")), str(e.findtext(f"{ATOM}title")))
        for e in root.findall(f"{ATOM}entry")
    ]


def withdrawn(entry: CatalogEntry) -> CatalogEntry:
    why = Withdrawn(by="ada", at=DAY, reason="superseded", note="East Mill 2 is built.")
    return entry.model_copy(update={"capabilities": (), "documents": (), "withdrawn": why})


def test_each_version_has_a_page_and_its_file_and_search_engines_are_told_of_the_present_one(
    kept: Site,
) -> None:
    kept.build(base=BASE)
    now = kept.version("east-mill")
    assert len(versions(kept)) == 3
    for version in versions(kept):
        raw = (kept.out / f"artifacts/east-mill/{version}.json").read_bytes()
        assert hashlib.sha256(raw).hexdigest().startswith(version)
        html = kept.page(f"artifacts/east-mill/{version}.html")
        assert '<meta name="robots" content="noindex">' in html
        assert f'<link rel="canonical" href="{BASE}/artifacts/east-mill.html">' in html
        said = "As it reads since 2026-04-20." if version == now else "may say something else"
        assert said in words(html)
    assert f'href="../artifacts/east-mill/{now}.html"' in kept.page("artifacts/east-mill.html")
    assert "2 earlier" in words(kept.page("artifacts/east-mill.html"))
    assert now not in kept.page("sitemap.xml")
    check_html(kept.out)
    assert check_links(kept.out) > 80


def test_a_page_of_a_version_says_from_when_to_when_it_read_so(kept: Site) -> None:
    kept.build()
    said = " ".join(words(kept.page(f"artifacts/east-mill/{v}.html")) for v in versions(kept))
    assert "As it read from 2026-04-01 to 2026-04-09." in said
    assert "As it read from 2026-04-09 to 2026-04-20." in said


def test_the_changes_show_each_field_word_by_word_and_who_approved_it(kept: Site) -> None:
    kept.build()
    page = LexborHTMLParser(kept.page("artifacts/east-mill/changes.html"))
    newest, middle, first = page.css("article")
    assert "Added: Pumps river water, description" in " ".join(newest.text().split())
    assert "2026-04-09: Changed" in middle.text()
    gone, came = middle.css("del"), middle.css("ins")
    assert (gone[0].text(), came[0].text()) == ("white", "brown")
    assert "Other evidence: Grinds dry wheat, description" in " ".join(middle.text().split())
    assert "2026-04-01: Published" in first.text()
    assert "approved by ada" in first.text()
    mirror = kept.page("artifacts/east-mill/changes.md")
    assert "fine \\[-white-\\]\\{+brown+\\} flour" in mirror
    assert words(kept.page("changes.html")).count("East Mill: changed") == 2


def test_a_change_of_metadata_needs_and_evidence_alone_is_told(site: Site) -> None:
    text = field("Saws.", passage("It saws."))
    other = field("Saws.", passage("It saws wood.", 90))
    entry = mill("saw-mill", "Saw Mill", TASKS[3])
    for name, field_, intents in (("Saw Mill", text, ()), ("Sawmill", other, ("cut wood",))):
        item = record("Saws", field_).model_copy(update={"id": "cap-1", "intents": intents})
        artifact = entry.artifact.model_copy(update={"name": name})
        site.save(entry.model_copy(update={"capabilities": (item,), "artifact": artifact}))
        site.build()
    said = words(site.page("artifacts/saw-mill/changes.html"))
    assert "Changed: name Saw Mill Sawmill" in said
    assert "Reworded: Saws, needs cut wood" in said
    assert "Other evidence: Saws, description It saws. It saws wood." in said


def test_without_git_the_versions_that_the_site_has_stay(site: Site) -> None:
    site.build(base=BASE)
    old = site.version("east-mill")
    ids = feed(site)
    site.save(mill("east-mill", "East Mill", BROWN))
    (site.workspace.root / ".capdraft/site-cache.sqlite3").unlink()
    site.build(base=BASE)
    new = site.version("east-mill")
    assert versions(site) == sorted([old, new])
    assert "may say something else" in words(site.page(f"artifacts/east-mill/{old}.html"))
    assert "Reworded: Grinds dry wheat" in words(site.page("artifacts/east-mill/changes.html"))
    assert {*ids} < {*feed(site)}
    assert (f"{BASE}/artifacts/east-mill/{new}.html", "East Mill: changed") in feed(site)
    check_links(site.out)


def test_a_version_that_nothing_has_any_more_keeps_its_page(site: Site) -> None:
    site.build()
    old = site.version("east-mill")
    page = f"artifacts/east-mill/{old}.html"
    site.save(mill("east-mill", "East Mill", BROWN))
    (site.out / f"artifacts/east-mill/{old}.json").write_text("{}")
    site.build()
    assert "As it reads since" in words(site.page(page))
    check_html(site.out)


def test_a_shallow_clone_is_told_of_and_no_failure(kept: Site, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    address = kept.workspace.root.as_uri()
    subprocess.run(["git", "clone", "-q", "--depth=1", address, str(clone)], check=True)
    shallow = Site.__new__(Site)
    shallow.workspace, shallow.out = Workspace(clone), tmp_path / "out"
    built = shallow.build()
    assert (built.notes, built.failed) == ([CUT_OFF], [])
    assert versions(shallow) == [kept.version("east-mill")]
    assert "Version" in words(shallow.page("artifacts/east-mill.html"))
    shallow.git("fetch", "-q", "--unshallow")
    assert shallow.build().notes == []
    assert len(versions(shallow)) == 3


def test_what_was_no_entry_in_the_history_is_passed_by(kept: Site) -> None:
    text = kept.file("east-mill").read_text()
    sealed = mill("east-mill", "East Mill", TASKS[3]).sealed()
    for number, bad in enumerate(
        (
            "<<<<<<< HEAD\n",
            json.dumps(json.loads(text) | {"schema": "capdraft/catalog/0"}),
            sealed.model_dump_json(by_alias=True, exclude_none=True).replace("frozen", "golden"),
            text.replace('"slug": "east-mill"', '"slug": "other-mill"'),
        ),
        1,
    ):
        kept.file("east-mill").write_text(bad)
        kept.commit(f"2026-05-0{number}")
    kept.file("east-mill").write_text(text)
    kept.commit("2026-05-09")
    assert kept.build().failed == []
    assert len(versions(kept)) == 3
    assert "golden" not in "".join(raw.decode() for raw in kept.files().values())


def test_a_branch_counts_from_its_merge_on(kept: Site) -> None:
    kept.git("checkout", "-q", "-b", "draft")
    for number in (1, 2):
        kept.save(mill("west-mill", f"West Mill {number}", TASKS[0]))
        kept.commit(f"2026-05-0{number}")
    kept.git("checkout", "-q", "main")
    kept.build()
    moment = {"GIT_COMMITTER_DATE": "2026-05-20T12:00:00+00:00"}
    who = ("-c", "user.name=ada", "-c", "user.email=ada@example.org")
    kept.git(*who, "merge", "-q", "--no-ff", "-m", "merge", "draft", env=moment)
    kept.build()
    assert len(versions(kept, "west-mill")) == 1
    assert "2026-05-20" in words(kept.page("artifacts/west-mill.html"))


def test_a_withdrawn_artifact_says_when_and_why_and_is_in_no_list(kept: Site) -> None:
    entry = mill("east-mill", "East Mill", *TASKS)
    before = kept.version("east-mill")
    kept.save(withdrawn(entry), mill("west-mill", "West Mill", TASKS[0]))
    kept.build(base=BASE)
    html = kept.page("artifacts/east-mill.html")
    assert "Superseded: East Mill 2 is built." in words(html)
    assert "When2026-05-02" in words(html)
    assert '<meta name="robots" content="noindex">' in html
    assert f"east-mill/{before}.html" in html
    assert "It has been withdrawn" in words(kept.page(f"artifacts/east-mill/{before}.html"))
    for path in ("sitemap.xml", "assets/search-data.js", "types/tool.html", "llms.txt"):
        assert "east-mill" not in kept.page(path), path
    assert "East Mill: withdrawn" in dict(feed(kept)).values()
    check_html(kept.out)
    check_links(kept.out)


def test_what_is_restored_is_told_as_that_and_not_as_new(kept: Site) -> None:
    text = kept.file("east-mill").read_text()
    kept.save(withdrawn(mill("east-mill", "East Mill", *TASKS)))
    kept.commit("2026-05-02")
    kept.file("east-mill").write_text(text)
    kept.commit("2026-05-03")
    kept.build(base=BASE)
    newest = LexborHTMLParser(kept.page("artifacts/east-mill/changes.html")).css_first("article")
    assert newest is not None
    assert " ".join(newest.text().split()) == f"2026-05-03: Restored {kept.version('east-mill')}"
    ids = [id_ for id_, _ in feed(kept)]
    assert len(set(ids)) == len(ids) == 5
    check_links(kept.out)


def test_a_link_to_a_withdrawn_capability_still_leads_to_a_word_about_it(kept: Site) -> None:
    entry = mill("east-mill", "East Mill", BROWN, TASKS[1])
    why = WithdrawnRecord(
        id="cap-3", name="Pumps", by="ada", at=DAY, reason="wrong", note="It lifts buckets."
    )
    kept.save(entry.model_copy(update={"withdrawn_records": (why,)}))
    kept.build()
    place = LexborHTMLParser(kept.page("artifacts/east-mill.html")).css_first("#c-cap-3")
    assert place is not None
    assert "withdrawn on 2026-05-02, wrong: It lifts buckets. (what was said)" in place.text()
    assert "Withdrawn: Pumps river water" in words(kept.page("artifacts/east-mill/changes.html"))
    assert check_links(kept.out) > 50


def everything_written(site: Site) -> str:
    """Return all that readers and programs can load."""
    return "".join(raw.decode() for path, raw in site.files().items() if path[0] != ".")


@pytest.mark.parametrize("reason", ["licence", "owner-request"])
def test_what_may_not_be_shown_is_in_no_earlier_version_either_until_it_is_restored(
    kept: Site, reason: Any
) -> None:
    kept.build(base=BASE)
    published, before = kept.file("east-mill").read_text(), kept.files()
    assert TASKS[2] in everything_written(kept)
    why = WithdrawnRecord(id="cap-3", name="Pumps", by="ada", at=DAY, reason=reason, note="Asked.")
    now = mill("east-mill", "East Mill", BROWN, TASKS[1])
    kept.save(now.model_copy(update={"withdrawn_records": (why,)}))
    kept.commit("2026-05-02")
    kept.build(base=BASE)
    assert TASKS[2] not in everything_written(kept)
    assert BROWN in everything_written(kept)
    assert "Withdrawn: Pumps" in words(kept.page("artifacts/east-mill/changes.html"))
    last = hashlib.sha256(published.encode()).hexdigest()[:12]
    assert "is not shown here any more" in words(kept.page(f"artifacts/east-mill/{last}.html"))
    assert last not in versions(kept)
    check_html(kept.out)
    check_links(kept.out)
    assert kept.build(base=BASE).written == []
    kept.file("east-mill").write_text(published)
    kept.build(base=BASE)
    page = f"artifacts/east-mill/{last}"
    assert kept.files()[f"{page}.json"] == before[f"{page}.json"]
    assert TASKS[2] in words(kept.page(f"{page}.html"))


@pytest.mark.parametrize("with_git", [True, False])
def test_of_an_artifact_that_may_not_be_shown_its_name_and_the_reason_stay(
    tmp_path: Path, with_git: bool
) -> None:
    site = Site(tmp_path)
    site.save(mill("east-mill", "East Mill", *TASKS))
    if with_git:
        site.commit("2026-04-01")
    site.build(base=BASE)
    why = Withdrawn(by="ada", at=DAY, reason="owner-request", note="Its owner asked.")
    gone = mill("east-mill", "East Mill").model_copy(update={"documents": (), "withdrawn": why})
    site.save(gone)
    for _ in range(2):
        site.build(base=BASE)
        assert not [task for task in TASKS if task in everything_written(site)]
        assert "Its owner asked." in words(site.page("artifacts/east-mill.html"))
        check_html(site.out)
        check_links(site.out)
    site.build(site.out.with_name("anew"), base=BASE)
    anew = site.files(site.out.with_name("anew"))
    assert b"Withdrawn: <bdi>East Mill" in anew["artifacts/east-mill.html"]
    assert not [path for path, raw in anew.items() if TASKS[0].encode() in raw]


def test_a_long_reason_is_cut_where_changes_are_listed(kept: Site) -> None:
    why = Withdrawn(by="ada", at=DAY, reason="wrong", note="It grinds nothing. " * 500)
    gone = mill("east-mill", "East Mill").model_copy(update={"documents": (), "withdrawn": why})
    kept.save(gone)
    kept.build(base=BASE)
    for path in ("changes.html", "changes.md", "feed.xml"):
        assert len(kept.page(path)) < 9_000, path
    assert kept.page("artifacts/east-mill.html").count("It grinds nothing.") == 500


def test_old_changes_keep_their_page(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(news, "EACH", 3)
    site.save(*(mill(f"mill-{n:02}", f"Mill {n}", TASKS[0]) for n in range(5)))
    site.commit("2026-04-01")
    site.build()
    old = site.page("changes/1.html")
    assert words(old).count("published") == 3
    site.save(mill("mill-99", "Mill 99", TASKS[0]))
    site.commit("2026-04-02")
    built = site.build()
    assert "changes/1.html" not in built.written
    assert site.page("changes/1.html") == old
    assert "Mill 99: published" in words(site.page("changes.html"))
    check_links(site.out)
