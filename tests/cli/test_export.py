"""`capdraft export`: where it writes, what it says of it, and what it refuses."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from capdraft.errors import FileInvalid
from capdraft.publishing.exports import FORMATS, PER_ARTIFACT, CatalogExport, written_whole
from capdraft.records import Approval, Artifact, CatalogEntry, Record, RecordField
from capdraft.workspace import Workspace
from workspaces import drafted_workspace

Run = Callable[..., Any]


def entry(slug: str, kind: str, *capabilities: str) -> CatalogEntry:
    """An entry whose capabilities were accepted as editorial statements."""
    day = datetime(2026, 3, 1, tzinfo=UTC)
    accepted = Approval(by="ada", at=day, decision="0" * 12, editorial=True, note="Seen in use.")
    claim = RecordField(text="Reads old ledgers.", proposal="0001", approved=(accepted,))
    return CatalogEntry(
        artifact=Artifact(slug=slug, name=slug, type=kind),
        capabilities=tuple(
            Record(id=name, name=name, drafted_by="draft-model-1", description=claim, unique=claim)
            for name in capabilities
        ),
    )


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A catalog with a model and two datasets."""
    (tmp_path / "capdraft.toml").write_text('schema = "capdraft/settings/1"\n')
    workspace = Workspace(tmp_path)
    sets = (entry(slug, "dataset", "reads") for slug in ("ledgers", "maps"))
    for item in (entry("gravel-2", "model", "counts", "draws", "writes"), *sets):
        workspace.write_entry(item, workspace.read_entry(item.artifact.slug))
    return workspace


pytestmark = pytest.mark.usefixtures("workspace")


def test_the_help_tells_of_every_format(run: Run) -> None:
    told = re.findall(r"^  ([a-z-]+) {2,}\S", run("export", "--help").out, re.MULTILINE)
    assert [name for name in told if name in FORMATS] == list(FORMATS)
    assert set(FORMATS) >= set(PER_ARTIFACT)


def test_a_document_goes_to_standard_output_and_the_count_does_not(run: Run) -> None:
    said = run("export", "json")
    assert [
        item.artifact.slug for item in CatalogExport.model_validate_json(said.out).artifacts
    ] == [
        "gravel-2",
        "ledgers",
        "maps",
    ]
    assert (said.status, said.err) == (0, "3 artifacts, 5 records\n")


def test_named_artifacts_only_each_once_in_the_order_given(run: Run) -> None:
    lines = run("export", "jsonl", "maps", "ledgers", "maps").out.splitlines()
    assert [json.loads(line)["artifact"]["slug"] for line in lines] == ["maps", "ledgers"]


def test_a_file_holds_what_standard_output_would(run: Run, tmp_path: Path) -> None:
    shown = run("export", "csv").out
    said = run("export", "csv", "--out", "out/catalog.csv", "--json")
    written = (tmp_path / "out/catalog.csv").read_bytes().decode()
    assert written == shown
    assert len(list(csv.reader(io.StringIO(written, newline="")))) == 1 + 10
    assert json.loads(said.out) == {
        "format": "csv",
        "artifacts": 3,
        "records": 5,
        "written": [{"file": "out/catalog.csv"}],
        "failed": [],
    }


def test_a_folder_has_a_file_for_each_artifact(run: Run, tmp_path: Path) -> None:
    said = run("export", "unfragile", "--out", "manifests")
    assert sorted(str(path) for path in Path("manifests").glob("*/*")) == [
        f"manifests/{slug}/unfragile.yml" for slug in ("gravel-2", "ledgers", "maps")
    ]
    assert "gravel-2: unfragile also asks for maintainer, repository" in said.err
    answer = json.loads(run("export", "croissant", "--out", "sets", "--json").out)
    assert [item["file"] for item in answer["written"]] == ["sets/ledgers.json", "sets/maps.json"]
    assert "creator" in answer["written"][0]["lacks"]


def test_one_artifact_has_one_file(run: Run, tmp_path: Path) -> None:
    shown = run("export", "unfragile", "maps").out
    assert run("export", "unfragile", "maps", "--out", "unfragile.yml").status == 0
    assert (tmp_path / "unfragile.yml").read_text() == shown


def test_a_broken_entry_is_named_and_the_rest_is_written(run: Run, tmp_path: Path) -> None:
    (tmp_path / "catalog/ledgers.json").write_text("{")
    said = run("export", "json", "--out", "all.json", "--json")
    assert said.status == 1
    (failed,) = json.loads(said.out)["failed"]
    assert failed["where"] == "catalog/ledgers.json"
    assert "catalog/ledgers.json" in said.err
    entries = CatalogExport.model_validate_json((tmp_path / "all.json").read_text()).artifacts
    assert [item.artifact.slug for item in entries] == ["gravel-2", "maps"]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["json", "gravle-2"], "Did you mean 'gravel-2'?"),
        (["json", "--json"], "name a file with --out"),
        (["json", "--out", "catalog"], "the workspace's own"),
        (["json", "--out", "capdraft.toml"], "the workspace's own"),
        (["json", "--out", "folder"], "is a folder"),
        (["json", "--with-names"], "belongs to training"),
        (["croissant"], "one file an artifact"),
        (["unfragile", "--out", "all.yml"], "one file an artifact"),
        (["croissant", "gravel-2"], "Croissant describes datasets"),
        (["xml"], "is not one of"),
    ],
    ids=" ".join,
)
def test_what_can_not_be_is_refused_before_anything_is_written(
    arguments: list[str], problem: str, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    before = sorted(tmp_path.rglob("*"))
    said = run("export", *arguments)
    assert said.status == 2
    assert problem in said.err
    assert sorted(tmp_path.rglob("*")) == before


def test_a_file_that_can_not_be_finished_stays_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "all.json"
    path.write_text("before")
    before = sorted(tmp_path.iterdir())

    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise FileInvalid("isn't JSON")

    with pytest.raises(FileInvalid), written_whole(path) as file:
        file.writelines(pieces())
    assert path.read_text() == "before"
    assert sorted(tmp_path.iterdir()) == before


def test_a_place_that_can_not_be_written_to_is_an_error(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = run("export", "json", "--out", "file/all.json")
    assert said.status == 1
    assert "can't be written" in said.err


def test_training_tells_decided_texts_and_names_nobody_unasked(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "reviewed"
    folder.mkdir()
    drafted_workspace(folder)
    at = ("--workspace", str(folder))
    run(
        "review",
        "approve",
        "ticket-reader/read-tickets",
        "--field",
        "description",
        "--as",
        "ada",
        *at,
    )
    plain = run("export", "training", *at)
    assert plain.err == "1 artifact, 1 example\n"
    assert "ada" not in plain.out
    assert json.loads(run("export", "training", "--with-names", *at).out)["reviewers"] == ["ada"]


def test_an_empty_catalog_is_an_empty_document(run: Run, tmp_path: Path) -> None:
    for path in (tmp_path / "catalog").iterdir():
        path.unlink()
    assert json.loads(run("export", "json").out)["artifacts"] == []
    assert json.loads(run("export", "json-ld").out)["@graph"] == []
    assert run("export", "jsonl").out == ""
