"""`capdraft ground`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capdraft.cli.asking import INTERRUPTED, Asked, asking_options
from capdraft.cli.frame import Frame, count, framed, load_settings
from capdraft.cli.ground_run import GroundRun, agrees, dry_run_ground, ground_judged
from capdraft.cli.judge_run import refuse_without_judge

if TYPE_CHECKING:
    from capdraft.auditing import Grounded, GroundReport
    from capdraft.checking.statements import Judged

VERDICTS = {
    "supported": "green",
    "partly": "yellow",
    "contradicted": "red",
    "not-found": "red",
}


@click.command("ground", short_help="Look for the passages that support existing texts.")
@click.argument("slug")
@click.argument("more", nargs=-1, metavar="[DOCS]...")
@click.option(
    "--with",
    "sources",
    multiple=True,
    required=True,
    metavar="DOCS",
    help="A file, folder or address; more of them may follow.",
)
@click.option("--as", "by", metavar="WHO", help="Who audits; else who git says you are.")
@click.option(
    "--judge", is_flag=True, help="Let a model decide whether the passages say a sentence."
)
@asking_options("With --judge: requests at once.")
@framed
def command(
    frame: Frame,
    slug: str,
    more: tuple[str, ...],
    sources: tuple[str, ...],
    by: str | None,
    judge: bool,
    dry_run: bool,
    **options: Any,
) -> int:
    """Hold each sentence of an artifact's texts against documents.

    What passages say is attached to the texts in a new proposal; the rest is left with findings.
    Exit status 1 when a sentence is not supported.

    With --judge a model reads the passages that share the most words with a sentence, and decides.

    \b
    capdraft ground paligemma --with README.md
    capdraft ground paligemma --with docs/ https://example.org/card.md
    capdraft ground paligemma --with README.md --judge --max-cost 0.5
    """
    from capdraft.auditing import ground

    workspace = frame.workspace()
    settings = load_settings(workspace)
    every: list[Path | str] = [*sources, *more]
    who, decided = _who(workspace.root, by), None
    asked = Asked(**options, command=f"ground {slug} --judge")
    run = GroundRun(frame, workspace, settings, slug, every, asked, who)
    if not judge:
        refuse_without_judge()
        report = ground(workspace, slug, every, settings.rules, by=who)
    elif dry_run:
        return dry_run_ground(run)
    else:
        decided = ground_judged(run)
        report = decided.report
    for note in report.notes:
        frame.note(note)
    _say(frame, report)
    if decided:
        decided.tell(frame)
    frame.answer(_data(report) | ({"judge": decided.data()} if decided else {}))
    if decided and decided.answers.stopped:
        return INTERRUPTED
    supported = all(item.judged.verdict == "supported" for item in report.sentences)
    return 0 if supported and not (decided and decided.failed) else 1


def _who(root: Any, by: str | None) -> str | None:
    """Return who audits; None where nobody is named and git knows nobody."""
    from capdraft.errors import CapdraftError
    from capdraft.reviewing import reviewer_slug

    try:
        return reviewer_slug(by, root)
    except CapdraftError:
        if by:
            raise
        return None


def _say(frame: Frame, report: GroundReport) -> None:
    where = None
    for item in report.sentences:
        if where != (item.capability, item.field):
            where = (item.capability, item.field)
            frame.say(click.style(f"{item.capability}.{item.field}", bold=True))
        verdict = item.judged.verdict
        mark = click.style(f"{verdict:<12}", fg=VERDICTS[verdict])
        frame.say(f"  {mark}  {_short(item.text)}")
        for line in (*_lines(item.judged), *_by_words(item)):
            frame.say(f"  {'':<12}  {line}")
    for capability, field in report.left:
        frame.note(f"{capability}.{field}: a model cited passages for it; it stays as it is")
    told = ", ".join(f"{number} {verdict}" for verdict, number in _counts(report).items() if number)
    frame.note(f"{report.base}: {count(len(report.sentences), 'sentence')}: {told or 'none'}")
    if report.stored is None:
        frame.say("nothing new: the newest proposal cites the same already")
    else:
        frame.say(f"{report.stored.name}: {count(len(report.findings), 'finding')}")
        frame.note(f"  next: capdraft review show {report.stored.proposal.artifact.slug}")


def _lines(judged: Judged) -> list[str]:
    """Return what is to be said of a sentence: passages, words that none of them says."""
    passages = (*judged.passages, *(p for p in judged.other if p not in judged.passages))
    lines = [f"{p.document} [{p.number}] {_short(p.text)}" for p in passages]
    if judged.verdict == "partly" and judged.lacking:
        lines.append(f"differs in: {', '.join(judged.lacking)}")
    if judged.verdict == "not-found":
        return []
    return lines


def _by_words(item: Grounded) -> list[str]:
    """Return why a model decided so, and what words alone say where that is something else."""
    if item.by_words is None:
        return []
    otherwise = [] if agrees(item) else [f"by words alone: {item.by_words.verdict}"]
    return [f"judged: {item.reason}", *otherwise]


def _short(text: str, longest: int = 100) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def _counts(report: GroundReport) -> dict[str, int]:
    said = [item.judged.verdict for item in report.sentences]
    return {verdict: said.count(verdict) for verdict in VERDICTS}  # type: ignore[arg-type]


def _data(report: GroundReport) -> dict[str, Any]:
    return {
        "audited": report.base,
        "proposal": report.stored.name if report.stored else None,
        "verdicts": _counts(report),
        "sentences": [_sentence(item) for item in report.sentences],
        "left": [f"{capability}.{field}" for capability, field in report.left],
        "findings": [finding.model_dump(exclude_none=True) for finding in report.findings],
        "notes": list(report.notes),
    }


def _sentence(item: Grounded) -> dict[str, Any]:
    judged = item.judged
    return {
        "capability": item.capability,
        "field": item.field,
        "start": judged.start,
        "end": judged.end,
        "text": item.text,
        "verdict": judged.verdict,
        "lacking": list(judged.lacking),
        **_judged(item),
        "passages": [
            {"document": p.document, "number": p.number, "side": side, "text": p.text}
            for side, found in (("artifact", judged.passages), ("alternative", judged.other))
            for p in found
        ],
    }


def _judged(item: Grounded) -> dict[str, Any]:
    """Return how a model's verdict and that of the words go together, where one was asked."""
    if item.by_words is None:
        return {}
    words = {"verdict": item.by_words.verdict, "lacking": list(item.by_words.lacking)}
    return {"judged": {"reason": item.reason, "by_words": words, "agree": agrees(item)}}
