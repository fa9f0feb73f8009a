"""The shape of the answers for the peers that take a pydantic model."""

from __future__ import annotations

from pydantic import BaseModel


class Field(BaseModel):
    """A text and the passages that it rests on."""

    text: str
    passages: list[int]


class Capability(BaseModel):
    """One record."""

    name: str
    description: Field
    unique: Field | None
    intents: list[str]


class Draft(BaseModel):
    """The answer."""

    capabilities: list[Capability]
