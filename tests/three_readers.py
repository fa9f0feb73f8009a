"""Three small documents, and a model on loopback that drafts them: for tests of the Python API."""

from __future__ import annotations

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


@contextmanager
def model() -> Iterator[StubEndpoint]:
    """Serve a model that drafts the three documents."""
    with stub_endpoint(drafts) as stub:
        yield stub
