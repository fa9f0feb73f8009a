"""`settings.md`: every key of capdraft.toml, from the descriptions of the fields."""

from __future__ import annotations

import re
from typing import Any

from capdraft.settings import Settings
from generating.json_shapes import Node, keys_table
from generating.laying_out import page

_INTRO = """\
`capdraft.toml` stands at the top of a workspace; `capdraft init` writes one with every key
commented out. What the command line says counts before the environment (`OPENAI_API_KEY`,
`OPENAI_BASE_URL`, `OPENAI_MODEL`), and that before this file. An unknown key or a wrong value is
an error that names the line. The key of an endpoint never stands in it."""


def settings_page() -> str:
    """Return the page of settings, a section for each table."""
    schema: Any = Settings.model_json_schema(by_alias=True)
    tables = schema["$defs"]
    sections = []
    for name, node in schema["properties"].items():
        reached = node.get("$ref", "").rpartition("/")[2]
        if reached:
            sections += _section(f"[{name}]", tables[reached], tables)
    nested = {"[model] prices": "Prices", "[[review.owners]]": "OwnersSettings"}
    nested["[rank.weights.TYPE]"] = "RankWeights"
    for title, reached in nested.items():
        sections += _section(title, tables[reached], tables)
    rules = schema["properties"]["rules"]
    told = (
        f"{rules['description']} A value is `error`, `warning` or `off`: [the rules](../rules.md)."
    )
    return page("Settings", _INTRO, *sections, "## `[rules]`", told)


def _section(title: str, node: Node, tables: dict[str, Node]) -> list[str]:
    """Return a section with the keys of one table of the file."""
    about = node.get("description", "").partition(": ")[2]
    about = about[:1].upper() + about[1:]

    def link(name: str) -> str:
        described: str = tables[name].get("description", name)
        shown = described.partition(": ")[0]
        return f"[{shown}](#{re.sub(r'[^a-z_ -]', '', shown.lower()).replace(' ', '-')})"

    # TOML has no null: a key that may be nothing is left out.
    return [f"## `{title}`", about, keys_table(node, link).replace(" or nothing |", " |")]
