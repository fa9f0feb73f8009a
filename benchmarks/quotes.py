"""Where quotes stand in a long document: how many are found, how many wrongly, how fast.

    python benchmarks/quotes.py            (--peer: langextract's aligner on the same)

Seconds are of processor time, the building of indexes included.

The document is made of sentences that differ from each other in a word or a number, as the rows
of model cards do. Each kind of sentence comes with other wordings, written by hand.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from capdraft.checking.quotes import find_quotes
from capdraft.records import Document
from capdraft.sources import read_document

PEER_HOME = Path(__file__).parents[1] / ".benchmarks" / "langextract"
LIMIT_SECONDS = 0.3
KINDS = {"exact": 100, "normalised": 100, "paraphrased": 50, "number": 50}
MORE_KINDS = {"denial": 50, "nowhere": 50}
"""Looked up as well, in a run of their own: the time is told for the 300 above."""
REFUSED = {"number", "denial", "nowhere"}

NAMES = """
Avocet Bittern Curlew Dunlin Egret Fulmar Godwit Hobby Knot Linnet Merlin Nightjar
"""
SIZES = "nano;small;medium;large;wide;deep"
THINGS = """
scanned invoices;handwritten letters;street signs;till receipts;lecture slides;floor plans;bus
timetables;medical forms;old newspapers;chemistry diagrams;restaurant menus;parking tickets;sheet
music;satellite photographs;weather charts;shipping labels;bank statements;comic strips;census
tables;recipe cards;patent drawings;train tickets;library cards;court records;tax forms;whiteboard
photographs;product labels;herbarium sheets;crossword grids;seating plans
"""
LANGUAGES = """
German French Polish Finnish Welsh Basque Turkish Swahili Tamil Korean Danish Czech Greek Hindi
Catalan Latvian Maltese Irish Bengali Thai
"""
DEVICES = "a laptop;a phone;a single server;a small board;a workstation;a tablet;a rented card"
TOPICS = """
spelling mistakes;missing fields;rotated pages;torn corners;faint ink;mixed scripts;long
tables;crossed-out words;coffee stains;double columns;margin notes;tiny print
"""

# A sentence, and the same in other words.
WORDINGS: tuple[tuple[str, ...], ...] = (
    (
        "{name} reads {thing} in {language} with up to {n} fields on each page.",
        "With up to {n} fields per page, {thing} in {language} are read by {name}.",
        "{name} can read {language} {thing} that have up to {n} fields a page.",
    ),
    (
        "On {thing}, the {size} version of {name} reaches an accuracy of {p}% after {n} epochs.",
        "After {n} epochs the {size} {name} version has {p}% accuracy on {thing}.",
        "The {size} {name} gets to {p}% accuracy for {thing} when trained for {n} epochs.",
    ),
    (
        "It needs {n} GB of memory on {device} when {thing} are read in batches of {m}.",
        "When it reads {thing} in batches of {m}, it takes {n} GB of memory on {device}.",
        "Reading {thing} in batches of {m} requires {n} GB of memory on {device}.",
    ),
    (
        "The organisers labelled {n} {thing} in {language} between {month} {year} and the release.",
        "Between {month} {year} and the release the organizers labeled {n} {language} {thing}.",
        "{n} {thing} in {language} were labeled from {month} {year} up to the release.",
    ),
    (
        "Pages with {topic} lower the accuracy of {name} on {thing} by {p} points.",
        "{name} loses {p} points of accuracy on {thing} if the pages have {topic}.",
        "Accuracy of {name} for {thing} drops by {p} points on pages with {topic}.",
    ),
    (
        "{name} {size} was trained on {device} for {n} hours, and only {language} pages were used.",
        "Only {language} pages were used to train {name} {size}, for {n} hours on {device}.",
        "Training {name} {size} took {n} hours on {device} with {language} pages alone.",
    ),
    (
        "Since version {v}, {name} recognises {topic} on {thing} and marks them in colour.",
        "{name} recognizes {topic} on {thing} since version {v}, marking them in color.",
        "From version {v} on, {topic} on {thing} are recognized by {name} and marked in color.",
    ),
    (
        "The tokeniser keeps {n} pieces for {language}, which makes {thing} about {p}% shorter.",
        "For {language} the tokenizer has {n} pieces, so {thing} become about {p}% shorter.",
        "{thing} get about {p}% shorter because {n} pieces of the tokenizer are for {language}.",
    ),
    (
        "A page with {topic} takes {n} ms on {device}, compared with {m} ms for {thing}.",
        "On {device}, a page with {topic} needs {n} ms, while {thing} need {m} ms.",
        "Compared with {m} ms for {thing}, pages with {topic} take {n} ms on {device}.",
    ),
    (
        "{name} does not support {thing} in {language}, because only {n} of them were licensed.",
        "Because only {n} of them were licenced, {language} {thing} are not supported by {name}.",
        "{thing} in {language} aren't supported by {name}, as just {n} had a licence.",
    ),
    (
        "We asked {n} readers of {language} to judge {thing}, and {m} of them found {topic}.",
        "{n} readers of {language} were asked to judge {thing}; {m} of those found {topic}.",
        "Of {n} {language} readers who judged {thing}, {m} came across {topic}.",
    ),
    (
        "The {size} checkpoint is {p} GB and was published on {day} {month} {year} for {language}.",
        "Published on {day} {month} {year}, the {size} checkpoint for {language} has {p} GB.",
        "For {language}, the {size} checkpoint ({p} GB) came out on {day} {month} {year}.",
    ),
    (
        "Fine-tuning {name} on {thing} with {n} examples improves {language} by {p} points.",
        "{language} improves by {p} points when {name} is fine-tuned on {n} examples of {thing}.",
        "With {n} examples of {thing}, fine-tuning makes {name} {p} points better in {language}.",
    ),
    (
        "Users of {device} should crop {thing} to {w}×{w} pixels and remove {topic} first.",
        "First remove {topic} and crop {thing} to {w} x {w} pixels if you use {device}.",
        "On {device}, {thing} should be cropped to {w}×{w} pixels after {topic} are removed.",
    ),
    (
        "The licence of {name} {v} permits commercial use of {thing} in {language} for {n} months.",
        "Commercial use of {language} {thing} is permitted for {n} months by {name} {v}'s license.",
        "For {n} months, the {name} {v} license lets {language} {thing} be used commercially.",
    ),
)
# Of another project: nothing of it stands in the document.
ELSEWHERE: tuple[tuple[str, ...], ...] = (
    ("{name} translates spoken {language} with a delay of {n} ms on {device}.",),
    ("Rain gauges in {n} villages report to the {size} station since {month} {year}.",),
    ("The {size} voice of {name} reads novels aloud in {language} for {n} hours.",),
    ("Queries over {n} tables are planned by {name} {v} without an index on {topic}.",),
    ("{name} predicts bus delays {n} minutes ahead, with an error of {p}% in winter.",),
    ("Robots with {n} joints learned to sort {thing} by weight in a warehouse.",),
    ("Each folder of {thing} is encrypted with a key of {w} bits before upload to {device}.",),
    ("The survey paid {n} speakers of {language} for recordings made in {month} {year}.",),
    ("Gradient checkpointing saved {p} GB when {name} {size} learned protein folding.",),
    ("Its moderation filter drops messages about {topic} after {n} warnings.",),
)

# Words that mean the same here, to vary the wordings further.
SYNONYMS = {
    "reads": "handles",
    "needs": "requires",
    "accuracy": "precision",
    "memory": "RAM",
    "trained": "taught",
    "recognises": "detects",
    "about": "roughly",
    "pages": "sheets",
    "takes": "needs",
    "judge": "rate",
    "found": "noticed",
    "published": "released",
    "improves": "gains",
    "permits": "allows",
    "remove": "strip",
    "examples": "samples",
    "only": "just",
}
ANTONYMS = (
    ("does not support", "supports"),
    ("reads", "does not read"),
    ("needs", "does not need"),
    ("reaches", "never reaches"),
    ("was trained", "was not trained"),
    ("recognises", "does not recognise"),
    ("permits", "does not permit"),
    ("improves", "does not improve"),
    ("should crop", "should not crop"),
    ("lower", "do not lower"),
    ("was published", "was not published"),
    ("keeps", "does not keep"),
    ("takes", "does not take"),
    ("labelled", "never labelled"),
    ("found", "failed to find"),
)
MONTHS = """
January February March April June July August September October November December
"""


def _listed(text: str) -> list[str]:
    return [" ".join(item.split()) for item in text.split(";")]


@dataclass(frozen=True)
class Sentence:
    """A sentence, and other wordings of it."""

    text: str
    wordings: tuple[str, ...]


@dataclass(frozen=True)
class Quote:
    """A quote, its kind, and the sentence that it comes from."""

    kind: str
    text: str
    source: str


def _sentence(rng: random.Random, forms: tuple[tuple[str, ...], ...]) -> Sentence:
    """Return one of `forms` with its slots filled, the same in each wording."""
    slots = {
        "name": rng.choice(NAMES.split()),
        "size": rng.choice(_listed(SIZES)),
        "thing": rng.choice(_listed(THINGS)),
        "language": rng.choice(LANGUAGES.split()),
        "device": rng.choice(_listed(DEVICES)),
        "topic": rng.choice(_listed(TOPICS)),
        "n": rng.randint(3, 98),
        "m": rng.randint(100, 900),
        "p": f"{rng.randint(2, 60)}.{rng.randint(1, 9)}",
        "v": f"{rng.randint(1, 6)}.{rng.randint(0, 19)}",
        "w": rng.choice((224, 336, 448, 512, 768, 896)),
        "day": rng.randint(1, 28),
        "month": rng.choice(MONTHS.split()),
        "year": rng.randint(2012, 2026),
    }
    text, *wordings = (_capital(form.format(**slots)) for form in rng.choice(forms))
    return Sentence(text, tuple(wordings))


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def make_document(rng: random.Random, size: int) -> tuple[str, list[Sentence]]:
    """Return a Markdown text of about `size` characters, and its sentences."""
    parts, sentences, written = ["# Reading models"], [], 0
    seen: set[str] = set()
    while written < size:
        drawn = {s.text: s for s in (_sentence(rng, WORDINGS) for _ in range(rng.randint(1, 4)))}
        taken = [sentence for text, sentence in drawn.items() if text not in seen]
        if not taken:
            continue
        seen.update(drawn)
        sentences += taken
        shape = rng.random()
        lines = [_marked_up(rng, sentence.text) for sentence in taken]
        if shape < 0.1:
            parts.append(f"## Notes {len(parts)}")
        if shape < 0.3:
            part = "\n".join(f"- {line}" for line in lines)
        elif shape < 0.4:
            rows = "\n".join(f"| {rng.randint(1, 9)} | {line} |" for line in lines)
            part = f"| Run | What was seen |\n|---|---|\n{rows}"
        else:
            part = textwrap.fill(" ".join(lines), 100, break_on_hyphens=False)
        parts.append(part)
        written += len(part) + 2
    return "\n\n".join(parts), sentences


def _marked_up(rng: random.Random, text: str) -> str:
    """Return `text` with a word in bold, or a link, now and then."""
    words = text.split(" ")
    place = rng.randrange(len(words) - 1)
    chance = rng.random()
    if chance < 0.2:
        words[place] = f"**{words[place]}**"
    elif chance < 0.3 and words[place].isalpha():
        words[place] = f"[{words[place]}](https://cards.example/{place})"
    return " ".join(words)


def _normalised(rng: random.Random, text: str) -> str:
    """Return `text` as other programs lay it out: the same words, other characters."""
    changes: list[Callable[[str], str]] = [
        lambda t: t.replace(" ", "\u00a0", 3),
        lambda t: textwrap.fill(t, 40),
        lambda t: t.replace("fi", "\ufb01").replace("fl", "\ufb02"),
        lambda t: re.sub(r"([a-z]{4})([a-z]{3})", "\\1\u00ad\\2", t, count=2),
        lambda t: re.sub(r"([a-z]{4})([a-z]{3})", "\\1-\n\\2", t, count=1),
        lambda t: t.replace("-", "\u2010"),
        lambda t: f"“{t}”",
        lambda t: f"**{t}**",
        lambda t: re.sub(r"\b(on|in|of)\b", r"*\1*", t, count=1),
        lambda t: t.replace("  ", " ").replace(" ", "  "),
    ]
    for change in rng.sample(changes, 3):
        text = change(text)
    return text


def _paraphrased(rng: random.Random, sentence: Sentence) -> str:
    """Return another wording, half the time with up to two synonyms on top."""
    text = rng.choice(sentence.wordings)
    known = [word for word in SYNONYMS if re.search(rf"\b{word}\b", text)]
    for word in rng.sample(known, min(len(known), rng.choice((0, 0, 1, 2)))):
        text = re.sub(rf"\b{word}\b", SYNONYMS[word], text, count=1)
    return text


def _changed(rng: random.Random, sentence: Sentence, texts: set[str]) -> str:
    """Return the sentence, or a paraphrase of it, with one number, unit or date changed."""
    while True:
        text = sentence.text if rng.random() < 0.5 else _paraphrased(rng, sentence)
        found = list(re.finditer(r"\d+|\bGB\b|\bms\b|\bhours\b|\bJune\b|\bmonths\b", text))
        match = rng.choice(found)
        swapped = {"GB": "MB", "ms": "s", "hours": "days", "June": "May", "months": "years"}
        new = swapped.get(match[0]) or str(int(match[0]) + rng.choice((-1, 1, 2, 10)))
        text = text[: match.start()] + new + text[match.end() :]
        if text not in texts:
            return text


def _denied(rng: random.Random, sentence: Sentence) -> str:
    """Return the sentence with its sense turned round."""
    text = sentence.text
    known = [pair for pair in ANTONYMS if pair[0] in text]
    old, new = known[0] if known[0][1] == "supports" else rng.choice(known)
    return text.replace(old, new, 1)


def make_quotes(rng: random.Random, sentences: list[Sentence]) -> Iterator[Quote]:
    """Yield the quotes of all kinds, each of a sentence of its own."""
    texts = {sentence.text for sentence in sentences}
    drawn = iter(rng.sample(sentences, len(sentences)))
    for kind, count in (KINDS | MORE_KINDS).items():
        for _ in range(count):
            sentence = _sentence(rng, ELSEWHERE) if kind == "nowhere" else next(drawn)
            yield Quote(kind, _quoted(rng, kind, sentence, texts), sentence.text)


def _quoted(rng: random.Random, kind: str, sentence: Sentence, texts: set[str]) -> str:
    match kind:
        case "normalised":
            return _normalised(rng, sentence.text)
        case "paraphrased":
            return _paraphrased(rng, sentence)
        case "number":
            return _changed(rng, sentence, texts)
        case "denial":
            return _denied(rng, sentence)
    return sentence.text


@dataclass
class Tally:
    """Of one kind of quotes: how many were accepted, and how many at the right passage."""

    asked: int = 0
    accepted: int = 0
    right: int = 0


Spans = list[tuple[int, int] | None]


def tally(document: Document, quotes: list[Quote], spans: Spans) -> dict[str, Tally]:
    """Return by kind how many spans touch a passage that says what the quote was made of."""
    tallies: dict[str, Tally] = {}
    for quote, span in zip(quotes, spans, strict=True):
        counted = tallies.setdefault(quote.kind, Tally())
        counted.asked += 1
        counted.accepted += span is not None
        if span:
            touched = [p.shown for p in document.passages if p.start < span[1] and span[0] < p.end]
            counted.right += any(quote.source in shown for shown in touched)
    return tallies


def _ours(document: Document, quotes: list[Quote]) -> tuple[Spans, float]:
    started = time.process_time()
    found = find_quotes(document, [quote.text for quote in quotes])
    seconds = time.process_time() - started
    return [(one.start, one.end) if one else None for one in found], seconds


PEER = """
import json, sys, time
from langextract.core.data import Extraction
from langextract.resolver import WordAligner
chunks = json.load(open(sys.argv[1]))
spans, seconds = [], 0.0
for chunk in chunks:
    groups = [[Extraction("quote", text)] for text in chunk["quotes"]]
    started = time.process_time()
    found = WordAligner().align_extractions(groups, chunk["text"], char_offset=chunk["start"])
    seconds += time.process_time() - started
    places = [group[0].char_interval for group in found]
    spans += [[at.start_pos, at.end_pos] if at else None for at in places]
json.dump({"spans": spans, "seconds": seconds}, open(sys.argv[1], "w"))
"""


def _chunks(
    document: Document, quotes: list[Quote], size: int
) -> Iterator[tuple[int, str, list[Quote]]]:
    """Yield the document in pieces, each with the quotes that are of it, in its own order.

    It is how langextract aligns: it knows which piece an answer is about.
    """
    shown = [(passage.start, passage.shown) for passage in document.passages]
    at = {q: next(start for start, text in shown if q.source in text) for q in quotes}
    start = 0
    while start < len(document.text):
        end = document.text.find("\n\n", start + size)
        end = end if end >= 0 else len(document.text)
        mine = sorted((q for q in quotes if start <= at[q] < end), key=lambda q: at[q])
        yield start, document.text[start:end], mine
        start = end


def _peer(document: Document, quotes: list[Quote], size: int) -> tuple[list[Quote], Spans, float]:
    """Run langextract's aligner in an environment of its own."""
    python = PEER_HOME / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(PEER_HOME)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", "langextract"], check=True)
    chunks = [chunk for chunk in _chunks(document, quotes, size) if chunk[2]]
    given = [
        {"start": start, "text": text, "quotes": [quote.text for quote in mine]}
        for start, text, mine in chunks
    ]
    with tempfile.TemporaryDirectory() as folder:
        exchange = Path(folder, "quotes.json")
        exchange.write_text(json.dumps(given))
        subprocess.run([str(python), "-c", PEER, str(exchange)], check=True)
        answer = json.loads(exchange.read_text())
    spans = [tuple(span) if span else None for span in answer["spans"]]
    return [quote for _, _, mine in chunks for quote in mine], spans, answer["seconds"]


def _print(name: str, tallies: dict[str, Tally]) -> None:
    click.echo(f"{name:<14}{'asked':>8}{'found':>8}{'right':>8}{'wrong':>8}")
    for kind, counted in tallies.items():
        wrong = counted.accepted if kind in REFUSED else counted.accepted - counted.right
        right = "" if kind in REFUSED else str(counted.right)
        click.echo(f"  {kind:<12}{counted.asked:>8}{counted.accepted:>8}{right:>8}{wrong:>8}")


def _is_good(tallies: dict[str, Tally], seconds: float) -> bool:
    refused = all(tallies[kind].accepted == 0 for kind in ("number", "denial"))
    return (
        refused
        and tallies["nowhere"].accepted <= 1
        and all(tallies[kind].right == tallies[kind].asked for kind in ("exact", "normalised"))
        and tallies["paraphrased"].right >= 0.95 * tallies["paraphrased"].asked
        and seconds <= LIMIT_SECONDS
    )


@click.command()
@click.option("--seed", default=1, show_default=True)
@click.option("--size", default=300_000, show_default=True, help="Characters of the document.")
@click.option("--show", is_flag=True, help="Print each quote that went wrong.")
@click.option("--peer", is_flag=True, help="Run langextract's aligner on the same.")
@click.option("--chunk", default=10_000, show_default=True, help="Characters the peer looks at.")
def main(seed: int, size: int, show: bool, peer: bool, chunk: int) -> None:
    """Print by kind what was found, what was right, and the seconds for 300 quotes."""
    rng = random.Random(seed)  # noqa: S311
    text, sentences = make_document(rng, size)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "card.md")
        path.write_text(text)
        document = read_document(path, uri="card.md")
    quotes = list(make_quotes(rng, sentences))
    timed = [quote for quote in quotes if quote.kind in KINDS]
    others = [quote for quote in quotes if quote.kind in MORE_KINDS]
    spans, seconds = _ours(document, timed)
    more, _ = _ours(document, others)
    tallies = tally(document, timed + others, spans + more)
    click.echo(f"{len(text)} characters, {len(document.passages)} passages, {len(timed)} quotes")
    _print("capdraft", tallies)
    click.echo(f"  {seconds:.3f} s; at most {LIMIT_SECONDS} s are allowed")
    if show:
        _show(document, timed + others, spans + more)
    if peer:
        ordered, theirs, peer_seconds = _peer(document, timed, chunk)
        _print("langextract", tally(document, ordered, theirs))
        click.echo(f"  {peer_seconds:.3f} s, {peer_seconds / seconds:.0f} times capdraft's")
    sys.exit(0 if _is_good(tallies, seconds) else 1)


def _show(document: Document, quotes: list[Quote], spans: Spans) -> None:
    for quote, span in zip(quotes, spans, strict=True):
        (counted,) = tally(document, [quote], [span]).values()
        if counted.accepted if quote.kind in REFUSED else not counted.right:
            stands = document.text[slice(*span)] if span else None
            click.echo(f"{quote.kind}: {quote.text!r}\n  of {quote.source!r}\n  at {stands!r}")


if __name__ == "__main__":
    main()
