"""What a proposal tells beside its capabilities: alternatives, contradictions, what changed."""

from __future__ import annotations

from typing import Literal

from pydantic import Field as Described

from capdraft.records.evidence import Evidence, FieldName
from capdraft.records.model import Model, Slug


class Alternative(Model):
    """Something that the documents name as comparable with the artifact."""

    name: str = Described(min_length=1)
    catalog: Slug | None = Described(
        default=None, description="Slug of its catalog entry, if it had one at the time."
    )
    evidence: tuple[Evidence, ...] = ()


class Contradiction(Model):
    """A fact of which two documents say different things, with the passages of both."""

    about: str = Described(min_length=1)
    found_by: Literal["rule", "model"]
    evidence: tuple[Evidence, ...] = Described(min_length=1)
    other: tuple[Evidence, ...] = Described(min_length=1)


class Dropped(Model):
    """A text that an earlier proposal has and this one doesn't, and why."""

    capability: Slug
    field: FieldName
    text: str
    why: str


class Changes(Model):
    """What became of an earlier proposal's capabilities, by id, when it was drafted again."""

    since: str = Described(pattern=r"^\d{4,}$", description="Number of the earlier proposal.")
    added: tuple[Slug, ...] = ()
    changed: tuple[Slug, ...] = ()
    carried_over: tuple[Slug, ...] = Described(
        default=(), description="What they cite is intact: not asked again."
    )
    lost: tuple[Dropped, ...] = Described(
        default=(), description="Texts whose passages are gone, or no longer carry them."
    )
