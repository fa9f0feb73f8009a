"""Two or more artifacts side by side: what a comparison page shows, as data."""

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
    Reason,
    Row,
    Said,
    ShownCapability,
    Source,
    Verdict,
)
from capdraft.comparing.conflicts import CONFLICT_RULES
from capdraft.comparing.entries import read_entries
from capdraft.comparing.sharing import RULE as IN_COMMON_RULE
from capdraft.comparing.side_by_side import LEAST, compare
from capdraft.comparing.standing import Standing, StandingPart, standing_of
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
    "Reason",
    "Row",
    "Said",
    "ShownCapability",
    "Source",
    "Standing",
    "StandingPart",
    "Verdict",
    "Wanted",
    "awaits_proof",
    "by_name",
    "catalog_names",
    "compare",
    "provable",
    "read_entries",
    "standing_of",
    "verdict_rules",
    "wanted_alternatives",
]
