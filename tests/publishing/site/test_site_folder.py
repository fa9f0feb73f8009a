"""Building again: what is rewritten, what stays, what is refused, and that bytes are the same."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st

from capdraft.errors import Busy, NotFound, StoreError, UsageProblem
from capdraft.publishing.site import folder
from capdraft.publishing.site.manifest import MANIFEST, TEMPORARY
from mills import TASKS, Site, mill

TEXTS = st.lists(st.sampled_from(TASKS), min_size=1, max_size=4, unique=True)
CATALOGS = st.dictionaries(st.sampled_from(["east", "mid", "west"]), TEXTS, min_size=1)


@settings(max_examples=15)
@given(CATALOGS, st.lists(CATALOGS, max_size=3), st.booleans())
def test_the_same_records_give_the_same_bytes_whatever_was_there_before(
    last: dict[str, list[str]], before: list[dict[str, list[str]]], committed: bool
) -> None:
    with TemporaryDirectory() as root:
        site = Site(Path(root))
        for day, catalog in enumerate((*before, last), 1):
            for slug in ("east", "mid", "west"):
                site.remove(slug)
            site.save(*(mill(slug, slug.title(), *texts) for slug, texts in catalog.items()))
            if committed or catalog is not last:
                site.commit(f"2026-04-0{day}")
            site.build(base="https://example.org")
        shutil.rmtree(site.workspace.root / ".capdraft")
        site.build(site.out.with_name("fresh"), base="https://example.org")
        assert site.files() == site.files(site.out.with_name("fresh"))


def test_building_again_writes_nothing(site: Site) -> None:
    first = site.build()
    before = site.files()
    again = site.build()
    assert len(first.written) > 30
    assert (again.written, again.removed) == ([], [])
    assert site.files() == before


def test_a_changed_record_rewrites_only_the_pages_that_show_it(site: Site) -> None:
    site.build()
    text = site.file("east-mill").read_text()
    old = site.version("east-mill")
    site.file("east-mill").write_text(text.replace("white flour", "brown flour"))
    new = site.version("east-mill")
    assert set(site.build().written) == {
        "artifacts/east-mill.html",
        "artifacts/east-mill.md",
        "artifacts/east-mill/changes.html",
        "artifacts/east-mill/changes.md",
        f"artifacts/east-mill/{old}.html",
        f"artifacts/east-mill/{new}.html",
        f"artifacts/east-mill/{new}.json",
        "changes.html",
        "changes.md",
        "assets/search-data.js",
        "compare/east-mill--west-mill.html",
        "compare/east-mill--west-mill.md",
        "index.html",
        "llms.txt",
        "types/tool.html",
        "types/tool.md",
    }


def test_a_changed_signal_rewrites_only_the_pages_that_show_the_rank(site: Site) -> None:
    site.build()
    signal = {"name": "stars", "value": 900, "source": "by hand", "retrieved": "2026-03-01T00:00Z"}
    (site.workspace.root / "signals").mkdir()
    told = {"schema": "capdraft/signals/1", "artifact": "east-mill", "signals": [signal]}
    (site.workspace.root / "signals/east-mill.json").write_text(json.dumps(told))
    assert set(site.build().written) == {
        "artifacts/east-mill.html",
        "artifacts/east-mill.md",
        "compare/east-mill--west-mill.html",
        "compare/east-mill--west-mill.md",
    }


def test_what_someone_cut_short_or_removed_is_written_again(site: Site) -> None:
    site.build()
    before = site.files()
    (site.out / "artifacts/east-mill.html").write_text("cut")
    (site.out / "index.md").unlink()
    assert site.build().written == ["artifacts/east-mill.html", "index.md"]
    assert site.files() == before


def test_an_artifact_that_is_gone_leaves_a_page_that_says_so_and_can_come_back(site: Site) -> None:
    site.build()
    before = site.files()
    text = site.file("west-mill").read_text()
    site.remove("west-mill")
    built = site.build()
    assert built.withdrawn == 1
    assert "compare/east-mill--west-mill.html" in built.removed
    assert "withdrawn from the catalog" in site.page("artifacts/west-mill.html")
    assert '<meta name="robots" content="noindex">' in site.page("artifacts/west-mill.html")
    others = {k: v for k, v in site.files().items() if k != MANIFEST and "west-mill" not in k}
    told = [path for path, raw in others.items() if b"west-mill" in raw]
    assert told == ["changes.html"]
    assert site.build().written == []
    data = json.loads(text)
    site.file("west-mill").write_text(json.dumps(data | {"capabilities": []}))
    assert site.build().withdrawn == 1
    site.file("west-mill").write_text(text)
    site.build()
    lists = [path for path in before if path.count("/") < 2 and "changes" not in path]
    after = site.files()
    for path in {*lists} - {MANIFEST, "artifacts/west-mill.html"}:
        assert after[path] == before[path], path


def test_an_entry_that_cannot_be_read_keeps_its_pages_and_the_rest_goes_on(site: Site) -> None:
    site.build()
    before = site.files()
    site.file("west-mill").write_text("{")
    built = site.build()
    assert [error.where for error in built.failed] == ["catalog/west-mill.json"]
    after = site.files()
    for name in ("artifacts/west-mill.html", "compare/east-mill--west-mill.html"):
        assert after[name] == before[name]
    assert b"West Mill" not in after["types/tool.html"]


def test_a_killed_build_is_continued(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.build(fresh := site.out.with_name("fresh"))
    whole = folder.replace_whole
    for stop in (0, 1, 2, 9, 15):
        left = iter(range(stop))

        def dies(target: Path, raw: bytes, left: object = left, late: int = stop % 2) -> None:
            if next(left, None) is None:  # type: ignore[call-overload]
                if late:  # behind the renaming, before the manifest says so
                    whole(target, raw)
                target.with_name(TEMPORARY).write_bytes(raw[:9])
                raise KeyboardInterrupt
            whole(target, raw)

        monkeypatch.setattr(folder, "replace_whole", dies)
        with pytest.raises(KeyboardInterrupt):
            site.build()
        monkeypatch.undo()
    site.build()
    assert site.files() == site.files(fresh)


def test_a_folder_with_something_else_in_it_is_refused(site: Site) -> None:
    site.out.mkdir()
    (site.out / "thesis.txt").write_text("mine")
    with pytest.raises(UsageProblem, match="not empty"):
        site.build()
    assert site.files() == {"thesis.txt": b"mine"}


def test_files_of_others_beside_the_pages_are_left_alone_and_never_overwritten(site: Site) -> None:
    site.build()
    (site.out / "CNAME").write_text("mills.example.org")
    (site.out / "artifacts/north-mill.html").write_text("mine")
    site.file("west-mill").unlink()
    site.build()
    assert site.page("CNAME") == "mills.example.org"
    site.save(mill("north-mill", "North Mill", *TASKS))
    with pytest.raises(StoreError, match="capdraft did not write it"):
        site.build()
    assert site.page("artifacts/north-mill.html") == "mine"


@pytest.mark.parametrize("path", ["../index.html", "/etc/x", "a/b/c", "C:\\x", "a//b", "."])
def test_a_manifest_that_lists_other_places_is_refused(site: Site, path: str) -> None:
    site.build()
    with (site.out / MANIFEST).open("a") as file:
        file.write(json.dumps([path, "x", 1, None]) + "\n")
    with pytest.raises(StoreError, match="no file of a site"):
        site.build()


def test_a_linked_folder_is_refused(site: Site, tmp_path: Path) -> None:
    site.build()
    (elsewhere := tmp_path / "elsewhere").mkdir()
    for name in (site.out / "types").iterdir():
        name.unlink()
    (site.out / "types").rmdir()
    (site.out / "types").symlink_to(elsewhere)
    with pytest.raises(UsageProblem, match="is a link"):
        site.build()
    assert list(elsewhere.iterdir()) == []


def test_the_workspace_itself_is_never_a_site(site: Site) -> None:
    for name in (".", "catalog", "signals", ".capdraft/site"):
        with pytest.raises(UsageProblem):
            site.build(site.workspace.root / name)


def test_pairs_that_are_none_are_refused_before_anything_is_written(site: Site) -> None:
    with pytest.raises(NotFound, match="no artifact 'south-mill'"):
        site.build(asked=(("east-mill", "south-mill"),))
    with pytest.raises(UsageProblem, match="with itself"):
        site.build(asked=(("east-mill", "east-mill"),))
    assert not site.out.exists()


def test_two_builds_at_once_are_refused(site: Site) -> None:
    site.build()
    with FileLock(site.workspace.root / ".capdraft/site.lock"), pytest.raises(Busy):
        site.build()


def test_names_too_long_for_a_file_system_get_short_files(site: Site) -> None:
    slugs = ["磨" * 80, "坊" * 80]
    site.save(*(mill(slug, "Mill", *TASKS) for slug in slugs))
    built = site.build(asked=((slugs[0], slugs[1]),))
    assert max(len(path.split("/")[-1].encode()) for path in built.written) < 200
    assert site.build().failed == []


def test_who_names_whom_is_looked_up_again_where_names_come_and_go(site: Site) -> None:
    north = mill("north-mill", "North Mill", TASKS[0])
    for _ in range(2):
        site.save(mill("west-mill", "West Mill", "Takes its grain from North Mill every morning"))
        site.build()
        site.save(north)
        assert "artifacts/north-mill.html" in site.build().written
        assert "log(1+1)/log(1+10) for artifacts that name it" in site.page(
            "artifacts/north-mill.html"
        )
        site.save(mill("west-mill", "West Mill", "Takes its grain from nobody every morning"))
        assert "artifacts/north-mill.html" in site.build().written
        site.remove("north-mill")


def test_what_was_kept_of_a_build_can_be_lost(site: Site) -> None:
    site.build()
    before = site.files()
    for damage in (b"", b"no database" * 999):
        (site.workspace.root / ".capdraft/site-cache.sqlite3").write_bytes(damage)
        assert site.build().written == []
    assert site.files() == before
