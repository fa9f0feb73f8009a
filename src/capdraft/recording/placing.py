"""Where the paths of a note count from: the workspace that the cassette's folder belongs to."""

from __future__ import annotations

from pathlib import Path

from capdraft.client.cassettes import Note, NotedSource
from capdraft.errors import NoWorkspace
from capdraft.sources.addresses import is_address
from capdraft.workspace import Workspace


def home_of(cassette: Path, workspace: Workspace) -> Workspace:
    """Return the nearest workspace around a cassette's folder, else `workspace`."""
    try:
        found = Workspace.find(cassette.parent)
    except NoWorkspace:
        return workspace
    return workspace if found.root == workspace.root else found


def placed(note: Note, workspace: Workspace, cassette: Path) -> Note:
    """Return a note made in `workspace` with paths from the cassette's own, and its prompts."""
    home = home_of(cassette, workspace)
    if home.root == workspace.root:
        return note
    sources = tuple(moved(item, note, workspace, home) for item in note.sources)
    prompts = home.uri(workspace.root / (note.prompts or ""))
    return note.model_copy(update={"sources": sources, "prompts": prompts})


def moved(item: NotedSource, note: Note, start: Workspace, home: Workspace) -> NotedSource:
    """Return a source of a note with paths from `home` instead of from `start`.

    The documents of gold are named from the folder of their case.
    """
    if start.root == home.root:
        return item

    def path(place: str) -> str:
        return place if is_address(place) else home.uri(start.root / place)

    documents = item.documents
    if not note.by.startswith("evaluate"):
        documents = tuple(d.model_copy(update={"uri": path(d.uri)}) for d in documents)
    return item.model_copy(update={"source": path(item.source), "documents": documents})
