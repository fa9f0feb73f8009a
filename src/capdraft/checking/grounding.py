"""CD104: whether what was quoted still stands in its document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from capdraft.checking.claims import Claim, Problem, find, rule, shown
from capdraft.records import Finding, Proposal
from capdraft.text import normalise

_normalised = lru_cache(maxsize=16)(normalise)


def still_quoted(quote: str, text: str) -> bool:
    """Say whether `quote` stands anywhere in `text`, however the white space is laid out."""
    return normalise(quote) in _normalised(text)


@rule("CD104", "quote-gone", "error", "A quote is not in its document any more.")
def quote_gone(claim: Claim) -> Iterator[Problem]:
    """Look each quote up in the present text of its document, where that is at hand."""
    for item in claim.field.evidence:
        uri, text = claim.present.get(item.document, ("", None))
        if text is None or text[item.start : item.end] == item.quote:
            continue
        if not still_quoted(item.quote, text):
            yield Problem(f"{uri} does not say '{shown(item.quote)}' any more")


def check_grounding(
    proposal: Proposal, texts: Mapping[str, str | None], *, severities: Mapping[str, str] = {}
) -> tuple[Finding, ...]:
    """Return a finding for each quote that its document no longer holds.

    `texts` gives each document's URI its present text; of a document that is not at hand
    (None, or not there) nothing is said.

    Raises:
        SettingsError: `severities` gives a rule anything but error, warning or off.
    """
    present = {item: (uri, texts.get(uri)) for item, uri in proposal.uris.items()}
    claims = (
        Claim(proposal.artifact, capability, name, field, present=present)
        for capability in proposal.capabilities
        for name, field in capability.fields()
    )
    return find([quote_gone], claims, severities)
