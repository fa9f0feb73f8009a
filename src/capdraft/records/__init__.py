"""The nouns: pydantic models without I/O. Every file that capdraft writes is one of them."""

from capdraft.records.catalog import Approval, CatalogEntry, Record, RecordField
from capdraft.records.decisions import REASONS, Decision, Verdict
from capdraft.records.documents import Artifact, Document, Passage, PassageKind
from capdraft.records.findings import SEVERITIES, Finding, Severity
from capdraft.records.proposals import (
    FIELDS,
    Alternative,
    Capability,
    Changes,
    Contradiction,
    DocumentRef,
    Dropped,
    Evidence,
    Field,
    FieldName,
    Proposal,
    Rejected,
    Run,
    Side,
)

__all__ = [
    "FIELDS",
    "REASONS",
    "SEVERITIES",
    "Alternative",
    "Approval",
    "Artifact",
    "Capability",
    "CatalogEntry",
    "Changes",
    "Contradiction",
    "Decision",
    "Document",
    "DocumentRef",
    "Dropped",
    "Evidence",
    "Field",
    "FieldName",
    "Finding",
    "Passage",
    "PassageKind",
    "Proposal",
    "Record",
    "RecordField",
    "Rejected",
    "Run",
    "Severity",
    "Side",
    "Verdict",
]
