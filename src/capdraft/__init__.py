"""capdraft: a model drafts catalog records, rules check them, a person decides."""

__version__ = "0.1.0"
