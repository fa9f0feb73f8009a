"""Write down what a reviewer says of two capabilities."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Literal

from capdraft.comparing.entries import read_entries
from capdraft.comparing.settling import FOLDER, read_said, record_of
from capdraft.errors import NotFound, ReviewRefused, UsageProblem
from capdraft.records.alignments import Alignment, wording_hash
from capdraft.reviewing import workspace_policy
from capdraft.workspace import Workspace
from capdraft.workspace.naming import meant

_EXAMPLE = "Name two capabilities: capdraft align same paligemma/captioning blip-2/image-captions"


def say(
    workspace: Workspace,
    verdict: Literal["same", "differ"],
    paths: tuple[str, str],
    *,
    reviewer: str,
    note: str | None = None,
) -> Alignment:
    """Write down that two capabilities can do the same, or that they differ.

    Raises:
        NotFound: the catalog lacks one of them.
        UsageProblem: both are of one artifact.
        ReviewRefused: `reviewer` isn't one of theirs.
        Busy: others keep deciding.
    """
    one, two = (_judged(workspace, path, reviewer) for path in paths)
    if paths[0].partition("/")[0] == paths[1].partition("/")[0]:
        raise UsageProblem(f"{paths[0]} and {paths[1]} are of one artifact", hint=_EXAMPLE)
    with workspace.deciding():
        item = Alignment.make(
            time=datetime.now(UTC),
            reviewer=reviewer,
            verdict=verdict,
            one=paths[0],
            two=paths[1],
            one_sha256=one,
            two_sha256=two,
            note=(note or "").strip() or None,
        )
        _append(workspace, item)
    return item


def take_back(workspace: Workspace, paths: tuple[str, str], *, reviewer: str) -> Alignment:
    """Take back what `reviewer` said of two capabilities, whether the catalog has them or not.

    Raises:
        NotFound: there is nothing to take back.
        Busy: others keep deciding.
    """
    with workspace.deciding():
        words = read_said(workspace).get(frozenset(paths), {})
        if reviewer not in words:
            raise NotFound(
                f"{reviewer} said nothing of {paths[0]} and {paths[1]}",
                hint="`capdraft align list` shows what was said.",
            )
        before = words[reviewer][0]
        said = before.model_dump(exclude={"id", "schema_", "note"})
        item = Alignment.make(**(said | {"time": datetime.now(UTC), "verdict": "undo"}))
        _append(workspace, item)
    return item


def _append(workspace: Workspace, item: Alignment) -> None:
    data = item.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    line = json.dumps({"schema": item.schema_, **data}, ensure_ascii=False)
    workspace.store.append(f"{FOLDER}/{item.reviewer}.jsonl", line)


def _judged(workspace: Workspace, path: str, reviewer: str) -> str:
    """Return the hash of a capability's wording, if `reviewer` may decide on it."""
    slug, _, capability = path.partition("/")
    if not capability:
        raise NotFound(f"{path!r} names no capability", hint=_EXAMPLE)
    (entry,) = read_entries(workspace, [slug])
    found = record_of(entry, capability)
    if found is None:
        ids = [record.id for record in entry.capabilities]
        hint = meant(capability, ids) or f"It has: {', '.join(ids) or 'nothing'}"
        raise NotFound(f"the catalog has no {path}", hint=hint)
    if why := workspace_policy(workspace, slug).may_decide(reviewer):
        raise ReviewRefused(f"{slug}: {why}", hint="See [review] in capdraft.toml.")
    return wording_hash(found)
