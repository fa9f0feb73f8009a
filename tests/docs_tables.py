"""What has to be known to run the lines of docs/: what can't be run, what is no mistake.

An entry that fits no line of any page is an error.
"""

from __future__ import annotations

from typing import TypeVar

from docs_pages import Piece
from docs_workspace import SLUGS

T = TypeVar("T")
Table = dict[tuple[str, str], T]
"""By the page, "" for any, and words of the line or of what the page says it prints."""

INDEX = "asks a package index; CI installs the wheel"
HOSTS = "asks the internet; tests/sources/test_addresses_hosts.py asks stubs"
SERVER = "starts a server that is not capdraft's"
RECORDED = "of the project's own recordings: tests/evaluating/test_recorded_gold.py"
PLUGIN = "of the example package: tests/plugins/test_example_plugin.py"
NOT_RUN: Table[str] = {
    ("", "pip install"): INDEX,
    ("docs/drafting.md", "capdraft draft hf:org/name gh:owner/name"): HOSTS,
    ("docs/sources.md", "gh:owner/name"): HOSTS,
    ("docs/sources.md", "hf:org/name"): HOSTS,
    ("docs/endpoints.md", "ollama serve"): SERVER,
    ("docs/endpoints.md", "ollama create"): "needs Ollama",
    ("docs/endpoints.md", "vllm serve"): SERVER,
    ("docs/endpoints.md", "llama-server"): SERVER,
    ("docs/evaluating.md", "--record-mode none --out before.json"): RECORDED,
    ("docs/evaluating.md", "--cassettes cassettes/statements"): RECORDED,
    ("docs/evaluating.md", "careless.json"): RECORDED,
    ("docs/evaluating.md", "generous.json"): RECORDED,
    ("docs/extending.md", "pytest my-plugins"): PLUGIN,
    ("docs/extending.md", "mypy --strict"): PLUGIN,
    ("docs/how-to/install.md", "uv tool"): INDEX,
    ("docs/how-to/install.md", "pipx"): INDEX,
    ("docs/how-to/install.md", "python3 -m venv"): "is of no use without the next line",
    ("docs/how-to/install.md", ".venv/bin/pip"): INDEX,
    ("docs/how-to/install.md", "docker "): "needs Docker",
    ("docs/pull-requests.md", "gh pr create"): "asks GitHub",
    ("docs/pull-requests.md", "pip install"): INDEX,
    ("cassettes/README.md", "pytest tests/test_tutorial.py"): "records what the tutorial replays",
    ("CONTRIBUTING.md", ".venv/bin/pytest"): "runs these tests",
    ("CONTRIBUTING.md", "pre-commit install"): "fetches what the hooks need",
}
"""Lines that are not run, and why."""

INSTEAD: Table[tuple[str, str, str]] = {
    ("docs/auditing.md", "https://"): (" https://example.org/pebble-2.html", "", HOSTS),
    ("CONTRIBUTING.md", "make "): ("make ", "make -n ", "takes minutes"),
}
"""What is put into a line so that it can run, and why."""

FOUND = "PaliGemma's draft holds an error"
ENDS: Table[tuple[int, str]] = {
    ("", "--judge --dry-run"): (0, "nothing is found where nothing is asked"),
    ("docs/how-to/write-a-prompt.md", "check ferry-times"): (1, "its comparison has no evidence"),
    ("docs/auditing.md", "capdraft ground pebble-2"): (1, "two of three are not supported"),
    ("docs/merging.md", "changed by hand in 1 place"): (1, "the texts differ"),
    ("docs/reviewing.md", "capdraft diff"): (1, "they differ"),
    ("", "capdraft check"): (1, FOUND),
}
"""Lines that end with another status than 0, and why."""

CHANGED = "sed -i 's/an image in {}/an image in {}/' catalog/paligemma.json"
FIELD = "paligemma/captioning.description"
SENTENCE = "printf 'Describes an image in one %s.' '{}' > edit.txt"
DECIDED = f"capdraft review edit {FIELD} --from edit.txt"
CONFLICT = (
    "git add . && git commit -qm Now && git switch -qc other HEAD~"
    " && capdraft withdraw paligemma/captioning --reason wrong --note Off --as bo"
    " && capdraft merge paligemma && git add . && git commit -qm Other"
    " && git merge -q main || git status --short"
)
BEFORE: Table[list[str]] = {
    ("docs/api.md", "$TOKEN"): ["capdraft serve --auth token --as ann"],
    ("docs/cassettes.md", "recorded.yaml"): ["cp cassettes/examples/ticket.yaml recorded.yaml"],
    ("docs/cassettes.md", "stale    examples/ticket"): [
        "printf '\n## Notes\n\nIt is small.\n' >> examples/ticket.md",
        "capdraft prompts show draft > short && sed 's/plain/simple/' short > prompts/draft.jinja",
        "capdraft cassettes status",
    ],
    ("docs/cassettes.md", "recorded  examples/ticket"): [
        "sed -i 's/40/44/' examples/ticket.md",
        "printf '\n## Run on small machines\n\nNeeds 2 GB of memory.\n' >> examples/ticket.md",
        "capdraft cassettes record examples/ticket",
    ],
    ("docs/cassettes.md", "by: ground --judge"): [
        "capdraft ground pebble-2 --with card.md --judge --cassette cassettes/pebble-2.yaml"
    ],
    ("docs/drafting.md", "can be proven now"): [
        "capdraft draft tide-tables.md",
        "capdraft review approve tide-tables",
        "capdraft merge",
    ],
    ("docs/drafting.md", "ledger show 12"): ["capdraft draft pump-manual.md --type tool"],
    ("docs/drafting.md", "2 of 4 failed"): [
        "printf 'x' > notes.bin",
        "capdraft draft --model qwen3 -j 2 card.md nothing.md tram.md notes.bin",
    ],
    ("docs/extending.md", "broke while it checked"): [
        "rm -r reviews catalog",
        "capdraft draft tram.md",
    ],
    ("docs/how-to/migrate.md", "--model qwen3"): ["capdraft draft ferry-times.md"],
    ("docs/how-to/review-as-a-team.md", "git pull"): [
        "git config user.name bo",
        *(f"capdraft review approve {slug}" for slug in SLUGS),
    ],
    ("docs/known-pages.md", "A vs B"): ["capdraft import layout.txt"],
    ("docs/merging.md", "kept from 0001"): [
        "printf 'Version 2 reads larger ones.' > edit.txt",
        "capdraft review edit paligemma/read-text.unique --from edit.txt",
        "rm catalog/paligemma.json",
    ],
    ("docs/merging.md", "changed by hand in 1 place"): [
        SENTENCE.format("sentence"),
        DECIDED,
        "capdraft merge paligemma",
        CHANGED.format("one sentence", "one paragraph"),
        SENTENCE.format("or two sentences"),
        DECIDED,
    ],
    ("docs/merging.md", "--discard"): [CHANGED.format("one paragraph", "two paragraphs")],
    ("docs/merging.md", "git checkout"): [CONFLICT],
    ("docs/merging.md", "withdraw paligemma/captioning"): [
        "capdraft restore paligemma/captioning --as bo"
    ],
    ("docs/rules.md", "reviews/paligemma"): ["capdraft check"],
}
"""What happened before a line, or before something is shown, where the page tells it in words."""

AT_HAND: Table[str] = {
    ("docs/evaluating.md", "capdraft/gold/1"): "evaluation/gold/kilnwatch/gold.toml",
    ("docs/evaluating.md", "capdraft/pairs/1"): "evaluation/pairs.toml",
    ("docs/known-pages.md", "A vs B"): "layout.txt",
    ("docs/reviewing.md", '{"target"'): "decided.jsonl",
}
"""What a page shows of a file that its commands read."""

NOT_PRINTED: Table[str] = {
    ("docs/exports.md", "\\u200b"): "an expression: a test of its own below",
    ("docs/known-pages.md", "A vs B"): "a file, which is imported",
    ("docs/rules.md", "[1] Reads printed tickets"): "what the examples cite: test_rules_page.py",
}
"""Texts in code blocks that no command prints."""


def find(table: Table[T], piece: Piece) -> T | None:
    """Return what a table says of a line."""
    whole = f"{piece.text}\n{piece.printed}"
    for (page, words), value in table.items():
        if page in ("", piece.page) and words in whole:
            return value
    return None
