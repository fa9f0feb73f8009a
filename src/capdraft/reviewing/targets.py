"""What a review command is about: SLUG, SLUG/CAPABILITY, one field or all."""

from __future__ import annotations

from dataclasses import dataclass

from capdraft.errors import NotFound
from capdraft.records import FieldName


@dataclass(frozen=True, slots=True)
class Target:
    """The fields that a command names; None stands for all."""

    slug: str
    capability: str | None = None
    field: FieldName | None = None

    @classmethod
    def parse(cls, path: str, field: FieldName | None = None) -> Target:
        """Return the target for SLUG or SLUG/CAPABILITY.

        Raises:
            NotFound: nothing stands behind the slash.
        """
        slug, slash, capability = path.partition("/")
        if slash and not capability:
            raise NotFound(f"{path!r} names no capability", hint=f"All of it: {slug}")
        return cls(slug, capability or None, field)
