"""The examples on docs/rules.md are held against the rules that they are examples of."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from capdraft.checking import RULES, check_capabilities
from capdraft.records import Artifact, Capability, Evidence, Field

PAGE = (Path(__file__).parents[2] / "docs/rules.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (CD\d+) .+\n((?:(?!## ).*\n)*)", PAGE, re.MULTILINE))
PASSAGES = dict(re.findall(r"^ {4}\[(\d)\] (.+)$", PAGE, re.MULTILINE))
ALONE = ("CD101", "CD103", "CD105", "CD106", "CD112", "CD113", "CD203")
"""Rules that look at one text and its passages: their examples can be taken from the page."""
QUOTED = re.compile(
    r'(?:"([^"]+)"|`([^`]+)`) citing (nothing|the same|\[\d\](?: and \[\d\])*|"[^"]+")'
)
TICKETS = Artifact(slug="ticket-reader", name="Ticket reader")


def examples(code: str) -> list[tuple[bool, str, str]]:
    """Return the quoted examples of a rule: whether it is right, the text, what it cites."""
    text = " ".join(SECTIONS[code].replace("the same text citing", '"Reads." citing').split())
    found: list[tuple[bool, str, str]] = []
    for kind, told in re.findall(r"(Right|Wrong): (.+?)(?=Right:|Wrong:|$)", text):
        for quoted, code_block, cites in QUOTED.findall(told):
            cited = found[-1][2] if cites == "the same" else cites
            found.append((kind == "Right", quoted or code_block, cited))
    return found


def codes(text: str, cited: str) -> set[str]:
    """Return what the rules find in a text with these passages."""
    quotes = {"9": cited.strip('"')} if cited.startswith('"') else PASSAGES
    numbers = quotes if quotes is not PASSAGES else re.findall(r"\d", cited)
    evidence = tuple(
        Evidence(
            document="d1",
            passage=int(number),
            side="artifact",
            start=0,
            end=len(quotes[number]),
            quote=quotes[number],
        )
        for number in numbers
    )
    field = Field(text=text, evidence=evidence)
    capability = Capability(id="read", name="Read tickets", description=field)
    return {item.code for item in check_capabilities(TICKETS, [capability])}


@pytest.mark.parametrize(
    ("code", "right", "text", "cited"),
    [(code, *example) for code in ALONE for example in examples(code)],
)
def test_an_example_is_right_or_wrong_as_the_page_says(
    code: str, right: bool, text: str, cited: str
) -> None:
    assert (code in codes(text, cited)) is not right


def test_every_rule_of_one_text_has_a_wrong_example_and_a_right_one() -> None:
    for code in ALONE:
        kinds = {right for right, _, _ in examples(code)}
        assert kinds == {True, False}, code


def test_every_rule_says_what_is_right_and_what_is_wrong() -> None:
    assert set(RULES) <= SECTIONS.keys()
    for code in RULES:
        text = " ".join(SECTIONS[code].split())
        assert {"Right: ", "Wrong: "} <= set(re.findall(r"Right: |Wrong: ", text)), code
