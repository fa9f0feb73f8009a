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
    Footnote,
    Reason,
    Row,
    ShownCapability,
    Verdict,
)
from capdraft.comparing.entries import read_entries
from capdraft.comparing.side_by_side import compare

__all__ = [
    "Claim",
    "Column",
    "Comparison",
    "Footnote",
    "Reason",
    "Row",
    "ShownCapability",
    "Verdict",
    "Wanted",
    "awaits_proof",
    "by_name",
    "catalog_names",
    "compare",
    "provable",
    "read_entries",
    "wanted_alternatives",
]
