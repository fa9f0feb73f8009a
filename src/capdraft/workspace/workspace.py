"""A workspace's records: found, read and written by name, each checked against its schema."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from capdraft.errors import Busy, FileChanged, FileInvalid, NotFound, NoWorkspace, StoreError
from capdraft.records import CatalogEntry, Decision, Proposal, Withdrawal
from capdraft.text import check_slug, is_slug
from capdraft.workspace.naming import first_of, meant
from capdraft.workspace.parsing import (
    catalog_entry,
    dump_entry,
    dump_said,
    parse_json,
    toml,
    validated,
)
from capdraft.workspace.proposal_file import dump_proposal
from capdraft.workspace.read_only import is_read_only, way_out
from capdraft.workspace.store import FileStore, Store, Stored

SETTINGS_FILE = "capdraft.toml"
_NUMBERED = re.compile(r"(\d{4,})\.toml")
W = TypeVar("W", Decision, Withdrawal)


@lru_cache(maxsize=16)
def _parsed(text: str, name: str) -> Proposal:
    """Return what a proposal file holds, read once: TOML takes ten times as long as JSON."""
    return validated(Proposal, toml(text, name), name)


@dataclass(frozen=True, slots=True)
class StoredProposal:
    """A proposal with its place: `name` is its file, `number` its number within the artifact."""

    name: str
    number: str
    text: str
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """A catalog entry and its file as they were read; both None where there is none."""

    entry: CatalogEntry | None
    stored: Stored | None


class Workspace:
    """The proposals, decisions and catalog entries of one workspace."""

    def __init__(self, root: Path, store: Store | None = None) -> None:
        self.root = root.resolve()
        self.store: Store = store or FileStore(root)
        self._deciding = threading.Lock()

    @classmethod
    def find(cls, start: Path | None = None) -> Workspace:
        """Return the workspace that `start` (else the current folder) lies in.

        Raises:
            NoWorkspace: neither it nor a folder above it holds capdraft.toml.
        """
        here = (start or Path()).resolve()
        for folder in (here, *here.parents):
            if (folder / SETTINGS_FILE).is_file():
                return cls(folder)
        raise NoWorkspace(
            f"no {SETTINGS_FILE} in {here} or above it",
            hint="Make a workspace here with `capdraft init`, or name one with --workspace DIR.",
        )

    def uri(self, path: Path) -> str:
        """Return the URI of a local file: its path from the workspace's folder."""
        return Path(os.path.relpath(path.resolve(), self.root)).as_posix()

    def settings_text(self) -> Stored | None:
        """Return the text of capdraft.toml, or None if the workspace has none."""
        return self.store.read(SETTINGS_FILE)

    def artifacts(self) -> list[str]:
        """Return the slugs that have a proposal, sorted."""
        names = self.store.list("reviews")
        return [name for name in names if is_slug(name) and self.proposals(name)]

    def proposals(self, slug: str) -> list[str]:
        """Return the numbers of an artifact's proposals, oldest first."""
        names = self.store.list(f"reviews/{check_slug(slug)}")
        numbers = [match.group(1) for name in names if (match := _NUMBERED.fullmatch(name))]
        return sorted(numbers, key=int)

    def read_proposal(self, slug: str, number: str | None = None) -> StoredProposal:
        """Return a proposal, the newest if no number is given.

        Raises:
            NotFound: the artifact has no such proposal.
            FileInvalid: its file isn't what its schema says.
        """
        numbers = self.proposals(slug)
        if not numbers or (number is not None and number not in numbers):
            known = numbers or self.artifacts()
            listed = "Its proposals" if numbers else "Artifacts with a proposal"
            raise NotFound(
                f"there is no proposal {number or ''}".rstrip() + f" for {slug!r}",
                hint=(meant(slug, known) if not numbers else "")
                or f"{listed}: {first_of(known)}. `capdraft draft SOURCE` makes one.",
            )
        number = number or numbers[-1]
        name = f"reviews/{slug}/{number}.toml"
        stored = self.store.read(name)
        if stored is None:
            raise NotFound(f"{name} is gone")
        proposal = _parsed(stored.text, name)
        if proposal.artifact.slug != slug:
            raise FileInvalid(f"is about {proposal.artifact.slug!r}, not {slug!r}", where=name)
        return StoredProposal(name, number, stored.text, proposal)

    @contextmanager
    def drafting(self, slug: str) -> Iterator[None]:
        """Hold an artifact while it is drafted.

        Raises:
            Busy: another run holds it.
        """
        from filelock import FileLock, Timeout

        path = self.root / f".capdraft/drafting/{check_slug(slug)}.lock"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(path, blocking=False, thread_local=False)
            lock.acquire()
        except Timeout as error:
            raise Busy(
                f"another run is drafting {slug!r} in this workspace", hint="Wait until it is done."
            ) from error
        except OSError as error:
            raise StoreError(
                f"can't be written: {error.strerror}", where=str(path), hint=way_out(error)
            ) from error
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def deciding(self) -> Iterator[None]:
        """Hold the workspace while a decision is taken on what the others decided before.

        Raises:
            Busy: another process has held it for ten seconds.
        """
        from filelock import FileLock, Timeout

        path = self.root / ".capdraft/deciding.lock"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Threads wait in line here: a file lock that is taken is only looked at now and then.
            with self._deciding, FileLock(path, timeout=10, poll_interval=0.005):
                yield
        except Timeout as error:
            raise Busy(
                "another process is deciding in this workspace", hint="Try it again."
            ) from error
        except OSError as error:
            if not is_read_only(path):
                raise
            raise StoreError(
                f"can't be written: {error.strerror}", where=str(path), hint=way_out(error)
            ) from error

    def add_proposal(self, proposal: Proposal) -> StoredProposal:
        """Write `proposal` under the next free number of its artifact."""
        slug, text = proposal.artifact.slug, dump_proposal(proposal)
        while True:
            last = int((self.proposals(slug) or ["0"])[-1])
            number = f"{last + 1:04d}"
            name = f"reviews/{slug}/{number}.toml"
            try:
                self.store.replace(name, text, if_sha256=None)
            except FileChanged:
                continue  # another run took this number; take the next
            return StoredProposal(name, number, text, proposal)

    def decisions(self, slug: str) -> list[Decision]:
        """Return every decision on an artifact, oldest first."""
        return self._said(Decision, f"reviews/{check_slug(slug)}/decisions")

    def withdrawals(self, slug: str) -> list[Withdrawal]:
        """Return what was withdrawn of an artifact and restored, oldest first."""
        return self._said(Withdrawal, f"reviews/{check_slug(slug)}/withdrawals")

    def _said(self, model: type[W], folder: str) -> list[W]:
        """Return what reviewers appended to their files in `folder`, oldest first."""
        found: list[W] = []
        for entry in self.store.list(folder):
            if entry.endswith(".jsonl"):
                found += self._said_by(entry.removesuffix(".jsonl"), model, f"{folder}/{entry}")
        return sorted(found, key=lambda item: item.time)

    def _said_by(self, reviewer: str, model: type[W], name: str) -> list[W]:
        stored = self.store.read(name)
        found = []
        for number, line in enumerate(stored.text.split("\n") if stored else [], 1):
            if not line.strip():
                continue
            where = f"{name}:{number}"
            item = validated(model, parse_json(line, where), where)
            if item.reviewer != reviewer:
                what = model.__name__.lower()
                raise FileInvalid(f"a {what} of {item.reviewer!r} in this file", where=where)
            found.append(item)
        return found

    def append_decision(self, slug: str, decision: Decision) -> None:
        """Add a decision to its reviewer's file."""
        self._append(f"reviews/{check_slug(slug)}/decisions", decision)

    def append_withdrawal(self, slug: str, withdrawal: Withdrawal) -> None:
        """Add a withdrawal or a restore to its reviewer's file."""
        self._append(f"reviews/{check_slug(slug)}/withdrawals", withdrawal)

    def _append(self, folder: str, said: Decision | Withdrawal) -> None:
        self.store.append(f"{folder}/{said.reviewer}.jsonl", dump_said(said))

    def catalog(self) -> list[str]:
        """Return the slugs that have a catalog entry, sorted."""
        names = [name.removesuffix(".json") for name in self.store.list("catalog")]
        return [name for name in names if is_slug(name)]

    def read_entry(self, slug: str) -> StoredEntry:
        """Return an artifact's catalog entry as readers may see it; None where it has none.

        Of a withdrawn artifact it holds no records.

        Raises:
            FileInvalid: its file isn't what its schema says, or was changed by hand.
        """
        found = self.read_entry_as_is(slug)
        if found.entry is None:
            return found
        if found.entry.withdrawn:
            bare = found.entry.model_copy(update={"documents": (), "capabilities": ()})
            return StoredEntry(bare, found.stored)
        if broken := found.entry.broken_seals():
            raise FileInvalid(
                f"{', '.join(broken)}: not what was approved, the file was changed by hand",
                where=f"catalog/{slug}.json",
                hint=f"`capdraft merge {slug}` shows what changed, and how to keep or discard it.",
            )
        return found

    def read_entry_as_is(self, slug: str) -> StoredEntry:
        """Return what stands in an artifact's catalog file, whoever wrote it: not for readers.

        Raises:
            FileInvalid: its file isn't what its schema says.
        """
        stored = self.store.read(f"catalog/{check_slug(slug)}.json")
        if stored is None:
            return StoredEntry(None, None)
        return StoredEntry(catalog_entry(stored.text, slug), stored)

    def write_entry(self, entry: CatalogEntry, before: StoredEntry) -> bool:
        """Replace the catalog entry `before`; return whether that changed the file.

        Raises:
            FileChanged: someone else wrote it since `before` was read.
        """
        name = f"catalog/{entry.artifact.slug}.json"
        text = dump_entry(entry)
        if before.stored and before.stored.text == text:
            return False
        self.store.replace(name, text, if_sha256=before.stored.sha256 if before.stored else None)
        return True
