"""Mills: made-up artifacts that have capabilities in common, and a workspace to publish them."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from pathlib import Path
from typing import Any

from made_up import approval, entry, field, passage, record

from capdraft.publishing.site import Built, SiteOptions, build_site
from capdraft.records import CatalogEntry, RecordField
from capdraft.settings import RankSettings
from capdraft.workspace import Workspace

WHO = ("-c", "user.name=ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false")
TASKS = (
    "Grinds dry wheat into fine white flour between two turning stones",
    "Lifts heavy oak timber with ropes onto the upper loading floor",
    "Pumps river water through wooden channels into garden terraces",
    "Saws straight planks from frozen spruce trunks without splinters",
)


def claim(text: str) -> RecordField:
    return field(f"{text}.", passage(f"The mill: {text}."), approved=approval("ada"))


def mill(slug: str, name: str, *texts: str, type_: str = "tool") -> CatalogEntry:
    """Return an artifact with a capability for each text."""
    records = [record(" ".join(text.split()[:3]), claim(text)) for text in texts]
    return entry(slug, *records, name=name, type_=type_, uri="https://example.org/mill.md")


class Site:
    """A workspace whose catalog is written by hand, and the site that is built of it."""

    def __init__(self, root: Path) -> None:
        self.out = root / "out"
        folder = root / "workspace"
        (folder / "catalog").mkdir(parents=True)
        (folder / "capdraft.toml").write_text('schema = "capdraft/settings/1"\n')
        self.workspace = Workspace(folder)

    def save(self, *entries: CatalogEntry) -> None:
        for item in entries:
            data = item.model_dump(mode="json", by_alias=True, exclude_none=True)
            self.file(item.artifact.slug).write_text(json.dumps(data), encoding="utf-8")

    def file(self, slug: str) -> Path:
        return self.workspace.root / f"catalog/{slug}.json"

    def remove(self, slug: str) -> None:
        self.file(slug).unlink(missing_ok=True)

    def commit(self, day: str) -> None:
        """Commit what the catalog has; the first commit makes the repository."""
        root = self.workspace.root
        if not (root / ".git").exists():
            self.git("init", "-q", "-b", "main")
        self.git("add", "--all", "catalog", "capdraft.toml")
        moment = f"{day}T12:00:00+00:00"
        when = {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
        self.git(*WHO, "commit", "-q", "--allow-empty", "-m", "catalog", env=when)

    def git(self, *words: str, env: dict[str, str] | None = None) -> str:
        done = subprocess.run(
            ["git", *words],
            cwd=self.workspace.root,
            env={**os.environ, **(env or {})},
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    def version(self, slug: str) -> str:
        """Return what the present version of an entry is called."""
        return hashlib.sha256(self.file(slug).read_bytes()).hexdigest()[:12]

    def build(self, out: Path | None = None, **options: Any) -> Built:
        return build_site(self.workspace, out or self.out, RankSettings(), SiteOptions(**options))

    def page(self, path: str) -> str:
        return (self.out / path).read_text(encoding="utf-8")

    def files(self, out: Path | None = None) -> dict[str, bytes]:
        """Return the bytes of everything in the site, by path."""
        root = out or self.out
        return {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in sorted(root.rglob("*"))
            if path.is_file()
        }
