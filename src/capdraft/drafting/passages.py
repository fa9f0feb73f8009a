"""Passages on their way to the model and back: laid out by number, cited by number, quoted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from capdraft.records import Document, Evidence, Passage, Side
from capdraft.sources import RECORDS_MEDIA_TYPE, quote
from capdraft.text import one_line

INDENT = "    "


@dataclass(frozen=True, slots=True)
class Part:
    """A passage as a prompt shows it: whole, or one slice of a very long one.

    `document` is the place of its document in the run, from 1 on.
    """

    document: int
    passage: Passage
    shown: str
    slice: int = 1
    slices: int = 1


def parts_of(documents: Sequence[Document]) -> list[Part]:
    """Return every passage that says something, in order; boilerplate is left out."""
    return [
        Part(place, passage, passage.shown)
        for place, document in enumerate(documents, 1)
        for passage in document.passages
        if passage.boilerplate is None
    ]


def lay_out(
    documents: Sequence[Document],
    parts: Sequence[Part] | None = None,
    records: Sequence[Document] = (),
) -> str:
    """Return `parts` (else all) of the documents as numbered passages, then catalog records.

    Each line that comes from a document begins with a mark that no document can write at the start
    of a line: `[n] ` its number, `# ` a heading, `(columns: `, or four spaces. So no text in a
    document can pose as another passage or as the end of the documents.
    """
    lines: list[str] = []
    for place, shown in groupby(
        parts_of(documents) if parts is None else parts, key=lambda part: part.document
    ):
        document = documents[place - 1]
        lines += [f"== document {place} of {len(documents)}: {_file_name(document)} =="]
        lines += [*passage_lines(shown), ""]
    lines += ["== end of the documents =="]
    if records:
        lines += ["", "== approved records of other artifacts =="]
        for record in records:
            lines += passage_lines(parts_of([record]))
        lines += ["", "== end of the records =="]
    return "\n".join(lines)


def part_lines(part: Part) -> Iterator[str]:
    """Yield the lines of one part, without what stands above it."""
    first, *rest = part.shown.split("\n")
    of = f"(part {part.slice} of {part.slices}) " if part.slices > 1 else ""
    yield f"[{part.passage.number}] {of}{first}"
    for line in rest:
        yield INDENT + line if line else ""


def heading_line(heading: Sequence[str]) -> str:
    """Return headings as one line, outermost first."""
    return "# " + " > ".join(one_line(part) for part in heading)


def passage_lines(parts: Iterable[Part]) -> Iterator[str]:
    """Yield parts of one document as lines, each with its mark; headings and columns once."""
    heading: tuple[str, ...] | None = None
    header: str | None = None
    for part in parts:
        passage = part.passage
        if passage.heading != heading:
            heading = passage.heading
            yield ""
            yield from [heading_line(heading)] if heading else []
        if passage.header != header:
            header = passage.header
            if header:
                yield f"(columns: {one_line(header)})"
        yield from part_lines(part)


def _file_name(document: Document) -> str:
    """Return its last part only: where a workspace lies is no part of what is asked."""
    return one_line(document.uri.rstrip("/").rpartition("/")[2])


class Citations:
    """The passages of a run by number, each with its document's id.

    Records of other artifacts are documents too; they are evidence for the alternative's side of a
    comparison only.
    """

    def __init__(self, documents: Sequence[Document], shown: Collection[int] | None = None) -> None:
        self._by_number = {
            passage.number: (f"d{index}", document, passage)
            for index, document in enumerate(documents, 1)
            for passage in document.passages
            if shown is None or passage.number in shown
        }

    def evidence(self, numbers: Sequence[int], side: Side = "artifact") -> Iterator[Evidence]:
        """Yield the evidence for the numbers that were shown, each once, in the order cited."""
        for number in dict.fromkeys(numbers):
            if number in self._by_number and (side == "alternative" or self._is_own(number)):
                yield self._quote(number, side)

    def _is_own(self, number: int) -> bool:
        return self._by_number[number][1].media_type != RECORDS_MEDIA_TYPE

    def _quote(self, number: int, side: Side) -> Evidence:
        document_id, document, passage = self._by_number[number]
        return quote(document, passage, document_id=document_id, side=side)
