"""What a rule says of a field."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from capdraft.records.model import Model

Severity = Literal["error", "warning"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning")


class Finding(Model):
    """A rule's code, its severity, and the span of the claim that it is about."""

    code: str = Field(
        pattern=r"^[A-Z]{2,8}\d{3}$",
        description="The rule, such as CD103; plugins have codes that don't begin with CD.",
    )
    severity: Severity
    message: str
    capability: str = Field(description="Id of the capability.")
    field: Literal["description", "unique", "vs_alternatives"]
    start: int | None = Field(default=None, description="Offset of the span in the field's text.")
    end: int | None = Field(default=None, description="Offset behind the span.")
