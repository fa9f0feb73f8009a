"""What waits for a decision, over all artifacts, in a derived file that is paged through."""

from capdraft.reviewing.index.index import QueueIndex
from capdraft.reviewing.index.wanted import (
    WAITING,
    Claim,
    Facets,
    IndexedArtifact,
    Judged,
    Taken,
    Waiting,
    Wanted,
)

__all__ = [
    "WAITING",
    "Claim",
    "Facets",
    "IndexedArtifact",
    "Judged",
    "QueueIndex",
    "Taken",
    "Waiting",
    "Wanted",
]
