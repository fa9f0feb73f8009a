"""How a drafting run ended, as text and as data."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import click

from capdraft.cli.frame import Frame, count, error_data

if TYPE_CHECKING:
    from capdraft.drafting import Outcome
    from capdraft.records import Run
    from capdraft.workspace import StoredProposal


def tell(frame: Frame, outcome: Outcome) -> None:
    """Print how one source ended."""
    if outcome.stored is not None and outcome.unchanged:
        frame.say(f"{click.style('unchanged', bold=True)}  {outcome.stored.name} says the same")
        return
    if outcome.stored is not None:
        _tell_stored(frame, outcome.stored)
        return
    if outcome.error is not None:
        frame.failed(outcome.error, _named(outcome))


def _named(outcome: Outcome) -> str:
    """Return the error with its source, which is mostly its place already."""
    said = str(outcome.error)
    return said if outcome.source in said else f"{outcome.source}: {said}"


def _tell_stored(frame: Frame, stored: StoredProposal) -> None:
    proposal, run = stored.proposal, stored.proposal.run
    fields = [field for capability in proposal.capabilities for _, field in capability.fields()]
    grounded = sum(1 for field in fields if field.evidence)
    frame.say(
        f"{click.style(run.state, bold=True)}  {stored.name}: "
        f"{count(len(proposal.capabilities), 'capability', 'capabilities')}, "
        f"{count(len(fields), 'field')} ({grounded} with evidence), "
        f"{count(len(proposal.findings), 'finding')}"
    )
    frame.say(f"  {_bill(run)}")
    for record in proposal.rejected:
        frame.say(f"  left out {record.name!r}: {record.reason}")
        frame.say(f"    its answer: capdraft ledger show {record.answer}; ask anew: --fresh")
    slug = proposal.artifact.slug
    if not proposal.capabilities:
        frame.say("  the model found no capability in these documents")
        return
    frame.say(f"  next: capdraft check {slug}; capdraft review show {slug}")


def _bill(run: Run) -> str:
    if run.prompt_tokens is None or run.completion_tokens is None:
        tokens = "tokens unknown"
    else:
        tokens = f"{run.prompt_tokens:,} + {run.completion_tokens:,} tokens"
    kept = f", {count(run.from_ledger, 'answer')} paid before" if run.from_ledger else ""
    return f"{count(run.calls, 'call')}{kept}, {tokens}, {run.seconds:.0f} s, model {run.model}"


def failures(outcomes: list[Outcome]) -> str:
    """Return the last line of a run in which something failed: what, and how to retry it."""
    failed = [outcome for outcome in outcomes if outcome.error]
    return f"{len(failed)} of {len(outcomes)} failed; once mended, the same with: {_again(failed)}"


def left_over(outcomes: list[Outcome]) -> str:
    """Return the last line of a run that was stopped: what is left, and how to go on."""
    left = [outcome for outcome in outcomes if outcome.left]
    return (
        f"Stopped with {len(left)} of {len(outcomes)} left; to go on, the same with: {_again(left)}"
    )


def _again(outcomes: list[Outcome]) -> str:
    return " ".join(shlex.quote(outcome.source) for outcome in outcomes)


def outcome_data(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as it stands in `--json` answers."""
    data: dict[str, Any] = {"source": outcome.source, "state": outcome.state}
    if outcome.stored:
        data["unchanged"] = outcome.unchanged
        data["proposal"] = outcome.stored.name
        data |= outcome.stored.proposal.model_dump(
            mode="json", by_alias=True, include={"artifact", "run", "rejected", "findings"}
        )
        data["capabilities"] = [item.id for item in outcome.stored.proposal.capabilities]
    if outcome.error:
        data["error"] = error_data(outcome.error)
    return data
