"""The whole catalog as one JSON document: `capdraft/export/1`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from capdraft.records import CatalogEntry


def json_pieces(entries: Iterable[CatalogEntry]) -> Iterator[str]:
    """Yield the document piece by piece; each entry stands in it as in its catalog file."""
    yield '{\n  "schema": "capdraft/export/1",\n  "artifacts": ['
    separator = "\n    "
    for entry in entries:
        data = entry.model_dump(mode="json", by_alias=True, exclude_none=True)
        # Within a JSON string a line end is written \n: those in the text are between its keys.
        lines = json.dumps(data, ensure_ascii=False, indent=2).split("\n")
        yield separator + "\n    ".join(lines)
        separator = ",\n    "
    yield "\n  ]\n}\n" if separator.startswith(",") else "]\n}\n"
