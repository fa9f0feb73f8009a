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
    Rejected,
    Run,
)
from capdraft.text import clean
from capdraft.workspace import FieldLines, dump_proposal
from capdraft.workspace.proposal_file import LONGEST, WIDTH

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


WORDS = st.sampled_from(["word", "in-two", "x" * 40, "y" * 97, "w" * 130, " ", "  ", " " * 99])
SIGNS = st.sampled_from(['"', "\\", "\t", "\n", "\x7f", "\xa0", "é", "日本", "[[run]]", '"""'])
PROSE = st.lists(WORDS | SIGNS, min_size=1, max_size=60).map("".join)


@given(PROSE, PROSE)
def test_prose_of_any_length_survives_and_is_cut_between_words(text: str, quote: str) -> None:
    written = dump_proposal(proposal(text, quote))
    assert Proposal.model_validate(tomllib.loads(written)) == proposal(text, quote)
    for line in written.split("\n"):
        # Longer than the width is only what can't be cut, or a line that ends soon behind it.
        rest = line.removesuffix('"""').rstrip(" \\")
        assert len(rest) <= LONGEST + 20 or " " not in rest[WIDTH:]
        assert not rest.startswith(" ") or len(rest) <= LONGEST


def test_the_layout_is_pinned() -> None:
    """Proposals are committed: another layout would change every file that is written again."""
    long = "Reads up to 40 fields of a ticket, and sorts them. " * 3
    many = tuple(f"read a ticket of kind {number}" for number in range(5))
    drafted = proposal(long.strip())
    first = drafted.capabilities[0].model_copy(update={"intents": many, "unique": None})
    rejected = (Rejected(name="Sort", reason="no text", answer="1", raw="{}"),)
    written = dump_proposal(
        drafted.model_copy(update={"capabilities": (first,), "rejected": rejected})
    )
    assert written[written.index("[run.parameters]") :] == LAYOUT


LAYOUT = r"""[run.parameters]
temperature = 0.5
stop = ["a"]

[run.parameters.deep]
er = true

[[documents]]
id = "d1"
uri = "card.md"
sha256 = "0000000000000000000000000000000000000000000000000000000000000000"
retrieved = 2026-11-20T12:00:00Z
media_type = "text/markdown"
passages = 3

[[capabilities]]
id = "read"
name = "Read"
intents = [
    "read a ticket of kind 0",
    "read a ticket of kind 1",
    "read a ticket of kind 2",
    "read a ticket of kind 3",
    "read a ticket of kind 4",
]

[capabilities.description]
text = '''
Reads up to 40 fields of a ticket, and sorts them. Reads up to 40 fields of a ticket, and sorts \
them. Reads up to 40 fields of a ticket, and sorts them.'''
passages = [3]

[[capabilities.description.evidence]]
document = "d1"
passage = 3
side = "artifact"
kind = "paragraph"
start = 5
end = 22
quote = "Tickets are read."
suffix = "Reads up to 40 fields of a ticke"

[[rejected]]
name = "Sort"
reason = "no text"
answer = "1"
raw = "{}"

[[findings]]
code = "CD103"
severity = "error"
message = '''
Reads up to 40 fields of a ticket, and sorts them. Reads up to 40 fields of a ticket, and sorts \
them. Reads up to 40 fields of a ticket, and sorts them.'''
capability = "read"
field = "unique"
""".replace("'''", '"' * 3)


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
