"""Each half of a page becomes a proposal: its records without evidence, and what it claims."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from capdraft import __version__
from capdraft.checking import Around, check_capabilities
from capdraft.errors import SourceError, UsageProblem
from capdraft.importing.judging import cell_of, judge
from capdraft.importing.known import (
    Known,
    differences,
    known_by_description,
    said_before,
    undecided,
)
from capdraft.importing.naming import id_for, name_for
from capdraft.importing.page import Note, Page, PageList, PageRecord
from capdraft.importing.reading import read_page
from capdraft.importing.splitting import assign
from capdraft.records import (
    IMPORTED_PAGE,
    Artifact,
    Capability,
    Document,
    DocumentRef,
    Field,
    Proposal,
    Run,
)
from capdraft.reviewing import earlier_pages
from capdraft.text import normalise, slugify
from capdraft.workspace import StoredProposal, Workspace

NO_ENDPOINT = NO_PROMPT = "none"
_PLAIN = ("text/plain", "text/markdown")
_TYPE = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Terms:
    """What a person says of a page that it doesn't say itself."""

    names: Sequence[str] = ()
    types: Sequence[str] = ()
    split: int | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """The proposal of one artifact; `changed` is False where the newest one says the same."""

    stored: StoredProposal
    more: int
    changed: bool


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a page."""

    page: Page
    imported: tuple[Imported, ...]
    notes: tuple[Note, ...]


def import_page(
    workspace: Workspace, path: Path, terms: Terms, severities: Mapping[str, str]
) -> ImportReport:
    """Read the page at `path` into a proposal for each of its artifacts, and say what it claims.

    Raises:
        SourceError: the file can't be read, or isn't laid out as the known pages are.
        UsageProblem: `terms` don't fit the page.
        Busy: one of the artifacts is being drafted.
    """
    from capdraft.sources import read_document

    document = read_document(path, uri=workspace.uri(path))
    if document.media_type not in _PLAIN:
        raise SourceError(
            f"a page is imported from its text, not from {document.media_type}",
            where=document.uri,
            hint="Save the page as text: page.txt",
        )
    page = read_page(document.text, document.uri)
    lists = assign(page, terms.split)
    claims, others = judge(page, lists), list[Note]()
    artifacts = tuple(_artifact(workspace, page, side, terms, others) for side in (0, 1))
    if artifacts[0].slug == artifacts[1].slug:
        hint = "Name them: --names 'One,Another'"
        raise UsageProblem(f"both artifacts would be {artifacts[0].slug!r}", hint=hint)
    with ExitStack() as held:
        for slug in sorted(artifact.slug for artifact in artifacts):
            held.enter_context(workspace.drafting(slug))
        said = _Said(page, document, claims, terms, severities)
        pairs = zip(artifacts, lists, strict=True)
        drafts = [said.proposal(workspace, side, *pair) for side, pair in enumerate(pairs)]
        done = tuple(
            _add(workspace, draft, found.more, others)
            for draft, found in zip(drafts, lists, strict=True)
        )
    return ImportReport(page, done, (*claims, *others))


def _artifact(
    workspace: Workspace, page: Page, side: int, terms: Terms, notes: list[Note]
) -> Artifact:
    """Return the artifact of one half; what an earlier proposal says of it counts first."""
    name = terms.names[side] if terms.names else page.names[side]
    said = terms.types[side] if terms.types else (cell_of(page, "type", side) or "unknown")
    kind = "-".join(said.casefold().split())
    row = page.row("type")
    if terms.types and not _TYPE.fullmatch(kind):
        hint = "A type is lower-case letters, digits and hyphens: model, dataset"
        raise UsageProblem(f"{said!r} is no type", hint=hint)
    if not _TYPE.fullmatch(kind):
        notes.append(Note("type", f"{said!r} is no type", row.line if row else 1))
        kind = "unknown"
    slug, pricing = slugify(name), cell_of(page, "pricing", side)
    fresh = Artifact(slug=slug, name=name, type=kind, pricing=pricing)
    if not workspace.proposals(slug):
        return fresh
    known = workspace.read_proposal(slug).proposal.artifact
    notes += differences(known, fresh, page)
    filled = {
        "type": fresh.type if known.type == "unknown" else known.type,
        "pricing": known.pricing or pricing,
    }
    return known.model_copy(update=filled)


def _add(workspace: Workspace, draft: Proposal, more: int, notes: list[Note]) -> Imported:
    """Write a proposal, unless the newest one says the same."""
    slug = draft.artifact.slug
    newest = workspace.read_proposal(slug) if workspace.proposals(slug) else None
    if newest and newest.proposal.same_draft(draft):
        return Imported(newest, more, changed=False)
    if newest:
        notes += [*undecided(workspace, newest), *said_before(newest, draft)]
    return Imported(workspace.add_proposal(draft), more, changed=True)


class _Said:
    """What a page says, on its way to proposals."""

    def __init__(
        self,
        page: Page,
        document: Document,
        notes: Sequence[Note],
        terms: Terms,
        severities: Mapping[str, str],
    ) -> None:
        self._page, self._document, self._notes = page, document, notes
        self._terms, self._severities = terms, severities

    def proposal(
        self, workspace: Workspace, side: int, artifact: Artifact, found: PageList
    ) -> Proposal:
        """Return the proposal of one artifact."""
        capabilities = _capabilities(
            found.records, artifact.name, known_by_description(workspace, artifact.slug)
        )
        pages = earlier_pages(workspace, artifact.slug)
        return Proposal(
            artifact=artifact,
            run=self._run(side, bool(capabilities)),
            documents=(DocumentRef.of(self._document, "d1"),),
            capabilities=tuple(capabilities),
            findings=check_capabilities(
                artifact,
                capabilities,
                around=Around(pages=pages),
                severities=self._severities,
            ),
        )

    def _run(self, side: int, any_record: bool) -> Run:
        return Run(
            started=datetime.now(UTC),
            by=self._terms.by,
            tool=f"capdraft {__version__}",
            state="drafted" if any_record else "empty",
            model=IMPORTED_PAGE,
            endpoint=NO_ENDPOINT,
            imported=True,
            prompt=NO_PROMPT,
            prompt_sha256=NO_PROMPT,
            parameters={"page": self._claims(side)},
            calls=0,
            attempts=0,
            seconds=0,
        )

    def _claims(self, side: int) -> dict[str, Any]:
        """Return what the page says beside the records, and what is to be said of that."""
        page = self._page
        claims = {
            "title": page.title,
            "headline": page.headline,
            "table": {row.label: row.cells[side] for row in page.rows if row.cells[side]},
            "verdict": page.verdict,
            "notes": [f"{note.line}: {note.code}: {note.message}" for note in self._notes],
        }
        return {key: value for key, value in claims.items() if value}


def _capabilities(records: Iterable[PageRecord], artifact: str, known: Known) -> list[Capability]:
    """Return the records with names and ids: those that their descriptions are known under."""
    taken = {item.id for item in known.values()}
    used: set[str] = set()
    found = []
    for record in records:
        earlier = known.get(normalise(record.description))
        if earlier and earlier.id not in used:
            name, item_id, intents = earlier.name, earlier.id, earlier.intents
        else:
            name, intents = name_for(record.description, artifact), ()
            item_id = id_for(name, taken)
        used.add(item_id)
        found.append(
            Capability(
                id=item_id,
                name=name,
                intents=intents,
                description=Field(text=record.description),
                unique=_field(record.unique),
                vs_alternatives=_field(record.vs_alternatives),
            )
        )
    return found


def _field(text: str | None) -> Field | None:
    return Field(text=text) if text else None
