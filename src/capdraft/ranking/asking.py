"""What the Hugging Face Hub and GitHub count of a repository, asked through their APIs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from capdraft.errors import SourceError
from capdraft.ranking.repositories import Repository, page_of
from capdraft.records import Signal, SignalName
from capdraft.records.signals import LARGEST
from capdraft.sources.addresses import GitHubAddress, HubAddress

_HUB: Mapping[str, SignalName] = {"downloads": "downloads", "likes": "likes"}
_GITHUB: Mapping[str, SignalName] = {"stargazers_count": "stars", "forks_count": "forks"}
SIZE = 5_000_000


class Hosts:
    """The two hosts; one that says that it was asked too often is not asked again."""

    def __init__(self) -> None:
        self._busy: dict[type[Repository], SourceError] = {}

    def ask(self, repository: Repository, now: datetime) -> list[Signal]:
        """Return what the host counts of `repository`; call it where no event loop runs.

        Raises:
            SourceError: it has no such repository, refuses, can't be reached or talks nonsense.
            ExtraMissing: huggingface_hub is not installed.
        """
        import asyncio

        busy = self._busy.get(type(repository))
        if busy is not None:
            raise SourceError(f"not asked: {busy.message}", where=str(repository), hint=busy.hint)
        try:
            if isinstance(repository, HubAddress):
                return _signals(_ask_hub(repository), _HUB, repository, now)
            return _signals(asyncio.run(_ask_github(repository)), _GITHUB, repository, now)
        except _AskedTooOften as error:
            self._busy[type(repository)] = error
            raise SourceError(error.message, where=error.where, hint=error.hint) from error


class _AskedTooOften(SourceError): ...


def _ask_hub(repository: HubAddress) -> dict[str, object]:
    from capdraft.sources.addresses.hub import SECONDS, asking
    from capdraft.sources.addresses.responses import reaching
    from capdraft.sources.blocks import extra_needed

    where = str(repository)
    with extra_needed("hub", "signals of the Hub", where):
        import huggingface_hub
        from huggingface_hub.errors import HfHubHTTPError
    try:
        with reaching(where, SECONDS), asking(where):
            info = huggingface_hub.HfApi(library_name="capdraft").repo_info(
                repository.repo, repo_type=repository.kind, timeout=SECONDS
            )
    except SourceError as error:
        cause = error.__cause__
        if isinstance(cause, HfHubHTTPError) and cause.response.status_code == 429:
            raise _too_often(error) from error
        raise
    return {key: getattr(info, key, None) for key in _HUB}


async def _ask_github(repository: GitHubAddress) -> dict[str, object]:
    import asyncio

    from capdraft.sources.addresses.github import SECONDS, GitHub, open_client, refusal_hint
    from capdraft.sources.addresses.responses import reaching, read_body, refuse_failure

    github, where = GitHub.from_environment(), str(repository)
    headers = {"Accept": "application/vnd.github+json"}
    if github.token:
        headers["Authorization"] = f"Bearer {github.token}"
    url = f"{github.api}/repos/{repository.owner}/{repository.name}"
    with reaching(where, SECONDS):
        async with (
            asyncio.timeout(SECONDS),
            open_client() as client,
            client.stream("GET", url, headers=headers) as response,
        ):
            try:
                refuse_failure(response, where, refusal_hint(response, github))
            except SourceError as error:
                used_up = response.headers.get("x-ratelimit-remaining") == "0"
                if response.status_code == 429 or (response.status_code == 403 and used_up):
                    raise _too_often(error) from error
                raise
            data = await read_body(response, SIZE, where)
    return _counts(data, repository)


def _counts(data: bytes, repository: GitHubAddress) -> dict[str, object]:
    try:
        found = json.loads(data)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not found.keys() >= _GITHUB.keys():
        hint = "Check GITHUB_API_URL, if you have set it."
        problem = "what answers is not GitHub's API"
        raise SourceError(problem, where=str(repository), hint=hint)
    return found


def _too_often(error: SourceError) -> _AskedTooOften:
    return _AskedTooOften(error.message, where=error.where, hint=error.hint)


def _signals(
    counts: Mapping[str, object],
    names: Mapping[str, SignalName],
    repository: Repository,
    now: datetime,
) -> list[Signal]:
    """Return what is a count among `counts`; a host may leave some out."""
    return [
        Signal(name=name, value=value, source=page_of(repository), retrieved=now)
        for key, name in names.items()
        if type(value := counts.get(key)) is int and 0 <= value <= LARGEST
    ]
