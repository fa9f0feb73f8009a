"""Documents to proposals: briefs are asked for side by side, each ends in one outcome."""

from capdraft.drafting.briefs import make_brief
from capdraft.drafting.drafting import draft_artifact
from capdraft.drafting.neighbours import Catalog
from capdraft.drafting.past import Past, look_back
from capdraft.drafting.planning import Brief, Work, plan_work
from capdraft.drafting.running import Job, Outcome, RunOptions, run_drafts
from capdraft.drafting.surveying import first_requests
from capdraft.drafting.writing import Prompts

__all__ = [
    "Brief",
    "Catalog",
    "Job",
    "Outcome",
    "Past",
    "Prompts",
    "RunOptions",
    "Work",
    "draft_artifact",
    "first_requests",
    "look_back",
    "make_brief",
    "plan_work",
    "run_drafts",
]
