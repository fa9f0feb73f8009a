"""A text held against the schema of its kind; a proposal against the rules as well."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pydantic import BaseModel, ValidationError

from capdraft.checking import check_proposal, place_findings
from capdraft.errors import SourceError, UsageProblem
from capdraft.importing import assign, judge, read_page
from capdraft.publishing.api.answers import Problem, Validated
from capdraft.publishing.api.library import Library
from capdraft.publishing.api.places import Locate, json_places, toml_places
from capdraft.publishing.api.requests import ValidateRequest
from capdraft.records import CatalogEntry, Decision, Outcome, Proposal, Signals, Withdrawal
from capdraft.settings import Settings
from capdraft.text import toml_error_line
from capdraft.workspace import StoredProposal

MOST_PROBLEMS, MOST_COUNTED = 100, 10_000
"""Problems that are listed, and those that are looked for."""
NAME = "text"
"""What messages call the text."""


@dataclass(frozen=True, slots=True)
class _Format:
    """How texts are read into data; `each_line` is a document by itself."""

    load: Callable[[str], Any]
    line_of_error: Callable[[ValueError, str], int | None]
    places: Callable[[str], Locate]
    each_line: bool = False


def _json_error_line(error: ValueError, _: str) -> int | None:
    return error.lineno if isinstance(error, json.JSONDecodeError) else None


_JSON = _Format(json.loads, _json_error_line, json_places)
_LINES = _Format(json.loads, _json_error_line, json_places, each_line=True)
# Of a key with very many parts tomllib takes the square of them, in time and in memory.
_LONG_KEY = re.compile(r"""(?:(?:(?<![\w-])[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){64}""")


def _load_toml(text: str) -> dict[str, Any]:
    if _LONG_KEY.search(text):
        raise RecursionError
    return tomllib.loads(text)


_TOML = _Format(_load_toml, toml_error_line, toml_places)
_KINDS: dict[str, tuple[_Format, type[BaseModel]]] = {
    "proposal": (_TOML, Proposal),
    "settings": (_TOML, Settings),
    "catalog": (_JSON, CatalogEntry),
    "signals": (_JSON, Signals),
    "decision": (_LINES, Decision),
    "withdrawal": (_LINES, Withdrawal),
    "seed": (_LINES, Outcome),
}


def validate(library: Library, asked: ValidateRequest) -> Validated:
    """Return what is wrong with a text. Nothing is written, and no file that it names is read.

    Raises:
        SettingsError: capdraft.toml, whose `[rules]` count, can't be read.
    """
    if asked.kind == "page":
        problems = list(_page_problems(asked.text))
    else:
        found = _problems(asked.text, *_KINDS[asked.kind])
        problems = list(islice(found, MOST_COUNTED))
    if asked.kind == "proposal" and not problems:
        problems = list(_findings(asked.text, library.settings().rules))
    return Validated(
        kind=asked.kind,
        valid=all(problem.severity != "error" for problem in problems),
        problems=tuple(islice(problems, MOST_PROBLEMS)),
        more=max(len(problems) - MOST_PROBLEMS, 0),
    )


def _problems(text: str, form: _Format, model: type[BaseModel]) -> Iterator[Problem]:
    if not form.each_line:
        yield from _document_problems(text, form, model, 0)
        return
    for number, line in enumerate(text.split("\n")):
        if line.strip():
            yield from _document_problems(line, form, model, number)


def _document_problems(
    text: str, form: _Format, model: type[BaseModel], above: int
) -> Iterator[Problem]:
    """Yield what is wrong with one document that has `above` lines above it."""
    try:
        model.model_validate(form.load(text))
    except ValidationError as error:
        place = form.places(text)
        told = error.errors(include_url=False, include_context=False, include_input=False)
        for number, item in enumerate(told):
            line = place(item["loc"]) if number < MOST_PROBLEMS else None
            yield Problem(
                code=f"schema.{item['type']}",
                severity="error",
                message=item["msg"],
                path=".".join(map(str, item["loc"])),
                line=None if line is None else line + above,
            )
    except RecursionError:
        yield _syntax_error("it is nested too deeply", 1 + above)
    except ValueError as error:
        line = form.line_of_error(error, text)
        yield _syntax_error(str(error), None if line is None else line + above)


def _syntax_error(message: str, line: int | None) -> Problem:
    return Problem(code="syntax", severity="error", message=message, line=line)


def _findings(text: str, severities: dict[str, Any]) -> Iterator[Problem]:
    """Yield what the rules find in a proposal; its documents count as not at hand."""
    proposal = Proposal.model_validate(tomllib.loads(text))
    stored = StoredProposal(NAME, "0001", text, proposal)
    texts = {(c.id, name): f.text for c in proposal.capabilities for name, f in c.fields()}
    found = check_proposal(proposal, {}, severities=severities)
    for finding, where in place_findings(stored, found, texts):
        yield Problem(
            code=finding.code,
            severity=finding.severity,
            message=finding.message,
            path=f"{finding.capability}.{finding.field}",
            line=_line(where),
        )


def _page_problems(text: str) -> Iterable[Problem]:
    try:
        page = read_page(text, NAME)
        notes = judge(page, assign(page))
    except (SourceError, UsageProblem) as error:
        return [_syntax_error(f"{error.message}. {error.hint}".strip(), _line(error.where))]
    return [
        Problem(code=note.code, severity="warning", message=note.message, line=note.line)
        for note in notes
    ]


def _line(where: str) -> int | None:
    found = re.search(r":(\d+)$", where)
    return int(found[1]) if found else None
