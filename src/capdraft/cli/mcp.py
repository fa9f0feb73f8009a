"""`capdraft mcp`."""

from __future__ import annotations

import os

import click

from capdraft.cli.frame import Frame, framed
from capdraft.errors import ExtraMissing


@click.command("mcp", short_help="Serve the catalog to language models, by MCP.")
@framed
def command(frame: Frame) -> int:
    """Serve the catalog to an MCP client over standard input and output, until it hangs up.

    A client starts this itself; docs/mcp.md shows its configuration. Standard output carries the
    protocol and nothing else, with --json too.

    \b
    capdraft mcp --workspace ~/catalog
    """
    try:
        from capdraft.mcp_server import BASE, make_server
    except ModuleNotFoundError as error:
        raise ExtraMissing(
            f"the MCP server needs {error.name}, which is not installed",
            hint="pip install 'capdraft[mcp]'",
        ) from error
    from capdraft.publishing.api import Library
    from capdraft.searching import local_client

    workspace = frame.workspace()
    library = Library(workspace, base=BASE, environment=os.environ, notify=frame.note)
    library.settings()
    make_server(library, local_client()).run("stdio")
    return 0
