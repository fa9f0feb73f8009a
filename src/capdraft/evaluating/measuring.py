"""One draft, held against its gold: each function counts one thing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from dataclasses import field as attribute
from functools import cached_property

from capdraft.checking.quotes.words import sentences
from capdraft.evaluating.calibrating import Calibration
from capdraft.evaluating.gold import GoldCapability
from capdraft.evaluating.likeness import Likeness
from capdraft.evaluating.matching import Match, match, own_passages
from capdraft.evaluating.measures import Share
from capdraft.evaluating.reading import GoldCase
from capdraft.evaluating.results import DoubtedSentence
from capdraft.records import Capability, Field, FieldName, Finding, Passage, Proposal
from capdraft.text import name_key

_NOT_OF_SENTENCES = ("CD105", "CD106", "CD3")
"""How codes begin that are about a document's tricks, markup, or a record among others."""


@dataclass(frozen=True)
class Scale:
    """What matching goes by, the same for all documents of a run."""

    likeness: Likeness
    calibration: Calibration


@dataclass(frozen=True)
class Sentence:
    """A sentence of a drafted field, and what the rules find in it."""

    capability: str
    field: FieldName
    text: str
    findings: tuple[Finding, ...]


@dataclass
class Measured:
    """A proposal beside its gold, with what belongs together."""

    case: GoldCase
    proposal: Proposal
    scale: Scale
    shares: dict[str, Share] = attribute(default_factory=dict)
    """What evaluators counted, by the measure's name."""
    doubted: tuple[DoubtedSentence, ...] = ()
    """Sentences that a judge, where one was asked, does not find supported."""

    @cached_property
    def matches(self) -> list[Match]:
        """The drafted capabilities that the gold has."""
        drafted, scale = self.proposal.capabilities, self.scale
        return match(self.case, drafted, scale.likeness, scale.calibration.threshold)

    @property
    def pairs(self) -> Iterator[tuple[GoldCapability, Capability]]:
        """Yield each capability of the gold that was drafted, and its record."""
        for item in self.matches:
            yield self.case.gold.capabilities[item.gold], self.proposal.capabilities[item.drafted]

    @cached_property
    def sentences(self) -> list[Sentence]:
        """All sentences of the draft."""
        return list(sentences_of(self.proposal))

    def gold_texts(self, item: GoldCapability) -> list[str]:
        """Return what the gold says of a capability, its passages as rules read them."""
        passages = {p.number: p for document in self.case.documents for p in document.passages}
        quoted = (read(passages[number]) for number in self.case.numbers(item))
        return [item.name, item.description, *item.numbers, *quoted]


def coverage(draft: Measured) -> Share:
    """Count the needed capabilities that were drafted."""
    needed = {place for place, item in enumerate(draft.case.gold.capabilities) if item.needed}
    return Share(hits=len(needed & {item.gold for item in draft.matches}), of=len(needed))


def precision(draft: Measured) -> Share:
    """Count the drafted capabilities that the gold has."""
    return Share(hits=len(draft.matches), of=len(draft.proposal.capabilities))


def evidence(draft: Measured) -> tuple[Share, Share]:
    """Count the passages of the gold among those cited, and those cited among the gold's."""
    both = cited = wanted = 0
    for gold, record in draft.pairs:
        first, second = {*own_passages(record)}, {*draft.case.numbers(gold)}
        both, cited, wanted = both + len(first & second), cited + len(first), wanted + len(second)
    return Share(hits=both, of=cited), Share(hits=both, of=wanted)


def supported(draft: Measured) -> Share:
    """Count the sentences in which no rule finds anything."""
    found = draft.sentences
    return Share(hits=sum(not item.findings for item in found), of=len(found))


def comparisons_found(draft: Measured) -> Share:
    """Count the proven comparisons of the gold with an alternative that a record compares with."""
    wanted = {name_key(item.alternative) for item in draft.case.gold.comparisons if item.proven}
    drafted = {name_key(field.alternative or "") for _, field in _comparisons(draft.proposal)}
    return Share(hits=len(wanted & drafted), of=len(wanted))


def comparisons_proven(draft: Measured) -> Share:
    """Count the drafted comparisons in which no rule finds an error."""
    wrong = {
        item.capability
        for item in draft.proposal.findings
        if item.field == "vs_alternatives" and item.severity == "error"
    }
    drafted = [capability for capability, _ in _comparisons(draft.proposal)]
    return Share(hits=sum(item not in wrong for item in drafted), of=len(drafted))


def sentences_of(proposal: Proposal) -> Iterator[Sentence]:
    """Yield each sentence of a proposal with the findings about it or the whole field."""
    about = [item for item in proposal.findings if not item.code.startswith(_NOT_OF_SENTENCES)]
    for record in proposal.capabilities:
        for name, field in record.fields():
            found = [f for f in about if f.capability == record.id and f.field == name]
            for start, end in sentences(field.text):
                here = tuple(f for f in found if _touches(f, start, end))
                yield Sentence(record.id, name, field.text[start:end], here)


def texts_of(record: Capability) -> Iterator[str]:
    """Yield the name and the prose of a record."""
    yield record.name
    yield from (field.text for _, field in record.fields())


def read(passage: Passage) -> str:
    """Return a passage with what stands above it."""
    return "\n".join(filter(None, (*passage.heading, passage.header, passage.shown)))


def _comparisons(proposal: Proposal) -> Iterable[tuple[str, Field]]:
    return [(c.id, c.vs_alternatives) for c in proposal.capabilities if c.vs_alternatives]


def _touches(finding: Finding, start: int, end: int) -> bool:
    if finding.start is None or finding.end is None:
        return True
    return finding.start < end and start < finding.end
