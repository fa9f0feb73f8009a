"""Who may open the desk, as the options of `capdraft serve` say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from ipaddress import ip_address
from typing import TYPE_CHECKING

from capdraft.cli.frame import load_settings
from capdraft.errors import StoreError, UsageProblem

if TYPE_CHECKING:
    from capdraft.web.access import Access
    from capdraft.workspace import Workspace

_HOST_NAME = re.compile(r"[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\]")
_HEADER_NAME = re.compile(r"[A-Za-z0-9-]+")


def check_host(host: str, auth: str | None, names: Sequence[str]) -> None:
    """Refuse to be open to others without asking who they are.

    Raises:
        UsageProblem: it would be.
    """
    for name in names:
        if not _HOST_NAME.fullmatch(name):
            raise UsageProblem(
                f"--name {name} is no host",
                hint="The host alone, without https:// and port: review.example.org",
            )
    if names and auth is None:
        raise UsageProblem(
            f"--name {names[0]} opens the desk to other browsers, and needs --auth",
            hint="Else whoever reaches it through a proxy decides as you. Add --auth token or "
            "--auth header:NAME.",
        )
    try:
        address = ip_address(host)
        alone, everywhere = address.is_loopback, address.is_unspecified
    except ValueError:
        alone, everywhere = host == "localhost", False
    if alone:
        return
    if auth is None:
        raise UsageProblem(
            f"--host {host} opens the desk to other machines, and needs --auth",
            hint="Add --auth token (a secret link for each reviewer) or --auth header:NAME (a "
            "proxy in front signs them in).",
        )
    if everywhere and not names:
        raise UsageProblem(
            f"--host {host} needs --name: the host that browsers open",
            hint="For example --name review.example.org; requests for other hosts are refused.",
        )


def check_local_state(workspace: Workspace) -> None:
    """Refuse secrets and an index that somebody else may have sent with a pull request.

    Raises:
        StoreError: git tracks some of them.
    """
    from capdraft.workspace.git import git

    with suppress(UsageProblem):  # without git nothing came by it
        tracked = git(workspace.root, "ls-files", "-z", "--", ".capdraft").stdout
        if tracked:
            first = tracked.split(b"\0")[0].decode("utf-8", "replace")
            raise StoreError(
                "is in git: whoever sent it may know the secrets in that folder",
                where=first,
                hint="git rm -r --cached .capdraft, and delete the folder: it is made anew.",
            )


def access_of(
    workspace: Workspace, auth: str | None, reviewers: Sequence[str], proxy: str
) -> Access:
    """Return who may enter, as the options say.

    Raises:
        UsageProblem: they contradict each other, or nobody is named.
    """
    from capdraft.text import slugify
    from capdraft.web.access import Access, stored_secret

    kind, _, header = (auth or "open").partition(":")
    named = tuple(dict.fromkeys(slugify(name) for name in reviewers))
    if kind == "open" and auth is None and len(named) > 1:
        raise UsageProblem("several reviewers need --auth token", hint="Or name one with --as.")
    if kind == "header" and named:
        raise UsageProblem("--as is not for --auth header: the proxy says who it is")
    if (kind, bool(header)) not in {("open", False), ("token", False), ("header", True)} or (
        auth == "open"
    ):
        raise UsageProblem(
            f"--auth {auth} is not known", hint="--auth token, or --auth header:X-Forwarded-User"
        )
    if kind == "header" and not _HEADER_NAME.fullmatch(header):
        raise UsageProblem(
            f"{header!r} is no name of a header", hint="For example X-Forwarded-User"
        )
    try:
        ip_address(proxy)
    except ValueError as error:
        raise UsageProblem(
            f"--proxy {proxy} is no address", hint="For example 10.0.0.5: the proxy's own."
        ) from error
    access = Access(stored_secret(workspace.root / ".capdraft"), named, "open", header, proxy)
    if kind == "header":
        return replace(access, kind="header")
    if kind == "token":
        named = named or load_settings(workspace).review.reviewers
        return replace(access, kind="token", reviewers=named or (_git_user(workspace),))
    return replace(access, reviewers=named or (_git_user(workspace),))


def _git_user(workspace: Workspace) -> str:
    from capdraft.reviewing import reviewer_slug

    return reviewer_slug(None, workspace.root)
