"""What scripts and notebooks call: the names of `capdraft` itself, over the rooms below."""

from typing import TYPE_CHECKING

from capdraft.deferring import deferred

if TYPE_CHECKING:
    from capdraft.scripting.drafting import Drafted
    from capdraft.scripting.judging import Judged
    from capdraft.scripting.reading import read_document
    from capdraft.scripting.rendering import render
    from capdraft.scripting.reviewing import Review
    from capdraft.scripting.workspaces import Workspace

__all__ = ["Drafted", "Judged", "Review", "Workspace", "read_document", "render"]

if not TYPE_CHECKING:  # else every name would be known to a type checker
    __getattr__ = deferred(
        __name__,
        {
            "drafting": "Drafted",
            "judging": "Judged",
            "reading": "read_document",
            "rendering": "render",
            "reviewing": "Review",
            "workspaces": "Workspace",
        },
    )
