"""CD104: whether what was quoted is still a passage of its document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from capdraft.checking.claims import Claim, Problem, find, rule, shown
from capdraft.errors import ExtraMissing, SourceError
from capdraft.records import Document, Evidence, Finding, Proposal
from capdraft.text import normalise
from capdraft.workspace import Workspace

Said = frozenset[tuple[str, str]]
"""The passages of a document as compared: each quote with its table's header row."""


def said_by(document: Document) -> Said:
    """Return what `document` says, passage by passage."""
    return frozenset(
        (normalise(document.text[passage.start : passage.end]), normalise(passage.header or ""))
        for passage in document.passages
    )


def is_said(item: Evidence, said: Said) -> bool:
    """Tell whether `item` is a whole passage of a document, however its white space is laid out.

    A part of a passage is not enough: what stands around it may say the opposite.
    """
    return (normalise(item.quote), normalise(item.header or "")) in said


def present_passages(workspace: Workspace, proposal: Proposal) -> dict[str, Said | None]:
    """Return what each document says now, by its URI; None where it isn't at hand.

    A document that is there and can't be read says nothing.
    """
    return {uri: _present(workspace, uri) for uri in proposal.uris.values()}


def _present(workspace: Workspace, uri: str) -> Said | None:
    from capdraft.sources import read_document

    path = workspace.root / uri
    if "://" in uri or not (path.exists() or path.is_symlink()):
        return None
    try:
        return said_by(read_document(path, uri=uri))
    except ExtraMissing:
        return None  # it may say what it said: this installation can't look
    except (SourceError, RuntimeError):
        return frozenset()


@rule("CD104", "quote-gone", "error", "A quote is not in its document any more.")
def quote_gone(claim: Claim) -> Iterator[Problem]:
    """Look each quote up in what its document says now, where that is at hand."""
    for item in claim.field.evidence:
        uri, said = claim.present.get(item.document, ("", None))
        if said is not None and not is_said(item, said):
            yield Problem(f"{uri} does not say '{shown(item.quote)}' any more")


def by_document(
    proposal: Proposal, present: Mapping[str, Said | None]
) -> dict[str, tuple[str, Said | None]]:
    """Return the URI of each document and what it says now, by the id that evidence names."""
    return {item: (uri, present.get(uri)) for item, uri in proposal.uris.items()}


def check_grounding(
    proposal: Proposal, present: Mapping[str, Said | None], *, severities: Mapping[str, str] = {}
) -> tuple[Finding, ...]:
    """Return a finding for each quote that its document no longer holds.

    `present` is what each document says now, by its URI; of a document that is not at hand (None,
    or not there) nothing is said.

    Raises:
        SettingsError: `severities` gives a rule anything but error, warning or off.
    """
    by_id = by_document(proposal, present)
    claims = (
        Claim(proposal.artifact, capability, name, field, present=by_id)
        for capability in proposal.capabilities
        for name, field in capability.fields()
    )
    return find([quote_gone], claims, severities)
