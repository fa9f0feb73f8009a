"""Addresses as they are written: told from paths, checked, and taken apart."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit

from capdraft.errors import SourceError

HubKind = Literal["model", "dataset", "space"]
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*://|https?:|ftp:|hf:|gh:)", re.IGNORECASE)
_UNSAFE = re.compile(r"[\s\\\x00-\x1f\x7f-\x9f]")
_HUB = re.compile(
    r"(?:(model|dataset|space)s/)?((?:[A-Za-z0-9_][\w.-]{0,95}/)?[A-Za-z0-9_][\w.-]{0,95})"
    r"(?:@(\w[\w./-]{0,199}))?",
    re.ASCII,
)
_GITHUB = re.compile(
    r"([A-Za-z0-9][A-Za-z0-9-]{0,38})/([\w.-]{1,100})(?:@(\w[^\s~^:?*\[\\\x00-\x1f\x7f]{0,199}))?",
    re.ASCII,
)
_GITHUB_PAGE = re.compile(r"https://github\.com/([^/]+/[^/]+)/(?:blob|raw)/([^?]+)")
_HUB_PAGE = re.compile(r"https://huggingface\.co/((?:datasets/|spaces/)?[^/]+/[^/]+)/blob/([^?]+)")
_RAW_FILE = re.compile(
    r"https://(?:raw\.githubusercontent\.com/[^/]+/([^/]+)/"
    r"|huggingface\.co/(?:datasets/|spaces/)?[^/]+/([^/]+)/resolve/)"
)
# What names a page of one network only, where the address itself could still look public.
_LOCAL_NAMES = re.compile(
    r"(?:.*\.)?(?:localhost|localdomain|local|internal|intranet|lan|home|corp|private|home\.arpa)"
)
_NAMELESS = {"readme", "index", "model_card", "modelcard", "dataset_card", "card"}


@dataclass(frozen=True, slots=True)
class WebAddress:
    """A page or file, without user, password and fragment; `given` where another was meant."""

    url: str
    given: str | None = None

    @property
    def stem(self) -> str:
        """What it is called: a README like its repository or folder, a bare host like the host."""
        parts = urlsplit(self.url)
        path = PurePosixPath(unquote(parts.path))
        if path.stem and not is_nameless(path.stem):
            return path.stem
        raw = _RAW_FILE.match(self.url)
        return (raw and (raw[1] or raw[2])) or path.parent.name or parts.hostname or ""


@dataclass(frozen=True, slots=True)
class HubAddress:
    """A repository of the Hugging Face Hub."""

    kind: HubKind
    repo: str
    revision: str | None = None

    @property
    def stem(self) -> str:
        """What it is called: the last part of its name."""
        return self.repo.rpartition("/")[2]

    def __str__(self) -> str:
        folder = "" if self.kind == "model" else f"{self.kind}s/"
        return f"hf:{folder}{self.repo}" + (f"@{self.revision}" if self.revision else "")


@dataclass(frozen=True, slots=True)
class GitHubAddress:
    """A repository on GitHub."""

    owner: str
    name: str
    ref: str | None = None

    @property
    def stem(self) -> str:
        """What it is called: its name without its owner's."""
        return self.name

    def __str__(self) -> str:
        return f"gh:{self.owner}/{self.name}" + (f"@{self.ref}" if self.ref else "")


Address = WebAddress | HubAddress | GitHubAddress


def is_address(source: str) -> bool:
    """Tell whether `source` is written as an address: a file with such a name is `./hf:name`."""
    return _ADDRESS.match(source) is not None


def is_nameless(stem: str) -> bool:
    """Tell whether files called `stem` are everywhere, so that their folder says what it is."""
    return stem.casefold() in _NAMELESS


def without_password(source: str) -> str:
    """Return an address as it may be shown: user and password hidden; a path as it is."""
    scheme, colon, rest = source.partition(":")
    if not colon or not is_address(source) or scheme.lower() in ("hf", "gh"):
        return source
    before, at, after = rest.rpartition("@")
    host = re.split(r"[/?#]", before.lstrip("/"), maxsplit=1)[0]
    # An @ in a path is none of a password, unless what stands before the path is no host and port.
    plain = host != before.lstrip("/") and re.fullmatch(r"[^:@\\]*(?::\d+)?|\[.*\](?::\d+)?", host)
    return source if not at or plain else f"{scheme}://***@{after}"


def parse_address(source: str) -> Address:
    """Return the address that `source` writes.

    Raises:
        SourceError: it is none that is read, or one that could lead into a private network.
    """
    scheme, _, rest = source.partition(":")
    match scheme.lower():
        case "https":
            return _web(source)
        case "hf":
            return _hub(source, rest)
        case "gh":
            return _github(source, rest)
        case "http":
            hint = "Write https://, or download it and name the file."
            raise _refused(source, "http is not read, as anyone on the way could change it", hint)
        case other:
            hint = "Read are https://…, hf:org/name and gh:owner/name; of a file, name its path."
            raise _refused(source, f"addresses with {other}: are not read", hint)


def _hub(source: str, rest: str) -> HubAddress:
    found = _HUB.fullmatch(rest)
    if found is None or ".." in rest:
        hint = "Write hf:org/name, hf:datasets/org/name or hf:spaces/org/name, and @revision."
        raise _refused(source, "this names no repository of the Hugging Face Hub", hint)
    kinds: dict[str | None, HubKind] = {"dataset": "dataset", "space": "space"}
    return HubAddress(kinds.get(found[1], "model"), found[2], found[3])


def _github(source: str, rest: str) -> GitHubAddress:
    found = _GITHUB.fullmatch(rest)
    if found is None or found[2] in (".", "..") or ".." in (found[3] or ""):
        raise _refused(
            source, "this names no repository on GitHub", "Write gh:owner/name, and @ref."
        )
    return GitHubAddress(found[1], found[2], found[3])


def _web(source: str) -> WebAddress:
    unwritable = "Check it for a typing error; a space is written %20."
    if _UNSAFE.search(source):
        raise _refused(source, "an address holds no space, backslash or control code", unwritable)
    try:
        parts = urlsplit(source)
        port_is_valid = parts.port != 0
    except ValueError as error:
        raise _refused(source, "this is no address", unwritable) from error
    if "@" in parts.netloc:
        hint = "Leave user and password out of it, or download it and name the file."
        raise _refused(source, "an address with a user or password is not read", hint)
    if not parts.hostname or not port_is_valid:
        raise _refused(source, "this address names no host", "Write https://host/path.")
    _refuse_local(source, parts)
    url = parts._replace(fragment="").geturl()
    raw = _GITHUB_PAGE.sub(r"https://raw.githubusercontent.com/\1/\2", url)
    raw = _HUB_PAGE.sub(r"https://huggingface.co/\1/resolve/\2", raw)
    return WebAddress(url) if raw == url else WebAddress(raw.partition("?")[0], given=url)


def _refuse_local(source: str, parts: SplitResult) -> None:
    host = (parts.hostname or "").rstrip(".")
    try:
        ipaddress.ip_address(host)
    except ValueError:
        if "." not in host or _LOCAL_NAMES.fullmatch(host):
            hint = "Download it, and name the file."
            raise _refused(source, f"{host!r} is a name in a private network", hint) from None


def _refused(source: str, problem: str, hint: str) -> SourceError:
    return SourceError(problem, where=without_password(source), hint=hint)
