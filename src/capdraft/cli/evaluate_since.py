"""What a change does: drafts against an earlier result, and the recordings that it makes stale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from capdraft.cli.cassettes_run import standings, taken_by
from capdraft.cli.cassettes_text import standing_data, told_estimate
from capdraft.cli.frame import Frame, count
from capdraft.errors import UsageProblem

if TYPE_CHECKING:
    from capdraft.evaluating import Contrast, Evaluation, GoldCase
    from capdraft.evaluating.pages import Page, Section
    from capdraft.recording.costing import Estimate
    from capdraft.recording.standing import Standing
    from capdraft.settings import Settings
    from capdraft.workspace import Workspace


def measures_named(given: str | None) -> tuple[str, ...]:
    """Return the measures in a list with commas.

    Raises:
        UsageProblem: one is none.
    """
    from capdraft.evaluating.measures import AMOUNTS, MEASURES

    names = tuple(name.strip() for name in (given or "").split(",") if name.strip())
    for name in names:
        if name not in MEASURES and name not in AMOUNTS:
            raise UsageProblem(
                f"{name!r} is no measure", hint=f"Measures: {', '.join([*MEASURES, *AMOUNTS])}"
            )
    return names


def failed_by(frame: Frame, found: Contrast, counted: Sequence[str]) -> bool:
    """Tell which of the measures `counted` (else every share) fell; return whether B is worse."""
    worse = found.worse(counted)
    for item in worse:
        frame.note(f"{item.label} is worse in B")
    return bool(worse or found.newly_failed)


@dataclass(frozen=True)
class Since:
    """The earlier result that a run is held against, and the measures whose fall is a failure."""

    workspace: Workspace
    settings: Settings
    before: Evaluation
    counted: tuple[str, ...]

    @classmethod
    def asked(
        cls, workspace: Workspace, settings: Settings, file: Path | None, fail_on: str | None
    ) -> Self | None:
        """Return what the command line asks for; None without --since.

        Raises:
            UsageProblem: --fail-on names no measure, or stands alone.
            FileInvalid: the file holds no result.
        """
        from capdraft.evaluating import read_evaluation

        if file is None:
            if fail_on:
                raise UsageProblem("--fail-on goes with --since FILE")
            return None
        return cls(workspace, settings, read_evaluation(file), measures_named(fail_on))

    def check_gold(self, cases: Sequence[GoldCase]) -> None:
        """Check that the earlier result is of the same gold, before anybody is asked.

        Raises:
            UsageProblem: it isn't.
        """
        from capdraft.evaluating.contrasting import check_gold

        check_gold(self.before, {case.gold.slug: case.sha256 for case in cases})

    def told(
        self, frame: Frame, now: Evaluation, options: Mapping[str, Any]
    ) -> tuple[Page, dict[str, Any], bool]:
        """Return the comparison with the recordings, its data, and whether `now` is worse.

        `options` name model and endpoint, as for the run.

        Raises:
            UsageProblem: the two can't be compared.
        """
        from capdraft.evaluating import contrast
        from capdraft.evaluating.contrast_reports import contrast_page

        found = contrast(self.before, now)
        found.check_measures(self.counted)
        recorded = standings(self.workspace, self.settings, ())
        stale = [item for item in recorded if item.failed]
        ways = {key: options.get(key) for key in ("model", "base_url")}
        taking = taken_by(self.settings, stale, **ways)
        page = contrast_page(found)
        first, *rest = page.sections
        page = replace(page, sections=(first, _recordings(recorded, stale, taking), *rest))
        data = {
            "since": found.model_dump(mode="json", by_alias=True),
            "stale": [standing_data(item) for item in stale],
            "recording": asdict(taking),
        }
        return page, data, failed_by(frame, found, self.counted)


def _recordings(
    recorded: Sequence[Standing], stale: Sequence[Standing], taking: Estimate
) -> Section:
    from capdraft.evaluating.pages import Section

    prose = [f"{len(stale)} of {count(len(recorded), 'cassette')} would not replay now."]
    if taking.calls:
        told = told_estimate(taking)
        prose.append(f"To record them again, with `capdraft cassettes record`: {told}.")
    items = [f"{item.name}: {'; '.join(cause.text for cause in item.causes)}" for item in stale]
    return Section("Stale recordings", prose=tuple(prose), items=tuple(items))
