"""`http-api.md` and `openapi.json`: the addresses under /api/v1, from the OpenAPI document."""

from __future__ import annotations

from capdraft.web.api.openapi import openapi
from generating.json_shapes import Link, Node, keys_table, kind
from generating.laying_out import code, page, pretty, table

_INTRO = """\
`capdraft serve` answers programs under `/api/v1`: [how to use it](../api.md). This page lists
every address with its parameters and the keys of its answer. The same as an OpenAPI 3.1
document: [openapi.json](openapi.json)."""


def openapi_text() -> str:
    """Return the OpenAPI document as a file."""
    return pretty(openapi())


def http_api_page() -> str:
    """Return the page of addresses."""
    document = openapi()
    shapes = document["components"]["schemas"]
    kept = {name: node for name, node in shapes.items() if node.get("properties")}

    def link(name: str) -> str:
        return f"[{name}](#{name.lower()})" if name in kept else name

    addresses = [
        part
        for path, methods in document["paths"].items()
        for method, node in methods.items()
        for part in _address(method.upper(), path, node, link)
    ]
    parts = [
        text
        for name in sorted(kept)
        for text in (f"### {name}", _first(kept[name]), keys_table(kept[name], link))
    ]
    return page("HTTP API", _INTRO, *addresses, "## Shapes of answers and requests", *parts)


def _address(method: str, path: str, node: Node, link: Link) -> list[str]:
    """Return the section of one address."""
    told = [f"## {method} {path}", f"{node['summary']}. {node.get('description', '')}".strip()]
    if "requestBody" in node:
        told.append(f"Sent: {_body(node['requestBody'], link)}.")
    rows = [
        (
            code(item["name"]),
            item["in"],
            kind(item["schema"], link),
            ("Needed. " if item["required"] else "") + item["description"],
        )
        for item in node.get("parameters", ())
    ]
    told.append(table(["parameter", "in", "kind", "meaning"], rows))
    refused = ", ".join(code(status) for status in node["responses"] if status != "200")
    told.append(f"Answers {_body(node['responses']['200'], link)}, or {refused}.")
    return told


def _body(node: Node, link: Link) -> str:
    ((_, content),) = node["content"].items()
    return kind(content["schema"], link)


def _first(node: Node) -> str:
    text: str = node.get("description", "")
    return text.partition("\n\n")[0]
