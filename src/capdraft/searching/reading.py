"""How a need is read: its words, which of them tell something, and what a misspelt one means."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from capdraft.searching.words import Stemmer, words_of

MOST_WORDS = 64
"""Words of a need that are read; what stands behind them is left out."""
_FILLERS = """
a about after again all also am an and any anything are as at be because been before being
between both but by can could do does doing don during each either else every few for from get
give go going got had has have having he help her here him his how however i if in into is it
its itself just let like ll lot lots make makes making many may me might more most much must my
need needs never no nobody nor not now of off often on once one only or other others our out
over own per please put quite rather re really s same she should so some somebody someone
something still such t take takes than that the their them then there these they thing things
this those through to together too tool try trying two under until up upon us use using ve very
via want wants was way ways we well were what whatever when where whether which while who whose
why will with within without would yet you your
"""
FILLERS = frozenset(_FILLERS.split())
"""Words in which needs are put, whatever they are about. One made of nothing else keeps them."""
SHORTEST_PART = 4
"""Letters of each part of a word that is read as two."""
MOST_SPELLINGS, MOST_MEANT = 3, 50
"""Terms that a misspelt word is read as, and those that are looked at for it."""
MOST_MISSPELT = 8
"""Words of a need that are looked at for slips."""
MOST_LOOKED_AT = 50_000
"""Words that a misspelt word is compared with, so that its cost is bounded."""
ONE_SLIP, TWO_SLIPS = 5, 9
"""Letters that a word must have to be read with one slip, and with two."""
SLIP = 0.6
"""What a term counts for each slip between it and the word."""


@dataclass(frozen=True, slots=True)
class Term:
    """A term that a word is read as, in how many records it stands, and how far it is."""

    term: str
    records: int
    slips: int = 0

    @property
    def weight(self) -> float:
        """What a match counts, against one of the word itself."""
        return float(SLIP**self.slips)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a need with the terms that it is read as: itself, or where none has it, others."""

    word: str
    terms: tuple[Term, ...] = ()


def read_need(database: sqlite3.Connection, stemmer: Stemmer, need: str) -> tuple[Word, ...]:
    """Return the telling words of `need`, each once."""
    every = list(dict.fromkeys(words_of(need)))[:MOST_WORDS]
    telling = [word for word in every if word not in FILLERS] or every
    known = _known(database, map(stemmer.stem, telling))
    joined = _joined(database, stemmer, every)
    read: list[Word] = []
    misspelt = 0
    for word in telling:
        term = known.get(stemmer.stem(word))
        terms = ((term,) if term else ()) + joined.get(word, ())
        parts = () if terms else _parts(database, stemmer, word)
        if not terms and not parts and misspelt < MOST_MISSPELT:
            misspelt += 1
            terms = tuple(_near(database, word))
        read += parts or (Word(word, terms),)
    return tuple(read)


def _known(database: sqlite3.Connection, terms: Iterable[str]) -> dict[str, Term]:
    wanted = list(dict.fromkeys(terms))
    places = ", ".join("?" * len(wanted))
    select = f"select term, records from terms where term in ({places})"  # noqa: S608
    return {term: Term(term, records) for term, records in database.execute(select, wanted)}


def _joined(
    database: sqlite3.Connection, stemmer: Stemmer, words: list[str]
) -> dict[str, tuple[Term, ...]]:
    """Return what two words mean that records write as one: data set, hand writing."""
    pairs = [pair for pair in pairwise(words) if all(map(_is_plain, pair))]
    stems = {pair: stemmer.stem("".join(pair)) for pair in pairs}
    known = _known(database, stems.values())
    return {word: (known[stem],) for pair, stem in stems.items() if stem in known for word in pair}


def _parts(database: sqlite3.Connection, stemmer: Stemmer, word: str) -> tuple[Word, ...]:
    """Return the two words that records write a word without records as: dataframe."""
    if not _is_plain(word):
        return ()
    places = range(SHORTEST_PART, len(word) - SHORTEST_PART + 1)
    pairs = [(word[:place], word[place:]) for place in places]
    known = _known(database, (stemmer.stem(part) for pair in pairs for part in pair))
    halves = [tuple(known.get(stemmer.stem(part)) for part in pair) for pair in pairs]
    for pair, terms in zip(pairs, halves, strict=True):
        if all(terms):
            return tuple(Word(part, (t,)) for part, t in zip(pair, terms, strict=True) if t)
    return ()


def _is_plain(word: str) -> bool:
    return word.isascii() and word.isalpha() and word not in FILLERS


def _near(database: sqlite3.Connection, word: str) -> Iterator[Term]:
    """Yield the terms that a word without records may be a misspelling of, the nearest first.

    A slip is a letter too much, too few, wrong, or swapped with the next (optimal string
    alignment). Looked at are words of about its length that begin with one of its first two
    letters, so that a wrong first letter is not read.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    most = (len(word) >= ONE_SLIP) + (len(word) >= TWO_SLIPS)
    if not most or not word.isalpha():
        return  # gpt4 is no slip of gpt5
    select = (
        "select word, term from spellings where first in (?, ?) and length between ? and ? limit ?"
    )
    sizes = (len(word) - most, len(word) + most)
    spelt = dict(database.execute(select, (word[0], word[1], *sizes, MOST_LOOKED_AT)))
    found = process.extract(word, spelt.keys(), scorer=OSA.distance, score_cutoff=most, limit=None)
    nearest = min((slips for _, slips, _ in found), default=0)
    meant = sorted(spelt[near] for near, slips, _ in found if slips == nearest)[:MOST_MEANT]
    terms = _known(database, meant)
    likely = sorted(terms.values(), key=lambda term: (-term.records, term.term))
    for term in [term for term in likely if term.term not in FILLERS][:MOST_SPELLINGS]:
        yield Term(term.term, term.records, int(nearest))
