"""A page becomes proposals; what is approved of them comes back as the page had it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from capdraft.cli import main
from capdraft.errors import SourceError, UsageProblem
from capdraft.importing import ImportReport, Terms, import_page
from capdraft.importing.naming import id_for, name_for
from capdraft.reviewing import Target, open_review, standing_findings
from capdraft.text import sha256
from capdraft.workspace import Workspace

HEADED = Path(__file__).with_name("headed.txt").read_text(encoding="utf-8")
WITHOUT_HEADINGS = Path(__file__).with_name("without-headings.txt").read_text(encoding="utf-8")


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    (tmp_path / "capdraft.toml").write_text('schema = "capdraft/settings/1"\n')
    monkeypatch.chdir(tmp_path)
    return Workspace(tmp_path)


def imported(workspace: Workspace, text: str = HEADED, **terms: Any) -> ImportReport:
    page = workspace.root / "page.txt"
    page.write_text(text, encoding="utf-8")
    return import_page(workspace, page, Terms(**terms), {})


def codes(report: ImportReport) -> list[str]:
    return [note.code for note in report.notes]


def test_a_page_is_proposed_with_its_source_and_without_evidence(workspace: Workspace) -> None:
    imported(workspace)
    proposal = workspace.read_proposal("pebble-2").proposal
    assert proposal.artifact.model_dump(exclude_defaults=True) == {
        "slug": "pebble-2",
        "name": "Pebble 2",
        "type": "model",
        "pricing": "Free",
    }
    (document,) = proposal.documents
    assert (document.uri, document.sha256) == ("page.txt", sha256(HEADED))
    counts, finds = proposal.capabilities
    assert (counts.id, counts.name) == ("counts-pebbles-in-a-photo", "Counts pebbles in a photo")
    assert counts.intents == ()
    assert finds.unique is None
    assert not any(field.evidence for c in proposal.capabilities for _, field in c.fields())
    found = [(f.capability, f.field, f.code) for f in proposal.findings]
    fields = [(c.id, name) for c in proposal.capabilities for name, _ in c.fields()]
    assert [(c, f) for c, f, code in found if code == "CD101"] == fields
    assert [f for _, f, code in found if code == "CD201"] == ["vs_alternatives"] * 2
    assert (proposal.run.model, proposal.run.imported, proposal.run.calls) == (
        "imported page",
        True,
        0,
    )


def test_what_the_page_claims_is_kept_with_the_proposal(workspace: Workspace) -> None:
    report = imported(workspace)
    page = workspace.read_proposal("shingle-set").proposal.run.parameters["page"]
    assert page["table"]["GravelRank"] == "41/100"
    assert page["verdict"] == report.page.verdict
    assert [line.split(": ")[1] for line in page["notes"]] == codes(report)
    assert workspace.catalog() == []


def test_the_same_page_again_writes_nothing(workspace: Workspace) -> None:
    imported(workspace)
    again = imported(workspace)
    assert [item.changed for item in again.imported] == [False, False]
    assert workspace.proposals("pebble-2") == ["0001"]


def test_another_page_keeps_what_is_known_and_says_what_differs(workspace: Workspace) -> None:
    imported(workspace)
    other = HEADED.replace("| 40/100", "| 30/100").replace("| Model |", "| Tool |")
    report = imported(workspace, other.replace("Finds the", "Draws the"))
    assert {"two-ranks", "two-wordings", "known-otherwise", "undecided"} < {*codes(report)}
    newest = workspace.read_proposal("pebble-2")
    assert (newest.number, newest.proposal.artifact.type) == ("0002", "model")
    ids = [capability.id for capability in newest.proposal.capabilities]
    assert ids == ["counts-pebbles-in-a-photo", "draws-the-water-s-edge"]


def test_two_pages_that_describe_one_thing_in_two_wordings_are_a_finding(
    workspace: Workspace,
) -> None:
    imported(workspace)
    imported(workspace, HEADED.replace("Finds the", "Rapidly finds out the"))
    newest = workspace.read_proposal("pebble-2").proposal
    told = [(f.capability, f.message) for f in newest.findings if f.code == "CD301"]
    same = newest.capabilities[0].id
    assert same not in [capability for capability, _ in told], "the same words are one record"
    ((_, message),) = told
    assert message.endswith("of reviews/pebble-2/0001.toml says much the same in other words")
    review = open_review(workspace, Target("pebble-2"))
    standing = [f.message for f, _ in standing_findings(review, {}) if f.code == "CD301"]
    assert standing == [message]


def test_a_description_keeps_its_id_wherever_it_stands(workspace: Workspace) -> None:
    first, second = "Finds the water.", "Finds the water; quickly."
    for lines in ((first, second), (second, "Finds the water: now.", first)):
        imported(workspace, HEADED.replace("Lists the tide of each photo.", "\n".join(lines)))
    found = workspace.read_proposal("shingle-set").proposal.capabilities[1:]
    ids = [capability.id for capability in found]
    assert ids == ["finds-the-water-2", "finds-the-water-3", "finds-the-water"]


def test_names_and_types_can_be_given(workspace: Workspace) -> None:
    imported(workspace, names=("Pebble", "Shingle"), types=("tool", "corpus"))
    assert workspace.artifacts() == ["pebble", "shingle"]
    assert workspace.read_proposal("shingle").proposal.artifact.type == "corpus"
    with pytest.raises(UsageProblem, match="both artifacts would be 'a'"):
        imported(workspace, names=("A", "a!"))
    with pytest.raises(UsageProblem, match="is no type"):
        imported(workspace, types=("a model!", "dataset"))


def test_only_text_is_read(workspace: Workspace) -> None:
    page = workspace.root / "page.html"
    page.write_text("<p>Pebble 2 vs Shingle Set</p>")
    with pytest.raises(SourceError, match="not from text/html"):
        import_page(workspace, page, Terms(), {})


@pytest.mark.parametrize(
    ("description", "name"),
    [
        ("Pebble 2 is tuned for wet stones. It is quick.", "Tuned for wet stones"),
        ("Offers three sizes (S, M, L) for all.", "Offers three sizes"),
        ("reads 1.5 million photos that others lack", "Reads 1.5 million photos"),
        (
            "Counts all the round grey pebbles and rings each of them twice",
            "Counts all the round grey pebbles",
        ),
        ("砂利を数える。速い。", "砂利を数える"),
        ("…!", "…"),
    ],
)
def test_a_name_is_what_a_description_starts_with(description: str, name: str) -> None:
    assert name_for(description, "Pebble 2") == name


def test_ids_are_never_shared() -> None:
    taken: set[str] = set()
    assert [id_for(name, taken) for name in ("One", "one!", "…")] == ["one", "one-2", "capability"]


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    status = main(list(words))
    return status, capsys.readouterr().out


def test_approved_words_come_back_as_the_page_had_them(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    (workspace.root / "page.txt").write_text(HEADED, encoding="utf-8")
    status, out = run(capsys, "import", "page.txt", "--json")
    told = json.loads(out)
    assert status == 0
    assert [item["records"] for item in told["imported"]] == [2, 2]
    assert told["notes"][0]["where"] == "page.txt:2"
    for slug in ("pebble-2", "shingle-set"):
        despite = [word for code in ("CD101", "CD201") for word in ("--despite", code)]
        words = ["--editorial", "--note", "As published.", *despite, "--as", "ada"]
        assert run(capsys, "review", "approve", slug, *words)[0] == 0
    assert run(capsys, "merge")[0] == 0
    status, page = run(capsys, "compare", "pebble-2", "shingle-set", "--like-page")
    assert status == 0

    given, back = HEADED.splitlines(), page.splitlines()
    assert back[0] == given[0]
    records = given[given.index("Pebble 2 Capabilities") : given.index("Verdict")]
    records.remove("+2 more capabilities")  # nobody has them
    assert back[back.index("Pebble 2 Capabilities") : back.index("Verdict")] == records
    for label in ("| Feature", "|---", "| Type", "| Pricing"):
        assert next(x for x in back if x.startswith(label)) in given
    # A model and a dataset are no rivals, and nothing was matched: that is not said again.
    assert "match graph evidence" not in page
    assert "scores higher" not in page
    assert "| Capabilities | 2 decomposed | 2 decomposed |" in back
    assert json.loads(run(capsys, "compare", "pebble-2", "shingle-set", "--like-page", "--json")[1])
    assert (
        run(capsys, "compare", "pebble-2", "shingle-set", "--like-page", "--format", "md")[0] == 2
    )
    credited = run(capsys, "compare", "pebble-2", "shingle-set", "--format", "md")[1]
    assert "taken from an imported page, approved by ada on" in credited
    assert "drafted by" not in credited


def test_the_command_says_what_is_unsure(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    text = WITHOUT_HEADINGS.replace("3 decomposed", "some")
    (workspace.root / "page.txt").write_text(text, encoding="utf-8")
    assert main(["import", "page.txt"]) == 1
    said = capsys.readouterr().err
    assert "page.txt:12: which of the 4 records are Pebble 2's can't be told" in said
    assert "--split N" in said
    assert main(["import", "page.txt", "--names", "one"]) == 2
    assert main(["import", "page.txt", "--split", "2"]) == 0
    assert workspace.artifacts() == ["pebble-2", "shingle-set"]
