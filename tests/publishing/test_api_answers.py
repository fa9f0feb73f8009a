"""What programs are told of a catalog, whichever way they ask."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capdraft.cli import main
from capdraft.publishing import api
from capdraft.publishing.api.places import json_places, toml_places
from capdraft.publishing.api.requests import Kind
from capdraft.publishing.api.watching import SHARE, SHORTEST, Watch
from capdraft.ranking import read_signals, write_signals
from capdraft.records import CatalogEntry, Signal, Signals, Withdrawn
from capdraft.text import sha256
from capdraft.workspace import Workspace
from small_catalog import PAINTS, READS, entry, record
from workspaces import drafted_workspace

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def library(tmp_path: Path) -> api.Library:
    (tmp_path / "capdraft.toml").write_text("")
    return api.Library(Workspace(tmp_path), base="/x", environment={})


def add(library: api.Library, item: CatalogEntry) -> None:
    workspace = library.workspace
    workspace.write_entry(item, workspace.read_entry(item.artifact.slug))


def named(item: CatalogEntry, name: str, uri: str, *links: str) -> CatalogEntry:
    """Return an entry whose artifact is called and was read like that."""
    artifact = item.artifact.model_copy(update={"name": name, "links": links})
    document = item.documents[0].model_copy(update={"uri": uri})
    return item.model_copy(update={"artifact": artifact, "documents": (document,)})


HUB = "https://huggingface.co/Acme/Ticket-Reader/resolve/0123abc/README.md"
GITHUB = "https://raw.githubusercontent.com/acme/painter/main/docs/card.md"


@pytest.mark.parametrize(
    ("name", "slug", "how"),
    [
        ("ticket-reader", "ticket-reader", ("slug", "name")),
        ("  Ticket  READER ", "ticket-reader", ("name",)),
        ("hf:acme/ticket-reader", "ticket-reader", ("repository",)),
        ("acme/Ticket-Reader", "ticket-reader", ("repository",)),
        ("https://huggingface.co/acme/ticket-reader/tree/main", "ticket-reader", ("repository",)),
        (HUB, "ticket-reader", ("repository", "document")),
        ("gh:Acme/Painter", "painter", ("repository",)),
        ("https://github.com/acme/painter#usage", "painter", ("repository",)),
        ("https://painter.example/home/", "painter", ("link",)),
    ],
)
def test_an_artifact_is_found_by_whatever_it_is_called(
    library: api.Library, name: str, slug: str, how: tuple[str, ...]
) -> None:
    add(library, named(entry("ticket-reader", READS), "Ticket reader", HUB))
    add(library, named(entry("painter", PAINTS), "Painter", GITHUB, "https://painter.example/home"))
    found = api.resolve(library, api.ResolveRequest(name=name))
    assert [(item.slug, item.how) for item in found.artifacts] == [(slug, how)]
    assert found.suggestions == ()


def test_nothing_is_guessed_and_all_that_are_called_so_are_told(library: api.Library) -> None:
    add(library, named(entry("painter-1", PAINTS), "Painter", "a.md"))
    add(library, named(entry("painter-2", PAINTS), "PAINTER", "b.md"))
    both = api.resolve(library, api.ResolveRequest(name="painter"))
    assert [item.slug for item in both.artifacts] == ["painter-1", "painter-2"]
    near = api.resolve(library, api.ResolveRequest(name="acme/Paintre", limit=1))
    assert near.artifacts == ()
    assert [(item.slug, item.similarity < 1) for item in near.suggestions] == [("painter-1", True)]
    assert api.resolve(library, api.ResolveRequest(name="weather", limit=9)).suggestions == ()
    assert api.resolve(library, api.ResolveRequest(name="…")).suggestions == ()


def test_the_other_side_of_a_comparison_is_no_name_of_an_artifact(library: api.Library) -> None:
    add(library, named(entry("painter", PAINTS), "Painter", "catalog/invoice-reader.json"))
    asked = api.ResolveRequest(name="catalog/invoice-reader.json")
    assert api.resolve(library, asked).artifacts == ()


def test_what_was_withdrawn_is_told_where_it_is_named_and_listed_nowhere(
    library: api.Library,
) -> None:
    gone = Withdrawn(by="ann", at=NOW, reason="wrong", note="It reads no tickets.")
    item = entry("painter").model_copy(update={"withdrawn": gone})
    add(library, item)
    add(library, entry("invoice-reader", READS))
    listed = api.artifacts(library, api.ListRequest())
    assert ([found.slug for found in listed.artifacts], listed.total) == (["invoice-reader"], 1)
    (found,) = api.resolve(library, api.ResolveRequest(name="painter")).artifacts
    assert found.withdrawn
    asked = api.ArtifactRequest(slug="painter")
    assert api.artifact(library, asked).withdrawn == gone
    assert api.passport(library, asked).withdrawn == gone
    assert api.passport(library, asked).rank.total is None


def test_a_passport_says_what_stands_behind_each_claim(tmp_path: Path) -> None:
    workspace = drafted_workspace(tmp_path)
    where = ("--workspace", str(tmp_path))
    for field in ("description", "vs_alternatives"):
        words = ["review", "approve", "ticket-reader/read-tickets", "--field", field]
        assert main([*words, "--as", "ann", *where]) == 0
    assert main(["merge", *where]) == 0
    main(["signals", "refresh", "ticket-reader", "--set", "downloads=1000", "--as", "bo", *where])
    library = api.Library(workspace, base="/x", environment={})
    passport = api.passport(library, api.ArtifactRequest(slug="ticket-reader"))
    (capability,) = passport.capabilities
    assert (capability.description.passages, capability.unique) == (1, None)
    assert capability.vs_alternatives is not None
    assert capability.vs_alternatives.alternative == "version 1"
    assert capability.vs_alternatives.alternative_passages == 1
    assert passport.coverage.drafted == {"approved": 2, "pending": 1}
    assert (passport.coverage.fields, passport.coverage.with_evidence) == (2, 2)
    assert (passport.drafted_by, passport.approved_by) == (("stub",), ("ann",))
    file = (tmp_path / "catalog/ticket-reader.json").read_bytes()
    assert (passport.sha256, passport.version) == (sha256(file), sha256(file)[:12])
    card = (tmp_path / "ticket-reader.md").read_bytes()
    assert [(item.uri, item.sha256) for item in passport.sources] == [
        ("ticket-reader.md", sha256(card))
    ]
    points = sum(round(100 * part.points) for part in passport.rank.parts if part.points)
    assert passport.rank.total == points / 100
    assert passport.freshness.approved == max(a.at for a in capability.description.approved)


def test_the_rank_in_a_passport_follows_the_catalog_and_the_signals(library: api.Library) -> None:
    def rank() -> dict[str, float | None]:
        found = api.passport(library, api.ArtifactRequest(slug="painter")).rank
        assert datetime.now(UTC) - found.computed < timedelta(minutes=1)
        return {part.part: part.value for part in found.parts}

    add(library, entry("painter", PAINTS))
    before = rank()
    assert before["adoption"] is None
    other = record("Frames pictures", "Frames what Painter paints.")
    add(library, entry("framer", other))
    signal = Signal(name="downloads", value=10**6, source="by hand", retrieved=NOW, by="ann")
    stored = read_signals(library.workspace, "painter")
    write_signals(library.workspace, Signals(artifact="painter", signals=(signal,)), stored)
    after = rank()
    assert after["adoption"]
    assert (after["ecosystem"] or 0) > (before["ecosystem"] or 0)


@pytest.mark.parametrize(
    ("kind", "text", "problems"),
    [
        ("settings", "[matches]\nkeep_queries = true\n", []),
        ("settings", "[matches]\nkeep_queries = \n", [("syntax", "", 2)]),
        (
            "settings",
            "[matches]\nkept = 1\n\n[rank]\nhalf_life = 0\n",
            [
                ("schema.extra_forbidden", "matches.kept", 2),
                ("schema.greater_than", "rank.half_life", 5),
            ],
        ),
        ("catalog", "{\n ?", [("syntax", "", 2)]),
        ("catalog", "[" * 100_000, [("syntax", "", 1)]),
        (
            "catalog",
            '{"artifact":\n {"slug": "a",\n  "name": ""}}',
            [("schema.string_too_short", "artifact.name", 3)],
        ),
        ("settings", "a." * 300_000 + "b = 1", [("syntax", "", 1)]),
        ("signals", '{"artifact": "a"}', []),
        ("decision", '\n{"id": 1}\n{', None),
        ("page", "", [("syntax", "", None)]),
    ],
)
def test_what_is_wrong_with_a_text_is_told_with_path_and_line(
    library: api.Library, kind: Kind, text: str, problems: list[tuple[str, str, int | None]] | None
) -> None:
    found = api.validate(library, api.ValidateRequest(kind=kind, text=text))
    told = [(item.code, item.path, item.line) for item in found.problems]
    assert found.valid == (problems == [])
    if problems is None:  # each line is a document
        assert told[0][2] == 2
        assert told[-1] == ("syntax", "", 3)
    else:
        assert told == problems


def test_a_proposal_is_held_against_the_rules_without_reading_its_documents(
    tmp_path: Path,
) -> None:
    workspace = drafted_workspace(tmp_path)
    library = api.Library(workspace, base="/x", environment={})
    text = (tmp_path / "reviews/ticket-reader/0001.toml").read_text()
    (tmp_path / "ticket-reader.md").unlink()
    found = api.validate(library, api.ValidateRequest(kind="proposal", text=text))
    (problem,) = found.problems
    assert (problem.code, problem.path) == ("CD103", "read-tickets.unique")
    assert "3 GB" in text.split("\n")[(problem.line or 0) - 1]
    (tmp_path / "capdraft.toml").write_text('[rules]\nCD103 = "warning"\n')
    assert api.validate(library, api.ValidateRequest(kind="proposal", text=text)).valid


def test_only_so_many_problems_are_listed(library: api.Library) -> None:
    found = api.validate(library, api.ValidateRequest(kind="decision", text="{}\n" * 5_000))
    assert len(found.problems) + found.more == 10_000
    assert len(found.problems) == 100


trees = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
)


@given(tree=trees, data=st.data())
def test_the_line_of_a_value_is_where_it_is_written(tree: object, data: st.DataObject) -> None:
    path: list[int | str] = []
    value = tree
    while isinstance(value, (list, dict)) and value and data.draw(st.booleans()):
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        path.append(data.draw(st.sampled_from(keys)))
        value = value[path[-1]]  # type: ignore[index]
    text = json.dumps(tree, indent=1, ensure_ascii=data.draw(st.booleans()))
    line = json_places(text)(path)
    rest = "\n".join(text.split("\n")[(line or 0) - 1 :])
    assert json.dumps(value)[:1] in rest.split("\n")[0]
    decoder = json.JSONDecoder()
    found = [decoder.raw_decode(rest, place)[0] for place in _starts(rest.split("\n")[0])]
    assert value in found


def _starts(line: str) -> list[int]:
    return [place for place in range(len(line)) if _begins_value(line, place)]


def _begins_value(line: str, place: int) -> bool:
    before = line[:place].strip()
    return line[place] in '"[{n-0123456789' and (not before or before.endswith(":"))


def test_lines_of_a_toml_text_are_found_below_arrays_of_tables() -> None:
    text = '[[a]]\nb = """\nb = 9\n"""\n[a.c]\nd = 1\n[[a]]\n[a.c]\n# d\nd = 2\n'
    line = toml_places(text)
    paths: list[list[int | str]] = [["a", 0, "b"], ["a", 0, "c", "d"], ["a", 1, "c", "d"]]
    assert [line(path) for path in paths] == [2, 6, 10]
    assert line(["a", 1, "x"]) == 7
    assert line(["z"]) is None


def test_a_watch_looks_when_the_folder_changed_or_it_is_time(tmp_path: Path) -> None:
    looks, now = [0.0], [100.0]

    def work() -> None:
        now[0] += 1  # a second of work
        looks[0] += 1

    watch = Watch(tmp_path, work, lambda: now[0])
    watch.look()
    watch.look()
    assert looks[0] == 1
    (tmp_path / "new").touch()
    watch.look()
    assert looks[0] == 2
    now[0] += SHORTEST + 1
    watch.look()
    assert looks[0] == 2  # it cost a second: that is too soon
    now[0] += SHARE
    watch.look()
    assert looks[0] == 3
