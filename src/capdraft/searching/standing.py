"""Which searches count: one for each client, need and day, and none of crawlers and floods."""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from collections.abc import Callable
from typing import Literal

from capdraft.searching.clients import Client
from capdraft.searching.words import fold

WINDOW = 24 * 3600.0
"""Seconds within which the same client asking for the same counts once."""
RATE, RATE_WINDOW = 60, 3600.0
"""Searches in so many seconds, beyond which a client's aren't counted."""
LeftOut = Literal["bot", "rate", "repeat"]


def need_key(need: str) -> str:
    """Return what two ways to type a need share."""
    return " ".join(fold(need).split())


def hasher(database: sqlite3.Connection) -> Callable[[str], str]:
    """Return what hashes with the salt of the file, which is made at first use."""
    row = database.execute("select salt from salt").fetchone()
    salt: bytes = row[0] if row else secrets.token_bytes(32)
    if row is None:
        database.execute("insert into salt values (?)", (salt,))

    def hashed(text: str) -> str:
        raw = text.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(raw, key=salt, digest_size=16).hexdigest()

    return hashed


def standing(
    database: sqlite3.Connection, match: str, client: Client, who: str, need: str, now: float
) -> tuple[str, LeftOut | None]:
    """Return the match that this one counts as, and why it isn't counted itself, if so."""
    if client.is_bot:
        return match, "bot"
    earlier = database.execute(
        "select root from matches where client = ? and time > ? and need = ? "
        "and left_out is null limit 1",
        (who, now - WINDOW, need),
    ).fetchone()
    if earlier is not None:
        return earlier[0], "repeat"
    (lately,) = database.execute(
        "select count(*) from matches where client = ? and time > ?", (who, now - RATE_WINDOW)
    ).fetchone()
    return match, "rate" if lately >= RATE else None
