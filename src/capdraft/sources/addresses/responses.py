"""What servers answer, read within a size, or told as an error with what to do next."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2

from capdraft.errors import SourceError
from capdraft.text import clean

ACCEPTED_ENCODING = "gzip"
_NEXT = {
    401: "It needs a login: download it, and name the file.",
    403: "It needs a login, or refuses programs: download it, and name the file.",
    404: "Check the address for a typing error.",
    410: "Check the address: what was there is gone.",
    429: "It was asked too often: try again later.",
}


def refuse_failure(response: httpx2.Response, where: str, hint: str = "") -> None:
    """Do nothing about an answer that holds what was asked for.

    Raises:
        SourceError: it tells of a failure; `hint` replaces what is said to do next.
    """
    status = response.status_code
    if status == httpx2.codes.OK:
        return
    reason = clean(response.reason_phrase)[:60]
    later = "The server has a problem: try again later." if status >= 500 else ""
    hint = hint or _NEXT.get(status, later) or "Download it, and name the file."
    raise SourceError(f"the server answered {status} {reason}".rstrip(), where=where, hint=hint)


async def read_body(response: httpx2.Response, limit: int, where: str) -> bytes:
    """Return the body of a streamed `response`, unpacked; neither form is longer than `limit`.

    Raises:
        SourceError: it is longer, or packed in a way that was not asked for.
    """
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        problem = f"the server packed it as {clean(encoding)[:40]!r}, which was not asked for"
        raise SourceError(problem, where=where, hint="Download it, and name the file.")
    length = response.headers.get("content-length", "")
    if length.isdecimal() and len(length) < 20 and int(length) > limit:
        raise _too_long(limit, where)
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > limit:
            raise _too_long(limit, where)
    return _unpack(bytes(body), limit, where) if "gzip" in encoding else bytes(body)


def _unpack(packed: bytes, limit: int, where: str) -> bytes:
    unpacker = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        data = unpacker.decompress(packed, limit + 1)
    except zlib.error:
        data = b""
    if len(data) > limit:
        raise _too_long(limit, where)
    if not unpacker.eof or unpacker.unused_data:
        raise SourceError("it arrived broken", where=where, hint="Try again.")
    return data


def _too_long(limit: int, where: str) -> SourceError:
    size = f"{limit / 1_000_000:g} MB"
    hint = "Download the part of it that is the document, and name the file."
    return SourceError(f"this is longer than {size}", where=where, hint=hint)


@contextmanager
def reaching(where: str, seconds: float) -> Iterator[None]:
    """Turn what goes wrong on the way to a server into an error that names the address.

    Raises:
        SourceError: the server can't be reached, takes longer than `seconds`, or talks nonsense.
    """
    try:
        yield
    except (TimeoutError, httpx2.TimeoutException) as error:
        problem = f"it did not arrive within {seconds:g} seconds"
        raise SourceError(problem, where=where, hint="Try again later, or download it.") from error
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        reason = " ".join(clean(str(error)).split())[:200] or type(error).__name__
        hint = "Check the address, and that you are online."
        raise SourceError(f"can't be fetched: {reason}", where=where, hint=hint) from error
