"""An endpoint that is asked once: to find out whether it answers, not to get an answer."""

from __future__ import annotations

import time

import httpx2
import openai

from capdraft.client import Body, Reply
from capdraft.client.completions import not_an_endpoint
from capdraft.client.openai_endpoint import OpenAIEndpoint, _Transient
from capdraft.errors import EndpointError, NotAnEndpoint
from capdraft.settings import EndpointSettings


class OneTry(OpenAIEndpoint):
    """Asks one endpoint without retries, so that what is wrong is told at once."""

    def __init__(self, settings: EndpointSettings, *, timeout: float) -> None:
        super().__init__(settings, timeout=timeout, max_wait=timeout)

    async def ask(self, body: Body) -> Reply:
        """Post `body` once; see `capdraft.client.Endpoint`."""
        started = time.monotonic()
        number = await self._pace.turn()
        try:
            text = await self._send(body, number)
        except _Transient as failed:
            raise failed.error from failed
        finally:
            self._pace.landed()
        return Reply(200, text, time.monotonic() - started, 1)

    async def listed(self) -> list[str] | None:
        """Return the names of the models that the endpoint serves; None where it lists none.

        Raises:
            EndpointUnreachable, EndpointBusy, KeyRefused, RequestRefused: it doesn't answer.
            NotAnEndpoint: something else answers.
        """
        try:
            response = await self._client.get("/models", cast_to=httpx2.Response)
        except openai.NotFoundError:
            return None
        except openai.APIStatusError as error:
            raise _told(await self._status_problem(error, "")) from error
        except openai.APIConnectionError as error:
            raise _told(self._connection_problem(error)) from error
        except openai.OpenAIError as error:
            raise EndpointError(f"{self._url}: {error}") from error
        return self._names(response)

    def _names(self, response: httpx2.Response) -> list[str]:
        text = response.content.decode("utf-8", "replace")
        try:
            return sorted(str(model["id"]) for model in response.json()["data"])
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            problem: NotAnEndpoint = not_an_endpoint(text, self._url)
            raise problem from error


class OneEmbedding(OneTry):
    """The same for embeddings."""

    path = "/embeddings"


def _told(problem: Exception) -> Exception:
    return problem.error if isinstance(problem, _Transient) else problem
