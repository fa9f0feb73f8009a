"""`capdraft schema`."""

from __future__ import annotations

import importlib

import click

from capdraft.cli.frame import print_json

KINDS = {
    "proposal": ("capdraft.records", "Proposal"),
    "decision": ("capdraft.records", "Decision"),
    "export": ("capdraft.publishing.exports", "CatalogExport"),
    "export-record": ("capdraft.publishing.exports", "RecordLine"),
    "training": ("capdraft.publishing.exports", "TrainingExample"),
    "search": ("capdraft.searching", "Answer"),
    "signals": ("capdraft.records", "Signals"),
    "seed": ("capdraft.records", "Outcome"),
    "catalog": ("capdraft.records", "CatalogEntry"),
    "settings": ("capdraft.settings", "Settings"),
    "comparison": ("capdraft.comparing", "Comparison"),
}


@click.command("schema", short_help="Print the JSON Schema of a file.")
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.option("--json", "_as_json", is_flag=True, help="The answer is one JSON document anyway.")
def command(kind: str, _as_json: bool) -> int:
    """Print the JSON Schema of KIND, as it stands in `schema = "capdraft/KIND/1"`."""
    module, name = KINDS[kind]
    print_json(getattr(importlib.import_module(module), name).model_json_schema(by_alias=True))
    return 0
