"""How good the rule of what is in common is, on labelled alignments.

    python -m benchmarks.alike

`before` is the rule that counted the words of descriptions too. What is labelled open counts
neither for nor against.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests/publishing"))

from alike_set import SETS, Links, Measured, by_all_words, by_rule, measure, measure_pairs

RULES: dict[str, Links] = {"before": by_all_words, "now": by_rule}


def main() -> None:
    """Print a table."""
    print("| labelled | rule | right | wrong | missed | precision | recall |")
    print("|---|---|---|---|---|---|---|")
    for name in (*SETS, "pairs.toml"):
        for called, rule in RULES.items():
            found = measure_pairs(rule) if name == "pairs.toml" else measure(rule, name)
            print(f"| {name} | {called} | {_cells(found)} |")


def _cells(found: Measured) -> str:
    counts = f"{found.right} | {found.wrong} | {found.missed}"
    return f"{counts} | {found.precision:.2f} | {found.recall:.2f}"


if __name__ == "__main__":
    main()
