"""What an endpoint may do, and what the author then sees: each case against a real server."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from capdraft.client import Reply
from capdraft.client.completions import read_completion, request_body
from capdraft.client.openai_endpoint import OpenAIEndpoint, retry_after
from capdraft.client.waiting import answer_time
from capdraft.errors import (
    AnswerCutOff,
    AnswerFiltered,
    AnswerRefused,
    CapdraftError,
    EndpointBusy,
    EndpointUnreachable,
    KeyRefused,
    ModelUnknown,
    NoEndpoint,
    NotAnEndpoint,
    RequestRefused,
)
from capdraft.settings import EndpointSettings, ModelSettings, parse_settings
from stub_endpoint import Answer, completion, problem, stub_endpoint

BODY = {"model": "stub", "messages": [{"role": "user", "content": "Hello"}]}
PAGE = Answer("<!doctype html><h1>It works</h1>", headers={"Content-Type": "text/html"})


def ask(url: str, *, max_wait: float = 60.0, timeout: float = 5.0) -> tuple[Reply, list[float]]:
    """Ask once; return the reply and the waits that were taken (not slept)."""
    waits: list[float] = []

    async def note(seconds: float) -> None:
        if seconds:
            waits.append(seconds)

    def clock() -> float:
        return 1000.0 + sum(waits)

    async def run() -> Reply:
        settings = EndpointSettings(base_url=url, model="stub", key="sk-stub")
        endpoint = OpenAIEndpoint(
            settings, timeout=timeout, max_wait=max_wait, sleep=note, clock=clock
        )
        async with endpoint:
            return await endpoint.ask(BODY)

    return asyncio.run(run()), waits


def test_an_answer_comes_back_as_it_was_sent() -> None:
    answer = completion({"capabilities": []})
    with stub_endpoint(answer) as stub:
        reply, waits = ask(stub.url)
    assert (reply.body, reply.status, reply.attempts, waits) == (answer.body, 200, 1, [])
    assert stub.requests == [BODY]


@pytest.mark.parametrize(
    ("fault", "wait"),
    [
        pytest.param(problem(429, "slow down", retry_after="7"), 7, id="429 with Retry-After"),
        pytest.param(problem(429, "slow down", retry_after_ms="2500"), 2.5, id="milliseconds"),
        pytest.param(problem(429, "slow down"), 1, id="429 without"),
        pytest.param(problem(503, "warming up"), 1, id="5xx"),
        pytest.param(Answer("<h1>Bad gateway</h1>", 502), 1, id="a proxy's page"),
        pytest.param(Answer(drop=True), 1, id="dropped connection"),
    ],
)
def test_what_a_later_attempt_can_mend_is_asked_again(fault: Answer, wait: float) -> None:
    with stub_endpoint(fault, completion({})) as stub:
        reply, waits = ask(stub.url)
    assert reply.attempts == 2
    assert waits == pytest.approx([wait])


def test_attempts_end_and_do_not_multiply() -> None:
    with stub_endpoint(problem(500, "broken")) as stub, pytest.raises(EndpointBusy, match="broken"):
        ask(stub.url)
    assert len(stub.requests) == 6


def test_a_wait_longer_than_allowed_ends_with_a_message() -> None:
    fault = problem(429, "come back tomorrow", retry_after="86400")
    with stub_endpoint(fault) as stub, pytest.raises(EndpointBusy, match="asks to wait 86400 s"):
        ask(stub.url)
    assert len(stub.requests) == 1


def test_a_limit_that_is_used_up_is_waited_for_or_told() -> None:
    spent = {"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1h0m0s"}
    answer = replace(completion({}), headers=spent)

    async def ask_twice(url: str, max_wait: float) -> float:
        waits: list[float] = []

        async def note(seconds: float) -> None:
            waits.append(seconds)

        settings = EndpointSettings(base_url=url, model="stub", key=None)
        async with OpenAIEndpoint(
            settings, timeout=5, max_wait=max_wait, sleep=note, clock=lambda: sum(waits)
        ) as endpoint:
            await endpoint.ask(BODY)
            await endpoint.ask(BODY)
        return sum(waits)

    with stub_endpoint(answer) as stub:
        assert asyncio.run(ask_twice(stub.url, 4000)) == pytest.approx(3600)
        with pytest.raises(EndpointBusy, match="allows no more requests for now; it asks to wait"):
            asyncio.run(ask_twice(stub.url, 60))
        assert len(stub.requests) == 3
    with (
        stub_endpoint(problem(429, "No.", **spent)) as stub,
        pytest.raises(EndpointBusy, match="3600 s, longer than 60 s"),
    ):
        ask(stub.url)


def test_a_silent_endpoint_times_out_and_it_is_told_what_to_set() -> None:
    told: list[str] = []

    async def note(seconds: float) -> None:
        pass

    async def run(url: str) -> None:
        settings = EndpointSettings(base_url=url, model="stub", key=None)
        async with OpenAIEndpoint(
            settings, timeout=0.1, max_wait=1, notify=told.append, sleep=note
        ) as endpoint:
            await endpoint.ask(BODY)

    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        with pytest.raises(EndpointBusy, match=r"no answer within 0.1 s \(\[model\] timeout\)$"):
            asyncio.run(run(url))
    assert told == [
        f"{url}: no answer within 0.1 s ([model] timeout); asking again in {wait} s; "
        "a local model may still be busy with the first request"
        for wait in (1, 2)
    ], "nothing is said of a third time that never comes"


def test_a_reply_took_as_long_as_all_its_attempts_and_waits() -> None:
    with stub_endpoint(problem(503, "no"), problem(503, "no"), completion({})) as stub:
        reply, waits = ask(stub.url)
    assert reply.seconds == pytest.approx(sum(waits)) == 3


@pytest.mark.parametrize(
    ("url", "seconds"),
    [
        ("http://127.0.0.1:11434/v1", 1800),
        ("http://localhost:8000/v1", 1800),
        ("http://[::1]:8000/v1", 1800),
        ("http://192.168.1.20:8000/v1", 1800),
        ("http://10.1.2.3/v1", 1800),
        ("https://api.openai.com/v1", 600),
        ("https://8.8.8.8/v1", 600),
    ],
)
def test_an_endpoint_nearby_is_waited_for_longer_unless_it_is_set(url: str, seconds: float) -> None:
    assert answer_time(ModelSettings(), url) == seconds
    assert answer_time(parse_settings("[model]\ntimeout = 600\n").model, url) == 600


def test_a_wrong_address_is_told_after_two_attempts() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(EndpointUnreachable, match="can't be reached") as caught:
        ask(f"http://user:secret@127.0.0.1:{port}/v1?key=secret")
    assert "--base-url" in caught.value.hint
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "kind", "told"),
    [
        (problem(401, "Incorrect API key"), KeyRefused, "OPENAI_API_KEY"),
        (problem(403, "No access"), KeyRefused, "OPENAI_API_KEY"),
        (problem(404, "The model does not exist"), ModelUnknown, "serves: large, small"),
        (problem(400, "response_format is not supported"), RequestRefused, "structured_output"),
        (problem(429, "No credit", "insufficient_quota"), RequestRefused, "credit"),
        (PAGE, NotAnEndpoint, "/v1"),
        (Answer(""), NotAnEndpoint, "/v1"),
    ],
)
def test_what_no_attempt_can_mend_is_told_at_once(
    answer: Answer, kind: type[CapdraftError], told: str
) -> None:
    with stub_endpoint(answer, models=["small", "large"]) as stub, pytest.raises(kind) as caught:
        ask(stub.url)
    assert told in caught.value.hint
    assert len(stub.requests) == 1


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (completion('{"capabilities": [', finish_reason="length"), AnswerCutOff),
        (completion("", finish_reason="content_filter"), AnswerFiltered),
        (completion(None, refusal="I can't help with that"), AnswerRefused),
        (completion(None), NotAnEndpoint),
        (Answer('{"error": "no such route"}'), NotAnEndpoint),
        (Answer('{"choices": []}'), NotAnEndpoint),
        (Answer("[1]"), NotAnEndpoint),
    ],
)
def test_why_an_answer_ended_is_told_apart(answer: Answer, kind: type[CapdraftError]) -> None:
    with pytest.raises(kind):
        read_completion(answer.body, "http://stub")


def test_the_one_model_of_an_endpoint_needs_no_name() -> None:
    async def only_model(url: str) -> str:
        settings = EndpointSettings(base_url=url, model=None, key=None)
        async with OpenAIEndpoint(settings, timeout=5, max_wait=1) as endpoint:
            return await endpoint.only_model()

    with stub_endpoint(models=["llama"]) as stub:
        assert asyncio.run(only_model(stub.url)) == "llama"
    with stub_endpoint(models=["a", "b"]) as stub, pytest.raises(NoEndpoint) as caught:
        asyncio.run(only_model(stub.url))
    assert "a, b" in caught.value.hint


def test_retry_after_is_read_in_all_its_forms() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    past = format_datetime(datetime.now(UTC) - timedelta(seconds=90), usegmt=True)
    assert retry_after({"retry-after": "2.5"}) == 2.5
    assert retry_after({"retry-after-ms": "1500", "retry-after": "9"}) == 1.5
    assert retry_after({"retry-after": soon}) == pytest.approx(90, abs=3)
    assert retry_after({"retry-after": past}) == 0
    assert retry_after({"retry-after": "soon"}) is None
    assert retry_after({}) is None


@pytest.mark.parametrize(
    ("mode", "told"),
    [
        (
            "json_schema",
            {
                "type": "json_schema",
                "json_schema": {"name": "draft", "strict": True, "schema": {"type": "object"}},
            },
        ),
        ("json_object", {"type": "json_object"}),
        ("none", None),
    ],
)
def test_the_shape_of_the_answer_is_asked_for_as_the_settings_say(mode: str, told: object) -> None:
    body = request_body(
        [],
        model="m",
        schema_name="draft",
        schema={"type": "object"},
        structured_output=mode,
        parameters={"temperature": 0},
    )
    assert body.get("response_format") == told
    assert body["temperature"] == 0
