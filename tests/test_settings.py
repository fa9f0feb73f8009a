"""Which endpoint is asked: the command line's, else the environment's, else capdraft.toml's."""

from __future__ import annotations

import pytest

from capdraft.drafting.shapes import WAYS
from capdraft.errors import SettingsError
from capdraft.settings import (
    OPENAI_MODEL,
    OPENAI_URL,
    EndpointSettings,
    Settings,
    choose_endpoint,
    parse_settings,
)

OLLAMA = "http://127.0.0.1:11434/v1"
FILE = parse_settings(f"[model]\nname = 'file'\nbase_url = '{OLLAMA}/file'\n")
ENVIRONMENT = {"OPENAI_BASE_URL": f"{OLLAMA}/env/", "OPENAI_MODEL": "env", "OPENAI_API_KEY": "k"}


def chosen(endpoint: EndpointSettings) -> tuple[str, str | None]:
    return endpoint.base_url, endpoint.model


def test_the_nearest_word_counts() -> None:
    said = choose_endpoint(FILE, ENVIRONMENT, model="said", base_url=f"{OLLAMA}/said")
    assert chosen(said) == (f"{OLLAMA}/said", "said")
    assert chosen(choose_endpoint(FILE, ENVIRONMENT)) == (f"{OLLAMA}/env", "env")
    assert chosen(choose_endpoint(FILE, {})) == (f"{OLLAMA}/file", "file")
    assert chosen(choose_endpoint(Settings(), {})) == (OPENAI_URL, OPENAI_MODEL)


def test_the_key_goes_only_where_the_user_says() -> None:
    """A capdraft.toml may come from somebody else."""
    key = {"OPENAI_API_KEY": " sk-1\n"}
    assert choose_endpoint(Settings(), key).key == "sk-1"
    assert choose_endpoint(FILE, key).key is None
    assert choose_endpoint(FILE, key, base_url=OLLAMA).key == "sk-1"
    assert choose_endpoint(FILE, {**key, "OPENAI_BASE_URL": OLLAMA}).key == "sk-1"


def test_another_endpoint_has_no_model_of_its_own() -> None:
    assert choose_endpoint(Settings(), {}, base_url=OLLAMA).model is None


def test_no_secret_is_shown() -> None:
    url = "https://user:hunter2@host.test:8443/v1?api-key=hunter2#hunter2"
    endpoint = choose_endpoint(Settings(), {"OPENAI_API_KEY": "hunter2"}, base_url=url)
    assert endpoint.shown_url == "https://host.test:8443/v1"
    assert "hunter2" not in endpoint.shown_url + repr(endpoint)


@pytest.mark.parametrize("url", ["localhost:11434", "ftp://host/v1", "http://", "/v1"])
def test_a_base_url_that_is_none_is_told(url: str) -> None:
    with pytest.raises(SettingsError, match="isn't an http or https address"):
        choose_endpoint(Settings(), {}, base_url=url)


def test_prices_are_read_as_dollars_for_a_million_tokens() -> None:
    prices = parse_settings("[model]\nprices = {input = 0.5, output = 2}\n").model.prices
    assert prices is not None
    assert (prices.input, prices.output, prices.cached_input) == (0.5, 2.0, None)


@pytest.mark.parametrize("prices", ["{input = -1, output = 2}", "{input = inf, output = 2}", "{}"])
def test_a_price_that_is_none_is_told(prices: str) -> None:
    with pytest.raises(SettingsError, match=r"model\.prices"):
        parse_settings(f"[model]\nprices = {prices}\n")


def test_every_way_to_ask_for_a_shape_can_be_set() -> None:
    for way in ("auto", *WAYS):
        settings = parse_settings(f"[model]\nstructured_output = {way!r}\n")
        assert settings.model.structured_output == way


@pytest.mark.parametrize("name", ["tools", "tool_choice", "response_format"])
def test_what_asks_for_the_shape_is_no_parameter(name: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} can't be set here"):
        parse_settings(f"[model.parameters]\n{name} = 'x'\n")
