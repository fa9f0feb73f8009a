"""Documents to proposals: briefs are asked for side by side, each ends in one outcome."""

from capdraft.drafting.briefs import make_brief
from capdraft.drafting.drafting import Brief, Prompts, draft_artifact, draft_messages
from capdraft.drafting.running import Job, Outcome, RunOptions, run_drafts

__all__ = [
    "Brief",
    "Job",
    "Outcome",
    "Prompts",
    "RunOptions",
    "draft_artifact",
    "draft_messages",
    "make_brief",
    "run_drafts",
]
