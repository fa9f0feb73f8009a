"""Make docs/pictures: the review desk on the recorded examples, and the site of the catalog.

    python docs/pictures.py

It needs Chromium (`apt install chromium`, or `playwright install chromium`). Drafts come from the
cassettes and times from a clock that starts anew, so that the pictures show the same each time.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from hashlib import sha256
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING
from unittest.mock import patch

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from capdraft.records import FieldName, Proposal
    from capdraft.workspace import Workspace

ROOT = Path(__file__).parents[1]
PICTURES = ROOT / "docs/pictures"
MADE_FROM = PICTURES / "made-from.txt"
WEB = ROOT / "src/capdraft/web"
PUBLISHING = ROOT / "src/capdraft/publishing"
LOOKS = (
    WEB / "templates",
    WEB / "static",
    PUBLISHING / "templates",
    PUBLISHING / "site/templates",
    PUBLISHING / "site/static",
)
SIZE = {"width": 1280, "height": 800}
FIRST_DRAFT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECOND_DRAFT = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
DESK = "/desk/paligemma/segmentation-from-text-prompts/vs_alternatives"
PAIR = "paligemma--the-stack-v2"
EDITS = {
    "short-video-captions-and-questions": ("and MSVD questions", "and questions on MSVD"),
    "several-images-at-once": ("the NLVR2 one", "the one for NLVR2"),
    "prompting-the-mix-checkpoints": (
        "checkpoints, a base tuned on many transfer tasks at once, take",
        "checkpoints, which are tuned on many transfer tasks at once, take",
    ),
}
"""What the second reviewer makes of three descriptions."""


def made_from() -> str:
    """Return the hash of what the pictures show: the templates, style sheets and scripts."""
    digest = sha256()
    for folder in LOOKS:
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".jinja", ".css", ".js"):
                digest.update(f"{path.relative_to(ROOT).as_posix()}\n".encode())
                digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


class Clock(datetime):
    """A clock that goes on by 40 seconds whenever a decision asks for the time."""

    moment = FIRST_DRAFT + timedelta(hours=1)

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Clock:
        Clock.moment += timedelta(seconds=40)
        return cls.fromtimestamp(Clock.moment.timestamp(), tz)


class Stopped(Clock):
    """The same clock for who only looks at it."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Stopped:
        return cls.fromtimestamp(Clock.moment.timestamp(), tz)


def capdraft(*command: str, folder: Path) -> None:
    """Run a command in `folder`, with this interpreter."""
    run = [sys.executable, "-m", "capdraft", *command]
    subprocess.run(run, cwd=folder, check=True, capture_output=True)  # noqa: S603 - ours


def drafted(scratch: Path, slug: str, cassette: str, prompts: Path | None = None) -> Proposal:
    """Return what a recorded exchange made of an example."""
    from capdraft.workspace import Workspace

    folder = scratch / cassette
    folder.mkdir()
    (folder / "capdraft.toml").touch()
    shutil.copy(ROOT / f"examples/{slug}.md", folder)
    if prompts:
        shutil.copytree(prompts, folder / "prompts")
    recorded = ROOT / f"cassettes/examples/{cassette}.yaml"
    replay = ("--cassette", str(recorded), "--record-mode", "none")
    capdraft("draft", f"{slug}.md", *replay, folder=folder)
    return Workspace(folder).read_proposal(slug).proposal


def add(workspace: Workspace, proposal: Proposal, when: datetime) -> None:
    """Store a proposal as if it had been drafted at that time, by nobody in particular."""
    run = proposal.run.model_copy(update={"started": when, "by": None, "seconds": 41.0})
    documents = tuple(d.model_copy(update={"retrieved": when}) for d in proposal.documents)
    workspace.add_proposal(proposal.model_copy(update={"run": run, "documents": documents}))


def approve_all(workspace: Workspace, slug: str, who: str, field: FieldName | None = None) -> None:
    """Approve the fields that no error finding stands against."""
    from capdraft.reviewing import Judgement, Target, approve, open_review

    approve(open_review(workspace, Target(slug, None, field)), Judgement(who, {}, seconds=21.0))


def first_round(workspace: Workspace) -> None:
    """Decide on some of the first drafts."""
    from capdraft.reviewing import Judgement, Target, open_review, reject

    approve_all(workspace, "the-stack-v2", "bo", "description")
    worst = Target("paligemma", "compact-base-for-task-fine-tuning", "vs_alternatives")
    note = "The card tells nothing of other models."
    reject(open_review(workspace, worst), Judgement("ann", {}, note=note), "comparison-unproven")


def second_round(workspace: Workspace) -> None:
    """Decide on the second draft, and publish what is approved."""
    from capdraft.merging import merge_artifact
    from capdraft.reviewing import Judgement, Target, edit, open_review, undo

    approve_all(workspace, "paligemma", "ann")
    last = Target("paligemma", "choice-of-input-resolution", "description")
    undo(open_review(workspace, last), "ann")
    approve_all(workspace, "paligemma", "ann")
    for capability, (old, new) in EDITS.items():
        review = open_review(workspace, Target("paligemma", capability, "description"))
        text = review.selected[0].text
        if old not in text:
            raise SystemExit(f"{capability} does not say {old!r} any more: mend EDITS")
        edit(review, Judgement("bo", {}, seconds=48.0), text.replace(old, new))
    merge_artifact(workspace, "paligemma")


@contextmanager
def served(workspace: Workspace) -> Iterator[str]:
    """Serve the desk for ann; give its address."""
    import uvicorn

    from capdraft.web.access import Access
    from capdraft.web.app import make_app

    app = make_app(workspace, Access("only for pictures", ("ann",)))
    app.state.house.refreshing.look()
    server = uvicorn.Server(uvicorn.Config(app, port=0, lifespan="off", log_level="error"))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium: the system's, else the one that playwright installed."""
    from playwright.sync_api import sync_playwright

    installed = shutil.which("chromium") or shutil.which("chromium-browser")
    options = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    options += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=installed, args=options)
        yield browser
        browser.close()


def shoot(browser: Browser, url: str, name: str, *, dark: bool = False) -> None:
    """Save what a reviewer sees at `url` as docs/pictures/NAME.png."""
    page = browser.new_page(
        viewport=SIZE,  # type: ignore[arg-type]
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    answer = page.goto(url)
    if answer is None or not answer.ok:
        raise SystemExit(f"{url} can't be shown")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"{name}.png", animations="disabled", caret="hide")
    page.close()


def make_site(browser: Browser, folder: Path) -> None:
    """Shoot pages of the site of the project's own catalog."""
    pair = ("--pair", "paligemma", "the-stack-v2")
    capdraft("site", str(folder), "--title", "Six examples", *pair, folder=ROOT)
    for name, page in (("artifact", "artifacts/llava-1-6"), ("compare", f"compare/{PAIR}")):
        shoot(browser, (folder / f"{page}.html").as_uri(), name)


def make(scratch: Path) -> None:
    """Make the pictures, with what is drafted and decided in `scratch`."""
    from capdraft.workspace import Workspace

    first = drafted(scratch, "paligemma", "paligemma-careless", ROOT / "tests/careless/prompts")
    second = drafted(scratch, "paligemma", "paligemma")
    other = drafted(scratch, "the-stack-v2", "the-stack-v2")
    folder = scratch / "workspace"
    folder.mkdir()
    (folder / "capdraft.toml").write_text('schema = "capdraft/settings/1"\n')
    for slug in ("paligemma", "the-stack-v2"):
        shutil.copy(ROOT / f"examples/{slug}.md", folder)
    workspace = Workspace(folder)
    add(workspace, other, FIRST_DRAFT)
    add(workspace, first, FIRST_DRAFT)
    first_round(workspace)
    PICTURES.mkdir(exist_ok=True)
    with chromium() as browser:
        make_site(browser, scratch / "site")
        with served(workspace) as desk:
            shoot(browser, f"{desk}/", "queue")
            shoot(browser, f"{desk}{DESK}", "desk")
            shoot(browser, f"{desk}{DESK}", "desk-dark", dark=True)
        Clock.moment = SECOND_DRAFT + timedelta(hours=1)
        add(workspace, second, SECOND_DRAFT)
        second_round(workspace)
        with served(workspace) as desk:
            shoot(browser, f"{desk}/artifact/paligemma/diff?since=catalog", "diff")
            shoot(browser, f"{desk}/artifact/paligemma/history", "history")


def main() -> None:
    """Make the pictures, and say what they were made from."""
    state = made_from()
    clocks = patch("capdraft.reviewing.deciding.datetime", Clock)
    clocks_back = patch("capdraft.reviewing.undoing.datetime", Clock)
    looks = patch("capdraft.web.rendering.datetime", Stopped)
    with tempfile.TemporaryDirectory() as scratch, clocks, clocks_back, looks:
        make(Path(scratch))
    MADE_FROM.write_text(f"{state}\n", encoding="ascii")
    sys.stdout.write(f"made {len(list(PICTURES.glob('*.png')))} pictures in {PICTURES}\n")


if __name__ == "__main__":
    main()
