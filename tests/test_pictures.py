"""The pictures of the documentation show the desk and the site as they are."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[1]


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pictures", ROOT / "docs/pictures.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_pictures_were_made_from_these_templates_styles_and_scripts() -> None:
    pictures = script()
    for name in ("queue", "desk", "desk-dark", "diff", "history", "artifact", "compare"):
        assert (pictures.PICTURES / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    made_from = pictures.MADE_FROM.read_text().strip()
    assert made_from == pictures.made_from(), (
        "docs/pictures are older than the pages: make pictures"
    )
