"""The body of a pull request: never longer than GitHub takes, never broken, nothing active."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from made_up import DAY, passage
from markdown_it import MarkdownIt
from test_markdown_page import HOSTILE

from capdraft.publishing.github_text import inert, size
from capdraft.publishing.phrases import plain
from capdraft.publishing.pull_request import LIMIT, commit_message, pull_request_body, title
from capdraft.publishing.review_changes import COUNTED, ArtifactChange, Judged, changed_artifacts
from capdraft.records import Decision, Finding
from capdraft.reviewing import Explanation

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
REFERENCES = re.compile(
    r"@\w|#\d|\bgh-\d|(?<!\w)[0-9a-f]{7,40}(?!\w)|://|www\.|:[\w+-]+:", re.IGNORECASE
)
TEXTS = st.text(alphabet="ab1f# @:/.-+_~*|<>`[]()!\\&$\n'\"GHwé", max_size=40) | st.text(
    max_size=30
)


def decision(verdict: str = "accept", **said: Any) -> Decision:
    given: dict[str, Any] = {
        "reviewer": "ada",
        "proposal": "0001",
        "capability": "count",
        "field": "description",
    }
    given |= {"text_sha256": "0" * 64, "evidence_sha256": "0" * 64, "time": DAY}
    return Decision.make(**given | {"verdict": verdict} | said)


def change(slug: str = "gravel", *decided: Judged, **other: Any) -> ArtifactChange:
    counts = dict.fromkeys(COUNTED, 0) | {"approved": 1, "waiting": 2}
    return ArtifactChange(
        **{"slug": slug, "name": slug, "counts": counts, "decided": decided} | other
    )


def edited(old: str, new: str) -> str:
    """Return the line that shows an edit."""
    body = pull_request_body([change("a", Judged(decision("edit", text=new), old))])
    return next(line for line in body.splitlines() if line.startswith("> ")).removeprefix("> ")


def children(markdown: str) -> list[Any]:
    return [child for token in MARKDOWN.parse(markdown) for child in token.children or ()]


def shown(markdown: str) -> list[str]:
    """Return the pieces of text that `markdown` shows, parted where a comment parts them."""
    pieces = [""]
    for child in children(markdown):
        if child.type == "html_inline":
            assert child.content == "<!-- -->"
            pieces.append("")
        pieces[-1] += child.content if child.type != "html_inline" else ""
    return pieces


@given(TEXTS)
@example("Fixes #12, GH-3 and o/r#4; see o/r@deadbeef and 1234567890abcdef1234567890abcdef12345678")
@example("https://e.example/o/r/issues/1 www.e.example me@e.example @o/team :tada: :+1:")
@example("/close")
def test_a_text_is_shown_letter_by_letter_and_links_nothing(text: str) -> None:
    markdown = f"- {inert(text)}"
    pieces = shown(markdown)
    assert "".join(pieces) == plain(text)
    assert {child.type for child in children(markdown)} <= {"text", "text_special", "html_inline"}
    assert not [piece for piece in pieces if REFERENCES.search(piece.replace("www.", ""))]
    assert not re.search(r"@\w|www\.\w", markdown)


@given(st.lists(TEXTS, min_size=1, max_size=5), TEXTS, st.lists(TEXTS, min_size=1, max_size=5))
@example(["a"], "same words here", ["**b**"])
def test_an_edit_shows_what_was_removed_and_what_was_added(
    before: list[str], same: str, after: list[str]
) -> None:
    old, new = (plain(" ".join([*part, same])) for part in (before, after))
    if not old or not new:
        return
    marks = {"s_open": "removed", "s_close": "", "strong_open": "added", "strong_close": ""}
    texts, kind = {"removed": "", "added": "", "": ""}, ""
    both = {"old": "", "new": ""}
    for child in children(edited(old, new)):
        if child.type in marks:
            kind = marks[child.type]
            continue
        assert child.type in ("text", "text_special", "html_inline")
        content = child.content if child.type != "html_inline" else ""
        texts[kind] += content
        both["old"] += content if kind != "added" else ""
        both["new"] += content if kind != "removed" else ""
    assert both["old"].split() == old.split()
    assert both["new"].split() == new.split()


@pytest.mark.parametrize("evil", HOSTILE)
def test_hostile_strings_leave_the_body_as_it_was(evil: str) -> None:
    def structure(word: str) -> list[str]:
        finding = Finding(
            code="CD103", severity="error", message=word, capability="count", field="unique"
        )
        hostile = change(
            "gravel",
            Judged(decision("reject", reason="style", note=word), word, passage(word), word),
            Judged(decision("edit", field="unique", text=f"{word} new", note=word), f"{word} old"),
            name=word,
            stays_out=(Explanation("count.unique", False, "is pending", (word,)),),
            errors=((finding, f"reviews/{word}:1"),),
        )
        body = pull_request_body([hostile], unreadable=[(word, word)])
        tokens = MARKDOWN.parse(body)
        inline = (child.type for token in tokens for child in token.children or ())
        return [token.type for token in tokens] + [kind for kind in inline if "_open" in kind]

    assert structure(evil) == structure("word")


def test_an_edit_shows_the_words_around_a_change_and_no_more() -> None:
    filler = " ".join(f"word{number}" for number in range(200))
    assert edited("Reads 3 GB.", "Reads 2 GB.") == "Reads ~~3~~ **2** GB."
    line = edited(f"{filler} old {filler}", f"{filler} new {filler}")
    assert line.startswith("… ")
    assert line.endswith(" …")
    assert "word199 ~~old~~ **new** word0" in line
    assert len(line) < 300
    assert edited("All of it was written anew.", "Nothing stays here!").startswith("~~All of")


def many(artifacts: int, fields: int, text: str) -> list[ArtifactChange]:
    judged = [
        Judged(decision(capability=f"c{number}", note=text), text) for number in range(fields)
    ]
    out = [Explanation(f"c{number}.unique", False, text, (text,)) for number in range(fields)]
    return [change(f"a{n}", *judged, name=text, stays_out=tuple(out)) for n in range(artifacts)]


@pytest.mark.parametrize("text", ["word " * 200, "@" * 1000, "😀" * 1000, "| #1 " * 200])
@pytest.mark.parametrize(("artifacts", "fields"), [(1, 400), (400, 1), (60, 60)])
def test_a_body_is_cut_between_artifacts_and_fields(artifacts: int, fields: int, text: str) -> None:
    body = pull_request_body(many(artifacts, fields, text))
    assert size(body) <= LIMIT
    assert body.count("<details>") == body.count("</details>")
    assert re.search(r"^(\| |- )?and \d+ more( \||)( artifacts?| fields?)?$", body, re.MULTILINE)
    inline = {child.type for child in children(body)}
    assert inline <= {
        "text",
        "text_special",
        "html_inline",
        "softbreak",
        "strong_open",
        "strong_close",
        "code_inline",
    }
    headings = body.count("\n### ")
    left = re.search(r"^and (\d+) more artifacts?$", body, re.MULTILINE)
    assert headings + (int(left[1]) if left else 0) == artifacts
    assert headings


def test_what_is_said_of_a_decision() -> None:
    first = decision("reject", reason="unsupported", note="No.")
    judged = (
        Judged(decision(despite=("CD103",), note="Seen in the paper."), "One."),
        Judged(decision(reviewer="bo", editorial=True, note="Ours."), "One."),
        Judged(decision("undo", undoes=first.id), took_back=first),
    )
    body = pull_request_body([change("gravel", *judged, gone=2)], since="0123456789abcdef")
    assert "Decided since `0123456789`: 2 approved, 1 taken back, by ada, bo." in body
    assert body.count("> One.") == 1
    assert "- approved by ada on 2026-03-01, despite CD103: “Seen in the paper.”" in body
    assert "- approved by bo on 2026-03-01, as an editorial statement: “Ours.”" in body
    assert "- taken back by ada on 2026-03-01, a rejection" in body
    assert "**2 decisions of before no longer there.**" in body


def test_titles_and_messages_are_plain() -> None:
    one, other = change("gravel", Judged(decision())), change("tape")
    assert title([one]) == "Review gravel: 1 approved"
    assert title([one, other]) == "Review 2 artifacts: 1 approved"
    assert commit_message([one, other]) == (
        "Review 2 artifacts: 1 decision\n\n"
        "gravel: 1 approved, 2 waiting\ntape: 1 approved, 2 waiting\n"
    )


def test_files_belong_to_artifacts() -> None:
    names = ("reviews/b/0001.toml", "reviews/b/decisions/ada.jsonl", "catalog/a.json")
    assert changed_artifacts((*names, "reviews/_seeds/ada.jsonl", "reviews/README.md")) == [
        "a",
        "b",
    ]
