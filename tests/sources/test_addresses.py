"""Addresses as they are written, which of them may be reached, and what is kept of them."""

from __future__ import annotations

import ipaddress
import os
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from capdraft.errors import SourceError, StoreError
from capdraft.records import DocumentRef
from capdraft.sources import read_bytes
from capdraft.sources.addresses import (
    GitHubAddress,
    HubAddress,
    WebAddress,
    is_address,
    keep,
    parse_address,
    read_kept,
    without_password,
)
from capdraft.sources.addresses.policy import is_public
from capdraft.text import sha256

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("source", "address", "stem"),
    [
        ("https://example.org/card.md", WebAddress("https://example.org/card.md"), "example.org"),
        (
            "https://example.org/a/reader.md#x",
            WebAddress("https://example.org/a/reader.md"),
            "reader",
        ),
        ("https://example.org/reader/", WebAddress("https://example.org/reader/"), "reader"),
        (
            "https://example.org/reader/README.md",
            WebAddress("https://example.org/reader/README.md"),
            "reader",
        ),
        ("https://example.org", WebAddress("https://example.org"), "example.org"),
        ("https://example.org:8443/a?b=c", WebAddress("https://example.org:8443/a?b=c"), "a"),
        ("https://93.184.216.34/a", WebAddress("https://93.184.216.34/a"), "a"),
        ("HF:org/name", HubAddress("model", "org/name"), "name"),
        ("hf:name", HubAddress("model", "name"), "name"),
        ("hf:datasets/org/name", HubAddress("dataset", "org/name"), "name"),
        ("hf:spaces/org/name@v1.2", HubAddress("space", "org/name", "v1.2"), "name"),
        ("hf:org/name@refs/pr/1", HubAddress("model", "org/name", "refs/pr/1"), "name"),
        ("gh:owner/na.me", GitHubAddress("owner", "na.me"), "na.me"),
        ("gh:owner/name@feature/x", GitHubAddress("owner", "name", "feature/x"), "name"),
    ],
)
def test_what_addresses_mean(source: str, address: object, stem: str) -> None:
    assert is_address(source)
    parsed = parse_address(source)
    assert parsed == address
    assert parsed.stem == stem


@pytest.mark.parametrize(
    ("page", "raw", "stem"),
    [
        (
            "https://github.com/owner/name/blob/main/README.md?plain=1#use",
            "https://raw.githubusercontent.com/owner/name/main/README.md",
            "name",
        ),
        (
            "https://github.com/owner/name/blob/main/docs/reader.md",
            "https://raw.githubusercontent.com/owner/name/main/docs/reader.md",
            "reader",
        ),
        (
            "https://huggingface.co/datasets/org/name/blob/main/README.md",
            "https://huggingface.co/datasets/org/name/resolve/main/README.md",
            "name",
        ),
    ],
)
def test_a_page_that_shows_a_file_stands_for_the_file(page: str, raw: str, stem: str) -> None:
    address = parse_address(page)
    assert isinstance(address, WebAddress)
    assert (address.url, address.given) == (raw, page.partition("#")[0])
    assert address.stem == stem
    assert parse_address(raw) == WebAddress(raw)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("http://example.org/card.md", "http is not read"),
        ("ftp://example.org/card.md", "ftp: are not read"),
        ("file:///etc/passwd", "file: are not read"),
        ("https:/example.org/card.md", "names no host"),
        ("https://", "names no host"),
        ("https://example.org:0/", "names no host"),
        ("https://example.org:99999/", "this is no address"),
        ("https://[::1/", "this is no address"),
        ("https://example.org/a b", "no space"),
        ("https://example.org\\@10.0.0.1/", "backslash"),
        ("https://example.org/\r\nHost: x", "control code"),
        ("https://user:secret@example.org/", "user or password"),
        ("https://user@example.org/", "user or password"),
        ("https://localhost/", "private network"),
        ("https://LOCALHOST./", "private network"),
        ("https://api.localhost/", "private network"),
        ("https://printer/", "private network"),
        ("https://printer.local/", "private network"),
        ("https://metadata.google.internal/", "private network"),
        ("https://router.home.arpa/", "private network"),
        ("hf:", "no repository of the Hugging Face Hub"),
        ("hf:a/b/c/d", "no repository of the Hugging Face Hub"),
        ("hf:../name", "no repository of the Hugging Face Hub"),
        ("hf:org/name@../x", "no repository of the Hugging Face Hub"),
        ("gh:name", "no repository on GitHub"),
        ("gh:owner/..", "no repository on GitHub"),
        ("gh:owner/name@a..b", "no repository on GitHub"),
        ("gh:owner/name/../x", "no repository on GitHub"),
        ("gh:owner/name@-x", "no repository on GitHub"),
    ],
)
def test_addresses_that_are_refused(source: str, told: str) -> None:
    assert is_address(source)
    with pytest.raises(SourceError, match=told) as refused:
        parse_address(source)
    assert refused.value.hint
    assert "secret" not in str(refused.value) + refused.value.hint


@pytest.mark.parametrize("path", ["card.md", "./hf:card", "docs/https:", "C:\\card.md", "a@b.md"])
def test_paths_are_no_addresses(path: str) -> None:
    assert not is_address(path)
    assert without_password(path) == path


@given(st.text() | st.from_regex(r"(https|http|hf|gh|ftp)://?[\x20-\x7eéß@:/#?\[\]]*"))
@example("https://[v1.x]/")
@example("https://ex\u2100mple.org/")
@example("hf:\u0665/a")
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        address = parse_address(text)
    except SourceError:
        return
    if isinstance(address, WebAddress):
        parts = urlsplit(address.url)
        assert (parts.scheme, parts.fragment) == ("https", "")
        assert "@" not in parts.netloc
        assert parts.hostname
    else:
        assert ".." not in str(address)
        assert parse_address(str(address)) == address


@given(
    user=st.text("abc:%", max_size=5),
    password=st.text("xyz!:@%.$&", min_size=1, max_size=12).map(lambda text: f"s3cr3t{text}"),
    path=st.sampled_from(["", "/", "/a@b", "/?q=a@b", "#@"]),
)
def test_a_password_is_never_shown(user: str, password: str, path: str) -> None:
    source = f"https://{user}:{password}@example.org{path}"
    assert "s3cr3t" not in without_password(source)
    with pytest.raises(SourceError) as refused:
        parse_address(source)
    assert "s3cr3t" not in f"{refused.value} {refused.value.hint}"


def test_a_password_that_breaks_the_address_is_not_shown_either() -> None:
    for sign in "/?#":
        assert without_password(f"https://me:pa{sign}ss@example.org/") == "https://***@example.org/"
    assert without_password("https://example.org/@me/a") == "https://example.org/@me/a"
    assert without_password("https://example.org:443/@me") == "https://example.org:443/@me"


PUBLIC = """
    1.1.1.1 8.8.8.8 93.184.216.34 172.15.0.1 172.32.0.1 100.63.255.255 100.128.0.1 198.17.0.1
    2606:4700::1111 2a00:1450:4001::1 2001:4860:4860::8888 ::ffff:8.8.8.8 64:ff9b::8.8.8.8
    2002:808:808::1
"""
NOT_PUBLIC = """
    0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 100.100.100.200 127.0.0.1
    127.255.255.254 168.63.129.16 169.254.0.1 169.254.169.254 172.16.0.1 172.31.255.255
    192.0.0.1 192.0.0.9 192.0.0.192 192.0.2.1 192.88.99.1 192.168.0.1 192.168.255.255 198.18.0.1
    198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 232.1.2.3 240.0.0.1
    255.255.255.255 :: ::1 ::2 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1
    ::ffff:169.254.169.254 ::ffff:224.0.0.1 ::ffff:100.64.0.1 ::ffff:0:8.8.8.8
    64:ff9b::127.0.0.1 64:ff9b::10.0.0.1 64:ff9b::169.254.169.254 64:ff9b:1::1
    64:ff9b:1::8.8.8.8 100::1 100:0:0:1::1 2001::1 2001:0:7f00:1:: 2001:10::1 2001:20::1
    2001:db8::1 2002:7f00:1::1 2002:a00:1::1 2002:a9fe:a9fe::1 2002:e000:1::1 3fff::1 4000::1
    5f00::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%1 febf::1 fec0::1 ff02::1 ff0e::1
    2606:4700::1111%1
"""


@pytest.mark.parametrize("address", PUBLIC.split())
def test_hosts_of_the_public_internet_may_be_reached(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", NOT_PUBLIC.split())
def test_other_addresses_may_not_be_reached(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


def ref_for(data: bytes, media_type: str = "text/markdown") -> DocumentRef:
    return DocumentRef(
        id="d1",
        uri=f"gh:owner/name@{COMMIT}/README.md",
        sha256=sha256(data),
        retrieved=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        media_type=media_type,
        passages=1,
    )


CARD = b"# Reader\n\nReads *printed* tickets.\n"


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("a.md", "text/markdown"), ("a.txt", "text/plain"), ("a.html", "text/html")],
)
def test_what_is_kept_reads_as_it_did(tmp_path: Path, name: str, media_type: str) -> None:
    then = read_bytes(CARD, name, uri=ref_for(CARD).uri, retrieved=ref_for(CARD).retrieved)
    path = keep(tmp_path, CARD)
    assert path == keep(tmp_path, CARD) == tmp_path / ".capdraft/documents" / sha256(CARD)
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    assert read_kept(tmp_path, ref_for(CARD, media_type)) == then


def test_only_the_very_bytes_are_at_hand(tmp_path: Path) -> None:
    assert read_kept(tmp_path, ref_for(CARD)) is None
    keep(tmp_path, CARD).write_bytes(b"# Reader\n\nReads all tickets.\n")
    assert read_kept(tmp_path, ref_for(CARD)) is None
    keep(tmp_path, CARD)
    assert read_kept(tmp_path, ref_for(CARD)) is not None


def test_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="No space left"):
        keep(tmp_path, CARD)
    assert list((tmp_path / ".capdraft/documents").iterdir()) == []
