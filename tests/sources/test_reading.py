"""Files: which are found, how they are decoded, and what is said of those that can't be read."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from capdraft.errors import SourceError
from capdraft.sources import read_bytes, read_document


def test_a_document_says_where_it_comes_from(tmp_path: Path) -> None:
    data = "\ufeff---\nname: Larch\n---\r\n# Larch\r\nSorts\0x07mail — fast.\r\n".replace(
        "\0x07", "\a"
    ).encode()
    (tmp_path / "card.md").write_bytes(data)
    document = read_document(tmp_path / "card.md", uri="docs/card.md", first_number=5)
    assert document.uri == "docs/card.md"
    assert document.sha256 == hashlib.sha256(data).hexdigest()
    assert document.media_type == "text/markdown"
    assert datetime.now(UTC) - document.retrieved < timedelta(minutes=1)
    assert document.text == "---\nname: Larch\n---\n# Larch\nSorts mail — fast.\n"
    assert document.title == "Larch"
    [passage] = document.passages
    assert passage.number == 5
    assert document.text[passage.start : passage.end] == passage.shown == "Sorts mail — fast."


@pytest.mark.parametrize("name", ["notes.txt", "notes.TEXT"])
def test_plain_text_is_paragraphs(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("---\na: 1\n---\n\n  # one\ntwo \n \t\n\nthree")
    document = read_document(tmp_path / name, uri=name)
    quotes = [document.text[passage.start : passage.end] for passage in document.passages]
    assert quotes == ["---\na: 1\n---", "# one\ntwo", "three"]
    assert document.media_type == "text/plain"
    assert (document.title, document.front_matter) == (None, {})


@pytest.mark.parametrize("name", ["README", "a.MD", "a.markdown", "a.mdx"])
def test_markdown_by_suffix(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("*a*")
    assert read_document(tmp_path / name, uri=name).passages[0].shown == "a"


@pytest.mark.parametrize(
    ("name", "data", "message", "hint"),
    [
        ("a.md", b"", "the file is empty", "paragraph"),
        ("a.txt", b" \n\t\n", "the file is empty", "paragraph"),
        ("a.md", b"---\na: 1\n---\n# T\n", "there is no text to cite in this file", "front matter"),
        ("a.md", b"ab\0c", "the file is binary: byte 2 is NUL", "as text"),
        ("a.odt", b"a", "files with the suffix '.odt' are not read", ".md, .markdown, .mdx, .txt"),
    ],
)
def test_files_that_cannot_be_read(
    name: str, data: bytes, message: str, hint: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(data)
    error = refusal(tmp_path / name)
    assert error.message == message
    assert hint in error.hint


@pytest.mark.parametrize(
    ("name", "media_type", "read_as"),
    [
        ("a.md", "text/html", "text/markdown"),
        ("README", None, "text/markdown"),
        ("README", "text/plain; charset=utf-8", "text/markdown"),
        ("index", "Text/HTML;charset=utf-8", "text/html"),
        ("page.php", "application/xhtml+xml", "text/html"),
        ("v1.2", "text/x-rst", "text/x-rst"),
        ("notes.2", "text/plain", "text/plain"),
    ],
)
def test_bytes_are_read_by_suffix_else_by_media_type(
    name: str, media_type: str | None, read_as: str
) -> None:
    at = datetime(2026, 1, 2, tzinfo=UTC)
    document = read_bytes(
        b"Sorts.", name, uri="https://a.example/", media_type=media_type, retrieved=at
    )
    assert (document.media_type, document.retrieved) == (read_as, at)
    assert document.uri == "https://a.example/"


@pytest.mark.parametrize(
    ("name", "media_type", "message"),
    [
        ("a.odt", None, "files with the suffix '.odt' are not read"),
        ("a", "image/png", "files of the type 'image/png' are not read"),
    ],
)
def test_bytes_of_no_format(name: str, media_type: str | None, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_bytes(b"a", name, uri="a", media_type=media_type)
    assert caught.value.message == message


def refusal(path: Path) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read_document(path, uri="docs/it.md")
    assert caught.value.where == "docs/it.md"
    assert caught.value.hint
    return caught.value


def test_paths_that_are_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder.md").mkdir()
    os.mkfifo(tmp_path / "pipe.md")
    assert refusal(tmp_path / "none.md").message == "there is no such file"
    assert refusal(tmp_path / "folder.md").message == "this is a folder, not a file"
    assert refusal(tmp_path / "pipe.md").message == "this is not a regular file"
    assert refusal(tmp_path / ("x" * 300 + ".md")).message == "can't be read: file name too long"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("a")
    (tmp_path / "a.md").chmod(0)
    assert refusal(tmp_path / "a.md").message == "can't be read: permission denied"
