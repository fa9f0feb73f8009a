"""A workspace with as many fields to review as are asked for."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from capdraft.records import Artifact, Capability, DocumentRef, Field, Proposal, Run
from capdraft.sources import quote, read_bytes
from capdraft.workspace import Workspace, dump_proposal

FIELDS_EACH = 10
CAPABILITIES = 4
STARTED = datetime(2026, 1, 1, tzinfo=UTC)
VERBS = [
    "reads",
    "sorts",
    "joins",
    "counts",
    "cleans",
    "maps",
    "trims",
    "links",
    "folds",
    "marks",
    "packs",
    "scans",
]
THINGS = [
    "tickets",
    "ledgers",
    "letters",
    "parcels",
    "menus",
    "maps",
    "recipes",
    "rosters",
    "labels",
    "invoices",
]
PLACES = [
    "harbours",
    "kitchens",
    "libraries",
    "orchards",
    "depots",
    "museums",
    "bakeries",
    "stations",
    "farms",
]
RARE = "quillfeather"


def make_workspace(folder: Path, fields: int) -> Workspace:
    """Write a workspace with so many fields: a document and a proposal for every ten."""
    (folder / "capdraft.toml").write_text(
        'schema = "capdraft/settings/1"\n[review]\nreviewers = ["ann", "bo", "cy"]\n'
    )
    (folder / "docs").mkdir()
    for number in range(fields // FIELDS_EACH):
        slug = f"artifact-{number:05d}"
        sentences = list(_sentences(number))
        document = folder / f"docs/{slug}.md"
        document.write_text(f"# Artifact {number}\n\n" + "\n\n".join(sentences) + "\n")
        path = folder / f"reviews/{slug}/0001.toml"
        path.parent.mkdir(parents=True)
        path.write_text(dump_proposal(_proposal(slug, number, document)), encoding="utf-8")
    return Workspace(folder)


def _sentences(number: int) -> Iterator[str]:
    chance = random.Random(number)  # noqa: S311
    for _ in range(FIELDS_EACH):
        verb, other = chance.sample(VERBS, 2)
        thing, place = chance.choice(THINGS), chance.choice(PLACES)
        yield (
            f"It {verb} {chance.randint(2, 999)} {thing} an hour and {other} what is left over, "
            f"as the records of small {place} ask for in week {chance.randint(1, 52)}."
        )


def _proposal(slug: str, number: int, path: Path) -> Proposal:
    document = read_bytes(path.read_bytes(), path.name, uri=f"docs/{path.name}")
    cited = iter(document.passages)

    def claim(*, wrong: bool = False, alternative: str | None = None) -> Field:
        passage = next(cited)
        text = passage.shown.replace("an hour", "in 1234 hours") if wrong else passage.shown
        evidence = (quote(document, passage, document_id="d1"),)
        return Field(text=text, alternative=alternative, evidence=evidence)

    def capability(place: int) -> Capability:
        rare = f" {RARE}" if (number, place) == (7, 0) else ""
        return Capability(
            id=f"{VERBS[place]}-{number % 97}",
            name=f"{VERBS[place].capitalize()} {THINGS[number % 10]}{rare}",
            intents=(f"work with {THINGS[place]}",),
            description=claim(wrong=number % 9 == place),
            unique=claim(),
            vs_alternatives=claim(alternative="a pencil") if place < 2 else None,
        )

    ref = DocumentRef(
        id="d1",
        uri=document.uri,
        sha256=document.sha256,
        retrieved=STARTED,
        media_type=document.media_type,
        passages=len(document.passages),
    )
    return Proposal(
        artifact=Artifact(slug=slug, name=f"Artifact {number}", type="tool"),
        run=_run(number),
        documents=(ref,),
        capabilities=tuple(capability(place) for place in range(CAPABILITIES)),
    )


def _run(number: int) -> Run:
    return Run(
        started=STARTED + timedelta(minutes=number * 7919 % 100_003),
        by=("ann", "bo", "cy")[number % 3],
        tool="benchmark",
        state="drafted",
        model="stub",
        endpoint="http://stub/v1",
        prompt="draft",
        prompt_sha256="0" * 64,
        calls=1,
        attempts=1,
        seconds=1,
    )
