"""The address at which a reader tells of an error: a template of the workspace, filled in."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote, urlsplit

from capdraft.errors import SettingsError
from capdraft.workspace.git import config_value

PLACES = ("title", "body", "record", "field", "version", "page")
_PLACE = re.compile(r"\{([^{}]*)\}")
_GITHUB = re.compile(
    r"(?:https://(?:[^/@]+@)?github\.com/|(?:ssh://)?git@github\.com[:/])"
    r"([\w.-]+)/([\w.-]+?)(?:\.git)?/?"
)
_ISSUES = "https://github.com/{}/{}/issues/new?title={{title}}&body={{body}}"


def checked_template(template: str, folder: Path) -> str:
    """Return the template of addresses that `template` names; `github` is the remote's issues.

    Raises:
        SettingsError: it is no address of the web or of mail, or has a place that is none.
    """
    if template in ("", "github"):
        return _issues(folder) if template else ""
    for name in _PLACE.findall(template):
        if name not in PLACES:
            raise _refused(template, f"{{{name}}} stands for nothing")
    bare = _PLACE.sub("", template)
    try:
        parts = urlsplit(bare)
    except ValueError as error:
        raise _refused(template, str(error)) from error
    web = parts.scheme in ("http", "https") and bool(parts.hostname)
    mail = parts.scheme == "mailto" and "@" in parts.path
    if not (web or mail) or not bare.isascii() or set(bare) & set(' {}<>"\\^`|'):
        raise _refused(template, "is no https or mailto address")
    if urlsplit(template).netloc != parts.netloc or template.partition(":")[0] != parts.scheme:
        raise _refused(template, "the place of a name is behind the host")
    return template


def report_address(template: str, artifact: str, record: str, version: str, page: str) -> str:
    """Return the address for an error in `record`: CAPABILITY.FIELD, or nothing for the page."""
    capability, _, field = record.partition(".")
    whole = f"{artifact}/{record}" if record else artifact
    told = {
        "title": f"Error in {whole}",
        "body": f"Record: {whole}\nVersion: {version}\nPage: {page}\n\nWhat is wrong:\n",
        "record": f"{artifact}/{capability}" if capability else artifact,
        "field": field,
        "version": version,
        "page": page,
    }
    return _PLACE.sub(lambda place: quote(told[place[1]], safe=""), template)


def _issues(folder: Path) -> str:
    remote = config_value("remote.origin.url", folder)
    found = _GITHUB.fullmatch(remote)
    if not found:
        raise SettingsError(
            "report is github, and the git remote origin is not at github.com",
            hint="Write the address itself: https://…/issues/new?title={title}&body={body}",
        )
    return _ISSUES.format(*found.groups())


def _refused(template: str, why: str) -> SettingsError:
    return SettingsError(
        f"report: {template!r}: {why}",
        hint=f"An https: or mailto: address, with any of {', '.join(f'{{{p}}}' for p in PLACES)}.",
    )
