"""Quality: how well the record itself is supported, reviewed and filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction

from capdraft.ranking.formula import Input, Part, mean_of_shown, shown
from capdraft.records import CatalogEntry, FieldName, Proposal, Record, RecordField
from capdraft.reviewing import Policy

Proposals = Mapping[str, Proposal]
"""The proposals that an entry's texts come from, by number; one that is gone is left out."""


def quality(entry: CatalogEntry, proposals: Proposals, policy: Policy) -> Part:
    """Return the mean of four shares; unknown without an approved record."""
    fields = [
        (record, name, field) for record in entry.capabilities for name, field in record.fields()
    ]
    if not fields:
        return Part("quality", None, "no approved record")

    def share(measure: Callable[[Record, FieldName, RecordField], Fraction]) -> Fraction:
        return sum((measure(*field) for field in fields), Fraction(0))

    supported = share(lambda _, name, field: _supported(name, field))
    clean = share(lambda record, name, field: _clean(record, name, field, proposals))
    approved = share(lambda _, name, field: _approved(name, field, proposals, policy))
    filled, slots = _filled(entry)
    shares = [
        ("evidence", supported, len(fields), "fields that cite a passage"),
        ("findings", clean, len(fields), "fields without a finding, nor accepted despite one"),
        ("approvals", approved, len(fields), "fields with the approvals that they need"),
        ("completeness", Fraction(filled), slots, "slots that are filled in"),
    ]
    value = mean_of_shown([_decimal(part / whole) for _, part, whole, _ in shares])
    words = "; ".join(
        f"{what} {_number(part)}/{whole} = {shown(_decimal(part / whole))}"
        for what, part, whole, _ in shares
    )
    source = f"catalog/{entry.artifact.slug}.json"
    inputs = tuple(
        Input(what, f"{_number(part)} of {whole} {told}", source)
        for what, part, whole, told in shares
    )
    return Part("quality", value, f"mean of {words}", inputs)


def _supported(name: FieldName, field: RecordField) -> Fraction:
    """Return 1 for a field with evidence; a comparison needs that of both sides."""
    sides = {item.side for item in field.evidence}
    if name != "vs_alternatives":
        return Fraction("artifact" in sides)
    return Fraction(len(sides), 2)


def _clean(record: Record, name: FieldName, field: RecordField, proposals: Proposals) -> Fraction:
    """Return 0 for an editorial statement and for what was accepted despite a finding.

    A warning about the draft that was approved word by word counts half.
    """
    if any(approval.editorial or approval.despite for approval in field.approved):
        return Fraction(0)
    proposal = proposals.get(field.proposal)
    if proposal is None or any(approval.edited for approval in field.approved):
        return Fraction(1)
    left = any(f.capability == record.id and f.field == name for f in proposal.findings)
    return Fraction(1, 2) if left else Fraction(1)


def _approved(
    name: FieldName, field: RecordField, proposals: Proposals, policy: Policy
) -> Fraction:
    proposal = proposals.get(field.proposal)
    authors = {proposal.run.by: "ran its draft"} if proposal and proposal.run.by else {}
    authors |= {a.by: "edited this text" for a in field.approved if a.edited}
    return min(Fraction(len(field.approved), policy.needed(name, authors)), Fraction(1))


def _filled(entry: CatalogEntry) -> tuple[int, int]:
    """Return how many slots are filled in, and of how many.

    The three fields and the intents of each capability; the artifact's type and licence.
    """
    filled = [entry.artifact.type != "unknown", bool(entry.artifact.license)]
    for record in entry.capabilities:
        filled += [True, bool(record.unique), bool(record.vs_alternatives), bool(record.intents)]
    return sum(filled), len(filled)


def _number(value: Fraction) -> str:
    return f"{float(value):.2f}".rstrip("0").rstrip(".")


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
