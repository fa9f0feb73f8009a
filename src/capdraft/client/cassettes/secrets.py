"""Secrets that must not be saved: known forms of keys, and the values of this environment."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest

from capdraft.client.cassettes.bodies import texts
from capdraft.client.cassettes.requests import Request, Response
from capdraft.errors import CassetteSecret

SHORTEST_VALUE = 8
_SECRET_VARIABLE = re.compile(r".*_API_KEY|.*_TOKEN|.*SECRET.*", re.IGNORECASE)
# Docs are full of sk-xxxx and class names such as sk-text-repr-fallback: a key has digits,
# and capitals or a long run of hexadecimals. The forms are those that the providers publish, mostly
# so that scanners find them; no library that knows them is kept up.
FORMS = {
    "an API key (sk-…)": re.compile(
        r"(?<![\w-])sk-(?:(?=[\w-]*\d)(?=[\w-]*[A-Z])[\w-]{20,}|(?:[a-z\d]+-)*[a-f\d]{32,})"
    ),
    "a GitHub token": re.compile(r"\b(?:gh[pousr]_[A-Za-z\d]{20,}|github_pat_\w{20,})"),
    "a GitLab token": re.compile(r"\bgl(?:pat|dt|rt|ptt|cbt)-(?=[\w-]*\d)[\w-]{20,}"),
    "a Hugging Face token": re.compile(r"\bhf_(?=[A-Za-z]*\d|[a-z]*[A-Z])[A-Za-z\d]{30,}"),
    "a Groq API key": re.compile(r"\bgsk_(?=\w*\d)[A-Za-z\d]{40,}"),
    "an xAI API key": re.compile(r"\bxai-(?=\w*\d)[A-Za-z\d]{60,}"),
    "a Replicate token": re.compile(r"\br8_(?=\w*\d)[A-Za-z\d]{36,}"),
    "a Perplexity API key": re.compile(r"\bpplx-(?=\w*\d)[A-Za-z\d]{40,}"),
    "a Databricks token": re.compile(r"\bdapi[a-f\d]{32}\b"),
    "a Slack token": re.compile(r"\bxox[a-z]-(?=[\w-]*\d)[\w-]{10,}"),
    "a Slack webhook": re.compile(r"hooks\.slack\.com/services/T\w+/B\w+/\w{20,}"),
    "a Stripe key": re.compile(r"\b[rs]k_(?:live|test)_(?=\w*\d)[A-Za-z\d]{20,}"),
    "a SendGrid key": re.compile(r"\bSG\.[\w-]{22}\.[\w-]{43}\b"),
    "an npm token": re.compile(r"\bnpm_(?=\w*\d)[A-Za-z\d]{36}\b"),
    "a PyPI token": re.compile(r"\bpypi-AgEI[\w-]{50,}"),
    "an AWS access key": re.compile(r"\b(?:AKIA|ASIA)[A-Z\d]{16}\b(?<!EXAMPLE)"),
    "a Google API key": re.compile(r"\bAIza[\w-]{35}"),
    "a Google access token": re.compile(r"\bya29\.(?=[\w-]*\d)[\w-]{40,}"),
    "a DigitalOcean token": re.compile(r"\bdo[opr]_v1_[a-f\d]{64}\b"),
    "a JSON Web Token": re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
    "a bearer token": re.compile(r"\bBearer\s+(?=[\w.~+/=-]*\d)[\w.~+/=-]{20,}", re.IGNORECASE),
    "a private key": re.compile(r"-----BEGIN (?:[A-Z\d]+ )*PRIVATE KEY-----"),
}


def refuse_secrets(
    requests: list[Request],
    responses: list[Response],
    *,
    where: str,
    environment: Mapping[str, str] = os.environ,
) -> None:
    """Look through what is about to be saved.

    Raises:
        CassetteSecret: there is a secret in it; the message names its kind and place only.
    """
    values = secret_values(environment)
    for number, (request, response) in enumerate(zip_longest(requests, responses), start=1):
        sides = {"request": _of_request(request), "response": _of_response(response)}
        for side, parts in sides.items():
            for text in parts:
                kind = _secret_in(text, values)
                if kind:
                    raise CassetteSecret(
                        f"not saved: the {side} of interaction {number} holds {kind}",
                        where=where,
                        hint="Take it out of the document or prompt, then record again.",
                    )


def secret_values(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment's variables that are named like secrets."""
    return {
        name: value
        for name, value in environment.items()
        if _SECRET_VARIABLE.fullmatch(name) and len(value) >= SHORTEST_VALUE
    }


def _secret_in(text: str, values: Mapping[str, str]) -> str | None:
    for name, value in values.items():
        if value in text:
            return f"the value of the environment variable {name}"
    return next((kind for kind, form in FORMS.items() if form.search(text)), None)


def _of_request(request: Request) -> Iterator[str]:
    yield request.uri
    yield from request.headers.values()
    yield from texts(request.body)


def _of_response(response: Response) -> Iterator[str]:
    yield str(response["status"]["message"])
    for values in response["headers"].values():
        yield from values
    body = response["body"]["string"]
    yield from texts(body.encode() if isinstance(body, str) else body)
