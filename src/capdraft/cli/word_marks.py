"""Two texts as one, marked where they differ as wdiff does it: it reads without colours."""

from __future__ import annotations

from collections.abc import Iterable


def marked(before: str, after: str) -> str:
    """Return what `after` says differently from `before`: [-removed-] {+added+}."""
    from capdraft.reviewing import word_diff

    return joined(word_diff(before, after))


def joined(pieces: Iterable[tuple[str, str]]) -> str:
    """Return the pieces of a word diff as one text with marks."""
    return "".join(_mark(kind, piece) for kind, piece in pieces)


def _mark(kind: str, piece: str) -> str:
    core = piece.strip()
    if kind == "same" or not core:
        return piece
    left, right = piece[: len(piece) - len(piece.lstrip())], piece[len(piece.rstrip()) :]
    return left + (f"[-{core}-]" if kind == "removed" else f"{{+{core}+}}") + right
