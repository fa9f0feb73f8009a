"""Signals asked of the hosts anew; what was set by hand stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from capdraft.errors import SourceError
from capdraft.ranking.asking import Hosts
from capdraft.ranking.repositories import Named, named_repositories, page_of
from capdraft.ranking.signal_files import check_artifact, read_signals, write_signals
from capdraft.records import Signal, Signals
from capdraft.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What refreshing one artifact did; `asked` are the repositories that were."""

    slug: str
    signals: Signals
    asked: tuple[str, ...]
    failures: tuple[SourceError, ...]


def refresh(workspace: Workspace, slug: str, hosts: Hosts, now: datetime) -> Refreshed:
    """Ask the repositories that an artifact's documents and links name, and keep what they say.

    What a repository said before stays where it fails now, and goes where it is no longer named.

    Raises:
        NotFound: there is no such artifact.
        FileInvalid: one of its files isn't what its schema says.
    """
    check_artifact(workspace, slug)
    named = _named(workspace, slug)
    before = read_signals(workspace, slug)
    hint = f"Say it yourself: capdraft signals set {slug} stars=NUMBER --source URL"
    failures = [SourceError(problem, where=slug, hint=hint) for problem in named.unclear]
    kept = [*before.signals.signals] if before.signals else []
    pages = {page_of(repository) for repository in named.repositories}
    kept = [signal for signal in kept if signal.by or signal.source in pages]
    for repository in named.repositories:
        try:
            fresh = hosts.ask(repository, now)
        except SourceError as error:
            failures.append(error)
            continue
        kept = [*_without(kept, page_of(repository)), *fresh]
    signals = Signals(artifact=slug).with_signals(kept)
    if signals.signals or before.stored:
        write_signals(workspace, signals, before)
    return Refreshed(slug, signals, tuple(map(str, named.repositories)), tuple(failures))


def _without(signals: list[Signal], page: str) -> list[Signal]:
    return [signal for signal in signals if signal.by or signal.source != page]


def _named(workspace: Workspace, slug: str) -> Named:
    """Return what the catalog entry and the newest proposal name."""
    entry = workspace.read_entry(slug).entry
    newest = workspace.read_proposal(slug).proposal if workspace.proposals(slug) else None
    told = [item for item in (entry, newest) if item is not None]
    documents = [document.uri for item in told for document in item.documents]
    links = [link for item in told for link in item.artifact.links]
    kind = told[-1].artifact.type if told else "unknown"
    return named_repositories(documents, links, kind)
