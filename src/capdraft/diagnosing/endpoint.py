"""The endpoint: its key, whether it answers, its model, and how that takes the shape of answers."""

from __future__ import annotations

import asyncio
import difflib
import tempfile
import time
from collections.abc import Sequence
from contextlib import nullcontext
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from capdraft.diagnosing.diagnosis import Diagnosis, Scene, as_broken, broken, note, skipped, well
from capdraft.errors import CapdraftError, EndpointUnreachable, SettingsError
from capdraft.settings import OPENAI_URL, EndpointSettings

if TYPE_CHECKING:
    from capdraft.drafting.asking import Asker, Terms

ANSWER_WITHIN = 4.0
"""Seconds for a list of models."""
ASK_WITHIN, ASK_LIMIT = 60.0, 65.0
"""Seconds for an answer: a model on this machine may have to be loaded first."""
NAME_MODEL = "Name one: export OPENAI_MODEL=…, or [model] name in capdraft.toml"
_HERE = {"localhost", "127.0.0.1", "::1"}
FETCH_MODEL = "Give it one; for Ollama: ollama pull NAME, with a name of ollama.com/library"
SET_KEY = (
    "export OPENAI_API_KEY=…, or ask a model on this machine: "
    "export OPENAI_BASE_URL=http://127.0.0.1:11434/v1 (Ollama's)"
)
MESSAGES = [
    {"role": "user", "content": 'Answer with this JSON and nothing else: {"words": ["yes"]}'}
]
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"words": {"type": "array", "items": {"type": "string"}}},
    "required": ["words"],
    "additionalProperties": False,
}


def examine_key(scene: Scene) -> Diagnosis:
    """Look whether there is a key, and whether the endpoint would get it."""
    if scene.unread:
        return skipped("key", "the settings can't be read")
    try:
        chosen = scene.endpoint()
    except SettingsError as error:
        return as_broken("key", error)
    if chosen.key:
        return well("key", f"OPENAI_API_KEY is set, and is sent to {chosen.shown_url}")
    if chosen.base_url == OPENAI_URL:
        return broken("key", "OPENAI_API_KEY is not set, and OpenAI wants one", SET_KEY)
    if scene.environment.get("OPENAI_API_KEY"):
        told = f"{chosen.shown_url} is named by capdraft.toml alone, so it gets no key"
        return note("key", told, f"If you trust it: export OPENAI_BASE_URL={chosen.shown_url}")
    return well("key", "OPENAI_API_KEY is not set; endpoints on your own machine need none")


def examine_endpoint(scene: Scene) -> Sequence[Diagnosis]:
    """Ask the endpoint which models it serves, which costs nothing."""
    chosen = _askable(scene)
    if isinstance(chosen, str):
        return [skipped("endpoint", chosen)]
    started = time.monotonic()
    try:
        names = asyncio.run(_listed(chosen))
    except CapdraftError as error:
        return [_unlisted(chosen, error, time.monotonic() - started)]
    if names is None and (longer := asyncio.run(_behind_v1(chosen))):
        told = f"{chosen.shown_url} serves no models, and {longer} does"
        return [broken("endpoint", told, f"Add /v1: export OPENAI_BASE_URL={longer}")]
    if names is None:
        told = f"{chosen.shown_url} answers, and doesn't list its models"
        return [note("endpoint", told, "capdraft doctor --ask tries the model"), _named(chosen)]
    listed = f"{len(names)} model{'' if len(names) == 1 else 's'}"
    answers = well("endpoint", f"{chosen.shown_url} answers and lists {listed}")
    return [answers, _model(chosen, names)]


def _unlisted(chosen: EndpointSettings, error: CapdraftError, waited: float) -> Diagnosis:
    """Return why the endpoint lists nothing; what mends it here isn't what mends a run."""
    if waited >= ANSWER_WITHIN:
        told = f"{chosen.shown_url} did not list its models within {ANSWER_WITHIN:g} seconds"
        mend = "It may be busy or still loading a model: look at its log, and try again"
        return broken("endpoint", told, mend)
    if isinstance(error, EndpointUnreachable) and urlsplit(chosen.base_url).hostname in _HERE:
        return as_broken("endpoint", error, "Start the server there (for Ollama: ollama serve)")
    return as_broken("endpoint", error)


async def _behind_v1(chosen: EndpointSettings) -> str | None:
    """Return the same address with /v1, which is often forgotten, if models are listed there."""
    if urlsplit(chosen.base_url).path.rstrip("/"):
        return None
    longer = chosen.model_copy(update={"base_url": f"{chosen.base_url.rstrip('/')}/v1"})
    try:
        return longer.shown_url if await _listed(longer) else None
    except CapdraftError:
        return None


async def _listed(chosen: EndpointSettings) -> list[str] | None:
    from capdraft.client.one_try import OneTry

    async with OneTry(chosen, timeout=ANSWER_WITHIN) as endpoint:
        return await endpoint.listed()


def _named(chosen: EndpointSettings) -> Diagnosis:
    if chosen.model:
        return well("model", chosen.model)
    return broken("model", "none is named, and the endpoint doesn't list any", NAME_MODEL)


def _model(chosen: EndpointSettings, names: Sequence[str]) -> Diagnosis:
    model = chosen.model
    if model is None:
        if len(names) == 1:
            return well("model", f"{names[0]}, the only one")
        shown = ", ".join(names[:6]) + (" …" if len(names) > 6 else "")
        mend = NAME_MODEL if names else FETCH_MODEL
        return broken("model", f"none is named; it serves {shown or 'none'}", mend)
    if model in names or f"{model}:latest" in names:  # Ollama's way to list what has no tag
        return well("model", f"{model} is listed")
    near = difflib.get_close_matches(model, names, n=1)
    mend = f"Did you mean {near[0]}? " if near else ""
    # Not broken: some gateways serve more than they list.
    return note("model", f"{model} is not listed", f"{mend}capdraft doctor --ask tries it")


def examine_answers(scene: Scene) -> Sequence[Diagnosis]:
    """With --ask, ask the model for a word, and tell how the shape of its answer was asked for."""
    if not scene.ask:
        return []
    chosen = _askable(scene)
    if isinstance(chosen, str):
        return [skipped("answers", chosen)]
    try:
        return [asyncio.run(_ask(scene, chosen))]
    except CapdraftError as error:
        return [as_broken("answers", error)]


async def _ask(scene: Scene, chosen: EndpointSettings) -> Diagnosis:
    from capdraft.client.one_try import OneTry
    from capdraft.drafting.answers import read_object
    from capdraft.drafting.asking import Asker
    from capdraft.ledger import Ledger

    # A paid answer is kept where there is a workspace to keep it in.
    kept = nullcontext(str(scene.root)) if scene.root else tempfile.TemporaryDirectory()
    with kept as folder:
        ledger = Ledger(Path(folder))
        async with OneTry(chosen, timeout=ASK_WITHIN) as endpoint:
            model = chosen.model or await endpoint.only_model()
            terms = _terms(scene, chosen, model, ledger)
            asker = Asker(endpoint, ledger, terms, "capdraft doctor")
            started = time.monotonic()
            answered, _ = await asker.ask_and_read(
                MESSAGES, "words", SCHEMA, lambda text: read_object(text, "words")
            )
    seconds = time.monotonic() - started
    return well("answers", f"{model} in {seconds:.1f} s, {_way(answered.way)}, {_cost(asker)}")


def _terms(scene: Scene, chosen: EndpointSettings, model: str, ledger: Any) -> Terms:
    from capdraft.client.prices import ModelPrice
    from capdraft.drafting.asking import Terms
    from capdraft.drafting.shapes import WAYS, Shape

    at, way = (chosen.shown_url, model), scene.settings.model.structured_output
    shape = Shape(way, fixed=True)
    if way == "auto":
        begin = ledger.shape(*at) or WAYS[0]
        shape = Shape(begin, learned=lambda taken: ledger.remember_shape(*at, taken))
    return Terms(
        model=model,
        endpoint_url=chosen.shown_url,
        shape=shape,
        parameters=scene.settings.model.parameters,
        reuse=False,
        price=ModelPrice(model, chosen.base_url, scene.settings.model.prices),
    )


def _way(way: str) -> str:
    return "its shape by the prompt alone" if way == "none" else f"its shape by {way}"


def _cost(asker: Asker) -> str:
    cost: Decimal | None = asker.cost.paid
    return "its price is unknown" if cost is None else f"cost ${cost:.6f}"


def examine_embeddings(scene: Scene) -> Sequence[Diagnosis]:
    """Look at the embeddings that the settings name; with --ask, ask for one."""
    from capdraft.searching.vectors import has_numpy

    model = scene.settings.search.embeddings
    if model is None:
        return []
    if not has_numpy():
        told = f"{model} can't be used without numpy: search goes by words alone"
        return [note("embeddings", told, "pip install 'capdraft[search]'")]
    chosen = _askable(scene)
    if isinstance(chosen, str):
        return [skipped("embeddings", chosen)]
    if not scene.ask:
        return [skipped("embeddings", f"{model} was not tried", "capdraft doctor --ask tries it")]
    try:
        size = asyncio.run(_embed(chosen, model))
    except CapdraftError as error:
        return [as_broken("embeddings", error)]
    return [well("embeddings", f"{model} answers with vectors of {size} numbers")]


async def _embed(chosen: EndpointSettings, model: str) -> int:
    from capdraft.client.embeddings import embed
    from capdraft.client.one_try import OneEmbedding

    async with OneEmbedding(chosen, timeout=ASK_WITHIN) as endpoint:
        return len((await embed(endpoint, model, ["yes"]))[0])


def _askable(scene: Scene) -> EndpointSettings | str:
    """Return the endpoint, or why it isn't asked."""
    if scene.offline:
        return "not asked: --offline"
    if scene.unread:
        return "not asked: the settings can't be read"
    try:
        chosen = scene.endpoint()
    except SettingsError as error:
        return f"not asked: {error}"
    if chosen.base_url == OPENAI_URL and not chosen.key:
        return "not asked: there is no key"
    return chosen
