"""Read many artifacts, in several processes where they are very many."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

from capdraft.plugins.running import use
from capdraft.reviewing.index.reading import Reading, Terms, read_artifact

FEW = 200
"""So many artifacts are read here: starting other processes takes longer than that saves."""
CHUNK = 16
MOST_WORKERS = 8

Read = tuple[str, Reading | None]


def read_many(root: Path, slugs: Sequence[str], terms: Terms) -> Generator[Read, None, None]:
    """Read artifacts in their order; very many in several processes."""
    workers = min(os.cpu_count() or 1, MOST_WORKERS)
    if len(slugs) <= FEW or workers == 1:
        yield from _read_chunk(root, slugs, terms)
        return
    from concurrent.futures.process import BrokenProcessPool

    done = 0
    try:
        for reading in _read_in_processes(root, slugs, terms, workers):
            yield reading
            done += 1
    except BrokenProcessPool:  # killed, or started from what another process can't import
        yield from _read_chunk(root, slugs[done:], terms)


def _read_chunk(root: Path, slugs: Sequence[str], terms: Terms) -> Iterator[Read]:
    for slug in slugs:
        yield slug, read_artifact(root, slug, terms)


def _chunk_list(root: Path, slugs: Sequence[str], terms: Terms) -> list[Read]:
    use(root)  # a process of its own knows no settings yet
    return list(_read_chunk(root, slugs, terms))


def _read_in_processes(
    root: Path, slugs: Sequence[str], terms: Terms, workers: int
) -> Iterator[Read]:
    from concurrent.futures import Future, ProcessPoolExecutor
    from multiprocessing import get_context

    spawn = get_context("spawn")  # threads and open files do not survive a fork
    pool = ProcessPoolExecutor(workers, mp_context=spawn, initializer=_end_with_parent)
    chunks = (slugs[at : at + CHUNK] for at in range(0, len(slugs), CHUNK))
    ahead: deque[Future[list[Read]]] = deque()
    try:
        for chunk in chunks:
            ahead.append(pool.submit(_chunk_list, root, chunk, terms))
            if len(ahead) > 2 * workers:
                yield from ahead.popleft().result()
        while ahead:
            yield from ahead.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _end_with_parent() -> None:
    """Leave Ctrl-C to the parent, and end when it was killed."""
    from multiprocessing import parent_process

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(0)

    threading.Thread(target=watch, daemon=True).start()
