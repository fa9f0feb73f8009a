"""A page or file of the web, fetched over checked connections."""

from __future__ import annotations

import asyncio
import re
from pathlib import PurePosixPath
from urllib.parse import unquote, urljoin, urlsplit

import httpx2

from capdraft.errors import SourceError
from capdraft.sources.addresses.fetched import Fetched, FetchedFile
from capdraft.sources.addresses.names import WebAddress, parse_address, without_password
from capdraft.sources.addresses.network import CONNECT_SECONDS, CheckedTransport, Network
from capdraft.sources.addresses.responses import (
    ACCEPTED_ENCODING,
    reaching,
    read_body,
    refuse_failure,
)
from capdraft.sources.formats import WEB_PAGE, choose_format

MAX_REDIRECTS = 5
_REDIRECTS = {301, 302, 303, 307, 308}
_NO_DOCUMENT = re.compile(
    r"(?:image|audio|video|font)/|application/(?:zip|gzip|x-tar|x-7z|x-rar|x-bzip|x-xz|zstd)"
)
_HEADERS = {
    "Accept": "text/markdown, text/html;q=0.9, text/plain;q=0.8, */*;q=0.5",
    "Accept-Encoding": ACCEPTED_ENCODING,
    "User-Agent": "capdraft",
}
_DEFAULT = Network()


async def fetch_page(address: WebAddress, network: Network = _DEFAULT) -> Fetched:
    """Return the document at `address`; each redirect is checked as the address was.

    Raises:
        SourceError: it is refused, can't be reached, is too long or slow, or is no document.
    """
    timeout = httpx2.Timeout(network.seconds, connect=CONNECT_SECONDS)
    with reaching(address.url, network.seconds):
        async with (
            asyncio.timeout(network.seconds),
            # With a transport of its own, the client takes no proxy from the environment.
            httpx2.AsyncClient(
                transport=CheckedTransport(network), headers=_HEADERS, timeout=timeout
            ) as client,
        ):
            file = await _follow(client, address, network.size)
    instead = (f"{address.given}: read as the raw file {address.url}",) if address.given else ()
    return Fetched((file,), notes=instead)


async def _follow(client: httpx2.AsyncClient, address: WebAddress, limit: int) -> FetchedFile:
    hop = address
    for _ in range(MAX_REDIRECTS + 1):
        async with client.stream("GET", hop.url) as response:
            if response.status_code not in _REDIRECTS:
                return await _read(response, address, hop, limit)
            hop = _next(response, address, hop)
    problem = f"it was sent on more than {MAX_REDIRECTS} times"
    raise SourceError(problem, where=address.url, hint="Give the address that it ends at.")


def _next(response: httpx2.Response, address: WebAddress, hop: WebAddress) -> WebAddress:
    """Return where a redirect leads; an error names the address that was asked for too."""
    try:
        target = parse_address(urljoin(hop.url, response.headers.get("location", "")))
    except (SourceError, ValueError) as error:
        where, problem = (
            (error.where, error.message)
            if isinstance(error, SourceError)
            else (without_password(response.headers["location"]), "this is no address")
        )
        raise SourceError(
            f"it is sent on to {where}: {problem}",
            where=address.url,
            hint="Download it, and name the file.",
        ) from error
    if not isinstance(target, WebAddress):
        raise SourceError("it is sent on to no page", where=address.url, hint="Download it.")
    return target


async def _read(
    response: httpx2.Response, address: WebAddress, hop: WebAddress, limit: int
) -> FetchedFile:
    refuse_failure(response, address.url)
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if _NO_DOCUMENT.match(media_type):
        raise SourceError(
            f"this is {media_type}, no document",
            where=address.url,
            hint="Give the address of its README, card or docs page.",
        )
    name = _name(hop.url, media_type)
    choose_format(name, media_type, uri=address.url)
    data = await read_body(response, limit, address.url)
    return FetchedFile(address.url, name, data, media_type or None)


def _name(url: str, media_type: str) -> str:
    """Return a name by which what `url` gave is read: a page is one, whatever its path ends in."""
    path = PurePosixPath(unquote(urlsplit(url).path))
    return f"{path.stem}.html" if media_type == WEB_PAGE.media_type else path.name
