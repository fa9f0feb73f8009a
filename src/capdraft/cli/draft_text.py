"""How a drafting run ended, as text and as data."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from capdraft.cli.frame import Frame, count, error_data
from capdraft.cli.progress import usd

if TYPE_CHECKING:
    from capdraft.drafting import Outcome
    from capdraft.records import Artifact, Dropped, Proposal, Run
    from capdraft.workspace import StoredProposal


MOST_LINES = 10
_LIKE_A_CARD = re.compile(r"(?:\bcard|\breadme(?:\.\w+)?)$", re.IGNORECASE)


def tell(frame: Frame, outcome: Outcome) -> None:
    """Print how one source ended."""
    if outcome.stored is not None and outcome.unchanged:
        frame.say(f"{click.style('unchanged', bold=True)}  {outcome.stored.name} says the same")
        _tell_left_out(frame, outcome.stored.proposal)
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
    if described := _described(proposal.artifact):
        frame.say(f"  {described}")
    _tell_changes(frame, proposal)
    _tell_left_out(frame, proposal)
    slug = proposal.artifact.slug
    if not proposal.capabilities:
        frame.say(f"  {_why_empty(proposal)}")
        return
    frame.say(f"  next: capdraft check {slug}; capdraft review show {slug}")


def _described(artifact: Artifact) -> str:
    """Return what the artifact is called and is, where a person may know better; else nothing."""
    license_ = artifact.license or "unknown"
    if "unknown" not in (artifact.type, license_) and not _LIKE_A_CARD.search(artifact.name):
        return ""
    return (
        f"name {artifact.name}, type {artifact.type}, licence {license_}; to say otherwise: "
        "--name, --artifact, --type, or front matter (name, type, license)"
    )


def _tell_changes(frame: Frame, proposal: Proposal) -> None:
    """Print what became of the proposal before, and what a reviewer should know of this one."""
    changes = proposal.changes
    if changes:
        frame.say(
            f"  since {changes.since}: {len(changes.carried_over)} carried over, "
            f"{len(changes.added)} added, {len(changes.changed)} changed, "
            f"{count(len(changes.lost), 'text')} lost"
        )
    lost = [f"lost {_field(item)}: {item.why}" for item in changes.lost] if changes else []
    again = [f"not again {_field(item)}: {item.why}" for item in proposal.not_again]
    differ = [f"the documents differ: {item.about}" for item in proposal.contradictions]
    for lines in (lost, again, differ):
        for line in lines[:MOST_LINES]:
            frame.say(f"  {line}")
        if len(lines) > MOST_LINES:
            frame.say(f"  … and {len(lines) - MOST_LINES} more; --json lists them all")


def _field(item: Dropped) -> str:
    return f"{item.capability}.{item.field}"


def _tell_left_out(frame: Frame, proposal: Proposal) -> None:
    for record in proposal.rejected:
        frame.say(f"  left out {record.name!r}: {record.reason}")
        frame.say(f"    its answer: capdraft ledger show {record.answer}; ask anew: --fresh")


def _why_empty(proposal: Proposal) -> str:
    if proposal.run.calls or proposal.run.from_ledger:
        return "the model found no capability in these documents"
    if proposal.changes:
        return "no capability is left in these documents; nothing had to be asked"
    return "these documents hold boilerplate only; nothing was asked"


def _bill(run: Run) -> str:
    if run.prompt_tokens is None or run.completion_tokens is None:
        tokens = "tokens unknown"
    else:
        tokens = f"{run.prompt_tokens:,} + {run.completion_tokens:,} tokens"
    kept = f", {count(run.from_ledger, 'answer')} paid before" if run.from_ledger else ""
    cost = "" if run.cost_usd is None or not run.calls else f", {usd(run.cost_usd)}"
    calls = f"{count(run.calls, 'call')}{kept}"
    windows = f"{count(run.windows, 'window')}, " if run.windows > 1 else ""
    return f"{windows}{calls}, {tokens}{cost}, {run.seconds:.0f} s, model {run.model}"


def failures(outcomes: list[Outcome], options: list[str]) -> str:
    """Return what failed, each reason once above its sources, and the command that retries it."""
    failed = [outcome for outcome in outcomes if outcome.error]
    reasons: dict[str, list[Outcome]] = {}
    for outcome in failed:
        reasons.setdefault(_reason(outcome), []).append(outcome)
    lines = [f"{len(failed)} of {len(outcomes)} failed:"]
    for reason, together in reasons.items():
        lines += [f"  {reason}", *(f"    {_place(outcome)}" for outcome in together)]
    return "\n".join([*lines, f"once mended: {retry(failed, options)}"])


def _reason(outcome: Outcome) -> str:
    """Return the reason in one line: its details were told when it happened."""
    if outcome.error is None:
        return ""
    if outcome.error.kind == "BudgetReached":  # what was spent differs from one to the next
        return "the run's budget is used up (--max-calls, --max-cost)"
    return next(iter(outcome.error.message.splitlines()), "").rstrip(":")


def _place(outcome: Outcome) -> str:
    where = outcome.error.where if outcome.error else ""
    return where if outcome.source in where else outcome.source


def left_over(outcomes: list[Outcome], options: list[str]) -> str:
    """Return the last line of a run that was stopped: what is left, and how to go on."""
    left = [outcome for outcome in outcomes if outcome.state == "left"]
    return f"Stopped with {len(left)} of {len(outcomes)} left; to go on: {retry(left, options)}"


def retry(outcomes: list[Outcome], options: list[str]) -> str:
    """Return the command that drafts the sources of `outcomes` with the same options."""
    sources = [outcome.source for outcome in outcomes]
    if any(source.startswith("-") for source in sources):
        sources.insert(0, "--")
    return shlex.join(["capdraft", "draft", *options, *sources])


def options_used(context: click.Context) -> list[str]:
    """Return the options of this command line, to use them again; no secret of an address."""
    from capdraft.settings import public_url

    words: list[str] = []
    for option in context.command.params:
        name = option.name or ""
        source = context.get_parameter_source(name)
        if not isinstance(option, click.Option) or source is not ParameterSource.COMMANDLINE:
            continue
        value = context.params[name]
        if name == "listed":  # --from: its sources are named one by one
            continue
        if name == "base_url":
            value = public_url(value)
        words += [option.opts[0]] if option.is_flag else [option.opts[0], str(value)]
    return words


_TOLD = {
    "artifact",
    "run",
    "changes",
    "alternatives",
    "contradictions",
    "rejected",
    "not_again",
    "findings",
}


def outcome_data(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as it stands in `--json` answers."""
    data: dict[str, Any] = {"source": outcome.source, "state": outcome.state}
    if outcome.stored:
        data["unchanged"] = outcome.unchanged
        data["proposal"] = outcome.stored.name
        data |= outcome.stored.proposal.model_dump(mode="json", by_alias=True, include=_TOLD)
        data["capabilities"] = [item.id for item in outcome.stored.proposal.capabilities]
    if outcome.error:
        data["error"] = error_data(outcome.error)
    return data
