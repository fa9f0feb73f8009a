"""Which words a text has, and the terms that they are found by: one way for records and needs.

Letters lose case, width and accents. English endings go by the Porter stemmer that SQLite brings.
Scripts that put no spaces between words are cut into pairs of letters, so that a word of two
letters, which most Chinese words are, is found: trigrams would miss it.
"""

from __future__ import annotations

import re
import sqlite3
import threading
import unicodedata
import weakref
from collections.abc import Iterable, Iterator

_PLAIN = re.compile(r"[a-z0-9]+(?:\+\+|#(?![a-z0-9]))?")  # c++ and c# are words of their own
_ACCENTS = re.compile("[\u0300-\u036f]")
_STEMMED = re.compile(r"[a-z]{3,}")
# Thai, Lao, Burmese, Khmer, Chinese, Japanese; and Korean, whose words take endings.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
    "\uf900-\ufaff\U00020000-\U0003ffff]+"
)
_OF_WORDS = {"Ll", "Lm", "Lo", "Lt", "Lu", "Mc", "Mn", "Nd", "Nl", "No", "Co"}
MOST_STEMS = 500_000
"""Words that are remembered, so that a large catalog fits into memory."""


def fold(text: str) -> str:
    """Return `text` without case, width and accents; vowel signs of other scripts stay."""
    if text.isascii():
        return text.lower()
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFC", bare.casefold())


def words_of(text: str, *, every: bool = False) -> Iterator[str]:
    """Yield the words of `text`, folded.

    Of scripts without spaces these are pairs of letters; `every` adds the single letters, which a
    record is also found by.
    """
    folded = fold(text)
    if folded.isascii():
        yield from _PLAIN.findall(folded)
        return
    for run in _runs(folded):
        place = 0
        for found in _UNSPACED.finditer(run):
            yield from _spaced(run[place : found.start()])
            yield from _pairs(found[0], every)
            place = found.end()
        yield from _spaced(run[place:])


def _runs(text: str) -> Iterator[str]:
    """Yield the runs of characters that words are made of."""
    run = ""
    for character in text:
        if character in "+#" or unicodedata.category(character) in _OF_WORDS:
            run += character
        elif run:
            yield run
            run = ""
    if run:
        yield run


def _spaced(run: str) -> list[str]:
    if run.isascii():
        return _PLAIN.findall(run)
    return [part for part in re.split(r"[+#]+", run) if part]


def _pairs(run: str, every: bool) -> Iterator[str]:
    if every or len(run) == 1:
        yield from run
    yield from (run[place : place + 2] for place in range(len(run) - 1))


class Stemmer:
    """The Porter stemmer of SQLite's FTS5. Threads may share it."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._lock = threading.Lock()
        self._scratch = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        weakref.finalize(self, self._scratch.close)
        self._scratch.executescript(
            "create virtual table words using fts5(word, tokenize = 'porter ascii');"
            "create virtual table stems using fts5vocab(words, instance);"
        )

    def terms(self, words: Iterable[str]) -> list[str]:
        """Return the terms of folded words, in their order."""
        given = list(words)
        known = self._known
        try:
            return [known[word] for word in given]
        except KeyError:
            self.learn(given)
            return [self.stem(word) for word in given]

    def stem(self, word: str) -> str:
        """Return the term of one folded word."""
        if word not in self._known:
            self.learn((word,))
        return self._known.get(word, word)

    def learn(self, words: Iterable[str]) -> None:
        """Look up the stems of all `words` that aren't known yet."""
        fresh = dict.fromkeys(word for word in words if word not in self._known)
        stemmed = [word for word in fresh if _STEMMED.fullmatch(word)]
        found = dict(zip(stemmed, self._ask(stemmed), strict=True))
        with self._lock:
            if len(self._known) > MOST_STEMS:
                self._known = {}
            self._known.update({word: found.get(word, word) for word in fresh})

    def _ask(self, words: list[str]) -> list[str]:
        if not words:
            return []
        with self._lock:
            self._scratch.execute("begin")
            try:
                self._scratch.executemany(
                    "insert into words (rowid, word) values (?, ?)", enumerate(words)
                )
                rows = self._scratch.execute("select doc, term from stems").fetchall()
            finally:
                self._scratch.execute("rollback")
        stems = dict(rows)
        return [stems.get(number, word) for number, word in enumerate(words)]
