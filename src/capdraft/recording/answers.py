"""What the answers in a cassette say, and what a new recording says differently."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from capdraft.client.cassettes.file import read_text
from capdraft.client.cassettes.format import NotACassette, deserialize
from capdraft.client.completions import read_completion
from capdraft.drafting.answers import read_object
from capdraft.errors import CapdraftError, CassetteInvalid
from capdraft.text import name_key, one_line

ALIKE = 70
"""Likeness in per cent from which on two records of other names count as the same, reworded."""


@dataclass(frozen=True)
class Said:
    """A record of an answer: its name, and its texts by field. Verdicts of a judge are records."""

    name: str
    texts: Mapping[str, str]


@dataclass(frozen=True)
class Reworded:
    """A text that a new recording has differently; empty where one side has none."""

    record: str
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class AnswerChanges:
    """What a new recording says differently from the one before."""

    gained: tuple[Said, ...] = ()
    lost: tuple[Said, ...] = ()
    reworded: tuple[Reworded, ...] = ()
    same: int = 0
    """Records that read as they did."""


def read_answers(path: Path) -> list[Said]:
    """Return the records that a cassette's answers hold; one that was sent back, as it came last.

    What isn't an answer, or can't be read, says nothing.

    Raises:
        CassetteInvalid: it can't be read at all.
    """
    try:
        interactions = deserialize(read_text(path))["interactions"]
    except NotACassette as error:
        raise CassetteInvalid(str(error), where=f"{path}:{error.line}") from error
    said: dict[str, Said] = {}
    for number, item in enumerate(interactions, 1):
        for record in _records(item["response"]["body"]["string"], number):
            said[name_key(record.name)] = record
    return list(said.values())


def _records(raw: bytes, number: int) -> Iterator[Said]:
    for key in ("capabilities", "verdicts"):
        try:
            text = read_completion(raw.decode("utf-8", "replace"), "").text
            items = read_object(text, key)[key]
        except CapdraftError:
            continue
        records = (item for item in items if isinstance(item, dict))
        yield from (
            _capability(item) if key == "capabilities" else _verdict(item, number)
            for item in records
        )


def _capability(item: dict[str, Any]) -> Said:
    texts = {}
    for field in ("description", "unique", "vs_alternatives"):
        value = item.get(field)
        if isinstance(value, dict) and isinstance(value.get("text"), str):
            texts[field] = one_line(value["text"])
    intents = item.get("intents")
    if isinstance(intents, list):
        texts["intents"] = "; ".join(str(intent) for intent in intents)
    return Said(one_line(str(item.get("name") or json.dumps(item, ensure_ascii=False))), texts)


def _verdict(item: dict[str, Any], number: int) -> Said:
    texts = {key: one_line(str(item.get(key))) for key in ("verdict", "reason")}
    return Said(f"answer {number}, sentence {item.get('sentence')}", texts)


def compare_answers(before: Sequence[Said], after: Sequence[Said]) -> AnswerChanges:
    """Return what `after` says differently: records are the same by name, else by likeness."""
    pairs = _pairs(before, after)
    reworded = [change for one, two in pairs for change in _reworded(one, two)]
    matched = {id(item) for pair in pairs for item in pair}
    changed = {item.record for item in reworded}
    return AnswerChanges(
        gained=tuple(item for item in after if id(item) not in matched),
        lost=tuple(item for item in before if id(item) not in matched),
        reworded=tuple(reworded),
        same=sum(two.name not in changed for _, two in pairs),
    )


def _pairs(before: Sequence[Said], after: Sequence[Said]) -> list[tuple[Said, Said]]:
    named = {name_key(item.name): item for item in before}
    pairs = [(named.pop(key), item) for item in after if (key := name_key(item.name)) in named]
    taken = {id(two) for _, two in pairs}
    left = [item for item in after if id(item) not in taken]
    ranked = sorted(
        ((_likeness(one, two), one, two) for one in named.values() for two in left),
        key=lambda ranking: -ranking[0],
    )
    used: set[int] = set()
    for likeness, one, two in ranked:
        if likeness >= ALIKE and not used & {id(one), id(two)}:
            used |= {id(one), id(two)}
            pairs.append((one, two))
    return pairs


def _likeness(one: Said, two: Said) -> float:
    texts = [f"{item.name} {item.texts.get('description', '')}" for item in (one, two)]
    return fuzz.token_set_ratio(texts[0], texts[1])


def _reworded(one: Said, two: Said) -> Iterator[Reworded]:
    if one.name != two.name:
        yield Reworded(two.name, "name", one.name, two.name)
    for field in dict.fromkeys([*one.texts, *two.texts]):
        before, after = one.texts.get(field, ""), two.texts.get(field, "")
        if before != after:
            yield Reworded(two.name, field, before, after)
