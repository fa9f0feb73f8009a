"""What a proposal says differently, word by word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capdraft.cli import main
from capdraft.reviewing.diffing import word_diff
from workspaces import READ, draft, drafted_workspace


@given(st.text(), st.text())
def test_the_pieces_make_both_texts(old: str, new: str) -> None:
    pieces = list(word_diff(old, new))
    assert "".join(piece for kind, piece in pieces if kind != "added") == old
    assert "".join(piece for kind, piece in pieces if kind != "removed") == new


def test_what_changed_is_marked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = drafted_workspace(tmp_path, {**READ, "vs_alternatives": None})
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> int:
        return main(list(arguments))

    assert run("diff", "ticket-reader") == 2
    assert "is the only proposal" in capsys.readouterr().err
    assert run("diff", "ticket-reader", "--since", "") == 2
    again: dict[str, Any] = {
        **READ,
        "description": {"text": "Reads paper tickets with up to 40 fields.", "passages": [1]},
        "unique": None,
    }
    draft(workspace, {"capabilities": [again]}, reuse=False)
    assert run("diff", "ticket-reader") == 1
    shown = capsys.readouterr().out
    assert "reviews/ticket-reader/0001.toml → reviews/ticket-reader/0002.toml" in shown
    assert "  Reads [-printed-]{+paper+} tickets with up to 40 fields." in shown
    assert "  [-Runs in 3 GB of memory.-]" in shown
    assert "  {+Reads 40 fields where version 1 read 12.+}" in shown
    assert run("diff", "ticket-reader", "--since", "0002") == 0
    run("review", "approve", "ticket-reader", "--as", "ann")
    run("merge")
    assert run("diff", "ticket-reader", "--since", "catalog") == 0
