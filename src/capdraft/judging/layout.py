"""Statements in batches, and a batch as messages: each passage once, behind its number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from capdraft.checking.statements import Shown
from capdraft.drafting.passages import Part, passage_lines
from capdraft.judging.statements import Statement
from capdraft.prompts import Prompt
from capdraft.records import Passage
from capdraft.text import estimate_tokens, one_line

MOST_SENTENCES = 30
"""Sentences that one answer is asked for: in a longer one more get lost."""


@dataclass(frozen=True)
class Batch:
    """Statements that are asked about together, each with its place among all of them."""

    statements: tuple[tuple[int, Statement], ...]

    @cached_property
    def passages(self) -> dict[Shown, int]:
        """The passages of all statements, each with the number that this batch shows it under."""
        every = [p for _, said in self.statements for p in (*said.passages, *said.other)]
        documents = list(dict.fromkeys(passage.document for passage in every))
        ordered = sorted(
            dict.fromkeys(every), key=lambda p: (documents.index(p.document), p.number)
        )
        return {passage: number for number, passage in enumerate(ordered, 1)}

    @cached_property
    def sentences(self) -> dict[int, tuple[int, int]]:
        """The sentences by the numbers that this batch shows them under.

        Each is told by the place of its statement, and its own place in that.
        """
        every = [(place, n) for place, said in self.statements for n in range(len(said.sentences))]
        return dict(enumerate(every, 1))

    def own(self, place: int) -> dict[int, Shown]:
        """Return the passages of the statement at `place`, by the numbers that are shown."""
        said = dict(self.statements)[place]
        return {self.passages[passage]: passage for passage in (*said.passages, *said.other)}

    def alone(self, place: int) -> Batch:
        """Return a batch of the one statement at `place`."""
        return Batch(((place, dict(self.statements)[place]),))

    def halves(self) -> tuple[Batch, Batch]:
        """Return the first and the second half of its statements."""
        middle = len(self.statements) // 2
        return Batch(self.statements[:middle]), Batch(self.statements[middle:])

    def messages(self, prompt: Prompt) -> list[dict[str, str]]:
        """Return the messages that ask about it.

        Raises:
            PromptError: the prompt can't be rendered.
        """
        numbers = {key: number for number, key in self.sentences.items()}
        claims = [
            {
                "number": count,
                "about": one_line(said.about),
                "alternative": one_line(said.alternative),
                "passages": sorted(self.passages[p] for p in said.passages),
                "alternative_passages": sorted(self.passages[p] for p in said.other),
                "sentences": [
                    {"number": numbers[place, n], "text": one_line(said.text[start:end])}
                    for n, (start, end) in enumerate(said.sentences)
                ],
            }
            for count, (place, said) in enumerate(self.statements, 1)
        ]
        return prompt.render(passages=_laid_out(self.passages), claims=claims)


def _laid_out(passages: dict[Shown, int]) -> str:
    """Return passages as the drafting prompt shows them: no text of theirs begins a line."""
    lines: list[str] = []
    for place, (_, shown) in enumerate(groupby(passages, key=lambda p: p.document), 1):
        parts = [_part(passage, passages[passage], place) for passage in shown]
        lines += [f"== document {place} ==", *passage_lines(parts), ""]
    return "\n".join([*lines, "== end of the documents =="])


def _part(shown: Shown, number: int, document: int) -> Part:
    passage = Passage(
        number=number,
        kind=shown.kind,
        start=0,
        end=0,
        heading=shown.above,
        header=shown.header or None,
        shown=shown.text,
    )
    return Part(document, passage, shown.text)


def cut_batches(statements: Sequence[Statement], window: int) -> Iterator[Batch]:
    """Yield the statements that have passages, in order, in batches of at most `window` tokens.

    One that is larger is alone. A passage counts once in a batch, however many rest on it.
    """
    batch: list[tuple[int, Statement]] = []
    shown: set[Shown] = set()
    size = count = 0
    for place, said in enumerate(statements):
        own, more = {*said.passages, *said.other}, len(said.sentences)
        if not (own and more):
            continue
        added = _size(own - shown) + estimate_tokens(said.text)
        if batch and (size + added > window or count + more > MOST_SENTENCES):
            yield Batch(tuple(batch))
            batch, shown, size, count = [], set(), 0, 0
            added = _size(own) + estimate_tokens(said.text)
        batch.append((place, said))
        shown |= own
        size, count = size + added, count + more
    if batch:
        yield Batch(tuple(batch))


def _size(passages: Iterable[Shown]) -> int:
    """Return about how many tokens passages take, with what stands above them."""
    return sum(estimate_tokens("\n".join([*p.above, p.header, p.text])) for p in passages)
