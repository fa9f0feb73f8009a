"""`capdraft search`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from capdraft.cli.frame import Frame, framed, load_settings

if TYPE_CHECKING:
    from capdraft.searching import MatchedWord, Result


@click.command("search", short_help="Find capabilities by need.")
@click.argument("need", nargs=-1, required=True, metavar="NEED...")
@click.option("--type", "type_", metavar="TYPE", help="Only of artifacts of this type: model, …")
@click.option(
    "--limit",
    type=click.IntRange(1, 100),
    default=10,
    show_default=True,
    metavar="N",
    help="Results at most.",
)
@click.option(
    "--choose",
    type=click.IntRange(min=1),
    metavar="N",
    help="Note that result N is the one that you take.",
)
@framed
def command(
    frame: Frame, need: tuple[str, ...], type_: str | None, limit: int, choose: int | None
) -> int:
    """Find the approved capabilities that meet NEED, put in your own words.

    \b
    capdraft search "read handwritten invoices"
    capdraft search "read handwritten invoices" --choose 1
    """
    from capdraft.errors import UsageProblem
    from capdraft.searching import Matches, Search, choose_embedder, local_client

    said = " ".join(need)
    if not said.strip():
        raise UsageProblem("no need is named", hint='capdraft search "read handwritten invoices"')
    workspace = frame.workspace()
    settings = load_settings(workspace)
    search = Search(workspace, *choose_embedder(settings, os.environ), notify=frame.note)
    search.refresh()
    answer = search.find(said, type_=type_, limit=limit)
    matches = Matches(workspace.root, keep_queries=settings.matches.keep_queries)
    if choose or not matches.is_read_only:
        answer = matches.record(answer, local_client())
    if answer.why_words_alone:
        frame.note(f"by words alone: {answer.why_words_alone}")
    for result in answer.results:
        _show(frame, result)
    if not answer.results:
        what = f"no artifact of type {type_!r}" if type_ else "nothing in the catalog"
        frame.note(f"{what} shares a word with that")
    outcome = matches.choose(str(answer.match), choose) if choose else None
    chosen = f"; result {choose} is noted as yours" if choose else ""
    if answer.match:
        frame.note(f"match {answer.match}{chosen}")
    else:
        frame.note("this search is not noted: the workspace is read-only")
    if answer.match and answer.results and not choose:
        frame.note(f"  next: capdraft feedback {answer.match} success --result 1")
    data = answer.model_dump(mode="json", by_alias=True)
    frame.answer({**data, "chosen": outcome._asdict() if outcome else None})
    return 0


def _show(frame: Frame, result: Result) -> None:
    name = click.style(result.capability_name, bold=True)
    frame.say(f"{result.place:3}. {name}  {result.artifact}/{result.capability} ({result.type})")
    frame.say(f"     {result.description}")
    if result.words:
        frame.say(f"     words: {', '.join(map(_word, result.words))}")
    if result.intent:
        frame.say(f"     intent: {result.intent}")
    if result.passage:
        quote = " ".join(result.passage.quote.split())
        shown = quote if len(quote) <= 200 else f"{quote[:199]}…"
        frame.say(f"     “{shown}”  {result.passage.uri}")


def _word(item: MatchedWord) -> str:
    if item.slips:
        return f"{item.matched} (for {item.word!r})"
    return item.matched if item.matched == item.word else f"{item.word} ({item.matched})"
