"""Hold the docs of each two compared artifacts against each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

from capdraft.comparing.comparison import Conflict, ConflictRule, Said
from capdraft.comparing.footnotes import Footnotes
from capdraft.records import CatalogEntry
from capdraft.text import one_line

MOST = 20
"""Conflicts that a page shows; more tell that something else is wrong."""
CONFLICT_RULES: dict[ConflictRule, str] = {
    "other-number": (
        "A sentence whose subject is the other artifact gives a number that stands nowhere in "
        "that artifact’s own passages; one of them gives another number in the same words. Bounds, "
        "guesses and conditions don’t count, nor do differences of up to 5 %."
    ),
    "other-value": (
        "Two table rows give one value of one artifact, under the same label and conditions, and "
        "differ by more than 5 %."
    ),
    "opposite": (
        "Each side’s docs say that the one artifact is ahead of the other, in the same words."
    ),
    "licence": "A passage says that the artifact is under another licence than its metadata says.",
}


def conflicts(
    entries: Sequence[CatalogEntry], names: Sequence[str], notes: Footnotes
) -> tuple[Conflict, ...]:
    """Return where the docs of `entries` say different things of one of them, each once.

    `names` are what the page calls them; passages are cited in `notes`.
    """
    found: dict[tuple[str, str, str], Conflict] = {}
    for conflict in _all(entries, names, notes):
        one, two = sorted((side.artifact, side.text) for side in conflict.sides)
        found.setdefault((conflict.rule, f"{one}", f"{two}"), conflict)
    return tuple(found.values())[:MOST]


def _all(
    entries: Sequence[CatalogEntry], names: Sequence[str], notes: Footnotes
) -> Iterator[Conflict]:
    from capdraft.comparing.conflicts.cells import other_values
    from capdraft.comparing.conflicts.licences import other_licence
    from capdraft.comparing.conflicts.numbers import other_numbers
    from capdraft.comparing.conflicts.opposites import opposites
    from capdraft.comparing.conflicts.statements import Side, Statement, sides_of

    sides = [side for side in sides_of(entries, names) if side.is_named_alone]

    def said(side: Side, statement: Statement) -> Said:
        footnotes = notes.cite(side.entry, statement.evidence)
        return Said(artifact=side.slug, text=one_line(statement.text), footnotes=footnotes)

    for one, two in permutations(sides, 2):
        for theirs, own in other_numbers(one, two, sides):
            about = f"A number of {two.name}: {one.name}’s docs give another one than its own."
            pair = (said(one, theirs), said(two, own))
            yield Conflict(rule="other-number", about=about, sides=pair)
        for theirs, own in other_values(one, two):
            about = f"A value of {two.name}: {one.name}’s docs give another one than its own."
            pair = (said(one, theirs), said(two, own))
            yield Conflict(rule="other-value", about=about, sides=pair)
        if one.place < two.place:
            for first, second in opposites(one, two):
                about = f"Which of {one.name} and {two.name} is ahead: their docs say the opposite."
                pair = (said(one, first), said(two, second))
                yield Conflict(rule="opposite", about=about, sides=pair)
    for speaker, subject in ((one, two) for one in sides for two in sides):
        for statement in other_licence(speaker, subject, sides):
            own_text = f"Licence: {one_line(subject.entry.artifact.license or '')}"
            told = Said(artifact=subject.slug, text=own_text)
            whose = "a passage" if speaker is subject else f"{speaker.name}’s docs"
            about = f"The licence of {subject.name}: its metadata and {whose} name different ones."
            yield Conflict(rule="licence", about=about, sides=(told, said(speaker, statement)))
