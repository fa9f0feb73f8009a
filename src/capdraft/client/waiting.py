"""How long an answer is waited for: a machine of one's own may need longer than a service."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from capdraft.settings import ModelSettings

LOCAL_SECONDS = 1800.0
"""Waited for an answer of an endpoint nearby: a model without a graphics card is slow."""


def answer_time(model: ModelSettings, base_url: str) -> float:
    """Return the seconds that an answer is waited for: what is set, else by where it comes from."""
    is_set = "timeout" in model.model_fields_set
    return LOCAL_SECONDS if is_local(base_url) and not is_set else model.timeout


def is_local(base_url: str) -> bool:
    """Tell whether an endpoint is on this machine or in a private network, by its address alone."""
    host = urlsplit(base_url).hostname or ""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return host == "localhost" or "." not in host or host.endswith((".localhost", ".local"))
