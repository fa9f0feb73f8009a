"""Recorded exchanges in tests: `@pytest.mark.vcr` with capdraft's own cassettes.

`pytest --record-mode rewrite` records anew; a file is replaced only by a test that passed.
`HYPOTHESIS_PROFILE=explore pytest` looks for new examples; without it a run repeats the last one's.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Generator, Iterator
from typing import Any

import hypothesis
import pytest

from capdraft.client.cassettes import configure, mismatch, save
from capdraft.client.cassettes import vcr_config as cassette_options

hypothesis.settings.register_profile("repeat", derandomize=True, deadline=None)
hypothesis.settings.register_profile("explore", max_examples=2000, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeat"))

PASSED = pytest.StashKey[bool]()
LONGEST_NAME = 100


@pytest.fixture(scope="session")
def record_mode(record_mode: str) -> str:
    """For rewrite, pytest-recording would delete the file before anything is recorded."""
    return "all" if record_mode == "rewrite" else record_mode


@pytest.fixture
def vcr_config() -> dict[str, Any]:
    return cassette_options()


def pytest_recording_configure(config: pytest.Config, vcr: Any) -> None:
    configure(vcr)


@pytest.fixture(scope="module")
def vcr_cassette_dir(request: pytest.FixtureRequest) -> str:
    return str(request.config.rootpath / "cassettes" / request.path.stem)


@pytest.fixture
def default_cassette_name(request: pytest.FixtureRequest, default_cassette_name: str) -> str:
    """The test's name, with a hash where two tests could otherwise share a file."""
    if request.node.get_closest_marker("default_cassette"):
        return default_cassette_name
    name = request.node.nodeid.partition("::")[2].replace("::", ".")
    readable = re.sub(r"[^a-z0-9_.,=+()\[\]-]+", "-", name, flags=re.IGNORECASE)[:LONGEST_NAME]
    if readable == name.lower():
        return readable
    return f"{readable}~{hashlib.sha256(name.encode()).hexdigest()[:8]}"


@pytest.fixture(autouse=True)
def vcr(request: pytest.FixtureRequest, vcr: Any) -> Iterator[Any]:
    yield vcr
    if vcr is not None:
        save(vcr, keep=request.node.stash.get(PASSED, False))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[PASSED] = report.passed
    problem = mismatch(call.excinfo.value) if call.excinfo else None
    if problem is not None and report.failed:
        report.sections.append(("Cassette", f"{problem}\n{problem.hint}"))
    return report
