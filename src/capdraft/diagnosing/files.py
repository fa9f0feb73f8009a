"""The workspace's files, and the disk that they are on."""

from __future__ import annotations

import errno
import os
import shlex
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from time import monotonic

from capdraft.diagnosing.diagnosis import Diagnosis, Scene, as_broken, broken, note, skipped, well
from capdraft.errors import CapdraftError
from capdraft.workspace import SETTINGS_FILE, Workspace

MEGABYTE = 1_000_000
LEAST_FREE, LITTLE_FREE = 50 * MEGABYTE, 1000 * MEGABYTE
READING = 3.0
"""Seconds that the catalog is read for."""
MAKE_ROOM = "Make room: a paid answer must find some to be kept"
_FULL = {errno.ENOSPC, errno.EDQUOT}
OVER_NETWORK = {"9p", "afs", "beegfs", "ceph", "cifs", "gfs2", "glusterfs", "lustre", "nfs", "nfs4"}
OVER_NETWORK |= {"smb2", "smb3", "smbfs", "vboxsf", "fuse.sshfs", "fuse.glusterfs", "fuse.rclone"}
MOUNTS = Path("/proc/self/mounts")


def examine_workspace(scene: Scene) -> Diagnosis:
    """Look for a workspace whose settings are valid."""
    if scene.root is None:
        told = f"none: no {SETTINGS_FILE} in {scene.folder} or above it"
        return note("workspace", told, "capdraft init")
    if scene.unread:
        return as_broken("workspace", scene.unread)
    return well("workspace", f"{scene.root}, {SETTINGS_FILE} is valid")


def examine_prompts(scene: Scene) -> Diagnosis:
    """Look whether the prompts can be read, and ask for something."""
    from capdraft.prompts import list_prompts, load_prompt, packaged_folder

    load_prompt(scene.settings.prompts.draft, scene.root)  # raises where there is none of that name
    prompts = list_prompts(scene.root)
    own = [prompt for prompt in prompts if prompt.path.parent == scene.place / "prompts"]
    for prompt in prompts:
        if "user" not in prompt.blocks:
            told = f"{prompt.path}: it has no {{% block user %}}, so nothing would be asked"
            return broken("prompts", told, f"Take it over from {packaged_folder()}")
    names = ", ".join(prompt.name for prompt in own)
    return well("prompts", f"{len(prompts)}, of them your own: {names or 'none'}")


def examine_catalog(scene: Scene) -> Diagnosis:
    """Read the catalog as readers would, for a few seconds."""
    if scene.root is None:
        return skipped("catalog", "no workspace")
    workspace, until = Workspace(scene.root), monotonic() + READING
    slugs, errors, read = workspace.catalog(), list[CapdraftError](), 0
    for slug in slugs:
        if monotonic() > until:
            break
        read += 1
        try:
            workspace.read_entry(slug)
        except CapdraftError as error:
            errors.append(error)
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        return broken("catalog", f"{errors[0]}{more}", errors[0].hint or "capdraft merge")
    some = "" if read == len(slugs) else f", the first {read:,} of them read"
    return well("catalog", f"{len(slugs):,} {'entry' if len(slugs) == 1 else 'entries'}{some}")


def examine_disk(scene: Scene) -> Diagnosis:
    """Look whether the workspace can be written, and has room."""
    try:
        with tempfile.NamedTemporaryFile(dir=_local(scene)) as file:
            file.write(b"\0" * 4096)
    except OSError as error:
        told = f"{_local(scene)} can't be written: {error.strerror}"
        if error.errno in _FULL:
            return broken("disk", told, MAKE_ROOM)
        own = f"chmod u+rwx {shlex.quote(str(_local(scene)))}, or work in a folder of your own"
        return broken("disk", told, own)
    free = shutil.disk_usage(scene.place).free
    told = f"{free / MEGABYTE:,.0f} MB free"
    if free < LEAST_FREE:
        return broken("disk", told, MAKE_ROOM)
    if free < LITTLE_FREE:
        return note("disk", told, "Make room before a long run")
    return well("disk", f"{scene.place} can be written, {told}")


def examine_locks(scene: Scene) -> Diagnosis:
    """Look whether SQLite can lock files where its local state is kept."""
    place = _local(scene)
    kind = _file_system(place)
    mend = "Keep the workspace on a local disk, and share it by git"
    try:
        _lock(place)
    except (sqlite3.Error, OSError) as error:
        if "full" in str(error) or not os.access(place, os.W_OK):
            return skipped("locks", "not tried: nothing can be written there")  # said by the disk
        return broken("locks", f"SQLite can't lock files on {kind or place}: {error}", mend)
    if kind in OVER_NETWORK:
        told = f"{place} is on {kind}: SQLite's locks may fail between machines"
        return note("locks", told, mend)
    return well("locks", "SQLite can lock its files" + (f" on {kind}" if kind else ""))


def _lock(place: Path) -> None:
    """Write a database as the ledger does.

    Raises:
        sqlite3.Error, OSError: it can't be done here.
    """
    with (
        tempfile.TemporaryDirectory(dir=place, prefix=".doctor-") as folder,
        closing(sqlite3.connect(Path(folder, "locks.sqlite3"), timeout=1)) as database,
    ):
        (mode,) = database.execute("pragma journal_mode = wal").fetchone()
        if mode != "wal":
            raise sqlite3.OperationalError(f"no write-ahead log, only {mode!r}")
        database.executescript("begin immediate; create table t (x); commit;")


def _local(scene: Scene) -> Path:
    """Return the folder of local state, else the one that it would be made in."""
    folder = scene.place / ".capdraft"
    return folder if folder.is_dir() else scene.place


def _file_system(place: Path) -> str:
    """Return what kind of file system a folder is on; nothing where the machine doesn't tell."""
    try:
        rows = MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    resolved = place.resolve()
    found: dict[Path, str] = {}
    for row in rows:
        _, where, kind, *_ = row.split(" ")
        found[Path(where.replace("\\040", " "))] = kind
    return next((found[up] for up in (resolved, *resolved.parents) if up in found), "")
