"""What changed in the reviews, as the body of a pull request on GitHub.

What comes from documents, names and notes is never markup, a mention or a reference in it, and the
whole is never longer than GitHub takes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from capdraft.publishing.github_text import (
    TEXT_LENGTH,
    and_more,
    count,
    fitted,
    inert,
    shown,
    size,
)
from capdraft.publishing.phrases import plain, shortened
from capdraft.publishing.review_changes import COUNTED, ArtifactChange, Judged
from capdraft.records import Decision
from capdraft.reviewing import Explanation
from capdraft.reviewing import word_diff as pieces

LIMIT = 65_536
TABLE_ROOM = 14_000
GROUP_ROOM = 13_000
FOLD_ABOVE = 5
NAMED = 30
"""How many fields with one reason are named."""
SAME_LENGTH = 120
"""How much of a text that stayed the same is shown between two changes."""
_DID = {"accept": "approved", "edit": "edited", "reject": "rejected", "undo": "taken back"}
_WHAT = {"accept": "an approval", "edit": "an edit", "reject": "a rejection"}


def title(changes: Sequence[ArtifactChange]) -> str:
    """Return the title of the pull request, which is plain text."""
    what = changes[0].slug if len(changes) == 1 else f"{len(changes)} artifacts"
    return f"Review {what}: {_decided(changes) or 'nothing decided'}"


def commit_message(changes: Sequence[ArtifactChange]) -> str:
    """Return a subject and how the fields of each artifact stand."""
    rows = [f"{change.slug}: {_standing(change)}" for change in changes]
    body = "\n".join(fitted(rows, len(rows), GROUP_ROOM, lambda more: f"and {more} more"))
    decisions = sum(len(change.decided) for change in changes)
    what = changes[0].slug if len(changes) == 1 else count(len(changes), "artifact")
    return f"Review {what}: {count(decisions, 'decision')}\n\n{body}\n"


def pull_request_body(
    changes: Sequence[ArtifactChange],
    *,
    since: str | None = None,
    unreadable: Sequence[tuple[str, str]] = (),
) -> str:
    """Return the Markdown, at most `LIMIT` characters of it.

    `since` is the commit that changes are counted from, None for the beginning. `unreadable` are
    artifacts whose files can't be read, each with the reason.
    """
    head = [f"## Review of {count(len(changes), 'artifact')}", _summary(changes, since)]
    if unreadable:
        rows = [f"- **{inert(slug)}** can't be read: {shown(why)}" for slug, why in unreadable]
        head.append("\n".join(fitted(rows, len(rows), GROUP_ROOM // 4, _row_more)))
    if changes:
        head.append("\n".join(_table(changes)))
        head.append("Places in documents are FILE:START-END, counted in characters.")
    room = LIMIT - size("\n\n".join(head)) - 4
    sections = ("\n\n".join(_section(change)) for change in changes)
    shown_sections = fitted(sections, len(changes), room, and_more("artifact"))
    return "\n\n".join([*head, *shown_sections]) + "\n"


def _summary(changes: Sequence[ArtifactChange], since: str | None) -> str:
    start = f"since `{since[:10]}`" if since else "so far"
    who = sorted({judged.decision.reviewer for change in changes for judged in change.decided})
    by = f", by {shown(', '.join(who))}" if who else ""
    return f"Decided {start}: {_decided(changes) or 'nothing'}{by}."


def _decided(changes: Sequence[ArtifactChange]) -> str:
    found = Counter(judged.decision.verdict for change in changes for judged in change.decided)
    counts = {"approved": found["accept"], "edited": found["edit"], "rejected": found["reject"]}
    counts["taken back"] = found["undo"]
    return ", ".join(f"{number} {did}" for did, number in counts.items() if number)


def _standing(change: ArtifactChange) -> str:
    counts = change.counts or {}
    return ", ".join(f"{n} {word}" for word, n in counts.items() if n) or "no fields"


def _table(changes: Sequence[ArtifactChange]) -> Iterator[str]:
    words = ("artifact", *COUNTED, "catalog")
    yield f"| {' | '.join(words)} |"
    yield f"|---|{'---:|' * len(COUNTED)}---|"
    rows = []
    for change in changes:
        counts = change.counts or {}
        cells = (_named(change), *(str(counts.get(word) or "") for word in COUNTED), change.catalog)
        rows.append(f"| {' | '.join(cells)} |")
    yield from fitted(rows, len(rows), TABLE_ROOM, lambda more: f"| and {more} more |")


def _named(change: ArtifactChange) -> str:
    name, slug = shown(change.name, 80), inert(change.slug)
    return name if plain(change.name) == change.slug else f"{name} ({slug})"


def _section(change: ArtifactChange) -> Iterator[str]:
    yield f"### {_named(change)}"
    if change.counts is None:
        yield "It has no proposal any more."
    if change.proposals:
        yield f"New: {shown(', '.join(change.proposals))}"
    if change.gone:
        yield (
            f"**{count(change.gone, 'decision')} of before no longer there.** "
            f"Decisions are only ever added: look at what removed them."
        )
    errors = [
        f"- {finding.code} {inert(f'{finding.capability}.{finding.field}')}: "
        f"{shown(finding.message)} ({shown(where, 200)})"
        for finding, where in change.errors
    ]
    told = {(f"{f.capability}.{f.field}", f.code) for f, _ in change.errors}
    out = list(_stays_out(change.stays_out, told))
    fields = [_field(group) for group in _by_field(change.decided)]
    decided, waiting = count(len(fields), "field"), count(len(change.stays_out), "field")
    found = count(len(errors), "error finding")
    yield from _group(f"{decided} decided", "\n\n", fields, and_more("field"))
    yield from _group(f"{waiting} may not merge", "\n", out, _row_more)
    yield from _group(f"{found} not answered", "\n", errors, _row_more)


def _group(
    heading: str, between: str, blocks: Sequence[str], more: Callable[[int], str]
) -> Iterator[str]:
    """Yield a list under its heading, folded where it is long."""
    if not blocks:
        return
    body = between.join(fitted(blocks, len(blocks), GROUP_ROOM, more))
    if len(blocks) <= FOLD_ABOVE:
        yield from (f"**{heading}**", body)
    else:
        yield from (f"<details>\n<summary>{heading}</summary>", body, "</details>")


def _row_more(more: int) -> str:
    return f"- and {more} more"


def _by_field(decided: Sequence[Judged]) -> list[list[Judged]]:
    groups: dict[str, list[Judged]] = {}
    for judged in decided:
        groups.setdefault(judged.path, []).append(judged)
    return list(groups.values())


def _field(group: Sequence[Judged]) -> str:
    """Return one field: the text that was judged, once, above the decisions on it."""
    parts, lines, last = [f"**{inert(group[0].path)}**"], list[str](), ""
    for judged in group:
        text = _changed(judged) if judged.decision.text is not None else shown(judged.text)
        if text and text != last:
            parts, lines, last = [*parts, *_listed(lines), f"> {text}"], [], text
        lines.append(_said(judged))
    quoted = next((judged for judged in reversed(group) if judged.quote), None)
    if quoted and quoted.quote:
        place = f"{quoted.document}:{quoted.quote.start}-{quoted.quote.end}"
        lines.append(f"- cites “{inert(shortened(quoted.quote.quote))}” ({shown(place, 300)})")
    return "\n\n".join([*parts, *_listed(lines)])


def _listed(lines: Sequence[str]) -> list[str]:
    return ["\n".join(lines)] if lines else []


def _said(judged: Judged) -> str:
    decision, back = judged.decision, judged.took_back
    how = [f"as {decision.reason}"] if decision.reason else []
    how += [f"despite {', '.join(decision.despite)}"] if decision.despite else []
    how += ["as an editorial statement"] if decision.editorial else []
    how += ["citing other passages"] if decision.evidence is not None else []
    how += judged.renamed
    how += [f"one of {decision.bulk.size} at once"] if decision.bulk else []
    how += [_WHAT[back.verdict]] if back else []
    said = "".join(f", {shown(part)}" for part in how)
    told = f"- {_DID[decision.verdict]} by {_who(decision)}{said}"
    return f"{told}: “{shown(decision.note)}”" if decision.note else told


def _who(decision: Decision) -> str:
    return f"{inert(decision.reviewer)} on {decision.time:%Y-%m-%d}"


def _changed(judged: Judged) -> str:
    """Return an edit word by word, what stayed the same shortened where it is long."""
    old, new = plain(judged.text), plain(judged.decision.text or "")
    found = list(pieces(old, new))
    same = sum(len(piece) for kind, piece in found if kind == "same")
    if not old or len(found) < 2:
        return shown(new)
    if 4 * same < len(old) + len(new):  # written anew
        return f"{_marked('removed', shown(old))} {_marked('added', shown(new))}"
    parts, room = [], 2 * TEXT_LENGTH
    for place, (kind, words) in enumerate(found):
        piece = words.strip()
        if kind == "same":
            piece = _middle(piece, start=place > 0, end=place < len(found) - 1)
        parts.append(_marked(kind, shown(piece, room)))
        room -= len(piece)
        if room <= 0:
            break
    return " ".join(filter(None, parts))


def _marked(kind: str, markdown: str) -> str:
    mark = {"removed": "~~", "added": "**"}.get(kind, "")
    return f"{mark}{markdown}{mark}" if markdown else ""


def _middle(text: str, *, start: bool, end: bool) -> str:
    """Return the ends of `text` that stand beside a change."""
    if len(text) <= 2 * SAME_LENGTH + 1:
        return text
    first = text[:SAME_LENGTH].rpartition(" ")[0] or text[:SAME_LENGTH]
    last = text[-SAME_LENGTH:].partition(" ")[2] or text[-SAME_LENGTH:]
    return f"{first if start else ''} … {last if end else ''}".strip()


def _stays_out(items: Sequence[Explanation], told: set[tuple[str, str]]) -> Iterator[str]:
    """Yield why fields stay out, those of one reason together; errors are listed by themselves."""
    reasons: dict[str, list[str]] = {}
    for item in items:
        lines = [line.strip() for line in item.lines]
        lines = [line for line in lines if (item.field, line.partition(" ")[0]) not in told]
        reason = f"{inert(item.verdict)}: {shown('; '.join(lines))}"
        reasons.setdefault(reason, []).append(item.field)
    for reason, fields in reasons.items():
        named = [f"**{inert(field)}**" for field in fields[:NAMED]]
        if more := len(fields) - len(named):
            named.append(f"and {count(more, 'more field')}")
        yield f"- {', '.join(named)} {'each ' if len(fields) > 1 else ''}{reason}"
