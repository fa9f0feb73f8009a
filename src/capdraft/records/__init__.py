"""The nouns: pydantic models without I/O. Every file that capdraft writes is one of them."""

from capdraft.records.beside import Alternative, Changes, Contradiction, Dropped
from capdraft.records.catalog import Approval, CatalogEntry, Record, RecordField
from capdraft.records.decisions import REASONS, Bulk, Citation, Decision, Verdict
from capdraft.records.documents import Artifact, Document, Passage, PassageKind
from capdraft.records.evidence import FIELDS, Evidence, FieldName, Side
from capdraft.records.findings import SEVERITIES, Finding, Severity
from capdraft.records.proposals import (
    Capability,
    DocumentRef,
    Field,
    Proposal,
    Rejected,
    Run,
)

__all__ = [
    "FIELDS",
    "REASONS",
    "SEVERITIES",
    "Alternative",
    "Approval",
    "Artifact",
    "Bulk",
    "Capability",
    "CatalogEntry",
    "Changes",
    "Citation",
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
