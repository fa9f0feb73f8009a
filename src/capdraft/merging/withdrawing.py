"""Taking records out of the catalog, and bringing them back: both are appended, never changed.

A withdrawal counts whoever is a reviewer today: nothing comes back because somebody left. A restore
counts as long as its reviewer does, like an approval.
"""

from __future__ import annotations

from datetime import UTC, datetime
from textwrap import shorten

from capdraft.errors import NotFound, ReviewRefused
from capdraft.records import CatalogEntry, Withdrawal, WithdrawalReason, standing_withdrawals
from capdraft.reviewing import workspace_policy
from capdraft.workspace import Workspace
from capdraft.workspace.naming import meant


def withdrawn_now(workspace: Workspace, slug: str) -> dict[str | None, Withdrawal]:
    """Return what of an artifact is withdrawn, by its capability (None: the whole artifact).

    Raises:
        FileInvalid: a file of withdrawals isn't what its schema says.
    """
    policy = workspace_policy(workspace, slug)
    return standing_withdrawals(
        item
        for item in workspace.withdrawals(slug)
        if item.verdict == "withdraw" or not policy.may_decide(item.reviewer)
    )


def withdraw(
    workspace: Workspace,
    slug: str,
    capability: str | None,
    *,
    reviewer: str,
    reason: WithdrawalReason,
    note: str,
) -> Withdrawal:
    """Take a capability, or (None) the whole artifact, out of the catalog at the next merge.

    Raises:
        NotFound: the catalog doesn't have it.
        ReviewRefused: it is withdrawn already, the note is empty, or `reviewer` isn't one.
        Busy: others keep deciding.
    """
    _check_reviewer(workspace, slug, reviewer)
    if not note.strip():
        raise ReviewRefused("a withdrawal needs a note that says why", hint="Readers see it.")
    with workspace.deciding():
        present = withdrawn_now(workspace, slug)
        if before := present.get(None) or present.get(capability):
            raise ReviewRefused(
                f"{_path(slug, before.capability)} is withdrawn already: {_said(before)}",
                hint=f"`capdraft restore {_path(slug, before.capability)}` brings it back.",
            )
        _check_published(workspace, slug, capability)
        return _append(
            workspace,
            slug,
            verdict="withdraw",
            reviewer=reviewer,
            capability=capability,
            reason=reason,
            note=note.strip(),
        )


def restore(
    workspace: Workspace,
    slug: str,
    capability: str | None,
    *,
    reviewer: str,
    note: str | None = None,
) -> Withdrawal:
    """Take a withdrawal back: the next merge writes what is approved then.

    Raises:
        NotFound: it isn't withdrawn.
        ReviewRefused: `reviewer` isn't one of the artifact's.
        Busy: others keep deciding.
    """
    _check_reviewer(workspace, slug, reviewer)
    with workspace.deciding():
        present = withdrawn_now(workspace, slug)
        if capability not in present:
            listed = ", ".join(_path(slug, item) for item in present)
            hint = f"Withdrawn is: {listed}" if listed else f"See `capdraft log {slug}`."
            raise NotFound(f"{_path(slug, capability)} is not withdrawn", hint=hint)
        return _append(
            workspace,
            slug,
            verdict="restore",
            reviewer=reviewer,
            capability=capability,
            note=(note or "").strip() or None,
        )


def _check_reviewer(workspace: Workspace, slug: str, reviewer: str) -> None:
    if why := workspace_policy(workspace, slug).may_decide(reviewer):
        raise ReviewRefused(f"{slug}: {why}", hint="See [review] in capdraft.toml.")


def _check_published(workspace: Workspace, slug: str, capability: str | None) -> None:
    entry = workspace.read_entry_as_is(slug).entry
    if entry and _says_withdrawn(entry, capability):
        return  # the file is not merged since, or says so by itself
    ids = [record.id for record in entry.capabilities] if entry else []
    if not ids and not (entry and entry.withdrawn_records and capability is None):
        raise NotFound(
            f"the catalog has no record of {slug!r}",
            hint=meant(slug, workspace.catalog())
            or f"`capdraft review reject {slug}` keeps a draft out of it.",
        )
    if capability is not None and capability not in ids:
        hint = meant(capability, ids) or f"It has: {', '.join(ids)}"
        raise NotFound(f"the catalog has no {_path(slug, capability)}", hint=hint)


def _says_withdrawn(entry: CatalogEntry, capability: str | None) -> bool:
    if capability is None:
        return entry.withdrawn is not None
    return any(item.id == capability for item in entry.withdrawn_records)


def _append(workspace: Workspace, slug: str, **said: object) -> Withdrawal:
    withdrawal = Withdrawal.make(time=datetime.now(UTC), **said)
    workspace.append_withdrawal(slug, withdrawal)
    return withdrawal


def _path(slug: str, capability: str | None) -> str:
    return f"{slug}/{capability}" if capability else slug


def _said(item: Withdrawal) -> str:
    note = shorten(item.note or "", 200)
    return f"by {item.reviewer} on {item.time:%Y-%m-%d}, {item.reason}: {note}"
