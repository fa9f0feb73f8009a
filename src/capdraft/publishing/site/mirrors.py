"""The pages as Markdown, for who reads them with a program."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from capdraft.comparing import part_in_full
from capdraft.publishing.as_html import is_web
from capdraft.publishing.as_markdown import escape, markdown_page, within
from capdraft.publishing.phrases import RANK_IS_ABOUT, plain
from capdraft.publishing.site import addresses
from capdraft.publishing.site.changing import summary
from capdraft.publishing.site.profile import ProfileClaim, Quote
from capdraft.publishing.site.standings import Standing
from capdraft.publishing.site.versus import Versus
from capdraft.records import CatalogEntry


def artifact_markdown(found: Mapping[str, Any], day: str) -> str:
    """Return the mirror of an artifact's page."""
    entry: CatalogEntry = found["entry"]
    page = addresses.artifact_page(entry.artifact.slug)
    version = addresses.version_page(entry.artifact.slug, found["version"])
    lines = [f"# {escape(entry.artifact.name)}", ""]
    lines += [f"- {label}: {within(text)}" for label, text in found["facts"]]
    lines += [f"- Rank: {rank_line(found['standing'], day)}"]
    lines += [f"- Version: [{found['version']}]({addresses.link(page, version)})", ""]
    for capability in found["capabilities"]:
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
    parts = " + ".join(
        f"{part_in_full(p.name)} {p.value} × {p.weight} × 100" for p in standing.known
    )
    marks = f" ({', '.join(standing.marks)})" if standing.marks else ""
    counted = f"{standing.version}, ages counted on {day}: {parts}"
    return f"{standing.total} of 100{marks}, {counted}. {RANK_IS_ABOUT}"


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


def versus_markdown(page: str, found: Versus) -> str:
    """Return the mirror of a comparison page."""
    lines = []
    for slug, column in zip(found.pair, found.comparison.artifacts, strict=True):
        to = addresses.link(page, addresses.mirror(addresses.artifact_page(slug)))
        lines.append(f"- [{escape(column.name)}]({to})\n")
    body = markdown_page(found.comparison, word_lists=False)
    return f"{body}\n## On this site\n\n{''.join(lines)}"


def list_markdown(page: str, title: str, items: Iterable[tuple[str, str, str]]) -> str:
    """Return the mirror of a list of files: title, file and what is said of it."""
    lines = [f"# {escape(title)}", ""]
    for name, to, said in items:
        behind = f": {escape(said)}" if said else ""
        lines.append(f"- [{escape(name)}]({addresses.link(page, to)}){behind}")
    return "\n".join(lines) + "\n"


def gone_markdown(found: Mapping[str, Any]) -> str:
    """Return the mirror of the page of an artifact that was withdrawn."""
    said = "This artifact was withdrawn from the catalog."
    if told := found["withdrawn"]:
        why = escape(f"by {told.by}: {told.reason}, {plain(told.note)}")
        said = f"This artifact was withdrawn from the catalog on {told.at:%Y-%m-%d} {why}"
    return f"# {escape(found['name'])}\n\n{said}\n"


def changes_markdown(found: Mapping[str, Any]) -> str:
    """Return the mirror of a page of changes."""
    whose = f" of {escape(found['name'])}" if "name" in found else ""
    lines = [f"# Changes{whose}", ""]
    for item in found["changes"]:
        day = f"{item.step.day}: " if item.step.dated else ""
        told = summary(item.change).splitlines()
        lines += [f"## {day}{escape(item.name)}", "", *(f"- {within(line)}" for line in told), ""]
    return "\n".join(lines)
