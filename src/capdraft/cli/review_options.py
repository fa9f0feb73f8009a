"""The options that several review commands take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

FIELD_NAMES = ["description", "unique", "vs_alternatives"]

by_field = click.option("--field", type=click.Choice(FIELD_NAMES), help="Only this field.")
as_who = click.option("--as", "who", metavar="WHO", help="Decide as WHO instead of git's user.")
with_note = click.option("--note", metavar="TEXT", help="Why; readers see it beside the record.")
of_number = click.option(
    "--proposal", "number", metavar="NUMBER", help="This proposal instead of the newest."
)

Command = Callable[..., Any]


def despite_findings(function: Command) -> Command:
    """Give a command `--despite` and `--editorial`."""
    for option in (
        click.option(
            "--despite", multiple=True, metavar="CODE", help="Accept despite this finding."
        ),
        click.option("--editorial", is_flag=True, help="Accept without evidence, shown as that."),
    ):
        function = option(function)
    return function
