"""`capdraft serve`."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from capdraft.cli.frame import Frame, count, framed, load_settings
from capdraft.cli.serve_access import access_of, check_host, check_local_state
from capdraft.errors import ExtraMissing, UsageProblem

if TYPE_CHECKING:
    import socket

    from starlette.applications import Starlette

    from capdraft.web.access import Access

GRACE = 3
"""Seconds that requests under way get when the server is stopped."""


@click.command("serve", short_help="Open the review desk in the browser.")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="Address to listen on.",
)
@click.option(
    "--port",
    default=8400,
    show_default=True,
    type=click.IntRange(0, 65535),
    metavar="PORT",
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
    check_host(host, auth, names)
    try:
        import uvicorn

        from capdraft.web.app import make_app
        from capdraft.web.connections import Connection
    except ModuleNotFoundError as error:
        raise ExtraMissing(
            f"the review desk needs {error.name}, which is not installed",
            hint="pip install 'capdraft[web]'",
        ) from error
    workspace = frame.workspace()
    load_settings(workspace)  # a mistake in them is told now, not on each page
    check_local_state(workspace)
    access = access_of(workspace, auth, reviewers, proxy)
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
            http=Connection,
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


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens there.

    Raises:
        UsageProblem: the port is taken, or the address is not this machine's.
    """
    import errno
    import socket

    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.create_server((host, port), family=family, backlog=128)
        # A socket that names its protocol: of others asyncio doesn't know that small answers
        # must not wait, and each page would take 40 ms longer.
        return socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP, listener.detach())
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
