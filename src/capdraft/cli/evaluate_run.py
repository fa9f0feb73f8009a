"""One evaluation: which cases, how the model is asked about each, and how the answer is shown."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capdraft.cli.asking import Asked
from capdraft.cli.evaluate_endpoints import Opened
from capdraft.cli.frame import Frame, count
from capdraft.cli.progress import usd
from capdraft.errors import CapdraftError, ExtraMissing, NotFound

if TYPE_CHECKING:
    from capdraft.client.cassettes import Note
    from capdraft.drafting import Prompts
    from capdraft.drafting.asking import Cost
    from capdraft.evaluating import Evaluation, GoldCase
    from capdraft.evaluating.judged import DraftJudge
    from capdraft.evaluating.measuring import Scale
    from capdraft.evaluating.pages import Page
    from capdraft.settings import Settings
    from capdraft.workspace import Workspace

AGAINST = Path("evaluation/gold")


def read_cases(against: Path, named: Sequence[str]) -> list[GoldCase]:
    """Return the cases called so in the folder `against`, or all of them.

    Raises:
        NotFound: there is none of that name.
    """
    need_extra()
    from capdraft.evaluating import find_gold, read_all

    folders = {folder.name: folder for folder in find_gold(against)}
    for name in named:
        if name not in folders:
            raise NotFound(
                f"there is no case {name!r} in {against}", hint=f"Cases: {_list(folders)}"
            )
    return read_all(folders[name] for name in named or folders)


def _list(names: dict[str, Path]) -> str:
    return ", ".join(names)


def need_extra() -> None:
    """Check that what evaluating needs is installed.

    Raises:
        ExtraMissing: it isn't.
    """
    for module in ("pydantic_evals", "scipy"):
        if importlib.util.find_spec(module) is None:
            raise ExtraMissing(
                f"evaluating needs {module}", hint="Install it: pip install 'capdraft[evaluate]'"
            )


@dataclass(frozen=True)
class Wanted:
    """What is to be evaluated, where, and how the model is asked."""

    frame: Frame
    workspace: Workspace
    settings: Settings
    asked: Asked
    cases: Sequence[GoldCase]
    judge: bool = False
    judge_model: str | None = None
    against: Path = AGAINST

    def opened(self) -> Opened:
        """Return the endpoints of this evaluation."""
        return Opened(
            self.frame, self.workspace, self.settings, self.asked, self.judge_model, self._noted
        )

    def _noted(self, slug: str, judged: bool) -> Note:
        """Return what the cassette of a case says of itself."""
        from capdraft.recording.noting import gold_note, gold_source
        from capdraft.recording.placing import placed

        case = next(case for case in self.cases if case.gold.slug == slug)
        source = gold_source(self.workspace, self.against, case)
        by, folder = self.asked.command, self.asked.cassette or Path()
        note = gold_note(self.workspace, self.settings, source, by, judged=judged)
        return placed(note, self.workspace, folder / slug)


def draft_and_measure(wanted: Wanted, against: Path) -> tuple[Evaluation, list[CapdraftError]]:
    """Return what was measured, and why drafts could not be judged, or not all of them."""
    import asyncio

    from capdraft.drafting import Prompts

    frame, root = wanted.frame, wanted.workspace.root
    prompts = Prompts.load(wanted.settings, root)
    scale = _scale(against)
    frame.note(f"drafting {count(len(wanted.cases), 'case')} with {prompts.draft.name!r} …")
    result, judge = asyncio.run(_draft_and_measure(wanted, prompts, scale))
    if judge is None:
        return result, []
    for slug, error in judge.problems:
        frame.failed(error, f"{slug}, judged: {error}")
    if judge.models:
        hashes = {**result.prompts, "judge": judge.prompt_sha256}
        told = {"judge": ", ".join(judge.models), "prompts": hashes}
        result = result.model_copy(update=told)
        frame.note(f"the judge, {result.judge}: {_told(judge.cost)}")
    return result, [error for _, error in judge.problems]


def _told(cost: Cost) -> str:
    asked, paid = count(cost.calls, "request"), usd(cost.cost_usd)
    return f"{asked}, {paid}" + (f"; {cost.from_ledger} from the ledger" * bool(cost.from_ledger))


async def _draft_and_measure(
    wanted: Wanted, prompts: Prompts, scale: Scale
) -> tuple[Evaluation, DraftJudge | None]:
    from capdraft.evaluating.asking import Asking
    from capdraft.evaluating.evaluators import standard_evaluators
    from capdraft.evaluating.judged import DraftJudge
    from capdraft.evaluating.running import Plan, run_evaluation
    from capdraft.prompts import load_prompt

    root, settings = wanted.workspace.root, wanted.settings
    async with wanted.opened() as endpoints:
        judge = None
        if wanted.judge:
            asking = Asking(root, settings, endpoints.judge)
            judge = DraftJudge(asking, load_prompt("judge", root))
        plan = Plan(
            prompts=prompts,
            scale=scale,
            evaluators=standard_evaluators(wanted.workspace, judge),
            parameters=settings.model.parameters,
            prices=settings.model.prices,
            at_once=endpoints.at_once,
            told=lambda slug, error: _tell(wanted.frame, slug, error),
        )
        drafts = Asking(root, settings, endpoints.draft)
        result = await run_evaluation(wanted.cases, lambda case: drafts.draft(case, prompts), plan)
        if endpoints.spent:
            wanted.frame.note(endpoints.spent)
    return result, judge


def judge_labels(wanted: Wanted) -> tuple[dict[str, bool | None], str]:
    """Return whether a model finds labelled statements supported, and which model.

    Raises:
        CapdraftError: it could not be asked.
    """
    import asyncio

    return asyncio.run(_judge_labels(wanted))


async def _judge_labels(wanted: Wanted) -> tuple[dict[str, bool | None], str]:
    from capdraft.evaluating.asking import Asking
    from capdraft.evaluating.judged import judge_labelled
    from capdraft.prompts import load_prompt

    root = wanted.workspace.root
    async with wanted.opened() as endpoints:
        asking = Asking(root, wanted.settings, endpoints.judge)
        found = await judge_labelled(asking, load_prompt("judge", root), wanted.cases)
    return found, ", ".join(asking.models)


def _scale(against: Path) -> Scale:
    """Return how capabilities are matched: learned from all of the gold set, and labelled pairs."""
    from capdraft.evaluating import find_gold, read_all, read_pairs
    from capdraft.evaluating.calibrating import calibrate
    from capdraft.evaluating.likeness import Likeness
    from capdraft.evaluating.measuring import Scale
    from capdraft.evaluating.reading import PAIRS_FILE

    places = [folder / PAIRS_FILE for folder in (against, against.resolve().parent)]
    pairs = next((read_pairs(path) for path in places if path.is_file()), None)
    cases = read_all(find_gold(against))
    likeness = Likeness.of(cases, pairs)
    return Scale(likeness, calibrate(cases, pairs, likeness))


def _tell(frame: Frame, slug: str, error: CapdraftError | None) -> None:
    if error:
        frame.failed(error, f"{slug}: {error}")
    else:
        frame.note(f"drafted  {slug}")


def show(frame: Frame, page: Page, layout: Any, data: dict[str, Any]) -> None:
    """Print a report, or with --json its data."""
    if not frame.as_json:
        from capdraft.evaluating.rendering import render

        width = max(shutil.get_terminal_size((120, 24)).columns, 60)
        frame.say(render(page, layout, width).rstrip("\n"))
    frame.answer(data)
