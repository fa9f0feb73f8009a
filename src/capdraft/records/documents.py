"""Artifacts, their documents, and the passages that claims can cite."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from capdraft.records.model import Model, Moment, Slug

PassageKind = Literal["paragraph", "list-item", "table-row", "code", "quote"]
Markup = Literal["none"]
"""How a passage is written: Markdown, unless it says something else."""
Boilerplate = Literal["contents", "data", "licence", "navigation", "page", "placeholder"]


class Artifact(Model):
    """What is described: a model, dataset, repository, tool, …"""

    slug: Slug = Field(description="Name of its files and its address in commands.")
    name: str = Field(min_length=1, description="Name as people write it.")
    type: str = Field(
        default="unknown",
        pattern=r"^[a-z][a-z0-9-]*$",
        description="What kind of thing it is: model, dataset, repository, tool, … or unknown.",
    )
    license: str | None = Field(default=None, description="Licence as its docs name it.")
    pricing: str | None = Field(default=None, description="Pricing as its docs name it.")
    languages: tuple[str, ...] = Field(default=(), description="As its front matter lists them.")
    links: tuple[str, ...] = Field(
        default=(), description="Addresses in its front matter: homepage, paper, repository, …"
    )


class Passage(Model):
    """The smallest citable piece of a document."""

    number: int = Field(ge=1, description="Number that the model cites, counted over a whole run.")
    kind: PassageKind
    start: int = Field(ge=0, description="Offset of its first character in the document's text.")
    end: int = Field(ge=0, description="Offset behind its last character.")
    heading: tuple[str, ...] = Field(default=(), description="Headings above it, outermost first.")
    header: str | None = Field(default=None, description="Of a table row: its table's header row.")
    markup: Markup | None = Field(
        default=None, description='"none" where it is plain text, shown as it is; else Markdown.'
    )
    shown: str = Field(description="The passage as the model reads it: without markup.")
    boilerplate: Boilerplate | None = Field(
        default=None, description="Why it says nothing of the artifact, and is not sent."
    )


class Document(Model):
    """One source of an artifact, read into passages.

    `text[passage.start:passage.end]` is the passage's quote, for every passage.
    """

    uri: str = Field(min_length=1, description="Where it was read, relative to the workspace.")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="Hash of its bytes as retrieved.")
    retrieved: Moment
    media_type: str = "text/plain"
    encoding: str = Field(default="utf-8", description="Of its bytes; a guess unless UTF-8.")
    text: str = Field(description="Decoded, line ends as \\n, unprintable characters as spaces.")
    title: str | None = Field(default=None, description="Its first heading.")
    front_matter: dict[str, object] = Field(default_factory=dict)
    passages: tuple[Passage, ...] = ()

    def __repr__(self) -> str:
        return f"<Document {self.uri}, passages: {len(self.passages)}>"

    __str__ = __repr__
