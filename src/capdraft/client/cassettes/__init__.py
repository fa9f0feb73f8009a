"""Exchanges with the endpoint, recorded in a file and replayed from it.

One implementation for `capdraft draft --cassette FILE` (`use_cassette`) and for tests under
pytest-recording (`configure`, `vcr_config` and `save`, called from `tests/conftest.py`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from capdraft.client.cassettes.mismatch import Difference, difference, mismatch
from capdraft.client.cassettes.note import By, Note, NotedDocument, NotedSource
from capdraft.client.cassettes.requests import (
    CHAT,
    same_json,
    same_method,
    same_path,
    without_secrets,
    worth_recording,
)
from capdraft.errors import CassetteInvalid

Mode = Literal["none", "once", "rewrite"]
_VCR_MODES = {"none": "none", "once": "once", "rewrite": "all"}
_OTHER_LIBRARIES = (
    "httplib",
    "requests",
    "boto3",
    "urllib3",
    "httplib2",
    "tornado",
    "aiohttp",
    "httpx",
)


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """Which model was asked, and under which base URL."""

    model: str
    base_url: str


class CassetteSession:
    """A cassette in use: what was played and recorded, and whether that will be saved."""

    def __init__(self, cassette: Any) -> None:
        self._cassette = cassette
        self._loaded = len(cassette)
        self.decision: bool | None = None
        self.note: Note | None = None
        """What is recorded, for the head of the file."""

    @property
    def recorded(self) -> int:
        """How many exchanges were recorded by now."""
        return len(self._cassette) - self._loaded

    @property
    def played(self) -> int:
        """How many recorded answers were given by now."""
        return int(self._cassette.play_count)

    @property
    def unused(self) -> int:
        """How many recorded answers nobody asked for yet; a replay needs no list of models."""
        asked = self._cassette.play_counts
        loaded = enumerate(self._cassette.requests[: self._loaded])
        return sum(request.method != "GET" and not asked[place] for place, request in loaded)

    def keep(self) -> None:
        """Save the recording at exit, even if the block raises."""
        self.decision = True

    def discard(self) -> None:
        """Leave the file as it is at exit."""
        self.decision = False

    def first_request(self) -> RecordedRequest | None:
        """Return the first chat request in the cassette, so that a replay needs no settings."""
        for request in self._cassette.requests:
            base_url, found, _ = request.uri.partition(CHAT)
            model = _model(request.body) if found else None
            if model is not None:
                return RecordedRequest(model, base_url)
        return None


@contextmanager
def use_cassette(path: Path, mode: Mode) -> Iterator[CassetteSession]:
    """Answer the httpx2 requests in the block from `path`, or record them there.

    `none` plays an existing file, `once` records only if there is none, `rewrite` records all anew
    and replaces the file at exit, unless the block raised. A file without a note gets that of the
    session once `once` played all of it.

    Raises:
        CassetteInvalid: there is no cassette to play, or the file isn't one.
        CassetteSecret: at exit: a secret would have been saved.
        CassetteError: at exit: the file can't be written.
    """
    import vcr

    if mode == "none" and not path.exists():
        raise CassetteInvalid(
            "there is no such cassette", where=str(path), hint="Record it with --record-mode once."
        )
    recorder = vcr.VCR(record_mode=_VCR_MODES[mode])
    configure(recorder)
    with recorder.use_cassette(str(path), **vcr_config()) as cassette:
        session = CassetteSession(cassette)
        succeeded = False
        try:
            yield session
            succeeded = True
        finally:
            keep = succeeded if session.decision is None else session.decision
            save(cassette, keep=keep, note=session.note)
        if mode == "once" and keep and session.note and not session.unused:
            _add_missing_note(path, session.note)


def configure(vcr: Any) -> None:
    """Give a `vcr.VCR` capdraft's format, matchers, filters and way of saving."""
    from vcr.record_mode import RecordMode

    from capdraft.client.cassettes import format as cassette_format
    from capdraft.client.cassettes.file import CassetteFile

    vcr.register_serializer("yaml", cassette_format)
    for matcher in (same_method, same_path, same_json):
        vcr.register_matcher(matcher.__name__, matcher)
    # What is recorded anew does not depend on the old file, not even on its being readable.
    vcr.register_persister(CassetteFile(reads=vcr.record_mode is not RecordMode.ALL))
    vcr.before_record_request = without_secrets
    vcr.before_record_response = worth_recording


def vcr_config() -> dict[str, Any]:
    """Return the options of `VCR.use_cassette` that go with `configure`."""
    return {
        "match_on": ("same_method", "same_path", "same_json"),
        "decode_compressed_response": True,
        "record_on_exception": False,
        "skip_patchers": _OTHER_LIBRARIES,
    }


def _add_missing_note(path: Path, note: Note) -> None:
    from capdraft.client.cassettes.file import add_note, note_of

    if note_of(path) is None:
        add_note(path, note)


def save(cassette: Any, *, keep: bool, note: Note | None = None) -> None:
    """Save what a vcrpy cassette recorded if `keep`, so that vcrpy has nothing left to save.

    vcrpy would leave its patches in place if saving failed at its own exit. Without a `note` the
    file keeps the one it has.

    Raises:
        CassetteSecret: a secret would have been saved.
        CassetteError: the file can't be written.
    """
    from capdraft.client.cassettes import format as cassette_format
    from capdraft.client.cassettes.file import CassetteFile

    changed, cassette.dirty = cassette.dirty, False
    if keep and changed:
        content = {"requests": cassette.requests, "responses": cassette.responses}
        CassetteFile(note=note).save_cassette(cassette.path, content, cassette_format)


def _model(body: bytes | None) -> str | None:
    try:
        model = json.loads(body or b"")["model"]
    except (ValueError, LookupError, TypeError):
        return None
    return model if isinstance(model, str) else None


__all__ = [
    "By",
    "CassetteSession",
    "Difference",
    "Mode",
    "Note",
    "NotedDocument",
    "NotedSource",
    "RecordedRequest",
    "configure",
    "difference",
    "mismatch",
    "save",
    "use_cassette",
    "vcr_config",
]
