"""The workspace that `capdraft init` makes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

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
