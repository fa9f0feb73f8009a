"""Every line of the tutorial is typed in an empty folder, and prints what the page says.

The answers are those of a language model, recorded in `cassettes/tutorial/`. The second request
holds what was approved before, so the walk itself records them: `cassettes/README.md` says how.
"""

from __future__ import annotations

import re

import pytest

from page_steps import (
    MODES,
    ROOT,
    Typed,
    prints,
    recorded_endpoint,
    steps_in,
    type_all,
)

PAGE = ROOT / "docs/tutorial.md"
CASSETTE = ROOT / "cassettes/tutorial/plants.yaml"
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
STEPS = [step for block in BLOCK.findall(PAGE.read_text("utf-8")) for step in steps_in(block)]


@pytest.fixture(scope="module")
def walk(
    tmp_path_factory: pytest.TempPathFactory, record_mode: str
) -> tuple[list[Typed], list[str]]:
    """Type the page; return what was printed, and what was asked that is not recorded."""
    folder = tmp_path_factory.mktemp("tutorial")
    with recorded_endpoint(CASSETTE, MODES[record_mode]) as endpoint:
        done = type_all([step.command for step in STEPS], folder, endpoint)
    return done, endpoint.problems


def test_the_recorded_answers_are_those_to_what_is_asked(
    walk: tuple[list[Typed], list[str]],
) -> None:
    if walk[1]:
        pytest.fail("\n".join(["record again as cassettes/README.md says", *walk[1]]), False)


@pytest.mark.parametrize("number", range(len(STEPS)), ids=lambda n: STEPS[n].command[:50])
def test_a_line_prints_what_the_page_says(number: int, walk: tuple[list[Typed], list[str]]) -> None:
    step, done = STEPS[number], walk[0][number]
    if not prints(step, done.printed):
        pytest.fail(f"$ {step.command}\nthe page:\n{step.printed}\nprinted:\n{done.printed}", False)


def test_the_page_has_all_steps_from_a_document_to_a_page() -> None:
    commands = [step.command.split()[:2] for step in STEPS]
    for name in ("init", "draft", "check", "review", "merge", "site"):
        assert ["capdraft", name] in commands
