"""Why a cassette is stale: what changed of all that its requests were made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from capdraft import __version__
from capdraft.client.cassettes import Difference, Note
from capdraft.prompts import Prompt

Kind = Literal[
    "prompt", "document", "texts", "schema", "settings", "reading", "answer", "draft", "size"
]
_SHAPE = ("response_format", "tools", "tool_choice")
_MOST_LINES = 8


@dataclass(frozen=True)
class Cause:
    """One reason, in a word and in a sentence."""

    kind: Kind
    text: str


def causes(
    noted: Note, now: Note, differs: Difference, templates: Mapping[str, Prompt], root: Path
) -> list[Cause]:
    """Return what of the changes since `noted` made a request differ."""
    prompts = _prompts(noted, now, differs, templates, root)
    material = [*prompts, *_documents(noted, now), *_texts(noted, now)]
    if noted.window is not None and noted.window != now.window:
        material.append(_changed("draft.window", noted.window, now.window))
    asked, recorded = _asked_for(differs.now), _asked_for(differs.recorded)
    if differs.recorded is None or (asked and recorded and asked != recorded):
        return material or [_not_recorded(asked, differs)]
    found = [*_settings(differs), *_schema(differs)]
    if "messages" in differs.changed or not differs.changed:
        found += material or [_reading(noted)]
    return found


def _not_recorded(asked: str | None, differs: Difference) -> Cause:
    if asked == "repair":
        return Cause("answer", "its answer isn't valid any more: a repair would be asked for")
    return Cause("reading", differs.reason)


def _reading(noted: Note) -> Cause:
    if noted.by == "evaluate run --judge":
        return Cause("draft", "the draft that it judges says something else now")
    by = f" (recorded by capdraft {noted.capdraft}, now {__version__})"
    told = "documents and prompt are the same, what is asked is not"
    return Cause("reading", told + by * (noted.capdraft != __version__))


def _changed(name: str, before: Any, after: Any) -> Cause:
    told = ["not set" if value is None else str(value) for value in (before, after)]
    return Cause("settings", f"{name}: {told[0]} → {told[1]}")


def _settings(differs: Difference) -> Iterator[Cause]:
    before, after = differs.recorded or {}, differs.now or {}
    for key in differs.changed:
        if key not in ("messages", *_SHAPE):
            name = key if key == "model" else f"model.parameters.{key}"
            yield _changed(name, before.get(key), after.get(key))
    ways = [_way(body) for body in (before, after)]
    if set(differs.changed) & set(_SHAPE) and ways[0] != ways[1]:
        yield _changed("model.structured_output", *ways)


def _schema(differs: Difference) -> Iterator[Cause]:
    before, after = differs.recorded or {}, differs.now or {}
    if set(differs.changed) & set(_SHAPE) and _way(before) == _way(after):
        yield Cause("schema", "the answer schema changed")


def _way(body: Mapping[str, Any]) -> str:
    if "tools" in body:
        return "tool_call"
    return str((body.get("response_format") or {}).get("type", "none"))


def _documents(noted: Note, now: Note) -> Iterator[Cause]:
    before, after = (
        {item.uri: item.sha256 for source in note.sources for item in source.documents}
        for note in (noted, now)
    )
    for uri in dict.fromkeys([*before, *after]):
        if before.get(uri) != after.get(uri):
            what = "is new" if uri not in before else "is gone" if uri not in after else "changed"
            yield Cause("document", f"{uri} {what}")


def _texts(noted: Note, now: Note) -> Iterator[Cause]:
    before = {item.slug: item.texts for item in noted.sources if item.texts}
    for item in now.sources:
        if item.texts and item.texts != before.get(item.slug):
            yield Cause("texts", f"the sentences in {item.source}, or what they cite, changed")


def _prompts(
    noted: Note,
    now: Note,
    differs: Difference,
    templates: Mapping[str, Prompt],
    root: Path,
) -> Iterator[Cause]:
    """Yield the templates of the request that changed; others are not what made it differ."""
    if noted.prompt != now.prompt:
        yield _changed("prompts.draft", noted.prompt, now.prompt)
        return
    asked = _asked_for(differs.now)
    for name, prompt in templates.items():
        in_request = (
            name in (asked, noted.prompt) if asked in ("repair", "draft") else name == asked
        )
        if asked is not None and not in_request:
            continue
        if noted.templates.get(name) != prompt.sha256:
            yield Cause("prompt", f"prompt {name} changed{_lines(prompt, differs, root)}")


def _asked_for(body: Any) -> str | None:
    """Return the name of the answer schema, which is that of what is asked for."""
    match body:
        case {"response_format": {"json_schema": {"name": str(name)}}}:
            return name
        case {"tools": [{"function": {"name": str(name)}}, *_]}:
            return name
    return None


def _lines(prompt: Prompt, differs: Difference, root: Path) -> str:
    """Return where the new lines stand in the template."""
    added = {line[1:].strip() for line in differs.lines[2:] if line.startswith("+")} - {""}
    places = [
        number for number, line in enumerate(prompt.source.splitlines(), 1) if line.strip() in added
    ]
    inside = prompt.path.is_relative_to(root)
    path = prompt.path.relative_to(root).as_posix() if inside else f"packaged {prompt.path.name}"
    if not places:
        return f" ({path})"
    more = ", …" if len(places) > _MOST_LINES else ""
    return f" ({path}:{', '.join(map(str, places[:_MOST_LINES]))}{more})"
