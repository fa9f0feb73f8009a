"""The bytes of a file as text, or what to do about bytes that are none.

UTF-8 wins wherever it decodes. Else a declared encoding counts, and then a guess: of the lines
that are not ASCII, since the others say nothing and drown a few letters in a long file.
"""

from __future__ import annotations

import codecs
import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass

from capdraft.errors import SourceError
from capdraft.text import clean

# The longer mark first: that of UTF-32 starts as that of UTF-16 does.
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
# The codec that reads most of what goes by a name, and the name that the web knows.
_NAMES = {
    "cp932": "shift_jis",
    "euc_jis_2004": "euc-jp",
    "big5hkscs": "big5",
    "cp949": "euc-kr",
    "gb18030": "gb18030",
    "koi8-r": "koi8-r",
    "cp1251": "windows-1251",
    "cp1252": "windows-1252",
    "mac-roman": "macintosh",
    "iso8859-2": "iso-8859-2",
    "cp1250": "windows-1250",
    "cp1253": "windows-1253",
    "cp1254": "windows-1254",
}
# The confidence from which a guess is taken, measured; the other encodings are too alike to tell.
_ENOUGH = {
    "cp932": 0.2,
    "euc_jis_2004": 0.2,
    "big5hkscs": 0.1,
    "cp949": 0.2,
    "gb18030": 0.1,
    "koi8-r": 0.3,
    "cp1251": 0.3,
}
_WESTERN = "cp1252"
_SAMPLE = 50_000
# In a long line only what is near a byte that is not ASCII tells encodings apart.
_ASCII = re.compile(rb"([\x00-\x7f]{50})[\x00-\x7f]*([\x00-\x7f]{50})")
_LONG = 1000
_META = re.compile(
    rb"""<meta\b[^>]*?\bcharset\s*=\s*["']?\s*([\w.:-]+)|^\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([\w.:-]+)""",
    re.IGNORECASE,
)
_CHARSET = re.compile(r"""\bcharset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
_HEAD = 1024  # Where a browser looks for it.
# What Western text has beside ASCII: letters with ASCII around them, and signs.
_LETTERS = "àáâãäåæçèéêëìíîïñòóôõöøœùúûüÿßÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØŒÙÚÛÜ"
_FOREIGN = re.compile(rf"[^\x00-\x7f{_LETTERS}\s‘’“”‚„‹›«»–—…•·€£©®™°±²³µ×÷¼½¾§¿¡†ªº]")
_RUN = re.compile(rf"[{_LETTERS}]{{3}}|[^\W\d_][²³¿¡½¼¾]+[^\W\d_]")
_ODD = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f\ue000-\uf8ff\ufffe\uffff]")


@dataclass(slots=True)
class Source:
    """A file as a reader gets it: its bytes, its name, and where it comes from."""

    data: bytes
    name: str
    uri: str
    charset: str | None = None
    """The encoding that the sender named."""
    encoding: str = "utf-8"
    """The one that `text` found."""

    def text(self, charset: str | None = None) -> str:
        """Return the cleaned text of a file that holds nothing but text; `charset` is declared.

        Raises:
            SourceError: the file is binary, or its encoding can't be told.
        """
        mark = next(filter(self.data.startswith, _MARKS), b"")
        if mark:
            text = self._decoded(self.data[len(mark) :], _MARKS[mark])
        elif b"\0" in self.data:
            text = self._wide()
        else:
            text = self._decoded(self.data, "utf-8")
        if text is None and (mark or _is_mostly_utf8(self.data)):
            raise self._not_told(_MARKS.get(mark, "utf-8"))
        if text is None:
            text = self._declared((self.charset, charset))
        return clean(self._guessed() if text is None else text)

    def _wide(self) -> str:
        import chardet

        sample = self.data[: _SAMPLE // 4 * 4]
        found = chardet.detect(
            sample, include_encodings=_WIDE, no_match_encoding=_WIDE[0], compat_names=False
        )
        guess = found["encoding"]
        sure = guess in _WIDE and found["confidence"] > 0.5
        text = self._decoded(self.data, guess) if guess and sure else None
        if text is None or _is_odd(text):
            problem = f"the file is binary: byte {self.data.index(0)} is NUL"
            raise SourceError(problem, where=self.uri, hint="Give the document as text.")
        return text

    def _declared(self, charsets: Iterable[str | None]) -> str | None:
        for charset in filter(None, charsets):
            codec = _codec(charset)
            text = self._decoded(self.data, codec) if codec else None
            if text is not None:
                return text
        return None

    def _guessed(self) -> str:
        import chardet

        sample = _telling(self.data)
        found = chardet.detect(
            sample, include_encodings=_NAMES, prefer_superset=True, compat_names=False
        )
        guess = found["encoding"] if found["encoding"] in _NAMES else _WESTERN
        if guess not in _ENOUGH and _is_western(sample):
            guess, enough = _WESTERN, True
        else:
            enough = found["confidence"] >= _ENOUGH.get(guess, 2)
        text = self._decoded(self.data, guess) if enough else None
        if text is None or _is_odd(text):
            raise self._not_told(_NAMES[guess])
        return text

    def _decoded(self, data: bytes, encoding: str) -> str | None:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            return None
        self.encoding = _NAMES.get(encoding, encoding.replace("-le", "le").replace("-be", "be"))
        return text

    def _not_told(self, guess: str) -> SourceError:
        name = shlex.quote(self.name)
        if guess in _MARKS.values():
            problem = f"the file is {guess.upper()} with bytes that are not: {self._first_wrong()}"
            lossy = f"iconv -c -f {guess.upper()} -t UTF-8 {name}"
            hint = f"Mend it, or leave out what is broken: {lossy}"
        else:
            problem = f"the file is not UTF-8, at best {guess}: {self._first_wrong()}"
            command = f"iconv -f {guess.upper()} -t UTF-8 {name}"
            hint = f"Convert it from the encoding that it has: {command}"
        return SourceError(problem, where=self.uri, hint=hint)

    def _first_wrong(self) -> str:
        try:
            self.data.decode()
        except UnicodeDecodeError as error:
            line = self.data.count(b"\n", 0, error.start) + 1
            return f"byte {error.start}, on line {line}, is 0x{self.data[error.start]:02x}"
        return f"there are {len(self.data)} bytes"


def declared_charset(data: bytes) -> str | None:
    """Return the encoding that the head of an HTML page declares."""
    found = _META.search(data[:_HEAD])
    return (found[1] or found[2]).decode() if found else None


def sent_charset(media_type: str | None) -> str | None:
    """Return the encoding that a web server names behind the media type."""
    found = _CHARSET.search(media_type or "")
    return found[1] if found else None


def _codec(charset: str) -> str | None:
    """Return the codec for `charset`: as a browser does, the one that reads the most."""
    try:
        name = codecs.lookup(charset).name
    except LookupError:
        return None
    wider = {
        "ascii": _WESTERN,
        "iso8859-1": _WESTERN,
        "shift_jis": "cp932",
        "euc_jp": "euc_jis_2004",
        "big5": "big5hkscs",
        "euc_kr": "cp949",
        "gb2312": "gb18030",
        "gbk": "gb18030",
    }
    return wider.get(name, name)


def _telling(data: bytes) -> bytes:
    """Return the lines of `data` that tell its encoding, as many as a guess needs."""
    lines = (line for line in data.splitlines() if not line.isascii())
    short = (line if len(line) < _LONG else _ASCII.sub(rb"\1\n\2", line) for line in lines)
    return b"\n".join(short)[:_SAMPLE]


def _is_western(sample: bytes) -> bool:
    """Tell whether `sample` makes words as Western European languages write them."""
    try:
        text = sample.decode(_WESTERN)
    except UnicodeDecodeError:
        return False
    return not _FOREIGN.search(text) and not _RUN.search(text)


def _is_odd(text: str) -> bool:
    """Tell whether `text` holds what no text does, as from bytes that were none."""
    return len(_ODD.findall(text)) * 100 > len(text)


def _is_mostly_utf8(data: bytes) -> bool:
    """Tell whether more of the letters in `data` are UTF-8 than are broken."""
    text = data.decode(errors="replace")
    broken = text.count("\ufffd")
    return sum(not char.isascii() for char in text) > 2 * broken
