"""The files of a workspace, behind one small protocol."""

from capdraft.workspace.proposal_file import FieldLines, dump_proposal
from capdraft.workspace.store import FileStore, Store, Stored
from capdraft.workspace.workspace import SETTINGS_FILE, StoredProposal, Workspace

__all__ = [
    "SETTINGS_FILE",
    "FieldLines",
    "FileStore",
    "Store",
    "Stored",
    "StoredProposal",
    "Workspace",
    "dump_proposal",
]
