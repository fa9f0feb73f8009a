"""The texts that decisions were taken on, found again by the hashes that decisions carry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from capdraft.records import Capability, Decision, Evidence, FieldName, Names, Proposal
from capdraft.records.evidence import evidence_hash
from capdraft.reviewing.versions import names_ever


@dataclass(frozen=True, slots=True)
class JudgedText:
    """A text as a reviewer saw it: with the names that are judged with it."""

    text: str
    name: str = ""
    intents: tuple[str, ...] = ()
    alternative: str = ""

    @property
    def names(self) -> Names:
        """The names that were judged with it."""
        return Names(name=self.name, intents=self.intents, alternative=self.alternative)


@dataclass(frozen=True, slots=True)
class Cited:
    """A passage as a reviewer saw it, and the URI of its document."""

    uri: str
    evidence: Evidence


class JudgedTexts:
    """What the proposals and edits of one artifact said, by hash."""

    def __init__(self, proposals: Iterable[Proposal], decisions: Sequence[Decision]) -> None:
        self._texts: dict[tuple[str, str, str], JudgedText] = {}
        self._cited: dict[str, tuple[Cited, ...]] = {}
        edits: dict[tuple[str, str], list[Decision]] = {}
        for decision in decisions:
            if decision.text is not None:
                edits.setdefault((decision.capability, decision.field), []).append(decision)
            self._add_cited(decision.evidence or (), {})
        for proposal in proposals:
            for capability in proposal.capabilities:
                for name, field in capability.fields():
                    self._add_cited(field.evidence, proposal.uris)
                    of_field = edits.get((capability.id, name), ())
                    texts = dict.fromkeys((field.text, *(str(edit.text) for edit in of_field)))
                    for called in names_ever(capability, of_field):
                        for text in texts:
                            self._add_text(called, name, text)

    def _add_text(self, capability: Capability, name: FieldName, text: str) -> None:
        shown = JudgedText(text)
        if name == "description":
            shown = JudgedText(text, capability.name, capability.intents)
        elif name == "vs_alternatives" and capability.vs_alternatives:
            shown = JudgedText(text, alternative=capability.vs_alternatives.alternative or "")
        self._texts.setdefault((capability.id, name, capability.text_hash(name, text)), shown)

    def _add_cited(self, evidence: Sequence[Evidence], uris: dict[str, str]) -> None:
        """Know `evidence` by its hash; that of an edit names documents by their URI already."""
        if evidence:
            known = uris or {item.document: item.document for item in evidence}
            cited = tuple(Cited(known[item.document], item) for item in evidence)
            self._cited.setdefault(evidence_hash(tuple(evidence), known), cited)

    def text(self, decision: Decision) -> JudgedText | None:
        """Return the text that was judged; None where no proposal and no edit has it any more."""
        return self._texts.get((decision.capability, decision.field, decision.text_sha256))

    def cited(self, decision: Decision) -> tuple[Cited, ...]:
        """Return the passages that were judged; none where they are not known any more."""
        return self._cited.get(decision.evidence_sha256, ())
