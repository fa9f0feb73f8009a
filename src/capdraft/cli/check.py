"""`capdraft check`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from capdraft.cli.frame import (
    Frame,
    count,
    error_data,
    finding_data,
    framed,
    load_settings,
    one_by_one,
    severity_mark,
)

if TYPE_CHECKING:
    from capdraft.records import CatalogEntry
    from capdraft.reviewing import FieldState, Review
    from capdraft.workspace import Workspace


@click.command("check", short_help="Print what the rules find in proposals.")
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@click.option(
    "--format",
    "layout",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="text: FILE:LINE: CODE message; github: annotations for a pull request.",
)
@framed
def command(frame: Frame, slugs: tuple[str, ...], layout: str) -> int:
    """Check the newest proposal of each artifact (of all, if none is named).

    Rejected fields are passed over, edited ones are checked as they read now, and what was accepted
    with --despite is answered. Exit status 1 when an error stands.

    \b
    capdraft check paligemma
    """
    from functools import cache

    from capdraft.comparing import catalog_names
    from capdraft.reviewing import Target, open_review, standing_findings
    from capdraft.workspace.repository import prefix_in_repository

    workspace = frame.workspace()
    top = prefix_in_repository(workspace.root) if layout == "github" else ""
    severities = load_settings(workspace).rules
    frame = Frame(frame.as_json or layout == "json", frame.folder)
    data: list[dict[str, Any]] = []
    names = slugs or tuple(workspace.artifacts())
    catalog = cache(catalog_names)  # it may be large: read where it is needed, and once
    now_provable: list[dict[str, str]] = []

    def check(slug: str) -> None:
        review = open_review(workspace, Target(slug))
        for finding, where in standing_findings(review, severities):
            data.append(finding_data(finding, where))
            frame.say(
                _github(finding, top + where) if layout == "github" else _text(finding, where)
            )
        now_provable.extend(_tell_provable(frame, review, catalog))

    failed = one_by_one(frame, names, check)
    if layout == "github":
        for error in failed:
            place = top + error.where if error.where else ""
            frame.say(_annotation("error", place, error.kind, error.message))
    errors = sum(1 for item in data if item["severity"] == "error")
    if layout == "text":
        frame.note(
            f"{count(len(names), 'proposal')} checked: {count(errors, 'error')}, "
            f"{count(len(data) - errors, 'warning')}"
            if names
            else "nothing to check: `capdraft draft FILE` makes a proposal"
        )
    if now_provable:
        frame.note("  next: draft those artifacts again; only these comparisons are asked for")
    failures = [error_data(error) for error in failed]
    frame.answer(
        {
            "checked": list(names),
            "findings": data,
            "provable": now_provable,
            "failed": failures,
        }
    )
    return 1 if errors or failed else 0


def _tell_provable(
    frame: Frame, review: Review, catalog: Callable[[Workspace], Mapping[str, CatalogEntry]]
) -> Iterator[dict[str, str]]:
    """Tell of each comparison that the catalog could prove now, and yield it."""
    from capdraft.comparing import awaits_proof, provable

    rejected = {state.capability.id for state in review.states if _is_rejected(state)}
    proposal = review.stored.proposal
    names = catalog(review.workspace) if awaits_proof(proposal) else {}
    for capability, (name, entry) in provable(proposal, names).items():
        if capability in rejected:
            continue
        where = f"{review.slug}/{capability}"
        source = f"catalog/{entry.artifact.slug}.json"
        yield {"capability": where, "alternative": name, "by": source}
        frame.note(f"{where}: a comparison with {name} can be proven now, by {source}")


def _is_rejected(state: FieldState) -> bool:
    return state.name == "description" and state.status == "rejected"


def _text(finding: Any, where: str) -> str:
    mark = severity_mark(finding.severity)
    return (
        f"{where}: {click.style(finding.code, bold=True)} {finding.message} "
        f"[{mark}: {finding.capability}.{finding.field}]"
    )


def _github(finding: Any, where: str) -> str:
    title = f"{finding.code} {finding.capability}.{finding.field}"
    return _annotation(finding.severity, where, title, finding.message)


def _annotation(severity: str, where: str, title: str, message: str) -> str:
    """Return GitHub's workflow command for an annotation, escaped as its own toolkit does.

    `where` is FILE:LINE or FILE from the top of the repository, or nothing.
    """
    name, _, line = where.rpartition(":")
    place = {"file": name, "line": line} if line.isdecimal() else {"file": where}
    given = {**place, "title": title}
    said = ",".join(f"{key}={_property(value)}" for key, value in given.items() if value)
    return f"::{severity} {said}::{_message(message)}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
