"""Texts that exist already are held against documents: what passages say of them is attached."""

from capdraft.auditing.grounding import Grounded, GroundReport, ground
from capdraft.auditing.material import Material, read_material

__all__ = ["GroundReport", "Grounded", "Material", "ground", "read_material"]
