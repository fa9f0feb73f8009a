"""The pages as Markdown, for who reads them with a program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from capdraft.publishing.as_html import is_web
from capdraft.publishing.as_markdown import escape
from capdraft.publishing.site import addresses
from capdraft.publishing.site.profile import ProfileCapability, ProfileClaim, Quote
from capdraft.publishing.site.standings import Standing
from capdraft.publishing.site.versus import Versus
from capdraft.records import CatalogEntry


def artifact_markdown(
    entry: CatalogEntry,
    shown: Sequence[ProfileCapability],
    standing: Standing,
    day: str,
    facts: Iterable[tuple[str, str]],
) -> str:
    """Return the mirror of an artifact's page."""
    lines = [f"# {escape(entry.artifact.name)}", ""]
    lines += [f"- {label}: {_within(text)}" for label, text in facts]
    lines += [f"- Rank: {rank_line(standing, day)}", ""]
    for capability in shown:
        lines += [f"## {escape(capability.name)}", ""]
        if capability.intents:
            lines += [f"Needs: {escape('; '.join(capability.intents))}", ""]
        for claim in capability.claims:
            lines += [*_claim(claim), ""]
    return "\n".join(lines)


def rank_line(standing: Standing, day: str) -> str:
    """Return a rank in one line."""
    if not standing.total:
        return "not ranked"
    parts = " + ".join(f"{p.name} {p.value} × {p.weight} × 100" for p in standing.known)
    marks = f" ({', '.join(standing.marks)})" if standing.marks else ""
    return f"{standing.total} of 100{marks}, {standing.version}, ages counted on {day}: {parts}"


def _claim(claim: ProfileClaim) -> Iterator[str]:
    label = (
        f"**{claim.label}{f' with {escape(claim.alternative)}' if claim.alternative else ''}:** "
    )
    said = [*claim.cautions, claim.credit]
    yield (label if claim.label else "") + escape(claim.text) + f" *({escape('; '.join(said))})*"
    for quote in claim.quotes:
        yield _quoted(quote)


def _quoted(quote: Quote) -> str:
    uri = quote.uri
    place = f"<{uri}>" if is_web(uri) and not set(uri) & set("<> \\&") else escape(uri)
    more = f" (and {quote.cut} characters more)" if quote.cut else ""
    return f'- "{escape(quote.text)}"{more} ({place}, {escape(quote.place)}, read {quote.read})'


def versus_markdown(page: str, found: Versus, site: Mapping[str, Any]) -> str:
    """Return the mirror of a comparison page."""
    names = [escape(column.name) for column in found.comparison.artifacts]
    lines = [f"# {' vs '.join(names)}", "", escape(found.headline), ""]
    lines += [f"| | {' | '.join(names)} |", "|---|---|---|"]
    lines += [f"| {row.label} | {' | '.join(map(_within, row.cells))} |" for row in found.rows]
    versions = {item.version for item in found.standings if item.version}
    if versions:
        lines += ["", f"Ranks: {', '.join(sorted(versions))}, ages counted on {site['day']}."]
    lines += ["", "## In common", "", escape(site["rule"]), ""]
    lines += [
        f"- {escape(item.one[1])} and {escape(item.two[1])}: {item.words} words shared of {item.of}"
        for item in found.common
    ]
    lines += ["", "## Verdict", "", *(f"- {escape(said)}" for said in found.verdict)]
    lines += ["", "By these rules:", "", *(f"- {escape(said)}" for said in site["rules"]), ""]
    for name, slug in zip(names, found.pair, strict=True):
        to = addresses.link(page, addresses.mirror(addresses.artifact_page(slug)))
        lines.append(f"- [{name}]({to})")
    return "\n".join(lines) + "\n"


def list_markdown(page: str, title: str, items: Iterable[tuple[str, str, str]]) -> str:
    """Return the mirror of a list of files: title, file and what is said of it."""
    lines = [f"# {escape(title)}", ""]
    for name, to, said in items:
        behind = f": {escape(said)}" if said else ""
        lines.append(f"- [{escape(name)}]({addresses.link(page, to)}){behind}")
    return "\n".join(lines) + "\n"


def gone_markdown(name: str) -> str:
    """Return the mirror of the page of an artifact that was withdrawn."""
    return f"# {escape(name)}\n\nThis artifact was withdrawn from the catalog.\n"


def _within(text: str) -> str:
    """Return `text` escaped where it can't begin a line: numbers and dates stay as they are."""
    return escape(f"x {text}")[2:]
