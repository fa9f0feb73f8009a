"""Jupyter notebooks: Markdown and code cells become blocks.

Outputs are left out, those of text too: they are logs and numbers of one run, which say nothing
that the author chose to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from capdraft.sources.blocks import Block, extra_needed, join_blocks, literal, parsing
from capdraft.sources.decoding import Source
from capdraft.sources.markdown import read_markdown
from capdraft.sources.pieces import Outline, Reading, read_paragraphs
from capdraft.text import clean


def read_notebook(source: Source) -> Reading:
    """Return what the cells of a notebook say.

    Raises:
        SourceError: nbformat is missing, or the file is no notebook.
    """
    with extra_needed("notebooks", ".ipynb", source.uri):
        import nbformat.reader

    text = source.text()
    outline = Outline()
    with parsing("notebook", source.uri):
        notebook: Any = nbformat.reader.reads(text)  # type: ignore[no-untyped-call]
        if notebook["nbformat"] < 4:
            notebook = nbformat.convert(notebook, 4)  # type: ignore[no-untyped-call]
        blocks = [block for cell in notebook["cells"] for block in _blocks(cell, outline)]
    return Reading(*join_blocks(blocks), title=outline.title)


def _blocks(cell: Any, outline: Outline) -> Iterator[Block]:
    text = clean(cell["source"])
    if cell["cell_type"] == "code":
        yield Block("code", text, outline.path)
    elif cell["cell_type"] == "markdown":
        for piece in read_markdown(text, outline=outline)[0]:
            yield Block(piece.kind, text[piece.start : piece.end], piece.heading, piece.header)
    else:
        for piece in read_paragraphs(text):
            yield Block("paragraph", literal(text[piece.start : piece.end]), outline.path)
