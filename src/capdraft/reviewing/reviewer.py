"""Who is deciding."""

from __future__ import annotations

from pathlib import Path

from capdraft.errors import UsageProblem
from capdraft.text import slugify
from capdraft.workspace.git import config_value


def reviewer_slug(given: str | None, folder: Path) -> str:
    """Return the reviewer's slug: the one given, else git's user for `folder`.

    Raises:
        UsageProblem: none is given and git knows no user.
    """
    if given is not None:
        return slugify(given)
    name = config_value("user.name", folder) or config_value("user.email", folder)
    if name:
        return slugify(name)
    raise UsageProblem(
        "nobody is named as the reviewer",
        hint="Add --as NAME, or tell git: git config user.name 'Your Name'",
    )
