"""`capdraft review export`."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from itertools import count as counting
from pathlib import Path
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
)
from capdraft.cli.review_work import decision_data, tell_read
from capdraft.errors import NotFound, StoreError

if TYPE_CHECKING:
    from capdraft.publishing.review_changes import ArtifactChange
    from capdraft.workspace import Workspace
    from capdraft.workspace.repository import Change, Repository

SEEDS = "reviews/_seeds"


@click.command("export", short_help="Write a pull request of what was reviewed.")
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@click.option("--branch", metavar="NAME", help="Commit what changed to this new branch.")
@click.option("--base", metavar="REF", help="Count changes from here, not from the main branch.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the summary to FILE instead of printing it.",
)
@framed
def command(
    frame: Frame, slugs: tuple[str, ...], branch: str | None, base: str | None, out: Path | None
) -> int:
    """Summarise what changed in reviews/ and catalog/, for a pull request.

    With --branch, the changes of the named artifacts (of all) become one commit on a new branch.
    What you have checked out, and what you have staged, stay as they are. Exit status 1 where
    nothing changed, or an artifact can't be read.

    \b
    capdraft review export
    capdraft review export --branch reviews --out summary.md
    """
    from capdraft.publishing.pull_request import commit_message, pull_request_body, title
    from capdraft.publishing.review_changes import artifact_change, changed_artifacts
    from capdraft.workspace import Workspace
    from capdraft.workspace.repository import Repository
    from capdraft.workspace.snapshot import Snapshot

    workspace = frame.workspace()
    severities = load_settings(workspace).rules
    repository = Repository.around(workspace.root)
    start = repository.base(base)
    before = Workspace(workspace.root, Snapshot(repository, start))
    _check_slugs(slugs, workspace, before)
    if branch is not None:
        repository.check_new_branch(branch)
    change = repository.change(start, _paths(slugs), keep=branch is not None)
    if not change.names:
        frame.note(f"nothing changed in reviews/ and catalog/ since {_short(start)}")
        frame.answer({"base": start, "files": [], "artifacts": [], "failed": []})
        return 1
    changes: list[ArtifactChange] = []
    slugs_changed, done = changed_artifacts(change.names), counting(1)

    def compare(slug: str) -> None:
        tell_read(next(done), len(slugs_changed))
        changes.append(artifact_change(workspace, before, slug, severities))

    failed = one_by_one(frame, slugs_changed, compare)
    # An error's place is a file of its artifact: reviews/SLUG/… or catalog/SLUG.json.
    unreadable = [(error.where or "an artifact", error.message) for error in failed]
    body = pull_request_body(changes, since=start, unreadable=unreadable)
    answer: dict[str, Any] = {"base": start, "files": list(change.names)}
    if branch is not None:
        answer |= _committed(frame, repository, branch, change, commit_message(changes))
    _tell(frame, body, out)
    if branch is not None:
        answer["next"] = _next(frame, repository, branch, title(changes), base, out, slugs)
    frame.answer(
        {
            **answer,
            "title": title(changes),
            "markdown": body,
            "artifacts": [_data(change) for change in changes],
            "failed": [error_data(error) for error in failed],
        }
    )
    return 1 if failed else 0


def _check_slugs(slugs: Sequence[str], workspace: Workspace, before: Workspace) -> None:
    for slug in slugs:
        known = (workspace.proposals(slug), before.proposals(slug))
        if not any(known) and slug not in (*workspace.catalog(), *before.catalog()):
            names = ", ".join(workspace.artifacts()) or "none yet"
            raise NotFound(f"there is nothing to review of {slug!r}", hint=f"Artifacts: {names}.")


def _paths(slugs: Sequence[str]) -> list[str]:
    if not slugs:
        return ["reviews", "catalog"]
    paths = (path for slug in slugs for path in (f"reviews/{slug}", f"catalog/{slug}.json"))
    return [*paths, SEEDS]


def _committed(
    frame: Frame, repository: Repository, branch: str, change: Change, message: str
) -> dict[str, Any]:
    commit, fresh = repository.commit(branch, change, message)
    files = count(len(change.names), "file")
    what = f"{files} in one commit on {_short(change.base)}" if fresh else "holds this already"
    frame.note(f"branch {branch}: {what}")
    return {"branch": branch, "commit": commit}


def _tell(frame: Frame, body: str, out: Path | None) -> None:
    from capdraft.workspace.store import write_synced

    if out is None:
        frame.say(body.rstrip("\n"))
        return
    try:
        write_synced(out, body)
    except OSError as error:
        raise StoreError(f"can't be written: {error.strerror}", where=str(out)) from error
    frame.note(f"wrote {out}")


def _next(
    frame: Frame,
    repository: Repository,
    branch: str,
    title: str,
    base: str | None,
    out: Path | None,
    slugs: Sequence[str],
) -> list[str]:
    """Print and return the commands that make a pull request of the branch."""
    remote = repository.remote()
    add = [] if remote else ["git remote add origin URL"]
    push = ["git", "push", "-u", remote or "origin", branch]
    create = ["gh", "pr", "create", "--head", branch, "--title", title]
    if base is not None and (name := repository.branch_name(base)):
        create += ["--base", name]
    again = ["capdraft", "review", "export", *slugs, *(["--base", base] if base else [])]
    body = [*create, "--body-file", str(out) if out else "-"]
    last = shlex.join(body) if out else f"{shlex.join(again)} | {shlex.join(body)}"
    commands = [*add, shlex.join(push), last]
    for line in commands:
        frame.note(f"  next: {line}")
    return commands


def _data(change: ArtifactChange) -> dict[str, Any]:
    """Return what changed in an artifact as it stands in `--json` answers."""
    return {
        "artifact": change.slug,
        "proposals": list(change.proposals),
        "counts": change.counts,
        "decided": [decision_data(judged.decision) for judged in change.decided],
        "gone": change.gone,
        "stays_out": [
            {"field": item.field, "verdict": item.verdict, "lines": list(item.lines)}
            for item in change.stays_out
        ],
        "errors": [finding_data(finding, where) for finding, where in change.errors],
        "catalog": change.catalog,
    }


def _short(commit: str | None) -> str:
    return commit[:10] if commit else "the beginning"
