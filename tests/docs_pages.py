"""What stands in the code blocks of the pages: lines to type, what they print, and other text."""

from __future__ import annotations

import re
import shlex
import textwrap
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

from page_steps import steps_in

ROOT = Path(__file__).parents[1]
APART = {
    "docs/tutorial.md": "tests/test_tutorial.py",
    "docs/python.md": "tests/api/test_python_page.py",
}
"""Pages that another module runs."""
PAGES = [
    page
    for page in (
        *sorted((ROOT / "docs").rglob("*.md")),
        *(
            ROOT / name
            for name in ("cassettes/README.md", "evaluation/README.md", "CONTRIBUTING.md")
        ),
    )
    if "reference" not in page.parts and str(page.relative_to(ROOT)) not in APART
]
TYPED = re.compile(
    r"(?:[A-Z_]+=\S+ )*(?:capdraft|curl|git|gh|pip|make|ls|head|tail|cp|mkdir|export|printf|ollama"
    r"|vllm|llama-server|pre-commit|pytest|mypy|sh|cd|python3?|uv|pipx|docker|\.venv/bin/\w+)\s"
)
KINDS = {
    "json": re.compile(r"\{$|\{\""),
    "yaml": re.compile(r"(?:name|version): \S+$|recorded:$"),
    "dockerfile": re.compile(r"FROM \S+$"),
    "python": re.compile(r"@pytest|def |import |from \S+ import |\w+ = \w+\."),
    "toml": re.compile(r"\[\[?[a-z.-]+\]\]?$|[A-Za-z0-9_]+ = "),
}


@dataclass(frozen=True)
class Piece:
    """One thing of a block: a line to type, with what it prints if that is told, or a text."""

    page: str
    line: int
    kind: str
    """`typed`, `toml`, `json`, `yaml`, `python`, `text`, …"""
    text: str
    printed: str = ""

    def __str__(self) -> str:
        return f"{self.page}:{self.line}: {self.text}"


def pieces(page: Path) -> Iterator[Piece]:
    """Yield what stands in the code blocks of a page, in its order."""
    name = str(page.relative_to(ROOT))
    for token in MarkdownIt().enable("table").parse(page.read_text("utf-8")):
        if token.type not in ("fence", "code_block"):
            continue
        assert token.map is not None
        first = token.map[0] + 1 + (token.type == "fence")
        yield from _pieces_of(name, first, token.info.strip(), token.content)


def _pieces_of(page: str, line: int, info: str, block: str) -> Iterator[Piece]:
    if info and info not in ("sh", "shell", "console", "bash"):
        yield Piece(page, line, info, block)
        return
    if block.startswith("$ "):
        for step in steps_in(block):
            yield Piece(page, line, "typed", step.command, step.printed)
            line += step.command.count("\n") + 1 + step.printed.count("\n")
        return
    parts = re.split(r"\n(?=\n)", textwrap.dedent(block))
    for part in _together(parts):
        text = part.strip("\n")
        if text:
            start = line + part.index(text.split("\n")[0])
            yield from (
                _typed(page, start, text) if TYPED.match(text) else [_told(page, start, text)]
            )
        line += part.count("\n") + 1


def _together(parts: list[str]) -> list[str]:
    """Put parts between which no command stands back together."""
    found: list[str] = []
    for part in parts:
        if found and not any(TYPED.match(one.strip()) for one in (found[-1], part)):
            found[-1] += f"\n{part}"
        else:
            found.append(part)
    return found


def _typed(page: str, line: int, text: str) -> Iterator[Piece]:
    """Yield each command; one goes on where a line ends with a backslash or a quote is open."""
    command = ""
    for place, part in enumerate(text.split("\n"), line):
        command = f"{command}\n{part}" if command else part
        if _is_whole(command):
            yield Piece(page, place - command.count("\n"), "typed", command)
            command = ""
    assert not command, f"{page}:{line}: this command never ends"


def _is_whole(command: str) -> bool:
    with suppress(ValueError):
        return not command.endswith("\\") and bool(shlex.split(command, comments=True))
    return False


def _told(page: str, line: int, text: str) -> Piece:
    first = text.split("\n")[0].strip()
    kind = next((kind for kind, form in KINDS.items() if form.match(first)), "text")
    return Piece(page, line, kind, text)
