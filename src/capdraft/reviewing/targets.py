"""What a review command is about: SLUG, SLUG/CAPABILITY, SLUG/CAPABILITY.FIELD."""

from __future__ import annotations

from dataclasses import dataclass, replace

from capdraft.errors import NotFound, UsageProblem
from capdraft.records import FIELDS, FieldName


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

    @classmethod
    def parse_path(cls, path: str, field: FieldName | None = None) -> Target:
        """Return the target for SLUG, SLUG/CAPABILITY or SLUG/CAPABILITY.FIELD.

        Raises:
            NotFound: nothing stands behind the slash, or no field behind the dot.
            UsageProblem: `field` is another field than the one behind the dot.
        """
        slug, slash, rest = path.partition("/")
        capability, dot, name = rest.partition(".")  # the id of a capability holds no dot
        target = cls.parse(f"{slug}{slash}{capability}", field)
        if not dot:
            return target
        if name not in FIELDS:
            known = f"SLUG/CAPABILITY.FIELD; the fields: {', '.join(FIELDS)}"
            raise NotFound(f"{path!r} names no field", hint=known)
        if field not in (None, name):
            raise UsageProblem(f"{path!r} and --field {field} name two fields")
        return replace(target, field=name)
