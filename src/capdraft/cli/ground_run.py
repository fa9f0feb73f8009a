"""One run of `capdraft ground --judge`: the endpoint that decides, and what it came to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capdraft.cli.asking import Asked, announcement, choosing, opened
from capdraft.cli.frame import Frame, count, error_data
from capdraft.cli.judge_run import dry_run_judge, is_broken, judge_options

if TYPE_CHECKING:
    from capdraft.auditing import Grounded, GroundReport
    from capdraft.client.cassettes import Note
    from capdraft.drafting import Brief
    from capdraft.drafting.asking import Cost
    from capdraft.judging import Judged, JudgeOptions, Statement
    from capdraft.settings import EndpointSettings, Settings
    from capdraft.workspace import Workspace


@dataclass(frozen=True)
class GroundRun:
    """What is audited, and how the judge is asked."""

    frame: Frame
    workspace: Workspace
    settings: Settings
    slug: str
    sources: Sequence[Path | str]
    asked: Asked
    by: str | None
    briefs: dict[str, Brief] = field(default_factory=dict)
    """What was read, by the source's path from the workspace, or address."""
    statements: list[Statement] = field(default_factory=list)
    """What was asked."""

    def brief_of(self, source: Path | str) -> tuple[Brief, list[str]]:
        """Read a source, and keep what it gave for the note of a cassette."""
        from capdraft.drafting import make_brief
        from capdraft.sources.addresses import is_address, without_password

        brief, notes = make_brief(source, self.workspace, slug=self.slug)
        address = is_address(str(source))
        name = without_password(str(source)) if address else self.workspace.uri(Path(source))
        self.briefs[name] = brief
        return brief, notes

    def note(self, base: str) -> Note | None:
        """Return what a cassette says of an audit of the texts in the file `base`."""
        from capdraft.recording.judged_texts import Texts, ground_note

        texts = Texts(self.slug, base, self.statements, self.briefs)
        return ground_note(self.workspace, self.asked.cassette or Path(), texts)


@dataclass(frozen=True)
class Decided:
    """An audit in which a model decided."""

    report: GroundReport
    model: str
    cost: Cost

    @property
    def answers(self) -> Judged:
        """What the model said."""
        if self.report.answers is None:
            raise ValueError("no model was asked")
        return self.report.answers

    @property
    def not_judged(self) -> int:
        """How many sentences it gave no usable answer for: there the words decide."""
        return sum(1 for said in self.answers.verdicts for item in said if item.verdict is None)

    @property
    def failed(self) -> bool:
        """Whether sentences have no verdict of the model."""
        return bool(self.answers.errors or self.not_judged)

    def tell(self, frame: Frame) -> None:
        """Print what kept sentences from being judged, and what it came to."""
        from capdraft.cli.progress import usd

        for error in {str(error): error for error in self.answers.errors}.values():
            frame.failed(error)
        other = sum(not agrees(item) for item in self.report.sentences)
        told = (
            f"the judge, {self.model}: {other} of {count(len(self.report.sentences), 'sentence')} "
        )
        told += "judged otherwise than by words"
        left = f"; {self.not_judged} not judged: there the words decide" if self.not_judged else ""
        cost = f", {usd(self.cost.cost_usd)}" if self.cost.calls else ", nothing was paid"
        frame.note(f"{told}{left}; {count(self.cost.calls, 'call')}{cost}")

    def data(self) -> dict[str, Any]:
        """Return it as it stands in `--json` answers."""
        return {
            "model": self.model,
            "otherwise_than_by_words": sum(not agrees(item) for item in self.report.sentences),
            "not_judged": self.not_judged,
            "calls": self.cost.calls,
            "from_ledger": self.cost.from_ledger,
            "cost_usd": self.cost.cost_usd,
            "errors": [error_data(error) for error in self.answers.errors],
        }


def agrees(item: Grounded) -> bool:
    """Tell whether words alone come to the same of a sentence: supported, contradicted, or not."""
    words = item.by_words
    if words is None:
        return True
    pairs = {"not-found": "partly"}
    one, other = (pairs.get(said, said) for said in (words.verdict, item.judged.verdict))
    return one == other


def ground_judged(run: GroundRun) -> Decided:
    """Audit an artifact's texts, and let a model decide on each sentence."""
    import asyncio

    with choosing(run.frame, run.settings, run.asked) as (chosen, session):
        decided = asyncio.run(_ground(run, chosen))
        if session:
            session.note = run.note(decided.report.base)
            if is_broken(decided.answers.errors, stopped=decided.answers.stopped):
                session.discard()
    return decided


async def _ground(run: GroundRun, chosen: EndpointSettings) -> Decided:
    import asyncio

    from capdraft.auditing import Asking, ground
    from capdraft.client.prices import Meter
    from capdraft.drafting.asking import Asker
    from capdraft.drafting.running import AtMost, interrupts
    from capdraft.judging import judge_statements
    from capdraft.ledger import Ledger

    note, loop, stopping = run.frame.note, asyncio.get_running_loop(), asyncio.Event()
    async with opened(run.workspace, run.settings, run.asked, chosen, Meter(), note) as (
        endpoint,
        terms,
    ):
        options = judge_options(run.workspace, run.asked, terms, note)
        shared = AtMost(endpoint, run.asked.at_once, stopping)
        asker = Asker(shared, Ledger(run.workspace.root), terms, f"{run.slug}: grounded")

        def ask(statements: Sequence[Statement]) -> Judged:
            run.statements.extend(statements)
            asked = judge_statements(statements, asker, options.prompt)
            return asyncio.run_coroutine_threadsafe(asked, loop).result()

        note(announcement(run.asked, terms, run.slug))
        with interrupts(stopping, note):
            # Documents are read in a thread: this one waits for the answers.
            report = await asyncio.to_thread(
                ground,
                run.workspace,
                run.slug,
                run.sources,
                run.settings.rules,
                by=run.by,
                asking=Asking(options.judge, ask),
                brief_of=run.brief_of,
            )
    return Decided(report, terms.model, asker.cost)


def dry_run_ground(run: GroundRun) -> int:
    """Print what the judge would be asked, and its size; return the exit status."""
    from capdraft.auditing import statements_to_judge
    from capdraft.judging import batch_messages

    def requests(slug: str, options: JudgeOptions) -> list[list[dict[str, str]]]:
        statements, notes = statements_to_judge(run.workspace, slug, run.sources)
        for note in notes:
            run.frame.note(note)
        return batch_messages(statements, options.prompt)

    return dry_run_judge(run.frame, run.workspace, run.settings, run.asked, requests, [run.slug])
