"""The nouns: pydantic models without I/O. Every file that capdraft writes is one of them."""

from capdraft.records.catalog import Approval, CatalogEntry, Record, RecordField
from capdraft.records.decisions import REASONS, Decision, Verdict
from capdraft.records.documents import Artifact, Document, Passage, PassageKind
from capdraft.records.findings import SEVERITIES, Finding, Severity
from capdraft.records.proposals import (
    FIELDS,
    Capability,
    DocumentRef,
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
    "Approval",
    "Artifact",
    "Capability",
    "CatalogEntry",
    "Decision",
    "Document",
    "DocumentRef",
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
