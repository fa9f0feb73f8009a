"""A comparison as HTML: one self-contained page, or what is inside of a page of the site."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from capdraft.comparing import Comparison, label_in_full, part_in_full
from capdraft.publishing import outline
from capdraft.publishing.phrases import (
    LABELS,
    cautions,
    claims,
    credits_line,
    left_out,
    plain,
    shortened,
    source,
    versus,
)
from capdraft.publishing.pictures import bar, overlap

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

LinkTo = Callable[[str, str], str]
"""The address of an artifact, or of one of its capabilities; "" where there is none."""
_WEB = re.compile(r"https?://[^\s/]\S*", re.IGNORECASE)


def html_page(comparison: Comparison) -> str:
    """Return a page that asks nothing of anyone, and looks as the site does."""
    template = _environment().get_template("comparison.html.jinja")
    return template.render(page=comparison, look=_look(), body=html_body(comparison))


def html_body(comparison: Comparison, link_to: LinkTo | None = None) -> Markup:
    """Return what stands in the page's main part; what comes from documents is escaped in it."""
    from markupsafe import Markup

    template = _environment().get_template("comparison_body.html.jinja")
    body = template.render(
        page=comparison,
        link_to=link_to or (lambda *_: ""),
        rules=outline.rules(comparison, words=link_to is None),  # the site's own page has them
        notes={note.number: note for note in comparison.footnotes},
        parts={part.name for item in comparison.artifacts for part in item.standing.parts},
        places=_places(comparison),
        cited_at=_cited_at(comparison),
    )
    return Markup(body)  # noqa: S704 - the template escaped it


def is_web(uri: str) -> bool:
    """Say whether `uri` may be a link."""
    return _WEB.fullmatch(uri) is not None


def mark_id(artifact: int, capability: int, field: str, number: int) -> str:
    """Return the anchor of a footnote mark; artifacts and capabilities are counted from 1."""
    return f"cited-{artifact}-{capability}-{field}-{number}"


def _places(comparison: Comparison) -> dict[tuple[str, str], tuple[int, int]]:
    return {
        (artifact.slug, capability.id): (column, position)
        for column, artifact in enumerate(comparison.artifacts, 1)
        for position, capability in enumerate(artifact.capabilities, 1)
    }


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
def _look() -> Markup:
    from markupsafe import Markup

    sheet = files("capdraft.publishing").joinpath("site/static/site.css").read_text("utf-8")
    return Markup(sheet)  # noqa: S704 - our own


@cache
def _environment() -> Environment:
    from capdraft.publishing.escaping import html_environment

    environment = html_environment("capdraft.publishing")
    environment.globals.update(
        bar=bar,
        cautions=cautions,
        claims=claims,
        credits_line=credits_line,
        is_web=is_web,
        label_in_full=label_in_full,
        labels=LABELS,
        left_out=left_out,
        mark_id=mark_id,
        outline=outline,
        overlap=overlap,
        part_in_full=part_in_full,
        shortened=shortened,
        source=source,
        versus=versus,
    )
    environment.filters["plain"] = plain
    return environment
