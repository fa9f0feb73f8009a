"""What a step of a conversion works on, and how it says that it can't."""

from __future__ import annotations

from dataclasses import dataclass

from capdraft.errors import CapdraftError
from capdraft.migrating.places import slug_at
from capdraft.workspace import Workspace


class Stuck(CapdraftError):
    """A file that can't be converted before somebody did something."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file in conversion.

    `text` is what it holds now, after the steps before. `before` is the workspace as its files
    are, `now` as they will be by what is converted so far.
    """

    kind: str
    name: str
    text: str
    before: Workspace
    now: Workspace

    @property
    def slug(self) -> str:
        """The artifact that it is about, or nothing."""
        return slug_at(self.name)
