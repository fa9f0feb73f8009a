"""Texts that would run a script if any page took them for markup, and a workspace full of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from capdraft.reviewing import Judgement, Target, approve, edit, open_review, reject
from capdraft.workspace import Workspace
from workspaces import Scripted, draft_from

RUN = "window.ran=(window.ran||0)+1"
HOSTILE = (
    f"<script>{RUN}</script>",
    f"<ScRiPt >{RUN}</sCrIpT\t>",
    f"</textarea></title></style><script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f'"><img src=x onerror="{RUN}">',
    f"'><svg onload='{RUN}'>",
    f"<svg><script>{RUN}</script></svg>",
    f"<math><mtext><option><svg><mtext><style><a title=\"</style><img src onerror='{RUN}'>\">",
    f"<details open ontoggle={RUN}>",
    f"<body onpageshow={RUN}>",
    f'<iframe srcdoc="<script>parent.{RUN}</script>"></iframe>',
    f'<object data="data:text/html,<script>{RUN}</script>"></object>',
    f'<a href="javascript:{RUN}" autofocus onfocus="{RUN}">here</a>',
    f"[here](javascript:{RUN})",
    f"javascript:{RUN}//",
    '<meta http-equiv="refresh" content="0;url=data:text/html,gone">',
    '<base href="https://elsewhere.example/">',
    '<form action="https://elsewhere.example/"><button>Accept</button></form>',
    f'<div hx-get="/help" hx-trigger="load" hx-on:click="{RUN}">',
    f'<hx-partial hx-target="body"><script>{RUN}</script></hx-partial>',
    f"<button data-key=a onclick={RUN}>Accept</button>",
    "{{ cycler.__init__.__globals__ }} {% include '/etc/passwd' %}",
    "<!--><script>window.ran=1</script-->",
    "\u202e<script>window.ran=1</script>\u2066",
    "&lt;script&gt;window.ran=1&lt;/script&gt; &#x3c;img src=x onerror=window.ran=1&#x3e;",
)
FILE = f"<img src=x onerror={RUN.replace('/', '')}>.md"


def _document() -> str:
    parts = ["---", f"name: '{HOSTILE[3]}'", f"license: '{HOSTILE[14]}'", "type: tool"]
    parts += [f"homepage: '{HOSTILE[14]}'", "---", f"# {HOSTILE[3]}", ""]
    for number, text in enumerate(HOSTILE):
        parts += [f"## {text}", "", f"Passage {number}: {text}", "", f"- {text}", ""]
        parts += ["```html", text, "```", ""]
    parts += ["| a | b |", "|---|---|"]
    parts += [f"| {text.replace('|', ' ')} | 1 |" for text in HOSTILE]
    return "\n".join(parts) + "\n"


def _record(number: int, text: str) -> dict[str, Any]:
    return {
        "name": f"{number} {text}",
        "description": {"text": f"Says {text}", "passages": [number * 3 + 1]},
        "unique": None,
        "vs_alternatives": {
            "text": f"Unlike {text}",
            "alternative": text,
            "passages": [1],
            "alternative_passages": [2],
        },
        "intents": [text],
    }


def hostile_workspace(folder: Path) -> Workspace:
    """Return a workspace whose documents, claims, names, notes and reviewers are all hostile."""
    (folder / "capdraft.toml").write_text('schema = "capdraft/settings/1"\n')
    (folder / FILE).write_text(_document(), encoding="utf-8")
    workspace = Workspace(folder)
    records = [_record(number, text) for number, text in enumerate(HOSTILE)]
    draft_from(workspace, Scripted({"capabilities": records}), source=FILE)
    (slug,) = workspace.artifacts()
    first = workspace.read_proposal(slug).proposal
    run = first.run.model_copy(
        update={"model": HOSTILE[3], "answered_by": (HOSTILE[0],), "endpoint": HOSTILE[14]}
    )
    changed = tuple(
        item.model_copy(
            update={"description": item.description.model_copy(update={"text": f"Tells {text}"})}
        )
        for item, text in zip(first.capabilities, HOSTILE, strict=True)
    )
    workspace.add_proposal(first.model_copy(update={"run": run, "capabilities": changed}))
    for number, text in enumerate(HOSTILE[:9]):
        identifier = changed[number].id
        review = open_review(workspace, Target(slug, identifier, "description"))
        judgement = Judgement("bo", {}, note=text, despite=("CD103", "CD105", "CD106"))
        if number % 3 == 0:
            reject(review, judgement, "style")
        elif number % 3 == 1:
            approve(review, judgement)
        else:
            edit(review, judgement, f"Edited: {text}")
    return workspace
