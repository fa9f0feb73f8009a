"""A text that was shown or judged before, found again by its hashes."""

from __future__ import annotations

from capdraft.records import FieldName
from capdraft.reviewing.review import open_review
from capdraft.reviewing.states import Version
from capdraft.reviewing.targets import Target
from capdraft.workspace import Workspace


def find_version(
    workspace: Workspace, slug: str, capability: str, field: FieldName, hashes: tuple[str, str]
) -> Version | None:
    """Return the text and evidence with these hashes, from the newest proposal that had them.

    It is what was drafted or what an edit left that nobody took back; None if there is none.

    Raises:
        FileInvalid: a file isn't what its schema says.
    """
    for number in reversed(workspace.proposals(slug)):
        state = open_review(workspace, Target(slug), number).state(capability, field)
        for version in state.versions if state else ():
            if version.hashes == hashes:
                return version
    return None
