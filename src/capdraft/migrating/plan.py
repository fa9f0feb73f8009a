"""Every file of a workspace looked at, and those of older forms converted."""

from __future__ import annotations

from dataclasses import dataclass, replace

from capdraft.errors import CapdraftError
from capdraft.migrating.cassettes import look_at_cassette
from capdraft.migrating.databases import convert_database, databases, look_at_database
from capdraft.migrating.files import File, broken, check, formats
from capdraft.migrating.overlay import Overlay
from capdraft.migrating.parts import Part
from capdraft.migrating.places import KINDS, files
from capdraft.migrating.steps import STEPS, Steps, next_step
from capdraft.records.formats import UPGRADE, Format
from capdraft.workspace import Workspace

_MOST = 20
"""Steps that one file may need: more is a step that leaves it as it was."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What was found in a workspace, file by file."""

    files: tuple[File, ...]

    @property
    def to_convert(self) -> list[File]:
        """The files that are written anew."""
        return [file for file in self.files if file.converts]

    @property
    def problems(self) -> list[File]:
        """The files with which somebody has to do something."""
        return [file for file in self.files if file.state in ("stuck", "newer", "unreadable")]


def look(workspace: Workspace, steps: Steps = STEPS) -> Plan:
    """Look at every file of a workspace; nothing is written."""
    overlay = Overlay(workspace.store)
    now = Workspace(workspace.root, overlay)
    found = [
        look_at_cassette(workspace, name)
        if kind == "cassette"
        else _look(Part(kind, name, "", workspace, now), overlay, steps)
        for name, kind in files(workspace.root)
    ]
    return Plan((*found, *(look_at_database(workspace.root, kind) for kind in databases())))


def convert(workspace: Workspace, steps: Steps = STEPS) -> Plan:
    """Convert each file of an older form, whole or not at all, and return what was done.

    Raises:
        Busy: another process is deciding.
        FileChanged: a file was changed meanwhile; those before it are converted.
        StoreError: a file can't be written.
    """
    plan = look(workspace, steps)
    if not plan.to_convert:
        return plan
    with workspace.deciding():
        plan = look(workspace, steps)
        # What is derived is written first: killed in between, the rest is converted as it was.
        for file in reversed(plan.to_convert):
            if file.after:
                workspace.store.replace(file.name, file.after, if_sha256=file.sha256)
            else:
                convert_database(workspace.root, file.name)
    return plan


def _look(part: Part, overlay: Overlay, steps: Steps) -> File:
    kind = KINDS[part.kind]
    shown = str(kind.format)
    try:
        stored = part.before.store.read(part.name)
        if stored is None:
            return File(part.name, part.kind, shown, "unreadable", why="is gone")
        part = replace(part, text=stored.text)
        said = formats(kind, part.name, part.text)
        shown = ", ".join(map(str, sorted(set(said))))
        if newer := _newer(said, kind.format):
            return File(part.name, part.kind, str(newer), "newer", hint=UPGRADE)
        file = File(part.name, part.kind, shown, "current", before=stored.text)
        file = replace(file, sha256=stored.sha256)
        return _settled(file, part, overlay, steps)
    except CapdraftError as error:
        return broken(File(part.name, part.kind, shown, "unreadable"), error)


def _newer(said: list[Format], known: Format) -> Format | None:
    return max((item for item in said if item.number > known.number), default=None)


def _settled(file: File, part: Part, overlay: Overlay, steps: Steps) -> File:
    """Return the file with what its steps make of it; one that can't is the last."""
    done: list[str] = []
    for _ in range(_MOST):
        found = next_step(part, steps)
        if found is None:
            check(part.kind, part.name, part.text)
            return replace(file, state="older", after=part.text) if done else file
        form, step = found
        if not done:
            file = replace(file, format=f"{file.format} ({form})" if step.fits else file.format)
        try:
            part = replace(part, text=step.convert(part))
        except CapdraftError as error:
            after = part.text if done else ""
            return replace(broken(file, error), state="stuck", after=after)
        overlay.put(part.name, part.text)
        done.append(step.does)
        file = replace(file, does=tuple(done))
    raise AssertionError(f"the steps of {part.name} come to no end")
