"""The note at the head of a cassette: what it was recorded from, so that it can be again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, Self

from pydantic import Field, ValidationError

from capdraft.records.model import Model

By = Literal[
    "draft",
    "check --judge",
    "ground --judge",
    "evaluate run",
    "evaluate run --judge",
    "evaluate rules --judge",
]
"""The command that asks for what the cassette holds."""


class NotedDocument(Model):
    """A document as it was when it was recorded."""

    uri: str = Field(min_length=1, description="Where it was read, relative to the workspace.")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="Hash of its bytes.")
    media_type: str = Field(default="text/markdown", description="What they are.")


class NotedSource(Model):
    """One artifact that is asked about; slug, name and type where the documents don't tell them.

    Of texts that exist already, the file that they stand in; behind it come the documents that
    they were held against.
    """

    source: str = Field(min_length=1, description="File, folder or address; of gold, its folder.")
    slug: str | None = None
    name: str | None = None
    type: str | None = None
    texts: str | None = Field(
        default=None,
        pattern=r"^[0-9a-f]{64}$",
        description="Hash of the sentences that are judged, and of what they cite.",
    )
    documents: tuple[NotedDocument, ...] = ()


class Note(Model):
    """What a cassette was recorded from.

    Paths are relative to the nearest folder above the cassette with a capdraft.toml; where there
    is none, to the workspace that it was recorded in.
    """

    by: By
    sources: tuple[NotedSource, ...] = Field(min_length=1)
    prompts: str | None = Field(
        default=None, description="Folder whose prompts/ count before the packaged ones."
    )
    prompt: str = Field(description="The template that asks for what the cassette is about.")
    prompt_sha256: str = Field(description="Hash of everything fixed that is sent.")
    templates: dict[str, str] = Field(description="Hash of each template by its name.")
    window: int | None = Field(default=None, description="[draft] window.")
    capdraft: str = Field(description="The version that recorded it.")
    when: date

    @classmethod
    def parse(cls, data: object) -> Self:
        """Return the note that `data` holds.

        Raises:
            ValueError: it isn't one; the message is one line.
        """
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            place = ".".join(str(part) for part in ("recorded", *first["loc"]))
            raise ValueError(f"{place}: {first['msg']}") from error

    def data(self) -> Mapping[str, Any]:
        """Return the note as a cassette holds it: what is not told is left out."""
        return self.model_dump(mode="json", exclude_defaults=True)
