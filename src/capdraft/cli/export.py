"""`capdraft export`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capdraft.cli.frame import Frame, count, error_data, framed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from capdraft.publishing.exports import Export

IN_MEMORY = 8_000_000
"""Bytes of a plugin's export that are kept in memory, and not in a file, until it is whole."""
PIECE = 65_536
_FILES = {".json", ".jsonld", ".yml", ".yaml"}


@click.command("export", short_help="Write the catalog in other formats.")
@click.argument("format_", metavar="FORMAT")
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="FILE|DIR",
    help="Write there instead of to standard output; a folder for croissant and unfragile.",
)
@click.option("--with-names", is_flag=True, help="Name the reviewers in the examples for training.")
@framed
def command(
    frame: Frame, format_: Any, slugs: tuple[str, ...], out: Path | None, with_names: bool
) -> int:
    """Write approved records (of all artifacts) as FORMAT.

    \b
    json       one document, the entries as they are in catalog/
    jsonl      one record a line
    csv        one field a row, for spreadsheets
    json-ld    schema.org, with each claim and its passages
    training   what was drafted and what reviewers made of it, one text a line
    croissant  MLCommons Croissant, one document a dataset
    unfragile  unfragile.yml 1.0, one document an artifact
    NAME       what the plugin of that name writes: see capdraft plugins

    What can't be read is named and left out; then the exit status is 1.

    \b
    capdraft export json > catalog.json
    capdraft export croissant --out croissant
    """
    from capdraft.publishing.exports import Export, check_target

    workspace = frame.workspace()
    if frame.as_json and out is None:
        raise click.UsageError("--json tells what was written: name a file with --out")
    if with_names and format_ != "training":
        raise click.UsageError("--with-names belongs to training: other formats name who approved")
    if out is not None:
        check_target(workspace, out)
    export = Export(workspace, format_, tuple(dict.fromkeys(slugs)), with_names)
    export.check()
    written = _documents(frame, export, out) if export.is_per_artifact else _one(export, out)
    return _told(frame, export, written)


def _one(export: Export, out: Path | None) -> list[dict[str, Any]]:
    from capdraft.publishing.exports import written_whole

    if out is None:
        _print(_whole(export.encoded()) if export.is_of_plugin else export.encoded())
        return []
    if out.is_dir():
        raise click.UsageError(f"{out} is a folder, and {export.format} is one file")
    with written_whole(out) as file:
        file.writelines(export.encoded())
    return [{"file": str(out)}]


def _whole(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield `pieces` once all are there: what breaks half-way prints nothing."""
    from tempfile import SpooledTemporaryFile

    with SpooledTemporaryFile(IN_MEMORY) as file:
        file.writelines(pieces)
        file.seek(0)
        yield from iter(lambda: file.read(PIECE), b"")


def _documents(frame: Frame, export: Export, out: Path | None) -> list[dict[str, Any]]:
    from capdraft.publishing.exports import PER_ARTIFACT, written_whole

    is_file = out is not None and out.suffix in _FILES and not out.is_dir()
    if len(export.slugs) != 1 and (out is None or is_file):
        raise click.UsageError(
            f"{export.format} is one file an artifact: name one artifact, or a folder with --out"
        )
    written: list[dict[str, Any]] = []
    for document in export.documents():
        if out is None:
            _print([document.text.encode()])
        else:
            name = PER_ARTIFACT[export.format].replace("SLUG", document.slug)
            path = out if is_file else out / name
            with written_whole(path) as file:
                file.write(document.text.encode())
            lacks = list(document.lacks)
            written.append({"file": str(path), "artifact": document.slug, "lacks": lacks})
        if document.lacks:
            frame.note(f"{document.slug}: {export.format} also asks for {_listed(document.lacks)}")
    return written


def _listed(lacks: Sequence[str]) -> str:
    more = f" and {len(lacks) - 5} more" if len(lacks) > 6 else ""
    return ", ".join(lacks[:5] if more else lacks) + more


def _print(pieces: Iterable[bytes]) -> None:
    """Write to standard output what a file would hold; to a terminal nothing that steers it."""
    from capdraft.text import printable

    is_terminal = sys.stdout.isatty()
    for piece in pieces:
        shown = printable(piece.decode(errors="replace")).encode() if is_terminal else piece
        click.echo(shown, nl=False)


def _told(frame: Frame, export: Export, written: list[dict[str, Any]]) -> int:
    for error in export.failed:
        frame.failed(error)
    what = "example" if export.format == "training" else "record"
    artifacts = count(export.artifacts, "artifact")
    place = f", {count(len(written), 'file')} written" if written else ""
    frame.note(f"{artifacts}, {count(export.items, what)}{place}")
    frame.answer(
        {
            "format": export.format,
            "artifacts": export.artifacts,
            f"{what}s": export.items,
            "written": written,
            "failed": [error_data(error) for error in export.failed],
        }
    )
    return 1 if export.failed else 0
