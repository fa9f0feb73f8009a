"""Asking a model whether passages say what statements claim: in batches, the unclear alone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from capdraft.drafting.asking import Asker
from capdraft.drafting.running import StoppedError
from capdraft.errors import (
    AnswerError,
    AnswerWrongShape,
    BudgetReached,
    CapdraftError,
    CassetteError,
    EndpointError,
)
from capdraft.judging.answers import judge_schema, read_verdicts
from capdraft.judging.layout import Batch, cut_batches
from capdraft.judging.statements import Judged, SentenceVerdict, Statement
from capdraft.prompts import Prompt, prompts_hash

WINDOW = 12_000
"""Tokens of passages and statements in one prompt: a judge that reads more overlooks more."""
NO_PASSAGE = "no passage is given"
_Found = dict[tuple[int, int], SentenceVerdict]
"""By the place of the statement, and that of the sentence in it."""


def judge_hash(prompt: Prompt) -> str:
    """Return the hash of everything fixed that a judge is sent."""
    return prompts_hash([prompt], [judge_schema()])


def batch_messages(
    statements: Sequence[Statement], prompt: Prompt, window: int = WINDOW
) -> list[list[dict[str, str]]]:
    """Return the requests that `judge_statements` begins with.

    Raises:
        PromptError: the prompt can't be rendered.
    """
    return [batch.messages(prompt) for batch in cut_batches(statements, window)]


async def judge_statements(
    statements: Sequence[Statement], asker: Asker, prompt: Prompt, *, window: int = WINDOW
) -> Judged:
    """Return what a model says of each sentence of each statement.

    A sentence whose answer isn't valid is asked about again with its statement alone. Requests
    that fail leave their sentences without a verdict; they stop no others. What has no passage is
    unsupported, and not asked about.

    Raises:
        PromptError: the prompt can't be rendered; nothing was asked.
    """
    batches = [(batch, batch.messages(prompt)) for batch in cut_batches(statements, window)]
    run = _Run(asker, prompt)
    found: _Found = {}
    for part in await asyncio.gather(*(run.judge(*each) for each in batches)):
        found |= part
    verdicts = tuple(
        tuple(
            found.get((place, n)) or _unasked(said, start, end)
            for n, (start, end) in enumerate(said.sentences)
        )
        for place, said in enumerate(statements)
    )
    return Judged(verdicts, tuple(run.errors), run.stopped)


def _unasked(said: Statement, start: int, end: int) -> SentenceVerdict:
    if said.passages or said.other:
        return SentenceVerdict(start, end)
    return SentenceVerdict(start, end, "unsupported", reason=NO_PASSAGE)


class _Run:
    """One call of `judge_statements` while it goes on."""

    def __init__(self, asker: Asker, prompt: Prompt) -> None:
        self.errors: list[CapdraftError] = []
        self.stopped = False
        self._asker, self._prompt = asker, prompt

    async def judge(self, batch: Batch, messages: list[dict[str, str]]) -> _Found:
        """Return the verdicts on a batch; what is missing is asked about again, alone."""
        try:
            entry, found = await self._ask(batch, messages)
        except AnswerError as error:
            return await self._in_halves(batch, error)
        except (EndpointError, CassetteError, BudgetReached) as error:
            self.errors.append(error)
            return {}
        except StoppedError:
            self.stopped = True
            return {}
        places = dict.fromkeys(key[0] for key in batch.sentences.values() if key not in found)
        if places and len(batch.statements) == 1:
            # The same request: what the ledger has must not answer it.
            self._asker.unusable(entry, AnswerWrongShape("verdicts are missing or not valid"))
        again = await asyncio.gather(*(self._again(batch.alone(place)) for place in places))
        return {key: value for part in (*again, found) for key, value in part.items()}

    async def _ask(self, batch: Batch, messages: list[dict[str, str]]) -> tuple[int, _Found]:
        answered, verdicts = await self._asker.ask_and_read(
            messages, "judge", judge_schema(), lambda text: read_verdicts(text, batch)
        )
        return answered.entry, {batch.sentences[n]: verdict for n, verdict in verdicts.items()}

    async def _again(self, batch: Batch) -> _Found:
        """Ask about one statement a second and last time."""
        try:
            entry, found = await self._ask(batch, batch.messages(self._prompt))
        except (AnswerError, EndpointError, CassetteError, BudgetReached) as error:
            self.errors.append(error)
            return {}
        except StoppedError:
            self.stopped = True
            return {}
        if len(found) < len(batch.sentences):
            problem = AnswerWrongShape("verdicts are missing or not valid, asked a second time")
            self._asker.unusable(entry, problem)
        return found

    async def _in_halves(self, batch: Batch, error: AnswerError) -> _Found:
        """Ask about the halves of a batch whose answer can't be used: one passage may be why."""
        if len(batch.statements) == 1:
            self.errors.append(error)
            return {}
        halves = [(half, half.messages(self._prompt)) for half in batch.halves()]
        parts = await asyncio.gather(*(self.judge(*half) for half in halves))
        return {key: value for part in parts for key, value in part.items()}
