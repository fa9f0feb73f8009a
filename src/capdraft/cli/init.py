"""`capdraft init`."""

from __future__ import annotations

from pathlib import Path

import click

from capdraft.cli.frame import Frame, print_json
from capdraft.errors import StoreError, UsageProblem

SETTINGS = """\
# The settings of this capdraft workspace. `capdraft schema settings` lists every key.
schema = "capdraft/settings/1"

[model]
# name = "gpt-5.4-mini"                       # --model and OPENAI_MODEL count before it
# base_url = "http://127.0.0.1:11434/v1"      # --base-url and OPENAI_BASE_URL do; here Ollama's
# structured_output = "auto"                  # "json_schema", "tool_call", "json_object", "none"
# timeout = 600                               # seconds to wait for one answer
# max_wait = 120                              # longest wait in seconds before a retry
# prices = {input = 0.25, output = 2.0, cached_input = 0.025}    # USD for a million tokens
# The key comes from OPENAI_API_KEY and never stands in a file.

[model.parameters]
# temperature = 0                             # sent as it is, as any other key here

[draft]
# window = 24000                              # tokens of documents in one prompt
# records = 1500                              # tokens of other artifacts' records, to compare with

[prompts]
# draft = "draft"                             # prompts/draft.jinja here, else the packaged one

[review]
# reviewers = ["ann", "bo"]                   # who decides; nobody named is anybody
# approvals = {description = 1}               # how many a field needs; a team's comparisons 2
# self_approval = false                       # whether one approves what one edited or drafted
# adjudicator = "ann"                         # whose word decides where reviewers differ
# seeds = 0.03                                # planted errors among what a reviewer is shown
# second_opinions = 0.05                      # approved fields that somebody decides again, blind
# owners = [{artifacts = "gemma-*", reviewers = ["bo"]}]    # who decides on some artifacts

[search]
# embeddings = "text-embedding-3-small"       # asked of the endpoint; else words alone

[matches]
# keep_queries = false                        # keep the text of needs, not just a salted hash

[rank]
# half_life = 365                             # days after which what was read counts half as fresh

[rank.weights]
# model = {adoption = 0.25, quality = 0.3, ecosystem = 0.15, match_graph = 0.15, freshness = 0.15}

[api]
# public = true                               # everybody may read the API, with --auth too
# origins = ["https://example.org"]           # sites whose pages may read it

[site]
# report = "github"                           # readers' link for errors; or "mailto:…?body={body}"

[rules]
# CD203 = "off"                               # or "warning", "error"
"""
IGNORED = ".capdraft/\n"


@click.command("init", short_help="Make a workspace.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON document.")
@click.argument("folder", type=click.Path(path_type=Path), default=".", metavar="[DIR]")
def command(as_json: bool, folder: Path) -> int:
    """Make a workspace in DIR (the current folder): capdraft.toml and .gitignore.

    Files that are there stay as they are.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageProblem(f"{folder} is a file", hint="Name a folder, or none for this one.")
    frame = Frame(as_json, folder)
    written = _write(folder)
    frame.say(f"Workspace ready in {folder.resolve()}" + ("" if written else " (nothing to do)"))
    for name in written:
        frame.say(f"  wrote {name}")
    frame.say("next: capdraft draft FILE.md")
    if as_json:
        print_json({"workspace": str(folder.resolve()), "written": written})
    return 0


def _write(folder: Path) -> list[str]:
    from capdraft.workspace import SETTINGS_FILE

    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        settings, ignore = folder / SETTINGS_FILE, folder / ".gitignore"
        if not settings.exists():
            settings.write_text(SETTINGS, encoding="utf-8")
            written.append(SETTINGS_FILE)
        present = ignore.read_text(encoding="utf-8") if ignore.exists() else ""
        if ".capdraft/" not in present.split():
            gap = "" if not present or present.endswith("\n") else "\n"
            ignore.write_text(present + gap + IGNORED, encoding="utf-8")
            written.append(".gitignore")
    except OSError as error:
        raise StoreError(f"can't be written: {error.strerror}", where=str(folder)) from error
    return written
