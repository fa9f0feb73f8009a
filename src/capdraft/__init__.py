"""A model drafts catalog records, rules check them, a person decides.

    from capdraft import Workspace

    workspace = Workspace("catalog")              # the folder that holds capdraft.toml
    workspace.draft_sync("gemma-2.md")            # a model drafts, citing numbered passages
    workspace.check("gemma-2")                    # what the rules find
    workspace.review("gemma-2", by="ana")         # approve, edit, reject: field by field
    workspace.merge()                             # what was approved is the catalog
    workspace.compare("gemma-2", "paligemma")     # side by side; `render` makes a page of it
    workspace.search_sync("read invoices")        # who can do it, and which passage says so

To call: Workspace, Review, read_document, render. What goes wrong is a CapdraftError. What is
returned: Document, Proposal, Drafted, Finding, FieldState, Decision, MergeReport, CatalogEntry,
Comparison, Answer. `docs/python.md` shows each at work. They are imported when they are first used.
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

if not TYPE_CHECKING:  # else every name would be known to a type checker

    def __getattr__(name: str) -> object:
        """Import a public name, or a room that is named itself, when it is first used (PEP 562)."""
        from importlib import import_module

        for room, names in _ROOMS.items():
            if name in names:
                value = getattr(import_module(f"{__name__}.{room}"), name)
                globals()[name] = value
                return value
        if name == "errors":  # `except capdraft.errors.NotFound` needs no import of its own
            return import_module(f"{__name__}.errors")
        said = f"module {__name__!r} has no attribute {name!r}{_meant(name)}"
        raise AttributeError(said, name=name)  # named, Python adds no guess of its own


def _meant(name: str) -> str:
    """Return where a name is that was looked for here, or what it was misspelt from."""
    if name.startswith("_"):
        return ""
    from difflib import get_close_matches

    from capdraft.scripting import Review, Workspace

    for of in (Workspace, Review):
        if hasattr(of, name):
            return f"; it is {of.__name__}.{name}"
    near = get_close_matches(name, __all__, n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def __dir__() -> list[str]:
    return sorted({*__all__, "__version__"})
