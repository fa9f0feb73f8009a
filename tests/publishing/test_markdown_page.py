"""The Markdown page: what comes from documents is shown letter by letter, never as markup."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from made_up import entry, field, gravel, passage, record
from markdown_it import MarkdownIt

from capdraft.comparing import compare
from capdraft.publishing import render
from capdraft.publishing.as_markdown import escape
from capdraft.publishing.phrases import plain
from mills import TASKS, mill

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
HOSTILE = [
    "a | b \\| c \\",
    "`code` ``` ~~~",
    "<script>alert(1)</script> <b> <!-- -->",
    "[x](javascript:alert(1)) ![i](http://e.example/p.png) [^1] [^1]: no",
    "**b** __b__ ~~s~~ $m$ &copy; {{ x }}",
    "# h\n\n- item\n\n> quote",
    "| a |\n|---|\n| b |",
    "1. one",
    "+ plus",
    "==",
    "<https://e.example>",
]


def shown(markdown: str) -> tuple[str, set[str]]:
    """Return the text that `markdown` shows, and the types of its inline tokens."""
    children = [child for token in MARKDOWN.parse(markdown) for child in token.children or ()]
    text = "".join(child.content for child in children if child.type != "html_inline")
    return text, {child.type for child in children}


def test_the_page_of_a_small_example() -> None:
    page = render(compare([gravel(), entry("tape", type_="tool")], limit=1), "md")
    _, _, after_table = page.partition("| Last approved | 2026-03-01 | unknown |\n\n")
    assert after_table.startswith("""\
## Verdict

- Not rivals: Gravel 2 (model) and tape (tool) differ in type.
- tape has no approved capability: there is nothing to compare with.

## Conflicts between the docs

None was found in what the records cite.

## In common

Nothing was found by the rule that this page goes by.

## The rest of Gravel 2

Nothing alike was found for these.

### Counts pebbles

Counts every pebble of a river bed.[^1]

**Unique:** Rings each pebble. *(editorial statement, no evidence)*

**vs alternatives:** Needs nobody to count, where the ledger took two people.[^1][^2] \
*(compared with Ledger Set; accepted despite CD301)*

*(drafted by draft-model-1; description approved by ada on 2026-03-01; \
unique approved by bo on 2026-03-01; comparison rewritten and approved by bo on 2026-03-01)*

\\+2 more capabilities

## The rest of tape

None approved yet.

## Sources

- Gravel 2: docs/readme\\.md, read 2026-03-01
- tape: docs/readme\\.md, read 2026-03-01

## Evidence

[^1]: "Counts the pebbles in a photo." (docs/readme\\.md, Use, characters 10–40)
[^2]: "Two people counted each photo." (docs/readme\\.md, characters 90–120, \
on the alternative's side)

## By which rules
""")


def test_what_both_can_has_the_passages_of_each_as_quotes() -> None:
    east, west = mill("east", "East", TASKS[0]), mill("west", "West", TASKS[0])
    page = render(compare([east, west]), "md")
    assert "### In both\n\n#### East: Grinds dry wheat\n\n" in page
    assert page.count('> "The mill: Grinds dry wheat into fine white flour') == 2
    assert "- 100 % alike, 24 points of 24 and 24: grinds, dry, wheat" in page


@given(st.text(alphabet="ab1 .:/@|\\`*_[]()<>!#-+=~&;$^\n\t{}\"'%wé", max_size=40) | st.text())
@example("a\\|b")
@example("&#60;b&#62;")
@example("12. twelve")
@example("://")
@example("http\\://a.b")
def test_escaped_text_is_shown_as_it_is(text: str) -> None:
    assert shown(f"### {escape(text)}")[0] == plain(text)
    page_text, types = shown(escape(text))
    assert page_text == plain(text)
    assert types <= {"text", "text_special", "html_inline"}


@pytest.mark.parametrize(
    "text", ["www.e.example", "http://e.example", "mailto:a@e.example", "me@e.example", "@someone"]
)
def test_no_address_is_left_whole_for_github_to_link(text: str) -> None:
    assert not re.search(r"\w\.\w|(?<!\\)://|@\w", escape(text))


@pytest.mark.parametrize("evil", HOSTILE)
def test_hostile_strings_leave_the_page_as_it_was(evil: str) -> None:
    """The page has the same structure as one whose strings are a plain word."""

    def structure(word: str) -> list[str]:
        versus = field(word, passage(word), alternative=word)
        hostile = record(word, field(word, passage(word)), versus=versus, drafted_by=word)
        left = entry("left", hostile, name=word, pricing=word, uri=word)
        page = render(compare([left, entry("right")]), "md")
        tokens = MARKDOWN.parse(page.replace("[^1]", "(1)"))
        inline = (child.type for token in tokens for child in token.children or ())
        return [token.type for token in tokens] + [kind for kind in inline if "_open" in kind]

    assert structure(evil) == structure("word")


def test_every_footnote_is_cited_and_every_mark_has_its_footnote() -> None:
    exclaims = record("R", field("Great!", passage("Great [^9] indeed.")))
    page = render(compare([gravel(), entry("b", exclaims, uri="docs/b.md")]), "md")
    defined = re.findall(r"^\[\^(\d+)\]: ", page, re.MULTILINE)
    cited = re.findall(r"(?<!\\)\[\^(\d+)\](?!: )", page)
    assert set(defined) == set(cited) == {"1", "2", "3", "4"}
    assert set(Counter(defined).values()) == {1}
    assert "Great\\![^4]" in page


@pytest.mark.parametrize(
    ("uri", "place"),
    [
        ("https://e.example/a?b=1&c=2", "(<https://e.example/a?b=1&amp;c=2>, "),
        ("javascript:alert(1)", "(javascript:alert(1), "),
        ("https://e.example/> <b>", "(https\\://e\\.example/\\> \\<b\\>, "),
    ],
)
def test_only_a_plain_web_address_is_a_link(uri: str, place: str) -> None:
    left = entry("left", record("R", field("One.", passage("Quote."))), uri=uri)
    assert place in render(compare([left, entry("right")]), "md")
