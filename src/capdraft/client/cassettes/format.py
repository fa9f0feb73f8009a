"""The text of a cassette: YAML that a person can read in a diff. A vcrpy serializer.

`serialize` and `deserialize` are what vcrpy calls; both speak of one cassette as a mapping. Before
the interactions there may be a note under `recorded`, which vcrpy knows nothing of.
"""

from __future__ import annotations

import json
import re
from typing import Any

import yaml

from capdraft.client.cassettes.bodies import decode_body, encode_body
from capdraft.client.cassettes.note import Note

try:
    from yaml import CSafeDumper as _BaseDumper
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML built without libyaml
    from yaml import SafeDumper as _BaseDumper  # type: ignore[assignment]
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

VERSION = 1
NOTE = "recorded"
_START = f"version: {VERSION}\n"
_ONE_LINE = 2**30
_BREAKS = re.compile("[\n\r\x85\u2028\u2029]")
# libyaml writes what lies outside the Basic Multilingual Plane, such as emoji, as escapes.
_RARE = re.compile("[\ue000-\uf8ff\U00010000-\U0010ffff]")
_STAND_INS = range(0xE000, 0xF900)


class NotACassette(ValueError):
    """What is wrong with the text of a cassette, and in which line."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.line = line


class _Misshapen(ValueError):
    """What is wrong with the part of a cassette that `path` leads to."""

    def __init__(self, reason: str, *path: str | int) -> None:
        super().__init__(reason)
        self.path = path


class _Dumper(_BaseDumper):
    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        return True


def _represent_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    # Left alone, YAML folds line breaks, and reads some of them back as others.
    style = '"' if _BREAKS.search(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)


def serialize(cassette: dict[str, Any]) -> str:
    """Return the text of `cassette`, with bodies as trees."""
    interactions = [
        {"request": _encode(item["request"]), "response": _encode(item["response"])}
        for item in cassette["interactions"]
    ]
    return _dump({"version": VERSION, "interactions": interactions})


def deserialize(text: str) -> dict[str, Any]:
    """Return the cassette in `text`, with bodies as bytes.

    Raises:
        NotACassette: it is no YAML, or not of the shape that `serialize` writes.
    """
    try:
        return {"version": VERSION, "interactions": _interactions(_load(text))}
    except _Misshapen as error:
        raise NotACassette(str(error), _line(text, error.path)) from error


def read_note(text: str) -> Note | None:
    """Return the note of the cassette in `text`, or None if it has none.

    Raises:
        NotACassette: it is no YAML, or no note.
    """
    data = _load(text)
    if not isinstance(data, dict) or NOTE not in data:
        return None
    try:
        return Note.parse(data[NOTE])
    except ValueError as error:
        raise NotACassette(str(error), _line(text, (NOTE,))) from error


def with_note(text: str, note: Note | None) -> str:
    """Return the text of a cassette with `note` in place of the one it has, all else as it is."""
    data = _load(text)
    rest = text.removeprefix(_START)
    if NOTE in data or rest == text:
        rest = _dump({"interactions": data["interactions"]})
    head = "" if note is None else _dump({NOTE: note.data()})
    return _START + head + rest


def interaction_line(text: str, number: int) -> int:
    """Return the line that the interaction with this number, from 0 on, begins in."""
    return _line(text, ("interactions", number))


def _encode(side: dict[str, Any]) -> dict[str, Any]:
    body = side["body"]["string"] if isinstance(side["body"], dict) else side["body"]
    raw = body.encode() if isinstance(body, str) else body
    status = {"status": side["status"]} if "status" in side else {}
    known = {key: side[key] for key in ("method", "uri") if key in side}
    return {**known, **status, "headers": side["headers"], "body": encode_body(raw)}


def _dump(data: dict[str, Any]) -> str:
    text = json.dumps(data, ensure_ascii=False)
    rare = sorted(set(_RARE.findall(text)))
    if not rare or len(rare) > len(_STAND_INS):
        return _dump_plain(data)
    hide = {ord(char): stand_in for char, stand_in in zip(rare, _STAND_INS, strict=False)}
    show = {stand_in: char for char, stand_in in hide.items()}
    return _dump_plain(json.loads(text.translate(hide))).translate(show)


def _dump_plain(data: dict[str, Any]) -> str:
    return str(
        yaml.dump(data, Dumper=_Dumper, allow_unicode=True, width=_ONE_LINE, sort_keys=False)
    )


def _load(text: str) -> Any:
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise NotACassette(error.problem or str(error), mark.line + 1 if mark else 1) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise NotACassette(error.reason, line) from error
    except (ValueError, RecursionError) as error:  # such as a date that does not exist
        raise NotACassette(str(error), 1) from error


def _interactions(data: Any) -> list[dict[str, Any]]:
    match data:
        case {"version": 1, "interactions": [*items]}:
            return [_interaction(item, number) for number, item in enumerate(items)]
        case {"version": version, "interactions": _} if version != VERSION:
            newer = isinstance(version, int) and version > VERSION
            told = f"version is {version!r}, not {VERSION}"
            raise _Misshapen(told + (": a newer capdraft wrote it" if newer else ""), "version")
    raise _Misshapen("a cassette has a version and a list of interactions")


def _interaction(item: Any, number: int) -> dict[str, Any]:
    here = ("interactions", number)
    match item:
        case {"request": {"method": str(method), "uri": str(uri)} as asked, "response": answered}:
            request = {"method": method, "uri": uri, **_headers_and_body(asked, *here, "request")}
            return {"request": request, "response": _response(answered, *here, "response")}
    raise _Misshapen("an interaction has a response, and a request with method and uri", *here)


def _response(side: Any, *here: str | int) -> dict[str, Any]:
    match side:
        case {"status": {"code": int(code), "message": None | str() as message}}:
            parts = _headers_and_body(side, *here)
            status = {"code": code, "message": message}
            return {"status": status, **parts, "body": {"string": parts["body"]}}
    raise _Misshapen("a response has a status with a code and a message", *here)


def _headers_and_body(side: dict[str, Any], *here: str | int) -> dict[str, Any]:
    headers = side.get("headers") or {}
    if not isinstance(headers, dict) or not all(map(_is_header, headers.items())):
        raise _Misshapen("headers are names, each with a list of strings", *here, "headers")
    try:
        return {"headers": headers, "body": decode_body(side.get("body"))}
    except (ValueError, RecursionError) as error:
        raise _Misshapen(str(error), *here, "body") from error


def _is_header(item: tuple[Any, Any]) -> bool:
    name, values = item
    return (
        isinstance(name, str)
        and isinstance(values, list)
        and all(isinstance(value, str) for value in values)
    )


def _line(text: str, path: tuple[str | int, ...]) -> int:
    """Return the line of what `path` leads to, or of the last thing on the way that is there."""
    node = yaml.compose(text, Loader=_Loader)
    for step in path:
        if isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == step), node)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
    return node.start_mark.line + 1 if node else 1
