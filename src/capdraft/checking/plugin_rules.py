"""The rules of plugins, each guarded: one that breaks is told of, and the others go on."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from capdraft.checking.claims import MOST_PROBLEMS, Check, Claim, Problem, Rule
from capdraft.plugins import Problem as GivenProblem
from capdraft.plugins.calling import FAULTS, calling
from capdraft.plugins.finding import Plugin
from capdraft.plugins.running import in_use
from capdraft.plugins.shapes import CODE


def plugin_rules() -> dict[str, Rule]:
    """Return the rules of the plugins in use, by code."""
    found = ((plugin, plugin.part) for plugin in in_use().of("rules"))
    return {
        part.code: Rule(part.code, part.name, part.severity, part.summary, _guarded(plugin, part))
        for plugin, part in sorted(found, key=lambda item: item[1].code)
    }


def may_be_of_a_plugin(code: str) -> bool:
    """Tell whether `code` is one as plugins have them."""
    return bool(CODE.fullmatch(code)) and not code.startswith("CD")


def tell_of_missing(code: str, near: str | None) -> None:
    """Tell that the settings name a rule of a plugin that isn't here; `near` is one that is.

    One that is off or broken tells no code: then it may be that one, which was told already.
    """
    if all(plugin.state == "loaded" for plugin in in_use().every("rules")):
        in_use().misses(code, near)


def _guarded(plugin: Plugin, part: Any) -> Check:
    def check(claim: Claim) -> list[Problem]:
        try:
            with calling:
                # One more than is told: a rule may find problems without end.
                return _problems(islice(part.check(claim), MOST_PROBLEMS + 1), claim.field.text)
        except FAULTS as error:
            where = f"{claim.artifact.slug}/{claim.capability.id}.{claim.field_name}"
            in_use().broke(plugin, f"it checked {where}", error)
            return []

    return check


def _problems(given: Iterable[object], text: str) -> list[Problem]:
    """Return what a plugin gave as problems of `text`.

    Raises:
        TypeError: it is something else.
        ValueError: a problem says nothing, or is about words that are not there.
    """
    found = []
    for item in given:
        if not isinstance(item, GivenProblem) or not isinstance(item.message, str):
            raise TypeError(f"check gave {item!r:.100}, not a capdraft.plugins.Problem")
        if not item.message.strip():
            raise ValueError("check gave a problem without a message")
        if (item.start, item.end) != (None, None) and not _is_span(item.start, item.end, text):
            span = f"{item.start}:{item.end}"
            raise ValueError(f"check gave the span {span} of a text of {len(text)} characters")
        message = " ".join(item.message.split())
        found.append(Problem(message, item.start, item.end, bool(item.mild)))
    return found


def _is_span(start: object, end: object, text: str) -> bool:
    return type(start) is int and type(end) is int and 0 <= start < end <= len(text)
