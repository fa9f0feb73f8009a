"""What an address gave: its files as bytes, and what was said beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """One file: its name and media type tell how to read it, its URI where it is found again."""

    uri: str
    name: str
    data: bytes
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """The files of one address, the main one first.

    `facts` is what the host says of the artifact, under the keys of front matter; `type` is what it
    is where neither these nor the files tell. `notes` says what was read instead, or left out.
    """

    files: tuple[FetchedFile, ...]
    type: str | None = None
    facts: Mapping[str, object] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
