"""The pages of artifacts, runs, histories and differences, and of the reviewers."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from capdraft.merging import merge_artifact
from capdraft.records import DocumentRef, FieldName, Proposal, Rejected
from capdraft.reviewing import Judgement, Review, Target, approve, edit, open_review, reject, undo
from capdraft.text import normalise
from capdraft.web.artifacts.documents import documents_now
from capdraft.web.artifacts.merge_preview import merge_preview
from capdraft.web.artifacts.pages import routes
from capdraft.workspace import Workspace
from desks import Browser, open_desk
from workspaces import READ, drafted_workspace

SLUG = "ticket-reader"
PAGES = ("", "/history", "/diff", "/proposal/0001")
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


def at(workspace: Workspace, field: FieldName = "description") -> Review:
    return open_review(workspace, Target(SLUG, "read-tickets", field))


def take(workspace: Workspace, who: str, field: FieldName = "description") -> None:
    taken, refused = approve(at(workspace, field), Judgement(who, {}))
    assert taken, refused


def change(workspace: Workspace, old: str, new: str) -> None:
    card = workspace.root / f"{SLUG}.md"
    card.write_text(card.read_text().replace(old, new))


def words(page: str) -> str:
    """Return what a page says, without its markup."""
    return normalise(re.sub(r"<[^>]*>", " ", page)).replace("&#39;", "'").replace("&#34;", '"')


def files(workspace: Workspace) -> dict[str, bytes]:
    found = (path for path in workspace.root.rglob("*") if path.is_file())
    return {str(p): p.read_bytes() for p in found if ".capdraft" not in p.parts}


def test_the_list_has_true_counts_and_tells_of_what_cannot_be_read(workspace: Workspace) -> None:
    take(workspace, "ann")
    broken = workspace.root / "reviews/broken/0001.toml"
    broken.parent.mkdir()
    broken.write_text("schema = \n")
    browser = open_desk(workspace)
    said = words(browser.get("/artifacts").text)
    assert "2 artifacts; 1 can't be read" in said
    assert "2 pending 1 approved" in said or "1 approved 2 pending" in said
    assert "reviews/broken/0001.toml:1" in said
    assert "stub, unknown" in said  # the model, and what it cost
    assert "broken" not in words(browser.get("/artifacts?q=ticket").text).partition("1 artifact")[2]
    assert "No artifact has “zebra”" in words(browser.get("/artifacts?q=zebra").text)
    assert browser.get("/artifact/broken").status_code == 500


def test_without_a_draft_the_list_says_how_to_make_one(tmp_path: Path) -> None:
    (tmp_path / "capdraft.toml").touch()
    browser = open_desk(Workspace(tmp_path))
    assert "capdraft draft README.md" in browser.get("/artifacts").text
    assert "Nobody decided anything yet" in browser.get("/history").text
    assert "Nobody decided anything yet" in words(browser.get("/stats").text)


def test_what_is_stale_shows_the_passage_then_and_now(workspace: Workspace) -> None:
    take(workspace, "bo")
    change(workspace, "up to 40 fields", "up to 30 fields")
    page = open_desk(workspace).get(f"/artifact/{SLUG}").text
    said = words(page)
    assert "cited passage [1] changed since bo approved it" in said
    assert re.search(r"<del>.{0,60}40.{0,60}</del>.{0,9}<ins>.{0,60}30", page)
    assert "changed 1 of 3 not in it any more" in said
    assert "May not be merged" in said


def test_a_merge_is_foretold_and_nothing_is_written(workspace: Workspace) -> None:
    take(workspace, "ann")
    before = files(workspace)
    said = words(open_desk(workspace).get(f"/artifact/{SLUG}").text)
    assert "The catalog holds nothing of it yet. A merge would add 1 field" in said
    assert files(workspace) == before
    merge_artifact(workspace, SLUG)
    assert not merge_preview(workspace, SLUG).changes
    edit(at(workspace), Judgement("ann", {}), "Reads printed tickets.")
    assert merge_preview(workspace, SLUG).changed == ("read-tickets.description",)
    undo(at(workspace), "ann")
    take(workspace, "ann", "vs_alternatives")
    assert merge_preview(workspace, SLUG).added == ("read-tickets.vs_alternatives",)
    reject(at(workspace), Judgement("ann", {}), "style")
    foretold = merge_preview(workspace, SLUG)
    assert (foretold.removed, foretold.added) == (("read-tickets.description",), ())
    assert merge_artifact(workspace, SLUG).changed
    assert merge_preview(workspace, SLUG).records == 0


def with_documents(workspace: Workspace, *uris: str) -> Proposal:
    """Store a proposal that read these documents too, and return it."""
    newest = workspace.read_proposal(SLUG).proposal
    first = newest.documents[0]
    more = [
        DocumentRef.model_validate({**first.model_dump(), "id": f"d{number}", "uri": uri})
        for number, uri in enumerate(uris, 2)
    ]
    documents = (first, *more)
    return workspace.add_proposal(newest.model_copy(update={"documents": documents})).proposal


def test_each_document_is_told_as_it_stands_now(workspace: Workspace) -> None:
    (workspace.root / "other.md").write_text("Something else.\n")
    with_documents(workspace, "gone.md", "other.md", "https://example.org/card.md")
    found = {
        item.ref.uri: (item.now, item.lost)
        for item in documents_now(open_review(workspace, Target(SLUG)))
    }
    assert found == {
        f"{SLUG}.md": ("unchanged", 0),
        "gone.md": ("gone", 0),
        "other.md": ("changed", 0),
        "https://example.org/card.md": ("not at hand", 0),
    }


def test_the_run_tells_what_was_asked_and_what_became_of_it(workspace: Workspace) -> None:
    newest = workspace.read_proposal(SLUG).proposal
    rejected = Rejected(name="Sort tickets", reason="no text", answer="abc", raw="{}")
    run = newest.run.model_copy(update={"cost_usd": 0.0123, "seconds": 123.4, "by": "ann"})
    workspace.add_proposal(newest.model_copy(update={"run": run, "rejected": (rejected,)}))
    browser = open_desk(workspace)
    said = words(browser.get(f"/artifact/{SLUG}/proposal/0002").text)
    assert "It cost $0.0123 and took 2 min 3 s" in said
    assert "run by ann" in said
    assert "1 answer asked for" in said
    assert "Sort tickets no text" in said
    assert browser.get(f"/artifact/{SLUG}/proposal/0009").status_code == 404
    newer = words(browser.get(f"/artifact/{SLUG}/proposal/0001").text)
    assert "A newer one replaced it: 0002" in newer


def test_a_proposal_that_was_brought_back_otherwise_is_read_anew(workspace: Workspace) -> None:
    browser = open_desk(workspace)
    assert "Read tickets" in browser.get(f"/artifact/{SLUG}").text
    path = workspace.root / f"reviews/{SLUG}/0001.toml"
    path.write_text(path.read_text().replace('"Read tickets"', '"Decipher tickets"'))
    assert "Decipher tickets" in browser.get(f"/artifact/{SLUG}").text


def test_history_opens_the_text_that_was_judged_even_if_it_was_taken_back(
    workspace: Workspace,
) -> None:
    edit(at(workspace), Judgement("bo", {}), "Reads tickets with up to 40 fields.")
    take(workspace, "ann")
    undo(at(workspace), "bo")
    page = open_desk(workspace).get(f"/artifact/{SLUG}/history").text
    events = [words(event) for event in page.split('class="event ')[1:]]
    took_back, approved, edited = (event for event in events if "drafted" not in event)
    assert any("drafted proposal 0001" in event for event in events)
    assert "bo took back what was edited and approved" in took_back
    judged = approved.partition("The text that was judged")[2]
    assert "Read tickets for: read a train ticket Reads tickets with up to 40 fields." in judged
    assert "[1] ticket-reader.md" in judged
    assert "taken back later" in edited
    assert "removed: printed" in edited
    assert re.search(r"<s>edited and approved", page)


def test_a_diff_marks_words_leaves_out_what_is_the_same_and_can_be_chosen(
    workspace: Workspace,
) -> None:
    browser = open_desk(workspace)
    assert "nothing to compare it with yet" in browser.get(f"/artifact/{SLUG}/diff").text
    take(workspace, "ann")
    merge_artifact(workspace, SLUG)
    newest = workspace.read_proposal(SLUG).proposal
    (capability,) = newest.capabilities
    shorter = capability.description.model_copy(update={"text": "Reads tickets with 40 fields."})
    changed = capability.model_copy(update={"description": shorter, "unique": None})
    workspace.add_proposal(newest.model_copy(update={"capabilities": (changed,)}))
    page = browser.get(f"/artifact/{SLUG}/diff").text
    said = words(page)
    assert "2 fields differ; 1 field reads the same and is left out" in said
    assert "In 0001 Reads removed: printed end of removed. tickets" in said
    assert (
        "Unique removed In 0001 Runs in 3 GB of memory. In the newest proposal Not there." in said
    )
    assert 'since=0001" aria-current="true"' in page
    catalog = words(browser.get(f"/artifact/{SLUG}/diff?since=catalog").text)
    assert "catalog/ticket-reader.json → reviews/ticket-reader/0002.toml" in catalog
    assert "Comparison added In the catalog Not there." in catalog
    for since in ("0002", "0009", "nonsense"):
        assert browser.get(f"/artifact/{SLUG}/diff?since={since}").status_code == 404


def test_others_decisions_are_hidden_from_whom_a_second_opinion_is_asked(
    workspace: Workspace,
) -> None:
    settings = workspace.root / "capdraft.toml"
    settings.write_text(settings.read_text() + "[review]\nsecond_opinions = 1\n")
    take(workspace, "ann")
    asked, decider = open_desk(workspace, "bo"), open_desk(workspace, "ann")
    pages = (f"/artifact/{SLUG}", f"/artifact/{SLUG}/history", "/history")
    for url in pages:
        said = words(asked.get(url).text).replace("anyone ann ", "")  # whom to choose
        assert "second opinion" in said, url
        assert "ann" not in said.split(), url
        assert "second opinion" not in words(decider.get(url).text), url
    take(workspace, "bo")
    after = open_desk(workspace, "bo")
    for url in pages:
        assert "second opinion" not in words(after.get(url).text), url


def test_recent_decisions_are_narrowed_by_reviewer_and_mine_can_be_undone(
    workspace: Workspace,
) -> None:
    take(workspace, "ann")
    reject(at(workspace, "unique"), Judgement("bo", {}), "contradicted")
    browser = open_desk(workspace, "bo")
    page = browser.get("/history").text
    assert "ann approved" in words(page)
    assert "Your last action: you rejected" in words(page)
    assert re.search(r'action="/undo">\s*<input type="hidden" name="csrf" value="\S+">', page)
    assert "ann approved" not in words(browser.get("/history?by=bo").text)
    assert "nobody decided nothing yet" in words(browser.get("/history?by=nobody").text)
    assert "There is nothing on page 9" in words(browser.get("/history?page=9").text)
    browser.submit("/undo")
    assert "you rejected" not in words(browser.get("/history").text)
    assert open_review(workspace, Target(SLUG)).states[1].status == "pending"


def test_stats_say_what_was_decided_and_since_when(workspace: Workspace) -> None:
    approve(at(workspace), Judgement("ann", {}, seconds=2.0))
    browser = open_desk(workspace)
    said = words(browser.get("/stats").text)
    assert re.search(r"ann \(you\) 1 0 0 0 0 % 2\.0 \(2\.0–2\.0\) 100 % of 1", said)
    assert "What these figures can't say" in said
    assert "Nobody decided anything since 2999-01-01" in words(
        browser.get("/stats?since=2999-01-01").text
    )
    assert browser.get("/stats?since=tomorrow").status_code == 400


class Inert(HTMLParser):
    """Collects what a browser would run or fetch that is not the desk's own."""

    def __init__(self) -> None:
        super().__init__()
        self.active: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            address = name in ("src", "href", "action") and not re.match(
                r"(/(?!/)|#|https?://example\.org)", value or "/"
            )
            if address or name.startswith("on") or name == "style":
                self.active.append(f"{tag} {name}={value}")
        if tag in ("img", "iframe", "object", "style"):
            self.active.append(tag)
        if tag == "script" and not any(name == "src" for name, _ in attrs):
            self.active.append(tag)


def test_nothing_that_documents_models_or_reviewers_wrote_is_active(tmp_path: Path) -> None:
    record = {
        **READ,
        "name": HOSTILE,
        "description": {"text": f"Reads tickets {HOSTILE}", "passages": [1]},
        "intents": [HOSTILE],
        "vs_alternatives": {**READ["vs_alternatives"], "alternative": HOSTILE},
    }
    workspace = drafted_workspace(tmp_path, record)
    newest = workspace.read_proposal(SLUG).proposal
    links = ("javascript:alert(1)", "https://example.org/<b>", "data:text/html,x")
    told = {"name": HOSTILE, "links": links, "license": HOSTILE}
    artifact = newest.artifact.model_copy(update=told)
    wrong = (Rejected(name=HOSTILE, reason=HOSTILE, answer="abc", raw=HOSTILE),)
    workspace.add_proposal(newest.model_copy(update={"artifact": artifact, "rejected": wrong}))
    capability = newest.capabilities[0].id
    review = open_review(workspace, Target(SLUG, capability, "vs_alternatives"))
    reject(review, Judgement("ann", {}, note=HOSTILE), "style")
    browser = open_desk(workspace)
    pages = (*PAGES, "/proposal/0002", "/diff?since=0001")
    for url in (*(f"/artifact/{SLUG}{page}" for page in pages), "/artifacts", "/history", "/stats"):
        answer = browser.get(url)
        found = Inert()
        found.feed(answer.text)
        assert answer.status_code == 200, url
        assert found.active == [], url
    page = browser.get(f"/artifact/{SLUG}").text
    assert 'rel="noopener noreferrer nofollow"' in page
    assert "javascript:alert(1)" in words(page)


def test_every_page_here_is_only_read(workspace: Workspace, browser: Browser) -> None:
    assert all(route.methods == {"GET", "HEAD"} for route in routes)  # type: ignore[attr-defined]
    before = files(workspace)
    for page in PAGES:
        assert browser.get(f"/artifact/{SLUG}{page}").status_code == 200
        assert browser.post(f"/artifact/{SLUG}{page}").status_code == 405
    assert files(workspace) == before
