"""What could come next on a command line: names of the workspace, read without any model of them.

A shell waits for it at each Tab: nothing here imports more than the standard library and click.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from capdraft.cli.review_options import FIELD_NAMES
from capdraft.text import is_slug

PUBLISHED = {"compare", "export", "rank", "restore", "site", "withdraw"}
"""Commands that work on what is in the catalog."""
EXPORTS = ("json", "jsonl", "csv", "json-ld", "training", "croissant", "unfragile")
"""What `capdraft export` writes without plugins: those of publishing.exports, slow to load."""
_HARMLESS = re.compile(r"[\w./-]+")
"""What may be put on a command line: a name out of a file could else be a command of the shell."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Where a shell asks: the command line so far, what of the next word is typed, and the root."""

    context: click.Context
    typed: str
    root: Path

    @property
    def is_about_the_catalog(self) -> bool:
        """Whether the command works on what was approved, not on what is proposed."""
        return self.context.info_name in PUBLISHED

    @property
    def slug(self) -> str:
        """The artifact that stands on the command line already, or nothing."""
        given = self.context.params
        words = given.get("path") or given.get("slug") or given.get("slugs")
        words = words or self.context.args  # click puts nothing in its place before a lone --option
        first = words if isinstance(words, str) else next(iter(words), "")
        return str(first).partition("/")[0]


def _slugs(asked: Asked) -> Iterable[str]:
    published = {path.stem for path in (asked.root / "catalog").glob("*.json")}
    reviews = asked.root / "reviews"
    if asked.is_about_the_catalog or not reviews.is_dir():
        return published
    # Not looked into: of ten thousand that would be felt.
    return published | {path.name for path in reviews.iterdir() if path.name[0] not in "._"}


def _paths(asked: Asked) -> Iterable[str]:
    """Yield slugs, and the capabilities of one that is whole or alone."""
    slug, slash, _ = asked.typed.partition("/")
    slugs = [name for name in _slugs(asked) if name.startswith(slug)]
    if not slash:
        yield from slugs
    for name in [slug] if slash else slugs if len(slugs) == 1 else []:
        yield from (f"{name}/{item['id']}" for item in _capabilities(asked, name))


def _fields(asked: Asked) -> Iterable[str]:
    """Yield the same, and the fields of a capability that is whole or alone."""
    yield from _paths(asked)
    slug, _, rest = asked.typed.partition("/")
    id_ = rest.partition(".")[0]
    found = [item for item in _capabilities(asked, slug) if id_ and item["id"].startswith(id_)]
    whole = [item for item in found if item["id"] == id_]
    for item in whole or (found if len(found) == 1 else []):
        yield from (f"{slug}/{item['id']}.{name}" for name in FIELD_NAMES if name in item)


def _capabilities(asked: Asked, slug: str) -> list[dict[str, Any]]:
    where = _entry if asked.is_about_the_catalog else _newest
    found: list[dict[str, Any]] = where(asked.root, slug).get("capabilities", [])
    return found


def _entry(root: Path, slug: str) -> dict[str, Any]:
    path = root / "catalog" / f"{slug}.json"
    found: dict[str, Any] = json.loads(path.read_bytes()) if is_slug(slug) else {}
    return found


def _newest(root: Path, slug: str) -> dict[str, Any]:
    numbers = _proposals(root, slug)
    if not numbers:
        return {}
    text = (root / "reviews" / slug / f"{numbers[-1]}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _proposals(root: Path, slug: str) -> list[str]:
    """Return the numbers of an artifact's proposals, oldest first."""
    found = (root / "reviews" / slug).glob("[0-9]*.toml") if is_slug(slug) else ()
    return sorted((path.stem for path in found), key=lambda number: (len(number), number))


def _numbers(asked: Asked) -> Iterable[str]:
    later = ["catalog"] if asked.context.info_name == "diff" else []
    return [*_proposals(asked.root, asked.slug), *later]


def _codes(asked: Asked) -> Iterable[str]:
    """Yield the codes of what the rules found in the artifact on the command line."""
    return {item["code"] for item in _newest(asked.root, asked.slug).get("findings", [])}


def _reviewers(asked: Asked) -> Iterable[str]:
    with (asked.root / "capdraft.toml").open("rb") as file:
        named = tomllib.load(file).get("review", {}).get("reviewers", [])
    return [str(name) for name in named]


def _prompts(asked: Asked) -> Iterable[str]:
    from capdraft.prompts import packaged_folder

    folders = (asked.root / "prompts", packaged_folder())
    return {path.stem for folder in folders for path in folder.glob("*.jinja")}


def _types(asked: Asked) -> Iterable[str]:
    """Yield the types of the catalog's artifacts."""
    for path in (asked.root / "catalog").glob("*.json"):
        with path.open("rb") as file:
            head = file.read(2000)
        if found := re.search(rb'"type": ("[^"\n]*")', head):
            yield json.loads(found[1])


def _formats(_: Asked) -> Iterable[str]:
    from importlib.metadata import entry_points

    return {*EXPORTS, *(found.name for found in entry_points(group="capdraft.exporters"))}


Source = Callable[[Asked], Iterable[str]]
NAMES: dict[str, Source] = {
    "SLUG": _slugs,
    "SLUG/CAPABILITY": _paths,
    "SLUG/CAPABILITY.FIELD": _fields,
    "NUMBER": _numbers,
    "CODE": _codes,
    "WHO": _reviewers,
    "PROMPT": _prompts,
    "TYPE": _types,
    "FORMAT": _formats,
    "A": _slugs,  # of --pair A B
}
"""By what the help calls a value."""
FILES = {"SOURCE", "DOC", "GOLD"}


class Name(click.types.StringParamType):
    """A text, of which a shell is told the names that it could be."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return what is there of the names; nothing outside of a workspace."""
        try:
            root = _root(ctx.params.get("folder"))
            names = set(self._source(Asked(ctx, incomplete, root))) if root else set()
        except (OSError, ValueError, TypeError, LookupError, AttributeError, RuntimeError):
            return []  # what can't be read is told by the command, not while it is typed
        given = ctx.params.get(param.name or "") or ()
        fresh = sorted(names - set(given if isinstance(given, tuple) else ()))
        good = (name for name in fresh if _HARMLESS.fullmatch(name))
        return [CompletionItem(name) for name in good if name.startswith(incomplete)]


def offer_names(command: click.Command) -> None:
    """Let the values of a command, and of those below it, be completed by what they are called."""
    for parameter in command.params:
        if isinstance(parameter.type, click.types.StringParamType):
            called = _called(parameter)
            if called in NAMES:
                parameter.type = Name(NAMES[called])
            elif called in FILES:
                parameter.type = click.Path()
    if isinstance(command, click.Group):
        for below in command.commands.values():
            offer_names(below)


def _called(parameter: click.Parameter) -> str:
    """Return what the help calls a value, in the singular: SLUG for `[SLUG]...` and `SLUGS`."""
    called = parameter.metavar or (parameter.name or "").upper()
    first, *_ = re.sub(r"[\[\]]|\.\.\.", "", called).split() or [""]
    return first.removesuffix("S")


def _root(given: object) -> Path | None:
    # A shell hands over what is typed: ~ and $HOME are still to be read.
    here = Path(os.path.expandvars(str(given))).expanduser() if given else Path.cwd()
    return next(
        (path for path in (here, *here.parents) if (path / "capdraft.toml").is_file()), None
    )
