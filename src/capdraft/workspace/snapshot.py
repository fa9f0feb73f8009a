"""What a commit has of a workspace's files, to be read like the files themselves."""

from __future__ import annotations

from capdraft.errors import FileInvalid, StoreError
from capdraft.text import sha256
from capdraft.workspace.repository import Repository
from capdraft.workspace.store import Stored


class Snapshot:
    """A store of what a commit has below `reviews` and `catalog`. It can't be written to."""

    def __init__(self, repository: Repository, commit: str | None) -> None:
        self._repository = repository
        self._files = repository.files(commit, ("reviews", "catalog"))
        self._entries: dict[str, set[str]] = {}
        for name in self._files:
            folder, slash, entry = name.rpartition("/")
            while slash:
                self._entries.setdefault(folder, set()).add(entry)
                folder, slash, entry = folder.rpartition("/")

    def list(self, folder: str) -> list[str]:
        """Return the names of the entries right below `folder`, sorted."""
        return sorted(self._entries.get(folder, ()))

    def read(self, name: str) -> Stored | None:
        """Return the text called `name`, or None if there is none."""
        if name not in self._files:
            return None
        raw = self._repository.blob(self._files[name])
        try:
            return Stored(raw.decode("utf-8"), sha256(raw))
        except UnicodeDecodeError as error:
            raise FileInvalid("isn't UTF-8", where=name) from error

    def append(self, name: str, line: str) -> None:  # noqa: ARG002
        """Refuse: a commit never changes."""
        raise StoreError("a commit can't be written to", where=name)

    def replace(self, name: str, text: str, *, if_sha256: str | None) -> None:  # noqa: ARG002
        """Refuse: a commit never changes."""
        raise StoreError("a commit can't be written to", where=name)
