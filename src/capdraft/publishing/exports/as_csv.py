"""One approved field a row, for spreadsheets. No cell in it is a formula."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence

from capdraft.records import CatalogEntry, FieldName, Record, RecordField

COLUMNS = (
    "artifact",
    "artifact_name",
    "type",
    "license",
    "pricing",
    "languages",
    "links",
    "capability",
    "name",
    "intents",
    "field",
    "text",
    "alternative",
    "drafted_by",
    "proposal",
    "editorial",
    "despite",
    "approved_by",
    "approved_at",
    "approvals",
    "evidence",
)
# What spreadsheets take for the beginning of a formula, behind space and apostrophes too; and
# the characters that end a cell in some of them, so that the next one would begin with it.
_ACTIVE = re.compile(r"['\s\u200b\ufeff]*[=+\-@＝＋－＠]|'*[\t\r\n]")


def csv_rows(entries: Iterable[CatalogEntry]) -> Iterator[str]:
    """Yield the head and then each row, every cell in quotation marks."""
    yield _row(COLUMNS)
    for entry in entries:
        for record in entry.capabilities:
            for name, field in record.fields():
                yield _row(_cells(entry, record, name, field))


def inert(text: str) -> str:
    """Return `text` with an apostrophe before it, if a spreadsheet could run it as a formula."""
    return f"'{text}" if _ACTIVE.match(text) else text


def original(cell: str) -> str:
    """Return the text that `inert` was given."""
    return cell[1:] if cell.startswith("'") and _ACTIVE.match(cell) else cell


def _cells(
    entry: CatalogEntry, record: Record, name: FieldName, field: RecordField
) -> Sequence[str]:
    artifact = entry.artifact
    approvals = [item.model_dump(mode="json", exclude_none=True) for item in field.approved]
    codes = dict.fromkeys(code for item in field.approved for code in item.despite)
    return (
        artifact.slug,
        artifact.name,
        artifact.type,
        artifact.license or "",
        artifact.pricing or "",
        _json(artifact.languages),
        _json(artifact.links),
        record.id,
        record.name,
        _json(record.intents),
        name,
        field.text,
        field.alternative or "",
        record.drafted_by if name == "description" else "",
        field.proposal,
        "yes" if any(item.editorial for item in field.approved) else "",
        " ".join(codes),
        " ".join(item.by for item in field.approved),
        " ".join(str(item["at"]) for item in approvals),
        _json(approvals),
        _json(_evidence(entry, field)),
    )


def _evidence(entry: CatalogEntry, field: RecordField) -> list[dict[str, object]]:
    """Return what a field cites, each document by its URI and hash."""
    cited = []
    for item in field.evidence:
        document = entry.document(item)
        data = item.model_dump(mode="json", exclude_none=True)
        cited.append({**data, "document": document.uri, "sha256": document.sha256})
    return cited


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if value else ""


def _row(cells: Iterable[str]) -> str:
    line = io.StringIO(newline="")
    csv.writer(line, quoting=csv.QUOTE_ALL).writerow([inert(cell) for cell in cells])
    return line.getvalue()
