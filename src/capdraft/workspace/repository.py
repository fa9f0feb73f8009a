"""The git repository that a workspace lies in.

Nothing here touches HEAD, the index or the work tree: a change is put together in an index of its
own.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from capdraft.errors import NotFound, StoreError, UsageProblem
from capdraft.workspace.git import config_value, failed, git, split

_DEFAULT_BASES = (
    *(f"refs/remotes/origin/{name}" for name in ("HEAD", "main", "master")),
    *(f"refs/heads/{name}" for name in ("main", "master")),
    "HEAD",
)


@dataclass(frozen=True, slots=True)
class Change:
    """What the work tree has differently from a commit, as a tree that can be committed."""

    base: str | None
    tree: str
    names: tuple[str, ...]
    """The files that differ, from the workspace's folder."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A git repository, seen from `folder`: all names of files are relative to that."""

    folder: Path
    prefix: str
    """The way from the repository's top to `folder`: empty, or it ends with a slash."""

    @classmethod
    def around(cls, folder: Path) -> Repository:
        """Return the repository that `folder` lies in.

        Raises:
            UsageProblem: it lies in none, or there is no git.
            StoreError: git refuses to read it.
        """
        done = git(folder, "rev-parse", "--is-inside-work-tree", "--show-prefix")
        said = os.fsdecode(done.stdout)
        if done.returncode == 0 and said.startswith("true\n"):
            return cls(folder, said.removeprefix("true\n").removesuffix("\n"))
        if done.returncode == 0 or b"not a git repository" in done.stderr:
            raise UsageProblem(
                f"{folder} is not in the work tree of a git repository",
                hint="Make it one with `git init`, and commit what is there.",
            )
        raise failed("git can't read the repository", done)

    def commit_of(self, name: str) -> str | None:
        """Return the commit that a branch, tag or hash stands for, or None."""
        if not name or name.startswith("-") or "\0" in name:
            return None
        done = self._try("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        return done.stdout.decode().strip() if done.returncode == 0 else None

    def base(self, name: str | None = None) -> str | None:
        """Return the commit that changes are counted from; None where nothing is committed.

        It is the last one that HEAD shares with `name` (else with origin's default branch, main
        or master), so that what others committed there since is never taken back.

        Raises:
            NotFound: there is no commit called `name`, or it shares nothing with HEAD.
        """
        head = self.commit_of("HEAD")
        if name is None and head is None:
            return None
        other = self.commit_of(name) if name is not None else self._default_base()
        if other is None or head is None:
            hint = "`git branch --all` lists branches; `git fetch` may bring it."
            raise NotFound(f"git finds no commit {name if head else 'HEAD'!r}", hint=hint)
        done = self._try("merge-base", other, head)
        if done.returncode != 0:
            raise NotFound(
                f"HEAD shares no commit with {name or 'the default branch'}",
                hint="Name another with --base, or get the history: git fetch --unshallow",
            )
        return done.stdout.decode().split()[0]

    def _default_base(self) -> str | None:
        return next(filter(None, map(self.commit_of, _DEFAULT_BASES)), None)

    def branch_name(self, name: str) -> str | None:
        """Return what the remote calls the branch `name`, or None if that is no branch."""
        full = self._try("rev-parse", "--symbolic-full-name", "--verify", "--quiet", name)
        parts = os.fsdecode(full.stdout).strip().split("/")
        if parts[:2] == ["refs", "heads"]:
            return "/".join(parts[2:])
        return "/".join(parts[3:]) if parts[:2] == ["refs", "remotes"] else None

    def remote(self) -> str | None:
        """Return the remote to push to: origin, else the first, or None."""
        remotes = os.fsdecode(self._run("remote").stdout).split()
        return "origin" if "origin" in remotes else next(iter(remotes), None)

    def files(self, commit: str | None, folders: Sequence[str]) -> dict[str, str]:
        """Return the files that `commit` has below `folders`, each with its blob's id."""
        if commit is None:
            return {}
        rows = split(self._run("ls-tree", "-r", "-z", commit, "--", *folders).stdout)
        parts = (row.partition("\t") for row in rows)
        return {name: about.split()[2] for about, _, name in parts if " blob " in about}

    def blob(self, object_id: str) -> bytes:
        """Return what a blob holds."""
        return self._run("cat-file", "blob", object_id).stdout

    def change(self, base: str | None, paths: Sequence[str], *, keep: bool) -> Change:
        """Return what the work tree has differently from `base` in `paths`.

        Ignored files are left out. The tree can be committed if `keep` is set; else nothing is
        written into the repository.

        Raises:
            StoreError: git can't read the files, or a folder is a repository of its own.
        """
        with self._scratch(keep=keep) as scratch:
            self._run("read-tree", base or "--empty", env=scratch)
            listed = ("ls-files", "-z", "--cached", "--others", "--exclude-standard")
            names = dict.fromkeys(split(self._run(*listed, "--", *paths, env=scratch).stdout))
            if inner := next((name for name in names if name.endswith("/")), None):
                raise StoreError(f"{inner} is a git repository of its own", hint="Export it there.")
            # Files that a sparse checkout leaves away are not deleted.
            rows = split(self._run("ls-files", "-z", "-t", "--", *paths).stdout)
            away = {row[2:] for row in rows if row.startswith("S ")}
            wanted = b"".join(os.fsencode(name) + b"\0" for name in names if name not in away)
            update = ("update-index", "--add", "--remove", "--replace", "-z", "--stdin")
            self._run(*update, given=wanted, env=scratch)
            tree = self._run("write-tree", env=scratch).stdout.decode().strip()
            before = base or self._run("hash-object", "-t", "tree", "--stdin").stdout.decode()
            differ = ("diff-tree", "-r", "-z", "--name-only", "--no-renames", "--relative")
            found = self._run(*differ, before.strip(), tree, "--", *paths, env=scratch).stdout
        return Change(base, tree, tuple(split(found)))

    def check_new_branch(self, branch: str) -> None:
        """Check that `branch` may be the name of a branch.

        Raises:
            UsageProblem: it may not.
        """
        ref = f"refs/heads/{branch}"
        bad = branch.startswith("-") or branch == "HEAD" or "\0" in branch
        if bad or self._try("check-ref-format", ref).returncode != 0:
            raise UsageProblem(f"{branch!r} can't be the name of a branch")

    def commit(self, branch: str, change: Change, message: str) -> tuple[str, bool]:
        """Write `change` as one commit on its base, under a new branch; return its id.

        The second value is False where the branch holds this very change already.

        Raises:
            UsageProblem: the branch exists with something else, nothing is committed yet, or git
                knows no user.
            StoreError: git can't write it.
        """
        self.check_new_branch(branch)
        if change.base is None:
            raise UsageProblem(
                "nothing is committed in this repository yet: a branch has nothing to start from",
                hint="Commit capdraft.toml and the documents first.",
            )
        present = self.commit_of(f"refs/heads/{branch}")
        if present is not None:
            if self._holds(present, change):
                return present, False
            raise UsageProblem(
                f"there is a branch {branch!r} already",
                hint="Name another one; `git branch -D` removes one that nobody needs.",
            )
        sign = ["-S"] if config_value("commit.gpgsign", self.folder, "bool") == "true" else []
        words = ("commit-tree", *sign, change.tree, "-p", change.base, "-F", "-")
        done = self._try(*words, given=message.encode())
        if done.returncode != 0:
            raise _not_committed(done)
        commit = done.stdout.decode().strip()
        # Zeros: it must not exist, also if somebody else makes it right now.
        zeros = "0" * len(commit)
        ref = f"refs/heads/{branch}"
        self._run("update-ref", "-m", "capdraft review export", ref, commit, zeros)
        return commit, True

    def _holds(self, commit: str, change: Change) -> bool:
        said = self._run("rev-parse", f"{commit}^{{tree}}", f"{commit}^@").stdout.decode()
        return said.split() == [change.tree, change.base]

    @contextmanager
    def _scratch(self, *, keep: bool) -> Iterator[dict[str, str]]:
        """Give the environment of an index of its own, and of objects that vanish with it."""
        with tempfile.TemporaryDirectory(prefix="capdraft-") as folder:
            env = {"GIT_INDEX_FILE": str(Path(folder, "index"))}
            if not keep:
                objects = Path(folder, "objects")
                objects.mkdir()
                env["GIT_OBJECT_DIRECTORY"] = str(objects)
                env["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = self._objects()
            yield env

    def _objects(self) -> str:
        """Return the folder of the repository's objects, quoted as git reads a list of them."""
        said = os.fsdecode(self._run("rev-parse", "--git-path", "objects").stdout)
        path = str(self.folder / said.removesuffix("\n"))
        return '"' + path.replace("\\", "\\\\").replace('"', '\\"') + '"'

    def _try(self, *words: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        return git(self.folder, *words, given=given)

    def _run(
        self, *words: str, given: bytes = b"", env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        done = git(self.folder, *words, given=given, env=env or {})
        if done.returncode != 0:
            raise failed(f"`git {words[0]}` failed", done)
        return done


def prefix_in_repository(folder: Path) -> str:
    """Return the way from the repository's top to `folder`; nothing outside of one."""
    try:
        return Repository.around(folder).prefix
    except (UsageProblem, StoreError):
        return ""


def _not_committed(done: subprocess.CompletedProcess[bytes]) -> UsageProblem | StoreError:
    if b"tell me who you are" in done.stderr or b"ident" in done.stderr:
        return UsageProblem(
            "git knows no user to commit as",
            hint="git config user.name 'Your Name'; git config user.email you@your.host",
        )
    error = failed("git can't write the commit", done)
    if b"sign" in done.stderr:
        error.hint = "commit.gpgsign is set: mend the key, or `git config commit.gpgsign false`."
    return error
