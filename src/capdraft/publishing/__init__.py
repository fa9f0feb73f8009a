"""What people and programs read of the catalog: comparison pages."""

from typing import TYPE_CHECKING

from capdraft.deferring import deferred

if TYPE_CHECKING:
    from capdraft.publishing.rendering import FORMATS, PageFormat, render

__all__ = ["FORMATS", "PageFormat", "render"]

if not TYPE_CHECKING:  # else every name would be known to a type checker
    __getattr__ = deferred(
        __name__,
        {
            "rendering": "FORMATS PageFormat render",
        },
    )
