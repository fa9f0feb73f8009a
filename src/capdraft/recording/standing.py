"""How a cassette stands: it is played against what would be asked now, and nobody is asked."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from capdraft.client import Endpoint
from capdraft.client.cassettes import (
    CassetteSession,
    Note,
    RecordedRequest,
    difference,
    use_cassette,
)
from capdraft.client.cassettes.file import note_of
from capdraft.drafting.asking import Terms
from capdraft.drafting.shapes import WAYS, Shape
from capdraft.errors import (
    AnswerError,
    CapdraftError,
    CassetteInvalid,
    CassetteMismatch,
    NotFound,
    PromptError,
)
from capdraft.recording.causes import Cause, Kind, causes
from capdraft.recording.noting import note_at_head
from capdraft.recording.using import DraftStaleError, Use
from capdraft.settings import Settings, choose_endpoint
from capdraft.workspace import Workspace

State = Literal["current", "stale", "unknown", "unused", "large", "unreadable"]
FOLDER = "cassettes"
LARGE = 1_000_000
"""Bytes from which on a cassette is told to be large."""


@dataclass(frozen=True)
class Standing:
    """One cassette: how it stands and why; `lines` are those of a request that differ."""

    path: Path
    name: str
    state: State
    size: int
    note: Note | None = None
    model: str | None = None
    causes: tuple[Cause, ...] = ()
    lines: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether a replay would fail."""
        return self.state in ("stale", "unreadable")


def find_cassettes(workspace: Workspace, places: Sequence[str]) -> list[Path]:
    """Return the cassettes that are named, or all below cassettes/, in order.

    A place is a file or folder, or the name that `cassettes status` lists.

    Raises:
        NotFound: there is none of that name.
    """
    home = workspace.root / FOLDER
    if not places:
        return list(_below(home)) if home.is_dir() else []
    found: dict[Path, None] = {}
    for place in places:
        candidates = (Path(place), home / place, home / f"{place}.yaml")
        path = next((item for item in candidates if item.exists()), None)
        if path is None:
            raise NotFound(
                f"there is no cassette {place!r}", hint="`capdraft cassettes status` lists them."
            )
        found |= dict.fromkeys(_below(path) if path.is_dir() else [path])
    return list(found)


def _below(folder: Path) -> Iterator[Path]:
    files = (path for suffix in ("yaml", "yml") for path in folder.rglob(f"*.{suffix}"))
    return iter(sorted(path for path in files if path.is_file()))


def name_of(workspace: Workspace, path: Path) -> str:
    """Return how a cassette is called: its path below cassettes/ without suffix, else its path."""
    home = workspace.root / FOLDER
    place = path.resolve()
    if place.is_relative_to(home) and place.suffix == ".yaml":
        return place.relative_to(home).with_suffix("").as_posix()
    return workspace.uri(path)


async def stand(
    path: Path,
    workspace: Workspace,
    settings: Settings,
    *,
    fetch: bool = False,
    large: int = LARGE,
) -> Standing:
    """Return how the cassette at `path` stands; addresses and files elsewhere only if `fetch`."""
    name, size = name_of(workspace, path), path.stat().st_size
    standing = Standing(path, name, "unused", size)
    note: Note | None = None
    try:
        note = note_of(path)
        with use_cassette(path, "none") as session:
            recorded = session.first_request()
    except CassetteInvalid as error:
        line = error.where.removeprefix(f"{path}").removeprefix(":")
        cause = Cause("reading", f"line {line}: {error.message}" if line else error.message)
        note = note or note_at_head(path)
        return replace(standing, state="unreadable", note=note, causes=(cause,))
    standing = replace(standing, note=note, model=recorded.model if recorded else None)
    if note is not None:
        use = Use.of(path, workspace, settings, note, fetch=fetch)
        standing = await _played(standing, use)
    return _sized(standing, large)


def _sized(standing: Standing, large: int) -> Standing:
    if standing.size <= large:
        return standing
    told = f"{standing.size / 1e3:,.0f} kB, more than {large / 1e3:,.0f} kB"
    state: State = "large" if standing.state == "current" else standing.state
    return replace(standing, state=state, causes=(*standing.causes, Cause("size", told)))


async def _played(standing: Standing, use: Use) -> Standing:
    away = use.away()
    if away:
        told = f"its documents are not here: {', '.join(away)}"
        return replace(standing, state="unknown", causes=(Cause("document", told),))
    replay = Replay(use.settings)
    try:
        now = use.now()
        with tempfile.TemporaryDirectory() as ledger:
            await use.ask(standing.path, replay, Path(ledger), replay=replay)
    except CassetteMismatch as error:
        differs = difference(error)
        if differs is None:
            return _stale(standing, Cause("reading", error.message))
        why = causes(use.note, now, differs, use.templates, use.workspace.root)
        return _stale(standing, *why, lines=differs.lines)
    except AnswerError as error:
        return _stale(standing, Cause("answer", f"its answer can't be used: {error.message}"))
    except DraftStaleError as error:
        return _stale(standing, Cause("draft", str(error)))
    except CapdraftError as error:
        kind: Kind = "prompt" if isinstance(error, PromptError) else "document"
        return _stale(standing, Cause(kind, str(error)))
    unasked = replay.unused(standing.path)
    if unasked:
        told = f"{unasked} of its answers {'is' if unasked == 1 else 'are'} not asked for any more"
        return _stale(standing, Cause("reading", told))
    return replace(standing, state="current")


def _stale(standing: Standing, *why: Cause, lines: tuple[str, ...] = ()) -> Standing:
    return replace(standing, state="stale", causes=why, lines=lines)


class Replay:
    """Opens cassettes to be played, as their models were asked; a request that differs fails."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._sessions: dict[Path, CassetteSession] = {}

    def unused(self, path: Path) -> int:
        """Return how many answers of a cassette nobody asked for."""
        return self._sessions[path].unused if path in self._sessions else 0

    @asynccontextmanager
    async def __call__(self, path: Path) -> AsyncIterator[tuple[Endpoint, Terms]]:
        from capdraft.client.openai_endpoint import OpenAIEndpoint

        model = self._settings.model
        with use_cassette(path, "none") as session:
            self._sessions[path] = session
            recorded = session.first_request() or RecordedRequest("", "http://127.0.0.1")
            chosen = choose_endpoint(
                self._settings, {}, model=recorded.model, base_url=recorded.base_url
            )
            way = model.structured_output
            shape = Shape(WAYS[0]) if way == "auto" else Shape(way, fixed=True)
            terms = Terms(
                recorded.model,
                chosen.shown_url,
                shape,
                parameters=model.parameters,
                reuse=False,
                played=True,
            )
            async with OpenAIEndpoint(chosen, timeout=model.timeout, max_wait=1) as endpoint:
                yield endpoint, terms
