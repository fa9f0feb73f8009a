"""Proposals are written once: each is parsed once, and kept for the pages that show it again."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from capdraft.workspace import StoredProposal, Workspace

KEPT = 64


class ParsedOnce(Workspace):
    """A workspace for looking at: its proposals come from memory where they were read before."""

    def read_proposal(self, slug: str, number: str | None = None) -> StoredProposal:
        """Return a proposal as `Workspace` does; another file under its name is read anew."""
        numbers = self.proposals(slug)
        number = number or (numbers[-1] if numbers else None)
        stored = self.store.read(f"reviews/{slug}/{number}.toml") if number in numbers else None
        if number is None or stored is None:
            return super().read_proposal(slug, number)  # tells what there is instead
        return _parsed(self.root, slug, number, stored.sha256)


@lru_cache(maxsize=KEPT)
def _parsed(root: Path, slug: str, number: str, sha256: str) -> StoredProposal:  # noqa: ARG001
    return Workspace(root).read_proposal(slug, number)
