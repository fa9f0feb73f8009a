"""The names that are judged with a text: a capability's with its description, and so on."""

from __future__ import annotations

from typing import Self

from capdraft.records.evidence import FieldName
from capdraft.records.model import Model


class Names(Model):
    """What is judged with a text; what is not there is left as it is, or not judged with it."""

    name: str | None = None
    intents: tuple[str, ...] | None = None
    alternative: str | None = None

    def __bool__(self) -> bool:
        return any(value is not None for _, value in self)

    def belonging(self, field: FieldName) -> Self:
        """Return those of them that are judged with `field`."""
        given = {key: value for key, value in self if key in JUDGED_WITH[field]}
        return type(self)(**given)

    def over(self, others: Names) -> Self:
        """Return them, and where they say nothing what `others` say."""
        given = {key: value for key, value in self if value is not None}
        return type(self)(**{**dict(others), **given})

    def beside(self, before: Names) -> dict[str, tuple[str, str]]:
        """Return what they give, each as a line, behind the line of what was there `before`."""
        was = dict(before)
        return {key: (_line(was[key]), _line(said)) for key, said in self if said is not None}

    def differing(self, others: Names) -> Self:
        """Return those of them that say something else than `others`."""
        said = dict(others)
        return type(self)(**{key: value for key, value in self if value != said[key]})


def _line(said: str | tuple[str, ...] | None) -> str:
    return "; ".join(said) if isinstance(said, tuple) else said or ""


NO_NAMES = Names()
"""Nothing is said of names."""
JUDGED_WITH: dict[FieldName, tuple[str, ...]] = {
    "description": ("name", "intents"),
    "unique": (),
    "vs_alternatives": ("alternative",),
}
"""The names that are judged, and hashed, with a field."""
