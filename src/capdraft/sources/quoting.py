"""A passage as evidence: its words, where they stand, and a little of what stands around them."""

from __future__ import annotations

from capdraft.records import Document, Evidence, Passage, Side

CONTEXT = 32
"""Characters of prefix and suffix, as browsers use for text fragments and annotations."""


def quote(
    document: Document, passage: Passage, *, document_id: str, side: Side = "artifact"
) -> Evidence:
    """Return the evidence that `passage` of `document` is; `document_id` names it there."""
    text, start, end = document.text, passage.start, passage.end
    return Evidence(
        document=document_id,
        passage=passage.number,
        side=side,
        kind=passage.kind,
        heading=passage.heading,
        header=passage.header,
        markup=passage.markup,
        start=start,
        end=end,
        prefix=text[max(0, start - CONTEXT) : start],
        quote=text[start:end],
        suffix=text[end : end + CONTEXT],
    )
