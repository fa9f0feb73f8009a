"""The nouns: pydantic models without I/O. Every file that capdraft writes is one of them."""

from capdraft.records.beside import Alternative, Changes, Contradiction, Dropped
from capdraft.records.catalog import Approval, CatalogEntry, Record, RecordField
from capdraft.records.credits import IMPORTED_PAGE, credit_of
from capdraft.records.decisions import REASONS, Bulk, Citation, Decision, Verdict
from capdraft.records.documents import Artifact, Document, Passage, PassageKind
from capdraft.records.evidence import FIELDS, Evidence, FieldName, Side
from capdraft.records.findings import SEVERITIES, Finding, Severity
from capdraft.records.judgements import (
    JUDGED_VERDICTS,
    JudgedPassage,
    JudgedSentence,
    JudgedVerdict,
    ModelJudgement,
)
from capdraft.records.names import JUDGED_WITH, NO_NAMES, Names
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
from capdraft.records.withdrawals import (
    WITHDRAWAL_REASONS,
    Withdrawal,
    WithdrawalReason,
    Withdrawn,
    WithdrawnRecord,
    standing_withdrawals,
)

__all__ = [
    "FIELDS",
    "IMPORTED_PAGE",
    "JUDGED_VERDICTS",
    "JUDGED_WITH",
    "NO_NAMES",
    "REASONS",
    "SEED_KINDS",
    "SEVERITIES",
    "SIGNAL_NAMES",
    "WITHDRAWAL_REASONS",
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
    "JudgedPassage",
    "JudgedSentence",
    "JudgedVerdict",
    "ModelJudgement",
    "Names",
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
    "Withdrawal",
    "WithdrawalReason",
    "Withdrawn",
    "WithdrawnRecord",
    "credit_of",
    "standing_withdrawals",
]
