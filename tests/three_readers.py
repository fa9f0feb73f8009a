"""Three small documents, and a model on loopback that reads them: for tests of the Python API."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from stub_endpoint import Answer, StubEndpoint, completion, stub_endpoint

CARDS = {
    "Ticket reader": ["Reads printed tickets of up to 40 fields.", "It needs 2 GB of memory."],
    "Receipt reader": ["Reads paper receipts with their totals."],
    "Invoice reader": ["Reads handwritten invoices in 12 languages."],
}


def _record(name: str, text: str, **more: Any) -> dict[str, Any]:
    described = {"text": text, "passages": [1]}
    nothing = {"unique": None, "vs_alternatives": None, "intents": [name.lower()]}
    return {"name": name, "description": described, **nothing, **more}


RECORDS = {
    # Its `unique` says 3 GB where the document says 2 GB.
    "Ticket reader": _record(
        "Read tickets",
        "Reads printed tickets with up to 40 fields.",
        unique={"text": "Runs in 3 GB of memory.", "passages": [2]},
    ),
    "Receipt reader": _record("Read receipts", "Reads paper receipts and their totals."),
    "Invoice reader": _record("Read invoices", "Reads handwritten invoices in 12 languages."),
}


def write_cards(folder: Path) -> None:
    """Make a workspace in `folder`, with the documents and nothing drafted."""
    (folder / "capdraft.toml").touch()
    for name, paragraphs in CARDS.items():
        text = "\n\n".join([f"---\nname: {name}\ntype: model\n---\n# {name}", *paragraphs])
        (folder / f"{name.lower().replace(' ', '-')}.md").write_text(f"{text}\n")


def drafts(body: dict[str, Any]) -> Answer:
    """Answer with the record of the document that is shown."""
    shown = body["messages"][-1]["content"]
    (name,) = [name for name, paragraphs in CARDS.items() if paragraphs[0] in shown]
    return completion({"capabilities": [RECORDS[name]]})


def judges(body: dict[str, Any]) -> Answer:
    """Answer that a sentence is contradicted where the documents don't have its number."""
    documents, *claims = body["messages"][-1]["content"].split("== claim ")
    verdicts = []
    for claim in claims:
        rests_on = [
            int(n) for n in re.findall(r"\d+", claim.split("It rests on:")[1].split("\n")[0])
        ]
        for number, text in re.findall(r"^(\d+)\. (.+)$", claim, re.MULTILINE):
            is_said = all(said in documents for said in re.findall(r"\d+ \w+", text))
            verdict = "supported" if is_said else "contradicted"
            reason = "It is said." if is_said else "The passage has another number."
            said = {"passages": rests_on, "reason": reason, "verdict": verdict}
            verdicts.append({"sentence": int(number), **said})
    return completion({"verdicts": verdicts})


def embeds(body: dict[str, Any]) -> Answer:
    """Answer with one and the same embedding for every text."""
    data = [{"index": index, "embedding": [1.0, 0.0]} for index, _ in enumerate(body["input"])]
    return Answer(json.dumps({"data": data}), headers={"Content-Type": "application/json"})


def answers(body: dict[str, Any]) -> Answer:
    """Answer as a model that embeds, judges, or drafts."""
    if "input" in body:
        return embeds(body)
    return judges(body) if "== claim " in body["messages"][-1]["content"] else drafts(body)


@contextmanager
def model() -> Iterator[StubEndpoint]:
    """Serve a model that drafts the three documents, judges what is said, and embeds it."""
    with stub_endpoint(answers) as stub:
        yield stub
