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
from capdraft.records.seeds import SEED_KINDS, Outcome, SeedKind
from capdraft.records.signals import SIGNAL_NAMES, Signal, SignalName, Signals

__all__ = [
    "FIELDS",
    "REASONS",
    "SEED_KINDS",
    "SEVERITIES",
    "SIGNAL_NAMES",
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
    "Outcome",
    "Passage",
    "PassageKind",
    "Proposal",
    "Record",
    "RecordField",
    "Rejected",
    "Run",
    "SeedKind",
    "Severity",
    "Side",
    "Signal",
    "SignalName",
    "Signals",
    "Verdict",
]
