"""The index of a workspace: it reads what changed, and answers for everything that shows it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from itertools import islice

from capdraft.reviewing.index import records
from capdraft.reviewing.index.database import INDEX
from capdraft.reviewing.index.many import Read, read_many
from capdraft.reviewing.index.queries import Questions
from capdraft.reviewing.index.reading import Terms, read_artifact
from capdraft.reviewing.index.stamps import TICK, artifact_folders, document_marks, own_marks
from capdraft.reviewing.index.tallies import Tallies
from capdraft.reviewing.index.wanted import (
    Claim,
    Facets,
    IndexedArtifact,
    Judged,
    Taken,
    Waiting,
    Wanted,
    storable,
)
from capdraft.reviewing.index.writing import remove_artifact, write_reading
from capdraft.reviewing.targets import Target
from capdraft.workspace import Workspace
from capdraft.workspace.local_database import Database

ANYTHING = Wanted()
GROUP = 50
"""Artifacts that are written at once: pages and decisions wait no longer than that takes."""
CLAIMED = 300.0
"""Seconds until a claim expires."""

Told = Callable[[int, int], None]


class QueueIndex:
    """A cache in `.capdraft/review.sqlite3`: without it nothing is lost but claims.

    Threads may share it, and processes its file. It answers as of the last refresh.
    `severities` are those of the rules, instead of capdraft.toml's. `tick` is how many seconds two
    changes of one file may look like one: what changed so lately is read again.
    """

    def __init__(
        self,
        workspace: Workspace,
        severities: Mapping[str, str] | None = None,
        *,
        tick: float = TICK,
    ) -> None:
        self.workspace = workspace
        self._severities = severities
        self._tick = tick
        self._database = Database(workspace.root, INDEX)
        self._tallies = Tallies()
        self._refreshing = threading.Lock()

    def refresh(self, slugs: Iterable[str] | None = None, told: Told | None = None) -> int:
        """Read what changed since it was read, all or of `slugs`; return how many artifacts.

        The newest are read first, and can be asked for while the others are read. `told` hears how
        many are done, and of how many.

        Raises:
            SettingsError: capdraft.toml can't be read.
            StoreError: the index can't be written.
        """
        with self._refreshing:
            terms = self._terms()
            changed, gone = self._changed(None if slugs is None else set(slugs), terms)
            if gone:
                with self._database.writing() as database:
                    for slug in gone:
                        remove_artifact(database, slug)
            done = 0
            with closing(read_many(self.workspace.root, changed, terms)) as reads:
                while group := list(islice(reads, GROUP)):
                    self._write(group, terms)
                    done += len(group)
                    if told is not None:
                        told(done, len(changed))
            return done

    def refresh_one(self, slug: str) -> None:
        """Read one artifact anew, so that the next answer is true of it.

        Raises:
            SettingsError: capdraft.toml can't be read.
            StoreError: the index can't be written.
        """
        terms = self._terms()
        self._write([(slug, read_artifact(self.workspace.root, slug, terms))], terms)

    def _terms(self) -> Terms:
        return Terms.of(self.workspace, self._severities, self._tick)

    def _write(self, reads: Sequence[Read], terms: Terms) -> None:
        with self._database.writing() as database:
            for read in reads:
                write_reading(database, self.workspace.root, read, terms)

    def _changed(self, slugs: set[str] | None, terms: Terms) -> tuple[list[str], list[str]]:
        """Return the artifacts to read, the newest first, and those that are gone."""
        root = self.workspace.root
        with self._database.reading() as database:
            known = dict(records.known(database, slugs))
        changed: list[tuple[int, str]] = []
        found = artifact_folders(root)
        for slug in found if slugs is None else slugs.intersection(found):
            own = own_marks(root, slug)
            if own is None:
                continue
            stamp, sure, paths = known.pop(slug, ("", False, []))
            if not sure or (own + document_marks(root, paths)).stamp(terms.key) != stamp:
                changed.append((own.newest, slug))
        return [slug for _, slug in sorted(changed, reverse=True)], list(known)

    @contextmanager
    def _asking(self) -> Iterator[Questions]:
        with self._database.reading() as database:
            yield Questions(database, self._tallies)

    def page(
        self, wanted: Wanted = ANYTHING, offset: int = 0, limit: int | None = 50
    ) -> list[Waiting]:
        """Return the fields that are wanted from `offset` on, the riskiest first.

        Errors come before warnings and those before what no rule found, comparisons before other
        fields, and the oldest first.
        """
        with self._asking() as ask:
            return ask.page(wanted, offset, limit)

    def count(self, wanted: Wanted = ANYTHING) -> int:
        """Return how many fields are wanted."""
        with self._asking() as ask:
            return ask.count(wanted)

    def facets(self, wanted: Wanted = ANYTHING) -> Facets:
        """Return how many fields each value of each filter would leave."""
        with self._asking() as ask:
            return ask.facets(wanted)

    def after(
        self,
        of: Waiting | Target,
        wanted: Wanted = ANYTHING,
        *,
        skip_claimed_for: str | None = None,
    ) -> Waiting | None:
        """Return the wanted field behind `of`, which need not be wanted itself any more.

        Give the `Waiting` that was shown: an edit may have moved the field itself. The first of
        all comes after what the index doesn't know. What others than `skip_claimed_for` hold is
        passed over.
        """
        return self._beside(of, wanted, skip_claimed_for, forwards=True)

    def before(
        self,
        of: Waiting | Target,
        wanted: Wanted = ANYTHING,
        *,
        skip_claimed_for: str | None = None,
    ) -> Waiting | None:
        """Return the wanted field before `of`; the rest is as in `after`."""
        return self._beside(of, wanted, skip_claimed_for, forwards=False)

    def _beside(
        self, of: Waiting | Target, wanted: Wanted, who: str | None, *, forwards: bool
    ) -> Waiting | None:
        with self._asking() as ask:
            place = ask.place_of(of)
            if place is None and not forwards:
                return None
            unclaimed = None if who is None else (storable(who), time.time())
            return ask.beside(place, wanted, forwards=forwards, unclaimed=unclaimed)

    def knows(self, target: Target) -> bool:
        """Tell whether there is such a field in a newest proposal."""
        with self._asking() as ask:
            return ask.place_of(target) is not None

    def position(self, of: Waiting | Target, wanted: Wanted = ANYTHING) -> tuple[int, int]:
        """Return the place of a field among those wanted, from 1 on, and how many those are.

        A field that the index doesn't know has the place 0.
        """
        with self._asking() as ask:
            return ask.position(of, wanted)

    def artifacts(
        self, offset: int = 0, limit: int = 50, words: str = "", *, broken: bool = False
    ) -> list[IndexedArtifact]:
        """Return artifacts by slug, those that hold all `words`, or only those that are broken."""
        with self._database.reading() as database:
            return records.artifacts(database, offset, limit, words, broken=broken)

    def slugs(self) -> set[str]:
        """Return the slugs of all artifacts that the index holds."""
        with self._database.reading() as database:
            return {slug for (slug,) in database.execute("select slug from artifacts")}

    def count_artifacts(self, words: str = "", *, broken: bool = False) -> int:
        """Return how many artifacts `artifacts` would list."""
        with self._database.reading() as database:
            return records.count_artifacts(database, words, broken=broken)

    def last_action(self, reviewer: str) -> list[Taken]:
        """Return a reviewer's newest decision that stands, or the whole bulk that it belongs to."""
        with self._database.reading() as database:
            return records.last_action(database, reviewer)

    def recent(
        self,
        limit: int = 50,
        offset: int = 0,
        *,
        reviewer: str | None = None,
        slug: str | None = None,
    ) -> list[Taken]:
        """Return decisions, the newest first; those that were taken back and undoings too."""
        with self._database.reading() as database:
            return records.recent(database, limit, offset, reviewer, slug)

    def judged(self, since: datetime | None = None) -> list[Judged]:
        """Return the decisions since then, those of an artifact oldest first; no undoings."""
        with self._database.reading() as database:
            return records.judged(database, since.timestamp() if since else float("-inf"))

    def revision(self) -> int:
        """Return what is another number after each change, but for claims."""
        with self._database.reading() as database:
            return int(database.execute("select revision from meta").fetchone()[0])

    def claim(self, target: Target, who: str, seconds: float = CLAIMED) -> str | None:
        """Claim a field for a while; return who else holds it, or None if it is `who`'s now."""
        now = time.time()
        with self._database.writing() as database:
            return records.claim(database, target, who, now, now + seconds)

    def release(self, target: Target, who: str) -> None:
        """Give a claimed field back."""
        with self._database.writing() as database:
            records.release(database, target, who)

    def claims(self) -> list[Claim]:
        """Return the claims that have not expired."""
        with self._database.reading() as database:
            return records.claims(database, time.time())
