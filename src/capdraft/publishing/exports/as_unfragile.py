"""An artifact as `unfragile.yml` 1.0, the manifest of the Unfragile Capability Protocol.

The format has no place for evidence and approvals: they stand beside the claims as comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from capdraft.publishing.exports.links import code_page, own_page
from capdraft.records import CatalogEntry, FieldName, Record, RecordField, credit_of
from capdraft.text import one_line, printable

# The protocol names 19 types; a repository is a `repo` there.
_TYPES = (
    "agent api app benchmark cli dataset extension finetune framework mcp model platform product "
    "prompt repo skill template webapp workflow"
)
_SHORTEST = 100
_LINE_ENDS = re.compile("[\x85\u2028\u2029]")
_PLACES: dict[FieldName, str] = {"description": "description", "unique": "unique_aspect"}


def unfragile(entry: CatalogEntry) -> str:
    """Return the manifest of an artifact. A comparison has no place in it and is left out."""
    text = _yaml({"unfragile_version": "1.0", "artifact": _artifact(entry)})
    ids = _ids(entry)
    text += "capabilities:\n" if entry.capabilities else "capabilities: []\n"
    for record in entry.capabilities:
        text += "".join(f"# {line}\n" for line in _comments(entry, record))
        text += _yaml([_capability(record, ids[record.id])])
    return text


def unfragile_lacks(entry: CatalogEntry) -> tuple[str, ...]:
    """Return what the protocol asks for and the catalog doesn't know, or says too shortly."""
    known = _artifact(entry)
    lacks = [key for key in ("type", "maintainer", "repository", "license") if key not in known]
    lacks += [] if entry.capabilities else ["capabilities"]
    lacks += [
        f"{record.id}: a description of {_SHORTEST} characters"
        for record in entry.capabilities
        if len(record.description.text) < _SHORTEST
    ]
    return tuple(lacks)


def _artifact(entry: CatalogEntry) -> dict[str, str]:
    artifact = entry.artifact
    kind = "repo" if artifact.type == "repository" else artifact.type
    page, code = own_page(entry), code_page(entry)
    found = {
        "name": artifact.name,
        "slug": artifact.slug,
        "type": kind if kind in _TYPES.split() else None,
        "repository": code or page,
        "homepage": page,
        "license": artifact.license,
    }
    return {key: value for key, value in found.items() if value}


def _ids(entry: CatalogEntry) -> dict[str, str]:
    """Return the id of each capability as the protocol writes them: `my_tool.primary`."""
    plain = {record.id: record.id.replace("-", "_") for record in entry.capabilities}
    if len(set(plain.values())) < len(plain):
        plain = {record.id: record.id for record in entry.capabilities}
    slug = entry.artifact.slug.replace("-", "_")
    return {id_: f"{slug}.{name}" for id_, name in plain.items()}


def _capability(record: Record, id_: str) -> dict[str, Any]:
    found: dict[str, Any] = {"id": id_, "name": record.name}
    found["description"] = record.description.text
    if record.intents:
        found["intents_served"] = list(record.intents)
    if record.unique:
        found["unique_aspect"] = record.unique.text
    return found


def _comments(entry: CatalogEntry, record: Record) -> Iterator[str]:
    """Yield what carries the texts of a capability, each on one line."""
    yield credit_of(_line(record.drafted_by))
    for name, field in record.fields():
        if name in _PLACES:
            yield from (f"{_PLACES[name]}: {line}" for line in _carried(entry, field))


def _carried(entry: CatalogEntry, field: RecordField) -> Iterator[str]:
    for item in field.evidence:
        uri = _line(entry.document(item).uri)
        yield f'{uri} {item.start}-{item.end} "{_line(item.quote)}"'
    for approval in field.approved:
        note = ", without evidence (editorial)" if approval.editorial else ""
        note += f", despite {' '.join(approval.despite)}" if approval.despite else ""
        note += f": {_line(approval.note)}" if approval.note else ""
        yield _line(f"approved by {approval.by} on {approval.at.date()}{note}")


def _line(text: str) -> str:
    return one_line(printable(text))


class _Dumper(yaml.SafeDumper):
    """Writes a text with an uncommon line end in double quotes, where it is escaped."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = '"' if _LINE_ENDS.search(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style)


_Dumper.add_representer(str, _text)


def _yaml(data: object) -> str:
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
