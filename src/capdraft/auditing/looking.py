"""The texts of a base held against material: what words say, what a judge says, what counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from capdraft.auditing.asking import Asking, Look, decided
from capdraft.auditing.base import Base
from capdraft.auditing.material import Material
from capdraft.checking import keep_judgement, read_judgements
from capdraft.checking.statements import Judged, Library, judge_comparison, of_evidence
from capdraft.records import Capability, Evidence, Field, FieldName, Proposal
from capdraft.records.evidence import evidence_hash
from capdraft.workspace import Workspace

if TYPE_CHECKING:
    from capdraft.judging import Judge, SentenceVerdict, Statement
    from capdraft.judging import Judged as Answers


@dataclass(frozen=True, slots=True)
class Grounded:
    """A sentence of a field, and what the passages say of it.

    `judged` is what counts; where a model decided, `by_words` is what the words alone say.
    """

    capability: str
    field: FieldName
    text: str
    judged: Judged
    by_words: Judged | None = None
    reason: str = ""


def is_cited_by_model(field: Field) -> bool:
    """Tell whether a model cited passages for a field: it stays as it is."""
    return bool(field.passages or field.alternative_passages)


class Audit:
    """The texts of a base held against material, one field after the other."""

    def __init__(self, base: Base, material: Material) -> None:
        self._artifact, self._uris = base.proposal.artifact, base.proposal.uris
        self._material = material
        self.left: list[tuple[str, FieldName]] = []
        self._looks = {
            (look.capability, look.name): look
            for capability in base.proposal.capabilities
            for look in self._looked(capability)
        }
        self._asked: dict[tuple[str, FieldName], tuple[Statement, Sequence[SentenceVerdict]]] = {}

    def _looked(self, capability: Capability) -> Iterator[Look]:
        """Yield what words say of the fields that no model cited passages for."""
        for name, field in capability.fields():
            if is_cited_by_model(field):
                self.left.append((capability.id, name))
                continue
            kept = tuple(self._kept(self._named(field)))
            judged = tuple(self._judged(name, field.text, kept))
            yield Look(capability.id, name, field, kept, judged)

    def statements(self) -> dict[tuple[str, FieldName], Statement]:
        """Return what a judge is asked of each field that shares words with any passage."""
        every = {
            key: look.statement(self._artifact, self._material) for key, look in self._looks.items()
        }
        return {key: said for key, said in every.items() if said.passages or said.other}

    def ask(self, asking: Asking) -> Answers:
        """Let a judge decide on all sentences; return what it said."""
        asked = self.statements()
        answers = asking.ask(list(asked.values()))
        pairs = zip(asked.values(), answers.verdicts, strict=True)
        self._asked = dict(zip(asked, pairs, strict=True))
        return answers

    def keep(self, workspace: Workspace, proposal: Proposal, judge: Judge) -> None:
        """Write down what the judge said, for the evidence that the fields have now."""
        from capdraft.judging import JudgedField

        known = read_judgements(workspace, proposal.artifact.slug)
        before = known.by(judge.terms.model, judge.prompt_sha256)
        for (item, name), (statement, verdicts) in self._asked.items():
            capability = proposal.capability(item)
            field = capability.field(name) if capability else None
            if capability is None or field is None:
                continue
            evidence = evidence_hash(field.evidence, proposal.uris)
            hashes = capability.text_hash(name, field.text), evidence
            said = judge.judgement(JudgedField(item, name, hashes, statement), verdicts, {})
            if said and hashes not in before:
                keep_judgement(workspace, proposal.artifact.slug, said)

    def sentences(self) -> Iterator[Grounded]:
        """Yield each sentence with its verdict."""
        for (capability, name), look in self._looks.items():
            _, verdicts = self._asked.get((capability, name), (None, ()))
            said = {verdict.start: verdict for verdict in verdicts if verdict.verdict}
            for words, final in zip(look.by_words, self._decided(look), strict=True):
                text = look.field.text[words.start : words.end]
                answer = said.get(words.start)
                yield Grounded(
                    capability,
                    name,
                    text,
                    final,
                    words if answer else None,
                    answer.reason if answer else "",
                )

    def _decided(self, look: Look) -> list[Judged]:
        asked = self._asked.get((look.capability, look.name))
        if asked is None:
            return list(look.by_words)
        statement, verdicts = asked
        return [
            decided(words, said, statement)
            for words, said in zip(look.by_words, verdicts, strict=True)
        ]

    def capability(self, capability: Capability) -> Capability:
        """Return a capability whose fields cite what says them; documents by their URIs."""
        fields: dict[str, Field] = {
            name: self._field(capability.id, name, field) for name, field in capability.fields()
        }
        return capability.model_copy(update=fields)

    def _field(self, capability: str, name: FieldName, field: Field) -> Field:
        look = self._looks.get((capability, name))
        if look is None:
            return field.model_copy(update={"evidence": tuple(self._named(field))})
        said = [item for item in self._decided(look) if item.verdict == "supported"]
        own = self._material.evidence((p for item in said for p in item.passages), "artifact")
        other = self._material.evidence((p for item in said for p in item.other), "alternative")
        evidence = tuple(dict.fromkeys((*look.kept, *own, *other)))
        return field.model_copy(update={"evidence": evidence})

    def _named(self, field: Field) -> Iterator[Evidence]:
        for item in field.evidence:
            yield item.model_copy(update={"document": self._uris[item.document]})

    def _kept(self, evidence: Iterable[Evidence]) -> Iterator[Evidence]:
        """Yield what was cited before, but for passages that have left these documents."""
        for item in evidence:
            if self._material.document(item.document) is None:
                yield item
            elif again := self._material.again(item):
                yield again

    def _judged(self, name: FieldName, text: str, kept: Iterable[Evidence]) -> list[Judged]:
        """Return the verdicts; where what is cited already says a sentence, that counts."""
        others = self._material.others(text) if name == "vs_alternatives" else []
        cited = of_evidence(item for item in kept if item.side == "artifact")
        libraries = Library(cited, self._artifact.name, self._artifact.type), self._material.own
        before, found = (judge_comparison(text, library, others) for library in libraries)
        return [
            old if old.verdict == "supported" else new
            for old, new in zip(before, found, strict=True)
        ]
