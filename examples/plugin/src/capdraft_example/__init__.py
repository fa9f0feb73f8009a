"""One plugin of each kind for capdraft."""
