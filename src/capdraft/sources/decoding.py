"""The bytes of a file as text, or what to do about bytes that are none."""

from __future__ import annotations

import codecs
import shlex
from dataclasses import dataclass

from capdraft.errors import SourceError
from capdraft.text import clean


@dataclass(frozen=True, slots=True)
class Source:
    """A file as a reader gets it: its bytes, its name, and where it comes from."""

    data: bytes
    name: str
    uri: str

    def text(self) -> str:
        """Return the cleaned text of a file that holds nothing but text.

        Raises:
            SourceError: the file is binary or not UTF-8.
        """
        data = self.data
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise self._not_utf8("the file is UTF-16, not UTF-8", "UTF-16")
        if b"\0" in data:
            problem = f"the file is binary: byte {data.index(0)} is NUL"
            raise SourceError(problem, where=self.uri, hint="Give the document as text.")
        mark = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
        try:
            return clean(data[mark:].decode())
        except UnicodeDecodeError as error:
            offset = mark + error.start
            line = data.count(b"\n", 0, offset) + 1
            byte = f"byte {offset}, on line {line}, is 0x{data[offset]:02x}"
            problem = f"the file is not UTF-8: {byte}"
            raise self._not_utf8(problem, "WINDOWS-1252") from error

    def _not_utf8(self, problem: str, encoding: str) -> SourceError:
        name = shlex.quote(self.name)
        hint = f"Convert it from the encoding that it has: iconv -f {encoding} -t UTF-8 {name}"
        return SourceError(problem, where=self.uri, hint=hint)
