"""Asking a model, from a script, whether the passages say what the texts say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from capdraft.errors import CapdraftError
from capdraft.scripting.asking import choosing, opened
from capdraft.scripting.telling import in_a_script

if TYPE_CHECKING:
    from collections.abc import Sequence

    from capdraft.judging import JudgedArtifact
    from capdraft.scripting.drafting import Run


@dataclass(frozen=True, slots=True)
class Judged:
    """How a model got on with the newest proposal of an artifact; `check` tells what it found.

    >>> (judged,) = workspace.judge_sync("ticket-reader")
    >>> judged.asked, judged.kept, judged.not_judged
    (2, 0, ())
    """

    artifact: str
    asked: int
    """Fields that it was asked about now."""
    kept: int
    """Fields that it judged before, and that read and cite the same."""
    not_judged: tuple[str, ...] = ()
    """Sentences that got no usable answer."""
    cost_usd: float | None = 0.0
    """What was paid; None where a price is unknown."""
    errors: tuple[CapdraftError, ...] = ()
    """What kept sentences from being judged."""


async def judge(run: Run, slugs: Sequence[str]) -> list[Judged]:
    """Ask a model about the newest proposals of `slugs`, and keep what it says.

    Raises:
        NotFound: one has no proposal; nothing was asked.
        NoEndpoint: nothing says what to ask, or with which key.
    """
    from capdraft.client.prices import Meter
    from capdraft.errors import BudgetReached, CassetteError, EndpointError
    from capdraft.judging import JudgeOptions, judge_artifacts
    from capdraft.prompts import load_prompt

    workspace, asked = run.workspace, run.asked
    for slug in slugs:
        if not workspace.proposals(slug):
            workspace.read_proposal(slug)  # tells what there is instead
    prompt = load_prompt("judge", workspace.root)
    # A recording holds all requests, whatever was judged before.
    again = asked.fresh or asked.cassette is not None
    with choosing(run.settings, asked, run.notify) as (chosen, session):
        asking = opened(workspace, run.settings, asked, chosen, Meter(), run.notify)
        async with asking as (endpoint, terms):
            options = JudgeOptions(
                terms, prompt, asked.at_once, again, run.notify, heeds_interrupts=False
            )
            ended = await judge_artifacts(workspace, slugs, endpoint, options)
        if session and asked.cassette:
            from capdraft.recording.judged_texts import check_note

            session.note = check_note(workspace, asked.cassette, ended)
            lost = EndpointError, CassetteError, BudgetReached
            if any(isinstance(error, lost) for one in ended for error in one.errors):
                session.discard()  # it would lack answers
    return [_judged(one) for one in ended]


def _judged(ended: JudgedArtifact) -> Judged:
    return Judged(
        ended.slug,
        len(ended.asked),
        ended.kept,
        tuple(text for _, text in ended.not_judged),
        ended.cost.cost_usd,
        tuple(map(in_a_script, ended.errors)),
    )
