"""The first form of decisions: their ids and hashes were made otherwise.

An id was the hash of the content and of how many decisions there were. A text's hash left out what
a comparison compares with, an evidence's hash left out the header of a table. What was judged is
looked up in the proposal that was shown; a line whose old id or hashes don't hold is no old one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from capdraft.migrating.parts import Part, Stuck
from capdraft.records import Capability, Decision, Evidence, FieldName, Proposal
from capdraft.records.evidence import evidence_hash
from capdraft.text import normalise, sha256
from capdraft.workspace import Workspace
from capdraft.workspace.parsing import dump_said, parse_json, validated

_JUDGED = ("proposal", "capability", "field", "text_sha256", "evidence_sha256")
_SAID = ("verdict", "text", "reason", "undoes")
Line = dict[str, Any]


def fits(part: Part) -> bool:
    """Tell whether a file holds a decision of the first form."""
    count = len(_Said(part.before, part.slug).lines)
    return any(_is_first(line, count) for line in _lines(part.text))


def convert(part: Part) -> str:
    """Return the file's text with each decision under the id that its content gives.

    All of an artifact's decisions are converted, or none: its catalog entry names them by id.

    Raises:
        CapdraftError: a decision isn't what was written, or what it judged isn't there any more.
    """
    converted = _Said(part.before, part.slug).converted()
    return "".join(line + "\n" for name, _, _, line in converted if name == part.name)


def new_ids(workspace: Workspace, slug: str) -> dict[str, str]:
    """Return the new id of each decision of the first form on an artifact, by its old one.

    Raises:
        CapdraftError: a file of its decisions can't be read, or be converted.
    """
    return {old: new for _, old, new, _ in _Said(workspace, slug).converted() if old != new}


class _Said:
    """What was said of an artifact, and the proposals that it was said of."""

    def __init__(self, workspace: Workspace, slug: str) -> None:
        self._workspace, self._slug = workspace, slug
        self._texts = dict(_texts(workspace, slug))
        self.lines = [line for text in self._texts.values() for line in _lines(text)]
        self._proposals: dict[str, Proposal] = {}

    def converted(self) -> list[tuple[str, str, str, str]]:
        """Return the file, the old id, the new id and the new line of each decision.

        Raises:
            CapdraftError: one can't be read, or be converted.
        """
        ids: dict[str, str] = {}
        return [
            (name, *self._line(raw, f"{name}:{number}", ids))
            for name, text in self._texts.items()
            for number, raw in enumerate(text.split("\n"), 1)
            if raw.strip()
        ]

    def _line(self, raw: str, where: str, ids: dict[str, str]) -> tuple[str, str, str]:
        said: Any = parse_json(raw, where)
        if not _is_first(said, len(self.lines)):
            decision = validated(Decision, said, where)
            return decision.id, decision.id, raw
        decision = _decision(said, self._hashes(said), ids)
        ids[said["id"]] = decision.id
        return said["id"], decision.id, dump_said(decision)

    def _proposal(self, number: str) -> Proposal:
        if number not in self._proposals:
            self._proposals[number] = self._workspace.read_proposal(self._slug, number).proposal
        return self._proposals[number]

    def _hashes(self, said: Line) -> dict[str, str]:
        """Return the hashes of what a decision judged, as decisions carry them now.

        Raises:
            Stuck: its proposal has no such text or evidence.
        """
        proposal, name = self._proposal(said["proposal"]), said["field"]
        capability = proposal.capability(said["capability"])
        field = capability.field(name) if capability else None
        if capability is None or field is None:
            raise _gone(said, "text")
        if said["evidence_sha256"] != _old_evidence(field.evidence, proposal):
            raise _gone(said, "evidence")
        edits = [line["text"] for line in self.lines if line.get("text") and _on(line) == _on(said)]
        for text in (field.text, *edits):
            if _old_text(capability, name, text) == said["text_sha256"]:
                return {
                    "text_sha256": capability.text_hash(name, text),
                    "evidence_sha256": evidence_hash(field.evidence, proposal.uris),
                }
        raise _gone(said, "text")


def _decision(said: Line, hashes: Mapping[str, str], ids: Mapping[str, str]) -> Decision:
    content = {key: value for key, value in said.items() if key not in ("schema", "id")}
    content |= {"time": _time(said), "despite": tuple(said.get("despite", ())), **hashes}
    if "undoes" in said:
        content["undoes"] = ids.get(said["undoes"], said["undoes"])
    return Decision.make(**content)


def _time(said: Line) -> datetime:
    return datetime.fromisoformat(said["time"])


def _is_first(said: Any, count: int) -> bool:
    """Tell whether the id of a line is the one that the first form gave it."""
    with suppress(ValidationError):
        Decision.model_validate(said)
        return False
    try:
        content = {"time": str(_time(said)), "reviewer": said["reviewer"]}
        content |= {key: said[key] for key in _JUDGED}
        content |= {"note": said.get("note"), "despite": said.get("despite", [])}
        content |= {"editorial": said.get("editorial", False)}
        content |= {key: said[key] for key in _SAID if key in said}
    except (AttributeError, KeyError, TypeError, ValueError):
        return False
    # How many decisions there were isn't written down: no more than there are now.
    text = json.dumps(content, sort_keys=True)
    return any(sha256(f"[{text}, {n}]")[:12] == said.get("id") for n in range(count))


def _lines(text: str) -> Iterator[Line]:
    """Yield what a file's lines hold; what is no JSON is left out."""
    for raw in text.split("\n"):
        with suppress(ValueError):
            line = json.loads(raw)
            if isinstance(line, dict):
                yield line


def _texts(workspace: Workspace, slug: str) -> Iterator[tuple[str, str]]:
    folder = f"reviews/{slug}/decisions"
    for entry in workspace.store.list(folder):
        stored = workspace.store.read(f"{folder}/{entry}") if entry.endswith(".jsonl") else None
        if stored:
            yield f"{folder}/{entry}", stored.text


def _on(said: Line) -> tuple[Any, Any]:
    return said.get("capability"), said.get("field")


def _gone(said: Line, what: str) -> Stuck:
    path = f"{said['capability']}.{said['field']}"
    return Stuck(
        f"decision {said['id']} judged a {what} of {path} that proposal {said['proposal']} "
        f"doesn't have",
        hint="Bring the proposal back from version control.",
    )


def _old_text(capability: Capability, name: FieldName, text: str) -> str:
    judged = [text]
    if name == "description":
        judged = [capability.name, *capability.intents, text]
    return sha256("\n".join(normalise(part) for part in judged))


def _old_evidence(evidence: tuple[Evidence, ...], proposal: Proposal) -> str:
    uris = proposal.uris
    quotes = {f"{e.side}\t{uris[e.document]}\t{normalise(e.quote)}" for e in evidence}
    return sha256("\n".join(sorted(quotes)))
