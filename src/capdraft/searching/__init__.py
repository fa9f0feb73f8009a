"""Find capabilities by need, and keep what came of it."""

from typing import TYPE_CHECKING

from capdraft.deferring import deferred

if TYPE_CHECKING:
    from capdraft.searching.answers import Answer, MatchedWord, Passage, Result, Scores
    from capdraft.searching.clients import Client, local_client
    from capdraft.searching.embedding import Embedder, choose_embedder
    from capdraft.searching.index import SearchIndex
    from capdraft.searching.matches import Counts, Edge, Matches, Outcome
    from capdraft.searching.search import Search

__all__ = [
    "Answer",
    "Client",
    "Counts",
    "Edge",
    "Embedder",
    "MatchedWord",
    "Matches",
    "Outcome",
    "Passage",
    "Result",
    "Scores",
    "Search",
    "SearchIndex",
    "choose_embedder",
    "local_client",
]

if not TYPE_CHECKING:  # else every name would be known to a type checker
    __getattr__ = deferred(
        __name__,
        {
            "answers": "Answer MatchedWord Passage Result Scores",
            "clients": "Client local_client",
            "embedding": "Embedder choose_embedder",
            "index": "SearchIndex",
            "matches": "Counts Edge Matches Outcome",
            "search": "Search",
        },
    )
