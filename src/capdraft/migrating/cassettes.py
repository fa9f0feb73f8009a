"""Cassettes: YAML with a version of its own, and a note at its head."""

from __future__ import annotations

import re

from capdraft.client.cassettes.format import VERSION, NotACassette, deserialize, read_note
from capdraft.errors import CapdraftError
from capdraft.migrating.files import File
from capdraft.records.formats import UPGRADE
from capdraft.workspace import Workspace

_VERSION = re.compile(r"^version: (\d+)$", re.MULTILINE)


def look_at_cassette(workspace: Workspace, name: str) -> File:
    """Return how a cassette stands; one without a note is played as any other."""
    shown = f"cassette version {VERSION}"
    try:
        stored = workspace.store.read(name)
        text = stored.text if stored else ""
        found = _VERSION.search(text)
        if found and int(found[1]) > VERSION:
            newer = f"cassette version {found[1]}"
            return File(name, "cassette", newer, "newer", hint=UPGRADE)
        deserialize(text)
        read_note(text)
    except (NotACassette, CapdraftError) as error:
        return File(name, "cassette", shown, "unreadable", why=str(error))
    return File(name, "cassette", shown, "current")
