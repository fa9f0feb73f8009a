"""What a judge says of a proposal is kept, is a finding while it holds, and is not paid twice."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from capdraft.checking import Around, check_text
from capdraft.client import Body, Reply
from capdraft.drafting.asking import Terms
from capdraft.errors import FileInvalid
from capdraft.judging import Added, JudgedArtifact, JudgeOptions, judge_artifacts
from capdraft.prompts import load_prompt
from capdraft.records import Artifact, Capability, ModelJudgement
from capdraft.reviewing import (
    Judgement,
    Review,
    Target,
    edit,
    open_review,
    reject,
    standing_findings,
)
from capdraft.reviewing.index.stamps import own_marks
from capdraft.workspace import Workspace
from stub_endpoint import completion
from workspaces import READ, drafted_workspace

SLUG = "ticket-reader"
WRONG = re.compile(r"3 GB")
WITHOUT: dict[str, Any] = {
    **READ,
    "name": "Sort tickets",
    "description": {"text": "Sorts tickets by colour.", "passages": []},
    "unique": None,
    "vs_alternatives": None,
}


class Judge:
    """An endpoint without HTTP that calls a sentence with 3 GB contradicted, others supported."""

    def __init__(self) -> None:
        self.asked: list[Body] = []
        self.silent_on = ""

    @property
    def sentences(self) -> list[str]:
        """All sentences that it was asked about."""
        asked = "\n".join(body["messages"][-1]["content"] for body in self.asked)
        return re.findall(r"^\d+\. (.*)$", asked, re.MULTILINE)

    async def ask(self, body: Body) -> Reply:
        self.asked.append(body)
        found = []
        for block in body["messages"][-1]["content"].split("== claim")[1:]:
            (own,) = re.findall(r"rests on: (\d+)", block)
            for number, text in re.findall(r"^(\d+)\. (.*)$", block, re.MULTILINE):
                if text == self.silent_on:
                    continue
                verdict = "contradicted" if WRONG.search(text) else "supported"
                found.append(
                    {
                        "sentence": int(number),
                        "passages": [int(own)],
                        "reason": "It says 2 GB.",
                        "verdict": verdict,
                    }
                )
        return Reply(200, completion({"verdicts": found}).body, 0.1, 1)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return drafted_workspace(tmp_path, READ, WITHOUT)


def judged(workspace: Workspace, judge: Judge, model: str = "m", **options: Any) -> JudgedArtifact:
    terms = Terms(model, "http://127.0.0.1:9/v1", by="ann", reuse=not options.get("again"))
    asked = JudgeOptions(terms, load_prompt("judge", workspace.root), **options)
    (ended,) = asyncio.run(judge_artifacts(workspace, [SLUG], judge, asked))
    return ended


def codes(review: Review, field: str) -> list[str]:
    state = review.state("read-tickets", field)
    assert state is not None
    return [finding.code for finding in review.findings(state, {})]


def test_what_is_said_becomes_a_finding_that_names_sentence_passage_and_model(
    workspace: Workspace,
) -> None:
    judge = Judge()
    ended = judged(workspace, judge)
    assert judge.sentences == [
        "Reads printed tickets with up to 40 fields.",
        "Runs in 3 GB of memory.",
        "Reads 40 fields where version 1 read 12.",
    ]
    assert (ended.not_judged, ended.errors, ended.cost.calls) == ([], (), 1)
    findings = [f for f, _ in standing_findings(open_review(workspace, Target(SLUG)), {})]
    (found,) = [finding for finding in findings if finding.code == "CD111"]
    assert found.severity == "warning"
    assert (found.field, found.start, found.end) == ("unique", 0, 23)
    assert found.message == (
        "[2] 'It needs 2 GB of memory.' says otherwise than 'Runs in 3 GB of memory.', "
        "m judges: It says 2 GB."
    )


def test_the_judge_is_not_told_what_the_rules_say_or_who_drafted(workspace: Workspace) -> None:
    judge = Judge()
    judged(workspace, judge)
    asked = str(judge.asked)
    assert not re.search(r"CD1|finding|stub|error", asked)


def test_its_word_holds_for_the_text_and_the_evidence_that_it_read(workspace: Workspace) -> None:
    judged(workspace, Judge())
    review = open_review(workspace, Target(SLUG))
    state = review.state("read-tickets", "unique")
    assert state is not None
    assert "CD111" in codes(review, "unique")
    assert "CD111" not in [f.code for f in review.findings(state, {}, "Runs in 4 GB of memory.")]
    assert "CD111" not in [f.code for f in review.findings(state, {}, evidence=())]
    assert "CD111" in [f.code for f in review.findings(state, {}, "Runs in  3 GB of memory.")]


def test_only_what_changed_is_asked_about_again(workspace: Workspace) -> None:
    judged(workspace, Judge())
    review = open_review(workspace, Target(SLUG, "read-tickets", "unique"))
    edit(review, Judgement("ann", {}), "Runs in 2 GB of memory.")
    judge = Judge()
    ended = judged(workspace, judge)
    assert judge.sentences == ["Runs in 2 GB of memory."]
    assert ended.kept == 2
    assert codes(open_review(workspace, Target(SLUG)), "unique") == []
    silent = Judge()
    judged(workspace, silent)
    assert silent.asked == []


def test_another_model_or_prompt_is_asked_about_all(workspace: Workspace) -> None:
    judged(workspace, Judge())
    for options in ({"model": "other"}, {"again": True}):
        judge = Judge()
        judged(workspace, judge, **options)
        assert len(judge.sentences) == 3
    (workspace.root / "prompts").mkdir()
    packaged = load_prompt("judge")
    own = packaged.source.replace("You hold sentences", "You must hold sentences")
    (workspace.root / "prompts/judge.jinja").write_text(own, encoding="utf-8")
    judge = Judge()
    judged(workspace, judge)
    assert len(judge.sentences) == 3


def test_what_was_rejected_is_not_asked_about(workspace: Workspace) -> None:
    review = open_review(workspace, Target(SLUG, "read-tickets", "unique"))
    reject(review, Judgement("ann", {}), "unsupported")
    judge = Judge()
    judged(workspace, judge)
    assert "Runs in 3 GB of memory." not in judge.sentences


def test_a_field_is_kept_only_with_all_its_sentences(tmp_path: Path) -> None:
    text = {"text": "Reads tickets. Keeps 40 fields.", "passages": [1]}
    workspace = drafted_workspace(tmp_path, {**READ, "description": text})
    judge = Judge()
    judge.silent_on = "Keeps 40 fields."
    ended = judged(workspace, judge)
    assert [text for _, text in ended.not_judged] == ["Keeps 40 fields."]
    again = Judge()
    judged(workspace, again)
    assert again.sentences == ["Reads tickets.", "Keeps 40 fields."]


def test_what_it_adds_is_counted_beside_the_rules(workspace: Workspace) -> None:
    judged(workspace, Judge())
    review = open_review(workspace, Target(SLUG))
    findings = [finding for finding, _ in standing_findings(review, {})]
    added = Added()
    added.count(review, findings)
    assert (added.sentences, added.not_supported, added.rules_too) == (3, 1, 1)
    added = Added()
    added.count(review, [])
    assert (added.rules_too, added.rules_alone) == (0, 0)


def test_the_queue_reads_an_artifact_anew_once_it_was_judged(workspace: Workspace) -> None:
    before = own_marks(workspace.root, SLUG)
    judged(workspace, Judge())
    assert own_marks(workspace.root, SLUG) != before


def test_a_line_that_is_no_judgement_is_told_with_its_place(workspace: Workspace) -> None:
    judged(workspace, Judge())
    name = f"reviews/{SLUG}/judgements/ann.jsonl"
    workspace.store.append(name, '{"schema": "capdraft/judgement/1"}')
    with pytest.raises(FileInvalid, match=re.escape(f"{name}:4")):
        open_review(workspace, Target(SLUG))


@pytest.mark.parametrize(("verdict", "severity"), [("supported", "warning"), (None, "error")])
def test_a_model_that_calls_a_sentence_supported_softens_cd109_and_no_more(
    verdict: str | None, severity: str
) -> None:
    """A document may talk to the model: its word alone ends no finding."""
    quote = "Reads printed tickets of up to 40 fields."
    evidence = {"document": "d1", "passage": 1, "start": 0, "end": len(quote), "quote": quote}
    text = f"{quote} Lays them out by hue."
    capability = Capability.model_validate(
        {"id": "c", "name": "Sorting", "description": {"text": text, "evidence": [evidence]}}
    )
    sentence = {"text": "Lays them out by hue.", "reason": "Hue is colour."}
    said = ModelJudgement.model_validate(
        {
            "time": "2026-01-01T00:00:00Z",
            "capability": "c",
            "field": "description",
            "text_sha256": "0" * 64,
            "evidence_sha256": "0" * 64,
            "model": "m",
            "endpoint": "http://127.0.0.1:9/v1",
            "prompt_sha256": "0",
            "sentences": [{**sentence, "verdict": verdict or "unsupported"}],
        }
    )
    artifact = Artifact(slug="r", name="R")
    (alone,) = check_text(artifact, capability, "description", text)
    around = Around(judged={("c", "description"): said})
    found, *more = check_text(artifact, capability, "description", text, around=around)
    assert (alone.code, alone.severity) == ("CD109", "error")
    assert (found.code, found.severity) == ("CD109", severity)
    assert [item.code for item in more] == ([] if verdict else ["CD110"])
    assert ("m judges that one says it in others" in found.message) is bool(verdict)
