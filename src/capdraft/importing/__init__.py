"""Known comparison pages become proposals, and what they say without evidence becomes notes."""

from capdraft.importing.judging import judge
from capdraft.importing.page import Note, Page, PageList, PageRecord, PageRow
from capdraft.importing.proposing import Imported, ImportReport, Terms, import_page
from capdraft.importing.reading import read_page
from capdraft.importing.splitting import assign

__all__ = [
    "ImportReport",
    "Imported",
    "Note",
    "Page",
    "PageList",
    "PageRecord",
    "PageRow",
    "Terms",
    "assign",
    "import_page",
    "judge",
    "read_page",
]
