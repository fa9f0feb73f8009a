"""From a path on the command line to what is to be drafted."""

from __future__ import annotations

import re
from pathlib import Path

from capdraft.drafting.drafting import Brief
from capdraft.errors import SourceError
from capdraft.records import Artifact, Document
from capdraft.sources import artifact_facts, find_files, read_document
from capdraft.text import check_slug, slugify
from capdraft.workspace import Workspace

_ADDRESS = re.compile(r"(?:https?|ftp|hf|gh):")
_NAMELESS = {"readme", "index", "model_card", "modelcard", "dataset_card", "card"}


def make_brief(
    source: Path,
    workspace: Workspace,
    *,
    slug: str | None = None,
    name: str | None = None,
    artifact_type: str | None = None,
) -> tuple[Brief, list[Path]]:
    """Return the brief for a file, or for a folder of documents, and the files left out of it.

    Raises:
        SourceError: a document can't be read, or a folder has none.
        BadSlug: the slug given isn't one.
    """
    if slug is not None:
        check_slug(slug)
    if _ADDRESS.match(str(source)):
        raise SourceError(
            "addresses are not read yet", where=str(source), hint="Download it, and name the file."
        )
    _check_path(source)
    files, skipped = find_files(source) if source.is_dir() else ([source], [])
    documents: list[Document] = []
    number = 1
    for file in files:
        document = read_document(file, uri=workspace.uri(file), first_number=number)
        number += len(document.passages)
        documents.append(document)
    facts = artifact_facts(documents)
    stem = _stem(source)
    artifact = Artifact(
        slug=slug or slugify(stem),
        name=name or facts.name or stem,
        type=artifact_type or facts.type or "unknown",
        license=facts.license,
        pricing=facts.pricing,
    )
    return Brief(artifact, tuple(documents)), skipped


def _check_path(source: Path) -> None:
    """Refuse what no file can be read from, whatever it holds."""
    where = str(source).encode("utf-8", "replace").decode()
    try:
        source.resolve().as_posix().encode()
    except UnicodeEncodeError as error:
        raise SourceError("its name isn't UTF-8", where=where, hint="Rename it.") from error
    except (OSError, RuntimeError) as error:
        raise SourceError(
            f"can't be followed: {error}", where=where, hint="Mend the link."
        ) from error


def _stem(source: Path) -> str:
    """Return what a source is called: a README is called like its folder."""
    path = source.resolve()
    if path.is_dir():
        return path.name
    return path.parent.name if path.stem.casefold() in _NAMELESS else path.stem
