"""The public names are pinned, each with its signature, and importing them imports little."""

from __future__ import annotations

import asyncio
import inspect
import pydoc
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import capdraft
from capdraft import Review, Workspace, read_document, render
from capdraft.scripting.asking import Asking

ROOT = Path(__file__).parents[2]
SCRIPT = Path(__file__).with_name("user_script.py")
MODELS = {
    "Answer",
    "CatalogEntry",
    "Comparison",
    "Decision",
    "Document",
    "Drafted",
    "FieldState",
    "Finding",
    "MergeReport",
    "Proposal",
}
VERBS = ["CapdraftError", "Drafted", "Review", "Workspace", "read_document", "render"]
DESCRIBED = "source: Path | str, *, artifact: str | None = None, name: str | None = None, "
DESCRIBED += "type: str | None = None, **asking: Unpack[Asking]"
MANY = "sources: Sequence[Path | str], *, "
MANY += "progress: Callable[[Drafted], None] = <a function>, **asking: Unpack[Asking]"
MARKED = "(*artifacts: str, **asking: Unpack[Asking]) -> list[Judged]"
SEARCHED = "(need: str, *, type: str | None = None, limit: int = 10, keep: bool = False) -> Answer"
ON = "field: FieldState | str, "
NEW = "cite: Sequence[int] | None = None, other_side: Sequence[int] = (), "
NEW += "name: str | None = None, intents: Sequence[str] | None = None, "
NEW += "alternative: str | None = None"
ACCEPTING = "*, note: str | None = None, despite: Sequence[str] = (), editorial: bool = False"
SIGNATURES = {
    "read_document": "(path: Path | str, *, uri: str | None = None) -> Document",
    "render": "(comparison: Comparison, format: PageFormat = 'text', *, width: int = 100) -> str",
    "Workspace": "(folder: Path | str | None = None) -> None",
    "Workspace.make": "(folder: Path | str) -> Workspace",
    "Workspace.artifacts": "() -> list[str]",
    "Workspace.catalog": "() -> list[str]",
    "Workspace.read": "(source: Path | str) -> list[Document]",
    "Workspace.proposal": "(artifact: str, number: str | None = None) -> Proposal",
    "Workspace.entry": "(artifact: str) -> CatalogEntry",
    "Workspace.draft": f"({DESCRIBED}) -> Proposal",
    "Workspace.draft_sync": f"({DESCRIBED}) -> Proposal",
    "Workspace.draft_all": f"({MANY}) -> list[Drafted]",
    "Workspace.draft_all_sync": f"({MANY}) -> list[Drafted]",
    "Workspace.judge": MARKED,
    "Workspace.judge_sync": MARKED,
    "Workspace.check": "(artifact: str) -> list[Finding]",
    "Workspace.review": "(artifact: str, *, by: str | None = None, number: str | None = None) "
    "-> Review",
    "Workspace.merge": "(*artifacts: str) -> list[MergeReport]",
    "Workspace.compare": "(*artifacts: str, limit: int | None = 8, least: int = 3) -> Comparison",
    "Workspace.withdraw": "(path: str, reason: WithdrawalReason, *, note: str, "
    "by: str | None = None) -> Withdrawal",
    "Workspace.restore": "(path: str, *, note: str | None = None, by: str | None = None) "
    "-> Withdrawal",
    "Workspace.align": "(one: str, two: str, verdict: Literal['same', 'differ', 'undo'], *, "
    "note: str | None = None, by: str | None = None) -> Alignment",
    "Workspace.search": SEARCHED,
    "Workspace.search_sync": SEARCHED,
    "Workspace.feedback": "(match: str | None, verdict: Literal['success', 'failure'], "
    "result: int | None = None) -> None",
    "Review.passages": "(words: str = '') -> list[FoundPassage]",
    "Review.findings": f"({ON}text: str | None = None, *, {NEW}) -> tuple[Finding, ...]",
    "Review.approve": f"({ON}{ACCEPTING}) -> Decision | None",
    "Review.reject": f"({ON}reason: Reason, *, note: str | None = None) -> Decision",
    "Review.edit": f"({ON}text: str | None = None, *, {NEW}, {ACCEPTING[3:]}) -> Decision",
    "Review.undo": f"({ON.rstrip(', ')}) -> Decision",
}


class _Bare(str):
    """Text that shows itself without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def written(value: Any, *, leave_out: int = 0) -> str:
    """Return a signature as it stands in the code, without its first `leave_out` parameters."""
    found = inspect.signature(value)
    parameters = [
        item.replace(
            annotation=_Bare(item.annotation),
            default=_Bare("<a function>") if inspect.isfunction(item.default) else item.default,
        )
        for item in list(found.parameters.values())[leave_out:]
    ]
    returned = _Bare(found.return_annotation)
    return str(found.replace(parameters=parameters, return_annotation=returned))


def methods(of: type) -> dict[str, Any]:
    """Return the public methods of a class, by CLASS.NAME."""
    return {
        f"{of.__name__}.{name}": value
        for name, value in vars(of).items()
        if inspect.isfunction(value) and not name.startswith("_")
    }


def test_the_public_names_are_these() -> None:
    assert set(capdraft.__all__) == MODELS | set(VERBS)
    assert len(capdraft.__all__) <= 15
    assert dir(capdraft) == sorted([*capdraft.__all__, "__version__"])
    starred: dict[str, Any] = {}
    exec("from capdraft import *", starred)  # noqa: S102 - our own
    assert starred.keys() - {"__builtins__"} == set(capdraft.__all__)


def test_the_signatures_are_these() -> None:
    told = {item.__name__: written(item) for item in (read_document, render)}
    told["Workspace"] = written(Workspace.__init__, leave_out=1)
    told["Workspace.make"] = written(Workspace.make)
    for name, method in (methods(Workspace) | methods(Review)).items():
        told[name] = written(method, leave_out=1)
    assert told == SIGNATURES


def test_the_ways_to_ask_are_these() -> None:
    assert list(Asking.__annotations__) == [
        "model",
        "base_url",
        "api_key",
        "max_cost",
        "max_calls",
        "max_wait",
        "at_once",
        "fresh",
        "cassette",
        "record_mode",
        "notify",
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Workspaces", "; did you mean 'Workspace'?"),
        ("draft", "; it is Workspace.draft"),
        ("approve", "; it is Review.approve"),
        ("nonsense", ""),
        ("__wrapped__", ""),
    ],
)
def test_a_name_that_is_not_public_is_told_with_the_one_that_was_meant(
    name: str, said: str
) -> None:
    with pytest.raises(AttributeError) as caught:
        getattr(capdraft, name)
    assert str(caught.value) == f"module 'capdraft' has no attribute '{name}'{said}"


def test_python_adds_no_guess_of_its_own() -> None:
    code = "import capdraft; capdraft.Workspaces"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT / "src"
    )
    assert done.stderr.lower().count("did you mean") == 1


def test_errors_can_be_named_without_an_import_of_their_own() -> None:
    code = "import capdraft; print(capdraft.errors.NotFound.__name__)"
    assert "NotFound" in imported_by(code, told=True)


def test_help_begins_with_the_whole_way() -> None:
    told = pydoc.plain(pydoc.render_doc(capdraft))
    named = [name for name in capdraft.__all__ if name in told.split("PACKAGE CONTENTS")[0]]
    assert named == capdraft.__all__


def imported_by(code: str, *, told: bool = False) -> set[str]:
    """Return the modules that a fresh interpreter has imported after `code`, or what it `told`."""
    tell = f"{code}\nimport sys; print('|'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", tell], capture_output=True, text=True, check=True, cwd=ROOT / "src"
    )
    lines = done.stdout.splitlines()
    return set(lines) if told else set(lines[-1].split("|"))


def test_importing_capdraft_imports_nothing_else() -> None:
    assert imported_by("import capdraft") - imported_by("pass") == {"capdraft"}


def test_importing_what_can_be_called_imports_nothing_heavy() -> None:
    modules = imported_by(f"from capdraft import {', '.join(VERBS)}")
    assert not modules & {"pydantic", "openai", "httpx2", "asyncio", "jinja2", "sqlite3", "click"}
    rooms = {name.split(".")[1] for name in modules if name.startswith("capdraft.")}
    assert rooms == {"deferring", "errors", "scripting"}


def test_working_without_a_model_never_imports_the_sdk(merged: Workspace) -> None:
    code = """
from capdraft import Workspace, render
workspace = Workspace({root!r})
print(len(workspace.check("ticket-reader")), workspace.review("ticket-reader").states[0].path)
print(workspace.merge(), render(workspace.compare("ticket-reader", "receipt-reader")))
print(workspace.search_sync("read tickets"))
"""
    modules = imported_by(code.format(root=str(merged.root)))
    assert not modules & {"openai", "httpx2", "tenacity", "vcr", "starlette", "click"}


def test_a_users_script_passes_a_strict_type_checker_and_its_mistakes_do_not() -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--config-file=", "--strict"),
            "--follow-imports=silent",
            *("--cache-dir", str(ROOT / ".mypy_cache/as-a-user"), str(SCRIPT)),
        ],
        capture_output=True,
        text=True,
        env={"MYPYPATH": str(ROOT / "src")},
        check=False,
    )
    assert done.stdout.startswith("Success"), done.stdout


def test_a_users_script_runs(workspace: Workspace) -> None:
    script = runpy.run_path(str(SCRIPT))
    assert script["read"]("receipt-reader.md") == ["Reads paper receipts with their totals."]
    slugs = script["draft"](workspace, ["ticket-reader.md", "receipt-reader.md"])
    taken = [script["decide"](workspace.review(slug, by="ana")) for slug in slugs]
    assert [[one.verdict for one in each] for each in taken] == [["accept", "reject"], ["accept"]]
    page = script["publish"](workspace, *slugs)
    assert page.startswith("# Ticket reader vs Receipt reader")
    found = script["find"](workspace, "read printed tickets")
    assert found[0] == "ticket-reader/read-tickets"
    proposal = asyncio.run(script["draft_one"](workspace, "invoice-reader.md"))
    assert proposal == workspace.proposal("invoice-reader")


def test_the_wheel_holds_the_mark_of_a_typed_package() -> None:
    # What the build packs is the package's folder.
    assert (Path(capdraft.__file__).parent / "py.typed").is_file()
