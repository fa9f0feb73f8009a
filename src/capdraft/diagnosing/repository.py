"""Git: whether it is there, knows who decides, keeps the workspace, and leaves local state out."""

from __future__ import annotations

import os
import shlex
import shutil
from pathlib import Path

from capdraft.diagnosing.diagnosis import Diagnosis, Scene, broken, note, skipped, well
from capdraft.errors import StoreError, UsageProblem
from capdraft.workspace.git import config_value, git
from capdraft.workspace.repository import Repository

NO_GIT = "Install git: https://git-scm.com; without it, decide with --as NAME"


def examine_git(scene: Scene) -> Diagnosis:
    """Look for git."""
    try:
        said = git(scene.place, "--version").stdout.decode("utf-8", "replace").strip()
    except UsageProblem:
        return note("git", "not found: no history, no review by pull request", NO_GIT)
    return well("git", said.removeprefix("git version "))


def examine_identity(scene: Scene) -> Diagnosis:
    """Look whether git knows a name, under which decisions are taken."""
    from capdraft.reviewing import reviewer_slug

    if shutil.which("git") is None:
        return note("identity", "without git nobody is named to decide as", "Decide with --as NAME")
    name = config_value("user.name", scene.place) or config_value("user.email", scene.place)
    if not name:
        mend = "git config --global user.name 'Your Name', or decide with --as NAME"
        return note("identity", "git knows no name to decide under", mend)
    return well("identity", f"you decide as {reviewer_slug(name, scene.place)}")


def examine_repository(scene: Scene) -> Diagnosis:
    """Look whether git keeps the workspace, and leaves out what is local."""
    if scene.root is None:
        return skipped("repository", "no workspace, so nothing that git should keep")
    if shutil.which("git") is None:
        return skipped("repository", "not looked at: there is no git")
    try:
        Repository.around(scene.root)
    except UsageProblem:
        told = "the workspace is in no git repository: decisions have no history"
        return note("repository", told, f"git init {_typed(scene.root)}")
    except StoreError as error:
        mend = f"git config --global --add safe.directory {_typed(scene.root)}"
        return broken("repository", str(error), mend if "dubious" in str(error) else "git status")
    place = _typed(os.path.relpath(scene.root, scene.folder))
    if git(scene.root, "ls-files", "--", ".capdraft").stdout:
        told = ".capdraft/ is committed: paid answers and local state are for nobody else"
        mend = f"git -C {place} rm -r --cached .capdraft && capdraft init {place}"
        return broken("repository", told, mend)
    # check-ignore knows no literal paths, which all other commands are given.
    look = ("--no-literal-pathspecs", "check-ignore", "--quiet", ".capdraft/ledger.sqlite3")
    if git(scene.root, *look).returncode != 0:
        told = ".capdraft/ is not ignored: `git add .` would take local state along"
        return note("repository", told, f"capdraft init {place}")
    return well("repository", "git keeps the workspace, and leaves .capdraft/ out")


def _typed(place: str | Path) -> str:
    """Return a path as it can be typed."""
    return shlex.quote(str(place))
