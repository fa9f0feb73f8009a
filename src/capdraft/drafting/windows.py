"""Documents that are too long for one prompt: windows of parts, cut at headings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil, inf

from capdraft.drafting.passages import Part, heading_line, part_lines
from capdraft.text import estimate_tokens

EARLIEST = 0.5
"""Share of a window's aim from which on it may end at a heading."""


def size_of(part: Part) -> int:
    """Return about how many tokens a part takes in a prompt, with the headings above it."""
    lines = [heading_line(part.passage.heading), part.passage.header or "", *part_lines(part)]
    return estimate_tokens("\n".join(lines))


def total_size(parts: Sequence[Part]) -> int:
    """Return about how many tokens `parts` take together."""
    return sum(map(size_of, parts))


def cut_windows(parts: Sequence[Part], limit: int) -> list[list[Part]]:
    """Return `parts` in windows of at most `limit` tokens, all of about the same size.

    A window ends where a document or a section does, the outermost one that lies near its aim; a
    section that is larger than a window is cut between passages, a passage that is, between lines
    or words. Each part is in one window; none is lost.
    """
    sliced = [piece for part in parts for piece in _slices(part, limit)]
    sizes = [size_of(part) for part in sliced]
    windows: list[list[Part]] = []
    start, left = 0, sum(sizes)
    while start < len(sliced):
        end = _window_end(sliced, sizes, start, left, limit)
        windows.append(sliced[start:end])
        left -= sum(sizes[start:end])
        start = end
    return windows


def _window_end(
    parts: Sequence[Part], sizes: Sequence[int], start: int, left: int, limit: int
) -> int:
    """Return the index behind the last part of the window that begins at `start`."""
    if left <= limit:
        return len(parts)
    aim = left / ceil(left / limit)
    best, best_rank = start + 1, (inf, inf)
    filled = 0
    for end in range(start + 1, len(parts) + 1):
        filled += sizes[end - 1]
        if filled > limit and end > start + 1:
            break
        depth = _depth(parts, end) if filled >= aim * EARLIEST else inf
        rank = (depth, abs(filled - aim))
        if rank <= best_rank:
            best, best_rank = end, rank
    return best


def _depth(parts: Sequence[Part], end: int) -> float:
    """Return how deep the section lies that ends before `end`: 0 is a document."""
    if end == len(parts) or parts[end - 1].document != parts[end].document:
        return 0
    before, after = parts[end - 1].passage.heading, parts[end].passage.heading
    if before == after:
        return inf
    return 1 + sum(1 for one, two in zip(before, after, strict=False) if one == two)


def _slices(part: Part, limit: int) -> Iterator[Part]:
    if size_of(part) <= limit:
        yield part
        return
    # In no script does a byte take more than half a token; the rest is room for the headings.
    longest = max(limit * 2, 4)
    pieces = list(_pieces(part.shown, longest))
    for number, piece in enumerate(pieces, 1):
        yield Part(part.document, part.passage, piece, number, len(pieces))


def _pieces(text: str, longest: int) -> Iterator[str]:
    """Yield `text` in pieces of at most `longest` bytes, cut behind a line or word if there is one.

    The pieces joined are the text.
    """
    while text:
        piece = text.encode("utf-8", "surrogatepass")[:longest].decode("utf-8", "ignore")
        if len(piece) < len(text):
            cut = max(piece.rfind("\n"), piece.rfind(" ", len(piece) // 2)) + 1
            piece = piece[:cut] if cut > len(piece) // 2 else piece
        piece = piece or text[0]
        yield piece
        text = text[len(piece) :]
