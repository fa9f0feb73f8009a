"""capdraft: a model drafts catalog records, rules check them, a person decides.

These names are for scripts and notebooks; `docs/python.md` shows each at work. They are imported
when they are first used.
"""

__version__ = "0.1.0"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from capdraft.comparing import Comparison
    from capdraft.errors import CapdraftError
    from capdraft.merging import MergeReport
    from capdraft.records import CatalogEntry, Decision, Document, Finding, Proposal
    from capdraft.reviewing import FieldState
    from capdraft.scripting import Drafted, Review, Workspace, read_document, render
    from capdraft.searching import Answer

__all__ = [
    "Answer",
    "CapdraftError",
    "CatalogEntry",
    "Comparison",
    "Decision",
    "Document",
    "Drafted",
    "FieldState",
    "Finding",
    "MergeReport",
    "Proposal",
    "Review",
    "Workspace",
    "read_document",
    "render",
]
_ROOMS = {
    "comparing": ("Comparison",),
    "errors": ("CapdraftError",),
    "merging": ("MergeReport",),
    "records": ("CatalogEntry", "Decision", "Document", "Finding", "Proposal"),
    "reviewing": ("FieldState",),
    "scripting": ("Drafted", "Review", "Workspace", "read_document", "render"),
    "searching": ("Answer",),
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used (PEP 562)."""
    for room, names in _ROOMS.items():
        if name in names:
            from importlib import import_module

            value: object = getattr(import_module(f"{__name__}.{room}"), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
