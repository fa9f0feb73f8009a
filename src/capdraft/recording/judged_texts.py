"""Texts of proposals that a judge is asked about, for `check --judge` and `ground --judge`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from capdraft.auditing import BriefOf, statements_to_judge
from capdraft.auditing.base import read_base
from capdraft.checking.statements import Shown
from capdraft.client import Endpoint
from capdraft.client.cassettes import By, Note, NotedSource
from capdraft.drafting import Brief
from capdraft.drafting.asking import Asker, Terms
from capdraft.judging import JudgedArtifact, Statement, judge_statements, judged_fields
from capdraft.ledger import Ledger
from capdraft.prompts import Prompt, load_prompt
from capdraft.recording.noting import judge_note, noted_documents
from capdraft.recording.placing import placed
from capdraft.reviewing import Target, open_review
from capdraft.text import sha256
from capdraft.workspace import Workspace


@dataclass(frozen=True)
class Texts:
    """What is asked about the texts of one artifact, which stand in the file `name`."""

    slug: str
    name: str
    statements: Sequence[Statement]
    briefs: Mapping[str, Brief] = field(default_factory=dict)
    """The documents that they are held against, by what names them; else what they cite."""

    def sources(self) -> Iterator[NotedSource]:
        """Yield the texts and the documents as a note names them."""
        read = {document.uri for brief in self.briefs.values() for document in brief.documents}
        yield NotedSource(source=self.name, slug=self.slug, texts=_hash(self.statements, read))
        for source, brief in self.briefs.items():
            yield NotedSource(source=source, documents=noted_documents(brief.documents))


def _hash(statements: Iterable[Statement], read: set[str]) -> str:
    """Return the hash of sentences, and of their passages that stand in no document of `read`."""

    def said(passages: Iterable[Shown]) -> list[list[object]]:
        return sorted([p.text, p.header, *p.above] for p in passages if p.document not in read)

    every = [[s.text, s.about, s.alternative, said(s.passages), said(s.other)] for s in statements]
    return sha256(json.dumps(every, ensure_ascii=False))


def texts_checked(workspace: Workspace, slug: str) -> Texts:
    """Return what `check --judge` asks of an artifact: fields of its newest proposal.

    Raises:
        CapdraftError: it has none, or that can't be read.
    """
    review = open_review(workspace, Target(slug))
    return Texts(slug, review.stored.name, [item.statement for item in judged_fields(review)])


def texts_grounded(
    workspace: Workspace, slug: str, sources: Sequence[str], brief_of: BriefOf
) -> Texts:
    """Return what `ground --judge` asks of an artifact; `brief_of` reads what `sources` name.

    Raises:
        CapdraftError: it has no texts, or a document can't be read.
    """
    briefs: dict[str, Brief] = {}

    def kept(source: Path | str) -> tuple[Brief, list[str]]:
        briefs[str(source)], notes = brief_of(source)
        return briefs[str(source)], notes

    name = read_base(workspace, slug).name
    statements, _ = statements_to_judge(workspace, slug, sources, kept)
    return Texts(slug, name, statements, briefs)


async def ask_about(texts: Texts, prompt: Prompt, to: tuple[Endpoint, Terms, Ledger]) -> None:
    """Ask about all of the sentences.

    Raises:
        CapdraftError: one of the requests failed.
    """
    endpoint, terms, ledger = to
    asker = Asker(endpoint, ledger, terms, f"{texts.slug}: judged")
    judged = await judge_statements(texts.statements, asker, prompt)
    for error in judged.errors:
        raise error


def check_note(
    workspace: Workspace, cassette: Path, ended: Iterable[JudgedArtifact]
) -> Note | None:
    """Return the note of a recorded `check --judge`; None where nothing was asked."""
    asked = [
        Texts(
            item.slug,
            f"reviews/{item.slug}/{workspace.proposals(item.slug)[-1]}.toml",
            [judged.statement for judged in item.asked],
        )
        for item in ended
        if item.asked
    ]
    return _note("check --judge", workspace, cassette, asked)


def ground_note(workspace: Workspace, cassette: Path, texts: Texts) -> Note | None:
    """Return the note of a recorded `ground --judge`; None where nothing was asked."""
    asked = [texts] if texts.statements else []
    return _note("ground --judge", workspace, cassette, asked)


def _note(by: By, workspace: Workspace, cassette: Path, asked: Sequence[Texts]) -> Note | None:
    sources = [source for texts in asked for source in texts.sources()]
    if not sources:
        return None
    note = judge_note(by, sources, load_prompt("judge", workspace.root))
    return placed(note, workspace, cassette)
