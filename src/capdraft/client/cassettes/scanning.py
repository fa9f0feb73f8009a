"""Looking for secrets in files that are there already: recorded elsewhere, or edited by hand."""

from __future__ import annotations

import math
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from capdraft.client.cassettes.bodies import texts
from capdraft.client.cassettes.file import read_text
from capdraft.client.cassettes.format import NotACassette, deserialize, interaction_line
from capdraft.client.cassettes.secrets import FORMS, secret_values
from capdraft.text import sha256

RANDOM = 3.5
"""Bits a character from which on a value that is called a key or password counts as one."""
RANDOM_ALONE = 4.6
"""Bits a character from which on a run of letters and digits counts though nothing names it."""
LONGEST_LINE = 100_000
"""Characters of a line that are looked at; a recorded line is a sentence, a base64 body is not."""
_SHOWN, _LONG_ENOUGH = 4, 16
_NAMED = re.compile(
    r"""(?:api|access|auth|client|secret|private|signing)[\s_-]{0,2}(?:key|token|secret)
        |(?:secret|token|passwo?r?d|passwd)(?![a-z\d])""",
    re.IGNORECASE | re.VERBOSE,
)
_VALUE = re.compile(r"""["']?\s{0,3}[:=]\s{0,3}["']?([^\s"'`<>{}()\[\],;$]{8,200})""")
_IN_ADDRESS = re.compile(r"\b[a-z][a-z\d+.-]{1,15}://[^\s/:@]{1,80}:([^\s/@:]{3,200})@", re.I)
_IN_QUERY = re.compile(
    r"[?&](?:[\w-]*(?:key|token|secret|passw|credential)[\w-]*|sig|signature)=([\w%.~+/-]{8,200})",
    re.IGNORECASE,
)
_COOKIE = re.compile(r"^\s*-?\s*[\"']?(?:set-)?cookie[\"']?\s*:\s*(\S.*)?$", re.IGNORECASE)
_ALONE = re.compile(
    r"(?<![\w/+.%=-])(?=\w*\d)(?=\w*[a-z])(?=\w*[A-Z])[A-Za-z\d_+-]{32,128}(?![\w/+-])"
)
_EMAIL = re.compile(r"\b[\w.+-]{1,64}@(?!example\.)[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63}){1,5}\b", re.I)
_STANDS_FOR = re.compile(
    r"x{4,}|\*{3,}|\.{3,}|…|your|example|placeholder|changeme|dummy|[<$]", re.I
)
_HEXADECIMAL = re.compile(r"[a-fA-F\d-]+")


@dataclass(frozen=True)
class Leak:
    """Something that looks like a secret. Its whole value is nowhere in it."""

    path: Path
    line: int
    kind: str
    shown: str
    """As much of it as helps to find it."""
    fingerprint: str
    """Names it, to let it be: the start of the value's SHA-256."""


Found = tuple[str, str]
"""A kind and a value."""


def scan(
    path: Path, *, emails: bool = False, environment: Mapping[str, str] = os.environ
) -> list[Leak]:
    """Return what looks like a secret in a file, each value once a line.

    Of a cassette the bodies are looked at too as they were sent: escaped, packed or as base64.

    Raises:
        CassetteInvalid: it can't be read.
    """
    look = _looking(emails, secret_values(environment))
    text = read_text(path)
    leaks: dict[tuple[int, str], Leak] = {}
    for number, line in enumerate(text.splitlines(), 1):
        for kind, value in look(line[:LONGEST_LINE]):
            leaks.setdefault((number, value), _leak(path, number, kind, value))
    known = {value for _, value in leaks}
    for number, kind, value in _in_bodies(text, look):
        if not any(value in other or other in value for other in known):
            leaks.setdefault((number, value), _leak(path, number, kind, value))
    return sorted(leaks.values(), key=lambda leak: leak.line)


def _looking(emails: bool, values: Mapping[str, str]) -> Callable[[str], Iterator[Found]]:
    def look(text: str) -> Iterator[Found]:
        found = {value: kind for kind, value in _of_environment(text, values)}
        for kind, value in _everything(text):
            if not any(value in longer for longer in found):
                found[value] = kind
        yield from ((kind, value) for value, kind in found.items())
        if emails:
            yield from (("an e-mail address", item[0]) for item in _EMAIL.finditer(text))

    return look


def _of_environment(text: str, values: Mapping[str, str]) -> Iterator[Found]:
    for name, value in values.items():
        if value in text:
            yield f"the value of the environment variable {name}", value


def _everything(text: str) -> Iterator[Found]:
    """Yield what is found, the surest first."""
    for kind, form in FORMS.items():
        yield from ((kind, found[0]) for found in form.finditer(text))
    for found in _IN_ADDRESS.finditer(text):
        if not _STANDS_FOR.search(found[1]) and found[1].lower() not in ("pass", "password"):
            yield "a password in an address", found[1]
    for found in _IN_QUERY.finditer(text):
        if _is_random(found[1], RANDOM):
            yield "a key in an address", found[1]
    cookie = _COOKIE.match(text)
    if cookie:
        yield "a cookie", cookie[1] or cookie[0].strip()
    for name in _NAMED.finditer(text):
        found_value = _VALUE.match(text, name.end())
        if found_value and _is_random(found_value[1], RANDOM):
            yield "a value that is called a key, token or password", found_value[1]
    for found in _ALONE.finditer(text):
        if _is_random(found[0], RANDOM_ALONE):
            yield "what looks random enough to be a key", found[0]


def _is_random(value: str, least: float) -> bool:
    """Tell whether a value is more random than words, by the entropy of its characters."""
    if _STANDS_FOR.search(value) or not re.search(r"\d", value) or not re.search("[A-Za-z]", value):
        return False
    return entropy(value) >= (least - 0.5 if _HEXADECIMAL.fullmatch(value) else least)


def entropy(value: str) -> float:
    """Return Shannon's entropy of the characters of `value`, in bits a character."""
    shares = (number / len(value) for number in Counter(value).values())
    return -sum(share * math.log2(share) for share in shares)


def _in_bodies(text: str, look: Callable[[str], Iterator[Found]]) -> Iterator[tuple[int, str, str]]:
    try:
        interactions = deserialize(text)["interactions"]
    except NotACassette:
        return
    for number, item in enumerate(interactions):
        bodies = (item["request"]["body"], item["response"]["body"]["string"])
        parts = [part for raw in bodies for part in texts(raw)]
        found = dict.fromkeys(pair for part in parts for pair in look(part[:LONGEST_LINE]))
        if found:
            line = interaction_line(text, number)
            yield from ((line, kind, value) for kind, value in found)


def _leak(path: Path, line: int, kind: str, value: str) -> Leak:
    start = value[:_SHOWN] + "…" if len(value) >= _LONG_ENOUGH else "…"
    shown = value if kind == "an e-mail address" else f"{start} ({len(value)} characters)"
    return Leak(path, line, kind, shown, sha256(value)[:12])
