"""Which repositories the documents and links of an artifact name. None is ever guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from capdraft.errors import SourceError
from capdraft.sources.addresses import GitHubAddress, HubAddress, parse_address

Repository = HubAddress | GitHubAddress
_HUB_HOSTS = {"huggingface.co", "www.huggingface.co", "hf.co"}
_GITHUB_HOSTS = {"github.com", "www.github.com", "raw.githubusercontent.com"}
# First parts of addresses there that are pages of the host's own, and no owner of repositories.
# fmt: off
_HUB_PAGES = {
    "api", "blog", "chat", "collections", "docs", "enterprise", "inference", "join", "learn",
    "login", "models", "new", "organizations", "papers", "posts", "pricing", "settings",
    "spaces-launch", "tasks", "terms-of-service",
}
_GITHUB_PAGES = {
    "about", "apps", "collections", "contact", "customer-stories", "enterprise", "explore",
    "features", "issues", "join", "login", "marketplace", "new", "notifications", "orgs",
    "organizations", "pricing", "pulls", "readme", "search", "security", "settings", "site",
    "sponsors", "stars", "topics", "trending", "users",
}
# fmt: on
_WITHIN = {"blob", "commit", "commits", "discussions", "raw", "resolve", "tree", "viewer"}


@dataclass(frozen=True, slots=True)
class Named:
    """The repositories to ask, and what is said of links that name several on one host."""

    repositories: tuple[Repository, ...]
    unclear: tuple[str, ...] = ()


def named_repositories(documents: Iterable[str], links: Iterable[str], kind: str) -> Named:
    """Return the repositories that the document URIs of a `kind` of artifact name, else its links.

    What a document was read from is the artifact's. A host that no document was read from is
    asked for the repository that the links name there, if it is one; a model's link to a dataset
    or a demo (a Space) is none.
    """
    read, linked = _found(documents), [r for r in _found(links) if _is_own(r, kind)]
    repositories, unclear = [*read], []
    for host in (HubAddress, GitHubAddress):
        if any(isinstance(item, host) for item in read):
            continue
        there = [item for item in linked if isinstance(item, host)]
        if len(there) == 1:
            repositories += there
        elif there:
            unclear.append(f"its links name several repositories: {', '.join(map(str, there))}")
    return Named(tuple(repositories), tuple(unclear))


def page_of(repository: Repository) -> str:
    """Return the address of a repository's page."""
    if isinstance(repository, GitHubAddress):
        return f"https://github.com/{repository.owner}/{repository.name}"
    folder = "" if repository.kind == "model" else f"{repository.kind}s/"
    return f"https://huggingface.co/{folder}{repository.repo}"


def _is_own(repository: Repository, kind: str) -> bool:
    """Tell whether a link can lead to the artifact itself, and not to what is used with it."""
    if isinstance(repository, GitHubAddress):
        return True
    kinds = {kind} if kind in ("model", "dataset", "space") else {"model", "dataset"}
    return repository.kind in kinds


def _found(addresses: Iterable[str]) -> list[Repository]:
    """Return the repositories that are named, each once; hosts don't tell case apart."""
    found: dict[str, Repository] = {}
    for address in addresses:
        repository = repository_of(address)
        if repository is not None:
            found.setdefault(str(repository).casefold(), repository)
    return list(found.values())


def repository_of(address: str) -> Repository | None:
    """Return the repository that a document's URI or a link names, or None."""
    short = _short(address)
    try:
        parsed = parse_address(short) if short else None
    except SourceError:
        return None
    return None if parsed is None or not isinstance(parsed, Repository) else parsed


def _short(address: str) -> str:
    """Return an address as hf: or gh: without a revision, or nothing."""
    if re.match(r"(?:hf|gh):", address, re.IGNORECASE):
        return address.partition("@")[0]
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https"):
        return ""
    path = [unquote(part) for part in parts.path.split("/") if part]
    if host in _HUB_HOSTS:
        return _on_hub(path)
    return _on_github(path) if host in _GITHUB_HOSTS else ""


def _on_hub(path: list[str]) -> str:
    kind = f"{path.pop(0)}/" if path and path[0] in ("datasets", "spaces") else ""
    if not path or path[0] in _HUB_PAGES:
        return ""
    if len(path) > 1 and path[1] not in _WITHIN:
        return f"hf:{kind}{path[0]}/{path[1]}"
    # A lone name is a model's or its owner's: only what lies within it tells, or the kind.
    return f"hf:{kind}{path[0]}" if kind == "datasets/" or len(path) > 1 else ""


def _on_github(path: list[str]) -> str:
    if len(path) < 2 or path[0] in _GITHUB_PAGES:
        return ""
    return f"gh:{path[0]}/{path[1].removesuffix('.git')}"
