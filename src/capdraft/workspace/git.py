"""The `git` command: it looks at the repository around a folder, whatever GIT_DIR says."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from capdraft.errors import StoreError, UsageProblem

# Variables with which git, in a hook or an alias, names another repository, index or folder.
_ELSEWHERE = {
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
    "GIT_GLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
}
_OPTIONS = (
    "--literal-pathspecs",
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "i18n.commitEncoding=UTF-8"),
)


def git(
    folder: Path, *words: str, given: bytes = b"", env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run git in `folder`, without hooks, and return what it said, also where it failed.

    Raises:
        UsageProblem: there is no git.
    """
    try:
        return subprocess.run(  # noqa: S603 - no shell
            ["git", *_OPTIONS, *words],  # noqa: S607
            cwd=folder,
            env=_environment(env or {}),
            input=given,
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise _no_git(error) from error


def git_answering(folder: Path, *words: str) -> subprocess.Popen[bytes]:
    """Start a git command that answers on its output what is written to its input.

    Raises:
        UsageProblem: there is no git.
    """
    try:
        return subprocess.Popen(  # noqa: S603 - no shell
            ["git", *_OPTIONS, *words],  # noqa: S607
            cwd=folder,
            env=_environment({}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError as error:
        raise _no_git(error) from error


def _environment(env: Mapping[str, str]) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in _ELSEWHERE}
    return {**kept, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", **env}


def _no_git(error: OSError) -> UsageProblem:
    return UsageProblem(
        f"git can't be started: {error.strerror}", hint="Install git: https://git-scm.com"
    )


def failed(what: str, done: subprocess.CompletedProcess[bytes]) -> StoreError:
    """Return the error for a command that failed."""
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    told = next((line for line in lines if line.startswith(("fatal: ", "error: "))), "")
    return StoreError(f"{what}: {told or ' '.join(lines) or f'status {done.returncode}'}")


def split(raw: bytes) -> list[str]:
    """Return the names in an answer that separates them by NUL."""
    return [os.fsdecode(name) for name in raw.split(b"\0") if name]


def config_value(key: str, folder: Path, kind: str = "") -> str:
    """Return what git's configuration says for `folder`, or nothing, also where there is no git."""
    try:
        done = git(folder, "config", *([f"--type={kind}"] if kind else []), "--get", key)
    except UsageProblem:
        return ""
    return done.stdout.decode("utf-8", "replace").strip()
