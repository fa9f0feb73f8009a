"""A signal source: a server of one's own that counts downloads, one JSON file an artifact."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from capdraft.errors import SourceError
from capdraft.plugins import CONTRACT, Setup
from capdraft.records import Artifact, Signal

SECONDS = 10


class DownloadCounter:
    contract = CONTRACT
    summary = "Downloads of the last 30 days, from the server that the settings name as `url`."

    def __init__(self, setup: Setup) -> None:
        self.base = str(setup.settings.get("url", ""))

    def signals(
        self,
        artifact: Artifact,
        documents: Sequence[str],  # noqa: ARG002 - a slug is all that the counter knows
    ) -> Iterator[Signal]:
        """Ask for SLUG.json, such as {"last_30_days": 1200}; a server without it knows nothing."""
        if not self.base.startswith(("https://", "http://")):
            hint = 'Write url = "https://…" under [plugins.download-counter] in capdraft.toml.'
            raise SourceError("the settings name no server to ask", hint=hint)
        url = f"{self.base.rstrip('/')}/{artifact.slug}.json"
        try:
            with urlopen(url, timeout=SECONDS) as answer:  # noqa: S310 - its scheme was looked at
                counted = json.load(answer)["last_30_days"]
        except HTTPError as error:
            if error.code == 404:
                return
            raise SourceError(f"the counter answered {error.code}", where=url) from error
        except (URLError, TimeoutError) as error:
            raise SourceError(f"the counter can't be reached: {error}", where=url) from error
        yield Signal(name="downloads", value=counted, source=url, retrieved=datetime.now(UTC))
