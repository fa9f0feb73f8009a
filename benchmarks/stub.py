"""A stub of an OpenAI-compatible endpoint in a process of its own. It is no model.

    python benchmarks/stub.py --latency 0.2 [--rate 20 --headers] [--error-every 10] …

Its first line on standard output is its base URL. An answer fits the schema that was asked for and
is made from the passages of the request (lines that begin with `[n] `, else paragraphs), so that
what it states is in what it cites. GET /stats tells what came in.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import click
import h11

RECORDS = 6
"""Records of an answer."""
_PASSAGE = re.compile(r"^\[([0-9]+)\] (.+)$", re.MULTILINE)
Passages = list[tuple[int, str]]


@dataclass(frozen=True)
class Faults:
    """What goes wrong: at a rate, or with every n-th request (0: never)."""

    rate: int = 0
    headers: bool = False
    error_every: int = 0
    cut_every: int = 0
    invalid_every: int = 0


@dataclass
class Stub:
    """What the endpoint has seen, and how it answers."""

    latency: float
    faults: Faults
    requests: int = 0
    answered: int = 0
    received: int = 0
    first: float | None = None
    taken: deque[float] = field(default_factory=deque)

    async def answer(self, target: str, body: bytes) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body for a request."""
        if target.endswith("/stats"):
            return 200, {}, _json(self.stats())
        if target.endswith("/models"):
            return 200, {}, _json({"object": "list", "data": [{"id": "stub"}]})
        self.first = self.first or time.time()
        self.requests += 1
        self.received += len(body)
        number = self.requests
        headers, refused = self._limit()
        if refused:
            return 429, headers, _json({"error": {"message": "Rate limit reached", "code": "rate"}})
        await asyncio.sleep(self.latency)
        if _falls_on(self.faults.error_every, number):
            return 500, headers, _json({"error": {"message": "broken", "code": "stub"}})
        self.answered += 1
        return 200, headers, _json(self._completion(json.loads(body), number))

    def stats(self) -> dict[str, Any]:
        """Return the counts so far."""
        return {
            "requests": self.requests,
            "answered": self.answered,
            "bytes": self.received,
            "first": self.first,
        }

    def _limit(self) -> tuple[dict[str, str], bool]:
        """Count a request against the rate; return the headers that tell, and if it is too many."""
        limit = self.faults.rate
        if not limit:
            return {}, False
        now = time.monotonic()
        while self.taken and self.taken[0] <= now - 1:
            self.taken.popleft()
        refused = len(self.taken) >= limit
        if not refused:
            self.taken.append(now)
        if not self.faults.headers:
            return {}, refused
        reset = max(0, round((self.taken[0] + 1 - now) * 1000))
        told = {"limit": limit, "remaining": limit - len(self.taken), "reset": f"{reset}ms"}
        return {f"x-ratelimit-{key}-requests": str(value) for key, value in told.items()}, refused

    def _completion(self, request: dict[str, Any], number: int) -> dict[str, Any]:
        said = "\n".join(str(message["content"]) for message in request["messages"])
        passages = find_passages(str(request["messages"][-1]["content"])) or find_passages(said)
        message: dict[str, Any] = {"role": "assistant", "content": None, "refusal": None}
        if tools := request.get("tools"):
            function = tools[0]["function"]
            arguments = json.dumps(fit(function["parameters"], passages))
            call = {"name": function["name"], "arguments": arguments}
            message["tool_calls"] = [{"id": "call_1", "type": "function", "function": call}]
        else:
            message["content"] = self._content(request, passages, number)
        cut = _falls_on(self.faults.cut_every, number)
        if cut and message["content"]:
            message["content"] = message["content"][: len(message["content"]) // 2]
        reason = "length" if cut else "tool_calls" if tools else "stop"
        prompt = len(said) // 4
        return {
            "id": f"chatcmpl-stub-{number}",
            "object": "chat.completion",
            "created": 1,
            "model": "stub",
            "choices": [{"index": 0, "message": message, "finish_reason": reason}],
            "usage": {"prompt_tokens": prompt, "completion_tokens": 500, "total_tokens": prompt},
        }

    def _content(self, request: dict[str, Any], passages: Passages, number: int) -> str:
        schema = (request.get("response_format") or {}).get("json_schema", {}).get("schema")
        if schema is None:
            return json.dumps({"extractions": [_extraction(text) for _, text in _some(passages)]})
        data = fit(schema, passages)
        if _falls_on(self.faults.invalid_every, number):
            records = next(value for value in data.values() if isinstance(value, list))
            records[-1].pop(next(iter(records[-1])))
        return json.dumps(data, ensure_ascii=False)


def find_passages(prompt: str) -> Passages:
    """Return the numbered passages of a prompt, else its paragraphs."""
    numbered = [(int(number), text) for number, text in _PASSAGE.findall(prompt)]
    # langextract puts the document behind this.
    document = prompt.rpartition("Q: ")[2]
    return numbered or list(enumerate(filter(None, document.split("\n\n")), 1))


def fit(schema: dict[str, Any], passages: Passages) -> dict[str, Any]:
    """Return an object of `schema`; each of its records says what one passage says."""
    listed: dict[str, Any] = _fit(schema, schema, _some(passages) or [(1, "Nothing")], "")
    return listed


def _fit(node: dict[str, Any], root: dict[str, Any], passages: Passages, key: str) -> Any:
    if "$ref" in node:
        return _fit(root["$defs"][node["$ref"].rsplit("/", 1)[1]], root, passages, key)
    if "anyOf" in node:
        return _fit(node["anyOf"][0], root, passages, key)
    number, text = passages[0]
    match node["type"]:
        case "object":
            return {
                name: _fit(inner, root, passages, name)
                for name, inner in node.get("properties", {}).items()
            }
        case "array":
            own = passages if key == "capabilities" else passages[:1]
            return [_fit(node["items"], root, [passage], "") for passage in own]
        case "integer":
            return number
        case "string":
            return text[:400] if key == "text" else " ".join(text.split()[:5])[:100]
    return None


def _some(passages: Passages) -> Passages:
    longest = sorted(passages, key=lambda passage: -len(passage[1]))[:RECORDS]
    return sorted(longest)


def _extraction(text: str) -> dict[str, Any]:
    sentence = text.partition(". ")[0]
    return {"capability": sentence, "capability_attributes": {"name": sentence[:40]}}


def _falls_on(every: int, number: int) -> bool:
    return bool(every) and number % every == 0


def _json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode()


async def _serve(stub: Stub, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    connection = h11.Connection(h11.SERVER)
    target, pieces = "", list[bytes]()
    try:
        while True:
            event = connection.next_event()
            if event is h11.NEED_DATA:
                connection.receive_data(await reader.read(1 << 18))
            elif isinstance(event, h11.Request):
                target, pieces = event.target.decode().partition("?")[0], []
            elif isinstance(event, h11.Data):
                pieces.append(bytes(event.data))
            elif isinstance(event, h11.EndOfMessage):
                writer.write(_sent(connection, *await stub.answer(target, b"".join(pieces))))
                await writer.drain()
                if connection.our_state is not h11.DONE:
                    break
                connection.start_next_cycle()
            else:
                break
    except (ConnectionError, h11.RemoteProtocolError):
        pass  # a client that was killed
    writer.close()


def _sent(connection: h11.Connection, status: int, headers: dict[str, str], body: bytes) -> bytes:
    listed = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    response = h11.Response(status_code=status, headers=[*listed, *headers.items()])
    events = (response, h11.Data(data=body), h11.EndOfMessage())
    return b"".join(connection.send(event) or b"" for event in events)


async def _run(stub: Stub, port: int) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _serve(stub, reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", port, backlog=1024)
    click.echo(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1")
    await server.serve_forever()


@click.command()
@click.option("--port", default=0, help="0: any free one.")
@click.option("--latency", default=0.2, show_default=True, help="Seconds before an answer.")
@click.option("--rate", default=0, help="Requests taken in any second; others get 429.")
@click.option("--headers", is_flag=True, help="Tell of the rate in x-ratelimit headers.")
@click.option("--error-every", default=0, help="Every n-th request gets 500.")
@click.option("--cut-every", default=0, help="Every n-th answer is cut off.")
@click.option("--invalid-every", default=0, help="Every n-th answer has an invalid record.")
def main(port: int, latency: float, **faults: Any) -> None:
    """Serve until killed."""
    asyncio.run(_run(Stub(latency, Faults(**faults)), port))


if __name__ == "__main__":
    main()
