"""Who is deciding."""

from __future__ import annotations

import subprocess
from pathlib import Path

from capdraft.errors import UsageProblem
from capdraft.text import slugify


def reviewer_slug(given: str | None, folder: Path) -> str:
    """Return the reviewer's slug: the one given, else git's user for `folder`.

    Raises:
        UsageProblem: none is given and git knows no user.
    """
    if given is not None:
        return slugify(given)
    name = _git("user.name", folder) or _git("user.email", folder)
    if name:
        return slugify(name)
    raise UsageProblem(
        "nobody is named as the reviewer",
        hint="Add --as NAME, or tell git: git config user.name 'Your Name'",
    )


def _git(key: str, folder: Path) -> str:
    try:
        answer = subprocess.run(  # noqa: S603 - fixed words, no shell
            ["git", "config", "--get", key],  # noqa: S607
            cwd=folder,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError:
        return ""
    return answer.stdout.strip()
