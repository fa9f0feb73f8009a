"""Why a cassette has no answer to a request: what differs, line by line."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from capdraft.client.cassettes.requests import Request, is_same, operation, same_method, same_path
from capdraft.errors import CassetteError, CassetteMismatch

DIFF_LINES = 80
_COMPARED = 5
_ALIKE = 0.05
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_HINT = (
    "If the change is meant, record it again: `capdraft cassettes record` does that for all "
    "that are stale, --record-mode rewrite for one."
)


@dataclass(frozen=True)
class Difference:
    """What is asked now and the recorded request most like it; None where nothing is alike."""

    reason: str
    now: Any
    recorded: Any
    lines: tuple[str, ...] = ()
    """A line diff of the two as a person reads them."""

    @property
    def changed(self) -> tuple[str, ...]:
        """The keys of the body that differ: messages, temperature, …"""
        if not isinstance(self.now, dict) or not isinstance(self.recorded, dict):
            return ()
        keys = dict.fromkeys([*self.recorded, *self.now])
        return tuple(key for key in keys if self.recorded.get(key) != self.now.get(key))


def difference(error: BaseException) -> Difference | None:
    """Return how a request differs from what is recorded, if that is what `error` is about."""
    from vcr.errors import CannotOverwriteExistingCassetteException

    for behind in _behind(error):
        if isinstance(behind, CannotOverwriteExistingCassetteException):
            cassette = behind.cassette
            now = cassette.filter_request(behind.failed_request)
            reason, closest = _compared(cassette, now)
            lines = tuple(_diff(closest, now)) if closest else ()
            return Difference(reason, _body(now), closest and _body(closest), lines)
    return None


def mismatch(error: BaseException) -> CassetteError | None:
    """Return what vcrpy meant to say somewhere behind `error`, or None if it said nothing.

    The SDK wraps it as a connection error, so causes and contexts are searched.
    """
    from vcr.errors import CannotOverwriteExistingCassetteException, UnhandledHTTPRequestError

    for behind in _behind(error):
        if isinstance(behind, CassetteError):
            return behind
        if isinstance(behind, CannotOverwriteExistingCassetteException):
            return _explain(behind.cassette, behind.failed_request)
        if isinstance(behind, UnhandledHTTPRequestError):
            return CassetteMismatch(str(behind.args[0]), hint=_HINT)
    return None


def _behind(error: BaseException) -> Iterator[BaseException]:
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        found = waiting.pop(0)
        if found is None or id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        if isinstance(found, BaseExceptionGroup):
            waiting.extend(found.exceptions)
        waiting.extend([found.__cause__, found.__context__])


def _explain(cassette: Any, failed: Request) -> CassetteMismatch:
    now = cassette.filter_request(failed)
    return CassetteMismatch(_reason(cassette, now), where=str(cassette.path), hint=_HINT)


def _reason(cassette: Any, now: Request) -> str:
    reason, closest = _compared(cassette, now)
    return "\n".join([f"{reason}:", *_shown(_diff(closest, now))]) if closest else reason


def _compared(cassette: Any, now: Request) -> tuple[str, Request | None]:
    """Return why nothing answers `now`, and the recorded request that it is held against."""
    asked = f"{now.method} {operation(now)}"
    if not cassette.rewound:
        return f"there is no such cassette to answer {asked}", None
    recorded = sum(is_same(now, request) for request in cassette.requests)
    if recorded:
        times = "once" if recorded == 1 else f"{recorded} times"
        said = f"the same request was asked more often than the {times} it is recorded: {asked}"
        return said, None
    closest = _closest(cassette, now)
    if closest is None:
        return f"nothing like this request is recorded: {asked}", None
    return _headline(_body(closest), _body(now)), closest


def _closest(cassette: Any, now: Request) -> Request | None:
    """Return the recorded request most like `now`: of those not yet played, if there are any."""
    alike = [
        (cassette.play_counts[index] == 0, request)
        for index, request in enumerate(cassette.requests)
        if same_method(now, request) and same_path(now, request)
    ]
    unplayed = [request for waiting, request in alike if waiting]
    candidates = unplayed or [request for _, request in alike]
    if len(candidates) == 1:
        return candidates[0]
    matcher = difflib.SequenceMatcher(b=_lines(now))
    ranked = []
    for request in candidates:
        matcher.set_seq1(_lines(request))
        ranked.append((matcher.quick_ratio(), request))
    ranked.sort(key=lambda pair: pair[0], reverse=True)
    best: tuple[float, Request] = (_ALIKE, None)
    for _, request in ranked[:_COMPARED]:
        matcher.set_seq1(_lines(request))
        best = max(best, (matcher.ratio(), request), key=lambda pair: pair[0])
    return best[1]


def _diff(recorded: Request, now: Request) -> list[str]:
    before, after = _lines(recorded), _lines(now)
    if before == after:  # such as 1.0 for 1.00, or an object with a key twice
        before, after = _raw_lines(recorded), _raw_lines(now)
    diff = difflib.unified_diff(before, after, "recorded", "now", lineterm="")
    return [_UNPRINTABLE.sub(_visible, line) for line in diff]


def _shown(diff: list[str]) -> list[str]:
    more = len(diff) - DIFF_LINES
    return [*diff[:DIFF_LINES], *([f"… {more} more lines"] if more > 0 else [])]


def _headline(before: Any, after: Any) -> str:
    if not isinstance(before, dict) or not isinstance(after, dict):
        return "the request changed since it was recorded"
    names = [
        name for name in dict.fromkeys([*before, *after]) if before.get(name) != after.get(name)
    ]
    what = "prompt" if "messages" in names else "request"
    return f"the {what} changed since it was recorded ({', '.join(names) or 'its spelling'})"


def _visible(found: re.Match[str]) -> str:
    return f"\\x{ord(found[0]):02x}" if found[0] < "\x80" else f"\\u{ord(found[0]):04x}"


def _body(request: Request) -> Any:
    try:
        return json.loads(request.body or b"")
    except (ValueError, RecursionError):
        return None


def _raw_lines(request: Request) -> list[str]:
    return (request.body or b"").decode("utf-8", "replace").split("\n")


def _lines(request: Request) -> list[str]:
    """Return the body as a person reads it: the messages' text, then the other parameters."""
    body = _body(request)
    if not isinstance(body, dict):
        return _raw_lines(request)
    messages = body.pop("messages", [])
    lines = [line for message in messages for line in _message(message)]
    return lines + (_pretty(body) if body else [])


def _message(message: Any) -> list[str]:
    if not isinstance(message, dict):
        return _pretty(message)
    rest = {key: value for key, value in message.items() if key not in ("role", "content")}
    lines = [f"[{message.get('role')}]", *_content(message.get("content"))]
    return lines + (_pretty(rest) if rest else [])


def _content(content: Any) -> list[str]:
    if isinstance(content, str):
        return content.split("\n")
    if isinstance(content, list):
        return [line for part in content for line in _part(part)]
    return [] if content is None else _pretty(content)


def _part(part: Any) -> list[str]:
    if isinstance(part, dict) and set(part) == {"type", "text"} and isinstance(part["text"], str):
        return part["text"].split("\n")
    return _pretty(part)


def _pretty(value: Any) -> list[str]:
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False).split("\n")
