"""The versions of each artifact's entry: from git, from the site as it is, and the present one.

A version is called by the first twelve digits of the SHA-256 of its file. Its page stays.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from pydantic import ValidationError

from capdraft.errors import StoreError, UsageProblem
from capdraft.publishing.site.changing import Change, change_between
from capdraft.publishing.site.folder import SiteFolder
from capdraft.publishing.site.keeping import Kept
from capdraft.publishing.site.reading import newest_word
from capdraft.publishing.site.withholding import holds, withheld, without
from capdraft.records import CatalogEntry
from capdraft.text import is_slug, sha256
from capdraft.workspace import Workspace
from capdraft.workspace.file_history import Blobs, FileHistory, FileVersion

LENGTH = 12
_FILE = re.compile(r"catalog/([^/]+)\.json")
CUT_OFF = (
    "the clone is shallow: earlier versions are not in it. For all of them fetch the whole "
    "history (git fetch --unshallow; fetch-depth: 0 in GitHub's checkout action)"
)


@dataclass(frozen=True, slots=True)
class Step:
    """When an entry became what; `version` is "" where it was taken away."""

    at: str
    version: str
    dated: bool = True

    @property
    def day(self) -> str:
        """The day on which that was, or nothing where nobody knows."""
        return self.at[:10] if self.dated else ""


@dataclass(frozen=True, slots=True)
class Span:
    """A version, with the days from which and until which the entry read so."""

    version: str
    since: str
    until: str
    """Nothing while it is the present one."""


class Versions:
    """What each artifact's entry was; leave it with `close`."""

    def __init__(self, workspace: Workspace, kept: Kept) -> None:
        self._workspace, self._kept = workspace, kept
        self._folder: SiteFolder | None = None
        self.unread: set[str] = set()
        self._blobs: Blobs | None = None
        self.entry = lru_cache(maxsize=16)(self._entry)

    def close(self) -> None:
        """End the process that reads from git."""
        if self._blobs:
            self._blobs.close()

    def beside(self, folder: SiteFolder, unread: set[str]) -> None:
        """Count the versions that the site has a page of; what is `unread` is not gone."""
        self._folder, self.unread = folder, unread

    def bring_up_to_date(self) -> str:
        """Read what git tells of the catalog since the last time; return what is to be noted.

        Raises:
            StoreError: git can't read its history.
        """
        try:
            history = FileHistory.around(self._workspace.root)
        except UsageProblem:
            self._forget(None, None)
            return ""
        cut = history.cut_at()
        head, before = self._kept.one("select head, cut from past") or (None, None)
        if head != history.head or before != cut:
            fresh = head is None or before != cut or not history.goes_on_from(head)
            if fresh:
                self._forget(None, None)
            for version in history.versions("catalog", None if fresh else head):
                self._add(version, undated=version.commit == cut)
            self._kept.rows.execute("delete from past")
            self._kept.rows.execute("insert into past values (?, ?)", (history.head, cut))
        return CUT_OFF if cut else ""

    def _from_git(self, blob: str) -> bytes | None:
        self._blobs = self._blobs or Blobs(self._workspace.root)
        return self._blobs.read(blob)

    def _forget(self, head: str | None, cut: str | None) -> None:
        self._kept.rows.execute("delete from past")
        self._kept.rows.execute("insert into past values (?, ?)", (head, cut))
        self._kept.rows.execute("delete from steps")

    def _add(self, version: FileVersion, *, undated: bool) -> None:
        """Keep one step of the history; what was no entry then is passed by."""
        named = _FILE.fullmatch(version.name)
        if not named or not is_slug(named[1]):
            return
        slug, content = named[1], None
        if version.blob is not None:
            content = self._known(slug, version.blob)
            if content is None:
                return
        at = version.at.isoformat()
        if undated and version.blob:
            entry = _parsed(slug, self._from_git(version.blob))
            at = (newest_word(entry) if entry else "") or at
        query = "select coalesce(max(place), 0) + 1 from steps where slug = ?"
        (place,) = self._kept.one(query, slug)
        row = (slug, place, at, version.blob)
        self._kept.rows.execute("insert into steps values (?, ?, ?, ?)", row)

    def _known(self, slug: str, blob: str) -> str | None:
        """Return the hash of an entry that git keeps; None if it is none."""
        known = self._kept.one("select sha256 from blobs where blob = ?", blob)
        if known is None:
            raw = self._from_git(blob)
            digest = sha256(raw) if raw is not None else None
            present = self._kept.one("select sha256 from artifacts where slug = ?", slug)
            if digest is not None and (present is None or present[0] != digest):
                digest = digest if _parsed(slug, raw) else None
            known = (digest,)
            self._kept.rows.execute("insert into blobs values (?, ?)", (blob, digest))
        content: str | None = known[0]
        return content

    def slugs(self) -> Iterator[str]:
        """Yield every artifact that git or the catalog ever had."""
        query = "select slug from steps union select slug from artifacts order by 1"
        yield from [slug for (slug,) in self._kept.all(query)]

    def steps(self, slug: str) -> list[Step]:
        """Return what became of an artifact's entry, oldest first."""
        query = (
            "select at, coalesce(substr(sha256, 1, 12), '') from steps left join blobs "
            "using (blob) where slug = ? order by place"
        )
        told = [Step(at, version) for at, version in self._kept.all(query, slug)]
        present = self._kept.one("select sha256, said from artifacts where slug = ?", slug)
        now = present[0][:LENGTH] if present else ""
        known = {now, *(step.version for step in told)}
        for at, version in self._folder.versions(slug) if self._folder else ():
            if version not in known:
                told.insert(sum(step.at < at for step in told), Step(at, version))
        last = told[-1] if told else Step("", "")
        if present and last.version != now:
            told.append(Step(max(last.at, present[1]), now))
        elif last.version and not present and slug not in self.unread:
            told.append(Step(last.at, "", dated=False))
        pairs = pairwise([Step("", ""), *told])
        return [step for before, step in pairs if before.version != step.version]

    def entry_raw(self, slug: str, version: str) -> bytes | None:
        """Return the file of a version, or None where nothing has it any more."""
        stored = self._workspace.store.read(f"catalog/{slug}.json")
        if stored and stored.sha256.startswith(version):
            return stored.text.encode()
        query = (
            "select blob from steps join blobs using (blob) where slug = ? and sha256 like ? || '%'"
        )
        found = self._kept.one(query, slug, version)
        raw = self._from_git(found[0]) if found else None
        if raw is None and self._folder:
            raw = self._folder.version_file(slug, version)
        return raw if raw is not None and sha256(raw).startswith(version) else None

    def withheld(self, slug: str) -> frozenset[str]:
        """Return what of an artifact may not be read any more, by its newest entry."""
        present = self._kept.one("select withheld from artifacts where slug = ?", slug)
        if present:
            return frozenset(json.loads(present[0]))
        named = [step.version for step in self.steps(slug) if step.version]
        last = _parsed(slug, self.entry_raw(slug, named[-1])) if named else None
        return withheld(last) if last else frozenset()

    def withholds(self, slug: str, version: str) -> bool:
        """Tell whether a version has something that may not be read any more."""
        hidden = self.withheld(slug)
        entry = _parsed(slug, self.entry_raw(slug, version)) if hidden else None
        return entry is not None and holds(entry, hidden)

    def _entry(self, slug: str, version: str) -> CatalogEntry | None:
        """Return a version without what may not be read any more."""
        entry = _parsed(slug, self.entry_raw(slug, version)) if version else None
        return without(entry, self.withheld(slug)) if entry else None

    def change(self, slug: str, steps: Sequence[Step], place: int) -> Change:
        """Return what became of an entry with one of its steps."""
        after = steps[place].version
        before = steps[place - 1].version if place else ""
        key = (slug, before if before or not place else "again", after)
        query = "select said from changes where slug = ? and before = ? and after = ?"
        # What may not be read may be in what is known: it is made anew, and not kept.
        hidden = self.withheld(slug)
        known = None if hidden else self._kept.one(query, *key)
        if known:
            return Change.model_validate_json(known[0])
        earlier = (self.entry(slug, step.version) for step in reversed(steps[:place]))
        readable = next((entry for entry in earlier if entry and not entry.withdrawn), None)
        was = self.entry(slug, before)
        away = place > 0 and (not before or bool(was and was.withdrawn))
        change = change_between(readable, self.entry(slug, after), restored=away)
        if not hidden:
            said = change.model_dump_json(exclude_defaults=True)
            row = (*key, said)
            self._kept.rows.execute("insert or replace into changes values (?, ?, ?, ?)", row)
        return change


def spans(steps: Sequence[Step]) -> list[Span]:
    """Return each version once, newest first, from its first day to its last."""
    found: dict[str, Span] = {}
    ends = [step.day for step in steps[1:]] + [""]
    for step, end in zip(steps, ends, strict=True):
        if step.version:
            since = found[step.version].since if step.version in found else step.day
            found[step.version] = Span(step.version, since, end)
    return list(reversed(found.values()))


def _parsed(slug: str, raw: bytes | None) -> CatalogEntry | None:
    """Return the entry that a file holds; what was changed by hand in it counts as none."""
    try:
        entry = CatalogEntry.model_validate_json(raw) if raw is not None else None
    except (ValidationError, StoreError):
        return None
    if entry is None or entry.artifact.slug != slug or entry.broken_seals():
        return None
    return entry
