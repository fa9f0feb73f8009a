"""The pages of one artifact: as it is now, each version, what changed, or that it is gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import asdict, dataclass
from typing import Any

from capdraft.publishing.phrases import plain
from capdraft.publishing.site import addresses, lists, machines, mirrors, profile
from capdraft.publishing.site.in_common import Pair
from capdraft.publishing.site.keeping import Card, Kept
from capdraft.publishing.site.news import add_news, told
from capdraft.publishing.site.pages import Pages
from capdraft.publishing.site.pairing import Pairing
from capdraft.publishing.site.standings import standing_of
from capdraft.publishing.site.versions import Span, Step, Versions, spans
from capdraft.records import CatalogEntry


@dataclass(frozen=True, slots=True)
class GoneCapability:
    """A capability that an earlier version had; links to it still lead to a word about it."""

    id: str
    name: str
    day: str
    """Since when it is not there; nothing where that is not known."""
    why: str
    page: str
    """The last version that had it."""


@dataclass(frozen=True, slots=True)
class Artifacts:
    """Writes the pages of artifacts."""

    pages: Pages
    kept: Kept
    versions: Versions
    pairing: Pairing
    asked: Set[Pair]
    """Pairs that have a page whatever they have in common."""

    def write(self, card: Card) -> None:
        """Write the pages of an artifact that is in the catalog."""
        slug = card.slug
        steps = self.versions.steps(slug)
        add_news(self.kept, slug, card.name, steps)
        self._versions(slug, card.name, steps)
        (ranked,) = self.kept.one("select standing from ranks where slug = ?", slug)
        page = addresses.artifact_page(slug)
        others = list(self._others(slug))
        inputs = self.pages.digest(card.sha256, card.name, ranked, others, map(asdict, steps))

        def data() -> Mapping[str, Any]:
            entry = self.versions.entry(slug, card.sha256[:12])
            assert entry is not None  # noqa: S101 - it was read a moment ago
            base = self.pages.site["base"]
            return {
                "card": card,
                "entry": entry,
                "capabilities": profile.capabilities(entry),
                "gone": list(self._gone(slug, entry, steps)),
                "facts": list(lists.facts(entry)),
                "standing": standing_of(ranked),
                "others": others,
                "version": card.sha256[:12],
                "steps": steps,
                "structured": machines.structured_data(
                    entry, addresses.absolute(base, page) if base else ""
                ),
                "documents": lists.documents(entry),
            }

        def markdown(found: Mapping[str, Any]) -> str:
            return mirrors.artifact_markdown(found, self.pages.site["day"])

        about = (slug, card.name, card.type)
        self.pages.write(page, "artifact", inputs, data, markdown, about)

    def write_gone(self, slug: str, name: str, kind: str) -> bool:
        """Write the pages of an artifact that is no more; return False if it never was one."""
        steps = self.versions.steps(slug)
        readable = (self.versions.entry(slug, step.version) for step in reversed(steps))
        last = next((entry for entry in readable if entry and entry.capabilities), None)
        now = self.versions.entry(slug, steps[-1].version) if steps else None
        if last is None and self.versions.withheld(slug):
            last = now  # its texts may not be read, its name may
        if last is not None:
            name, kind = plain(last.artifact.name) or slug, last.artifact.type
        elif not name:
            return False
        add_news(self.kept, slug, name, steps)
        self._versions(slug, name, steps)
        inputs = self.pages.digest("gone", name, map(asdict, steps))

        def data() -> Mapping[str, Any]:
            entries = ((span, self.versions.entry(slug, span.version)) for span in spans(steps))
            return {
                "name": name,
                "slug": slug,
                "withdrawn": now.withdrawn if now else None,
                "spans": [span for span, entry in entries if entry and entry.capabilities],
                "steps": steps,
            }

        page = addresses.artifact_page(slug)
        self.pages.write(page, "gone", inputs, data, mirrors.gone_markdown, (slug, name, kind))
        return True

    def _others(self, slug: str) -> Iterator[tuple[str, str, str]]:
        """Yield the comparisons with others: the page, the name, and why there is one."""
        near = [(pair, f"{count} in common") for pair, count in self.pairing.near(slug)]
        known = {pair for pair, _ in near}
        near += [(pair, "asked for") for pair in sorted(self.asked - known) if slug in pair]
        for pair, said in near:
            other = pair[1] if pair[0] == slug else pair[0]
            (name,) = self.kept.one("select name from artifacts where slug = ?", other)
            yield addresses.pair_page(pair), name, said

    def _versions(self, slug: str, name: str, steps: Sequence[Step]) -> None:
        """Write a page for each version, and the page of what changed if something did."""
        for span in spans(steps):
            self._version(slug, span, steps)
        if len(steps) > 1:
            page = addresses.changes_page(slug)
            inputs = self.pages.digest("changes", name, map(asdict, steps))

            def data() -> Mapping[str, Any]:
                changes = list(told(slug, name, steps, self.versions))
                return {"name": name, "slug": slug, "changes": changes, "spans": spans(steps)}

            self.pages.write(page, "history", inputs, data, mirrors.changes_markdown)

    def _version(self, slug: str, span: Span, steps: Sequence[Step]) -> None:
        page, file = (
            address(slug, span.version)
            for address in (addresses.version_page, addresses.version_file)
        )
        folder = self.pages.folder
        away = self.kept.card(slug) is None
        hidden = self.versions.withholds(slug, span.version)
        inputs = self.pages.digest("version", asdict(span), away, len(steps) > 1, hidden)
        if hidden and folder.is_current(page, inputs):
            folder.drop(file)  # a killed build's
            return
        if folder.is_current(page, inputs) and folder.is_current(file, span.version):
            return
        entry = self.versions.entry(slug, span.version)
        raw = self.versions.entry_raw(slug, span.version) if entry else None
        if entry is None or raw is None:
            return  # nothing has it any more: what was written stays

        def data() -> Mapping[str, Any]:
            return {
                "canonical": addresses.artifact_page(slug),
                "slug": slug,
                "name": plain(entry.artifact.name) or slug,
                "entry": entry,
                "capabilities": profile.capabilities(entry),
                "facts": list(lists.facts(entry)),
                "version": span.version,
                "span": span,
                "away": away,
                "present": not span.until and not away,
                "has_changes": len(steps) > 1,
                "hidden": hidden,
            }

        self.pages.write(page, "version", inputs, data)
        if hidden:
            folder.drop(file)
            return
        at = next(step.at for step in steps if step.version == span.version)
        folder.write_raw(file, raw, span.version, (slug, span.version, at))

    def _gone(
        self, slug: str, entry: CatalogEntry, steps: Sequence[Step]
    ) -> Iterator[GoneCapability]:
        """Yield the capabilities that an earlier version had and this one hasn't."""
        there = {record.id for record in entry.capabilities}
        why = {item.id: item for item in entry.withdrawn_records}
        for place in reversed(range(len(steps) - 1)):
            earlier = self.versions.entry(slug, steps[place].version)
            for record in earlier.capabilities if earlier else ():
                if record.id in there:
                    continue
                there.add(record.id)
                told_of = why.get(record.id)
                yield GoneCapability(
                    record.id,
                    plain(record.name) or record.id,
                    f"{told_of.at:%Y-%m-%d}" if told_of else steps[place + 1].day,
                    f"{told_of.reason}: {plain(told_of.note)}" if told_of else "",
                    addresses.version_page(slug, steps[place].version),
                )
        for id_, item in why.items():
            if id_ not in there:
                reason = f"{item.reason}: {plain(item.note)}"
                yield GoneCapability(
                    id_, plain(item.name) or id_, f"{item.at:%Y-%m-%d}", reason, ""
                )
