"""The examples, replayed from what a model really answered: the way that `make demo` goes."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from capdraft.checking import check_proposal, present_passages
from capdraft.client.openai_endpoint import OpenAIEndpoint
from capdraft.drafting import Prompts, draft_artifact, make_brief
from capdraft.drafting.asking import Terms
from capdraft.errors import CassetteMismatch
from capdraft.ledger import Ledger
from capdraft.merging import merge_artifact
from capdraft.records import Proposal
from capdraft.settings import EndpointSettings, Settings
from capdraft.sources import read_document
from capdraft.workspace import Workspace

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def vcr_cassette_dir() -> str:
    return str(ROOT / "cassettes/examples")


def draft(slug: str, folder: Path, *, prompts: Path = ROOT) -> Proposal:
    """Draft an example in a fresh workspace in `folder`."""
    (folder / "capdraft.toml").touch()
    shutil.copy(ROOT / f"examples/{slug}.md", folder)
    workspace, settings = Workspace(folder), Settings()
    brief, _ = make_brief(folder / f"{slug}.md", workspace)
    chosen = EndpointSettings(base_url="https://api.openai.com/v1", model="relay", key=None)

    async def ask() -> Proposal:
        async with OpenAIEndpoint(chosen, timeout=5, max_wait=1) as endpoint:
            return await draft_artifact(
                brief,
                endpoint=endpoint,
                ledger=Ledger(folder),
                terms=Terms("relay", chosen.shown_url, reuse=False),
                prompts=Prompts.load(settings, prompts),
                settings=settings,
            )

    return workspace.add_proposal(asyncio.run(ask())).proposal


def codes(proposal: Proposal, folder: Path) -> list[str]:
    present = present_passages(Workspace(folder), proposal)
    return [finding.code for finding in check_proposal(proposal, present)]


SLUGS = ["paligemma", "the-stack-v2", "gemma-2", "blip-2", "llava-1-6", "stable-diffusion"]


@pytest.mark.parametrize(
    "slug",
    [pytest.param(slug, marks=pytest.mark.default_cassette(f"{slug}.yaml")) for slug in SLUGS],
)
@pytest.mark.vcr
def test_an_example_is_drafted_with_evidence_for_every_field(slug: str, tmp_path: Path) -> None:
    proposal = draft(slug, tmp_path)
    text = read_document(tmp_path / f"{slug}.md", uri=slug).text
    fields = [field for capability in proposal.capabilities for _, field in capability.fields()]
    assert len(proposal.capabilities) >= 5
    assert all(field.evidence for field in fields)
    for field in fields:
        for item in field.evidence:
            assert text[item.start : item.end] == item.quote
    assert proposal.run.state == "drafted"
    errors = {"CD101", "CD102", "CD103", "CD104", "CD201"} & set(codes(proposal, tmp_path))
    assert errors == set()
    # What was reviewed in the project's own catalog is this draft, word for word.
    reviewed = Workspace(ROOT).read_proposal(slug).proposal
    assert reviewed.capabilities == proposal.capabilities


@pytest.mark.parametrize("slug", SLUGS)
def test_the_catalog_of_the_project_is_what_its_reviews_give(slug: str) -> None:
    report = merge_artifact(Workspace(ROOT), slug, look=True)
    assert not report.changed
    assert not report.differences
    assert {item.status for item in report.left_out} <= {"rejected"}


@pytest.mark.vcr
@pytest.mark.default_cassette("paligemma-careless.yaml")
def test_the_rules_catch_what_a_careless_prompt_brings(tmp_path: Path) -> None:
    proposal = draft("paligemma", tmp_path, prompts=ROOT / "tests/careless")
    findings = check_proposal(proposal, present_passages(Workspace(tmp_path), proposal))
    elsewhere = {
        item.id
        for item in proposal.capabilities
        if item.vs_alternatives
        and item.vs_alternatives.alternative not in ("PaliGemma 2", "PaLI-3")
    }
    assert len(elsewhere) == 8
    assert {f.capability for f in findings if f.code == "CD201"} == elsewhere
    assert {f.capability for f in findings if f.code == "CD103"} > elsewhere
    said = " ".join(f.message for f in findings if f.code == "CD103")
    for invented in (
        "OPT-2.7B",
        "145.8",
        "1.3 billion",
        "7B",
        "28x28 pixels",
        "5 billion",
        "56.8 %",
    ):
        assert f"'{invented}'" in said


@pytest.mark.vcr
@pytest.mark.default_cassette("paligemma.yaml")
def test_a_changed_prompt_fails_with_its_line_diff_and_never_passes(tmp_path: Path) -> None:
    changed = tmp_path / "prompts"
    shutil.copytree(ROOT / "prompts", changed)
    path = changed / "draft.jinja"
    path.write_text(path.read_text().replace("no marketing", "much marketing"))
    with pytest.raises(CassetteMismatch) as caught:
        draft("paligemma", tmp_path, prompts=tmp_path)
    message = str(caught.value)
    assert "-- name: two to six words, no marketing." in message
    assert "+- name: two to six words, much marketing." in message
    assert "Connection error" not in message
    assert "paligemma.yaml" in message


def test_no_cassette_is_orphaned_and_each_is_told_of() -> None:
    told = (ROOT / "cassettes/README.md").read_text()
    tests = Path(__file__).read_text()
    for path in (ROOT / "cassettes/examples").glob("*.yaml"):
        assert f"`examples/{path.name}`" in told
        assert path.stem in tests
    folders = {path.parent.name for path in (ROOT / "cassettes").rglob("*.yaml")} - {
        "examples",
        "tutorial",
    }
    evaluated = (ROOT / "tests/evaluating/test_recorded_gold.py").read_text()
    for folder in folders:
        assert f"| `{folder}/*." in told
        assert f'"{folder}"' in evaluated or f"cassettes/{folder}" in evaluated
