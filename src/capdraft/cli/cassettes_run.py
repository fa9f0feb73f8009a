"""Which cassettes are looked at, and recording them again, one after the other."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capdraft.cli.asking import Asked, announcement, choosing, opened
from capdraft.cli.cassettes_text import UNUSED, changes_data, tell_changes, told_estimate
from capdraft.cli.frame import Frame, count, error_data
from capdraft.cli.progress import usd
from capdraft.errors import (
    BudgetReached,
    CapdraftError,
    CassetteError,
    CassetteInvalid,
    EndpointError,
    NoEndpoint,
    NotFound,
    UsageProblem,
)

if TYPE_CHECKING:
    from capdraft.client import Endpoint
    from capdraft.client.cassettes import Note
    from capdraft.client.prices import Budget
    from capdraft.drafting.asking import Terms
    from capdraft.recording.answers import Said
    from capdraft.recording.costing import Estimate
    from capdraft.recording.standing import Standing
    from capdraft.recording.using import Use
    from capdraft.settings import Settings
    from capdraft.workspace import Workspace

BROKEN = (
    "It can't be read, nor what it was recorded from: take it back from git, or record it by the "
    "command that made it, with --record-mode rewrite."
)
WAYS = "Set OPENAI_API_KEY, or name another endpoint with --base-url."


def standings(
    workspace: Workspace,
    settings: Settings,
    names: Sequence[str],
    *,
    fetch: bool = False,
    large: int | None = None,
) -> list[Standing]:
    """Return how the named cassettes stand, or all of the workspace."""
    import asyncio

    from capdraft.recording.standing import LARGE, find_cassettes, stand

    async def all_of_them() -> list[Standing]:
        size = LARGE if large is None else large
        paths = find_cassettes(workspace, names)
        return [await stand(path, workspace, settings, fetch=fetch, large=size) for path in paths]

    return asyncio.run(all_of_them())


def taken_by(
    settings: Settings,
    found: Sequence[Standing],
    *,
    model: str | None = None,
    base_url: str | None = None,
) -> Estimate:
    """Return what recording these again takes, at the prices of the model that would be asked."""
    import os

    from capdraft.client.prices import ModelPrice
    from capdraft.recording.costing import estimate
    from capdraft.settings import choose_endpoint

    chosen = choose_endpoint(settings, os.environ, model=model, base_url=base_url)
    prices = settings.model.prices
    named = chosen.model or ""
    price = ModelPrice(named, chosen.base_url, prices) if named or prices else None
    return estimate([item.path for item in found], price)


def choose(found: Sequence[Standing], *, named: bool, everything: bool) -> list[Standing]:
    """Return what is to be recorded: drafts before those that judge them.

    Raises:
        NotFound: a cassette that is named doesn't say what it was recorded from.
    """
    for item in found:
        if named and item.note is None:
            broken = item.state == "unreadable"
            raise NotFound(
                f"{item.name} can't be recorded again", hint=BROKEN if broken else UNUSED + "."
            )
    wanted = [
        item
        for item in found
        if item.note and (named or everything or item.state in ("stale", "unreadable"))
    ]
    return sorted(wanted, key=lambda item: bool(item.note and "--judge" in item.note.by))


class Recorder:
    """Records cassettes again. What may be spent is shared by all of them."""

    def __init__(
        self,
        frame: Frame,
        workspace: Workspace,
        settings: Settings,
        options: Mapping[str, Any],
        *,
        fetch: bool = False,
    ) -> None:
        from capdraft.client.prices import Meter

        self.frame, self.workspace, self.settings = frame, workspace, settings
        self._options, self._fetch, self._meter = options, fetch, Meter()
        self._budget: Budget | None = None

    def dry_run(self, chosen: Sequence[Standing]) -> dict[str, Any]:
        """Print what would be recorded; return it as `--json` tells it."""
        for item in chosen:
            self.frame.say(f"would record  {item.name}")
        ways = {key: self._options.get(key) for key in ("model", "base_url")}
        taking = taken_by(self.settings, chosen, **ways)
        told = f"; would take {told_estimate(taking)}" if taking.calls else ""
        self.frame.note(f"{count(len(chosen), 'cassette')}; nothing was asked{told}")
        names = [item.name for item in chosen]
        ended: dict[str, Any] = {"recorded": [], "failed": [], "left": [], "would": names}
        return {**ended, "recording": asdict(taking)}

    def lost(self, found: Sequence[Standing]) -> list[dict[str, Any]]:
        """Tell which can't be read, nor what they were recorded from, and so were passed over."""
        told = list[dict[str, Any]]()
        for item in found:
            if item.state == "unreadable" and item.note is None:
                error = CassetteInvalid(item.causes[0].text, where=str(item.path), hint=BROKEN)
                self.frame.failed(error, f"{item.name}: {error.message}")
                told.append({"name": item.name, "error": error_data(error)})
        return told

    def record(self, chosen: Sequence[Standing]) -> dict[str, Any]:
        """Record each; return what happened as `--json` tells it.

        An endpoint that doesn't answer ends the run, and so does a budget that is used up.
        """
        ended: dict[str, Any] = {"recorded": [], "failed": [], "left": []}
        if not chosen:
            self.frame.note("nothing is stale")
            return ended
        for number, item in enumerate(chosen):
            try:
                ended["recorded"].append(self._one(item))
            except NoEndpoint as error:
                error.hint = WAYS
                raise
            except UsageProblem:
                raise
            except CapdraftError as error:
                if isinstance(error, BudgetReached):
                    error.hint = (
                        "What was recorded is kept: the same command goes on with the rest."
                    )
                self.frame.failed(error, f"{item.name} is as it was: {error}")
                ended["failed"].append({"name": item.name, "error": error_data(error)})
                if isinstance(error, EndpointError | BudgetReached):
                    ended["left"] = [left.name for left in chosen[number + 1 :]]
                    break
        meter = self._meter
        done, left = count(len(ended["recorded"]), "cassette"), len(ended["left"])
        self.frame.note(
            f"recorded {done} of {len(chosen)}: {count(meter.calls, 'call')}, {usd(meter.cost)}"
            + (f"; {left} left" if left else "")
        )
        cost = None if meter.cost is None else float(meter.cost)
        return {**ended, "calls": meter.calls, "cost_usd": cost}

    def _one(self, item: Standing) -> dict[str, Any]:
        import asyncio

        from capdraft.recording.answers import compare_answers, read_answers
        from capdraft.recording.using import Use

        if item.note is None:
            raise AssertionError(f"{item.name} has no note")
        use = Use.of(item.path, self.workspace, self.settings, item.note, fetch=self._fetch)
        before = self._before(item.path)
        calls, cost = self._meter.calls, self._meter.cost
        asyncio.run(self._ask(item.path, use))
        changes = compare_answers(before, read_answers(item.path))
        spent = None if cost is None or self._meter.cost is None else self._meter.cost - cost
        bill = f"{count(self._meter.calls - calls, 'call')}, {usd(spent)}"
        tell_changes(self.frame, item.name, changes, bill)
        told = None if spent is None else float(spent)
        return {"name": item.name, "cost_usd": told, **changes_data(changes)}

    def _before(self, path: Path) -> list[Said]:
        from capdraft.recording.answers import read_answers

        try:
            return read_answers(path)
        except CapdraftError:
            return []  # what can't be read says nothing

    async def _ask(self, path: Path, use: Use) -> None:
        from capdraft.recording.standing import Replay
        from capdraft.recording.using import DraftStaleError

        now = use.now()

        @asynccontextmanager
        async def answers(place: Path) -> AsyncIterator[tuple[Endpoint, Terms]]:
            async with self._opened(place, now) as found:
                yield found

        try:
            replay = Replay(self.settings)
            await use.ask(path, answers, self.workspace.root, replay=replay)
        except DraftStaleError as error:
            hint = "Record the draft first: `capdraft cassettes record` does both in order."
            raise CassetteError(str(error), hint=hint) from error

    @asynccontextmanager
    async def _opened(self, path: Path, now: Note) -> AsyncIterator[tuple[Endpoint, Terms]]:
        """Give the endpoint whose answers replace the file at `path` once all came."""
        asked = Asked(
            cassette=path,
            record_mode="rewrite",
            at_once=1,
            fresh=True,
            command="cassettes record",
            **self._options,
        )
        with choosing(self.frame, self.settings, asked) as (chosen, session):
            if session:
                session.note = now
            async with opened(
                self.workspace, self.settings, asked, chosen, self._meter, self.frame.note
            ) as (endpoint, found):
                if self._budget is None:
                    self._budget = found.budget
                    live = replace(asked, cassette=None)
                    self.frame.note(announcement(live, found, "recordings"))
                yield endpoint, replace(found, budget=self._budget)
