"""A proposal: what one drafting run wrote for one artifact. Written once, never edited."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal, Protocol, Self

from pydantic import Field as Described
from pydantic import model_validator

from capdraft.records.beside import Alternative, Changes, Contradiction, Dropped
from capdraft.records.documents import Artifact, Document
from capdraft.records.evidence import FIELDS, Evidence, FieldName
from capdraft.records.findings import Finding
from capdraft.records.model import Model, Moment, Slug
from capdraft.records.names import Names
from capdraft.text import normalise, sha256


class Field(Model):
    """One prose field of a capability, judged by itself."""

    text: str = Described(min_length=1)
    passages: tuple[int, ...] = Described(
        default=(), description="Passage numbers that the model cited, valid or not."
    )
    alternative: str | None = Described(
        default=None, description="Of a comparison: what the artifact is compared with."
    )
    alternative_passages: tuple[int, ...] = Described(
        default=(), description="Of a comparison: passages cited for the alternative's side."
    )
    evidence: tuple[Evidence, ...] = ()


class Capability(Model):
    """One thing that the artifact can do."""

    id: Slug
    name: str = Described(min_length=1)
    intents: tuple[str, ...] = Described(
        default=(), description="Needs that it serves, in a user's words."
    )
    description: Field
    unique: Field | None = None
    vs_alternatives: Field | None = None

    def fields(self) -> Iterator[tuple[FieldName, Field]]:
        """Yield the fields that have a text, in their fixed order."""
        for name in FIELDS:
            field = self.field(name)
            if field is not None:
                yield name, field

    def field(self, name: FieldName) -> Field | None:
        """Return the field called `name`, or None where the docs say nothing."""
        value: Field | None = getattr(self, name)
        return value

    def names(self, field: FieldName) -> Names:
        """Return what is judged with a field: its own names, or those of the comparison."""
        other = self.vs_alternatives.alternative if self.vs_alternatives else None
        all_names = Names(name=self.name, intents=self.intents, alternative=other or None)
        return all_names.belonging(field)

    def called(self, names: Names) -> Self:
        """Return the capability under `names`; where they say nothing, it keeps its own."""
        changed: dict[str, Any] = {}
        if names.name is not None:
            changed["name"] = names.name
        if names.intents is not None:
            changed["intents"] = names.intents
        if names.alternative is not None and self.vs_alternatives is not None:
            update = {"alternative": names.alternative}
            changed["vs_alternatives"] = self.vs_alternatives.model_copy(update=update)
        return self.model_copy(update=changed) if changed else self

    def text_hash(self, name: FieldName, text: str) -> str:
        """Return the hash that a decision on `text` as field `name` carries.

        The name and the intents are judged with the description, the alternative's name with the
        comparison: they are hashed with it.
        """
        judged = [text]
        if name == "description":
            judged = [self.name, *self.intents, text]
        elif name == "vs_alternatives" and self.vs_alternatives:
            judged = [self.vs_alternatives.alternative or "", text]
        return sha256("\n".join(normalise(part) for part in judged))


class DocumentRef(Model):
    """A document that a run read: enough to find it again and see whether it changed."""

    id: str = Described(pattern=r"^d[1-9]\d*$")
    uri: str = Described(min_length=1)
    sha256: str = Described(pattern=r"^[0-9a-f]{64}$")
    retrieved: Moment
    media_type: str
    passages: int = Described(ge=0, description="How many passages it was read into.")
    seen: str | None = Described(
        default=None,
        description="A digest of each passage that was read: drafting again asks for the others.",
    )

    @classmethod
    def of(cls, document: Document, ref: str, *, seen: str | None = None) -> Self:
        """Return the reference to `document` as it was read, under the id `ref`."""
        return cls(
            id=ref,
            uri=document.uri,
            sha256=document.sha256,
            retrieved=document.retrieved,
            media_type=document.media_type,
            passages=len(document.passages),
            seen=seen,
        )


class _Cited(Protocol):
    @property
    def evidence(self) -> tuple[Evidence, ...]: ...


class _Described(Protocol):
    @property
    def id(self) -> str: ...

    def fields(self) -> Iterator[tuple[FieldName, _Cited]]: ...


def check_ids(documents: Iterable[DocumentRef], capabilities: Iterable[_Described]) -> None:
    """Check that ids are unique and that evidence cites listed documents only.

    Raises:
        ValueError: they aren't, or it cites another.
    """
    known = {document.id for document in documents}
    seen: set[str] = set()
    for capability in capabilities:
        if capability.id in seen:
            raise ValueError(f"two capabilities have the id {capability.id!r}")
        seen.add(capability.id)
        for name, field in capability.fields():
            for item in field.evidence:
                if item.document not in known:
                    raise ValueError(
                        f"{capability.id}.{name} cites document {item.document!r}, "
                        f"which is not listed under documents"
                    )


class Run(Model):
    """How a proposal came about, and what it cost."""

    started: Moment
    by: Slug | None = Described(default=None, description="Who ran it, where that is known.")
    tool: str = Described(description="Name and version of what drafted.")
    state: Literal["drafted", "empty", "partial"]
    model: str = Described(description="The model that was asked for.")
    answered_by: tuple[str, ...] = Described(
        default=(), description="Models that the endpoint says answered."
    )
    endpoint: str = Described(description="Base URL, without user, password and query.")
    replayed: Literal[True] | None = Described(
        default=None, description="A recorded exchange answered, not the endpoint."
    )
    imported: Literal[True] | None = Described(
        default=None, description="The texts were taken from a page: no model wrote them."
    )
    prompt: str = Described(description="Name of the prompt.")
    prompt_sha256: str = Described(description="Hash of the prompt's templates and answer schema.")
    parameters: dict[str, Any] = Described(default_factory=dict)
    windows: int = Described(
        default=1, ge=1, description="Prompts that the documents were read in; 1 is all at once."
    )
    calls: int = Described(ge=0, description="Answers that were asked of the endpoint.")
    from_ledger: int = Described(default=0, ge=0, description="Answers that were paid for before.")
    attempts: int = Described(ge=0, description="HTTP requests, retries included.")
    prompt_tokens: int | None = Described(default=None, ge=0)
    completion_tokens: int | None = Described(default=None, ge=0)
    cost_usd: float | None = Described(
        default=None, ge=0, description="What the calls cost; not there where it is unknown."
    )
    seconds: float = Described(ge=0)


class Rejected(Model):
    """A record that stayed invalid: its name, why, and where its raw answer can be read."""

    name: str
    reason: str
    answer: str = Described(description="Id of the answer in the ledger.")
    raw: str = Described(description="The record as the model wrote it.")


class Proposal(Model):
    """`reviews/<artifact>/0001.toml`."""

    schema_: Literal["capdraft/proposal/1"] = Described(
        default="capdraft/proposal/1", alias="schema"
    )
    artifact: Artifact
    run: Run
    changes: Changes | None = None
    documents: tuple[DocumentRef, ...] = ()
    capabilities: tuple[Capability, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    not_again: tuple[Dropped, ...] = Described(
        default=(), description="Texts that were drafted again although a reviewer rejected them."
    )
    findings: tuple[Finding, ...] = ()

    def __repr__(self) -> str:
        count, state = len(self.capabilities), self.run.state
        return f"<Proposal of {self.artifact.slug}, {state}, capabilities: {count}>"

    __str__ = __repr__

    @model_validator(mode="after")
    def _ids_agree(self) -> Self:
        check_ids(self.documents, self.capabilities)
        return self

    def same_draft(self, other: Proposal) -> bool:
        """Tell whether both say the same of the same documents: only the run differs."""
        return self._drafted() == other._drafted()

    def _drafted(self) -> tuple[object, ...]:
        documents = tuple((d.id, d.uri, d.sha256, d.passages) for d in self.documents)
        how = (self.run.model, self.run.endpoint, self.run.prompt_sha256, self.run.parameters)
        return self.artifact, documents, self.capabilities, self.rejected_names, how

    @property
    def rejected_names(self) -> tuple[str, ...]:
        """The names of the records that stayed invalid."""
        return tuple(record.name for record in self.rejected)

    @property
    def uris(self) -> dict[str, str]:
        """The URI of each document, by its id."""
        return {document.id: document.uri for document in self.documents}

    def capability(self, capability_id: str) -> Capability | None:
        """Return the capability with that id, or None."""
        return next((item for item in self.capabilities if item.id == capability_id), None)
