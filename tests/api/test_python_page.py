"""docs/python.md and the examples of the docstrings are run, and print what they say."""

from __future__ import annotations

import ast
import asyncio
import doctest
import re
import textwrap
from collections.abc import Coroutine
from pathlib import Path
from types import FunctionType
from typing import Any

import httpx2
import pytest

import capdraft
from capdraft import Drafted, Review, Workspace, read_document, render
from capdraft.scripting import Judged

PAGE = Path(__file__).parents[2] / "docs/python.md"
EXAMPLE = re.compile(r"^```python\n(.*?)^```\n\n```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SERVICE = re.compile(r"^ {4}from starlette\..+?(?=^\S)", re.MULTILINE | re.DOTALL)
METHODS = [
    getattr(of, name)
    for of in (Workspace, Review)
    for name, value in vars(of).items()
    if isinstance(value, FunctionType | classmethod) and not name.startswith("_")
]
EXPLAINED = [Workspace, Review, Drafted, Judged, read_document, render, *METHODS]
PLAIN = {"artifacts", "states"}
"""Methods that the example of their class shows."""


async def run(code: str, names: dict[str, Any]) -> None:
    """Run a cell as a notebook does, in a loop that runs already."""
    compiled = compile(code, str(PAGE), "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    waiting = eval(compiled, names)  # noqa: S307 - our own page
    if isinstance(waiting, Coroutine):
        await waiting


def test_the_page_prints_what_it_says(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    examples = EXAMPLE.findall(PAGE.read_text())
    assert len(examples) == PAGE.read_text().count("```python")

    async def notebook() -> list[tuple[str, str]]:
        names: dict[str, Any] = {}
        printed = []
        for code, _ in examples:
            await run(code, names)
            printed.append((code, capsys.readouterr().out))
        return printed

    assert asyncio.run(notebook()) == examples


def test_the_service_of_the_page_searches(merged: Workspace) -> None:
    (code,) = SERVICE.findall(PAGE.read_text())
    names: dict[str, Any] = {"workspace": merged}
    exec(textwrap.dedent(code), names)  # noqa: S102 - our own page

    async def ask() -> Any:
        serving = httpx2.ASGITransport(names["app"])
        async with httpx2.AsyncClient(transport=serving, base_url="http://here") as client:
            return (await client.get("/search", params={"need": "read receipts"})).json()

    assert asyncio.run(ask())["results"][0]["artifact"] == "receipt-reader"


def test_the_page_shows_every_name_and_every_method() -> None:
    page = PAGE.read_text()
    assert [name for name in capdraft.__all__ if not re.search(rf"\b{name}\b", page)] == []
    code = "\n".join(code for code, _ in EXAMPLE.findall(page))
    assert [item.__name__ for item in METHODS if f".{item.__name__}(" not in code] == []


@pytest.mark.parametrize("explained", EXPLAINED, ids=lambda item: item.__qualname__)
def test_the_example_of_a_docstring_is_true(explained: Any, merged: Workspace) -> None:
    globs = {
        "asyncio": asyncio,
        "workspace": merged,
        "review": merged.review("ticket-reader", by="ana"),
        "Workspace": Workspace,
        "read_document": read_document,
        "render": render,
    }
    finder = doctest.DocTestFinder(recurse=False)
    (example,) = finder.find(explained, explained.__name__, globs=globs)
    if not example.examples:
        assert explained.__name__ in PLAIN
    failed = doctest.DocTestRunner(verbose=False).run(example).failed
    assert not failed
