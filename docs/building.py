"""Build the documentation site, and fail where a link leads nowhere.

    python docs/building.py [OUT]    # OUT: .docs

Pages link to files of the project outside of docs/, as they do on a code host. Those files are put
below `project/` of the site, and the links changed to lead there. Only what is linked is taken.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
LINK = re.compile(r"\]\((?![a-z]+:)([^)#\s]+)(#[^)\s]*)?\)")


def placed(path: Path, root: Path) -> Path:
    """Return where a file of the project is in the site."""
    inside = path.relative_to(root)
    return inside.relative_to("docs") if inside.parts[0] == "docs" else "project" / inside


class Staging:
    """Copies pages to a folder, with all that they link to."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.root, self.folder = root, folder
        self.waiting = sorted((root / "docs").rglob("*.md"))
        self.seen = set(self.waiting)

    def run(self) -> None:
        """Copy everything; what a copied page links to is copied too."""
        while self.waiting:
            path = self.waiting.pop()
            goal = self.folder / placed(path, self.root)
            goal.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix == ".md":
                goal.write_text(self.relinked(path), encoding="utf-8")
            else:
                shutil.copy(path, goal)

    def relinked(self, page: Path) -> str:
        """Return the text of a page with its links as they have to stand in the site."""
        text = page.read_text(encoding="utf-8")
        return LINK.sub(lambda found: self.link(found, page), text)

    def link(self, found: re.Match[str], page: Path) -> str:
        """Return one link of a page, and take along what it leads to."""
        target = (page.parent / found[1]).resolve()
        if target.is_dir() and (target / "README.md").is_file():
            target /= "README.md"
        if not target.is_file() or not target.is_relative_to(self.root):
            return found[0]  # the build names it
        if target not in self.seen:
            self.seen.add(target)
            self.waiting.append(target)
        where = placed(target, self.root)
        to = os.path.relpath(where, placed(page, self.root).parent)
        return f"]({Path(to).as_posix()}{found[2] or ''})"


def build(out: Path, root: Path = ROOT) -> int:
    """Build the site of a project to `out`, which is made anew; return the exit status."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        Staging(root, folder / "docs").run()
        for path in (*root.glob("docs/*.css"), *root.glob("docs/*.js")):
            shutil.copy(path, folder / "docs")
        shutil.copy(root / "zensical.toml", folder)
        command = [sys.executable, "-m", "zensical", "build", "--strict"]
        status = subprocess.run(command, cwd=folder, check=False).returncode  # noqa: S603 - ours
        if status == 0:
            # It looks for its style at the top of a host, and the site may lie in a folder of one.
            (folder / ".docs/404.html").unlink()
            shutil.rmtree(out, ignore_errors=True)
            shutil.copytree(folder / ".docs", out)
    return 1 if status else 0


if __name__ == "__main__":
    sys.exit(build(Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / ".docs")))
