"""`signals/<artifact>.json`: read, written, and set by hand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from capdraft.errors import FileInvalid, NotFound, UsageProblem
from capdraft.records import SIGNAL_NAMES, Signal, SignalName, Signals
from capdraft.text import check_slug, one_line
from capdraft.workspace import Workspace
from capdraft.workspace.naming import first_of, meant
from capdraft.workspace.parsing import invalid, validation_problems
from capdraft.workspace.store import Stored

FOLDER = "signals"


@dataclass(frozen=True, slots=True)
class StoredSignals:
    """An artifact's signals and their file as it was read; both None where there is none."""

    signals: Signals | None
    stored: Stored | None


def read_signals(workspace: Workspace, slug: str) -> StoredSignals:
    """Return the signals of an artifact.

    Raises:
        FileInvalid: their file isn't what its schema says.
    """
    name = _name(slug)
    stored = workspace.store.read(name)
    if stored is None:
        return StoredSignals(None, None)
    try:
        signals = Signals.model_validate_json(stored.text)
    except ValidationError as error:
        raise invalid(error, name) from error
    if signals.artifact != slug:
        raise FileInvalid(f"is about {signals.artifact!r}, not {slug!r}", where=name)
    return StoredSignals(signals, stored)


def write_signals(workspace: Workspace, signals: Signals, before: StoredSignals) -> None:
    """Replace the signals `before`.

    Raises:
        FileChanged: someone else wrote them since they were read.
    """
    data = signals.model_dump(mode="json", by_alias=True, exclude_none=True)
    text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    if before.stored and before.stored.text == text:
        return
    seen = before.stored.sha256 if before.stored else None
    workspace.store.replace(_name(signals.artifact), text, if_sha256=seen)


def set_signals(
    workspace: Workspace,
    slug: str,
    values: Mapping[SignalName, int | None],
    *,
    source: str | None,
    who: str,
    now: datetime,
) -> Signals:
    """Set signals by hand and return all of the artifact's; None takes one set by hand away.

    Raises:
        NotFound: there is no such artifact.
        UsageProblem: a value is too large.
    """
    check_artifact(workspace, slug)
    before = read_signals(workspace, slug)
    old = before.signals or Signals(artifact=slug)
    kept = [signal for signal in old.signals if not (signal.by and signal.name in values)]
    said = one_line(source or "") or f"set by hand by {who}"
    try:
        fresh = [
            Signal(name=name, value=value, source=said, retrieved=now, by=who)
            for name, value in values.items()
            if value is not None
        ]
    except ValidationError as error:
        raise UsageProblem(validation_problems(error)) from error
    signals = Signals(artifact=slug).with_signals([*kept, *fresh])
    write_signals(workspace, signals, before)
    return signals


def parse_values(words: Iterable[str]) -> dict[SignalName, int | None]:
    """Return what `downloads=1200` or `downloads=` say; the latter is None.

    Raises:
        UsageProblem: a word is no such thing.
    """
    values: dict[SignalName, int | None] = {}
    for word in words:
        given, equals, number = word.partition("=")
        name = next((known for known in SIGNAL_NAMES if known == given), None)
        digits = number.replace("_", "").replace(",", "")
        if name is None or not equals or (digits and not (digits.isascii() and digits.isdecimal())):
            near = "" if name else meant(given, SIGNAL_NAMES)
            hint = f"Write NAME=NUMBER, such as downloads=1200; names: {', '.join(SIGNAL_NAMES)}"
            raise UsageProblem(f"{word!r} sets no signal", hint=f"{near} {hint}".strip())
        if len(digits) > 20:
            raise UsageProblem(f"{word!r} is too large a number")
        values[name] = int(digits) if digits else None
    return values


def check_artifact(workspace: Workspace, slug: str) -> None:
    """Check that the workspace has an artifact of that name.

    Raises:
        NotFound: it has neither a catalog entry nor a proposal.
    """
    if not workspace.proposals(slug) and workspace.store.read(f"catalog/{slug}.json") is None:
        known = sorted({*workspace.catalog(), *workspace.artifacts()})
        hint = meant(slug, known) or f"Artifacts: {first_of(known)}."
        raise NotFound(f"there is no artifact {slug!r}", hint=hint)


def _name(slug: str) -> str:
    return f"{FOLDER}/{check_slug(slug)}.json"
