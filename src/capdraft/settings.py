"""What capdraft.toml says, and what the environment and the command line put above it."""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit, urlunsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from capdraft.errors import SettingsError
from capdraft.records.formats import wrong_format
from capdraft.text import slugify, toml_error_line

OPENAI_URL = "https://api.openai.com/v1"
OPENAI_MODEL = "gpt-5.4-mini"
_SET_BY_CAPDRAFT = frozenset(
    {"messages", "model", "n", "response_format", "stream", "tool_choice", "tools"}
)


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Prices(_Table):
    """`[model] prices`: what an endpoint charges, in USD for a million tokens."""

    input: float = Field(ge=0, allow_inf_nan=False, description="For prompt tokens.")
    output: float = Field(ge=0, allow_inf_nan=False, description="For the tokens of answers.")
    cached_input: float | None = Field(
        default=None,
        ge=0,
        allow_inf_nan=False,
        description="For prompt tokens that the endpoint has in its cache; else as input.",
    )


class ModelSettings(_Table):
    """`[model]`: the endpoint that drafts."""

    name: str | None = Field(
        default=None, description="Model to ask; --model and OPENAI_MODEL count before it."
    )
    base_url: str | None = Field(
        default=None, description="Endpoint; --base-url and OPENAI_BASE_URL count before it."
    )
    structured_output: Literal["auto", "json_schema", "tool_call", "json_object", "none"] = Field(
        default="auto",
        description="How the endpoint is told the shape of answers; auto finds out what it takes.",
    )
    timeout: float = Field(
        default=600,
        gt=0,
        description="Seconds to wait for one answer; unless it is set, 1800 where the endpoint is "
        "on this machine or in a private network.",
    )
    max_wait: float = Field(
        default=120, gt=0, description="Longest wait in seconds before a retry."
    )
    parameters: dict[str, Any] = Field(
        default_factory=dict, description="Sent as they are: temperature, seed, …"
    )
    prices: Prices | None = Field(
        default=None,
        description="USD for a million tokens; else what is known of the model.",
    )

    @field_validator("parameters")
    @classmethod
    def _leaves_what_capdraft_sets(cls, parameters: dict[str, Any]) -> dict[str, Any]:
        own = sorted(_SET_BY_CAPDRAFT & parameters.keys())
        if own:
            raise ValueError(f"{', '.join(own)} can't be set here: capdraft sets it")
        try:
            json.dumps(parameters, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise ValueError(f"only what JSON can say can be sent: {error}") from error
        return parameters


class PromptSettings(_Table):
    """`[prompts]`: which template is used for what."""

    draft: str = Field(
        default="draft",
        pattern=r"^[a-z][a-z0-9-]*$",
        description="Template that asks for records: prompts/NAME.jinja, else the packaged one.",
    )


class DraftSettings(_Table):
    """`[draft]`: how much of the documents and the catalog one prompt holds."""

    window: int = Field(
        default=24_000,
        ge=500,
        description="Tokens of documents in one prompt; longer ones are read in windows.",
    )
    records: int = Field(
        default=1_500,
        ge=0,
        description="Tokens of other artifacts' approved records, for comparisons to cite.",
    )


def _decides(name: str) -> str:
    if slugify(name) != name:
        raise ValueError(f"{name!r} is not how decisions name a reviewer: {slugify(name)}")
    return name


Reviewer = Annotated[str, AfterValidator(_decides)]


class OwnersSettings(_Table):
    """`[[review.owners]]`: who decides on some of the artifacts."""

    artifacts: str = Field(min_length=1, description="Their slugs, as a pattern: gemma-*")
    reviewers: tuple[Reviewer, ...] = Field(min_length=1, description="Who decides on them.")


class ReviewSettings(_Table):
    """`[review]`: whose decisions count, and how many are needed."""

    reviewers: tuple[Reviewer, ...] = Field(
        default=(), description="Who decides; nobody named is anybody."
    )
    approvals: dict[Literal["description", "unique", "vs_alternatives"], int] = Field(
        default_factory=dict,
        description="Approvals that a field needs: 1, and 2 for comparisons by several reviewers.",
    )
    self_approval: bool | None = Field(
        default=None,
        description="Whether approving what one edited or drafted counts; else only in a team of "
        "one.",
    )
    adjudicator: Reviewer | None = Field(
        default=None, description="Whose word decides where reviewers decided differently."
    )
    seeds: float = Field(
        default=0,
        ge=0,
        le=0.5,
        description="Share of planted errors among what a reviewer is shown; they are never "
        "published.",
    )
    second_opinions: float = Field(
        default=0,
        ge=0,
        le=1,
        description="Share of approved fields that somebody else decides again, without seeing "
        "by whom and how.",
    )
    owners: tuple[OwnersSettings, ...] = Field(
        default=(), description="Reviewers of some artifacts; the first pattern that fits counts."
    )

    @field_validator("approvals")
    @classmethod
    def _asks_for_some(cls, approvals: dict[str, int]) -> dict[str, int]:
        wrong = next((name for name, number in approvals.items() if not 1 <= number <= 9), None)
        if wrong:
            raise ValueError(f"{wrong} needs 1 to 9 approvals")
        return approvals

    @model_validator(mode="after")
    def _asks_for_no_more_than_there_are(self) -> Self:
        for who in (self.reviewers, *(owners.reviewers for owners in self.owners)):
            most = len({*who, *((self.adjudicator,) if self.adjudicator else ())})
            for name, number in self.approvals.items():
                if who and number > most:
                    raise ValueError(
                        f"approvals: {name} needs {number}, and {most} can decide on it: "
                        f"{', '.join(who)}"
                    )
        return self


class RankWeights(_Table):
    """`[rank.weights.TYPE]`: how much each part counts for artifacts of a type."""

    adoption: Decimal = Field(ge=0, le=1, decimal_places=2)
    quality: Decimal = Field(ge=0, le=1, decimal_places=2)
    ecosystem: Decimal = Field(ge=0, le=1, decimal_places=2)
    match_graph: Decimal = Field(ge=0, le=1, decimal_places=2)
    freshness: Decimal = Field(ge=0, le=1, decimal_places=2)

    @model_validator(mode="after")
    def _are_shares_of_one(self) -> Self:
        whole = sum(self.model_dump().values())
        if whole != 1:
            raise ValueError(f"the weights sum to {whole}, not to 1")
        return self


class RankSettings(_Table):
    """`[rank]`: how artifacts are ranked."""

    half_life: float = Field(
        default=365,
        gt=0,
        allow_inf_nan=False,
        description="Days after which what was read or approved counts half as fresh.",
    )
    weights: dict[str, RankWeights] = Field(
        default_factory=dict,
        description="By type of artifact, or for all `other` ones; else the published ones.",
    )


class SearchSettings(_Table):
    """`[search]`: how needs are looked up."""

    embeddings: str | None = Field(
        default=None,
        min_length=1,
        description="Model that the endpoint's /v1/embeddings is asked for; else words alone.",
    )


class MatchesSettings(_Table):
    """`[matches]`: what is kept of searches."""

    keep_queries: bool = Field(
        default=False, description="Keep the text of needs, not just a salted hash of it."
    )


Origin = Annotated[str, Field(pattern=r"^(\*|https?://[a-z0-9.-]+(:[0-9]{1,5})?)$")]


class ApiSettings(_Table):
    """`[api]`: who may ask the HTTP API of `capdraft serve`."""

    public: bool = Field(
        default=False,
        description="Let everybody read the catalog with --auth too, 60 requests a minute each.",
    )
    origins: tuple[Origin, ...] = Field(
        default=(), description="Sites whose pages may read it: https://example.org, or *."
    )


class SiteSettings(_Table):
    """`[site]`: what `capdraft site` puts on its pages."""

    report: str = Field(
        default="",
        description="Address at which readers tell of errors: an https: or mailto: one with "
        "{title} and {body}, or `github` for the issues of the git remote; else no link.",
    )


class PluginSettings(_Table):
    """`[plugins]`: which of the plugins that are installed are used, and each one's settings."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, dict[str, Any]]
    """The tables `[plugins.NAME]`: what each plugin is told, which alone knows its keys."""

    off: tuple[str, ...] = Field(
        default=(), description="Those that are not, by name, package, or PACKAGE:NAME."
    )
    prefer: tuple[str, ...] = Field(
        default=(),
        description="Those that come before what is built in, and before other plugins.",
    )

    @property
    def tables(self) -> dict[str, dict[str, Any]]:
        """The tables `[plugins.NAME]`, by name."""
        return self.__pydantic_extra__

    @property
    def named(self) -> tuple[str, ...]:
        """The names that these settings give plugins and packages."""
        return (*self.off, *self.prefer, *self.tables)

    @model_validator(mode="before")
    @classmethod
    def _others_are_tables(cls, data: Any) -> Any:
        if isinstance(data, dict):
            for key, value in data.items():
                if key not in cls.model_fields and not isinstance(value, dict):
                    raise PydanticCustomError(
                        "plugin_table",
                        "there is no key '{key}'; a plugin's settings are a table: [plugins.{key}]",
                        {"key": key},
                    )
        return data


class Settings(_Table):
    """`capdraft.toml`."""

    schema_: Literal["capdraft/settings/1"] = Field(default="capdraft/settings/1", alias="schema")
    model: ModelSettings = ModelSettings()
    prompts: PromptSettings = PromptSettings()
    draft: DraftSettings = DraftSettings()
    review: ReviewSettings = ReviewSettings()
    search: SearchSettings = SearchSettings()
    matches: MatchesSettings = MatchesSettings()
    rank: RankSettings = RankSettings()
    api: ApiSettings = ApiSettings()
    site: SiteSettings = SiteSettings()
    plugins: PluginSettings = PluginSettings()
    rules: dict[str, Literal["error", "warning", "off"]] = Field(
        default_factory=dict, description="Severity of a rule by its code: CD203 = 'off'."
    )


def parse_settings(text: str, where: str = "capdraft.toml") -> Settings:
    """Return the settings that `text` holds.

    Raises:
        SettingsError: it isn't TOML, or holds a key or value that capdraft doesn't know.
    """
    try:
        return Settings.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        line = toml_error_line(error, text)
        raise SettingsError(f"isn't TOML: {error}", where=f"{where}:{line}") from error
    except ValidationError as error:
        if wrong := wrong_format(error):
            line = _line_of(text, "schema")
            raise SettingsError(wrong.message, where=f"{where}:{line}", hint=wrong.hint) from error
        first = error.errors(include_url=False)[0]
        place = [str(part) for part in first["loc"] if part != "[key]"]
        is_unknown = first["type"] == "extra_forbidden"
        said = "there is no such key" if is_unknown else first["msg"]
        near = difflib.get_close_matches(place[-1], _keys(place[:-1]), n=1) if is_unknown else []
        raise SettingsError(
            f"{'.'.join(place)}: {said}",
            where=f"{where}:{_line_of(text, place[-1])}",
            hint=(f"Did you mean {near[0]!r}? " if near else "")
            + "`capdraft schema settings` lists every key and its values.",
        ) from error


def _keys(table: Sequence[str]) -> list[str]:
    """Return the keys of a table of the settings; none where it has no names of its own."""
    kind: type[BaseModel] = Settings
    for name in table:
        field = kind.model_fields.get(name)
        if field is None or not isinstance(field.annotation, type):
            return []
        if not issubclass(field.annotation, BaseModel):
            return []
        kind = field.annotation
    return list(kind.model_fields)


def _line_of(text: str, key: str) -> int:
    found = re.search(rf"^\s*\[?\"?{re.escape(key)}\b", text, re.MULTILINE)
    return text.count("\n", 0, found.end()) + 1 if found else 1


class EndpointSettings(_Table):
    """Which endpoint and model a run asks. What may be secret is in no text form of it."""

    base_url: str = Field(repr=False)
    model: str | None
    key: str | None = Field(repr=False)

    @property
    def shown_url(self) -> str:
        """The base URL without user, password, query and fragment."""
        return public_url(self.base_url)


def public_url(url: str) -> str:
    """Return `url` without what may be secret in it: user, password, query, fragment."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))


def choose_endpoint(
    settings: Settings,
    environment: Mapping[str, str],
    *,
    model: str | None = None,
    base_url: str | None = None,
) -> EndpointSettings:
    """Return the endpoint: the command line's, else the environment's, else capdraft.toml's.

    Without any, it is OpenAI's. `model` stays None where nothing names one for another endpoint.
    The key goes where the command line or the environment say, and to OpenAI. A workspace may come
    from somebody else: an address that only its capdraft.toml names gets no key.

    Raises:
        SettingsError: the base URL or the key isn't one.
    """
    said = base_url or environment.get("OPENAI_BASE_URL")
    url = said or settings.model.base_url or OPENAI_URL
    _check_url(url)
    url = url.rstrip("/")
    name = model or environment.get("OPENAI_MODEL") or settings.model.name
    if url == OPENAI_URL and not name:
        name = OPENAI_MODEL
    trusted = bool(said) or url == OPENAI_URL
    key = _checked_key(environment.get("OPENAI_API_KEY", "")) if trusted else None
    return EndpointSettings(base_url=url, model=name, key=key)


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        # What is no address can't be parsed to leave secrets out: cut it before a query.
        shown = url.rpartition("@")[2].partition("?")[0]
        raise SettingsError(
            f"the base URL {shown!r} isn't an http or https address",
            hint="For example http://127.0.0.1:11434/v1 for Ollama.",
        )


def _checked_key(key: str) -> str | None:
    key = key.strip()
    if not key.isascii() or not key.isprintable() or " " in key:
        raise SettingsError(
            "OPENAI_API_KEY isn't a key: it holds spaces or characters that no key has",
            hint="Set it to the key itself, as the endpoint gave it.",
        )
    return key or None
