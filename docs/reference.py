"""Make docs/reference anew from the code: commands, settings, file formats, HTTP API, exit status.

python docs/reference.py            # write what changed
python docs/reference.py --check    # write nothing; exit status 1 if a page differs
"""

from __future__ import annotations

import sys
from pathlib import Path

from generating.commands import commands_page
from generating.exit_status import exit_status_page
from generating.file_formats import files_page, schemas
from generating.http_api import http_api_page, openapi_text
from generating.settings_keys import settings_page

REFERENCE = Path(__file__).with_name("reference")


def made() -> dict[str, str]:
    """Return each file of docs/reference by its name, as the code gives it."""
    pages = {
        "commands.md": commands_page(),
        "settings.md": settings_page(),
        "files.md": files_page(),
        "http-api.md": http_api_page(),
        "openapi.json": openapi_text(),
        "exit-status.md": exit_status_page(),
    }
    return pages | {f"schemas/{kind}.json": text for kind, text in schemas().items()}


def present(folder: Path) -> dict[str, str]:
    """Return the files that are there, by name."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def differing(old: dict[str, str], new: dict[str, str]) -> list[str]:
    """Return the names of files that are missing, changed or not made any more."""
    return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))


def write(folder: Path, new: dict[str, str], names: list[str]) -> None:
    """Write the named files; remove those that are not made any more."""
    for name in names:
        path = folder / name
        if name in new:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(new[name], encoding="utf-8")
        else:
            path.unlink()


def main(arguments: list[str]) -> int:
    """Write or check the pages, and say which differ."""
    check = arguments == ["--check"]
    if arguments and not check:
        sys.stderr.write(f"{__doc__}\n")
        return 2
    new = made()
    names = differing(present(REFERENCE), new)
    if not check:
        write(REFERENCE, new, names)
    told = "is not what the code gives: make reference" if check else "written"
    sys.stdout.write("".join(f"docs/reference/{name}: {told}\n" for name in names))
    return 1 if check and names else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
