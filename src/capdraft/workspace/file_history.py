"""How the files of a folder were in the git history of the branch that is checked out.

Only the branch's own steps count (first parents): what a merge brought is there from the merge on.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from capdraft.errors import StoreError
from capdraft.workspace.git import failed, git, git_answering
from capdraft.workspace.repository import Repository

_COMMIT = re.compile(r"([0-9a-f]{40,64}) (\d+)")


@dataclass(frozen=True, slots=True)
class FileVersion:
    """A file as a commit left it; `blob` is None where the commit removed it."""

    name: str
    commit: str
    at: datetime
    blob: str | None


class FileHistory:
    """The history of the branch that a workspace's repository has checked out."""

    def __init__(self, repository: Repository) -> None:
        self._folder = repository.folder
        self.head = repository.commit_of("HEAD")

    @classmethod
    def around(cls, folder: Path) -> Self:
        """Return the history of the repository that `folder` lies in.

        Raises:
            UsageProblem: it lies in none, or there is no git.
            StoreError: git refuses to read it.
        """
        return cls(Repository.around(folder))

    def cut_at(self) -> str | None:
        """Return the commit at which a shallow clone cuts the history off, or None."""
        if self._run("rev-parse", "--is-shallow-repository").strip() != b"true":
            return None
        steps = self._run("rev-list", "--first-parent", "HEAD").split()
        return steps[-1].decode() if steps else None

    def goes_on_from(self, commit: str) -> bool:
        """Tell whether `commit` is one of the branch's own steps."""
        steps = self._run("rev-list", "--first-parent", "HEAD") if self.head else b""
        return commit.encode() in steps.split()

    def versions(self, folder: str, since: str | None = None) -> Iterator[FileVersion]:
        """Yield each version of each file below `folder`, oldest first; those after `since`."""
        if self.head is None:
            return
        words = ("log", "-z", "--raw", "--no-abbrev", "--no-renames", "--relative", "--reverse")
        steps = ("--first-parent", "--diff-merges=first-parent", "--format=%H %ct")
        told = self._run(*words, *steps, f"{since}..HEAD" if since else "HEAD", "--", folder)
        parts = (part.lstrip("\n") for part in os.fsdecode(told).split("\0"))
        commit, at = "", datetime.fromtimestamp(0, UTC)
        for part in parts:
            if found := _COMMIT.fullmatch(part):
                commit, at = found[1], datetime.fromtimestamp(int(found[2]), UTC)
            elif part.startswith(":"):
                _, mode, _, blob, _ = part[1:].split()
                is_file = mode.startswith("100")
                yield FileVersion(next(parts), commit, at, blob if is_file else None)

    def _run(self, *words: str) -> bytes:
        done = git(self._folder, *words)
        if done.returncode != 0:
            raise failed(f"`git {words[0]}` failed", done)
        return done.stdout


class Blobs:
    """What git keeps by its id, asked of one process; close it."""

    def __init__(self, folder: Path) -> None:
        self._git = git_answering(folder, "cat-file", "--batch")

    def read(self, blob: str) -> bytes | None:
        """Return the content of `blob`, or None where the repository doesn't have it.

        Raises:
            StoreError: git broke off.
        """
        asked, told = self._git.stdin, self._git.stdout
        assert asked is not None  # noqa: S101 - it was opened with a pipe
        assert told is not None  # noqa: S101
        try:
            asked.write(blob.encode() + b"\n")
            asked.flush()
        except OSError as error:
            raise StoreError(f"`git cat-file` broke off: {error.strerror}") from error
        head = told.readline().split()
        if len(head) != 3:
            return None
        content = told.read(int(head[2]) + 1)
        if head[1] != b"blob" or len(content) != int(head[2]) + 1:
            raise StoreError("`git cat-file` broke off")
        return content[:-1]

    def close(self) -> None:
        """End the process."""
        with self._git:
            if self._git.stdin:
                self._git.stdin.close()
