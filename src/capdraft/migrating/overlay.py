"""A workspace's texts as they will be: what is converted hides what stands in the files."""

from __future__ import annotations

from capdraft.errors import StoreError
from capdraft.text import sha256
from capdraft.workspace import Store, Stored


class Overlay:
    """A store that reads converted texts before those of another store. It writes no files."""

    def __init__(self, below: Store) -> None:
        self._below = below
        self._texts: dict[str, str] = {}

    def put(self, name: str, text: str) -> None:
        """Have `name` read as `text`."""
        self._texts[name] = text

    def list(self, folder: str) -> list[str]:
        """Return the names of the entries right below `folder`, sorted."""
        return self._below.list(folder)

    def read(self, name: str) -> Stored | None:
        """Return the text called `name`, or None if there is none."""
        if name in self._texts:
            return Stored(self._texts[name], sha256(self._texts[name]))
        return self._below.read(name)

    def append(self, name: str, line: str) -> None:  # noqa: ARG002
        """Refuse: what is converted is written by the plan."""
        raise StoreError("is only looked at", where=name)

    def replace(self, name: str, text: str, *, if_sha256: str | None) -> None:  # noqa: ARG002
        """Refuse: what is converted is written by the plan."""
        raise StoreError("is only looked at", where=name)
