"""The card of a repository on the Hugging Face Hub, and what the Hub says beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from capdraft.errors import SourceError
from capdraft.sources.addresses.fetched import Fetched, FetchedFile
from capdraft.sources.addresses.names import HubAddress
from capdraft.sources.addresses.responses import (
    ACCEPTED_ENCODING,
    reaching,
    read_body,
    refuse_failure,
)
from capdraft.sources.blocks import extra_needed

SECONDS = 30.0
SIZE = 20_000_000
CARD = "README.md"
_FACTS = ("pipeline_tag", "library_name", "tags")


def fetch_card(address: HubAddress) -> Fetched:
    """Return the card of a repository at its present commit, and nothing else of its files.

    Raises:
        ExtraMissing: huggingface_hub is not installed.
        SourceError: the Hub has no such repository or card, or can't be reached.
    """
    where = str(address)
    with extra_needed("hub", "hf: addresses", where):
        import huggingface_hub
    with reaching(where, SECONDS), asking(where):
        info = huggingface_hub.HfApi(library_name="capdraft").repo_info(
            address.repo, repo_type=address.kind, revision=address.revision, timeout=SECONDS
        )
    if info.sha is None:
        raise SourceError("the Hub names no commit of it", where=where, hint="Try again later.")
    pinned = HubAddress(address.kind, address.repo, info.sha)
    url = huggingface_hub.hf_hub_url(address.repo, CARD, repo_type=address.kind, revision=info.sha)
    with reaching(where, SECONDS), asking(where):
        data = asyncio.run(_download(url, where))
    file = FetchedFile(f"{pinned}/{CARD}", CARD, data)
    return Fetched((file,), facts={"type": address.kind, **_facts(info)})


async def _download(url: str, where: str) -> bytes:
    from huggingface_hub import get_async_session
    from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]

    headers = build_hf_headers(library_name="capdraft")
    headers["Accept-Encoding"] = ACCEPTED_ENCODING
    async with (
        asyncio.timeout(SECONDS),
        get_async_session() as client,
        client.stream("GET", url, headers=headers, timeout=SECONDS) as response,
    ):
        if response.status_code == 404:
            hint = "Name another of its files by its https:// address."
            raise SourceError(f"it has no {CARD}", where=where, hint=hint)
        refuse_failure(response, where)
        return await read_body(response, SIZE, where)


def _facts(info: object) -> dict[str, object]:
    """Return what the Hub says, under the keys of front matter."""
    facts: dict[str, Any] = {key: getattr(info, key, None) for key in _FACTS}
    tags = facts["tags"] or ()
    licenses = [tag.partition(":")[2] for tag in tags if tag.startswith("license:")]
    facts["license"] = ", ".join(licenses)
    return {key: value for key, value in facts.items() if value}


@contextmanager
def asking(where: str) -> Iterator[None]:
    """Turn the errors of huggingface_hub into ones that say what to do next."""
    from huggingface_hub import errors

    try:
        yield
    except errors.GatedRepoError as error:
        hint = "Ask for access on its page, then set HF_TOKEN."
        raise SourceError("it is gated", where=where, hint=hint) from error
    except errors.RevisionNotFoundError as error:
        hint = "Name a branch, tag or commit that it has, or none."
        raise SourceError("the Hub has no such revision of it", where=where, hint=hint) from error
    except errors.RepositoryNotFoundError as error:
        hint = "Check the name, and the kind: hf:datasets/…, hf:spaces/…. Private: set HF_TOKEN."
        raise SourceError("the Hub has no such repository", where=where, hint=hint) from error
    except errors.HfHubHTTPError as error:
        status = error.response.status_code
        problem = f"the Hub answered {status}"
        hint = "Check HF_TOKEN." if status in (401, 403) else "Try again later."
        raise SourceError(problem, where=where, hint=hint) from error
    except errors.OfflineModeIsEnabled as error:
        hint = "Unset HF_HUB_OFFLINE, or name a file."
        raise SourceError("HF_HUB_OFFLINE is set", where=where, hint=hint) from error
    except errors.HFValidationError as error:
        hint = "Check it for a typing error."
        raise SourceError("the Hub allows no such name", where=where, hint=hint) from error
