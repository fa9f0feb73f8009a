"""Who may enter, and as whom: git's user on one's own machine, a secret link, or a proxy's word."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from itsdangerous import BadSignature, Signer
from starlette.requests import Request

from capdraft.errors import BadSlug, StoreError
from capdraft.text import slugify
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
        client = request.client.host if request.client else ""
        given = request.headers.getlist(self.header)
        if client != self.proxy or len(given) != 1:
            return ""
        try:
            return slugify(given[0].encode("latin-1").decode("utf-8", "replace"))
        except BadSlug:
            return ""

    def refusal(self) -> Refused:
        """Return why somebody that nobody knows may not enter, and what they can do."""
        if self.kind == "token":
            hint = "Open your own link: `capdraft serve` printed one for each reviewer."
            return Refused(401, "this desk is opened by a secret link", hint=hint)
        hint = f"Open the desk through the proxy, signed in: it has to send {self.header}."
        return Refused(401, "the proxy in front of this desk named nobody", hint=hint)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def stored_secret(folder: Path) -> str:
    """Return the secret of the workspace whose local state is in `folder`; made at first use.

    Deleting the file ends all sessions and makes all links void.

    Raises:
        StoreError: it can't be written or read.
    """
    path = folder / SECRET
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError), open(path, "x", encoding="ascii", opener=_private) as file:
            file.write(secrets.token_urlsafe(32))
        found = path.read_text("ascii")
    except (OSError, UnicodeError) as error:
        raise StoreError(f"can't be used: {error}", where=str(path)) from error
    if len(found) < 32:
        raise StoreError(
            "holds no secret", where=str(path), hint="Delete it: a new one is made at the start."
        )
    return found
