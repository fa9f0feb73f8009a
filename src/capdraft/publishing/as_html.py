"""A comparison as one self-contained HTML page: no script, no request to anywhere."""

from __future__ import annotations

import re
from functools import cache

from jinja2 import Template

from capdraft.comparing import Comparison
from capdraft.publishing.escaping import html_environment
from capdraft.publishing.phrases import (
    LABELS,
    cautions,
    claims,
    credits_line,
    left_out,
    source,
    versus,
)

_WEB = re.compile(r"https?://[^\s/]\S*", re.IGNORECASE)


def html_page(comparison: Comparison) -> str:
    """Return the page; the template escapes whatever comes from documents."""
    return _template().render(
        page=comparison,
        labels=LABELS,
        claims=claims,
        versus=versus,
        cautions=cautions,
        credits_line=credits_line,
        source=source,
        left_out=left_out,
        is_web=is_web,
        mark_id=mark_id,
        cited_at=_cited_at(comparison),
    )


def is_web(uri: str) -> bool:
    """Say whether `uri` may be a link."""
    return _WEB.fullmatch(uri) is not None


def mark_id(artifact: int, capability: int, field: str, number: int) -> str:
    """Return the anchor of a footnote mark; artifacts and capabilities are counted from 1."""
    return f"cited-{artifact}-{capability}-{field}-{number}"


def _cited_at(comparison: Comparison) -> dict[int, list[str]]:
    """Return the anchors of the marks of each footnote, by its number."""
    anchors: dict[int, list[str]] = {note.number: [] for note in comparison.footnotes}
    for column, artifact in enumerate(comparison.artifacts, 1):
        for position, capability in enumerate(artifact.capabilities, 1):
            for field, claim in claims(capability):
                for number in claim.footnotes:
                    anchors[number].append(mark_id(column, position, field, number))
    return anchors


@cache
def _template() -> Template:
    environment = html_environment("capdraft.publishing")
    return environment.get_template("comparison.html.jinja")
