"""The pages of artifacts, their runs, their history and differences, and of the reviewers."""

from capdraft.web.artifacts.pages import routes

__all__ = ["routes"]
