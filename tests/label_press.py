"""A proposal of twelve capabilities with errors planted in it, and what a careful reviewer does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from capdraft.workspace import Workspace
from workspaces import Scripted, draft_from

CARD = """\
---
name: Label press
type: tool
---
# Label press

Prints up to 60 shipping labels a minute on a desktop printer.

Reads addresses from a spreadsheet with one row for each parcel.

Checks postcodes of 31 countries and marks rows that do not fit.

Prints in black only; colour is not supported.

Prints QR codes that hold up to 300 characters.

Prints a label again when the printer reports a jam.

Draws 12 watts while it waits.

Keeps the addresses on the computer and sends nothing anywhere.

Sorts labels by route before it prints them.

Fits labels of three sizes: small, medium and large.

Runs from the command line, so that a script can start it.

Writes a list of what was printed, with date and time.

Takes a logo as a PNG file and places it in the upper corner.
"""


def _record(name: str, text: str, passages: list[int], **more: Any) -> dict[str, Any]:
    description = {"text": text, "passages": passages}
    none = {"unique": None, "vs_alternatives": None, "intents": [f"{name.lower()} on a label"]}
    return {"name": name, "description": description, **none, **more}


RECORDS = [
    _record("Print labels", "Prints up to 90 shipping labels a minute.", [1]),
    _record("Read spreadsheets", "Reads addresses from a spreadsheet, one row a parcel.", [2]),
    _record("Check postcodes", "Checks the postcodes of 31 countries.", [3]),
    _record("Print in colour", "Prints labels in colour.", [4]),
    _record("Print QR codes", "Prints QR codes of up to 300 characters.", [5]),
    _record("Reprint after a jam", "Prints a label again after a jam.", [7]),
    _record(
        "Keep addresses private",
        "Keeps addresses on the computer.",
        [8],
        unique={"text": "The most private label printer there is.", "passages": [8]},
    ),
    _record("Sort by route", "Sorts labels by route before printing.", [9]),
    _record("Fit sizes", "Fits small, medium and large labels.", []),
    _record("Run from scripts", "Can be started by a script.", [11]),
    _record("Log what was printed", "Writes a dated list of what was printed.", [12]),
    _record(
        "Place a logo",
        "Places a PNG logo in the upper corner.",
        [13],
        vs_alternatives={
            "text": "Simpler than Parcelmate, which wants a vector file.",
            "alternative": "Parcelmate",
            "passages": [13],
            "alternative_passages": [],
        },
    ),
]

EDITED = "Prints up to 60 shipping labels a minute."
EXPECTED = {
    "print-labels": {"description": EDITED},
    "read-spreadsheets": {"description": "Reads addresses from a spreadsheet, one row a parcel."},
    "check-postcodes": {"description": "Checks the postcodes of 31 countries."},
    "print-qr-codes": {"description": "Prints QR codes of up to 300 characters."},
    "reprint-after-a-jam": {"description": "Prints a label again after a jam."},
    "keep-addresses-private": {"description": "Keeps addresses on the computer."},
    "sort-by-route": {"description": "Sorts labels by route before printing."},
    "fit-sizes": {"description": "Fits small, medium and large labels."},
    "run-from-scripts": {"description": "Can be started by a script."},
    "log-what-was-printed": {"description": "Writes a dated list of what was printed."},
    "place-a-logo": {"description": "Places a PNG logo in the upper corner."},
}
"""What is in the catalog when a careful reviewer is done: colour and both boasts are not."""


def planted_workspace(folder: Path) -> Workspace:
    """Return a workspace with the proposal `label-press/0001`."""
    (folder / "capdraft.toml").write_text('schema = "capdraft/settings/1"\n')
    (folder / "label-press.md").write_text(CARD, encoding="utf-8")
    workspace = Workspace(folder)
    draft_from(workspace, Scripted({"capabilities": RECORDS}), source="label-press.md")
    return workspace
