"""A comparison as GitHub-flavoured Markdown. What comes from documents is never markup in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from capdraft.comparing import (
    Claim,
    Column,
    Comparison,
    Conflict,
    Footnote,
    ShownCapability,
    label_in_full,
)
from capdraft.publishing import outline
from capdraft.publishing.phrases import (
    LABELS,
    claims,
    credits_line,
    left_out,
    notes,
    plain,
    shortened,
    source,
)

_MARKUP = re.compile(r"[\\`*_{}\[\]<>#!~&$]")
_LINE_START = re.compile(r"^(\d*)([-+=:.)])")
# GitHub links bare addresses: a scheme, a host name and a mail address each need breaking up.
_SCHEME = re.compile(r"(?<!\\):(?=//)")
_HOST_DOT = re.compile(r"(?<=\w)\.(?=[^\W\d_])")
_SAFE_URL = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+", re.IGNORECASE)


def escape(text: str) -> str:
    """Return `text` on one line so that Markdown shows it letter by letter, also in a table."""
    line = _MARKUP.sub(r"\\\g<0>", plain(text))
    line = _LINE_START.sub(r"\1\\\2", line)
    line = _HOST_DOT.sub(r"\\.", _SCHEME.sub(r"\\:", line))
    # A backslash before @ does not stop GitHub from linking a mail address; a comment does.
    return line.replace("|", "&#124;").replace("@", "@<!-- -->")


def markdown_page(comparison: Comparison, *, word_lists: bool = True) -> str:
    """Return the page, with evidence as footnotes; `word_lists` as in `outline.rules`."""
    return "\n\n".join(_blocks(comparison, word_lists)) + "\n"


def _blocks(page: Comparison, word_lists: bool) -> Iterator[str]:
    yield f"# {escape(page.title)}"
    yield escape(page.headline)
    if about := outline.on_the_rank(page):
        yield escape(about)
    if said := outline.dateline(page):
        yield escape(f"{'; '.join(said)}.")
    yield "\n".join(_table(page))
    yield f"## {outline.VERDICT}"
    yield "\n".join(f"- {escape(reason.text)}" for reason in page.verdict.reasons)
    if about := outline.on_the_rank(page, verdict=True):
        yield escape(about)
    yield f"## {outline.CONFLICTS}"
    yield from (_conflict(page, item) for item in page.conflicts)
    if not page.conflicts:
        yield outline.NO_CONFLICT
    yield from _in_common(page)
    for column in page.artifacts:
        yield from _rest(page, column)
    yield from _sources(page)
    if page.footnotes:
        yield f"## {outline.EVIDENCE}"
        yield "\n".join(_footnote(note) for note in page.footnotes)
    yield f"## {outline.RULES}"
    for name, texts in outline.rules(page, words=word_lists):
        yield f"**{name}**"
        yield "\n".join(f"- {escape(text)}" for text in texts)


def _table(page: Comparison) -> Iterator[str]:
    names = [escape(artifact.name) for artifact in page.artifacts]
    yield f"| | {' | '.join(names)} |"
    yield f"|---|{'---|' * len(names)}"
    for row in page.rows:
        yield f"| {within(label_in_full(row.label))} | {' | '.join(map(within, row.cells))} |"


def _conflict(page: Comparison, conflict: Conflict) -> str:
    lines = [f"- {escape(conflict.about)}"]
    for said in conflict.sides:
        whose, text = escape(outline.says(page, said)), escape(shortened(said.text))
        lines.append(f'  - {whose}: "{text}"{_marks(said.footnotes)}')
    lines.append(f"  - {escape(outline.conflict_rule(conflict))}")
    return "\n".join(lines)


def _in_common(page: Comparison) -> Iterator[str]:
    yield f"## {outline.IN_COMMON}"
    if not page.groups and not page.more_groups:
        yield outline.NOTHING_IN_COMMON
    else:
        yield outline.BY_WORDS
    quotes = {note.number: note for note in page.footnotes}
    for group in page.groups:
        yield f"### {escape(outline.who_can(page, group))}"
        for column, _, capability in outline.sides(page, group):
            yield f"#### {escape(column.name)}: {escape(capability.name)}"
            yield from _claims(capability)
            if numbers := outline.cited(capability):
                yield "\n>\n".join(_quoted(quotes[number]) for number in numbers)
        yield "\n".join(f"- {escape(words)}" for words in outline.why(page, group))
    if page.more_groups:
        yield f"\\{outline.left_groups(page.more_groups)}"


def _quoted(note: Footnote) -> str:
    header = f"> columns: {escape(shortened(note.header))}\n>\n" if note.header else ""
    return f'{header}> "{escape(shortened(note.quote))}"[^{note.number}]'


def _rest(page: Comparison, column: Column) -> Iterator[str]:
    yield f"## {escape(outline.rest(column))}"
    yield outline.on_the_rest(page, column)
    alone = page.alone(column)
    for capability in alone:
        yield f"### {escape(capability.name)}"
        yield from _claims(capability)
        if near := outline.also_like(page, capability):
            yield escape(near)
    if more := column.rest - len(alone):
        yield f"\\{left_out(more)}"


def _claims(capability: ShownCapability) -> Iterator[str]:
    for field, claim in claims(capability):
        label = f"**{LABELS[field]}:** " if LABELS[field] else ""
        yield label + _with_marks(claim)
    yield f"*({escape(credits_line(capability))})*"


def _with_marks(claim: Claim) -> str:
    said = notes(claim)
    return escape(claim.text) + _marks(claim.footnotes) + (f" *{escape(said)}*" if said else "")


def _marks(numbers: Sequence[int]) -> str:
    return "".join(f"[^{number}]" for number in numbers)


def _sources(page: Comparison) -> Iterator[str]:
    lines = [
        f"- {escape(name)}: {', '.join(filter(None, (uri and _place(uri), said)))}"
        for name, uri, said in outline.sources(page)
    ]
    if lines:
        yield f"## {outline.SOURCES}"
        yield "\n".join(lines)


def _footnote(note: Footnote) -> str:
    where = ", ".join((_place(note.document), *map(escape, source(note))))
    return f'[^{note.number}]: "{escape(shortened(note.quote))}" ({where})'


def _place(uri: str) -> str:
    document = plain(uri)
    url = document.replace("&", "&amp;")
    return f"<{url}>" if _SAFE_URL.fullmatch(document) else escape(document)


def within(text: str) -> str:
    """Return `text` escaped where it can't begin a line: numbers and dates stay as they are."""
    return escape(f"x {text}")[2:]
