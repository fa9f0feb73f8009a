"""`files.md`: every file and answer that capdraft writes, with its keys, and the JSON Schemas."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from capdraft.cli.schema import KINDS
from generating.json_shapes import Node, keys_table, shapes
from generating.laying_out import page, pretty, table

_INTRO = """\
Each file names its format under `schema`: `capdraft/KIND/NUMBER`. The number changes when older
files can't be read as they are. Unknown keys are errors. `capdraft schema KIND` prints the JSON
Schema of a format; each is also a file here."""


def schemas() -> dict[str, str]:
    """Return the JSON Schema of each kind, as a file."""
    return {kind: pretty(_schema(kind)) for kind in KINDS}


def files_page() -> str:
    """Return the page of formats."""
    found = {kind: _schema(kind) for kind in sorted(KINDS)}
    rows = [(f"[`{kind}`](#{kind})", _about(schema)) for kind, schema in found.items()]
    parts: dict[str, Node] = {}
    for schema in found.values():
        parts |= dict(shapes(schema))
    kinds = [text for kind, schema in found.items() for text in _kind(kind, schema, parts)]
    return page(
        "File formats",
        _INTRO,
        table(["kind", "what it is"], rows),
        *kinds,
        "## Parts of them",
        *[text for name in sorted(parts) for text in _part(name, parts)],
    )


def _schema(kind: str) -> Node:
    module, name = KINDS[kind]
    model: Any = getattr(importlib.import_module(module), name)
    schema: Node = model.model_json_schema(by_alias=True)
    return schema


def _about(schema: Node) -> str:
    """Return the first paragraph of what a model says of itself."""
    text: str = schema.get("description", "")
    return text.partition("\n\n")[0]


def _kind(kind: str, schema: Node, parts: dict[str, Node]) -> list[str]:
    where = f"[JSON Schema](schemas/{kind}.json)"
    return [f"## {kind}", f"{_about(schema)} {where}".strip(), keys_table(schema, _link(parts))]


def _part(name: str, parts: dict[str, Node]) -> list[str]:
    return [f"### {name}", _about(parts[name]), keys_table(parts[name], _link(parts))]


def _link(parts: dict[str, Node]) -> Callable[[str], str]:
    """Return what leads to a part of this page; a name that has no keys is told as it is."""
    return lambda name: f"[{name}](#{name.lower()})" if name in parts else name
