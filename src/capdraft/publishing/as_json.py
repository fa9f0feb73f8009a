"""A comparison as JSON: its own fields, keys in the order of the schema."""

from __future__ import annotations

import json

from capdraft.comparing import Comparison


def json_page(comparison: Comparison) -> str:
    """Return one JSON document, letters of any script unescaped."""
    data = comparison.model_dump(mode="json", by_alias=True)
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
