"""Find the capabilities of the catalog that meet a need, by words and by embeddings.

The two rankings are fused by reciprocal rank: a result's score is the sum of 1 / (60 + its place)
over the rankings that have it (Cormack, Clarke and Büttcher, SIGIR 2009). Where embeddings have a
say, a record that has only a small share of a need's words is not ranked by them: it would count
as much as one that fits.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from capdraft.errors import AnswerError, CapdraftError, EndpointError, StoreError
from capdraft.records import CatalogEntry, Record
from capdraft.searching.answers import Answer, Result, Scores
from capdraft.searching.embedding import Embedder
from capdraft.searching.explaining import Explainer
from capdraft.searching.index import Refreshed, SearchIndex
from capdraft.searching.lexical import Hit, rank_by_words
from capdraft.searching.reading import read_need
from capdraft.searching.rows import rows_of
from capdraft.searching.vectors import MOST_EXACT, Vectors
from capdraft.text import one_line, sha256
from capdraft.workspace import Workspace

FUSED_FROM = 60
"""The constant of reciprocal rank fusion, as its authors set it."""
ENOUGH = 0.5
"""Share of what a need tells, which a record must have to be ranked by words beside embeddings."""
DEPTH = 100
"""Places of each ranking that are fused."""
LONGEST_NEED = 1_000
"""Characters of a need that are read."""

Notify = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _Ranked:
    """A record with its places in the two rankings."""

    hit: Hit
    scores: Scores


class Search:
    """Searches one workspace. Threads may share it."""

    def __init__(
        self,
        workspace: Workspace,
        embedder: Embedder | None = None,
        why_words_alone: str | None = None,
        *,
        notify: Notify = lambda _: None,
        most_exact: int = MOST_EXACT,
    ) -> None:
        self.workspace, self.index = workspace, SearchIndex(workspace)
        self._embedder, self._why, self._notify = embedder, why_words_alone, notify
        self._most_exact = most_exact

    def refresh(self) -> Refreshed:
        """Read what changed in the catalog; tell of what can't be read, and go on.

        Raises:
            StoreError: the index can't be written.
        """
        done = self.index.refresh()
        for problem in done.problems:
            self._notify(f"left out: {problem}")
        return done

    def find(self, need: str, *, type_: str | None = None, limit: int = 10) -> Answer:
        """Return the best `limit` capabilities for a need, whatever it holds.

        It answers as of the last refresh. Where no embedding can be had, words alone count.

        Raises:
            StoreError: the index can't be read.
        """
        need = one_line(need)[:LONGEST_NEED]
        vector, why = self._vector(need)
        with self.index.database.reading() as database:
            words = read_need(database, self.index.stemmer, need)
            by_words = rank_by_words(database, words, type_)
            by_meaning: list[Hit] = []
            if vector is not None and self._embedder is not None:
                vectors = self._embedder.vectors(self.workspace.root)
                by_meaning = self._nearest(database, vectors, vector, by_words, type_)
                by_words = [hit for hit in by_words if hit.share >= ENOUGH]
            (records,) = database.execute("select records from totals").fetchone()
        explainer = Explainer(words, records, self.index.stemmer)
        found = self._results(fuse(by_words, by_meaning), explainer, limit)
        return Answer(
            need=need,
            ways=("words",) if vector is None else ("words", "embeddings"),
            why_words_alone=why,
            results=tuple(found),
        )

    def _vector(self, need: str) -> tuple[Sequence[float] | None, str | None]:
        """Return the need's embedding, else None and the reason."""
        if self._embedder is None:
            return None, self._why
        try:
            self._embed_records(self._embedder)
            return self._embedder.need(need), None
        except (EndpointError, AnswerError, StoreError) as error:
            return None, str(error)

    def _embed_records(self, embedder: Embedder) -> None:
        """Have the records embedded that never were."""
        vectors = embedder.vectors(self.workspace.root)
        known = vectors.rows()
        with self.index.database.reading() as database:
            rows = database.execute("select distinct slug, text_sha256 from records").fetchall()
        slugs = dict.fromkeys(slug for slug, key in rows if key not in known)
        if not slugs:
            return
        entries = (self.workspace.read_entry(slug).entry for slug in slugs)
        texts = (row.said for entry in entries if entry for row in rows_of(entry))
        wanted = [text for text in dict.fromkeys(texts) if sha256(text) not in known]
        if wanted:
            self._notify(f"asking {embedder.model} for the embeddings of {len(wanted)} records …")
            embedder.texts(
                wanted, lambda batch, found: vectors.add([sha256(text) for text in batch], found)
            )

    def _nearest(
        self,
        database: sqlite3.Connection,
        vectors: Vectors,
        need: Sequence[float],
        by_words: Sequence[Hit],
        type_: str | None,
    ) -> list[Hit]:
        """Return the records that mean most nearly the need: of a large catalog, of `by_words`."""
        rows = vectors.rows()
        select = "select id, slug, capability, text_sha256 from records"
        (records,) = database.execute("select records from totals").fetchone()
        if records > self._most_exact:
            one = f"{select} where id = ?"
            stored: list[tuple[int, str, str, str]]
            stored = [row for hit in by_words for row in database.execute(one, (hit.id,))]
        elif type_ is None:
            stored = database.execute(select).fetchall()
        else:
            stored = database.execute(f"{select} where type = ?", (type_,)).fetchall()
        held = [row for row in stored if row[3] in rows]
        nearest = vectors.nearest(need, [rows[row[3]] for row in held], DEPTH)
        return [Hit(*held[place][:3], score) for place, score in nearest]

    def _results(
        self, ranked: Sequence[_Ranked], explainer: Explainer, limit: int
    ) -> Iterator[Result]:
        """Yield what the catalog still has of what was found."""
        place = 0
        read = lru_cache(maxsize=None)(self._entry)
        for item in ranked:
            entry = read(item.hit.slug)
            record = _record(entry, item.hit.capability)
            if place == limit:
                return
            if entry is not None and record is not None:
                place += 1
                yield _result(place, entry, record, item.scores, explainer)

    def _entry(self, slug: str) -> CatalogEntry | None:
        try:
            return self.workspace.read_entry(slug).entry
        except CapdraftError:
            return None  # it broke since it was indexed: the next refresh tells


def _record(entry: CatalogEntry | None, capability: str) -> Record | None:
    records = entry.capabilities if entry else ()
    return next((record for record in records if record.id == capability), None)


def _result(
    place: int, entry: CatalogEntry, record: Record, scores: Scores, explainer: Explainer
) -> Result:
    return Result(
        place=place,
        artifact=entry.artifact.slug,
        artifact_name=entry.artifact.name,
        type=entry.artifact.type,
        capability=record.id,
        capability_name=record.name,
        description=record.description.text,
        words=explainer.matched(entry, record),
        intent=explainer.intent(record),
        passage=explainer.passage(entry, record),
        scores=scores,
    )


def fuse(by_words: Sequence[Hit], by_meaning: Sequence[Hit]) -> list[_Ranked]:
    """Return the records of both rankings, the best first by the sum of their reciprocal ranks."""
    hits = {hit.id: hit for hit in (*by_meaning[:DEPTH], *by_words[:DEPTH])}
    words = {hit.id: (place, hit.score) for place, hit in enumerate(by_words[:DEPTH], 1)}
    meaning = {hit.id: (place, hit.score) for place, hit in enumerate(by_meaning[:DEPTH], 1)}
    ranked = [_Ranked(hit, _scores(words.get(key), meaning.get(key))) for key, hit in hits.items()]
    return sorted(ranked, key=lambda item: (-item.scores.fused, item.hit.slug, item.hit.capability))


def _scores(words: tuple[int, float] | None, meaning: tuple[int, float] | None) -> Scores:
    places = [found[0] for found in (words, meaning) if found]
    return Scores(
        words_rank=words[0] if words else None,
        words=round(words[1], 4) if words else None,
        embedding_rank=meaning[0] if meaning else None,
        similarity=round(meaning[1], 4) if meaning else None,
        fused=round(sum(1 / (FUSED_FROM + place) for place in places), 6),
    )
