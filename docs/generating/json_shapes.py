"""The keys of a JSON Schema as tables, with the shapes that they refer to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from generating.laying_out import code, table

Node = dict[str, Any]
Link = Callable[[str], str]
"""Gives what a page has for the shape of that name: a link, or the name."""


def keys_table(schema: Node, link: Link) -> str:
    """Return the keys of an object; `link` leads to the shape of a name."""
    required = schema.get("required", ())
    rows = [
        (
            code(name),
            kind(node, link),
            _default(node, name in required),
            node.get("description", ""),
        )
        for name, node in schema.get("properties", {}).items()
    ]
    head = ["key", "kind", "default", "meaning"]
    if not any(row[-1] for row in rows):
        return table(head[:-1], (row[:-1] for row in rows))
    return table(head, rows)


def kind(node: Node, link: Link) -> str:
    """Return what a value may be, in words."""
    if "$ref" in node:
        return link(node["$ref"].rpartition("/")[2])
    if "const" in node:
        return code(str(node["const"]))
    if "enum" in node:
        return ", ".join(code(str(value)) for value in node["enum"])
    for several in ("anyOf", "oneOf", "allOf"):
        if several in node:
            kinds = [one for one in node[several] if not _spells(one, node[several])]
            return " or ".join(dict.fromkeys(kind(one, link) for one in kinds))
    if node.get("type") == "array":
        return f"list of {kind(node.get('items', {}), link)}"
    if node.get("type") == "object" and isinstance(node.get("additionalProperties"), dict):
        return f"table of {kind(node['additionalProperties'], link)}"
    return _plain(node)


def _spells(one: Node, kinds: list[Node]) -> bool:
    """Tell whether a kind only spells a number out, as pydantic lets a Decimal be said."""
    numbers = any(other.get("type") == "number" for other in kinds)
    return numbers and one.get("type") == "string" and "pattern" in one


def _plain(node: Node) -> str:
    """Return a kind without parts, with the bounds that it has."""
    name = {"null": "nothing", "boolean": "true or false", "object": "table"}
    own: str = node.get("type", "anything")
    told: str = node.get("format", own) if own == "string" else name.get(own, own)
    bounds = {"minimum": "≥ ", "exclusiveMinimum": "> ", "maximum": "≤ "}
    found = [f"{sign}{node[key]:g}" for key, sign in bounds.items() if key in node]
    return " ".join([told, ", ".join(found)]).strip()


def _default(node: Node, required: bool) -> str:
    if required:
        return "needed"
    value = node.get("default")
    if value in (None, [], {}, "") or (isinstance(value, dict) and not any(value.values())):
        return ""
    return code(str(value).lower() if isinstance(value, bool) else str(value))


def shapes(schema: Node) -> Iterator[tuple[str, Node]]:
    """Yield the objects that a schema refers to, by name."""
    for name, node in schema.get("$defs", {}).items():
        if node.get("properties"):
            yield name, node
