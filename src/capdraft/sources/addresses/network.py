"""Connections that go to the address that was checked, and nowhere else.

A name is resolved once for each request. All its addresses are checked, and the connection is made
to one of them by number, so that a second answer of the name server changes nothing. TLS and the
Host header keep the name.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import httpx2

from capdraft.errors import SourceError
from capdraft.sources.addresses.policy import IPAddress, is_public, parse_ip

CONNECT_SECONDS = 10.0
ELSEWHERE = "Download it, and name the file."


class Resolve(Protocol):
    """Looks a name up."""

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        """Return the IP addresses of `host`.

        Raises:
            OSError: it has none.
        """
        ...


async def resolve(host: str, port: int) -> Sequence[str]:
    """Return the IP addresses that the system gives for `host`.

    Raises:
        OSError: it gives none.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(item[4][0]) for item in found))


@dataclass(frozen=True, slots=True)
class Network:
    """How names become addresses, which of these may be reached, and how much is read of them."""

    resolve: Resolve = resolve
    may_reach: Callable[[IPAddress], bool] = is_public
    trust: ssl.SSLContext | None = None
    seconds: float = 30.0
    size: int = 20_000_000


class CheckedTransport(httpx2.AsyncBaseTransport):
    """Sends each request to an address of its host that was checked."""

    def __init__(self, network: Network) -> None:
        self._network = network
        # One for each name: a connection made for one is never used for another at the same number.
        self._by_host: dict[str, httpx2.AsyncHTTPTransport] = {}

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        host = request.url.raw_host.decode("ascii")
        addresses = await self._addresses(request, host)
        for address in addresses[:-1]:
            try:
                return await self._send(request, host, address)
            except (httpx2.ConnectError, httpx2.ConnectTimeout):
                continue
        return await self._send(request, host, addresses[-1])

    async def _addresses(self, request: httpx2.Request, host: str) -> list[IPAddress]:
        where = str(request.url)
        try:
            found = [
                parse_ip(a) for a in await self._network.resolve(host, request.url.port or 443)
            ]
        except (OSError, ValueError) as error:
            problem = f"there is no address for {host!r}"
            hint = "Check it for a typing error, and that you are online."
            raise SourceError(problem, where=where, hint=hint) from error
        refused = [address for address in found if not self._network.may_reach(address)]
        if refused or not found:
            problem = f"{host!r} is at {refused[0]}" if refused else f"{host!r} is nowhere"
            problem += ", which is not on the public internet"
            raise SourceError(problem, where=where, hint=ELSEWHERE)
        return found

    async def _send(
        self, request: httpx2.Request, host: str, address: IPAddress
    ) -> httpx2.Response:
        if host not in self._by_host:
            verify = self._network.trust or True
            self._by_host[host] = httpx2.AsyncHTTPTransport(verify=verify)
        pinned = httpx2.Request(
            request.method,
            request.url.copy_with(host=str(address)),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )
        return await self._by_host[host].handle_async_request(pinned)

    async def aclose(self) -> None:
        for transport in self._by_host.values():
            await transport.aclose()
