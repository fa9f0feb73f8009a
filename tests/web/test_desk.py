"""The desk: one claim beside its document, and what becomes of each decision on it."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capdraft.records import Decision
from capdraft.reviewing import Judgement, Target, approve, edit, open_review
from capdraft.reviewing.seeding import outcomes
from capdraft.settings import Settings
from capdraft.web.desk.marks import marked
from capdraft.workspace import Workspace
from desks import Browser, open_desk
from workspaces import READ, Scripted, draft, draft_from, drafted_workspace, make_workspace

GOOD = "/desk/ticket-reader/read-tickets/description"
WRONG = "/desk/ticket-reader/read-tickets/unique"
COMPARED = "/desk/ticket-reader/read-tickets/vs_alternatives"
UNCITED: dict[str, Any] = {
    **READ,
    "name": "Run at home",
    "description": {"text": "Runs on the machine at home.", "passages": []},
    "unique": None,
    "vs_alternatives": None,
}
CARD = """\
---
name: Ticket reader
type: model
---
# Ticket reader

- [Sizes](#sizes)
- [Use](#use)

Reads printed tickets of up to 40 fields.

## Sizes

| Size | Memory |
|---|---|
| small | 2 GB |
| large | 9 GB |

## Use

```python
print(read("ticket.png"))
```

> Version 1 read 12 fields.
"""


def said(html: str) -> str:
    """Return the words of a page."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def shown(browser: Browser, url: str) -> dict[str, str]:
    """Open the desk and return what its forms carry."""
    html = browser.get(url).text
    names = ("csrf", "text_sha256", "evidence_sha256", "shown")
    return {name: re.findall(rf'name="{name}" value="([^"]*)"', html)[-1] for name in names}


def html_of_documents(html: str) -> str:
    return html.partition('<div id="documents"')[2]


def decisions(workspace: Workspace) -> list[Decision]:
    return workspace.decisions("ticket-reader")


def boxes(html: str, *, checked: bool | None = None) -> dict[str, str]:
    """Return the values that cite passages, by the words of the box."""
    found = re.findall(r'name="cite" value="([^"]+)"( checked)?> (.*?)</label>', html, re.DOTALL)
    return {
        said(words): value for value, on, words in found if checked is None or checked == bool(on)
    }


def settle(workspace: Workspace, said: str) -> None:
    path = workspace.root / "capdraft.toml"
    path.write_text(f'schema = "capdraft/settings/1"\n{said}\n')


# The page


@given(st.text(max_size=30), st.lists(st.tuples(st.integers(-3, 35), st.integers(-3, 35))))
def test_overlapping_marks_leave_the_text_and_cover_their_spans(
    text: str, spans: list[tuple[int, int]]
) -> None:
    pieces = marked(text, [*spans, None])
    assert "".join(piece.text for piece in pieces) == text
    for number, (start, end) in enumerate(spans, 1):
        start, end = max(0, start), min(len(text), end)
        covered = "".join(piece.text for piece in pieces if number in piece.numbers)
        assert covered == text[start : max(start, end)]
        closing = [place for place, piece in enumerate(pieces) if number in piece.closes]
        assert len(closing) == (1 if covered else 0), "each number is written once"


def test_the_claim_stands_beside_what_it_cites(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, CARD)
    record = {**READ, "description": {"text": "Reads 40 fields.", "passages": [3, 5]}}
    draft(workspace, {"capabilities": [{**record, "unique": None, "vs_alternatives": None}]})
    html = open_desk(workspace).get(GOOD).text
    assert re.search(r"<h1[^>]*>Read tickets</h1>", html)
    assert "for read a train ticket" in said(html)
    assert "0 of 1 approvals" in said(html)
    cited = re.findall(r'class="passage cited" id="p(\d+)"', html)
    assert cited == ["3", "5"]
    assert '<th scope="col">Memory</th>' in html
    assert re.search(r'<tr class="passage cited" id="p5".*?<td>large</td><td>9 GB</td>', html, re.S)
    assert "<pre>print(read(&#34;ticket.png&#34;))</pre>" in html
    assert re.search(r'<blockquote class="passage" id="p7".*?Version 1 read 12 fields', html, re.S)
    assert "2 passages of contents, not drafted from" in said(html)


def test_the_words_that_a_finding_is_about_are_marked_with_its_number(browser: Browser) -> None:
    html = browser.get(WRONG).text
    assert re.search(r'<mark class="error" data-findings="1">3 GB<sup id="m1">', html)
    assert "'3 GB' is in none of the cited passages" in said(html)
    assert re.search(r'data-key="a" disabled', html)
    assert "Can't be accepted as it is: CD103 stands against it" in said(html)


def test_a_quote_that_is_gone_is_shown_with_what_stands_there_now(workspace: Workspace) -> None:
    path = workspace.root / "ticket-reader.md"
    path.write_text(path.read_text().replace("40 fields", "60 fields"))
    html = open_desk(workspace).get(GOOD).text
    words = said(html)
    assert "not in the document any more It says now: Reads printed tickets of up to 60" in words
    assert "changed since it was drafted from" in words
    assert re.search(r'class="passage instead" id="p1".*?instead of 1', html, re.S)
    path.unlink()
    html = open_desk(workspace).get(GOOD).text
    assert "Reads printed tickets of up to 40 fields." in said(html), "the quote is in the proposal"
    assert "The document is not at hand" in said(html)
    pane = html_of_documents(html)
    assert re.search(r'class="passage cited" id="q1" data-step="1"', pane), "in the pane as well"
    assert "Reads printed tickets of up to 40 fields." in said(pane)


def test_of_a_very_long_document_what_matters_is_shown_first(tmp_path: Path) -> None:
    lines = "\n\n".join(f"Line {number} tells nothing of it." for number in range(1500))
    workspace = make_workspace(tmp_path, f"# Ticket reader\n\n{lines}\n\nReads 40 fields.\n")
    record = {**READ, "description": {"text": "Reads 40 fields.", "passages": [1501]}}
    answer = {"capabilities": [{**record, "unique": None, "vs_alternatives": None}]}
    settings = Settings.model_validate({"draft": {"window": 10**6}})
    draft_from(workspace, Scripted(answer), settings=settings)
    browser = open_desk(workspace)
    html = browser.get(GOOD).text
    assert html.count('class="passage') < 100
    assert 'class="passage cited" id="p1501"' in html
    assert "1,470 passages not shown" in said(html)
    found = browser.get(f"{GOOD}/documents?find=line+700+tells").text
    assert 'id="p701"' in found
    assert '<mark class="hit">700</mark>' in found
    assert browser.get(f"{GOOD}/documents?whole=1").text.count('class="passage') == 1501


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</textarea><svg onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:alert(1)",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_documents_and_claims_are_only_ever_text(tmp_path: Path, words: str) -> None:
    workspace = make_workspace(tmp_path, f"# {words}\n\nReads `{words}` well.\n\n    {words}\n")
    record = {**READ, "name": f"Read {words}", "intents": [words]}
    record["description"] = {"text": f"Reads {words} well.", "passages": [1]}
    record["vs_alternatives"] = {
        "text": f"More than {words}.",
        "alternative": words,
        "passages": [1],
        "alternative_passages": [],
    }
    stored = draft(workspace, {"capabilities": [record]}, {"repairs": []})
    browser = open_desk(workspace)
    (capability,) = stored.proposal.capabilities
    for name, _ in capability.fields():
        url = f"/desk/ticket-reader/{capability.id}/{name}"
        assert browser.get(url).status_code == 200
        for page in (browser.get(url), browser.get(f"{url}/documents?find=reads&raw=1")):
            assert not re.search(r"<(script(?! src=\"/static)|img|svg)", page.text)
            assert words in said(page.text)


# Decisions


def test_accepting_records_what_was_shown_and_goes_on(
    browser: Browser, workspace: Workspace
) -> None:
    html = browser.post(f"{GOOD}/accept", data=shown(browser, GOOD)).text
    (decision,) = decisions(workspace)
    assert (decision.verdict, decision.reviewer, decision.field) == ("accept", "ann", "description")
    assert decision.seconds is not None
    assert 0 <= decision.seconds < 60
    assert "accepted ticket-reader / read-tickets / Description" in said(html)
    assert "read-tickets / Unique" in said(html), "the next one is shown"


def test_undoing_takes_the_last_action_back_and_goes_back_to_it(
    browser: Browser, workspace: Workspace
) -> None:
    browser.post(f"{GOOD}/accept", data=shown(browser, GOOD))
    answer = browser.post("/undo", data={"csrf": browser.token})
    assert answer.url.path == GOOD
    assert "took back: accepted ticket-reader / read-tickets / Description" in said(answer.text)
    assert decisions(workspace)[-1].verdict == "undo"
    assert browser.get("/desk?field=description").url.path == GOOD, "the walk comes to it again"
    assert browser.post("/undo", data={"csrf": browser.token}).status_code == 404


def test_accepting_despite_errors_names_those_that_were_shown(
    browser: Browser, workspace: Workspace
) -> None:
    assert 'name="despite" value="CD103"' in browser.get(WRONG).text
    form = {**shown(browser, WRONG), "note": "Measured by us."}
    assert browser.post(f"{WRONG}/accept", data={**form, "despite": "CD301"}).status_code == 422
    assert not decisions(workspace)
    browser.post(f"{WRONG}/accept", data={**form, "despite": "CD103"})
    (decision,) = decisions(workspace)
    assert (decision.despite, decision.note) == (("CD103",), "Measured by us.")


def test_a_rejection_needs_a_reason(browser: Browser, workspace: Workspace) -> None:
    form = {**shown(browser, WRONG), "note": "The card says 2 GB."}
    answer = browser.post(f"{WRONG}/reject", data={**form, "reason": "because"})
    assert answer.status_code == 422
    assert 'value="The card says 2 GB."' in answer.text, "nothing that was typed is lost"
    assert not decisions(workspace)
    browser.post(f"{WRONG}/reject", data={**form, "reason": "contradicted"})
    (decision,) = decisions(workspace)
    assert (decision.reason, decision.note) == ("contradicted", "The card says 2 GB.")


def test_an_edit_with_an_error_is_refused_and_kept(browser: Browser, workspace: Workspace) -> None:
    form = {**shown(browser, WRONG), "text": "Runs in 5 GB of memory."}
    answer = browser.post(f"{WRONG}/edit", data=form)
    assert answer.status_code == 422
    assert "'5 GB' is in none of the cited passages" in said(answer.text)
    assert re.search(r"<textarea id=\"edit-text\"[^>]*>\s*Runs in 5 GB of memory.<", answer.text)
    assert not decisions(workspace)
    despite = {**form, "despite": "1", "note": "Measured by us."}
    browser.post(f"{WRONG}/edit", data=despite)
    (decision,) = decisions(workspace)
    assert (decision.text, decision.despite) == ("Runs in 5 GB of memory.", ("CD103",))


def test_citing_another_passage_is_an_edit_of_the_evidence(
    browser: Browser, workspace: Workspace
) -> None:
    html = browser.get(COMPARED).text
    cited = boxes(html, checked=True)
    assert set(cited) == {"for the artifact : passage 1", "for the alternative : passage 3"}
    other = boxes(html)["for the artifact : passage 2"]
    form = {
        **shown(browser, COMPARED),
        "citing": "1",
        "text": "Reads 40 fields, version 1 read 12.",
    }
    browser.post(f"{COMPARED}/edit", data={**form, "cite": [*cited.values(), other]})
    (decision,) = decisions(workspace)
    assert decision.evidence is not None
    assert sorted((e.side, e.passage, e.document) for e in decision.evidence) == [
        ("alternative", 3, "ticket-reader.md"),
        ("artifact", 1, "ticket-reader.md"),
        ("artifact", 2, "ticket-reader.md"),
    ]
    assert len(boxes(browser.get(COMPARED).text, checked=True)) == 3


def test_the_same_passages_in_another_order_are_no_change(browser: Browser) -> None:
    form = {**shown(browser, COMPARED), "citing": "1"}
    html = browser.get(COMPARED).text
    text = unescape(re.findall(r'data-was="([^"]*)"', html)[0])
    cited = list(boxes(html, checked=True).values())
    assert len(cited) == 2
    for order in (cited, cited[::-1]):
        answer = browser.post(f"{COMPARED}/check", data={**form, "text": text, "cite": order}).text
        assert "Nothing is changed yet." in said(answer)
        sides = re.findall(r'<li id="n\d".*?<span class="tag">(.*?)</span>', answer, re.DOTALL)
        assert sides == ["for the artifact", "for the alternative"]


def test_a_key_that_can_not_act_says_why(browser: Browser) -> None:
    def idle(url: str) -> dict[str, str]:
        found = re.findall(r'data-cannot="([^"]*)"[^>]*>(.*?)</', browser.get(url).text, re.DOTALL)
        return {key: said(words) for keys, words in found for key in keys.split()}

    good, wrong = idle(GOOD), idle(WRONG)
    assert good["d"] == "Nothing stands against it: a accepts it."
    assert good["u"] == "You have no decision to take back."
    assert good["s"] == "It cites what it says: s is for a claim that no passage supports."
    assert {"a", "]"} & {*good} == set(), "these act"
    assert wrong["a"].startswith("Can't be accepted as it is:")
    assert "d" not in wrong
    shown_first = {"k" in idle(url) for url in (GOOD, WRONG, COMPARED)}
    assert shown_first == {True, False}, "only the first has none before"


def test_each_page_calls_a_field_the_same(browser: Browser) -> None:
    assert "read-tickets / Comparison" in said(browser.get(COMPARED).text)
    assert "Comparison" in said(browser.get("/artifact/ticket-reader").text)
    assert "read-tickets . comparison" in said(browser.get("/").text)


def test_checking_tells_of_a_text_and_decides_nothing(
    browser: Browser, workspace: Workspace
) -> None:
    html = browser.get(WRONG).text
    form = {
        **shown(browser, WRONG),
        "citing": "1",
        "cite": list(boxes(html, checked=True).values()),
    }
    wrong = browser.post(f"{WRONG}/check", data={**form, "text": "Runs in 7 GB of memory."}).text
    assert '<mark class="error" data-findings="1">7 GB' in wrong
    assert "[removed: 3 ] [added: 7 ]" in said(wrong)
    right = browser.post(f"{WRONG}/check", data={**form, "text": "Runs in 2 GB of memory."}).text
    assert "no findings" in said(right)
    bare = browser.post(f"{WRONG}/check", data={**form, "cite": [], "text": "It runs."}).text
    assert "no passage is cited" in said(bare)
    assert "<html" not in bare
    assert not decisions(workspace)


def test_a_claim_without_a_passage_is_accepted_as_a_statement_only(tmp_path: Path) -> None:
    workspace = drafted_workspace(tmp_path, UNCITED)
    browser = open_desk(workspace)
    url = "/desk/ticket-reader/run-at-home/description"
    form = shown(browser, url)
    words = said(browser.get(url).text)
    assert "Can't be accepted as it is: no passage supports it." in words
    assert browser.post(f"{url}/accept", data=form).status_code == 422
    bare = browser.post(f"{url}/accept", data={**form, "editorial": "1"})
    assert (bare.status_code, "needs a note" in said(bare.text)) == (422, True)
    assert not decisions(workspace)
    browser.post(f"{url}/accept", data={**form, "editorial": "1", "note": "I run it so."})
    assert decisions(workspace)[0].editorial


def test_a_claim_without_a_passage_is_offered_some(tmp_path: Path) -> None:
    record = {**UNCITED, "description": {"text": "It needs 2 GB of memory.", "passages": []}}
    html = (
        open_desk(drafted_workspace(tmp_path, record))
        .get("/desk/ticket-reader/run-at-home/description")
        .text
    )
    assert "These passages read like it, but nobody has cited them: [2]" in said(html)
    assert not boxes(html, checked=True), "a suggestion cites nothing"


# Others


def test_a_text_that_changed_meanwhile_is_shown_and_nothing_is_lost(
    browser: Browser, workspace: Workspace
) -> None:
    form = shown(browser, GOOD)
    review = open_review(workspace, Target("ticket-reader", "read-tickets", "description"))
    edit(review, Judgement("bo", {}), "Reads printed tickets of up to 40 fields.")
    for change, more in (("accept", {}), ("reject", {"reason": "style"}), ("edit", {})):
        answer = browser.post(f"{GOOD}/{change}", data={**form, **more, "text": "Reads <b>."})
        assert answer.status_code == 409
        assert "changed while you had it open: bo edited it meanwhile" in said(answer.text)
        assert "[removed: with ] [added: of ]" in said(answer.text)
    assert re.search(r"<textarea id=\"edit-text\"[^>]*>\s*Reads &lt;b&gt;.<", answer.text)
    assert [decision.reviewer for decision in decisions(workspace)] == ["bo"]
    assert "Edited by bo" in said(answer.text), "the same page decides on the newer text"
    browser.post(f"{GOOD}/accept", data=shown(browser, GOOD))
    assert decisions(workspace)[-1].reviewer == "ann"


def test_a_passage_that_changed_since_it_was_chosen_is_not_cited(
    browser: Browser, workspace: Workspace
) -> None:
    html, form = browser.get(WRONG).text, shown(browser, WRONG)
    chosen = boxes(html)["cite : passage 3"]
    path = workspace.root / "ticket-reader.md"
    path.write_text(path.read_text().replace("Version 1 read 12", "Version 1 read 13"))
    answer = browser.post(
        f"{WRONG}/edit", data={**form, "citing": "1", "cite": chosen, "text": "Version 1 read 12."}
    )
    assert answer.status_code == 409
    assert "a passage that you chose is not in its document any more" in said(answer.text)
    assert "Version 1 read 12." in answer.text
    assert not decisions(workspace)


def test_who_has_an_item_open_is_told_and_the_walk_passes_it(workspace: Workspace) -> None:
    ann, bo = open_desk(workspace), open_desk(workspace, "bo")
    assert (
        ann.post(f"/claim{WRONG.removeprefix('/desk')}", data={"csrf": ann.token}).text.strip()
        == ""
    )
    held = bo.post(f"/claim{WRONG.removeprefix('/desk')}", data={"csrf": bo.token}).text
    assert said(held) == "ann has this open"
    assert "ann has this open" in said(bo.get(WRONG).text)
    assert bo.get("/desk").url.path != WRONG
    assert ann.get("/desk").url.path == WRONG, "it is the riskiest, and ann's"


def test_an_author_is_told_what_they_can_do_instead(workspace: Workspace) -> None:
    settle(workspace, '[review]\nreviewers = ["ann", "bo"]')
    browser = open_desk(workspace)
    form = {**shown(browser, GOOD), "text": "Reads tickets of up to 40 fields."}
    assert "It will wait for somebody else's approval" in said(browser.get(GOOD).text)
    browser.post(f"{GOOD}/edit", data=form)
    words = said(browser.get(GOOD).text)
    assert "Can't be accepted as it is: you edited this text." in words
    assert "Somebody else has to approve it. You can edit or reject it." in words
    assert browser.post(f"{GOOD}/accept", data=shown(browser, GOOD)).status_code == 422


def test_a_second_opinion_is_blind(workspace: Workspace) -> None:
    settle(workspace, "[review]\nsecond_opinions = 1")
    review = open_review(workspace, Target("ticket-reader", "read-tickets", "description"))
    approve(review, Judgement("bo", {}, note="Surely so."))
    words = said(open_desk(workspace).get(GOOD).text)
    assert "A second opinion: what others decided is hidden until you have decided." in words
    assert "bo" not in words.split()
    assert "approved" not in words.split("The rest of this capability")[0]


# The walk


def test_what_is_skipped_comes_again_at_the_end(browser: Browser, workspace: Workspace) -> None:
    seen = []
    answer = browser.get("/desk")
    while "/desk/finished" not in answer.url.path:
        seen.append(answer.url.path)
        answer = browser.post(f"{answer.url.path}/skip", data={"csrf": browser.token})
    assert sorted(seen) == sorted([GOOD, WRONG, COMPARED])
    assert "You are through, but for 3 claims that you skipped" in said(answer.text)
    assert not decisions(workspace)
    assert browser.post("/desk/again", data={"csrf": browser.token}).url.path == seen[0]


def test_a_finished_queue_says_what_was_decided_and_what_next(browser: Browser) -> None:
    browser.post(f"{GOOD}/accept", data=shown(browser, GOOD))
    browser.post(f"{COMPARED}/accept", data=shown(browser, COMPARED))
    form = {**shown(browser, WRONG), "reason": "contradicted"}
    answer = browser.post(f"{WRONG}/reject", data=form)
    assert answer.url.path == "/desk/finished"
    words = said(answer.text)
    assert "In this visit you decided on 3 claims: accepted 2 rejected 1" in words
    assert "capdraft merge ticket-reader" in words


def test_all_decisions_of_a_visit_are_counted_though_its_end_was_seen_before(
    browser: Browser,
) -> None:
    narrowed = "?field=description"
    answer = browser.post(f"{GOOD}/accept{narrowed}", data=shown(browser, GOOD + narrowed))
    assert "you decided on 1 claim: accepted 1" in said(answer.text)
    browser.post(f"{COMPARED}/accept", data=shown(browser, COMPARED))
    browser.post("/undo", data={"csrf": browser.token})
    assert "you decided on 1 claim: accepted 1" in said(browser.get("/desk/finished").text)
    form = {**shown(browser, WRONG), "reason": "contradicted"}
    browser.post(f"{WRONG}/reject", data=form)
    said_at_end = said(browser.get("/desk/finished").text)
    assert "you decided on 2 claims: accepted 1 rejected 1" in said_at_end


def test_the_walk_keeps_its_filters(browser: Browser) -> None:
    narrowed = f"{GOOD}?field=description"
    answer = browser.post(f"{GOOD}/accept?field=description", data=shown(browser, narrowed))
    assert str(answer.url).endswith("/desk/finished?field=description")
    assert "Nothing else waits under these filters" in said(answer.text)
    undone = browser.post("/undo", data={"csrf": browser.token})
    assert str(undone.url).endswith(narrowed), "though the button there knows no filters"
    assert browser.get("/desk/ticket-reader/read-tickets/intents").status_code == 404


# Planted errors


def test_a_planted_error_is_told_of_afterwards_and_never_decided_on(workspace: Workspace) -> None:
    settle(workspace, "[review]\nseeds = 0.5")
    browser, planted = open_desk(workspace), ""
    while not planted:  # half of all secrets plant none here
        form = shown(browser, GOOD)
        (state,) = open_review(
            workspace, Target("ticket-reader", "read-tickets", "description")
        ).selected
        planted = form["text_sha256"] if form["text_sha256"] != state.text_sha256 else ""
        if not planted:
            (workspace.root / ".capdraft/seed-secret").unlink()
    answer = browser.post(f"{GOOD}/accept", data=form)
    assert "That claim was planted, and it passed" in said(answer.text)
    assert "missed" in said(answer.text)
    (outcome,) = outcomes(workspace)
    assert (outcome.verdict, outcome.caught) == ("accept", False)
    assert not decisions(workspace)
    true = shown(browser, GOOD)
    assert true["text_sha256"] == state.text_sha256, "the walk goes on with the real claim"
    assert browser.post(f"{GOOD}/accept", data=form).status_code == 409
    browser.post(f"{GOOD}/accept", data=true)
    assert [decision.text_sha256 for decision in decisions(workspace)] == [state.text_sha256]


# Names that are judged with a text


def test_names_are_edited_with_the_text_that_they_are_judged_with(
    browser: Browser, workspace: Workspace
) -> None:
    html = browser.get(GOOD).text
    assert re.search(r'name="name" value="Read tickets" data-was="Read tickets"', html)
    assert re.search(r'name="intents"[^>]*>\s*read a train ticket</textarea>', html)
    assert 'name="name"' not in browser.get(WRONG).text
    form = {**shown(browser, GOOD), "text": READ["description"]["text"]}
    names = {"name": "Read paper tickets", "intents": "read a train ticket\r\nread a bus ticket"}
    checked = said(browser.post(f"{GOOD}/check", data={**form, **names}).text)
    assert "Name Read [added: paper ] tickets" in checked
    assert "Nothing is changed yet" not in checked
    html = browser.post(f"{GOOD}/edit", data={**form, **names}).text
    assert "edited ticket-reader / read-tickets / Description" in said(html)
    (decision,) = decisions(workspace)
    assert decision.name == "Read paper tickets"
    assert decision.intents == ("read a train ticket", "read a bus ticket")
    html = browser.get(GOOD).text
    assert re.search(r"<h1[^>]*>Read paper tickets</h1>", html)
    assert "The words are the same." in said(html)
    story = said(browser.get("/artifact/ticket-reader/history").text)
    assert "Name Read added: paper end of added. tickets" in story


def test_what_a_text_is_compared_with_is_edited_and_kept_when_it_is_refused(
    browser: Browser, workspace: Workspace
) -> None:
    form = {**shown(browser, COMPARED), "text": READ["vs_alternatives"]["text"]}
    answer = browser.post(f"{COMPARED}/edit", data={**form, "alternative": "Till roll"})
    assert answer.status_code == 422
    assert 'name="alternative" value="Till roll" data-was="version 1" data-typed' in answer.text
    checked = browser.post(f"{COMPARED}/check", data={**form, "alternative": ""}).text
    assert "the new alternative's name of read-tickets.vs_alternatives is empty" in said(checked)
    browser.post(f"{COMPARED}/edit", data={**form, "alternative": "Version 1"})
    (decision,) = decisions(workspace)
    assert decision.alternative == "Version 1"
    assert "compared with Version 1" in said(browser.get(COMPARED).text)


def test_words_that_no_cited_passage_has_are_told_while_they_are_typed(browser: Browser) -> None:
    text = "Works as it is meant to: explores and reads printed tickets offline."
    form = {**shown(browser, GOOD), "text": text, "citing": "1"}
    (cited,) = boxes(browser.get(GOOD).text, checked=True).values()
    checked = said(browser.post(f"{GOOD}/check", data={**form, "cite": cited}).text)
    assert "warning no cited passage has 'offline'" in checked


def test_quotes_keep_the_marks_of_the_document(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, "# Reader\n\nAsk it to `read ticket` **twice**.\n")
    record = {**READ, "description": {"text": "It reads a ticket.", "passages": [1]}}
    draft(workspace, {"capabilities": [{**record, "unique": None, "vs_alternatives": None}]})
    slug = workspace.artifacts()[0]
    html = open_desk(workspace).get(f"/desk/{slug}/read-tickets/description").text
    assert "<blockquote>Ask it to `read ticket` **twice**.</blockquote>" in html
