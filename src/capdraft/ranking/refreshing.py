"""Signals asked of the hosts anew; what was set by hand stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from capdraft.errors import SourceError
from capdraft.ranking.asking import Hosts
from capdraft.ranking.plugin_sources import ask_plugins
from capdraft.ranking.repositories import named_repositories, page_of
from capdraft.ranking.signal_files import check_artifact, read_signals, write_signals
from capdraft.records import Artifact, Signal, Signals
from capdraft.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What refreshing one artifact did; `asked` are the repositories and plugins that were."""

    slug: str
    signals: Signals
    asked: tuple[str, ...]
    failures: tuple[SourceError, ...]
    plugins: Mapping[str, int] = field(default_factory=dict)
    """Those of `asked` that are plugins, with how many signals each gave."""
    gone: tuple[Signal, ...] = ()
    """What a plugin said before and says nothing of any more."""


def refresh(workspace: Workspace, slug: str, hosts: Hosts, now: datetime) -> Refreshed:
    """Ask the repositories that an artifact's documents and links name, and the plugins.

    What a repository said before stays where it fails now, and goes where it is no longer named.

    Raises:
        NotFound: there is no such artifact.
        FileInvalid: one of its files isn't what its schema says.
    """
    check_artifact(workspace, slug)
    artifact, documents = _known(workspace, slug)
    named = named_repositories(documents, artifact.links, artifact.type)
    before = read_signals(workspace, slug)
    hint = f"Say it yourself: capdraft signals set {slug} stars=NUMBER --source URL"
    failures = [SourceError(problem, where=slug, hint=hint) for problem in named.unclear]
    kept = [*before.signals.signals] if before.signals else []
    told = ask_plugins(artifact, documents, kept)
    pages = {page_of(repository) for repository in named.repositories}
    kept = [s for s in kept if s.by or (s.source in pages and not s.plugin)]
    for repository in named.repositories:
        try:
            fresh = hosts.ask(repository, now)
        except SourceError as error:
            failures.append(error)
            continue
        kept = [*_without(kept, page_of(repository)), *fresh]
    # Of two that tell the same, the host's own word counts.
    signals = Signals(artifact=slug).with_signals([*told.signals, *kept])
    if signals.signals or before.stored:
        write_signals(workspace, signals, before)
    asked = (*map(str, named.repositories), *told.given)
    failures += told.failures
    return Refreshed(slug, signals, asked, tuple(failures), told.given, told.gone)


def _without(signals: list[Signal], page: str) -> list[Signal]:
    return [signal for signal in signals if signal.by or signal.source != page]


def _known(workspace: Workspace, slug: str) -> tuple[Artifact, list[str]]:
    """Return an artifact with the links, and the documents, of its entry and newest proposal."""
    entry = workspace.read_entry(slug).entry
    newest = workspace.read_proposal(slug).proposal if workspace.proposals(slug) else None
    told = [item for item in (entry, newest) if item is not None]
    documents = [document.uri for item in told for document in item.documents]
    links = [link for item in told for link in item.artifact.links]
    artifact = told[-1].artifact if told else Artifact(slug=slug, name=slug)
    return artifact.model_copy(update={"links": tuple(links)}), documents
