"""The files of a workspace, behind one small protocol."""

from capdraft.workspace.proposal_file import FieldLines, dump_proposal
from capdraft.workspace.store import FileStore, Store, Stored
from capdraft.workspace.workspace import SETTINGS_FILE, StoredEntry, StoredProposal, Workspace

__all__ = [
    "SETTINGS_FILE",
    "FieldLines",
    "FileStore",
    "Store",
    "Stored",
    "StoredEntry",
    "StoredProposal",
    "Workspace",
    "dump_proposal",
]
