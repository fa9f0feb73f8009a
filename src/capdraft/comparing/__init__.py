"""Two or more artifacts side by side: what a comparison page shows, as data."""

from typing import TYPE_CHECKING

from capdraft.deferring import deferred

if TYPE_CHECKING:
    from capdraft.comparing.alternatives import (
        Wanted,
        awaits_proof,
        by_name,
        catalog_names,
        provable,
        wanted_alternatives,
    )
    from capdraft.comparing.comparison import (
        Claim,
        Column,
        Comparison,
        Conflict,
        Footnote,
        Group,
        Member,
        Near,
        Reason,
        Row,
        Said,
        Settlement,
        ShownCapability,
        Source,
        Verdict,
    )
    from capdraft.comparing.conflicts import CONFLICT_RULES
    from capdraft.comparing.entries import read_entries
    from capdraft.comparing.saying import say, take_back
    from capdraft.comparing.settling import (
        Settled,
        Unsettled,
        everything_said,
        settled,
        settled_artifacts,
    )
    from capdraft.comparing.sharing import IN_COMMON_RULE, word_lists
    from capdraft.comparing.side_by_side import LEAST, compare
    from capdraft.comparing.standing import Standing, StandingPart, standing_of
    from capdraft.comparing.table import label_in_full, part_in_full
    from capdraft.comparing.verdict import verdict_rules

__all__ = [
    "CONFLICT_RULES",
    "IN_COMMON_RULE",
    "LEAST",
    "Claim",
    "Column",
    "Comparison",
    "Conflict",
    "Footnote",
    "Group",
    "Member",
    "Near",
    "Reason",
    "Row",
    "Said",
    "Settled",
    "Settlement",
    "ShownCapability",
    "Source",
    "Standing",
    "StandingPart",
    "Unsettled",
    "Verdict",
    "Wanted",
    "awaits_proof",
    "by_name",
    "catalog_names",
    "compare",
    "everything_said",
    "label_in_full",
    "part_in_full",
    "provable",
    "read_entries",
    "say",
    "settled",
    "settled_artifacts",
    "standing_of",
    "take_back",
    "verdict_rules",
    "wanted_alternatives",
    "word_lists",
]

if not TYPE_CHECKING:  # else every name would be known to a type checker
    __getattr__ = deferred(
        __name__,
        {
            "alternatives": (
                "Wanted awaits_proof by_name catalog_names provable wanted_alternatives"
            ),
            "comparison": (
                "Claim Column Comparison Conflict Footnote Group Member Near Reason Row Said "
                "Settlement ShownCapability Source Verdict"
            ),
            "conflicts": "CONFLICT_RULES",
            "entries": "read_entries",
            "saying": "say take_back",
            "settling": "Settled Unsettled everything_said settled settled_artifacts",
            "sharing": "IN_COMMON_RULE word_lists",
            "side_by_side": "LEAST compare",
            "standing": "Standing StandingPart standing_of",
            "table": "label_in_full part_in_full",
            "verdict": "verdict_rules",
        },
    )
