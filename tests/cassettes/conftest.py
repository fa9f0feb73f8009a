"""The workspace with a recorded draft that these tests work in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cassette_tape import Tape
from stub_endpoint import stub_endpoint
from workspaces import make_workspace


@pytest.fixture
def tape(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Tape]:
    make_workspace(tmp_path)
    monkeypatch.chdir(tmp_path)
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL"):
        monkeypatch.delenv(name, raising=False)
    answers: list[Tape] = []
    with stub_endpoint(lambda body: answers[0].reply(body)) as stub:
        made = Tape(tmp_path, stub, capsys)
        answers.append(made)
        assert made.draft("--base-url", stub.url, "--model", "stub")[0] == 0
        yield made
