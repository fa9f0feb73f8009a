"""Connections that a slow or silent peer can't hold open."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

ASKED_WITHIN = 15.0
"""Seconds that the head of a request may take to arrive."""


class Connection(H11Protocol):
    """Ends where no request comes in time; uvicorn itself waits for ever."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take what came; wait on where it is no whole head yet."""
        super().data_received(data)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._wait_no_more()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self._wait_no_more()
        elif self._late is None and not self.transport.is_closing():
            self._late = self.loop.call_later(ASKED_WITHIN, self._end)

    def _wait_no_more(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _end(self) -> None:
        """Close the connection, unless a request has come and is being answered."""
        self._late = None
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()
