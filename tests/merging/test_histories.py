"""Whatever happens to an artifact, its catalog holds what stands approved, or says what it is."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capdraft.errors import CapdraftError, FileInvalid
from capdraft.merging import chosen, keep, merge_artifact, restore, undecided, withdraw
from capdraft.reviewing import Target, open_review, reject, undo
from capdraft.reviewing.states import standing_decisions
from capdraft.workspace import Workspace
from merge_steps import (
    SLUG,
    accept,
    by_hand,
    catalog_file,
    judgement,
    reword,
    rewrite,
    texts,
    two_records,
    unseal,
)

Step = Callable[[Workspace], object]
CAPABILITIES = ("read-tickets", "print-slips")
WORDS = st.sampled_from(["Reads tickets.", "Reads paper tickets.", "Prints them."])
ONE = st.sampled_from(CAPABILITIES)
ONE_OR_ALL = st.sampled_from([*CAPABILITIES, None])


def redraft(workspace: Workspace, capability: str, text: str) -> None:
    """Add a proposal that says one thing differently."""
    newest = workspace.read_proposal(SLUG).proposal
    items = []
    for item in newest.capabilities:
        description = item.description
        if item.id == capability:
            description = description.model_copy(update={"text": text})
        items.append(item.model_copy(update={"description": description}))
    workspace.add_proposal(newest.model_copy(update={"capabilities": tuple(items)}))


def keep_all(workspace: Workspace) -> None:
    for difference in chosen(undecided(workspace, SLUG), ["all"]):
        keep(workspace, SLUG, difference, judgement("ada"))


def refuse(workspace: Workspace, capability: str) -> None:
    target = Target(SLUG, capability, "description")
    reject(open_review(workspace, target), judgement("ada"), "style")


def take_back(workspace: Workspace, capability: str) -> None:
    undo(open_review(workspace, Target(SLUG, capability)), "ada")


def take_out(workspace: Workspace, capability: str | None) -> None:
    withdraw(workspace, SLUG, capability, reviewer="ada", reason="wrong", note="It is not.")


STEPS: st.SearchStrategy[Step] = st.one_of(
    st.builds(lambda c: lambda w: accept(w, c), ONE_OR_ALL),
    st.builds(lambda c: lambda w: refuse(w, c), ONE),
    st.builds(lambda c: lambda w: take_back(w, c), ONE),
    st.builds(lambda t: lambda w: reword(w, t), WORDS),
    st.builds(lambda c, t: lambda w: redraft(w, c, t), ONE, WORDS),
    st.builds(lambda r, t: lambda w: by_hand(w, rewrite(t, r)), st.integers(0, 1), WORDS),
    st.just(lambda w: by_hand(w, unseal)),
    st.builds(lambda c: lambda w: take_out(w, c), ONE_OR_ALL),
    st.builds(lambda c: lambda w: restore(w, SLUG, c, reviewer="ada"), ONE_OR_ALL),
    st.just(keep_all),
    st.just(lambda w: merge_artifact(w, SLUG, discard=["all"])),
    st.just(lambda w: merge_artifact(w, SLUG)),
)


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return a workspace with two approved records, merged."""
    workspace = two_records(tmp_path_factory.mktemp("drafted"))
    accept(workspace)
    merge_artifact(workspace, SLUG)
    return workspace


def stand_approved(workspace: Workspace) -> set[str]:
    """Return the fields of the catalog file whose very text stands approved, and not withdrawn."""
    last: dict[tuple[str, str, str], bool] = {}
    capabilities = workspace.read_proposal(SLUG).proposal.capabilities
    hash_of = {item.id: item.text_hash for item in capabilities}
    for item in standing_decisions(workspace.decisions(SLUG)):
        judged = item.text_sha256
        if item.text is not None:
            judged = hash_of[item.capability](item.field, item.text)
        last[item.capability, item.field, judged] = item.verdict != "reject"
    out = {item.capability: item.verdict for item in workspace.withdrawals(SLUG)}
    found = set()
    for path, text in texts(workspace).items():
        id_, _, name = path.partition(".")
        is_out = "withdraw" in (out.get(None), out.get(id_))
        if not is_out and last.get((id_, name, hash_of[id_](name, text))):  # type: ignore[arg-type]
            found.add(path)
    return found


@settings(max_examples=60, deadline=None)
@given(steps=st.lists(STEPS, max_size=8))
def test_merging_twice_is_merging_once_and_nothing_is_read_that_does_not_stand_approved(
    drafted: Workspace, steps: list[Step]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(shutil.copytree(drafted.root, folder, dirs_exist_ok=True)))
        for step in steps:
            with suppress(CapdraftError, IndexError):
                step(workspace)
        report = merge_artifact(workspace, SLUG)
        before = catalog_file(workspace).read_bytes()
        again = merge_artifact(workspace, SLUG)
        assert catalog_file(workspace).read_bytes() == before
        assert (again.changed, again.differences) == (False, report.differences)
        told = {item.path for item in report.differences}
        assert set(texts(workspace)) <= stand_approved(workspace) | told
        with suppress(FileInvalid):
            entry = workspace.read_entry(SLUG).entry
            assert entry is not None
            read = {f"{r.id}.{name}" for r in entry.capabilities for name, _ in r.fields()}
            assert read <= stand_approved(workspace)
        merge_artifact(workspace, SLUG, discard=["all"])
        assert set(texts(workspace)) == stand_approved(workspace) & set(texts(workspace))
        assert workspace.read_entry(SLUG).entry is not None
