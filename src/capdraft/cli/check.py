"""`capdraft check`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from capdraft.cli.asking import INTERRUPTED, Asked, asking_options
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
from capdraft.cli.judge_run import (
    dry_run_judge,
    judge_data,
    judge_proposals,
    refuse_without_judge,
    tell_judged,
)
from capdraft.errors import CapdraftError

if TYPE_CHECKING:
    from capdraft.judging import Added, JudgeOptions
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
@click.option(
    "--judge", is_flag=True, help="Ask a model too whether the passages say each sentence."
)
@asking_options("With --judge: requests at once.")
@framed
def command(
    frame: Frame,
    slugs: tuple[str, ...],
    layout: str,
    judge: bool,
    dry_run: bool,
    **options: Any,
) -> int:
    """Check the newest proposal of each artifact (of all, if none is named).

    Rejected fields are passed over, edited ones are checked as they read now, and what was accepted
    with --despite is answered. Exit status 1 when an error stands.

    With --judge a model is asked about each field with evidence that it has not judged as it is.

    \b
    capdraft check paligemma
    capdraft check --judge --model qwen3 --max-calls 20
    """
    workspace = frame.workspace()
    settings = load_settings(workspace)
    frame = Frame(frame.as_json or layout == "json", frame.folder)
    names = slugs or tuple(workspace.artifacts())
    asked = Asked(**options, command="check --judge")
    if not judge:
        refuse_without_judge()
    elif dry_run:
        return dry_run_judge(frame, workspace, settings, asked, _requests(workspace), names)
    run = judge_proposals(frame, workspace, settings, names, asked) if judge and names else None
    checks = _Checks(frame, workspace, settings.rules, layout, run.added if run else None)
    failed = checks.run(names)
    checks.tell(names, failed)
    if run:
        tell_judged(frame, run, failed)
    frame.answer(checks.data(names, failed) | ({"judge": judge_data(run)} if run else {}))
    if run and run.stopped:
        return INTERRUPTED
    return 1 if checks.errors or failed or (run and run.failed) else 0


def _requests(workspace: Workspace) -> Callable[[str, JudgeOptions], list[list[dict[str, str]]]]:
    """Return what tells the requests that the judge would get for an artifact."""
    from capdraft.judging import judge_messages
    from capdraft.reviewing import Target, open_review

    return lambda slug, options: judge_messages(open_review(workspace, Target(slug)), options)


class _Checks:
    """What the rules find in one proposal after the other."""

    def __init__(
        self,
        frame: Frame,
        workspace: Workspace,
        severities: Mapping[str, str],
        layout: str,
        added: Added | None,
    ) -> None:
        from functools import cache

        from capdraft.comparing import catalog_names
        from capdraft.workspace.repository import prefix_in_repository

        self._frame, self._workspace, self._severities = frame, workspace, severities
        self._layout, self._added = layout, added
        self._top = prefix_in_repository(workspace.root) if layout == "github" else ""
        self._catalog = cache(catalog_names)  # it may be large: read where it is needed, and once
        self._data: list[dict[str, Any]] = []
        self._provable: list[dict[str, str]] = []

    def run(self, names: Sequence[str]) -> list[CapdraftError]:
        """Check each proposal and print what is found; return what failed."""
        return one_by_one(self._frame, names, self._check)

    def _check(self, slug: str) -> None:
        from capdraft.reviewing import Target, open_review, standing_findings

        review = open_review(self._workspace, Target(slug))
        found = standing_findings(review, self._severities)
        for finding, where in found:
            self._data.append(finding_data(finding, where))
            self._frame.say(
                _github(finding, self._top + where)
                if self._layout == "github"
                else _text(finding, where)
            )
        if self._added:
            self._added.count(review, [finding for finding, _ in found])
        self._provable.extend(_tell_provable(self._frame, review, self._catalog))

    @property
    def errors(self) -> int:
        """How many errors stand."""
        return sum(1 for item in self._data if item["severity"] == "error")

    def tell(self, names: Sequence[str], failed: Sequence[CapdraftError]) -> None:
        """Print what it came to."""
        if self._layout == "github":
            for error in failed:
                place = self._top + error.where if error.where else ""
                self._frame.say(_annotation("error", place, error.kind, error.message))
        if self._layout == "text":
            self._frame.note(
                f"{count(len(names), 'proposal')} checked: {count(self.errors, 'error')}, "
                f"{count(len(self._data) - self.errors, 'warning')}"
                if names
                else "nothing to check: `capdraft draft FILE` makes a proposal"
            )
        if self._provable:
            self._frame.note(
                "  next: draft those artifacts again; only these comparisons are asked for"
            )

    def data(self, names: Sequence[str], failed: Sequence[CapdraftError]) -> dict[str, Any]:
        """Return all of it as it stands in `--json` answers."""
        return {
            "checked": list(names),
            "findings": self._data,
            "provable": self._provable,
            "failed": [error_data(error) for error in failed],
        }


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
