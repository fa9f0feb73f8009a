"""The claim as the desk shows it: plain data for the template, nothing to compute there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from capdraft.checking import RULES
from capdraft.records import Evidence, Finding, Passage
from capdraft.reviewing import FieldState, Review
from capdraft.reviewing.citing import OpenDocument
from capdraft.reviewing.quoting import as_written
from capdraft.reviewing.screens import Screen
from capdraft.web.desk.citing import choice, nearest, standing
from capdraft.web.desk.marks import Piece, marked
from capdraft.web.links import Filters, desk_url
from capdraft.web.rendering import LABELS


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding under its number."""

    number: int
    code: str
    name: str
    severity: str
    message: str
    marked: bool
    """Whether it is about some words, which carry its number."""


@dataclass(frozen=True, slots=True)
class CitationView:
    """A passage that the claim cites, where it stands now, or what stands there instead."""

    number: int
    side: str
    uri: str
    heading: str
    quote: str
    header: str
    how: str
    """stands, gone (not in the document any more) or away (the document is not at hand)"""
    passage: int | None
    """The number of the passage that it is now, or that reads most like it."""
    now: str
    prefix: str
    suffix: str
    value: str

    @property
    def place(self) -> str:
        """The id of the element that shows it among the documents, where one does."""
        if self.how == "away":
            return f"q{self.number}"
        return "" if self.passage is None else f"p{self.passage}"


@dataclass(frozen=True, slots=True)
class Other:
    """Another field of the same capability."""

    label: str
    text: str
    status: str
    url: str


def view_findings(findings: Sequence[Finding]) -> list[FindingView]:
    """Return the findings with their numbers, which the marks in the text carry too."""
    return [
        FindingView(
            number,
            finding.code,
            RULES[finding.code].name,
            finding.severity,
            finding.message,
            finding.start is not None,
        )
        for number, finding in enumerate(findings, 1)
    ]


def marked_claim(text: str, findings: Sequence[Finding]) -> tuple[Piece, ...]:
    """Return `text` cut so that what each finding is about can be marked."""
    spans = [None if f.start is None or f.end is None else (f.start, f.end) for f in findings]
    return marked(text, spans)


def view_citations(
    documents: Sequence[OpenDocument], evidence: Sequence[Evidence], chosen: Sequence[Evidence] = ()
) -> list[CitationView]:
    """Return each of `evidence` with where it stands now.

    `chosen` is what a form holds: what stands there no more can be kept by its place among it.
    """
    stands = standing(documents, evidence)
    return [
        _citation(documents, number, item, stands.get(number), chosen or evidence)
        for number, item in enumerate(evidence)
    ]


def _citation(
    documents: Sequence[OpenDocument],
    number: int,
    item: Evidence,
    passage: Passage | None,
    cited: Sequence[Evidence],
) -> CitationView:
    from capdraft.sources import readable

    opened = next((d for d in documents if d.ref.id == item.document), None)
    document = opened.document if opened else None
    how, instead = "stands", None
    if passage is None:
        how = "away" if document is None else "gone"
        instead = nearest(documents, item)
    value = f"kept:{cited.index(item)}" if item in cited else ""
    if document and passage:
        value = choice(document, passage, item.side)
    shown = passage or instead
    return CitationView(
        number=number + 1,
        side=item.side,
        uri=opened.ref.uri if opened else item.document,
        heading=" › ".join(item.heading),
        quote=as_written(item),
        header=readable(item.header, "table-row", item.markup) if item.header else "",
        how=how,
        passage=shown.number if shown else None,
        now=instead.shown if instead else "",
        prefix=item.prefix,
        suffix=item.suffix,
        value=value,
    )


def others(review: Review, state: FieldState, among: Filters) -> list[Other]:
    """Return the other fields of the capability."""
    return [
        Other(
            LABELS[item.name],
            item.text,
            item.status,
            desk_url(review.slug, item.capability.id, item.name, among),
        )
        for item in review.states
        if item.capability.id == state.capability.id and item.name != state.name
    ]


def standing_line(screen: Screen) -> str:
    """Return how many of the approvals that it needs the field has, and whose."""
    state = screen.state
    needed = screen.review.policy.needed(state.name)
    if screen.blind:
        return "A second opinion: what others decided is hidden until you have decided."
    by = ", ".join(decision.reviewer for decision in state.approvals)
    line = f"{len(state.approvals)} of {needed} approvals"
    return f"{line}: {by}" if by else line


def why(state: FieldState) -> str:
    """Return why the field stands as it does, beyond how many approvals it has."""
    told = state.status == "pending" and not state.ignored
    return "" if told else state.why


def authors(state: FieldState) -> list[str]:
    """Return who had a hand in the text, as `ann ran its draft`."""
    return [f"{who} {what}" for who, what in state.authors.items()]


def numbers_by_passage(
    citations: Sequence[CitationView], how: str
) -> Mapping[int, tuple[int, ...]]:
    """Return the numbers of the citations that stand so, by the passage they are shown at."""
    found: dict[int, tuple[int, ...]] = {}
    for item in citations:
        if item.how == how and item.passage is not None:
            found[item.passage] = (*found.get(item.passage, ()), item.number)
    return found
