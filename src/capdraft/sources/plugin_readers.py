"""The readers of plugins as formats, each held to it that quotes are what the text says."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from capdraft.errors import PluginBroke, SourceError
from capdraft.plugins.calling import FAULTS, calling
from capdraft.plugins.finding import Plugin
from capdraft.plugins.running import in_use
from capdraft.records import PassageKind
from capdraft.records.documents import Markup
from capdraft.sources.blocks import Block, join_blocks, plain_row, table_row
from capdraft.sources.decoding import Source
from capdraft.sources.pieces import Outline, Piece, Reading
from capdraft.text import clean, one_line

_PASSAGE_KINDS: tuple[PassageKind, ...] = PassageKind.__args__  # type: ignore[attr-defined]


class Builder:
    """What a reader fills: see `capdraft.plugins.DocumentBuilder`."""

    def __init__(self) -> None:
        self.title: str | None = None
        self.front_matter: dict[str, object] = {}
        self._outline = Outline()
        self._kept: str | None = None
        self._cited: list[Piece] = []
        self._blocks: list[Block] = []

    def heading(self, level: int, text: str) -> None:
        self._outline.enter(level, one_line(clean(text)))

    def passage(
        self, text: str, kind: PassageKind = "paragraph", *, markdown: bool = False
    ) -> None:
        self._add(Block(kind, text, self._outline.path, markup=_markup(markdown=markdown)))

    def row(self, cells: Iterable[str], header: Iterable[str] = ()) -> None:
        row, above = plain_row(cells), plain_row(header) or None
        self._add(Block("table-row", row, self._outline.path, above, markup="none"))

    def keep(self, text: str) -> None:
        if self._kept is not None or self._blocks:
            raise ValueError("keep(text) comes once, and before any passage")
        if clean(text) != text:
            raise ValueError("the text to keep is not the one that SourceFile.text() gave")
        self._kept = text

    def cite(
        self,
        start: int,
        end: int,
        quote: str,
        kind: PassageKind = "paragraph",
        *,
        header: Iterable[str] = (),
        markdown: bool = False,
    ) -> None:
        if self._kept is None:
            raise ValueError("keep(text) comes before cite()")
        said = self._kept[start:end] if 0 <= start < end <= len(self._kept) else None
        if said != quote or not quote.strip():
            there = "nothing" if said is None else repr(said[:60])
            raise ValueError(f"text[{start}:{end}] is {there}, not the quote {quote[:60]!r}")
        above = (table_row(header) if markdown else plain_row(header)) or None
        if above and kind != "table-row":
            raise ValueError(f"a header belongs to the kind 'table-row', not to {kind!r}")
        path, markup = self._outline.path, _markup(markdown=markdown)
        self._cited.append(Piece(kind, start, end, path, above, markup=markup))

    def reading(self) -> Reading:
        """Return what the reader made of the file."""
        title = self.title or self._outline.title
        if self._kept is not None:
            return Reading(self._kept, self._cited, title, self.front_matter)
        text, pieces = join_blocks(self._blocks)
        return Reading(text, pieces, title, self.front_matter)

    def _add(self, block: Block) -> None:
        if self._kept is not None:
            raise ValueError("a document whose text is kept has its passages from cite()")
        self._blocks.append(block)


def _markup(*, markdown: bool) -> Markup | None:
    return None if markdown else "none"


def plugin_readers(
    built_in: Iterable[str],
) -> dict[str, tuple[str, Callable[[Source], Reading]]]:
    """Return media type and reader by what plugins read: suffixes and media types."""
    taken = frozenset(built_in)
    return {
        claim: (plugin.part.media_type, _guarded(plugin, plugin.part))
        for plugin in in_use().of("readers", taken)
        for claim in plugin.claims
    }


def _guarded(plugin: Plugin, part: Any) -> Callable[[Source], Reading]:
    def read(source: Source) -> Reading:
        builder = Builder()
        try:
            with calling:
                given = part.read(source, builder)
            if given is not None:
                raise TypeError(f"read gave {given!r:.60}: what it finds goes into `document`")
            reading = _checked(builder)
        except SourceError as error:
            error.where = error.where or source.uri
            raise
        except FAULTS as error:
            trouble = in_use().noted(plugin, f"it read {source.uri}", error)
            raise PluginBroke(trouble.message, where=source.uri, hint=trouble.hint) from error
        if not reading.pieces:
            raise SourceError(
                f"the reader {plugin.full_name} found no text to cite in this file",
                where=source.uri,
                hint="If there is some, the plugin has to be mended: capdraft plugins names it.",
            )
        return reading

    return read


def _checked(builder: Builder) -> Reading:
    """Return what a reader made; its facts are plain data, as front matter is.

    Raises:
        TypeError: the title isn't text, or a fact is nothing plain.
        ValueError: a piece is of no kind that passages are of.
    """
    reading = builder.reading()
    odd = next((piece.kind for piece in reading.pieces if piece.kind not in _PASSAGE_KINDS), None)
    if odd is not None:
        raise ValueError(f"{odd!r} is no kind of passage: {', '.join(_PASSAGE_KINDS)}")
    if not isinstance(reading.title, str | None):
        raise TypeError(f"a title is text, not {reading.title!r:.60}")
    _check_facts(reading.front_matter)
    return reading


def _check_facts(value: object) -> None:
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            _check_facts(item)
    elif not isinstance(value, str):
        raise TypeError(f"front matter holds strings, lists and dicts, not {value!r:.60}")
