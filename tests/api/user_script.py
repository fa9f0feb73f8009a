"""A user's script with every public name in it: it runs, and mypy --strict knows all its types.

What must not pass is marked: an ignore that nothing needs is an error there.
"""

from typing import assert_type

import capdraft
from capdraft import (
    Answer,
    CapdraftError,
    CatalogEntry,
    Comparison,
    Decision,
    Document,
    Drafted,
    FieldState,
    Finding,
    MergeReport,
    Proposal,
    Review,
    Workspace,
    read_document,
    render,
)


def read(path: str) -> list[str]:
    document = assert_type(read_document(path), Document)
    return [document.text[passage.start : passage.end] for passage in document.passages]


def draft(workspace: Workspace, sources: list[str]) -> list[str]:
    def tell(ended: Drafted) -> None:
        assert_type(ended.error, CapdraftError | None)

    every = workspace.draft_all_sync(sources, at_once=2, max_cost=None, progress=tell)
    assert_type(every, list[Drafted])
    assert_type(every[0].proposal, Proposal | None)
    return [ended.artifact for ended in every if ended.artifact]


async def draft_one(workspace: Workspace, source: str) -> Proposal:
    await workspace.draft_all([source], record_mode="once", notify=print)
    return assert_type(await workspace.draft(source, type="model", max_calls=9), Proposal)


async def ask(workspace: Workspace, need: str) -> list[Finding]:
    for judged in await workspace.judge(max_calls=9):
        assert_type(judged.errors, tuple[CapdraftError, ...])
    answer = assert_type(await workspace.search(need), Answer)
    return assert_type(workspace.check(answer.results[0].artifact), list[Finding])


def decide(review: Review) -> list[Decision]:
    taken: list[Decision] = []
    for state in review:
        assert_type(state, FieldState)
        findings = assert_type(review.findings(state), tuple[Finding, ...])
        if state.status == "pending" and not findings:
            decision = assert_type(review.approve(state), Decision | None)
            taken += [decision] if decision else []
        elif findings:
            taken.append(review.reject(state.path, "unsupported", note="It says otherwise."))
    return taken


def publish(workspace: Workspace, *artifacts: str) -> str:
    assert_type(workspace.merge(*artifacts), list[MergeReport])
    assert_type(workspace.entry(artifacts[0]), CatalogEntry)
    comparison = assert_type(workspace.compare(*artifacts, limit=None), Comparison)
    return render(comparison, "md")


def find(workspace: Workspace, need: str) -> list[str]:
    answer = assert_type(workspace.search_sync(need, type="model", limit=5), Answer)
    return [f"{result.artifact}/{result.capability}" for result in answer.results]


def wrong(workspace: Workspace, review: Review, comparison: Comparison) -> None:
    workspace.draft_sync("a.md", max_costs=2)  # type: ignore[call-arg]
    workspace.draft_sync("a.md", at_once="many")  # type: ignore[arg-type]
    capdraft.Workspaces  # type: ignore[attr-defined]  # noqa: B018
    workspace.withdraw("a", "broken", note="Why.")  # type: ignore[arg-type]
    review.edit("a.description", cite="3 7")  # type: ignore[arg-type]
    workspace.draft("a.md").capabilities  # type: ignore[attr-defined]  # noqa: B018
    review.reject("a.description", "dislike")  # type: ignore[arg-type]
    workspace.feedback("3f6c01a9d2e4", "fine")  # type: ignore[arg-type]
    render(comparison, "pdf")  # type: ignore[arg-type]
