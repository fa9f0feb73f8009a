"""Encodings: UTF-8 wins, others are declared or guessed, and what can't be told is refused."""

from __future__ import annotations

import codecs
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capdraft.errors import SourceError
from capdraft.sources import read_bytes

ENGLISH = "## Usage\n\nRun the tool on a folder. It reads each message and writes a label.\n\n"
JAPANESE = (
    "この道具は電子メールを話題ごとに分類します。精度は約九割で、画像処理装置なしでも動作します。"
)
CHINESE = "这个工具按主题整理电子邮件。训练数据包含十万封中文邮件,准确率约为九成,不需要显卡。"
TAIWANESE = "這個工具會依主題整理電子郵件。訓練資料包含十萬封中文郵件,準確率約為九成,不需要顯示卡。"
KOREAN = (
    "이 도구는 전자 우편을 주제별로 분류합니다. 정확도는 약 구할이며 그래픽 카드 없이도 동작합니다."
)
FRENCH = "Cet outil trie le courrier par sujet. Sa précision dépasse déjà celle d'un être humain."
GERMAN = "Dieses Werkzeug sortiert Nachrichten – auch größere Mengen – nach Themen: 5 € für „alle“."
RUSSIAN = "Этот инструмент сортирует почту по темам. Точность превышает девяносто процентов."
POLISH = (
    "To narzędzie sortuje pocztę według tematów. Dokładność przekracza dziewięćdziesiąt procent."
)
GUESSED = {
    "shift_jis": (JAPANESE, "shift_jis"),
    "euc_jp": (JAPANESE, "euc-jp"),
    "gb18030": (CHINESE, "gb18030"),
    "gbk": (CHINESE, "gb18030"),
    "big5": (TAIWANESE, "big5"),
    "euc_kr": (KOREAN, "euc-kr"),
    "latin-1": (FRENCH, "windows-1252"),
    "cp1252": (GERMAN, "windows-1252"),
    "koi8-r": (RUSSIAN, "koi8-r"),
    "utf-16": (FRENCH, "utf-16le"),
    "utf-16-be": (KOREAN, "utf-16be"),
    "utf-16-le": (GERMAN, "utf-16le"),
    "utf-32": (JAPANESE, "utf-32le"),
}


def refusal(data: bytes, name: str = "a.txt") -> SourceError:
    with pytest.raises(SourceError) as caught:
        read_bytes(data, name, uri="a")
    return caught.value


@pytest.mark.parametrize("codec", GUESSED)
@pytest.mark.parametrize("around", ["", ENGLISH, ENGLISH * 40])
def test_the_encoding_is_found_and_noted(codec: str, around: str) -> None:
    words, name = GUESSED[codec]
    text = f"{around}{words}\n{around}"
    document = read_bytes(text.encode(codec), "a.txt", uri="a")
    assert (document.text, document.encoding) == (text, name)


@pytest.mark.parametrize(
    "text",
    ["A café.", "by José Muñoz, Zürich", "• fast\n• small", "costs 5 € — or “free”", "40°C ±5"],
)
def test_a_few_western_letters_are_enough(text: str) -> None:
    document = read_bytes((ENGLISH * 9 + text).encode("cp1252"), "a.txt", uri="a")
    assert document.text == ENGLISH * 9 + text


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_utf8_always_wins(text: str) -> None:
    assert read_bytes(f"a\n\n{text}".encode(), "a.txt", uri="a").encoding == "utf-8"


@pytest.mark.parametrize(
    ("data", "message", "hint"),
    [
        (
            POLISH.encode("cp1250"),
            "at best windows-1250",
            "iconv -f WINDOWS-1250 -t UTF-8 'b c.md'",
        ),
        (FRENCH.encode("mac_roman"), "at best macintosh: byte 43, on line 1, is 0x8e", "MACINTOSH"),
        (
            codecs.BOM_UTF8 + b"ab\ncaf\xe9",
            "the file is UTF-8 with bytes that are not: byte 9, on line 2, is 0xe9",
            "iconv -c -f UTF-8 -t UTF-8 'b c.md'",
        ),
        (
            GERMAN.encode() + b"\xff",
            "the file is UTF-8 with bytes that are not: byte",
            "-c -f UTF-8",
        ),
        (b"\xff\xfeab\0\xd8", "the file is UTF-16-LE with bytes that are not", "-f UTF-16-LE"),
        ("Türkçe ışık".encode("cp1254"), "at best windows-125", "iconv -f WINDOWS-125"),
        ("Почта".encode("cp1251"), "at best", "iconv"),
        ("άλφα".encode("cp1253"), "at best", "iconv"),
        (JAPANESE.encode("cp932") + b"\xf0\x40" * 3, "at best shift_jis", "SHIFT_JIS"),
        (b"ab\0c", "the file is binary: byte 2 is NUL", "as text"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\1\0\0" * 9, "the file is binary: byte 8", "as text"),
        (bytes(range(1, 256)) * 9, "the file is not UTF-8, at best", "iconv"),
    ],
)
def test_what_cannot_be_told_is_refused(data: bytes, message: str, hint: str) -> None:
    error = refusal(data, "b c.md")
    assert message in error.message
    assert hint in error.hint


HEADS = {
    "page.html": "<meta charset='{}'><p>{}</p>",
    "old.htm": '<html><meta http-equiv=x content="text/html; charset={}"><p>{}</p>',
    "strict.html": '<?xml version="1.0" encoding="{}"?><p>{}</p>',
}


@pytest.mark.parametrize("name", HEADS)
@pytest.mark.parametrize(
    ("declared", "codec", "text"),
    [
        ("iso-8859-2", "iso-8859-2", POLISH),
        ("Shift_JIS", "cp932", "①市"),
        ("ISO-8859-1", "cp1252", "“5 €”"),
    ],
)
def test_a_page_declares_its_encoding(name: str, declared: str, codec: str, text: str) -> None:
    data = HEADS[name].format(declared, text).encode(codec)
    assert read_bytes(data, name, uri="a").passages[0].shown == text
    assert read_bytes(HEADS[name].format(declared, text).encode(), name, uri="a").text == text


def test_a_server_names_the_encoding() -> None:
    sent = "text/plain; charset=iso-8859-2"
    document = read_bytes(POLISH.encode("iso-8859-2"), "a.txt", uri="a", media_type=sent)
    assert (document.text, document.encoding) == (POLISH, "iso-8859-2")


def test_a_long_file_is_sampled() -> None:
    data = (ENGLISH * 7000 + FRENCH).encode("cp1252")
    line = b"a " * 200_000 + KOREAN.encode("euc_kr")
    started = time.process_time()
    assert read_bytes(data, "a.txt", uri="a").encoding == "windows-1252"
    assert read_bytes(line, "a.txt", uri="a").encoding == "euc-kr"
    assert time.process_time() - started < 2
