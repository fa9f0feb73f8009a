"""Passages on their way to the model and back: laid out by number, cited by number, quoted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from capdraft.records import Document, Evidence, Passage, Side

CONTEXT = 32
"""Characters of prefix and suffix, as browsers use for text fragments and annotations."""
INDENT = "    "


def lay_out(documents: Sequence[Document]) -> str:
    """Return the documents as numbered passages.

    Each line that comes from a document begins with a mark that no document can write at the start
    of a line: `[n] ` its number, `# ` a heading, `(columns: `, or four spaces. So no text in a
    document can pose as another passage or as the end of the documents.
    """
    lines: list[str] = []
    for number, document in enumerate(documents, 1):
        lines += [f"== document {number} of {len(documents)}: {_file_name(document)} =="]
        lines += _passage_lines(document.passages)
        lines.append("")
    lines += ["== end of the documents =="]
    return "\n".join(lines)


def _passage_lines(passages: Sequence[Passage]) -> Iterator[str]:
    heading: tuple[str, ...] | None = None
    header: str | None = None
    for passage in passages:
        if passage.heading != heading:
            heading = passage.heading
            yield ""
            yield from ["# " + " > ".join(_one_line(part) for part in heading)] if heading else []
        if passage.header != header:
            header = passage.header
            if header:
                yield f"(columns: {_one_line(header)})"
        first, *rest = passage.shown.split("\n")
        yield f"[{passage.number}] {first}"
        for line in rest:
            yield INDENT + line if line else ""


def _file_name(document: Document) -> str:
    """Return its last part only: where a workspace lies is no part of what is asked."""
    return _one_line(document.uri.rstrip("/").rpartition("/")[2])


def _one_line(text: str) -> str:
    return " ".join(text.split())


class Citations:
    """The passages of a run by number, each with its document's id."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._by_number = {
            passage.number: (f"d{index}", document, passage)
            for index, document in enumerate(documents, 1)
            for passage in document.passages
        }

    def evidence(self, numbers: Sequence[int], side: Side = "artifact") -> Iterator[Evidence]:
        """Yield the evidence for the numbers that exist, each once, in the order cited."""
        for number in dict.fromkeys(numbers):
            if number in self._by_number:
                yield self._quote(number, side)

    def _quote(self, number: int, side: Side) -> Evidence:
        document_id, document, passage = self._by_number[number]
        text, start, end = document.text, passage.start, passage.end
        return Evidence(
            document=document_id,
            passage=number,
            side=side,
            kind=passage.kind,
            heading=passage.heading,
            header=passage.header,
            start=start,
            end=end,
            prefix=text[max(0, start - CONTEXT) : start],
            quote=text[start:end],
            suffix=text[end : end + CONTEXT],
        )
