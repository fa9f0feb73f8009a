"""`capdraft serve`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

import click

from capdraft.cli.frame import Frame, count, framed, load_settings
from capdraft.errors import ExtraMissing, UsageProblem

if TYPE_CHECKING:
    import socket

    from starlette.applications import Starlette

    from capdraft.web.access import Access
    from capdraft.workspace import Workspace

GRACE = 3
"""Seconds that requests under way get when the server is stopped."""


@click.command("serve", short_help="Open the review desk in the browser.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=8400,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port to listen on; 0 is a free one.",
)
@click.option(
    "--as", "reviewers", multiple=True, metavar="WHO", help="Decide as WHO; again for each link."
)
@click.option(
    "--auth",
    metavar="token|header:NAME",
    help="Ask who it is: by a secret link for each reviewer, or by a header that a proxy sets.",
)
@click.option(
    "--proxy",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="The only address whose header is believed.",
)
@click.option(
    "--name", "names", multiple=True, metavar="HOST", help="Another name browsers know it by."
)
@click.option("--open", "opens", is_flag=True, help="Open it in the browser.")
@framed
def command(
    frame: Frame,
    host: str,
    port: int,
    reviewers: tuple[str, ...],
    auth: str | None,
    proxy: str,
    names: tuple[str, ...],
    opens: bool,
) -> int:
    """Serve the review desk to the browser until Ctrl-C.

    Without --auth it listens to this machine alone, and who opens it decides as git's user.

    \b
    capdraft serve --open
    capdraft serve --auth token --as ann --as bo          a secret link for each
    capdraft serve --auth header:X-Forwarded-User --name review.example.org
    """
    _check_host(host, auth, names)
    try:
        import uvicorn

        from capdraft.web.app import make_app
    except ModuleNotFoundError as error:
        raise ExtraMissing(
            f"the review desk needs {error.name}, which is not installed",
            hint="pip install 'capdraft[web]'",
        ) from error
    workspace = frame.workspace()
    access = _access(workspace, auth, reviewers, proxy)
    listener = _listen(host, port)
    port = listener.getsockname()[1]
    app = make_app(workspace, access, names=(_in_url(host), *names), port=port)
    urls = _urls(f"http://{names[0] if names else _in_url(host)}:{port}", access)
    _tell(frame, urls, access)
    if opens:
        _open_browser(next(iter(urls.values())))
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            lifespan="off",
            ws="none",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE,
        )
    )
    return _serve(frame, server, app, access, listener)


def _serve(
    frame: Frame, server: Any, app: Starlette, access: Access, listener: socket.socket
) -> int:
    refreshing = app.state.house.refreshing
    refreshing.when_ready = lambda: _tell_waiting(frame, app, access)
    refreshing.start()
    with suppress(KeyboardInterrupt):  # it returns, or raises this, only after Ctrl-C
        server.run(sockets=[listener])
    refreshing.stop()
    frame.note("Stopped.")
    return 130


def _check_host(host: str, auth: str | None, names: Sequence[str]) -> None:
    """Refuse to be open to others without asking who they are.

    Raises:
        UsageProblem: it would be.
    """
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


def _access(workspace: Workspace, auth: str | None, reviewers: Sequence[str], proxy: str) -> Access:
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


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens there.

    Raises:
        UsageProblem: the port is taken, or the address is not this machine's.
    """
    import errno
    import socket

    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        hint = "--host 127.0.0.1 is always there."
        if error.errno in (errno.EADDRINUSE, errno.EACCES):
            hint = "Another server may have it. --port 0 takes a free one."
        raise UsageProblem(f"can't listen on {host}:{port}: {error.strerror}", hint=hint) from error


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _urls(base: str, access: Access) -> dict[str, str]:
    """Return the address that each reviewer opens."""
    if access.kind == "header":
        return {"": f"{base}/"}
    if access.kind == "open":
        return {access.reviewers[0]: f"{base}/"}
    return {who: f"{base}/enter?token={access.link_token(who)}" for who in access.reviewers}


def _tell(frame: Frame, urls: dict[str, str], access: Access) -> None:
    if access.kind == "token":
        for who, url in urls.items():
            frame.say(f"{who}  {url}")
        frame.note("Each link is a key: whoever has it decides under that name.")
    else:
        as_whom = f" as {access.reviewers[0]}" if access.reviewers else ""
        frame.say(f"The review desk{as_whom}: {next(iter(urls.values()))}")
    frame.note("Ctrl-C stops it.")
    frame.answer({"urls": [{"reviewer": who or None, "url": url} for who, url in urls.items()]})
    sys.stdout.flush()


def _tell_waiting(frame: Frame, app: Starlette, access: Access) -> None:
    from capdraft.reviewing.index import Wanted

    index = app.state.house.index
    for who in access.reviewers:
        number = index.count(Wanted(reviewer=who))
        frame.note(f"{count(number, 'field')} {'waits' if number == 1 else 'wait'} for {who}.")


def _open_browser(url: str) -> None:
    """Open `url` without waiting: some browsers of the terminal return only when they are left."""
    import threading
    import webbrowser

    threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
