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
    "judgement": ("capdraft.records", "ModelJudgement"),
    "catalog": ("capdraft.records", "CatalogEntry"),
    "withdrawal": ("capdraft.records", "Withdrawal"),
    "alignment": ("capdraft.records.alignments", "Alignment"),
    "settings": ("capdraft.settings", "Settings"),
    "comparison": ("capdraft.comparing", "Comparison"),
    "passport": ("capdraft.publishing.api", "Passport"),
    "gold": ("capdraft.evaluating", "Gold"),
    "pairs": ("capdraft.evaluating", "Pairs"),
    "evaluation": ("capdraft.evaluating", "Evaluation"),
    "rules-measured": ("capdraft.evaluating", "RulesMeasured"),
}


@click.command(
    "schema",
    short_help="Print the JSON Schema of a file.",
    epilog=f"KIND is one of {', '.join(KINDS)}.",
)
@click.argument("kind", type=click.Choice(list(KINDS)), metavar="KIND")
@click.option("--json", "_as_json", is_flag=True, help="The answer is one JSON document anyway.")
def command(kind: str, _as_json: bool) -> int:
    """Print the JSON Schema of KIND, as it stands in `schema = "capdraft/KIND/1"`.

    \b
    capdraft schema settings
    capdraft schema proposal > proposal.schema.json
    """
    module, name = KINDS[kind]
    print_json(getattr(importlib.import_module(module), name).model_json_schema(by_alias=True))
    return 0
