"""Whether everything that capdraft needs is there and works, and how to mend what doesn't."""

from capdraft.diagnosing.diagnosis import Diagnosis, Scene, State
from capdraft.diagnosing.examining import examine, look_around

__all__ = ["Diagnosis", "Scene", "State", "examine", "look_around"]
