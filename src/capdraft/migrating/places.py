"""Which file of a workspace is of which kind: by its place, else by what it says under `schema`."""

from __future__ import annotations

import importlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel

from capdraft.records.formats import Format, read_format
from capdraft.text import is_slug
from capdraft.workspace import SETTINGS_FILE

_FOLDERS = ("reviews", "signals", "catalog", "evaluation", "cassettes")


@dataclass(frozen=True)
class Kind:
    """A kind of file: its records are of `model` in `module`, in TOML, JSON or JSON Lines."""

    name: str
    module: str
    model: str
    way: Literal["toml", "json", "lines"]

    @cached_property
    def type(self) -> type[BaseModel]:
        """The class of its records."""
        found: type[BaseModel] = getattr(importlib.import_module(self.module), self.model)
        return found

    @cached_property
    def format(self) -> Format:
        """The format that this capdraft reads and writes."""
        (said,) = get_args(self.type.model_fields["schema_"].annotation)
        found = read_format(said)
        assert found is not None, said  # noqa: S101 - a constant of the class
        return found


KINDS = {
    kind.name: kind
    for kind in (
        Kind("settings", "capdraft.settings", "Settings", "toml"),
        Kind("proposal", "capdraft.records", "Proposal", "toml"),
        Kind("decision", "capdraft.records", "Decision", "lines"),
        Kind("withdrawal", "capdraft.records", "Withdrawal", "lines"),
        Kind("judgement", "capdraft.records", "ModelJudgement", "lines"),
        Kind("seed", "capdraft.records", "Outcome", "lines"),
        Kind("alignment", "capdraft.records.alignments", "Alignment", "lines"),
        Kind("signals", "capdraft.records", "Signals", "json"),
        Kind("catalog", "capdraft.records", "CatalogEntry", "json"),
        Kind("gold", "capdraft.evaluating", "Gold", "toml"),
        Kind("pairs", "capdraft.evaluating", "Pairs", "toml"),
        Kind("evaluation", "capdraft.evaluating", "Evaluation", "json"),
        Kind("rules-measured", "capdraft.evaluating", "RulesMeasured", "json"),
    )
}
"""In the order in which they are looked at: what is derived comes behind what it derives from."""
_PLACES = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (re.escape(SETTINGS_FILE), "settings"),
        (r"reviews/(?P<slug>[^/]+)/\d{4,}\.toml", "proposal"),
        (r"reviews/(?P<slug>[^/]+)/decisions/[^/]+\.jsonl", "decision"),
        (r"reviews/(?P<slug>[^/]+)/withdrawals/[^/]+\.jsonl", "withdrawal"),
        (r"reviews/(?P<slug>[^/]+)/judgements/[^/]+\.jsonl", "judgement"),
        (r"reviews/_seeds/[^/]+\.jsonl", "seed"),
        (r"reviews/_alignments/[^/]+\.jsonl", "alignment"),
        (r"signals/(?P<slug>[^/]+)\.json", "signals"),
        (r"catalog/(?P<slug>[^/]+)\.json", "catalog"),
        (r"evaluation/(.+/)?gold\.toml", "gold"),
        (r"evaluation/(.+/)?pairs\.toml", "pairs"),
        (r"cassettes/.+\.ya?ml", "cassette"),
    )
)
_RESULT = re.compile(r"evaluation/.+\.json")


def kind_at(name: str) -> str | None:
    """Return the kind of the file with that name, where its place tells."""
    for pattern, kind in _PLACES:
        found = pattern.fullmatch(name)
        if found and is_slug(found.groupdict().get("slug", "x")):
            return kind
    return None


def slug_at(name: str) -> str:
    """Return the slug of the artifact that the file with that name is about, or nothing."""
    found = (pattern.fullmatch(name) for pattern, _ in _PLACES)
    return next((match.groupdict().get("slug") or "" for match in found if match), "")


def files(root: Path) -> Iterator[tuple[str, str]]:
    """Yield the name and the kind of each file that has a format, in the order of `KINDS`."""
    found = [(name, kind) for name in _names(root) if (kind := _kind(root, name))]
    order = [*KINDS, "cassette"]
    yield from sorted(found, key=lambda item: (order.index(item[1]), item[0]))


def _names(root: Path) -> Iterator[str]:
    yield SETTINGS_FILE
    for top in _FOLDERS:
        for folder, _, names in os.walk(root / top):
            below = Path(folder).relative_to(root)
            yield from ((below / name).as_posix() for name in names)


def _kind(root: Path, name: str) -> str | None:
    return kind_at(name) or (_said_kind(root / name) if _RESULT.fullmatch(name) else None)


def _said_kind(path: Path) -> str | None:
    """Return the kind that a JSON file says it is, if it is one of a workspace's."""
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None  # it may be anybody's
    said = read_format(data.get("schema")) if isinstance(data, dict) else None
    return said.kind if said and said.kind in KINDS else None
