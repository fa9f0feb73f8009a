"""A small workspace, and a browser at its desk."""

from __future__ import annotations

from pathlib import Path

import pytest

from capdraft.workspace import Workspace
from desks import Browser, open_desk
from workspaces import drafted_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return drafted_workspace(tmp_path)


@pytest.fixture
def browser(workspace: Workspace) -> Browser:
    return open_desk(workspace)
