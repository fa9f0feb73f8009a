"""One LLM endpoint: what is asked of it, and what comes back. Alone knows openai and tenacity."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer as it came: `body` is its text, `seconds` its time.

    That is from the first attempt on, with the waits and those that failed.
    """

    status: int
    body: str
    seconds: float
    attempts: int


class Endpoint(Protocol):
    """Something that answers a chat completion request."""

    async def ask(self, body: Body) -> Reply:
        """Send `body` and return the answer, retrying what a later attempt can mend.

        Raises:
            EndpointError: no usable HTTP answer came.
            CassetteError: a cassette is played and does not hold this request.
        """
        ...


Notify = Callable[[str], None]
Sleep = Callable[[float], Awaitable[None]]

__all__ = ["Body", "Endpoint", "Notify", "Reply", "Sleep"]
