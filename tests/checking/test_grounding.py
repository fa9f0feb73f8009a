"""CD104 says what stands where a quote stood, as far as that can be told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from capdraft.checking import document_of, present_passages
from capdraft.reviewing import Target, open_review
from workspaces import CARD, READ, drafted_workspace

LONG = (
    "It was trained for nine days on 64 cards of the kind that the makers had at hand, and reads "
    "the tickets of twelve railways without any change to what it was given."
)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "Reads printed tickets of up to 40 fields.",
            "Reads printed tickets of up to 60 fields.",
            "does not say 'of up to 40 fields.' any more; it says 'of up to 60 fields.' now",
        ),
        (
            "Reads printed tickets of up to 40 fields.\n\n",
            "",
            "does not say 'Reads printed tickets of up to 40 fields.' any more",
        ),
        (
            "It needs 2 GB of memory.",
            LONG,
            "does not say 'It needs 2 GB of memory.' any more",
        ),
    ],
)
def test_what_a_changed_passage_reads_now(tmp_path: Path, old: str, new: str, told: str) -> None:
    record = {**READ, "vs_alternatives": None}
    workspace = drafted_workspace(tmp_path, record)
    assert old in CARD
    (tmp_path / "ticket-reader.md").write_text(CARD.replace(old, new), encoding="utf-8")
    review = open_review(workspace, Target("ticket-reader"))
    messages = [
        finding.message
        for state in review.states
        for finding in review.findings(state, {})
        if finding.code == "CD104"
    ]
    assert messages == [f"ticket-reader.md {told}"]


def test_a_document_is_parsed_once_and_never_stale(tmp_path: Path) -> None:
    workspace = drafted_workspace(tmp_path)
    proposal = workspace.read_proposal("ticket-reader").proposal
    path = tmp_path / "ticket-reader.md"

    def said() -> object:
        return present_passages(workspace, proposal)["ticket-reader.md"]

    first = said()
    assert said() is first
    before = path.stat()
    path.write_text(CARD.replace("40 fields", "50 fields"), encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    document = document_of(said())  # type: ignore[arg-type]
    assert document is not None
    assert "50 fields" in document.text
    path.unlink()
    assert said() is None
