"""The passages that support a claim, as browsers and annotations quote them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import Field as Described
from pydantic import model_validator

from capdraft.records.documents import Markup, PassageKind
from capdraft.records.model import Model
from capdraft.text import normalise, sha256

FieldName = Literal["description", "unique", "vs_alternatives"]
FIELDS: tuple[FieldName, ...] = ("description", "unique", "vs_alternatives")
Side = Literal["artifact", "alternative"]


class Evidence(Model):
    """A passage that supports a field, as W3C TextQuoteSelector and TextPositionSelector."""

    document: str = Described(description="Id of the document in this file.")
    passage: int = Described(ge=1, description="Number of the passage in the run's prompt.")
    side: Side = Described(
        default="artifact",
        description="Whose side of a comparison it supports.",
    )
    kind: PassageKind = "paragraph"
    heading: tuple[str, ...] = ()
    header: str | None = Described(default=None, description="Of a table row: the header row.")
    markup: Markup | None = Described(
        default=None, description='"none" where it is plain text, shown as it is; else Markdown.'
    )
    start: int = Described(ge=0, description="Offset of the quote in the document's text.")
    end: int = Described(ge=0)
    prefix: str = Described(default="", description="Up to 32 characters before the quote.")
    quote: str = Described(min_length=1, description="The passage, character by character.")
    suffix: str = Described(default="", description="Up to 32 characters behind the quote.")

    @model_validator(mode="after")
    def _offsets_span_quote(self) -> Self:
        if self.end - self.start != len(self.quote):
            raise ValueError(
                f"end - start is {self.end - self.start}, "
                f"the quote has {len(self.quote)} characters"
            )
        return self


def evidence_hash(evidence: tuple[Evidence, ...], uris: Mapping[str, str]) -> str:
    """Return the hash of what `evidence` quotes; `uris` gives each document id its URI.

    A table row is quoted with its header row. Offsets, headings and the document's hash are left
    out: they change when something else in the document does.
    """
    quotes = {
        "\t".join(
            (
                item.side,
                uris[item.document],
                normalise(item.header or ""),
                normalise(item.quote),
            )
        )
        for item in evidence
    }
    return sha256("\n".join(sorted(quotes)))
