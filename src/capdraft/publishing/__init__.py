"""What people and programs read of the catalog: comparison pages."""

from capdraft.publishing.rendering import FORMATS, PageFormat, render

__all__ = ["FORMATS", "PageFormat", "render"]
