"""What was written stays readable: a stored file of each kind, and the schema it was written by.

A change that makes one of these tests fail needs a new number under `schema` and a step in
`capdraft.migrating`; the stored files stay as they are.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from pydantic import BaseModel

from capdraft.checking.judgements import read_judgements
from capdraft.cli.schema import KINDS
from capdraft.client.cassettes.file import note_of
from capdraft.client.cassettes.format import deserialize
from capdraft.ledger import Ledger, request_key
from capdraft.merging import merge_artifact
from capdraft.migrating import look
from capdraft.migrating.files import records
from capdraft.migrating.places import KINDS as STORED
from capdraft.migrating.places import files
from capdraft.reviewing import Target
from capdraft.reviewing.review import open_review
from capdraft.searching.matches import Matches
from capdraft.workspace import Workspace

SAMPLES = Path(__file__).parent / "samples"


def model(kind: str) -> type[BaseModel]:
    module, name = KINDS[kind]
    found: type[BaseModel] = getattr(importlib.import_module(module), name)
    return found


def plain(value: Any) -> Any:
    """Return TOML's values as JSON has them."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value


def stored() -> Iterator[tuple[str, Any, str]]:
    """Yield each stored record: its kind, what it holds, and its place."""
    root = SAMPLES / "workspace"
    for name, kind in files(root):
        if kind in STORED:
            for data, where in records(STORED[kind], name, (root / name).read_text("utf-8")):
                yield kind, plain(data), where
    for path in sorted((SAMPLES / "answers").glob("*.json")):
        yield path.stem, json.loads(path.read_text("utf-8")), path.name


RECORDS = list(stored())


def lost(before: Any, after: Any, place: str = "") -> Iterator[str]:
    """Yield the places of what was there before and is not, or is something else."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key, value in before.items():
            yield from lost(value, after.get(key), f"{place}.{key}")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (one, two) in enumerate(zip(before, after, strict=True)):
            yield from lost(one, two, f"{place}.{number}")
    elif before != after:
        yield f"{place}: {before!r} → {after!r}"


def test_each_kind_has_a_sample() -> None:
    assert {kind for kind, _, _ in RECORDS} == set(KINDS)
    assert {path.stem for path in (SAMPLES / "schemas").glob("*.json")} == set(KINDS)


@pytest.mark.parametrize(("kind", "data"), [pytest.param(k, d, id=w) for k, d, w in RECORDS])
def test_a_stored_record_is_read_whole_and_its_schema_takes_it(kind: str, data: Any) -> None:
    read = model(kind).model_validate_json(json.dumps(data))
    assert list(lost(data, read.model_dump(mode="json", by_alias=True))) == []
    Draft202012Validator(model(kind).model_json_schema(by_alias=True)).validate(data)


def narrowed(old: Any, new: Any, defs: tuple[Any, Any], place: str = "") -> Iterator[str]:
    """Yield where a schema takes less than an older one: what it may hold, needs or calls so."""
    old, new = resolved(old, defs[0]), resolved(new, defs[1])
    for key in sorted(set(new.get("required", ())) - set(old.get("required", ()))):
        yield f"{place}.{key} is needed"
    for key, value in old.get("properties", {}).items():
        if key not in new.get("properties", {}):
            yield f"{place}.{key} is gone"
        else:
            yield from narrowed(value, new["properties"][key], defs, f"{place}.{key}")
    for key in ("items", "additionalProperties"):
        if isinstance(old.get(key), dict) and isinstance(new.get(key), dict):
            yield from narrowed(old[key], new[key], defs, f"{place}[]")
    before, after = (side.get("enum") or [side.get("const")] for side in (old, new))
    if after != [None] and (gone := [value for value in before if value not in after]):
        yield f"{place} can't be {', '.join(map(str, gone))}"
    yield from _narrowed_choice(old, new, defs, place)


def _narrowed_choice(old: Any, new: Any, defs: tuple[Any, Any], place: str) -> Iterator[str]:
    before, after = (side.get("anyOf", [side]) for side in (old, new))
    if before == [old] and after == [new]:
        if old.get("type") != new.get("type") and {old.get("type"), new.get("type")} != {
            "integer",
            "number",
        }:
            yield f"{place} was {old.get('type')}, is {new.get('type')}"
        return
    for choice in before:
        if all(any(narrowed(choice, other, defs)) for other in after):
            yield f"{place} can't be {choice}"


def resolved(schema: Any, defs: Any) -> Any:
    while "$ref" in schema:
        schema = defs[schema["$ref"].rpartition("/")[2]]
    return schema


@pytest.mark.parametrize("kind", KINDS)
def test_no_schema_takes_less_than_it_did_under_the_same_number(kind: str) -> None:
    old = json.loads((SAMPLES / f"schemas/{kind}.json").read_text("utf-8"))
    new = model(kind).model_json_schema(by_alias=True)
    assert list(narrowed(old, new, (old.get("$defs", {}), new.get("$defs", {})))) == []


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ({"properties": {"a": {"enum": ["x", "y"]}}}, []),
        ({"properties": {"a": {"enum": ["x"]}, "b": {"type": "string"}}}, []),
        ({"properties": {"b": {"enum": ["x"]}}}, [".a is gone"]),
        ({"properties": {"a": {"enum": ["y"]}}}, [".a can't be x"]),
        ({"properties": {"a": {"enum": ["x"]}}, "required": ["b"]}, [".b is needed"]),
    ],
)
def test_what_takes_less_is_seen(new: Any, told: list[str]) -> None:
    assert list(narrowed({"properties": {"a": {"enum": ["x"]}}}, new, ({}, {}))) == told


def test_all_of_the_workspace_is_of_todays_formats(samples: Workspace) -> None:
    plan = look(samples)
    assert [file for file in plan.files if file.state != "current"] == []
    assert {file.kind for file in plan.files} == {*STORED, "cassette", "ledger", "matches"}


def test_stored_decisions_and_judgements_count(samples: Workspace) -> None:
    review = open_review(samples, Target.parse("quay-clock"))
    assert {state.path: state.status for state in review.states} == {
        "read-ferry-times.description": "approved",
        "read-ferry-times.unique": "approved",
        "read-ferry-times.vs_alternatives": "approved",
        "run-on-small-machines.description": "approved",
        "read-chalk.description": "rejected",
    }
    judged = read_judgements(samples, "quay-clock").of(review.stored.proposal)
    assert ("read-ferry-times", "description") in judged


def test_a_stored_catalog_is_what_the_reviews_give_and_its_seals_hold(samples: Workspace) -> None:
    for slug in samples.catalog():
        entry = samples.read_entry(slug).entry
        assert entry is not None
        assert entry.broken_seals() == []
        assert all(field.seal for record in entry.capabilities for _, field in record.fields())
        report = merge_artifact(samples, slug, look=True)
        assert (report.differences, report.added, report.taken_out) == ((), (), ())


def test_stored_answers_are_found_again_and_searches_counted(samples: Workspace) -> None:
    ledger = Ledger(samples.root)
    for entry in ledger.entries():
        key = request_key(entry.endpoint, json.loads(entry.request))
        assert ledger.find(key) == entry
    assert len(ledger.entries()) >= 3
    counts = Matches(samples.root).counts("quay-clock")
    assert (counts.shown, counts.succeeded) == (1, 1)


def test_a_stored_cassette_has_its_note_and_its_exchange(samples: Workspace) -> None:
    path = samples.root / "cassettes/quay-clock.yaml"
    note = note_of(path)
    assert note is not None
    assert [source.source for source in note.sources] == ["quay-clock.md"]
    assert len(deserialize(path.read_text("utf-8"))["interactions"]) == 1
