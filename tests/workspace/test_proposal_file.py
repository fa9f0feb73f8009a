"""A proposal survives its file, reads well there, and its findings find their line."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from capdraft.records import (
    Artifact,
    Capability,
    DocumentRef,
    Evidence,
    Field,
    Finding,
    Proposal,
    Run,
)
from capdraft.text import clean
from capdraft.workspace import FieldLines, dump_proposal

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def proposal(text: str = "Reads tickets.", quote: str = "Tickets are read.") -> Proposal:
    evidence = Evidence(
        document="d1", passage=3, start=5, end=5 + len(quote), quote=quote, suffix=text[:32]
    )
    field = Field(text=text, passages=(3,), evidence=(evidence,))
    capabilities = tuple(
        Capability(id=name, name=name.title(), intents=("read",), description=field, unique=field)
        for name in ("read", "sort")
    )
    return Proposal(
        artifact=Artifact(slug="reader", name="Reader"),
        run=Run(
            started=NOW,
            tool="capdraft",
            state="drafted",
            model="m",
            endpoint="http://127.0.0.1/v1",
            prompt="draft",
            prompt_sha256="0" * 64,
            parameters={"temperature": 0.5, "stop": ["a"], "deep": {"er": True}},
            calls=1,
            attempts=1,
            seconds=1.5,
        ),
        documents=(
            DocumentRef(
                id="d1",
                uri="card.md",
                sha256="0" * 64,
                retrieved=NOW,
                media_type="text/markdown",
                passages=3,
            ),
        ),
        capabilities=capabilities,
        findings=(
            Finding(
                code="CD103", severity="error", message=text, capability="read", field="unique"
            ),
        ),
    )


TEXTS = st.text(st.characters(codec="utf-8") | st.sampled_from(' \\"\n\t=[]#')).map(clean)


@given(TEXTS.filter(bool), TEXTS.filter(bool))
def test_any_text_survives(text: str, quote: str) -> None:
    given_proposal = proposal(text, quote)
    written = dump_proposal(given_proposal)
    assert Proposal.model_validate(tomllib.loads(written)) == given_proposal


def test_long_prose_is_wrapped_and_a_quote_keeps_its_lines() -> None:
    written = dump_proposal(
        proposal(
            "Reads tickets of any kind. " * 12 + "End.",
            "one\n  two\nthree and four and five and six",
        )
    )
    assert max(map(len, written.split("\n"))) <= 100
    assert 'quote = """\none\n  two\nthree and four and five and six"""' in written


def test_a_finding_is_placed_on_the_line_of_its_words() -> None:
    text = "Reads tickets of any kind. " * 8 + "It was seen on 896 of them."
    written = dump_proposal(proposal(text, "[[capabilities]]\n[capabilities.unique]"))
    lines = written.split("\n")
    found = FieldLines(written)
    for place in (0, 1):
        line = found.line_of(place, "unique", "896")
        assert "896" in lines[line - 1]
        assert found.line_of(place, "unique") < line < found.line_of(place, "unique") + 8
    assert found.line_of(0, "unique") < found.line_of(1, "") < found.line_of(1, "unique")
    assert found.line_of(1, "vs_alternatives") == found.line_of(1, "")
