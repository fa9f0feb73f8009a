"""A licence that an artifact's metadata names, and that a passage about it gives otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from capdraft.comparing.conflicts.statements import SUBJECT, Side, Statement, said_of

_V = r"(?:[ -]?(?:licen[sc]e|international|public licen[sc]e),?)*[ ,-]*(?:version |v)?"
_LICENCES = {
    "apache-2.0": rf"apache{_V}2(?:\.0)?",
    "mit": r"mit(?: licen[sc]e)?",
    "bsd-2-clause": r"bsd[ -]2[ -]clause|(?:2|two)[ -]clause bsd",
    "bsd-3-clause": r"bsd[ -]3[ -]clause|(?:3|three)[ -]clause bsd",
    "gpl-2.0": rf"(?:gnu )?gpl{_V}2(?:\.0)?(?:-only|-or-later)?",
    "gpl-3.0": rf"(?:gnu )?gpl{_V}3(?:\.0)?(?:-only|-or-later)?",
    "agpl-3.0": rf"(?:gnu )?agpl{_V}3(?:\.0)?(?:-only|-or-later)?",
    "lgpl-3.0": rf"(?:gnu )?lgpl{_V}3(?:\.0)?(?:-only|-or-later)?",
    "mpl-2.0": rf"(?:mozilla public licen[sc]e|mpl){_V}2(?:\.0)?",
    "cc0-1.0": r"cc[ -]?0(?:[ -]1\.0)?",
    "cc-by-4.0": r"cc[ -]by[ -]4\.0",
    "cc-by-sa-4.0": r"cc[ -]by[ -]sa[ -]4\.0",
    "cc-by-nc-4.0": r"cc[ -]by[ -]nc[ -]4\.0",
    "cc-by-nc-sa-4.0": r"cc[ -]by[ -]nc[ -]sa[ -]4\.0",
    "cc-by-nd-4.0": r"cc[ -]by[ -]nd[ -]4\.0",
    "cc-by-nc-nd-4.0": r"cc[ -]by[ -]nc[ -]nd[ -]4\.0",
}
_ANY = {
    name: re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-]|\.[0-9])", re.IGNORECASE)
    for name, pattern in _LICENCES.items()
}
_GRANTS = re.compile(
    rf"{SUBJECT}\s(?:is|are|was|has been)\s(?:\w+ly\s)?(?:released|licensed|licenced|distributed"
    r"|available|published|provided|shared)\s(?:\w+ly\s)?under\s(?:the\s|an?\s)?(?P<licence>.+)",
    re.IGNORECASE,
)
_MORE_THAN_ONE = re.compile(
    r"\b(?:and|or|either|dual|except|unless|both|formerly|previously)\b", re.IGNORECASE
)


def other_licence(speaker: Side, subject: Side, sides: Sequence[Side]) -> Iterator[Statement]:
    """Yield statements by which `subject` has another licence than its metadata says.

    Both must name exactly one licence of a list, and the sentence the artifact, not a part of it.
    """
    stated = licence_of(subject.entry.artifact.license or "")
    if not stated:
        return
    said: Iterable[tuple[str, Statement]]
    if speaker is subject:
        said = ((subject.as_itself(item), item) for item in subject.passages if not item.is_row)
    else:
        said = said_of(speaker, subject, sides)
    for text, statement in said:
        found = _GRANTS.match(text)
        if found and not _MORE_THAN_ONE.search(statement.text):
            named = licence_of(found["licence"])
            if named and named != stated:
                yield statement


def licence_of(text: str) -> str:
    """Return the one known licence that `text` names; "" where there is none, or several."""
    found = [name for name, pattern in _ANY.items() if pattern.search(text)]
    return found[0] if len(found) == 1 else ""
