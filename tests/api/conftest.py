"""A workspace and a model on loopback, as the environment names them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from capdraft import Workspace
from stub_endpoint import StubEndpoint
from three_readers import model, write_cards


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[StubEndpoint]:
    with model() as served:
        monkeypatch.setenv("OPENAI_BASE_URL", served.url)
        monkeypatch.setenv("OPENAI_MODEL", "stub")
        monkeypatch.delenv("OPENAI_API_KEY", raising=False)
        yield served


@pytest.fixture
def workspace(stub: StubEndpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """The three documents, none of them drafted; it is the current folder."""
    write_cards(tmp_path)
    monkeypatch.chdir(tmp_path)
    return Workspace()


@pytest.fixture
def drafted(workspace: Workspace) -> Workspace:
    """Tickets are drafted."""
    workspace.draft_sync("ticket-reader.md")
    return workspace


@pytest.fixture
def merged(workspace: Workspace) -> Workspace:
    """Tickets and receipts are drafted; their descriptions were approved by bo, and merged."""
    for ended in workspace.draft_all_sync(["ticket-reader.md", "receipt-reader.md"]):
        review = workspace.review(str(ended.artifact), by="bo")
        review.approve(review.states[0])
    workspace.merge()
    return workspace
