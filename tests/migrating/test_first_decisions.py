"""A decision of the first form, whatever it says, is known by its id and converted."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from capdraft.migrating.decisions import convert, fits
from capdraft.migrating.overlay import Overlay
from capdraft.migrating.parts import Part
from capdraft.records import Decision
from capdraft.text import sha256
from capdraft.workspace import FileStore, Workspace

FIRST = Path(__file__).parent / "older/first"
NAME = "reviews/tide-table/decisions/ana.jsonl"
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x85\u2028\u2029"), min_size=1)


@st.composite
def said(draw: st.DrawFn) -> dict[str, Any]:
    """Return what an accepting decision of the first form says, beside its id."""
    time = draw(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)))  # noqa: DTZ001
    return {
        "time": time.replace(microsecond=0, tzinfo=UTC),
        "note": draw(WORDS),
        "despite": draw(st.lists(st.from_regex(r"\ACD\d{3}\Z"), max_size=2)),
        "editorial": draw(st.booleans()),
    }


def first_line(told: dict[str, Any], count: int) -> str:
    """Return the line that the first versions wrote of an accepted field."""
    shown = json.loads((FIRST / NAME).read_text().splitlines()[0])
    kept = ("reviewer", "proposal", "capability", "field", "text_sha256", "evidence_sha256")
    content = {**{key: shown[key] for key in kept}, **told, "verdict": "accept"}
    id_ = sha256(json.dumps([content, count], default=str, sort_keys=True))[:12]
    time = content["time"].isoformat().replace("+00:00", "Z")
    data = {"schema": shown["schema"], "id": id_, **content, "time": time}
    return json.dumps({key: value for key, value in data.items() if value not in ([], False)})


@given(st.lists(said(), min_size=1, max_size=4))
def test_it_says_the_same_under_the_id_of_its_content(decisions: list[dict[str, Any]]) -> None:
    store = Overlay(FileStore(FIRST))
    lines = [first_line(told, count) for count, told in enumerate(decisions)]
    store.put(NAME, "\n".join(lines) + "\n")
    store.put(NAME.replace("ana", "ben"), "")
    workspace = Workspace(FIRST, store)
    part = Part("decision", NAME, "\n".join(lines), workspace, workspace)
    assert fits(part)
    for line, told in zip(convert(part).splitlines(), decisions, strict=True):
        read = Decision.model_validate_json(line)
        assert {key: getattr(read, key) for key in told} == {**told, "despite": (*told["despite"],)}
