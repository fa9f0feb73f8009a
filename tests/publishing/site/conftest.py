"""A workspace with a small catalog of mills."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))  # where made_up is

from made_up import field, gravel, record

from mills import TASKS, Site, mill


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Return two mills that have three capabilities in common, a dataset, and Gravel 2."""
    east = mill("east-mill", "East Mill", *TASKS)
    unproven = record("Saws straight planks", field(f"{TASKS[3]}."))
    four = (*east.capabilities[:3], unproven.model_copy(update={"id": "cap-4"}))
    made = Site(tmp_path)
    made.save(
        east.model_copy(update={"capabilities": four}),
        mill("west-mill", "West Mill", *TASKS[:3]),
        mill("mill-logs", "Mill Logs", *TASKS, type_="dataset"),
        gravel(),
    )
    return made
