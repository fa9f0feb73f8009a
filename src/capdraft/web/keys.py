"""What each key does, told by the pages themselves and by the help."""

from __future__ import annotations

from collections.abc import Mapping

EVERYWHERE = (
    ("u", "undo your last action as a whole"),
    ("q", "to the queue"),
    ("?", "the keys of the page"),
    ("Esc", "leave what is open"),
)
QUEUE = (
    ("j k", "next and previous row"),
    ("Enter o", "open the row"),
    ("space s", "select the row; with shift all from the last one on"),
    ("A X", "accept or reject what is selected"),
    ("g", "begin with the first"),
    ("n p", "next and previous page"),
    ("/", "search"),
    ("0", "leave the filters"),
)
DESK = (
    ("j k", "next and previous claim"),
    ("a", "accept"),
    ("x", "reject: a digit then says why, n goes to the note"),
    ("e", "edit in place; Ctrl Enter saves and accepts"),
    ("c", "cite other passages; Ctrl Enter saves and accepts"),
    ("d", "accept despite what the rules find, with a note that readers see"),
    ("s", "accept as an editorial statement, with a note that readers see"),
    ("space", "skip: it comes again at the end"),
    ("] [ n p", "next and previous cited passage"),
    ("/", "search in the documents"),
    ("r", "the documents as they are written"),
)
KEYS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "Everywhere": EVERYWHERE,
    "In the queue": QUEUE,
    "At the desk": DESK,
}
