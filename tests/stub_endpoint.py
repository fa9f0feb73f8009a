"""A stub of an OpenAI-compatible endpoint on loopback: it answers what a test tells it to.

It is no model. Each request takes the next answer of the script; the last one is given again.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Answer:
    """An HTTP answer. `drop` closes the connection instead."""

    body: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False


Scripted = Answer | Callable[[dict[str, Any]], Answer]


def completion(content: Any, *, finish_reason: str = "stop", refusal: str | None = None) -> Answer:
    """Return a chat completion with `content` (as JSON, if it isn't a text) as its message."""
    text = content if content is None or isinstance(content, str) else json.dumps(content)
    message = {"role": "assistant", "content": text, "refusal": refusal}
    choice = {"index": 0, "message": message, "finish_reason": finish_reason}
    body = {
        "id": "chatcmpl-stub",
        "object": "chat.completion",
        "created": 1,
        "model": "stub-2026",
        "choices": [choice],
        "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
    }
    return Answer(json.dumps(body), headers={"Content-Type": "application/json"})


def problem(status: int, message: str, code: str = "", **headers: str) -> Answer:
    """Return an error as OpenAI words it."""
    body = json.dumps({"error": {"message": message, "code": code}})
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return Answer(body, status, {"Content-Type": "application/json", **named})


class _Server(ThreadingHTTPServer):
    # With the default of 5, a burst waits a second for its connections.
    request_queue_size = 256
    daemon_threads = True


class StubEndpoint:
    """What was asked (`requests`, as JSON bodies) and where (`url`)."""

    def __init__(self, script: Sequence[Scripted], models: Sequence[str]) -> None:
        self.script, self.models = list(script), list(models)
        self.requests: list[dict[str, Any]] = []
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def next_answer(self, body: dict[str, Any]) -> Answer:
        with self._lock:
            scripted = self.script[min(len(self.requests), len(self.script) - 1)]
            self.requests.append(body)
        return scripted if isinstance(scripted, Answer) else scripted(body)

    def _handler(stub) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - `self` is the handler below
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                self._send(stub.next_answer(json.loads(raw)))

            def do_GET(self) -> None:
                listed = {"object": "list", "data": [{"id": name} for name in stub.models]}
                self._send(Answer(json.dumps(listed), headers={"Content-Type": "application/json"}))

            def _send(self, answer: Answer) -> None:
                self.close_connection = answer.drop
                if answer.drop:
                    return
                data = answer.body.encode()
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name
                return

        return Handler

    @contextmanager
    def serving(self) -> Iterator[StubEndpoint]:
        """Serve while the block runs."""
        thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()


@contextmanager
def stub_endpoint(*script: Scripted, models: Sequence[str] = ("stub",)) -> Iterator[StubEndpoint]:
    """Serve `script` on loopback."""
    with StubEndpoint(script or [completion({"capabilities": []})], models).serving() as stub:
        yield stub
