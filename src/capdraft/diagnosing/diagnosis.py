"""What an examination says, and what it looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from capdraft.errors import CapdraftError
from capdraft.settings import EndpointSettings, Settings, choose_endpoint

State = Literal["well", "note", "broken", "skipped"]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """How one part is, and how to mend it where it isn't well."""

    part: str
    state: State
    said: str
    mend: str = ""


def well(part: str, said: str) -> Diagnosis:
    """Return that a part does what it should."""
    return Diagnosis(part, "well", said)


def note(part: str, said: str, mend: str) -> Diagnosis:
    """Return that capdraft works, and what would be missed."""
    return Diagnosis(part, "note", said, mend)


def broken(part: str, said: str, mend: str) -> Diagnosis:
    """Return that something can't work until it is mended."""
    return Diagnosis(part, "broken", said, mend)


def skipped(part: str, said: str, mend: str = "") -> Diagnosis:
    """Return that a part was not looked at, and why."""
    return Diagnosis(part, "skipped", said, mend)


def as_broken(part: str, error: CapdraftError, mend: str = "") -> Diagnosis:
    """Return what an error says of a part."""
    return broken(part, str(error), mend or error.hint or "See `capdraft doctor --help`.")


@dataclass(frozen=True, slots=True)
class Scene:
    """What is examined. `root` is None outside of a workspace, `folder` where the command ran.

    `unread` is why capdraft.toml can't be read; then `settings` are the defaults.
    """

    folder: Path
    root: Path | None
    settings: Settings = field(default_factory=Settings)
    unread: CapdraftError | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    model: str | None = None
    base_url: str | None = None
    offline: bool = False
    ask: bool = False

    @property
    def place(self) -> Path:
        """The workspace's folder, else the one where the command ran."""
        return self.root or self.folder

    def endpoint(self) -> EndpointSettings:
        """Return the endpoint that a run would ask here.

        Raises:
            SettingsError: the base URL or the key isn't one.
        """
        return choose_endpoint(
            self.settings, self.environment, model=self.model, base_url=self.base_url
        )
