"""Files that an older capdraft wrote: found by their format, and written as this one reads them."""

from capdraft.migrating.files import File, State
from capdraft.migrating.plan import Plan, convert, look

__all__ = ["File", "Plan", "State", "convert", "look"]
