"""How an artifact ranks, and from which numbers: five parts, their weights, every point told."""

from typing import TYPE_CHECKING

from capdraft.deferring import deferred

if TYPE_CHECKING:
    from capdraft.ranking.adoption import is_old
    from capdraft.ranking.asking import Hosts
    from capdraft.ranking.formula import PARTS, VERSION, Input, Part, Score, Term
    from capdraft.ranking.match_graph import Matches, NoMatches
    from capdraft.ranking.mentions import Names
    from capdraft.ranking.ranking import Known, Rank, Ranking, by_total, rank_entry
    from capdraft.ranking.refreshing import Refreshed, refresh
    from capdraft.ranking.signal_files import (
        StoredSignals,
        check_artifact,
        parse_values,
        read_signals,
        set_signals,
        write_signals,
    )
    from capdraft.ranking.weights import Weights, all_weights, weights_for

__all__ = [
    "PARTS",
    "VERSION",
    "Hosts",
    "Input",
    "Known",
    "Matches",
    "Names",
    "NoMatches",
    "Part",
    "Rank",
    "Ranking",
    "Refreshed",
    "Score",
    "StoredSignals",
    "Term",
    "Weights",
    "all_weights",
    "by_total",
    "check_artifact",
    "is_old",
    "parse_values",
    "rank_entry",
    "read_signals",
    "refresh",
    "set_signals",
    "weights_for",
    "write_signals",
]

if not TYPE_CHECKING:  # else every name would be known to a type checker
    __getattr__ = deferred(
        __name__,
        {
            "adoption": "is_old",
            "asking": "Hosts",
            "formula": "PARTS VERSION Input Part Score Term",
            "match_graph": "Matches NoMatches",
            "mentions": "Names",
            "ranking": "Known Rank Ranking by_total rank_entry",
            "refreshing": "Refreshed refresh",
            "signal_files": (
                "StoredSignals check_artifact parse_values read_signals set_signals write_signals"
            ),
            "weights": "Weights all_weights weights_for",
        },
    )
