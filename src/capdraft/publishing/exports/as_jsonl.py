"""One approved capability a line, each with its documents: `capdraft/export-record/1`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from capdraft.publishing.exports.models import RecordLine
from capdraft.records import CatalogEntry


def json_lines(entries: Iterable[CatalogEntry]) -> Iterator[str]:
    """Yield a line for each record. An entry without records has none."""
    for entry in entries:
        for record in entry.capabilities:
            # Checked when it was read: building it again would only take time.
            line = RecordLine.model_construct(
                artifact=entry.artifact, documents=entry.documents, record=record
            )
            data = line.model_dump(mode="json", by_alias=True, exclude_none=True)
            yield json.dumps(data, ensure_ascii=False) + "\n"
