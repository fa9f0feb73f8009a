"""A whole proposal: checked against its present documents, findings placed by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from capdraft.checking.claims import Around
from capdraft.checking.grounding import Said, by_document
from capdraft.checking.judgements import Judgements
from capdraft.checking.rules import check_capabilities
from capdraft.records import FIELDS, Capability, FieldName, Finding, Proposal
from capdraft.workspace import FieldLines, StoredProposal


def check_proposal(
    proposal: Proposal,
    present: Mapping[str, Said | None],
    *,
    judgements: Judgements | None = None,
    pages: Sequence[tuple[str, Capability]] = (),
    severities: Mapping[str, str] = {},
) -> tuple[Finding, ...]:
    """Return what all rules find now, in the order of the capabilities, fields and codes.

    `present` is what each document says now, as `present_passages` gives it; `judgements` what
    models said; `pages` the artifact's records on other imported pages, each with its file.
    """
    found = check_capabilities(
        proposal.artifact,
        proposal.capabilities,
        around=Around(
            by_document(proposal, present),
            proposal.contradictions,
            judgements.of(proposal) if judgements else {},
            tuple(pages),
        ),
        severities=severities,
    )
    order = {capability.id: place for place, capability in enumerate(proposal.capabilities)}
    return tuple(
        sorted(
            found,
            key=lambda f: (order[f.capability], FIELDS.index(f.field), f.code, f.start or 0),
        )
    )


def place_findings(
    stored: StoredProposal, findings: Iterable[Finding], texts: Mapping[tuple[str, FieldName], str]
) -> Iterator[tuple[Finding, str]]:
    """Yield each finding with the FILE:LINE of the words that it is about.

    `texts` gives the text that was checked by capability and field.
    """
    if not (found := list(findings)):
        return  # its lines needn't be counted
    lines = FieldLines(stored.text)
    order = {item.id: place for place, item in enumerate(stored.proposal.capabilities)}
    for finding in sorted(found, key=lambda f: (order[f.capability], FIELDS.index(f.field))):
        text = texts[finding.capability, finding.field]
        words = text[finding.start : finding.end] if finding.end else ""
        line = lines.line_of(order[finding.capability], finding.field, words)
        yield finding, f"{stored.name}:{line}"
