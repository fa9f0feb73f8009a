"""The house: floors, circles, and what starting a command costs."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from small_catalog import READS, entry
from workspaces import drafted_workspace

ROOT = Path(__file__).parents[1]
ROOMS = sorted(
    front.parent.name
    for front in (ROOT / "src/capdraft").glob("*/__init__.py")
    if "deferred(" in front.read_text(encoding="utf-8")
)


def test_no_module_imports_from_a_higher_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

    monkeypatch.chdir(ROOT)
    assert lint_imports(no_cache=True) == EXIT_STATUS_SUCCESS


def test_no_two_rooms_import_each_other_in_a_circle() -> None:
    import grimp

    graph = grimp.build_graph("capdraft", cache_dir=None)
    rooms: dict[str, set[str]] = {}
    for module in graph.modules:
        for imported in graph.find_modules_directly_imported_by(module):
            room, other = (name.split(".")[1:2] for name in (module, imported))
            if room and other and room != other:
                rooms.setdefault(room[0], set()).add(other[0])

    def reaches(start: str, goal: str, seen: set[str]) -> bool:
        fresh = rooms.get(start, set()) - seen
        return goal in fresh or any(reaches(room, goal, seen | fresh) for room in fresh)

    assert [room for room in rooms if reaches(room, room, set())] == []


def imported_by(*arguments: str, cwd: Path) -> set[str]:
    """Return the modules that `capdraft ARGUMENTS` has imported when it ends."""
    code = (
        "import sys; from capdraft.cli import main; main(sys.argv[1:]);"
        "print('|'.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stderr.splitlines()[-1].split("|"))


HEAVY = {"openai", "httpx2", "pydantic", "jinja2", "tenacity", "vcr", "yaml", "markdown_it"}
WEB = {"starlette", "uvicorn", "itsdangerous", "python_multipart", "capdraft.web"}


def test_help_imports_click_and_little_else(tmp_path: Path) -> None:
    modules = imported_by("--help", cwd=tmp_path)
    assert not modules & (HEAVY | WEB)
    assert {name for name in modules if name.startswith("capdraft.")} == {
        "capdraft.cli",
        "capdraft.errors",
    }


def test_no_help_imports_a_room_that_works(tmp_path: Path) -> None:
    every = "for name in COMMANDS: main([name, '--help'])"
    code = (
        f"import sys; from capdraft.cli import COMMANDS, main\n{every}\n"
        "print('|'.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    modules = set(done.stderr.splitlines()[-1].split("|"))
    assert not modules & (HEAVY | WEB | {"asyncio", "importlib.metadata", "sqlite3", "tomllib"})
    rooms = {name.split(".")[1] for name in modules if name.startswith("capdraft.")}
    assert rooms <= {"cli", "deferring", "errors", "scripting", "text"}


READING = {"markdown_it", "yaml", "capdraft.sources.reading"}
CHECKING = {"rapidfuzz", "capdraft.checking.rules", "capdraft.checking.patterns"}


@pytest.mark.parametrize(
    ("line", "spared"),
    [
        ("check", {"asyncio", "sqlite3", "capdraft.searching", "capdraft.comparing.side_by_side"}),
        ("compare pen quill", READING | {"asyncio", "filelock", "capdraft.checking.rules"}),
        ("ledger show", READING | CHECKING | {"asyncio", "capdraft.reviewing"}),
        ("log ticket-reader", READING | CHECKING | {"asyncio", "sqlite3"}),
        ("merge --check", CHECKING | {"asyncio", "sqlite3"}),
        ("rank", READING | CHECKING | {"asyncio", "filelock", "capdraft.sources"}),
        ("search invoices", READING | CHECKING | {"asyncio", "capdraft.comparing"}),
    ],
)
def test_commands_import_only_what_they_need(line: str, spared: set[str], tmp_path: Path) -> None:
    workspace = drafted_workspace(tmp_path)
    for slug in ("pen", "quill"):
        workspace.write_entry(entry(slug, READS), workspace.read_entry(slug))
    modules = imported_by(*line.split(), cwd=tmp_path)
    assert not modules & (spared | HEAVY - READING - {"pydantic"})


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_on_first_use_what_type_checkers_are_told(room: str) -> None:
    front = ROOT / "src/capdraft" / room / "__init__.py"
    told = {
        alias.name: node.module
        for node in ast.walk(ast.parse(front.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith(f"capdraft.{room}.")
        for alias in node.names
    }
    module = importlib.import_module(f"capdraft.{room}")
    assert sorted(told) == sorted(module.__all__)
    for name, place in told.items():
        assert getattr(module, name) is getattr(importlib.import_module(str(place)), name)
        assert not (front.parent / f"{name}.py").exists()  # the module would hide the name
    with pytest.raises(AttributeError, match=f"module 'capdraft.{room}' has no attribute 'other'"):
        _ = module.other


@pytest.mark.parametrize(
    "arguments",
    [
        ["check"],
        ["review", "list"],
        ["review", "show", "ticket-reader"],
        ["merge"],
        ["compare", "ticket-reader", "other"],
        ["prompts", "list"],
        ["ledger", "show"],
        ["schema", "proposal"],
        ["rank"],
        ["search", "read tickets"],
        ["signals", "show"],
    ],
    ids=" ".join,
)
def test_commands_that_do_not_draft_never_import_the_sdk(
    arguments: list[str], tmp_path: Path
) -> None:
    drafted_workspace(tmp_path)
    modules = imported_by(*arguments, cwd=tmp_path)
    assert not modules & ({"openai", "httpx2", "tenacity", "vcr"} | WEB)


def test_nothing_but_the_client_knows_the_sdk_and_the_retries() -> None:
    import grimp

    graph = grimp.build_graph("capdraft", include_external_packages=True, cache_dir=None)
    for package in ("openai", "httpx2", "tenacity", "vcr"):
        importers = graph.find_modules_that_directly_import(package)
        assert importers, package
        # An address is read through the same HTTP library, not through the SDK.
        rooms = ["capdraft.client."] + ["capdraft.sources.addresses."] * (package == "httpx2")
        assert all(name.startswith(tuple(rooms)) for name in importers), importers
