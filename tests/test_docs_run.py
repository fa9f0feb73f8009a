"""Every line that a page of docs/ has typed is typed, in the page's order, and does what it says.

The workspace is `docs_workspace.py`'s; `docs_tables.py` has what can't be run, with the reason.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from docs_cards import answers
from docs_pages import PAGES, ROOT, Piece, pieces
from docs_tables import AT_HAND, BEFORE, ENDS, INSTEAD, NOT_PRINTED, NOT_RUN, find
from docs_typist import Typist
from docs_workspace import install_the_example, move_to_a_clone, prepare, sitting_down
from page_steps import Typed
from stub_endpoint import StubEndpoint, stub_endpoint

WRITTEN = re.compile(r"(?:--out|--cassette|[^|&]>) ([^\s\"$]+)")
"""What a line says that it writes."""
FIGURE = re.compile(r"\b[0-9a-f]{8,64}\b|\d[\d,.]*\d|\d")
"""A number or a hash."""


@pytest.fixture(scope="session")
def model() -> Iterator[StubEndpoint]:
    with stub_endpoint(answers, models=["gpt-5.4-mini"]) as stub:
        yield stub


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, model: StubEndpoint) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    prepare(folder, model.url)
    return folder


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_does_and_shows_what_it_says(
    page: Path, prepared: Path, model: StubEndpoint, tmp_path: Path
) -> None:
    told, said = list(pieces(page)), list[str]()
    wrong: list[str] = []
    with sitting_down(prepared, tmp_path / "page", model.url) as typist:
        for piece in told:
            if name := find(AT_HAND, piece):
                (typist.here / name).write_text(f"{piece.text}\n", "utf-8")
        for piece in told:
            said += get_ready(piece, typist)
            wrong += CHECKS[piece.kind](piece, typist, said)
    if wrong:
        pytest.fail("\n".join(wrong), pytrace=False)


def get_ready(piece: Piece, typist: Typist) -> Iterator[str]:
    """Do what a page tells in words, and yield what that prints."""
    if piece.page == "docs/pull-requests.md" and piece.text == "git fetch":
        move_to_a_clone(typist)
    if piece.page == "docs/extending.md" and "pip install -e" in piece.text and not typist.site:
        install_the_example(typist)
    for command in find(BEFORE, piece) or ():
        yield typist.must(command)


def check_typed(piece: Piece, typist: Typist, said: list[str]) -> Iterator[str]:
    """Type a line, and yield what is wrong with it."""
    if find(NOT_RUN, piece):
        return
    this, that, _ = find(INSTEAD, piece) or ("", "", "")
    done = typist.types(piece.text.replace(this, that) if this else piece.text)
    said.append(done.printed)
    for name in WRITTEN.findall(piece.text.partition(" #")[0]):
        if not (typist.here / name).exists():
            yield f"{piece}\n  wrote no {name}"
    last = "\n".join(done.printed.splitlines()[-16:])
    yield from (f"{piece}\n  {problem}\n{last}\n" for problem in problems(piece, done))


def problems(piece: Piece, done: Typed) -> Iterator[str]:
    """Yield what a line did otherwise than it should."""
    status, _ = find(ENDS, piece) or (0, "")
    if done.status != status:
        yield f"ended with {done.status}, not {status}"
    if "Traceback" in done.printed or ("Usage:" in done.printed and "--help" not in piece.text):
        yield "broke"
    if piece.printed and not shows(piece.printed, done.printed):
        yield f"the page says:\n{piece.printed}"
    if not done.printed.strip() and not re.search("mkdir|>|export|^c[pd] |git |printf", piece.text):
        yield "silent"


def shows(sample: str, printed: str) -> bool:
    """Tell whether it printed this: `…` is anything, and so are figures and where lines end."""
    words = FIGURE.sub(lambda found: "…" if len(found[0]) > 7 else "0", " ".join(sample.split()))
    plain = FIGURE.sub(lambda found: "" if len(found[0]) > 7 else "0", printed)
    parts = map(re.escape, words.split("…"))
    return re.search(".*".join(parts), " ".join(plain.split()), re.DOTALL) is not None


def check_text(piece: Piece, typist: Typist, said: list[str]) -> Iterator[str]:
    """Yield what no command of the page has printed so far."""
    if not find(NOT_PRINTED, piece) and not any(shows(piece.text, printed) for printed in said):
        yield f"{piece}\n  is not what was printed:\n{said[-1] if said else ''}"


def check_toml(piece: Piece, typist: Typist, said: list[str]) -> Iterator[str]:
    """Take a piece of capdraft.toml over, as a reader does; `test_docs.py` validates it."""
    if not {"schema", "changes", "build-system", "CD111"} & set(tomllib.loads(piece.text)):
        typist.settings = piece.text
    yield from ()


def check_json(piece: Piece, typist: Typist, said: list[str]) -> Iterator[str]:
    """Yield what is no JSON; an error has the keys of a real one."""
    if find(AT_HAND, piece):
        return
    shown = json.loads(piece.text)
    if "status" in shown:
        printed = json.loads(typist.types(f"curl http://127.0.0.1:8400{shown['instance']}").printed)
        same = all(shows(str(value), str(printed.get(key))) for key, value in shown.items())
        if set(shown) != set(printed) or not same:
            yield f"{piece}\n  is not what is answered:\n{printed}"


def check_yaml(piece: Piece, typist: Typist, said: list[str]) -> Iterator[str]:
    """Yield what is wrong with a workflow and what its steps do; a note has the keys of notes."""
    shown = yaml.safe_load(piece.text)
    if "recorded" in shown:
        noted = [note for path in typist.here.glob("cassettes/**/*.yaml") for note in keys_of(path)]
        if missing := keys_in(shown["recorded"]) - set(noted):
            yield f"{piece}\n  no note has {sorted(missing)}"
        return
    path = typist.here / "workflow.yml"
    path.write_text(piece.text, "utf-8")
    check = ["-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(path)]
    checked = subprocess.run([sys.executable, *check], capture_output=True, text=True, check=False)
    if checked.returncode:
        yield f"{piece}\n{checked.stdout}"
    for job in shown["jobs"].values():
        for step in job["steps"]:
            if "run" in step:
                typed = Piece(piece.page, piece.line, "typed", step["run"])
                yield from check_typed(typed, typist, said)


def keys_of(cassette: Path) -> set[str]:
    return keys_in(yaml.safe_load(cassette.read_text("utf-8")).get("recorded", {}))


def keys_in(value: object) -> set[str]:
    """Return every key in a tree."""
    if isinstance(value, dict):
        return set(value).union(*map(keys_in, value.values()))
    return set().union(*map(keys_in, value)) if isinstance(value, list) else set()


def check_python(piece: Piece, typist: Typist, said: list[str]) -> Iterator[str]:
    """Parse it: tests/plugins runs the code of the example package."""
    ast.parse(piece.text)
    yield from ()


def check_nothing(piece: Piece, typist: Typist, said: list[str]) -> Iterator[str]:
    yield from ()


CHECKS = {
    "typed": check_typed,
    "text": check_text,
    "toml": check_toml,
    "json": check_json,
    "yaml": check_yaml,
    "python": check_python,
    "dockerfile": check_nothing,
}


def test_nothing_stands_in_a_table_that_no_page_has() -> None:
    told = [piece for page in PAGES for piece in pieces(page)]
    for table in (NOT_RUN, INSTEAD, ENDS, BEFORE, AT_HAND, NOT_PRINTED):
        unused = [key for key in table if not any(find({key: 1}, piece) for piece in told)]
        assert unused == []


def test_the_expression_for_cells_finds_what_a_spreadsheet_would_run() -> None:
    (told,) = re.findall(r"^ {4}('\[.+)$", (ROOT / "docs/exports.md").read_text("utf-8"), re.M)
    one, other = map(re.compile, told.split("    or    "))
    assert one.match("'=1+1")
    assert other.match("'\tx")
    assert not one.match("=1+1")
