"""An OpenAI-compatible endpoint, asked through the openai SDK and retried by tenacity."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self

import httpx2
import openai
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type

from capdraft.client import Body, Notify, Reply, Sleep
from capdraft.client.cassettes import mismatch
from capdraft.client.completions import not_an_endpoint
from capdraft.client.pace import HeldTooLong, Pace, limits
from capdraft.client.waiting import is_local
from capdraft.errors import (
    CapdraftError,
    EndpointBusy,
    EndpointError,
    EndpointUnreachable,
    KeyRefused,
    ModelUnknown,
    NoEndpoint,
    RequestRefused,
)
from capdraft.settings import EndpointSettings

ATTEMPTS = 6
UNREACHABLE_ATTEMPTS = 2
"""A server that isn't there is mostly a wrong address: no use in asking six times."""
TIMED_OUT_ATTEMPTS = 3
CONNECT_SECONDS = 20.0
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0
"""Seconds: waits double from the first to the longest where the endpoint names none."""
CHARACTERS_A_TOKEN = 4
_TRANSIENT = {408, 409, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529}
_UNUSED_KEY = "none"


class _Transient(Exception):
    """An attempt that may succeed later: what it will be called if none does, and the wait.

    `refused` tells that the endpoint turned it away as one too many (429); `but` is what may come
    of asking again.
    """

    def __init__(
        self,
        error: CapdraftError,
        wait: float | None = None,
        attempts: int = ATTEMPTS,
        *,
        refused: bool = False,
        but: str = "",
    ) -> None:
        super().__init__(str(error))
        self.error, self.wait, self.attempts, self.refused = error, wait, attempts, refused
        self.but = but


class _Tries:
    """tenacity's stop and wait for one request.

    A refusal holds the whole endpoint back. It uses up a try only if nobody got an answer since
    the last one: while others are answered, waiting is worth it.
    """

    def __init__(self, pace: Pace, notify: Notify) -> None:
        self._pace, self._notify = pace, notify
        self._used, self._answers = 0, pace.answers

    def stop(self, state: RetryCallState) -> bool:
        return self._used >= _transient(state).attempts

    def wait(self, state: RetryCallState) -> float:
        """Count a try and return its wait; tenacity asks for this before it asks to stop."""
        problem = _transient(state)
        if problem.refused and self._pace.answers != self._answers:
            self._used, self._answers = 0, self._pace.answers
        self._used += 1
        wait = min(FIRST_WAIT * 2 ** (self._used - 1), LONGEST_WAIT)
        wait = wait if problem.wait is None else problem.wait
        if not problem.refused:
            if self._used < problem.attempts:
                self._notify(f"{problem}; asking again in {wait:.0f} s{problem.but}")
            return wait
        held = self._pace.refused(wait)
        self._notify(f"{problem}; holding all requests for {held:.0f} s")
        return 0.0  # the pace lets it wait


def _transient(state: RetryCallState) -> _Transient:
    error = state.outcome.exception() if state.outcome else None
    if not isinstance(error, _Transient):
        raise TypeError(f"only what is transient is retried, not {error!r}")
    return error


class OpenAIEndpoint:
    """Asks one endpoint. Use it as an async context manager, so that its connections close."""

    path = "/chat/completions"

    def __init__(
        self,
        settings: EndpointSettings,
        *,
        timeout: float,
        max_wait: float,
        notify: Notify = lambda _: None,
        sleep: Sleep = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings = settings
        self._timeout, self._max_wait, self._notify = timeout, max_wait, notify
        self._sleep, self._clock, self._pace = sleep, clock, Pace(sleep, clock, max_wait)
        self._client = openai.AsyncOpenAI(
            base_url=settings.base_url,
            api_key=settings.key or _UNUSED_KEY,
            max_retries=0,  # tenacity retries; two layers would multiply
            timeout=httpx2.Timeout(timeout, connect=min(timeout, CONNECT_SECONDS)),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._client.close()

    async def ask(self, body: Body) -> Reply:
        """Post a chat completion; see `capdraft.client.Endpoint`."""
        tries = _Tries(self._pace, self._notify)
        retrying = AsyncRetrying(
            sleep=self._sleep,
            stop=tries.stop,
            wait=tries.wait,
            retry=retry_if_exception_type(_Transient),
            reraise=True,
        )
        attempts, begun = 0, math.inf
        try:
            async for attempt in retrying:
                with attempt:
                    attempts = attempt.retry_state.attempt_number
                    number = await self._pace.turn()
                    begun = min(begun, self._clock())
                    try:
                        text = await self._send(body, number)
                    finally:
                        self._pace.landed()
                    self._pace.answered()
        except _Transient as given_up:
            raise given_up.error from given_up
        except HeldTooLong as held:
            message = f"{self._url} allows no more requests for now"
            raise self._too_long(message, held.seconds) from held
        return Reply(200, text, self._clock() - begun, attempts)

    async def models(self) -> list[str]:
        """Return the names of the models that the endpoint serves; none if it doesn't tell."""
        try:
            response = await self._client.get("/models", cast_to=httpx2.Response)
            return sorted(str(model["id"]) for model in response.json()["data"])
        except (openai.OpenAIError, ValueError, LookupError, TypeError):
            return []

    async def only_model(self) -> str:
        """Return the one model that the endpoint serves.

        Raises:
            NoEndpoint: it serves several, or doesn't tell.
        """
        names = await self.models()
        if len(names) == 1:
            return names[0]
        shown = ", ".join(names[:12]) + (" …" if len(names) > 12 else "")
        raise NoEndpoint(
            f"no model is named for {self.settings.shown_url}",
            hint="Name one with --model, OPENAI_MODEL or [model] name in capdraft.toml."
            + (f" It serves: {shown}" if names else ""),
        )

    async def _send(self, body: Body, number: int) -> str:
        try:
            response = await self._client.post(self.path, body=body, cast_to=httpx2.Response)
            self._heed(response, number)
        except openai.APIStatusError as error:
            self._heed(error.response, number)
            raise await self._status_problem(error, str(body.get("model"))) from error
        except openai.APIConnectionError as error:
            raise (mismatch(error) or self._connection_problem(error)) from error
        except openai.OpenAIError as error:
            raise EndpointError(f"{self._url}: {error}") from error
        except Exception as error:
            # A cassette that is played has its own words for a request that it doesn't hold.
            if played := mismatch(error):
                raise played from error
            raise
        # JSON is UTF-8 (RFC 8259, 8.1), whatever its header says.
        text = response.content.decode("utf-8", "replace")
        if not text.lstrip().startswith("{"):
            raise not_an_endpoint(text, self._url)
        return text

    def _heed(self, response: httpx2.Response, number: int) -> None:
        """Let the pace know what the headers say of the limits."""
        held = self._pace.told(number, limits(response.headers, _tokens(response.request)))
        if held >= 1:
            self._notify(f"{self._url} allows no more requests for {held:.0f} s; holding them")

    @property
    def _url(self) -> str:
        return self.settings.shown_url

    def _connection_problem(self, error: openai.APIConnectionError) -> _Transient:
        cause = error.__cause__ or error
        hint = "Check the base URL (--base-url, OPENAI_BASE_URL) and the network."
        connecting = isinstance(cause, httpx2.ConnectTimeout)
        if isinstance(error, openai.APITimeoutError) and not connecting:
            return self._no_answer()
        detail = str(cause) or type(cause).__name__
        if connecting:
            detail = f"no connection within {min(self._timeout, CONNECT_SECONDS):g} s"
        unreachable = EndpointUnreachable(f"{self._url} can't be reached: {detail}", hint=hint)
        refused = connecting or isinstance(cause, httpx2.ConnectError)
        return _Transient(unreachable, attempts=UNREACHABLE_ATTEMPTS if refused else ATTEMPTS)

    def _no_answer(self) -> _Transient:
        busy = EndpointBusy(
            f"{self._url}: no answer within {self._timeout:,g} s ([model] timeout)",
            hint="Raise [model] timeout in capdraft.toml if the model needs longer.",
        )
        local = is_local(self.settings.base_url)
        but = "; a local model may still be busy with the first request" if local else ""
        return _Transient(busy, attempts=TIMED_OUT_ATTEMPTS, but=but)

    async def _status_problem(self, error: openai.APIStatusError, model: str) -> Exception:
        status, said = error.status_code, _said(error)
        message = f"{self._url} answered {status}: {said}"
        if status == 429 and error.code in ("insufficient_quota", "billing_hard_limit_reached"):
            return RequestRefused(
                message, hint="The account has no credit left, or its limit is reached."
            )
        if status in _TRANSIENT:
            return self._wait_or_end(message, error.response)
        if status in (401, 403):
            return KeyRefused(message, hint="Check OPENAI_API_KEY: is it this endpoint's key?")
        if status == 404:
            names = await self.models()
            served = f" The endpoint serves: {', '.join(names[:12])}." if names else ""
            return ModelUnknown(
                f"{self._url} doesn't know the model {model!r} (404): {said}",
                hint=f"Check --model and the base URL.{served}",
            )
        hint = "See [model] structured_output and [model.parameters] in capdraft.toml."
        return RequestRefused(message, hint=hint if status in (400, 422) else "")

    def _wait_or_end(self, message: str, response: httpx2.Response) -> Exception:
        told = retry_after(response.headers)
        if told is None:
            used_up = (limit.reset for limit in limits(response.headers) if limit.remaining < 1)
            told = max(used_up, default=None)
        busy = EndpointBusy(message, hint="Try again later: what was answered so far is kept.")
        if told is None or told <= self._max_wait:
            return _Transient(busy, told, refused=response.status_code == 429)
        return self._too_long(message, told)

    def _too_long(self, message: str, seconds: float) -> EndpointBusy:
        return EndpointBusy(
            f"{message}; it asks to wait {seconds:.0f} s, longer than {self._max_wait:.0f} s",
            hint="Try again then, or raise [model] max_wait in capdraft.toml.",
        )


def _tokens(request: httpx2.Request) -> float:
    """Return about how many tokens a request has."""
    return len(request.content) / CHARACTERS_A_TOKEN


def retry_after(headers: Any) -> float | None:
    """Return the wait in seconds that `headers` name, or None.

    Forms: `retry-after-ms`, and `Retry-After` as seconds or as a date (RFC 9110, 10.2.3).
    """
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        value = headers.get(name)
        if value is None:
            continue
        try:
            seconds = float(value) * unit
            return max(0.0, seconds) if math.isfinite(seconds) else None
        except ValueError:
            pass
        try:
            return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
        except (ValueError, TypeError):
            continue
    return None


def _said(error: openai.APIStatusError) -> str:
    """Return the endpoint's own words, on one line and without a page of HTML."""
    text = next(_messages(error.body), None) or error.response.text or error.message
    flat = " ".join(str(text).split())
    if flat.startswith("<"):
        flat = "a web page (HTML)"
    return flat if len(flat) <= 300 else flat[:299] + "…"


def _messages(body: object) -> Iterator[str]:
    if isinstance(body, dict):
        for key in ("message", "detail", "error"):
            if isinstance(body.get(key), str):
                yield body[key]
