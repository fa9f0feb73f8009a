"""Waiting where nothing can be awaited: in a script, or in a notebook's cell."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import asyncio

T = TypeVar("T")


def wait_for(start: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run the coroutine that `start` gives and return what it does.

    Where a loop runs in this thread already, as in a notebook, it runs in another one. An interrupt
    (Ctrl-C, a notebook's stop) cancels it.
    """
    import asyncio

    return _in_a_thread(start) if _is_in_a_loop() else asyncio.run(start())


def off_the_loop(call: Callable[[], T]) -> T:
    """Return what `call` does. It may run a loop: where one runs here, it is called in a thread."""
    if not _is_in_a_loop():
        return call()

    async def start() -> T:
        import asyncio

        return await asyncio.to_thread(call)

    return _in_a_thread(start)


async def imported(*rooms: str) -> None:
    """Import `rooms`, which takes half a second, in a thread: others may be using the loop."""
    import asyncio
    from importlib import import_module

    for room in rooms:
        await asyncio.to_thread(import_module, room)


def _is_in_a_loop() -> bool:
    import sys

    if "asyncio" not in sys.modules:
        return False
    import asyncio

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _in_a_thread(start: Callable[[], Coroutine[Any, Any, T]]) -> T:
    import asyncio
    from concurrent.futures import Future, ThreadPoolExecutor
    from contextvars import copy_context

    begun: Future[tuple[asyncio.AbstractEventLoop, asyncio.Task[T] | None]] = Future()

    async def work() -> T:
        begun.set_result((asyncio.get_running_loop(), asyncio.current_task()))
        return await start()

    with ThreadPoolExecutor(1, "capdraft") as pool:
        ended = pool.submit(copy_context().run, asyncio.run, work())
        try:
            return ended.result()
        except BaseException:
            if not ended.done():
                loop, task = begun.result()
                loop.call_soon_threadsafe(task.cancel if task else loop.stop)
            raise
