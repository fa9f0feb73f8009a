"""The contract, as protocols: a plugin needs no base class, and capdraft's own may change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from capdraft.records import (
    Artifact,
    Capability,
    CatalogEntry,
    Field,
    FieldName,
    PassageKind,
    Severity,
    Signal,
)

CONTRACT: Final = 1
"""The version of this contract. It grows with a change that breaks plugins, and only then."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What the workspace says to a plugin: to one whose `__init__` takes a `setup`."""

    settings: Mapping[str, object] = field(default_factory=dict)
    """The table `[plugins.NAME]` of capdraft.toml."""
    folder: Path | None = None
    """The folder of capdraft.toml; None outside of a workspace."""


class SourceFile(Protocol):
    """A file to read: its bytes, and where they come from."""

    @property
    def data(self) -> bytes: ...

    @property
    def name(self) -> str: ...

    @property
    def uri(self) -> str: ...

    def text(self, charset: str | None = None) -> str:
        """Return the decoded text, line ends as `\\n`; `charset` is what the file itself declares.

        Raises:
            SourceError: the file is binary, or its encoding can't be told.
        """
        ...


class DocumentBuilder(Protocol):
    """What a reader fills. It keeps every quote an exact span of the document's text.

    Either passages are added one after the other, and the text is made of them; or the text is
    kept as it is, and passages are cited in it: `keep` and `cite`, without `passage` and `row`.
    What is not `markdown` is shown character by character, but that a run of white space, also a
    line end, is one space, and that a table row is shown as its cells. Code keeps its white space.
    """

    title: str | None
    """The first heading, unless the reader sets another."""
    front_matter: dict[str, object]
    """name, type, license, … where the file says them."""

    def heading(self, level: int, text: str) -> None:
        """Open a heading above the passages that follow, and close those of its level and below."""
        ...

    def passage(
        self, text: str, kind: PassageKind = "paragraph", *, markdown: bool = False
    ) -> None:
        """Add a passage."""
        ...

    def row(self, cells: Iterable[str], header: Iterable[str] = ()) -> None:
        """Add a table row, with the header row of its table."""
        ...

    def keep(self, text: str) -> None:
        """Keep `text`, as `SourceFile.text` gave it: passages are cited in it."""
        ...

    def cite(
        self,
        start: int,
        end: int,
        quote: str,
        kind: PassageKind = "paragraph",
        *,
        header: Iterable[str] = (),
        markdown: bool = False,
    ) -> None:
        """Make `quote` a passage, which is what the kept text says from `start` to `end`.

        Between the cells of a `table-row` stands `|`; `header` are the cells of its header row.

        Raises:
            ValueError: the text says something else there, or what is no table row has a header.
        """
        ...


class Reader(Protocol):
    """Reads files of a kind. Group `capdraft.readers`."""

    @property
    def contract(self) -> int: ...

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Ends of file names that it reads, in lower case and with the dot: `(".csv", ".tsv")`."""
        ...

    @property
    def media_type(self) -> str:
        """What its documents are called, and what web servers call such files: `text/csv`."""
        ...

    def read(self, source: SourceFile, document: DocumentBuilder) -> None:
        """Put what `source` says into `document`.

        Raises:
            SourceError: the file is damaged. Anything else that is raised is the plugin's fault.
        """
        ...


class Claim(Protocol):
    """A field of a capability, and what it cites."""

    @property
    def artifact(self) -> Artifact: ...

    @property
    def capability(self) -> Capability: ...

    @property
    def field_name(self) -> FieldName: ...

    @property
    def field(self) -> Field: ...

    def passages(self, side: str | None = None) -> Sequence[str]:
        """Return what the cited passages say, without markup, with the headings above them.

        `side` is `artifact` or `alternative`: of a comparison, one side's only.
        """
        ...


@dataclass(frozen=True, slots=True)
class Problem:
    """What a rule found, and the span of `claim.field.text` that it is about."""

    message: str
    start: int | None = None
    end: int | None = None
    mild: bool = False
    """Never more than a warning."""


class Rule(Protocol):
    """Looks at claims. Group `capdraft.rules`."""

    @property
    def contract(self) -> int: ...

    @property
    def code(self) -> str:
        """Two to eight capitals, which are not CD, and three digits: `EX101`."""
        ...

    @property
    def name(self) -> str:
        """Lower-case words and hyphens: `promotional-word`."""
        ...

    @property
    def severity(self) -> Severity:
        """`error` or `warning`, unless `[rules]` says otherwise."""
        ...

    @property
    def summary(self) -> str:
        """What it finds, in one line."""
        ...

    def check(self, claim: Claim) -> Iterable[Problem]:
        """Return what is wrong with `claim`."""
        ...


class Exporter(Protocol):
    """Writes the catalog in a format that is called as its entry point. `capdraft.exporters`."""

    @property
    def contract(self) -> int: ...

    @property
    def summary(self) -> str:
        """What it writes, in one line."""
        ...

    def write(self, entries: Iterable[CatalogEntry]) -> Iterable[str | bytes]:
        """Yield the file piece by piece; text is written as UTF-8.

        `entries` are read one at a time, sorted by slug, and can be gone through once.
        """
        ...


class SignalSource(Protocol):
    """Knows how much artifacts are used. Group `capdraft.signals`."""

    @property
    def contract(self) -> int: ...

    @property
    def summary(self) -> str:
        """What it knows, and from where, in one line."""
        ...

    def signals(self, artifact: Artifact, documents: Sequence[str]) -> Iterable[Signal]:
        """Return all that is known of `artifact`, whose documents have these URIs.

        Raises:
            SourceError: it can't be known now. What was known before stays, with its date. Where
                nothing is returned instead, it goes.
        """
        ...
