"""The formats that are read: by the suffix of a file's name, else by its media type."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import NamedTuple

from capdraft.errors import FormatUnknown
from capdraft.plugins.running import in_use
from capdraft.sources.decoding import Source
from capdraft.sources.front_matter import read_front_matter
from capdraft.sources.markdown import read_markdown
from capdraft.sources.pieces import Reading, read_paragraphs
from capdraft.sources.plugin_readers import plugin_readers


class Format(NamedTuple):
    """A kind of file: its media type, who reads it, and whether its bytes are text."""

    media_type: str
    read: Callable[[Source], Reading]
    is_text: bool = True


def _read_markdown(source: Source) -> Reading:
    text = source.text()
    front_matter, body = read_front_matter(text, uri=source.uri)
    pieces, title = read_markdown(text, body)
    return Reading(text, pieces, title, front_matter)


def _read_plain_text(source: Source) -> Reading:
    text = source.text()
    return Reading(text, read_paragraphs(text))


# The readers of other formats are imported when one is first read: most workspaces have none.
def _read_web_page(source: Source) -> Reading:
    from capdraft.sources.web_pages import read_web_page

    return read_web_page(source)


def _read_restructured(source: Source) -> Reading:
    from capdraft.sources.restructured import read_restructured

    return read_restructured(source)


def _read_notebook(source: Source) -> Reading:
    from capdraft.sources.notebooks import read_notebook

    return read_notebook(source)


def _read_pdf(source: Source) -> Reading:
    from capdraft.sources.pdf import read_pdf

    return read_pdf(source)


def _read_word(source: Source) -> Reading:
    from capdraft.sources.word import read_word

    return read_word(source)


MARKDOWN = Format("text/markdown", _read_markdown)
PLAIN_TEXT = Format("text/plain", _read_plain_text)
WEB_PAGE = Format("text/html", _read_web_page)
RESTRUCTURED = Format("text/x-rst", _read_restructured)
NOTEBOOK = Format("application/x-ipynb+json", _read_notebook)
PDF = Format("application/pdf", _read_pdf, is_text=False)
WORD = Format(
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    _read_word,
    is_text=False,
)
# A file without a suffix is most often a README.
FORMATS = {
    "": MARKDOWN,
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".mdx": MARKDOWN,
    ".txt": PLAIN_TEXT,
    ".text": PLAIN_TEXT,
    ".rst": RESTRUCTURED,
    ".html": WEB_PAGE,
    ".htm": WEB_PAGE,
    ".ipynb": NOTEBOOK,
    ".pdf": PDF,
    ".docx": WORD,
}
_MEDIA_TYPES = {format_.media_type: format_ for format_ in FORMATS.values()}
_MEDIA_TYPES["text/x-markdown"] = MARKDOWN
_MEDIA_TYPES["application/xhtml+xml"] = WEB_PAGE


_BUILT_IN = FORMATS | _MEDIA_TYPES


def formats() -> dict[str, Format]:
    """Return all formats by suffix and by media type: the built-in ones, and those of plugins."""
    found = plugin_readers(_BUILT_IN).items()
    given = {claim: Format(media_type, read) for claim, (media_type, read) in found}
    return _BUILT_IN | given


def suffixes() -> frozenset[str]:
    """Return the suffixes of the files that are read; the empty one is among them."""
    return frozenset(claim for claim in formats() if "/" not in claim)


def what_is_read() -> str:
    """Return the hint for a file that isn't read: what is, and which readers are not used."""
    known = ", ".join(claim for claim in formats() if claim.startswith("."))
    unused = [plugin.name for plugin in in_use().every("readers") if plugin.state != "loaded"]
    more = f" Not used: {', '.join(unused)}; `capdraft plugins` says why." if unused else ""
    return f"Read are {known} and files without a suffix.{more}"


def choose_format(name: str, media_type: str | None = None, *, uri: str) -> Format:
    """Return the format of the suffix of `name`, else of `media_type`.

    Plugins are loaded for what is not built in, or where one is preferred.

    Raises:
        FormatUnknown: neither names one that is read.
    """
    suffix = PurePath(name).suffix.lower()
    said = (media_type or "").partition(";")[0].strip().lower()
    is_known = suffix in FORMATS and (not said or said in _MEDIA_TYPES)
    known = _BUILT_IN if is_known and not in_use().prefers_any("readers") else formats()
    found = _chosen(known, suffix, said)
    if found is None:
        kind = f"of the type {said!r}" if said else f"with the suffix {suffix!r}"
        raise FormatUnknown(f"files {kind} are not read", where=uri, hint=what_is_read())
    return found


def _chosen(known: Mapping[str, Format], suffix: str, said: str) -> Format | None:
    if suffix and suffix in known:
        return known[suffix]
    if not suffix and said in ("", "text/plain", "application/octet-stream"):
        return MARKDOWN  # Servers call a README that.
    return known.get(said) if said else None
