"""Freshness: how long ago the sources were read and the texts approved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from capdraft.ranking.formula import Input, Part, mean, mean_of_shown, shown
from capdraft.records import CatalogEntry, Proposal

DAY = 86_400


def freshness(
    entry: CatalogEntry, newest: Proposal | None, half_life: float, now: datetime
) -> Part:
    """Return the mean freshness of sources and approvals; unknown without either.

    A source that `newest` read again, and found as it was, counts from then. A field counts from
    its last approval.
    """
    sources = _sources(entry, newest)
    approvals = {
        f"{record.id}.{name}": max(approval.at for approval in field.approved)
        for record in entry.capabilities
        for name, field in record.fields()
    }
    groups = [("sources read", sources), ("fields approved", approvals)]
    known = [(what, [*moments.values()]) for what, moments in groups if moments]
    if not known:
        return Part("freshness", None, "no source and no approval")
    life = Decimal(str(half_life))
    means = [(what, mean([_fresh(m, life, now) for m in moments])) for what, moments in known]
    words = "; ".join(
        f"{what} {_days(moments, now)} days ago, {shown(value)}"
        for (what, moments), (_, value) in zip(known, means, strict=True)
    )
    formula = f"mean of {words}; half after {half_life:g} days"
    inputs = [Input("source read", uri, uri, moment) for uri, moment in sources.items()]
    if approvals:
        place = f"catalog/{entry.artifact.slug}.json"
        oldest = min(approvals, key=lambda name: approvals[name])
        inputs.append(Input("oldest approval", oldest, place, approvals[oldest]))
    return Part("freshness", mean_of_shown([value for _, value in means]), formula, tuple(inputs))


def _sources(entry: CatalogEntry, newest: Proposal | None) -> Mapping[str, datetime]:
    """Return when each document was last found as it is cited, by its URI."""
    again = {(d.uri, d.sha256): d.retrieved for d in (newest.documents if newest else ())}
    found: dict[str, datetime] = {}
    for document in entry.documents:
        moment = again.get((document.uri, document.sha256), document.retrieved)
        found[document.uri] = max(moment, document.retrieved, found.get(document.uri, moment))
    return found


def _fresh(moment: datetime, half_life: Decimal, now: datetime) -> Decimal:
    """Return 1 for now, and half as much for each half-life before."""
    return Decimal(2) ** -(_age(moment, now) / half_life)


def _age(moment: datetime, now: datetime) -> Decimal:
    """Return the age in days; what lies ahead of a wrong clock is of now."""
    return Decimal(max(int((now - moment).total_seconds()), 0)) / DAY


def _days(moments: Sequence[datetime], now: datetime) -> str:
    ages = sorted(int(_age(moment, now)) for moment in moments)
    return f"{ages[0]}" if ages[0] == ages[-1] else f"{ages[0]} to {ages[-1]}"
