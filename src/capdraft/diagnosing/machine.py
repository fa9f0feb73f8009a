"""The machine and the installation: Python, extras, terminal, browser, SQLite."""

from __future__ import annotations

import platform
import sqlite3
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution

from capdraft import __version__
from capdraft.diagnosing.diagnosis import Diagnosis, Scene, broken, note, well


@dataclass(frozen=True, slots=True)
class Extra:
    """What an extra is for, and the packages that it brings."""

    purpose: str
    packages: tuple[str, ...]


EXTRAS: Mapping[str, Extra] = {
    "docx": Extra("Word documents", ("python-docx",)),
    "evaluate": Extra("measuring drafts", ("pydantic-evals", "scipy")),
    "html": Extra("web pages", ("selectolax",)),
    "hub": Extra("hf: addresses", ("huggingface-hub",)),
    "mcp": Extra("the MCP server", ("mcp",)),
    "notebooks": Extra("notebooks", ("nbformat",)),
    "pdf": Extra("PDF", ("pypdf",)),
    "rst": Extra("reStructuredText", ("docutils",)),
    "search": Extra("search by embeddings", ("numpy",)),
    "stats": Extra("how far reviewers agree", ("krippendorff",)),
    "web": Extra("the review desk", ("itsdangerous", "python-multipart", "starlette", "uvicorn")),
}
"""The extras of pyproject.toml but `all`."""


def examine_python(_: Scene) -> Diagnosis:
    """Tell which Python runs which capdraft: a frequent surprise, never a fault."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return well("python", f"capdraft {__version__} on {python}, {sys.executable}")


def examine_extras(_: Scene) -> Diagnosis:
    """Tell which extras are missing, and what each is for."""
    missing = [name for name, extra in EXTRAS.items() if not all(map(_installed, extra.packages))]
    if not missing:
        return well("extras", "all installed")
    told = ", ".join(f"{name} ({EXTRAS[name].purpose})" for name in missing)
    return note("extras", f"not installed: {told}", f"pip install 'capdraft[{','.join(missing)}]'")


def _installed(package: str) -> bool:
    try:
        distribution(package)
    except PackageNotFoundError:
        return False
    return True


def examine_terminal(scene: Scene) -> Diagnosis:
    """Look whether what is printed can hold any letter, and say whether it is coloured."""
    encoding = (sys.stdout.encoding or "ascii").lower()
    if encoding.replace("-", "").replace("_", "") not in ("utf8", "utf16", "utf32"):
        told = f"prints {encoding}: other letters show as codes"
        return note("terminal", told, "export PYTHONUTF8=1, or a UTF-8 locale: export LANG=C.UTF-8")
    if scene.environment.get("NO_COLOR"):
        colours = "no colours (NO_COLOR)"
    elif scene.environment.get("FORCE_COLOR"):
        colours = "colours (FORCE_COLOR)"
    else:
        colours = "colours" if sys.stdout.isatty() else "no terminal, so no colours"
    return well("terminal", f"UTF-8, {colours}")


def examine_browser(_: Scene) -> Diagnosis:
    """Look for a browser that `capdraft serve --open` could open."""
    import webbrowser

    try:
        found = webbrowser.get()
    except webbrowser.Error:
        mend = "`capdraft serve` prints the address of the desk: open it where there is one"
        return note("browser", "none found on this machine", mend)
    name = getattr(found, "name", "") or type(found).__name__
    return well("browser", f"{name} opens the review desk")


def examine_sqlite(_: Scene) -> Diagnosis:
    """Look whether Python's SQLite has the full-text search that the indexes are made of."""
    version = sqlite3.sqlite_version
    try:
        with closing(sqlite3.connect(":memory:")) as database:
            database.execute("create virtual table words using fts5(word, tokenize='porter ascii')")
    except sqlite3.Error as error:
        mend = "Use a Python whose SQLite has FTS5, such as that of python.org or of uv"
        return broken("sqlite", f"{version} lacks full-text search: {error}", mend)
    return well("sqlite", f"{version} with full-text search")
