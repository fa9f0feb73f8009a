"""The README and docs of a repository on GitHub, at one commit."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote, urlsplit

import httpx2

from capdraft.errors import SourceError
from capdraft.sources.addresses.fetched import Fetched, FetchedFile
from capdraft.sources.addresses.names import GitHubAddress
from capdraft.sources.addresses.responses import (
    ACCEPTED_ENCODING,
    reaching,
    read_body,
    refuse_failure,
)
from capdraft.sources.formats import suffixes, what_is_read

API = "https://api.github.com"
RAW = "https://raw.githubusercontent.com"
MAX_FILES = 100
MAX_BYTES = 5_000_000
SECONDS = 120.0
AT_ONCE = 8
_SHOWN = 5
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@dataclass(frozen=True, slots=True)
class GitHub:
    """Where GitHub's API is, and the token that is sent there and nowhere else."""

    api: str = API
    raw: str = RAW
    token: str = ""

    @classmethod
    def from_environment(cls) -> GitHub:
        """Return what GITHUB_API_URL and GITHUB_TOKEN say.

        Raises:
            SourceError: the API would be asked without TLS.
        """
        api = (os.environ.get("GITHUB_API_URL") or API).rstrip("/")
        parts = urlsplit(api)
        if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
            hint = "Set it to an address with https://, or unset it."
            raise SourceError("GITHUB_API_URL is not https", where="GITHUB_API_URL", hint=hint)
        return cls(api, token=os.environ.get("GITHUB_TOKEN", ""))

    @property
    def gives_raw_files(self) -> bool:
        """Whether files come from beside the API, which needs a token for more than a few."""
        return not self.token and self.api == API


@dataclass(frozen=True, slots=True)
class _Blob:
    path: str
    sha: str
    size: int

    @property
    def is_read(self) -> bool:
        path = PurePosixPath(self.path)
        hidden = any(part.startswith(".") for part in path.parts)
        return not hidden and path.suffix.lower() in suffixes()


async def fetch_docs(address: GitHubAddress, github: GitHub) -> Fetched:
    """Return the README and what is below docs/, within 100 files and 5 MB.

    Raises:
        SourceError: there is no such repository, nothing in it is read, or GitHub can't be reached.
    """
    where = str(address)
    with reaching(where, SECONDS):
        async with asyncio.timeout(SECONDS), open_client() as client:
            repository = _Repository(client, github, address)
            commit = await repository.commit()
            blobs, notes = _chosen(await repository.docs(commit), where)
            files = await repository.files(commit, blobs)
    return Fetched(files, type="repository", notes=notes)


def open_client() -> httpx2.AsyncClient:
    """Return a client for GitHub's API and what it redirects to."""
    # The client drops Authorization where a redirect leaves the API's host.
    headers = {"User-Agent": "capdraft", "Accept-Encoding": ACCEPTED_ENCODING}
    limits = httpx2.Limits(max_connections=AT_ONCE)
    return httpx2.AsyncClient(
        headers=headers, limits=limits, follow_redirects=True, max_redirects=5, timeout=30.0
    )


@dataclass(frozen=True, slots=True)
class _Repository:
    client: httpx2.AsyncClient
    github: GitHub
    address: GitHubAddress

    async def commit(self) -> str:
        """Return the commit that the address means."""
        ref = quote(self.address.ref or "HEAD", safe="")
        found = (await self._ask(f"commits/{ref}", "sha")).decode("ascii", "replace").strip()
        if len(found) not in (40, 64) or set(found) - set("0123456789abcdef"):
            raise self._nonsense()
        return found

    async def docs(self, commit: str) -> list[_Blob]:
        """Return the README files at the top and all files below docs/, the READMEs first."""
        top = await self._tree(commit)
        readmes = [blob for blob in _blobs(top) if blob.path.casefold().startswith("readme")]
        # The README itself before its translations, whatever sign comes behind its name.
        found = sorted(readmes, key=lambda blob: (len(PurePosixPath(blob.path).stem), blob.path))
        for item in top:
            if item.get("type") == "tree" and item.get("path") == "docs":
                below = await self._tree(f"{item.get('sha')}?recursive=1")
                found += _blobs(below, prefix="docs/")
        return found

    async def files(self, commit: str, blobs: Iterable[_Blob]) -> tuple[FetchedFile, ...]:
        """Return the files of `blobs`, in their order."""
        gate = asyncio.Semaphore(AT_ONCE)
        uri = GitHubAddress(self.address.owner, self.address.name, commit)

        async def read(blob: _Blob) -> FetchedFile:
            async with gate:
                data = await self._file(commit, blob)
            return FetchedFile(f"{uri}/{blob.path}", PurePosixPath(blob.path).name, data)

        return tuple(await asyncio.gather(*map(read, blobs)))

    async def _file(self, commit: str, blob: _Blob) -> bytes:
        if not self.github.gives_raw_files:
            return await self._ask(f"git/blobs/{blob.sha}", "raw+json")
        address = f"{self.address.owner}/{self.address.name}/{commit}/{quote(blob.path)}"
        return await self._get(f"{self.github.raw}/{address}", {})

    async def _tree(self, name: str) -> list[Mapping[str, object]]:
        import json

        data = await self._ask(f"git/trees/{name}", "json")
        try:
            tree = json.loads(data)["tree"]
        except (ValueError, KeyError, TypeError) as error:
            raise self._nonsense() from error
        if not isinstance(tree, list):
            raise self._nonsense()
        return [item for item in tree if isinstance(item, dict)]

    async def _ask(self, path: str, kind: str) -> bytes:
        headers = {"Accept": f"application/vnd.github.{kind}"}
        if self.github.token:
            headers["Authorization"] = f"Bearer {self.github.token}"
        base = f"{self.github.api}/repos/{self.address.owner}/{self.address.name}"
        return await self._get(f"{base}/{path}", headers)

    async def _get(self, url: str, headers: dict[str, str]) -> bytes:
        where = str(self.address)
        async with self.client.stream("GET", url, headers=headers) as response:
            refuse_failure(response, where, refusal_hint(response, self.github))
            return await read_body(response, MAX_BYTES, where)

    def _nonsense(self) -> SourceError:
        hint = "Check GITHUB_API_URL, if you have set it."
        return SourceError("what answers is not GitHub's API", where=str(self.address), hint=hint)


def refusal_hint(response: httpx2.Response, github: GitHub) -> str:
    """Return what to do about an answer that GitHub refuses with."""
    status = response.status_code
    limited = response.headers.get("x-ratelimit-remaining") == "0" or status == 429
    token = "Check GITHUB_TOKEN." if github.token else "If it is private, set GITHUB_TOKEN."
    if limited and not github.token:
        return "Set GITHUB_TOKEN: without one GitHub answers 60 requests an hour."
    if limited:
        return "The token's requests of this hour are used up: try again later."
    if status in (404, 422):
        return f"Check the name, and the ref if there is one. {token}"
    return token if status in (401, 403) else ""


def _blobs(tree: Iterable[Mapping[str, object]], prefix: str = "") -> list[_Blob]:
    """Return the files of a tree; a link (mode 120000) holds but the path that it leads to."""
    return [
        _Blob(f"{prefix}{item.get('path')}", str(item.get("sha")), size)
        for item in tree
        if item.get("type") == "blob"
        and item.get("mode") != "120000"
        and isinstance(size := item.get("size"), int)
    ]


def _chosen(blobs: list[_Blob], where: str) -> tuple[list[_Blob], tuple[str, ...]]:
    """Return what is read of `blobs`, and what is said of the rest."""
    chosen: list[_Blob] = []
    left_out: dict[str, list[str]] = {}
    total = 0
    for blob in blobs:
        if not blob.is_read:
            reason = "files of their kind are not read"
        elif len(chosen) == MAX_FILES:
            reason = f"no more than {MAX_FILES} files are read"
        elif total + blob.size > MAX_BYTES:
            reason = f"no more than {MAX_BYTES // 1_000_000} MB are read"
        else:
            chosen.append(blob)
            total += blob.size
            continue
        left_out.setdefault(reason, []).append(blob.path)
    if not chosen:
        problem = "it has no README, and nothing below docs/, that can be read"
        raise SourceError(problem, where=where, hint=what_is_read())
    return chosen, tuple(_note(where, reason, paths) for reason, paths in left_out.items())


def _note(where: str, reason: str, paths: list[str]) -> str:
    shown = ", ".join(paths[:_SHOWN])
    more = f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else ""
    return f"{where}: left out, {reason}: {shown}{more}"
