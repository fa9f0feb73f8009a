"""The embeddings of one model, each paid for once: two files that are only added to.

`.capdraft/embeddings/MODEL-HASH-LENGTH.vectors` holds unit vectors one after the other, as float32,
the file `.keys` beside it the SHA-256 of the text that each was made of.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from capdraft.errors import StoreError
from capdraft.text import sha256

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

PLACE = ".capdraft/embeddings"
MOST_EXACT = 250_000
"""Vectors that a need is compared with one by one; with more, only those of candidates."""
_KEY = 32
_FLOAT = 4


def has_numpy() -> bool:
    """Tell whether numpy is installed."""
    from importlib.util import find_spec

    return find_spec("numpy") is not None


class Vectors:
    """The vectors of one model in one workspace, by the hash of their text."""

    def __init__(self, root: Path, endpoint: str, model: str) -> None:
        self._folder = root / PLACE
        self._name = sha256(f"{endpoint}\n{model}")[:16]
        self._rows: dict[str, int] = {}
        self._read = 0

    def rows(self) -> Mapping[str, int]:
        """Return the row of each text's vector, by the hash of the text."""
        keys = self._file("keys")
        if keys is None:
            return {}
        whole = min(keys.stat().st_size // _KEY, self._stored())
        with keys.open("rb") as file:
            file.seek(self._read * _KEY)
            fresh = file.read((whole - self._read) * _KEY)
        for number in range(len(fresh) // _KEY):
            key = fresh[number * _KEY : (number + 1) * _KEY].hex()
            self._rows[key] = self._read + number
        self._read += len(fresh) // _KEY
        return self._rows

    def add(self, texts: Sequence[str], vectors: Sequence[Sequence[float]]) -> None:
        """Keep the vectors of `texts`, given by their hashes, and wait until they are on the disk.

        Raises:
            StoreError: they can't be written, or the model's vectors had another length before.
        """
        import numpy as np

        fresh = np.asarray(vectors, dtype=np.float32)
        fresh /= np.linalg.norm(fresh, axis=1, keepdims=True)
        with self._writing() as lock_held:
            known = self._length()
            if known not in (None, fresh.shape[1]):
                raise StoreError(
                    f"the model's embeddings have {fresh.shape[1]} numbers, and had {known} before",
                    where=PLACE,
                    hint=f"Remove {PLACE} to have every text embedded anew.",
                )
            path = lock_held / f"{self._name}-{fresh.shape[1]}.vectors"
            keys = path.with_suffix(".keys")
            held = min(_size(keys) // _KEY, _size(path) // (fresh.shape[1] * _FLOAT))
            # Vectors first: a key without its vector would be taken for paid.
            _append(path, held * fresh.shape[1] * _FLOAT, fresh.tobytes())
            _append(keys, held * _KEY, b"".join(map(bytes.fromhex, texts)))

    def nearest(
        self, need: Sequence[float], rows: Sequence[int], limit: int
    ) -> list[tuple[int, float]]:
        """Return (place in `rows`, cosine) of the vectors nearest to `need`, the nearest first."""
        import numpy as np

        matrix = self._matrix()
        wanted = np.asarray(need, dtype=np.float32)
        if not rows or wanted.shape[0] != matrix.shape[1]:
            return []
        wanted /= np.linalg.norm(wanted)
        chosen = np.asarray(rows)
        # One pass over the file is faster than picking most of its rows.
        dense = len(chosen) * 2 > len(matrix)
        scores = (matrix @ wanted)[chosen] if dense else matrix[chosen] @ wanted
        best = np.argsort(-scores, kind="stable")[:limit]
        return [(int(place), float(scores[place])) for place in best]

    def _matrix(self) -> Floats:
        import numpy as np

        path, length = self._file("vectors"), self._length()
        if path is None or length is None:
            return np.empty((0, 0), dtype=np.float32)
        rows = path.stat().st_size // (length * _FLOAT)
        return np.memmap(path, dtype=np.float32, mode="r", shape=(rows, length))

    def _stored(self) -> int:
        path, length = self._file("vectors"), self._length()
        return _size(path) // (length * _FLOAT) if path and length else 0

    def _file(self, ending: str) -> Path | None:
        return next(iter(sorted(self._folder.glob(f"{self._name}-*.{ending}"))), None)

    def _length(self) -> int | None:
        path = self._file("vectors")
        return int(path.stem.rpartition("-")[2]) if path else None

    @contextmanager
    def _writing(self) -> Iterator[Path]:
        from filelock import FileLock

        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self._folder / f"{self._name}.lock"):
                yield self._folder
        except OSError as error:
            raise StoreError(f"can't be written: {error.strerror}", where=PLACE) from error


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _append(path: Path, end: int, data: bytes) -> None:
    """Write `data` at `end`; what a run that was killed left behind it is cut off."""
    with path.open("ab") as file:
        file.truncate(end)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
