"""Who may enter, and as whom: git's user on one's own machine, a secret link, or a proxy's word."""

from __future__ import annotations

import os
import secrets
import stat
import time
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from itsdangerous import BadSignature, Signer
from starlette.requests import Request

from capdraft.errors import BadSlug, StoreError
from capdraft.text import SLUG_LENGTH, slugify
from capdraft.web.failures import Refused

SECRET = "web-secret"  # noqa: S105 - the name of its file


@dataclass(frozen=True)
class Access:
    """Who may enter; `secret` signs sessions and links."""

    secret: str
    reviewers: tuple[str, ...]
    """Whose links there are, or the one that everybody on this machine is."""
    kind: Literal["open", "token", "header"] = "open"
    header: str = ""
    proxy: str = "127.0.0.1"

    def link_token(self, reviewer: str) -> str:
        """Return what a reviewer's link carries."""
        return Signer(self.secret, salt="capdraft link").sign(reviewer.encode()).decode()

    def reviewer_of(self, token: str) -> str:
        """Return whose link carries `token`, or nothing; compared in constant time."""
        try:
            return Signer(self.secret, salt="capdraft link").unsign(token.encode()).decode()
        except (BadSignature, UnicodeError):
            return ""

    def who(self, request: Request, entered: str) -> str:
        """Return who asks, where the session `entered` as somebody; nothing if nobody knows."""
        if self.kind == "open":
            return self.reviewers[0]
        if self.kind == "token":
            return entered if entered in self.reviewers else ""
        given = request.headers.getlist(self.header)
        return _named(given[0]) if self._is_proxy(request) and len(given) == 1 else ""

    def _is_proxy(self, request: Request) -> bool:
        try:
            client = ip_address(request.client.host if request.client else "")
        except ValueError:
            return False
        return client == ip_address(self.proxy)

    def refusal(self) -> Refused:
        """Return why somebody that nobody knows may not enter, and what they can do."""
        if self.kind == "token":
            hint = "Open your own link: `capdraft serve` printed one for each reviewer."
            return Refused(401, "this desk is opened by a secret link", hint=hint)
        hint = f"Open the desk through the proxy, signed in: it has to send {self.header}."
        return Refused(401, "the proxy in front of this desk named nobody", hint=hint)


def _named(given: str) -> str:
    """Return who a header names; nobody where another name would come to the same."""
    try:
        name = given.encode("latin-1").decode("utf-8")
        return slugify(name) if len(name) <= SLUG_LENGTH else ""
    except (BadSlug, UnicodeDecodeError):
        return ""


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def stored_secret(folder: Path) -> str:
    """Return the secret of the workspace whose local state is in `folder`; made at first use.

    Deleting the file ends all sessions and makes all links void. One that others may read, or
    that somebody else wrote, is replaced.

    Raises:
        StoreError: it can't be written or read.
    """
    path = folder / SECRET
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.path.lexists(path) and not _is_own(path):
            path.unlink()
        with suppress(FileExistsError), open(path, "x", encoding="ascii", opener=_private) as file:
            file.write(secrets.token_urlsafe(32))
        found = _read(path)
    except (OSError, UnicodeError) as error:
        raise StoreError(f"can't be used: {error}", where=str(path)) from error
    if len(found) < 32:
        raise StoreError(
            "holds no secret", where=str(path), hint="Delete it: a new one is made at the start."
        )
    return found


def _is_own(path: Path) -> bool:
    """Say whether this user wrote a file and nobody else may read it; git writes others."""
    found = path.lstat()
    if os.name == "nt":
        return stat.S_ISREG(found.st_mode)
    mine = found.st_uid == os.getuid()
    return stat.S_ISREG(found.st_mode) and mine and not found.st_mode & 0o077


def _read(path: Path) -> str:
    """Return a secret, which another server may be writing at this moment."""
    limit = time.monotonic() + 1
    while not (found := path.read_text("ascii")) and time.monotonic() < limit:
        time.sleep(0.01)
    return found
