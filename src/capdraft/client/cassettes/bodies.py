"""Bodies of recorded exchanges as trees that read well in a diff, and back to the same bytes.

body on disk                              what was sent
{json: tree, escapes: plain|ascii|html}   a JSON object or array; white space isn't kept
{text: string}, {base64: string}          anything else
inside a tree:
{$lines: [..]}                            a string of several lines
{$json: tree, $layout: spaced|indent-2|…} a string that itself holds a JSON object or array
{$escaped: string}                        a string that YAML can't hold (lone surrogates)
{$number: string}                         a number that Python would spell differently
{$pairs: [[key, value], ..]}              an object whose keys repeat, or YAML can't hold
{$literal: mapping}                       an object that looks like one of these
"""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Iterator
from typing import Any, TypeVar

from capdraft.client.cassettes.json_text import (
    COMPACT,
    ESCAPES,
    LAYOUTS,
    SURROGATE,
    Number,
    Pairs,
    escape,
    read,
    write,
)
from capdraft.text import sha256

T = TypeVar("T")

# JSON within strings within JSON, without end, must not nest a tree that YAML can't write.
_DEEPEST_EMBEDDED = 10
_SENTINELS = frozenset({"$lines", "$json", "$escaped", "$number", "$pairs", "$literal"})
_JSON_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)


def encode_body(raw: bytes | None) -> Any:
    """Return `raw` as it stands in a cassette: a tree where it is a JSON object or array."""
    if not raw:
        return None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(raw).decode("ascii")}
    found = read(text)
    if found is None:
        return {"text": _encode_text(text, _DEEPEST_EMBEDDED)}
    node, escapes = found
    body = {"json": _encode(node)}
    return body if escapes == "plain" else {**body, "escapes": escapes}


def decode_body(stored: Any) -> bytes:
    """Return the bytes that `encode_body` was given, up to the white space of JSON.

    Raises:
        ValueError: `stored` is nothing that `encode_body` returns.
    """
    match stored:
        case None:
            return b""
        case str() | {"string": str()}:  # as vcrpy's own serializer writes it
            return (stored if isinstance(stored, str) else str(stored["string"])).encode()
        case {"json": tree, **rest} if set(rest) <= {"escapes"}:
            text = write(_decode(tree), COMPACT)
            return escape(text, _named(ESCAPES, rest.get("escapes", "plain"))).encode()
        case {"text": tree, **rest} if not rest:
            return _decode_text(tree).encode()
        case {"base64": str(code), **rest} if not rest:
            return base64.b64decode(code, validate=True)
    raise ValueError("a body is a string, or a mapping with json, text or base64")


def body_key(raw: bytes | None) -> str:
    """Return a hash that two bodies share when they say the same, whatever the order of keys.

    Taken from the tree, so that a body read from a cassette has the key of the one recorded.
    """
    body = encode_body(raw)
    tree = body["json"] if body and "json" in body else body
    return sha256(json.dumps(tree, sort_keys=True))


def texts(raw: bytes | None) -> Iterator[str]:
    """Yield the text of a body, and every string inside it as it reads without escapes."""
    text = (raw or b"").decode("utf-8", "replace")
    yield text
    yield from _texts_within(text)


def _texts_within(text: str) -> Iterator[str]:
    found = read(text)
    waiting: list[Any] = [found[0]] if found else []
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            yield node
            yield from _texts_within(node)
        elif isinstance(node, dict):
            waiting.extend([*node, *node.values()])
        elif isinstance(node, list | tuple):
            waiting.extend(node)


def _encode(node: Any, level: int = 0) -> Any:
    if isinstance(node, Number):
        return {"$number": str(node)}
    if isinstance(node, str):
        return _encode_text(node, level)
    if isinstance(node, Pairs):
        pairs = [[_encode_text(key, level), _encode(value, level + 1)] for key, value in node]
        return {"$pairs": pairs}
    if isinstance(node, dict):
        tree = {key: _encode(value, level + 1) for key, value in node.items()}
        return {"$literal": tree} if _is_marked(tree) else tree
    return [_encode(item, level + 1) for item in node] if isinstance(node, list) else node


def _encode_text(text: str, level: int) -> Any:
    found = read(text) if level < _DEEPEST_EMBEDDED else None
    if found is not None and found[1] == "plain":
        tree = {"$json": _encode(found[0], level)}
        layout = next((n for n, way in LAYOUTS.items() if write(found[0], way) == text), None)
        return {**tree, "$layout": layout} if layout else tree
    if SURROGATE.search(text):
        return {"$escaped": json.dumps(text)[1:-1]}
    return {"$lines": text.split("\n")} if "\n" in text else text


def _is_marked(tree: dict[str, Any]) -> bool:
    return (len(tree) == 1 and not _SENTINELS.isdisjoint(tree)) or set(tree) == {"$json", "$layout"}


def _decode(tree: Any) -> Any:
    if isinstance(tree, dict):
        return _decode_marked(tree) if _is_marked(tree) else _decode_members(tree)
    if isinstance(tree, list):
        return [_decode(item) for item in tree]
    if isinstance(tree, float) and not math.isfinite(tree):
        raise ValueError(f"{tree} is not JSON")
    if tree is None or isinstance(tree, str | int | float):
        return tree
    raise ValueError(f"{tree} is a {type(tree).__name__}: put quotes around it")


def _decode_members(tree: Any) -> dict[str, Any]:
    if not isinstance(tree, dict) or not all(isinstance(key, str) for key in tree):
        raise ValueError("the keys of a JSON object are strings: put quotes around them")
    return {key: _decode(value) for key, value in tree.items()}


def _decode_marked(tree: dict[str, Any]) -> Any:
    match tree:
        case {"$literal": members}:
            return _decode_members(members)
        case {"$pairs": [*pairs]} if all(isinstance(p, list) and len(p) == 2 for p in pairs):
            return Pairs([(_decode_text(key), _decode(value)) for key, value in pairs])
        case {"$number": str(spelling)} if _JSON_NUMBER.fullmatch(spelling):
            return Number(spelling)
        case _:
            return _decode_text(tree)


def _decode_text(tree: Any) -> str:
    match tree:
        case str():
            return tree
        case {"$lines": [*lines]} if all(isinstance(line, str) for line in lines):
            return "\n".join(lines)
        case {"$escaped": str(escaped)}:
            return str(json.loads(f'"{escaped}"'))
        case {"$json": inner, **rest}:
            layout = _named(LAYOUTS, rest["$layout"]) if rest else COMPACT
            return write(_decode(inner), layout)
    raise ValueError(f"{', '.join(map(str, tree))} does not hold what it should")


def _named(known: dict[str, T], name: object) -> T:
    if not isinstance(name, str) or name not in known:
        raise ValueError(f"{name!r} is none of {', '.join(known)}")
    return known[name]
