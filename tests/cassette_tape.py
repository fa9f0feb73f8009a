"""A workspace with a recorded draft, and an endpoint on loopback to record it again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from capdraft.cli import main
from capdraft.prompts import packaged_folder
from stub_endpoint import Answer, StubEndpoint, completion
from workspaces import READ


@dataclass
class Tape:
    """A workspace: what was recorded in it, what the endpoint answers next, and the command."""

    root: Path
    stub: StubEndpoint
    capture: pytest.CaptureFixture[str]
    records: list[dict[str, Any]] = field(default_factory=lambda: [READ])
    answer: Callable[[dict[str, Any]], Answer] | None = None

    @property
    def path(self) -> Path:
        return self.root / "cassettes/ticket.yaml"

    @property
    def asked(self) -> int:
        return len(self.stub.requests)

    def reply(self, body: dict[str, Any]) -> Answer:
        if self.answer:
            return self.answer(body)
        return completion({"capabilities": self.records})

    def run(self, *arguments: str) -> tuple[int, str, str]:
        self.capture.readouterr()
        status = main([*arguments])
        said = self.capture.readouterr()
        assert "Traceback" not in said.err
        return status, said.out, said.err

    def record(self, *arguments: str) -> tuple[int, str, str]:
        """Type `capdraft cassettes record` with the endpoint's address."""
        return self.run(
            "cassettes", "record", *arguments, "--base-url", self.stub.url, "--model", "stub"
        )

    def draft(self, *arguments: str) -> tuple[int, str, str]:
        """Type `capdraft draft` with the cassette."""
        return self.run("draft", "ticket-reader.md", "--cassette", str(self.path), *arguments)

    def change_prompt(self, before: str, after: str, name: str = "draft") -> None:
        """Reword a template, the packaged one if the workspace has none yet."""
        own = self.root / f"prompts/{name}.jinja"
        own.parent.mkdir(exist_ok=True)
        old = own if own.exists() else packaged_folder() / f"{name}.jinja"
        text = old.read_text()
        assert before in text
        own.write_text(text.replace(before, after, 1))
