"""`capdraft rank`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from capdraft.cli.frame import Frame, error_data, framed, load_settings, one_by_one

if TYPE_CHECKING:
    from decimal import Decimal

    from capdraft.ranking import Input, Rank, Term, Weights
    from capdraft.settings import RankSettings


@click.command("rank", short_help="Rank the artifacts of the catalog, and say why.")
@click.argument("slugs", nargs=-1, metavar="[SLUG]...")
@click.option("--explain", is_flag=True, help="Account for every point.")
@click.option("--type", "kind", metavar="TYPE", help="Only artifacts of this type: model, dataset.")
@click.option("--weights", is_flag=True, help="Show how much each part counts, by type.")
@framed
def command(
    frame: Frame, slugs: tuple[str, ...], explain: bool, kind: str | None, weights: bool
) -> int:
    """Rank artifacts by five parts, from what is known of each.

    \b
    capdraft rank
    capdraft rank paligemma --explain
    capdraft rank --weights
    """
    from datetime import UTC, datetime

    from capdraft.ranking import VERSION, Ranking, by_total
    from capdraft.searching import Matches

    workspace = frame.workspace()
    settings = load_settings(workspace).rank
    if weights:
        return _tell_weights(frame, settings)
    now = datetime.now(UTC)
    ranking = Ranking(workspace, settings, now, Matches(workspace.root))
    ranks: list[Rank] = []

    def rank(slug: str) -> None:
        found = ranking.rank(slug)
        if slugs or not found.withdrawn:
            ranks.append(found)

    failed = one_by_one(frame, dict.fromkeys(slugs or workspace.catalog()), rank)
    found = by_total(r for r in ranks if kind in (None, r.artifact.type))
    if explain:
        for item in found:
            _explain(frame, item)
    elif found:
        _table(frame, found)
    if not found and not failed:
        frame.note(f"the catalog has no {kind or 'artifact'} to rank")
    frame.answer(
        {
            "formula": VERSION,
            "computed": now.isoformat(timespec="seconds"),
            "ranks": [_data(item) for item in found],
            "failed": [error_data(error) for error in failed],
        }
    )
    return 1 if failed else 0


def _table(frame: Frame, ranks: list[Rank]) -> None:
    from capdraft.ranking import PARTS, VERSION

    wide = max(len(rank.artifact.slug) for rank in ranks)
    kinds = max(len(rank.artifact.type) for rank in ranks)
    head = "".join(f"  {part:>{len(part)}}" for part in PARTS)
    frame.say(f"{'':{wide}}  {'':{kinds}}  of 100{head}  {VERSION}")
    for rank in ranks:
        total = rank.score.total
        values = "".join(
            f"  {_shown(term.part.value):>{len(term.part.name)}}" for term in rank.score.terms
        )
        marks = f"  {', '.join(rank.score.marks)}" if rank.score.marks else ""
        name = click.style(f"{rank.artifact.slug:{wide}}", bold=True)
        frame.say(f"{name}  {rank.artifact.type:{kinds}}  {_shown(total):>6}{values}{marks}")


def _explain(frame: Frame, rank: Rank) -> None:
    score, artifact = rank.score, rank.artifact
    name = click.style(artifact.slug, bold=True)
    said = "unranked" if score.total is None else f"{score.total} of 100"
    frame.say(f"{name}, {artifact.type}: {said}  {score.version}, weights: {rank.weights.source}")
    for mark in score.marks:
        frame.say(f"  {mark}")
    for term in score.terms:
        frame.say(f"  {term.part.name:<11}  {_counted(term, rank.weights)}")
        value = "" if term.part.value is None else f" = {term.part.value}"
        frame.say(f"      {term.part.formula}{value}")
        for item in term.part.inputs:
            frame.say(f"      {_input_text(item)}")
    if score.total is not None:
        points = " + ".join(str(t.points) for t in score.terms if t.part.value is not None)
        frame.say(f"  {points} = {score.total}")
    frame.say()


def _counted(term: Term, weights: Weights) -> str:
    """Return how a part counts: its share of the weight times its value, of a hundred points."""
    set_to = weights.by_part[term.part.name]
    if term.part.value is None:
        return f"unknown; its weight {set_to} is shared among the others"
    share = f" (set: {set_to})" if term.weight != set_to else ""
    return f"{term.weight} × {term.part.value} × 100 = {term.points} points{share}"


def _input_text(item: Input) -> str:
    date = f"  {item.date:%Y-%m-%d}" if item.date else ""
    source = f"  {item.source}" if item.source != item.value else ""
    return f"- {item.signal}: {item.value}{source}{date}" + ("  old" if item.old else "")


def _shown(value: Decimal | None) -> str:
    return "–" if value is None else str(value)


def _data(rank: Rank) -> dict[str, Any]:
    score = rank.score
    return {
        "artifact": rank.artifact.slug,
        "name": rank.artifact.name,
        "type": rank.artifact.type,
        "formula": score.version,
        "weights": rank.weights.source,
        "total": _number(score.total),
        "marks": list(score.marks),
        "parts": [_term_data(term, rank.weights) for term in score.terms],
    }


def _term_data(term: Term, weights: Weights) -> dict[str, Any]:
    part = term.part
    return {
        "part": part.name,
        "value": _number(part.value),
        "weight": _number(term.weight),
        "weight_set": _number(weights.by_part[part.name]),
        "points": _number(None if part.value is None else term.points),
        "uncertainty": _number(part.uncertainty),
        "formula": part.formula,
        "inputs": [
            {
                "signal": item.signal,
                "value": item.value,
                "source": item.source,
                "date": item.date.isoformat() if item.date else None,
                "old": item.old,
            }
            for item in part.inputs
        ],
    }


def _number(value: Decimal | None) -> float | None:
    """Return two decimals as JSON writes them: the nearest float prints as the same digits."""
    return None if value is None else float(value)


def _tell_weights(frame: Frame, settings: RankSettings) -> int:
    from capdraft.ranking import PARTS, VERSION, all_weights

    found = all_weights(settings)
    wide = max(map(len, found))
    frame.say(f"{'':{wide}}  {'  '.join(PARTS)}  {VERSION}")
    for kind, weights in found.items():
        values = "  ".join(f"{weights.by_part[part]:>{len(part)}}" for part in PARTS)
        frame.say(f"{click.style(f'{kind:{wide}}', bold=True)}  {values}  {weights.source}")
    frame.answer(
        {
            "formula": VERSION,
            "weights": {
                kind: {
                    "source": weights.source,
                    **{part: float(value) for part, value in weights.by_part.items()},
                }
                for kind, weights in found.items()
            },
        }
    )
    return 0
