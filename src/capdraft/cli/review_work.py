"""What the review commands share: what they are about, and how they tell what was decided."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from capdraft.cli.frame import Frame, load_settings
from capdraft.errors import NotFound, UsageProblem

if TYPE_CHECKING:
    from capdraft.records import Decision, FieldName
    from capdraft.reviewing import FieldState, Judgement, QueueIndex, Refusal, Review

MANY = 20
"""With more artifacts than this, reading them takes long enough to show how far it is."""
RESCUED = ".capdraft/rescued"


def tell_read(done: int, of: int) -> None:
    """Show on a terminal how many of many artifacts have been read."""
    if of > MANY and sys.stderr.isatty():
        click.echo(f"\rread {done:,} of {of:,} artifacts", nl=done == of, err=True)


def tell_unread(frame: Frame, index: QueueIndex, what: str, slugs: Sequence[str] = ()) -> bool:
    """Tell which artifacts (of `slugs`, of all) the index can't read; return whether any."""
    broken = index.artifacts(limit=-1, broken=True)
    broken = [artifact for artifact in broken if not slugs or artifact.slug in slugs]
    for artifact in broken:
        frame.note(f"{what}: {artifact.error}")
    return bool(broken)


def read_text(source: Any) -> str:
    """Return what a file given on the command line holds."""
    try:
        text: str = source.read()
    except UnicodeDecodeError as error:
        raise UsageProblem(f"{source.name} isn't UTF-8", hint="Convert it with iconv.") from error
    return text


def shown_width() -> int:
    """Return the width to lay text out in."""
    import shutil

    return min(max(shutil.get_terminal_size((100, 24)).columns, 40), 110)


def open_path(
    frame: Frame, path: str, field: str | None, number: str | None
) -> tuple[Review, dict[str, Any]]:
    """Return the review of what a command names, and the severities of the rules."""
    (review,), severities = open_paths(frame, (path,), field, number)
    return review, severities


def open_paths(
    frame: Frame, paths: Sequence[str], field: str | None, number: str | None
) -> tuple[list[Review], dict[str, Any]]:
    """Return the reviews of what a command names, one an artifact, and the rules' severities."""
    from capdraft.reviewing import Target, open_review
    from capdraft.reviewing.review import select

    workspace = frame.workspace()
    targets: dict[str, list[Target]] = {}
    for path in paths:
        target = Target.parse_path(path, cast("FieldName | None", field))
        targets.setdefault(target.slug, []).append(target)
    reviews = []
    for slug, named in targets.items():
        review = select(open_review(workspace, Target(slug), number), named)
        if not review.selected:
            told = next(path for path in paths if path.partition("/")[0] == slug)
            raise NotFound(f"{told} has no fields to decide", where=review.stored.name)
        reviews.append(review)
    return reviews, dict(load_settings(workspace).rules)


def make_judgement(
    review: Review,
    severities: dict[str, Any],
    who: str | None,
    note: str | None = None,
    despite: tuple[str, ...] = (),
    editorial: bool = False,
    seconds: float | None = None,
) -> Judgement:
    """Return how a decision is meant; who takes it is `--as`, else git's user."""
    from capdraft.reviewing import Judgement, reviewer_slug
    from capdraft.reviewing.judging import check_codes

    check_codes(despite)
    reviewer = reviewer_slug(who, review.workspace.root)
    return Judgement(reviewer, severities, note, despite, editorial, seconds)


def tell_decisions(frame: Frame, what: str, slug: str, decisions: Sequence[Decision]) -> None:
    """Print each decision that was taken."""
    for decision in decisions:
        frame.say(f"{what} {slug}/{decision.capability}.{decision.field} as {decision.reviewer}")


def tell_refused(frame: Frame, slug: str, refused: Refusal) -> None:
    """Print why a field was not approved."""
    what = f"not approved {slug}/{refused.state.path}"
    if refused.why:
        frame.say(f"{what}: {refused.why}")
    for finding in refused.findings:
        frame.say(f"{what}: {finding.code} {finding.message}")


def say_long(frame: Frame, text: str) -> None:
    """Print an answer, through the pager where a terminal is too low for it."""
    import shutil

    from capdraft.text import printable

    rows = shutil.get_terminal_size().lines
    if not frame.as_json and sys.stdout.isatty() and text.count("\n") + 2 > rows:
        click.echo_via_pager(printable(text) + "\n")
    else:
        frame.say(text)


def rescue(review: Review, state: FieldState, text: str) -> Path:
    """Keep a text that was refused, so that nothing typed is lost."""
    slug = review.stored.proposal.artifact.slug
    path = review.workspace.root / RESCUED / f"{slug}-{state.capability.id}-{state.name}.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def decision_data(decision: Decision) -> dict[str, Any]:
    """Return a decision as it stands in `--json` answers."""
    return decision.model_dump(mode="json", by_alias=True, exclude_none=True)


def state_data(review: Review, state: FieldState, severities: dict[str, Any]) -> dict[str, Any]:
    """Return a field's state as it stands in `--json` answers."""
    return {
        "capability": state.capability.id,
        "field": state.name,
        "status": state.status,
        "why": state.why,
        "edited": state.edit is not None,
        **state.versions[-1].names.model_dump(exclude_none=True),
        "text": state.text,
        "evidence": [item.model_dump(mode="json") for item in state.field.evidence],
        "findings": [
            finding.model_dump(exclude_none=True) for finding in review.findings(state, severities)
        ],
    }
