"""How good searches are: nDCG@10 and recall@10 over needs put by hand, on a made-up catalog.

    python -m benchmarks.relevance
    python -m benchmarks.relevance --embeddings MODEL --base-url http://127.0.0.1:8100/v1

The second measures embeddings alone and both fused as well; `benchmarks/embedding_server.py` can
serve them. The numbers are of the half of the needs that nothing was tuned by.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import click

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from capdraft.searching import Answer, Search, choose_embedder
from capdraft.searching import lexical as ranking
from capdraft.searching.words import Stemmer
from capdraft.settings import SearchSettings, Settings
from relevance_set import Need, entries, measure, needs, write_catalog

Find = Callable[[str], Sequence[str]]


@click.command(help=__doc__)
@click.option("--embeddings", metavar="MODEL")
@click.option("--base-url", metavar="URL")
def main(embeddings: str | None, base_url: str | None) -> None:
    """Print a table."""
    tuned, told = needs()
    print(f"{len(entries())} artifacts, {len(tuned)} needs to tune by, {len(told)} to tell by\n")
    print("| ranked by | nDCG@10 | recall@10 | nDCG@10 of the tuning half |")
    print("|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        workspace = write_catalog(Path(folder), entries())
        search = Search(workspace)
        search.refresh()
        _tell("words", keys_of(search), tuned, told)
        _tell("words, no stemming", keys_of(_without_stems(Path(folder))), tuned, told)
        if embeddings:
            environment = {**os.environ, **({"OPENAI_BASE_URL": base_url} if base_url else {})}
            settings = Settings(search=SearchSettings(embeddings=embeddings))
            both = Search(workspace, *choose_embedder(settings, environment), notify=print)
            both.refresh()
            _tell(f"embeddings of {embeddings}", keys_of(both, by_meaning), tuned, told)
            _tell("both, fused", keys_of(both), tuned, told)


def _without_stems(folder: Path) -> Search:
    plain = folder / "plain"
    plain.mkdir()
    search = Search(write_catalog(plain, entries()))
    search.index.stemmer = _Whole()
    search.refresh()
    return search


class _Whole(Stemmer):
    """A stemmer that leaves words as they are."""

    def _ask(self, words: list[str]) -> list[str]:
        return words


def in_order(answer: Answer) -> list[str]:
    """Return the records of an answer as they were ranked."""
    return [f"{result.artifact}/{result.capability}" for result in answer.results]


def by_meaning(answer: Answer) -> list[str]:
    """Return the records of an answer that embeddings ranked, in their order."""
    ranked = [item for item in answer.results if item.scores.embedding_rank]
    ranked.sort(key=lambda item: item.scores.embedding_rank or 0)
    return [f"{result.artifact}/{result.capability}" for result in ranked]


def keys_of(search: Search, order: Callable[[Answer], list[str]] = in_order) -> Find:
    """Return what looks a need up."""
    depth = 2 * ranking.CANDIDATES
    return lambda need: order(search.find(need, limit=depth))


def _tell(name: str, find: Find, tuned: Sequence[Need], told: Sequence[Need]) -> None:
    gain, recall = measure(find, told)
    print(f"| {name} | {gain:.3f} | {recall:.3f} | {measure(find, tuned)[0]:.3f} |", flush=True)


if __name__ == "__main__":
    main()
