"""From a path or an address on the command line to what is to be drafted."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from capdraft.drafting.planning import Brief
from capdraft.errors import SourceError
from capdraft.records import Artifact, Document
from capdraft.sources import (
    ArtifactFacts,
    Found,
    artifact_facts,
    find_files,
    is_workspace_readme,
    read_bytes,
    read_document,
)
from capdraft.sources.addresses import (
    Fetched,
    fetch,
    is_address,
    is_nameless,
    keep,
    parse_address,
)
from capdraft.sources.titles import bare_name, bare_stem
from capdraft.text import check_slug, clean, slugify
from capdraft.workspace import Workspace

SHOWN = 5
"""Documents of a folder that a note names."""
MOST_PATTERNS = 3


@dataclass(frozen=True, slots=True)
class _Material:
    """The documents of one source, what it is called, and what was said on the way."""

    stem: str
    documents: tuple[Document, ...]
    notes: list[str]
    type: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)


def make_brief(
    source: Path | str,
    workspace: Workspace,
    *,
    slug: str | None = None,
    name: str | None = None,
    artifact_type: str | None = None,
) -> tuple[Brief, list[str]]:
    """Return the brief for a file, folder or address, and what the user is told of it.

    An address is fetched, and its bytes are kept in the workspace.

    Raises:
        SourceError: a document can't be read, or a folder or address has none.
        BadSlug: the slug given isn't one.
    """
    if slug is not None:
        check_slug(slug)
    given = str(source)
    if is_address(given):
        found = _from_address(given, workspace)
    else:
        found = _from_path(given, workspace, one=bool(slug or name))
    facts = artifact_facts(_with_facts(found.documents, found.facts))
    slug = slug or _slug(found.stem, workspace)
    artifact = Artifact(
        slug=slug,
        name=" ".join(clean(name or _name(facts, found.stem, slug, workspace)).split())
        or found.stem,
        type=artifact_type or facts.type or found.type or "unknown",
        license=facts.license,
        pricing=facts.pricing,
        languages=facts.languages,
        links=facts.links,
    )
    return Brief(artifact, found.documents), found.notes


def _slug(stem: str, workspace: Workspace) -> str:
    """Return the slug for what is called `stem`: what is drafted keeps the one that it has."""
    whole, bare = slugify(stem), bare_stem(stem)
    return whole if bare == stem or workspace.proposals(whole) else slugify(bare)


def _name(facts: ArtifactFacts, stem: str, slug: str, workspace: Workspace) -> str:
    """Return what the artifact is called: one that is drafted keeps its name of the same heading.

    Another name in the prompt would be another question.
    """
    found = facts.name or bare_stem(stem)
    if facts.by_heading and workspace.proposals(slug):
        earlier = workspace.read_proposal(slug).proposal.artifact.name
        if found in (bare_name(earlier), bare_stem(earlier)):
            return earlier
    return found


def _with_facts(documents: Sequence[Document], facts: Mapping[str, object]) -> Sequence[Document]:
    """Return `documents` as if the first had `facts` in its front matter too; its own count."""
    if not facts:
        return documents
    said = {**facts, **documents[0].front_matter}
    return [documents[0].model_copy(update={"front_matter": said}), *documents[1:]]


def _from_path(given: str, workspace: Workspace, *, one: bool) -> _Material:
    source = Path(given)
    _check_path(source)
    found = find_files(source) if source.is_dir() else Found([_checked(source)])
    documents: list[Document] = []
    number = 1
    for file in found.files:
        document = read_document(file, uri=workspace.uri(file), first_number=number)
        number += len(document.passages)
        documents.append(document)
    return _Material(_stem(source), tuple(documents), _notes(source, found, one=one))


def _checked(source: Path) -> Path:
    if is_workspace_readme(source):
        raise SourceError(
            "`capdraft init` wrote it, of the workspace: it is no artifact's",
            where=str(source),
            hint="Name another document; or give the artifact's README a folder of its own.",
        )
    return source


def _notes(source: Path, found: Found, *, one: bool) -> list[str]:
    """Return what is said of a folder: what is left out of it, and that all else is one artifact.

    `one` tells that just this was meant.
    """
    notes = [f"{path}: left out, files of its kind are not read" for path in found.skipped]
    if found.own:
        notes.append(f"{source}: left out, as a workspace's own: {found.own_names}")
    if len(found.files) > 1:
        names = [file.relative_to(source).as_posix() for file in found.files]
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        notes.append(
            f"{source}: one artifact from {len(names)} documents: {', '.join(names[:SHOWN])}{more}"
            + ("" if one else f"; to draft each as its own: {_each(found.files)}")
        )
    return notes


def _each(files: Sequence[Path]) -> str:
    """Return the command that drafts each of the files as an artifact of its own."""
    kinds = dict.fromkeys((file.parent, file.suffix) for file in files)
    if len(kinds) > MOST_PATTERNS:
        return "capdraft draft --from LIST"
    patterns = (f"{_folder(folder)}*{suffix}" for folder, suffix in kinds)
    return f"capdraft draft {' '.join(patterns)}"


def _folder(folder: Path) -> str:
    return "" if folder == Path() else f"{shlex.quote(folder.as_posix().rstrip('/'))}/"


def _from_address(given: str, workspace: Workspace) -> _Material:
    address = parse_address(given)
    fetched = fetch(address)
    documents, failed = _read(fetched, workspace)
    notes = [*fetched.notes, *(f"{error}; left out" for error in failed)]
    return _Material(address.stem, tuple(documents), notes, fetched.type, fetched.facts)


def _read(fetched: Fetched, workspace: Workspace) -> tuple[list[Document], list[SourceError]]:
    """Return the documents of what was fetched; one that can't be read stops no other."""
    documents: list[Document] = []
    failed: list[SourceError] = []
    number, now = 1, datetime.now(UTC)
    for file in fetched.files:
        try:
            document = read_bytes(
                file.data,
                file.name,
                uri=file.uri,
                media_type=file.media_type,
                first_number=number,
                retrieved=now,
            )
        except SourceError as error:
            failed.append(error)
            continue
        keep(workspace.root, file.data)
        number += len(document.passages)
        documents.append(document)
    if not documents:
        raise failed[0]
    return documents, failed


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
    return path.parent.name if is_nameless(path.stem) else path.stem
