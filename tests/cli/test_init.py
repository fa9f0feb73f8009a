"""The workspace that `capdraft init` makes."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from capdraft.cli import COMMANDS
from capdraft.settings import ModelSettings, Settings, parse_settings

Run = Callable[..., Any]

SHOWN = re.compile(r"^# (?=\w+ = )", re.MULTILINE)


def test_each_setting_that_is_shown_is_one_and_none_is_missing(run: Run, tmp_path: Path) -> None:
    assert run("init").status == 0
    written = (tmp_path / "capdraft.toml").read_text()
    assert parse_settings(written) == Settings()
    shown = tomllib.loads(SHOWN.sub("", written))
    parse_settings(SHOWN.sub("", written))
    tables = Settings.model_fields.keys() - {"schema_"}
    assert shown.keys() == {"schema", *tables}
    assert shown["model"].keys() == ModelSettings.model_fields.keys()
    assert shown["draft"].keys() == type(Settings().draft).model_fields.keys()


def test_what_is_shown_as_a_default_is_the_default(run: Run, tmp_path: Path) -> None:
    run("init")
    written = SHOWN.sub("", (tmp_path / "capdraft.toml").read_text())
    shown, default = parse_settings(written), Settings()
    assert (shown.draft, shown.prompts) == (default.draft, default.prompts)
    for key in ("structured_output", "timeout", "max_wait"):
        assert getattr(shown.model, key) == getattr(default.model, key)


def test_nothing_that_is_there_is_overwritten_and_it_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("Ours.\n")
    (tmp_path / ".gitignore").write_text("*.tmp")
    first = run("init", "--json")
    assert (tmp_path / "README.md").read_text() == "Ours.\n"
    assert (tmp_path / ".gitignore").read_text() == "*.tmp\n.capdraft/\n"
    told = json.loads(first.out)
    assert (told["written"], told["kept"]) == (["capdraft.toml", ".gitignore"], ["README.md"])
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    again = run("init")
    assert again.status == 0
    assert "(nothing to do)" in again.out
    assert "left README.md as it is" in again.out
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_link_that_leads_nowhere_is_not_written_through(run: Run, tmp_path: Path) -> None:
    (tmp_path / "README.md").symlink_to(tmp_path / "elsewhere.md")
    assert "left README.md as it is" in run("init").out
    assert not (tmp_path / "elsewhere.md").exists()


def test_the_readme_says_what_lies_where_and_commands_that_exist(run: Run, tmp_path: Path) -> None:
    run("init")
    readme = (tmp_path / "README.md").read_text()
    for place in ("capdraft.toml", "reviews/", "catalog/", "prompts/", ".capdraft/"):
        assert f"| `{place}` |" in readme
    typed = re.findall(r"^ {4}capdraft (\w+)(.*?) +#", readme, re.MULTILINE)
    assert [name for name, _ in typed] == ["doctor", "draft", "review"]
    assert set(re.findall(r"`capdraft ([a-z]+)", readme)) == {"merge", "site"} <= COMMANDS.keys()


def test_what_to_type_next_can_be_typed_where_the_command_ran(run: Run, tmp_path: Path) -> None:
    said = run("init", "a catalog").out.splitlines()
    begin = next(place for place, line in enumerate(said) if line.startswith("next: "))
    lines = [line[6:].partition("#")[0].strip() for line in said[begin:]]
    assert lines == ["cd 'a catalog'", "git init", "capdraft doctor", "capdraft draft FILE.md"]
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    assert "git init" not in run("init", "a catalog").out


def test_a_folder_that_cannot_be_one_is_refused_and_nothing_is_written(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "notes").write_text("")
    for folder in ("notes", "notes/below"):
        said = run("init", folder)
        assert said.status in (1, 2)
        assert "error:" in said.err
    assert [path.name for path in tmp_path.iterdir()] == ["notes"]
