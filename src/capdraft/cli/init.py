"""`capdraft init`."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from capdraft.cli.frame import Frame
from capdraft.errors import CapdraftError, UsageProblem

SETTINGS = """\
# The settings of this capdraft workspace. `capdraft schema settings` lists every key.
schema = "capdraft/settings/1"

[model]
# name = "gpt-5.4-mini"                       # --model and OPENAI_MODEL count before it
# base_url = "http://127.0.0.1:11434/v1"      # --base-url and OPENAI_BASE_URL do; here Ollama's
# structured_output = "auto"                  # "json_schema", "tool_call", "json_object", "none"
# timeout = 600                               # seconds to wait for an answer; if unset, 1800 nearby
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

[plugins]
# off = ["ledger-csv"]                        # installed, and not used here
# prefer = ["my-markdown"]                    # comes before what is built in

[rules]
# CD203 = "off"                               # or "warning", "error"
"""
# Its sentence "This folder is …" is how sources/folders.py knows it.
README = """\
# A catalog of capabilities

This folder is a capdraft workspace. A language model drafts what models, datasets and tools can do
from their docs; people decide, field by field; what they approved is the catalog.

| | |
|---|---|
| `capdraft.toml` | the settings: remove the `#` before what you set |
| `reviews/` | what was drafted, and who decided what |
| `catalog/` | the approved records, one file for each artifact |
| `prompts/` | prompts of your own, in place of the packaged ones |
| `signals/` | downloads, likes and stars |
| `.capdraft/` | paid answers and indexes: of this machine alone, never in git |

## What to type next

    capdraft doctor              # is all there: key, endpoint, git, disk?
    capdraft draft FILE.md       # draft what an artifact can do, from its docs
    capdraft review next         # decide, one key a decision

After that, `capdraft merge` writes what you approved to `catalog/`, and `capdraft site public`
makes pages of it. `capdraft --help` lists every command.
"""


@click.command("init", short_help="Make a workspace.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON document.")
@click.argument("folder", type=click.Path(path_type=Path), default=".", metavar="[DIR]")
def command(as_json: bool, folder: Path) -> int:
    """Make a workspace in DIR (the current folder): capdraft.toml, .gitignore and README.md.

    Nothing is asked. Files that are there stay as they are.

    \b
    capdraft init
    capdraft init catalog
    """
    if folder.exists() and not folder.is_dir():
        raise UsageProblem(f"{folder} is a file", hint="Name a folder, or none for this one.")
    frame = Frame(as_json, folder)
    written, kept = _write(folder)
    in_git = _in_git(folder)
    frame.say(f"Workspace ready in {folder.resolve()}" + ("" if written else " (nothing to do)"))
    for name in written:
        frame.say(f"  wrote {name}")
    for name in kept:
        frame.say(f"  left {name} as it is")
    for line in _next(folder, in_git):
        frame.say(line)
    frame.answer(
        {"workspace": str(folder.resolve()), "written": written, "kept": kept, "git": in_git}
    )
    return 0


def _write(folder: Path) -> tuple[list[str], list[str]]:
    """Write what isn't there; return the names of what was written, and of what was left."""
    from capdraft.scripting.making import make
    from capdraft.workspace import SETTINGS_FILE

    written = make(folder, SETTINGS, {"README.md": README})
    every = (SETTINGS_FILE, "README.md", ".gitignore")
    return written, [name for name in every if name not in written]


def _in_git(folder: Path) -> bool:
    from capdraft.workspace.repository import Repository

    try:
        Repository.around(folder)
    except CapdraftError:
        return False
    return True


def _next(folder: Path, in_git: bool) -> list[str]:
    """Return what to type next, as it can be typed where the command ran."""
    lines = []
    if folder.resolve() != Path.cwd():
        lines.append(f"cd {shlex.quote(str(folder))}")
    if not in_git:
        lines.append("git init                     # so that decisions have a history")
    lines.append("capdraft doctor              # is all there: key, endpoint, git, disk?")
    lines.append("capdraft draft FILE.md       # draft what an artifact can do, from its docs")
    return [f"next: {lines[0]}", *(f"      {line}" for line in lines[1:])]
