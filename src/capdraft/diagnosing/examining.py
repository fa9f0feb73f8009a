"""All examinations: side by side, each with a limit in time, none able to stop the others."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic

from capdraft.diagnosing.diagnosis import Diagnosis, Scene, as_broken, broken
from capdraft.diagnosing.endpoint import (
    ASK_LIMIT,
    examine_answers,
    examine_embeddings,
    examine_endpoint,
    examine_key,
)
from capdraft.diagnosing.files import (
    examine_catalog,
    examine_disk,
    examine_locks,
    examine_prompts,
    examine_workspace,
)
from capdraft.diagnosing.machine import (
    examine_browser,
    examine_extras,
    examine_python,
    examine_sqlite,
    examine_terminal,
)
from capdraft.diagnosing.repository import examine_git, examine_identity, examine_repository
from capdraft.errors import CapdraftError, NoWorkspace
from capdraft.settings import Settings, parse_settings
from capdraft.workspace import Workspace

LIMIT = 5.0
"""Seconds that an examination may take."""


@dataclass(frozen=True, slots=True)
class Examination:
    """How one part is looked at. It may say several things, or nothing where there is no need."""

    part: str
    look: Callable[[Scene], Diagnosis | Sequence[Diagnosis]]
    limit: float = LIMIT


EXAMINATIONS = (
    Examination("python", examine_python),
    Examination("extras", examine_extras),
    Examination("terminal", examine_terminal),
    Examination("browser", examine_browser),
    Examination("git", examine_git),
    Examination("identity", examine_identity),
    Examination("workspace", examine_workspace),
    Examination("repository", examine_repository),
    Examination("prompts", examine_prompts),
    Examination("catalog", examine_catalog),
    Examination("disk", examine_disk),
    Examination("sqlite", examine_sqlite),
    Examination("locks", examine_locks),
    Examination("key", examine_key),
    Examination("endpoint", examine_endpoint),
    Examination("answers", examine_answers, ASK_LIMIT),
    Examination("embeddings", examine_embeddings, ASK_LIMIT),
)


def look_around(folder: Path, environment: Mapping[str, str]) -> Scene:
    """Return the scene around `folder`, in a workspace or outside of one."""
    try:
        workspace = Workspace.find(folder)
    except NoWorkspace:
        return Scene(folder, None, environment=environment)
    try:
        stored = workspace.settings_text()
        settings = parse_settings(stored.text) if stored else Settings()
    except CapdraftError as error:
        return Scene(folder, workspace.root, unread=error, environment=environment)
    return Scene(folder, workspace.root, settings, environment=environment)


def examine(
    scene: Scene, examinations: Sequence[Examination] = EXAMINATIONS
) -> Iterator[Diagnosis]:
    """Yield what each examination says, in their order and as soon as it is known.

    The key is never in it, also where an endpoint repeats it.
    """
    started = [(item, _started(item, scene)) for item in examinations]
    begun = monotonic()
    for item, answers in started:
        try:
            found = answers.get(timeout=max(0.0, begun + item.limit - monotonic()))
        except Empty:
            told = f"no answer within {item.limit:g} seconds"
            found = [
                broken(item.part, told, "Try it again; what it waits for may be busy or gone.")
            ]
        yield from (_without_key(diagnosis, scene) for diagnosis in found)


def _started(item: Examination, scene: Scene) -> SimpleQueue[Sequence[Diagnosis]]:
    """Start an examination. Its thread is left behind where it never ends."""
    answers: SimpleQueue[Sequence[Diagnosis]] = SimpleQueue()

    def look() -> None:
        answers.put(_looked(item, scene))

    threading.Thread(target=look, name=f"doctor-{item.part}", daemon=True).start()
    return answers


def _looked(item: Examination, scene: Scene) -> Sequence[Diagnosis]:
    try:
        found = item.look(scene)
    except CapdraftError as error:
        return [as_broken(item.part, error)]
    except Exception as error:  # a check that fails is a finding, and stops no other one
        told = f"can't be looked at: {type(error).__name__}: {error}"
        return [
            broken(item.part, told, "Mend what it names, or report it as an error of capdraft.")
        ]
    return [found] if isinstance(found, Diagnosis) else found


def _without_key(diagnosis: Diagnosis, scene: Scene) -> Diagnosis:
    key = scene.environment.get("OPENAI_API_KEY", "").strip()
    if len(key) < 8:
        return diagnosis  # a word of a sentence, such as Ollama's "ollama"
    said, mend = (text.replace(key, "…") for text in (diagnosis.said, diagnosis.mend))
    return dataclasses.replace(diagnosis, said=said, mend=mend)
