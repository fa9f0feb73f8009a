"""Who asks: a person or a program that uses the catalog, or a crawler that only reads it."""

from __future__ import annotations

import getpass
import re
from dataclasses import dataclass

# Crawlers name themselves by these words. Libraries such as curl or python-httpx are let in: a
# program that searches for a capability and reports how it went is who the graph is for.
_BOT = re.compile(
    r"bot\b|bot[/_;-]|crawl|spider|slurp|scrap[ey]|archiver|preview|facebookexternal|headless|"
    r"lighthouse|uptime|monitor|\bscan",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Client:
    """Who asks: `id` tells clients apart and is kept only as a salted hash."""

    id: str
    user_agent: str = ""

    @property
    def is_bot(self) -> bool:
        """Whether it says itself that it is a crawler."""
        return bool(_BOT.search(self.user_agent))


def local_client() -> Client:
    """Return the user of this computer, as the client of the command line."""
    try:
        return Client(f"user:{getpass.getuser()}")
    except (OSError, KeyError, ImportError):
        return Client("user:")  # nobody that the system knows by name
