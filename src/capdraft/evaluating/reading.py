"""Gold files are read: quotes become passage numbers, and what is wrong is told by line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from capdraft.errors import FileInvalid, NotFound, SourceError
from capdraft.evaluating.gold import Gold, GoldCapability, GoldComparison, GoldStatement, Pairs
from capdraft.records import Artifact, Document, Passage
from capdraft.records.formats import wrong_format
from capdraft.sources import quote, read_document
from capdraft.text import normalise, sha256, toml_error_line
from capdraft.workspace.parsing import validation_problems

M = TypeVar("M", bound=BaseModel)
GOLD_FILE, PAIRS_FILE = "gold.toml", "pairs.toml"
MOST_SHOWN = 3
_TABLE = re.compile(r"\s*\[\[\s*(\w+)\s*\]\]")


@dataclass(frozen=True)
class GoldCase:
    """A gold file with its documents; each quote names the passage that it stands in."""

    gold: Gold
    documents: tuple[Document, ...]
    quoted: dict[str, int]
    """The passage's number by the quote."""

    @property
    def artifact(self) -> Artifact:
        """The artifact as a draft of these documents names it."""
        return Artifact(slug=self.gold.slug, name=self.gold.name, type=self.gold.type)

    def numbers(self, item: GoldCapability | GoldComparison | GoldStatement) -> tuple[int, ...]:
        """Return the passages that `item` quotes, each once."""
        return tuple(dict.fromkeys(self.quoted[text] for text in item.passages))

    @cached_property
    def sha256(self) -> str:
        """Hash of everything that is measured against: explanations may be reworded."""
        labels = self.gold.model_dump_json(exclude={"note": True, "statements": True})
        return sha256("\n".join([labels, *(document.sha256 for document in self.documents)]))


def find_gold(folder: Path) -> list[Path]:
    """Return the folders of the gold set in `folder`, or `folder` itself if it is a case.

    Raises:
        NotFound: there is none.
    """
    if (folder / GOLD_FILE).is_file():
        return [folder]
    found = sorted(path.parent for path in folder.glob(f"*/{GOLD_FILE}"))
    if not found:
        raise NotFound(
            f"there is no {GOLD_FILE} in {folder} or in a folder of it",
            hint="Name the folder of a gold set with --against DIR.",
        )
    return found


def read_all(folders: Iterable[Path]) -> list[GoldCase]:
    """Return the cases in `folders`.

    Raises:
        FileInvalid: as `read_gold` does, or two cases have the same slug.
        SourceError: a document can't be read.
    """
    found: dict[str, tuple[Path, GoldCase]] = {}
    for folder in folders:
        case = read_gold(folder)
        earlier, _ = found.setdefault(case.gold.slug, (folder, case))
        if earlier != folder:
            raise FileInvalid(
                f"the slug {case.gold.slug!r} is that of {earlier / GOLD_FILE} too",
                where=f"{folder / GOLD_FILE}:{_line(_read(folder / GOLD_FILE), '', 0, 'slug')}",
                hint="Each case has a slug of its own: results and cassettes are named by it.",
            )
    return [case for _, case in found.values()]


def read_gold(folder: Path) -> GoldCase:
    """Return the case in `folder`.

    Raises:
        FileInvalid: gold.toml isn't what its schema says, or a quote names no single passage.
        SourceError: a document can't be read.
    """
    path = folder / GOLD_FILE
    text = _read(path)
    gold = _validated(Gold, text, path)
    documents = tuple(_documents(gold, path, text))
    quoted: dict[str, int] = {}
    tables: tuple[tuple[str, Sequence[GoldCapability | GoldComparison | GoldStatement]], ...] = (
        ("capabilities", gold.capabilities),
        ("comparisons", gold.comparisons),
        ("statements", gold.statements),
    )
    for table, items in tables:
        for place, item in enumerate(items):
            for words in item.passages:
                try:
                    quoted[words] = _named(words, documents)
                except _Unclear as error:
                    line = _line(text, table, place, words)
                    raise FileInvalid(str(error), where=f"{path}:{line}", hint=error.hint) from None
    return GoldCase(gold, documents, quoted)


def read_pairs(path: Path) -> Pairs:
    """Return the labelled pairs in `path`.

    Raises:
        FileInvalid: it isn't what its schema says.
    """
    return _validated(Pairs, _read(path), path)


def _documents(gold: Gold, path: Path, text: str) -> Iterator[Document]:
    number = 1
    for name in gold.documents:
        file = path.parent / name
        if file.resolve().parent != path.parent.resolve():
            raise FileInvalid(
                f"{name!r} is not a file beside gold.toml",
                where=f"{path}:{_line(text, '', 0, name)}",
                hint="Documents lie in the folder of their case.",
            )
        try:
            document = read_document(file, uri=f"{path.parent.name}/{name}", first_number=number)
        except SourceError as error:
            error.message = f"{error.where or name}: {error.message}"
            error.where = f"{path}:{_line(text, '', 0, name)}"
            raise
        number += len(document.passages)
        yield document


class _Unclear(Exception):
    """A quote that names no passage, or several."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def _named(words: str, documents: Sequence[Document]) -> int:
    """Return the number of the only passage that holds `words`, as written or as shown."""
    wanted = normalise(words)
    passages = [(document, p) for document in documents for p in document.passages]
    found = [p for document, p in passages if any(wanted in said for said in _said(document, p))]
    if len(found) == 1 and wanted:
        return found[0].number
    if found:
        raise _Unclear(
            f"{words!r} stands in {len(found)} passages",
            "Quote more, so that only one of these holds it: " + _listed(found),
        )
    near = _nearest(wanted, [p for _, p in passages])
    raise _Unclear(f"{words!r} stands in no passage", "The nearest passages: " + _listed(near))


def _said(document: Document, passage: Passage) -> tuple[str, str]:
    return normalise(quote(document, passage, document_id="d1").quote), normalise(passage.shown)


def _nearest(wanted: str, passages: Sequence[Passage]) -> list[Passage]:
    from rapidfuzz import fuzz

    def nearness(passage: Passage) -> float:
        return fuzz.partial_ratio(wanted, normalise(passage.shown))

    return sorted(passages, key=nearness, reverse=True)


def _listed(passages: Sequence[Passage]) -> str:
    shown = [f"[{p.number}] {normalise(p.shown)[:80]}" for p in passages[:MOST_SHOWN]]
    return "; ".join(shown)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it isn't UTF-8"
        raise FileInvalid(f"can't be read: {reason}", where=str(path)) from error


def _validated(model: type[M], text: str, path: Path) -> M:
    kind = "gold" if model is Gold else "pairs"
    try:
        return model.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        line = toml_error_line(error, text)
        raise FileInvalid(f"isn't TOML: {error}", where=f"{path}:{line}") from error
    except ValidationError as error:
        if wrong := wrong_format(error):
            where = f"{path}:{_line(text, '', 0, 'schema')}"
            raise FileInvalid(wrong.message, where=where, hint=wrong.hint) from error
        location = error.errors()[0]["loc"]
        place = next((part for part in location if isinstance(part, int)), 0)
        line = _line(text, str(location[0]) if location else "", place)
        raise FileInvalid(
            validation_problems(error),
            where=f"{path}:{line}",
            hint=f"`capdraft schema {kind}` prints what belongs there.",
        ) from error


def _line(text: str, table: str, place: int, words: str = "") -> int:
    """Return the line of `words`, else of its beginning, in the table at `place`; 1 if unknown."""
    lines = text.splitlines()
    starts = [n for n, line in enumerate(lines) if (m := _TABLE.match(line)) and m[1] == table]
    start = starts[place] if place < len(starts) else 0
    first = next(iter(words.strip().splitlines()), "")
    later = range(start + 1, len(lines))
    end = next((n for n in later if _TABLE.match(lines[n])), len(lines))
    # A short quote may be part of a text above it.
    for wanted in (f'"{first}"', first) if first else ():
        for number in range(start, end):
            if wanted in lines[number]:
                return number + 1
    return start + 1
