"""What a judge is asked about a field that is audited, and what its answer makes of that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from capdraft.auditing.material import Material
from capdraft.checking.statements import Judged, Library, Shown, Verdict, of_evidence
from capdraft.records import Artifact, Evidence, Field, FieldName

if TYPE_CHECKING:
    from capdraft.judging import Judge, SentenceVerdict, Statement
    from capdraft.judging import Judged as Answers

CANDIDATES = 6
"""Passages that are shown for a sentence: those that share the most words with it."""


@dataclass(frozen=True)
class Asking:
    """A judge, and a way to ask it."""

    judge: Judge
    ask: Callable[[Sequence[Statement]], Answers]


@dataclass(frozen=True)
class Look:
    """A field that is audited, what it cites still, and what words say of its sentences."""

    capability: str
    name: FieldName
    field: Field
    kept: tuple[Evidence, ...]
    """Documents by their URIs."""
    by_words: tuple[Judged, ...]

    def statement(self, artifact: Artifact, material: Material) -> Statement:
        """Return what a judge is asked: the field, with the passages that may say it."""
        from capdraft.judging import Statement

        others = material.others(self.field.text) if self.name == "vs_alternatives" else []
        own = self._candidates([material.own], "artifact")
        other = self._candidates(others, "alternative")
        named = self.field.alternative or next((name for lib in others for name in lib.names), "")
        return Statement(self.field.text, own, artifact.name, named if other else "", other)

    def _candidates(self, libraries: Sequence[Library], side: str) -> tuple[Shown, ...]:
        found: dict[tuple[str, int], Shown] = {}
        for judged in self.by_words:
            sentence = self.field.text[judged.start : judged.end]
            said = judged.passages if side == "artifact" else judged.other
            for library in libraries:
                for shown in _first(_near(library, sentence), CANDIDATES):
                    found.setdefault((shown.document, shown.number), shown)
            for shown in said if libraries else ():
                found.setdefault((shown.document, shown.number), shown)
        for shown in of_evidence(item for item in self.kept if item.side == side):
            found.setdefault((shown.document, shown.number), shown)
        return tuple(found.values())


def _near(library: Library, sentence: str) -> Iterator[Shown]:
    for stretch in library.near(library.without_name(sentence)):
        yield from stretch.passages


def _first(passages: Iterable[Shown], most: int) -> Iterable[Shown]:
    found: dict[Shown, None] = {}
    for shown in passages:
        found.setdefault(shown)
        if len(found) == most:
            break
    return found


def decided(words: Judged, said: SentenceVerdict, statement: Statement) -> Judged:
    """Return a verdict as the judge has it; what it left open is as the words have it."""
    if said.verdict is None:
        return words
    own = tuple(p for p in said.passages if p in statement.passages)
    other = tuple(p for p in said.passages if p in statement.other)
    if said.verdict == "supported":
        return replace(words, verdict="supported", passages=own, lacking=(), other=other)
    verdict: Verdict = "contradicted"
    if said.verdict == "unsupported":
        verdict = "partly" if said.passages else "not-found"
    return replace(words, verdict=verdict, passages=own or other, lacking=(), other=())
