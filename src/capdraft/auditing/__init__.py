"""Texts that exist already are held against documents: what passages say of them is attached."""

from capdraft.auditing.asking import Asking
from capdraft.auditing.grounding import GroundReport, ground, statements_to_judge
from capdraft.auditing.looking import Grounded
from capdraft.auditing.material import BriefOf, Material, read_material

__all__ = [
    "Asking",
    "BriefOf",
    "GroundReport",
    "Grounded",
    "Material",
    "ground",
    "read_material",
    "statements_to_judge",
]
