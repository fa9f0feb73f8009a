"""What scripts and notebooks call: the names of `capdraft` itself, over the rooms below."""

from capdraft.scripting.drafting import Drafted
from capdraft.scripting.judging import Judged
from capdraft.scripting.reading import read_document
from capdraft.scripting.rendering import render
from capdraft.scripting.reviewing import Review
from capdraft.scripting.workspaces import Workspace

__all__ = ["Drafted", "Judged", "Review", "Workspace", "read_document", "render"]
