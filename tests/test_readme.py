"""The README is typed top to bottom in an empty folder, and prints what it says.

The model is the recorded one of the tutorial. `test_docs.py` holds the demo's lines against it.
"""

from __future__ import annotations

import json
import re
import shlex
import sys
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from statistics import median, quantiles

import pytest

from capdraft import Workspace
from capdraft.client.cassettes.format import deserialize
from capdraft.client.completions import Usage
from capdraft.client.prices import ModelPrice
from page_steps import ROOT, Step, Typed, prints, recorded_endpoint, steps_in, type_all

README = (ROOT / "README.md").read_text("utf-8")
TUTORIAL = (ROOT / "docs/tutorial.md").read_text("utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```\n(?:\n```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)
NOT_TYPED = {
    ". .venv/bin/activate": "needs a package index; CI runs it with the wheel",
    "export OPENAI_API_KEY=…": "the recorded model wants no key",
    "capdraft serve --open": "serves until somebody ends it",
    "capdraft review next": "waits for keys",
    "capdraft review edit leaf-lens/offline-use-on-a-phone.description": "opens an editor",
    "OLLAMA_CONTEXT_LENGTH=32768 ollama serve": "needs Ollama",
    "export OPENAI_BASE_URL=http://127.0.0.1:11434/v1 OPENAI_MODEL=gemma3": "another endpoint",
}
"""The lines that are not typed, and why; of a command of capdraft its help is asked for."""
ANY = "…\n"


def steps() -> Iterator[Step]:
    """Yield what the README has typed; of a line without `$` it doesn't say what is printed."""
    for language, block, output in BLOCK.findall(README):
        if language == "console":
            yield from steps_in(block)
        elif language == "python":
            yield Step(f"{shlex.quote(sys.executable)} - <<'END'\n{block}END", output)
        else:
            assert language == "sh", language
            for line in block.splitlines():
                command = line.partition(" #")[0].rstrip()
                if command not in NOT_TYPED:
                    yield Step(line, ANY)
                elif command.startswith("capdraft "):
                    yield Step(f"{command} --help", ANY)


STEPS = list(steps())


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> list[Typed]:
    folder = tmp_path_factory.mktemp("readme")
    (card,) = re.findall(r"^\$ (cat > leaf-lens\.md .*?^END)$", TUTORIAL, re.MULTILINE | re.DOTALL)
    with recorded_endpoint(ROOT / "cassettes/tutorial/plants.yaml") as endpoint:
        first, *rest = type_all([card, *(step.command for step in STEPS)], folder, endpoint)
    assert first == Typed("", 0)
    assert len(rest) == len(STEPS)
    return rest


@pytest.mark.parametrize("number", range(len(STEPS)), ids=lambda n: STEPS[n].command[:50])
def test_a_line_of_the_readme_does_what_it_says(number: int, typed: list[Typed]) -> None:
    step, done = STEPS[number], typed[number]
    if done.status or not prints(step, done.printed):
        pytest.fail(f"$ {step.command}\nprinted, with {done.status}:\n{done.printed}", False)


def test_the_list_of_what_is_not_typed_names_lines_of_the_readme() -> None:
    lines = {line.partition(" #")[0].rstrip() for line in README.splitlines()}
    assert set(NOT_TYPED) <= lines


def test_what_is_not_in_a_block_of_a_language_is_the_demo() -> None:
    lines = re.findall(r"^ {4}(\S+)", BLOCK.sub("", README), re.MULTILINE)
    assert set(lines) == {"make", "$", "drafted"}


COSTS = re.findall(r"^\| (\w+) \| ([\d,]+) \| ([\d,]+) \| (\$.+) \|$", README, re.MULTILINE)


def test_the_costs_are_the_tokens_at_the_packaged_prices() -> None:
    (models,) = re.findall(r"^\| card \| tokens in \| tokens out \| (.+) \|$", README, re.MULTILINE)
    assert len(COSTS) == 2
    for _, prompt, answer, told in COSTS:
        used = Usage(int(prompt.replace(",", "")), int(answer.replace(",", "")))
        for model, cost in zip(models.split(" | "), told.split(" | "), strict=True):
            paid = ModelPrice(model, "https://api.openai.com/v1").cost(used)
            assert paid is not None
            assert f"${paid.quantize(Decimal('0.001'))}" == cost, model


def test_the_typical_answer_is_that_of_the_recorded_drafts() -> None:
    folders = (ROOT / "cassettes" / name for name in ("gold", "examples"))
    cassettes = [path for folder in folders for path in folder.glob("*.yaml")]
    lengths = [
        tokens
        for path in cassettes
        if not path.stem.endswith(("-careless", ".judge"))
        for tokens in answers_in(path.read_text("utf-8"))
    ]
    assert f"of the {len(lengths)} drafts in `cassettes/gold` and `cassettes/examples`" in " ".join(
        README.split()
    )
    typical, long = (int(row[2].replace(",", "")) for row in COSTS)
    assert typical == pytest.approx(median(lengths), rel=0.1)
    assert long == pytest.approx(quantiles(lengths, n=10)[-1], rel=0.1)


def test_the_figures_of_the_own_catalog_are_those_of_its_decisions() -> None:
    verdicts = {
        (path.parts[-3], said["capability"], said["field"]): said["verdict"]
        for path in sorted((ROOT / "reviews").glob("*/decisions/*.jsonl"))
        for said in map(json.loads, path.read_text("utf-8").splitlines())
    }
    count = Counter(verdicts.values())
    figures = re.search(
        r"of (\d+) fields (\d+) were accepted as drafted, (\d+) edited.+?(\d+) rejected",
        " ".join(README.split()),
    )
    assert figures
    told = [len(verdicts), count["accept"], count["edit"], count["reject"]]
    assert [*map(int, figures.groups())] == told


def test_what_the_readme_says_of_the_comparisons_is_what_they_find() -> None:
    rows = re.findall(r"^\| `(\S+)--(\S+)\.html` \| (.+) \|$", README, re.MULTILINE)
    assert len(rows) == 7
    numbers = {"three": 3, "five": 5}
    for one, two, told in rows:
        found = Workspace(ROOT).compare(one, two)
        assert told.startswith(found.title), told
        assert ("not rivals" in told) == ("Not rivals" in found.headline), told
        if "not rivals" not in told:
            word = re.findall(r"rivals, (\w+)", told)[0]
            assert len(found.groups) + found.more_groups == numbers[word], told


def answers_in(cassette: str) -> Iterator[float]:
    """Yield the tokens of each answer, at four characters a token."""
    for exchange in deserialize(cassette)["interactions"]:
        said = json.loads(exchange["response"]["body"]["string"])
        yield len(said["choices"][0]["message"]["content"]) / 4
