"""`hf:` and `gh:` against stubs of the Hub's and GitHub's API on loopback."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from capdraft.errors import ExtraMissing, SourceError
from capdraft.sources.addresses import Fetched, GitHubAddress, HubAddress, fetch, parse_address
from capdraft.sources.addresses.github import MAX_BYTES, MAX_FILES, GitHub, fetch_docs
from capdraft.text import sha256

COMMIT = "0123456789abcdef0123456789abcdef01234567"
CARD = b"---\nlicense: mit\n---\n# Reader\n\nReads printed tickets.\n"


@dataclass
class Stub:
    """What a stubbed API answers by path, and what it was asked with which token."""

    url: str
    answers: dict[str, tuple[int, bytes, dict[str, str]]] = field(default_factory=dict)
    asked: dict[str, str | None] = field(default_factory=dict)

    def give(self, path: str, body: object, status: int = 200, **headers: str) -> None:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.answers[path] = (status, data, headers)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client may hang up in the middle."""


def serve() -> Iterator[Stub]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            here.asked[self.path] = self.headers["Authorization"]
            status, data, headers = here.answers.get(self.path, (404, b"{}", {}))
            self.send_response(status)
            for name, value in {"Content_Length": str(len(data)), **headers}.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: Any) -> None:
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    here = Stub(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield here
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    for name in ("HF_TOKEN", "GITHUB_TOKEN", "HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    yield from serve()


@pytest.fixture
def elsewhere() -> Iterator[Stub]:
    yield from serve()


# The Hugging Face Hub


@pytest.fixture
def hub(stub: Stub, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Stub:
    """A Hub with one model, dataset and Space."""
    from huggingface_hub import constants

    # HF_ENDPOINT and HF_HOME are read when the library is first imported.
    monkeypatch.setattr(constants, "ENDPOINT", stub.url)
    monkeypatch.setattr(
        constants,
        "HUGGINGFACE_CO_URL_TEMPLATE",
        stub.url + "/{repo_id}/resolve/{revision}/{filename}",
    )
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "token"))
    said = {
        "id": "org/reader",
        "sha": COMMIT,
        "pipeline_tag": "image-to-text",
        "tags": ["ocr", "license:apache-2.0"],
        "siblings": [{"rfilename": "weights.bin"}],
    }
    for kind, folder in (("models", ""), ("datasets", "datasets/"), ("spaces", "spaces/")):
        stub.give(f"/api/{kind}/org/reader", said)
        stub.give(f"/{folder}org/reader/resolve/{COMMIT}/README.md", CARD)
    return stub


@pytest.mark.parametrize("kind", ["model", "dataset", "space"])
def test_a_card_comes_alone_and_at_its_commit(hub: Stub, kind: Any) -> None:
    fetched = fetch(HubAddress(kind, "org/reader"))
    (file,) = fetched.files
    folder = "" if kind == "model" else f"{kind}s/"
    assert file.uri == f"hf:{folder}org/reader@{COMMIT}/README.md"
    assert (file.name, file.data) == ("README.md", CARD)
    assert fetched.facts["type"] == kind
    assert fetched.facts["license"] == "apache-2.0"
    assert [path for path in hub.asked if "resolve" in path] == [
        f"/{folder}org/reader/resolve/{COMMIT}/README.md"
    ]


def test_what_the_hub_says_beside_the_card(hub: Stub) -> None:
    assert fetch(parse_address("hf:org/reader")).facts == {
        "type": "model",
        "pipeline_tag": "image-to-text",
        "tags": ["ocr", "license:apache-2.0"],
        "license": "apache-2.0",
    }


def test_a_revision_is_asked_for(hub: Stub) -> None:
    hub.give("/api/models/org/reader/revision/v2", {"id": "org/reader", "sha": "a" * 40})
    hub.give(f"/org/reader/resolve/{'a' * 40}/README.md", b"# Second\n\nText.\n")
    (file,) = fetch(parse_address("hf:org/reader@v2")).files
    assert file.uri == f"hf:org/reader@{'a' * 40}/README.md"


def test_the_hub_gets_its_token(hub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_made_up")
    fetch(parse_address("hf:org/reader"))
    # The library may ask the hub other things on its own, without a token.
    tokens = {token for path, token in hub.asked.items() if "org/reader" in path}
    assert tokens == {"Bearer hf_made_up"}


@pytest.mark.parametrize(
    ("status", "headers", "told"),
    [
        (404, {"X_Error_Code": "RepoNotFound"}, "no such repository"),
        (404, {"X_Error_Code": "RevisionNotFound"}, "no such revision"),
        (403, {"X_Error_Code": "GatedRepo"}, "gated"),
        (500, {}, "the Hub answered 500"),
    ],
)
def test_what_the_hub_refuses(hub: Stub, status: int, headers: dict[str, str], told: str) -> None:
    hub.give("/api/models/org/reader", {}, status, **headers)
    with pytest.raises(SourceError, match=told) as refused:
        fetch(parse_address("hf:org/reader"))
    assert refused.value.where == "hf:org/reader"
    assert refused.value.hint


def test_a_repository_without_a_card(hub: Stub) -> None:
    hub.give(f"/org/reader/resolve/{COMMIT}/README.md", b"", 404)
    with pytest.raises(SourceError, match=r"it has no README\.md"):
        fetch(parse_address("hf:org/reader"))


def test_a_card_that_is_too_long(hub: Stub) -> None:
    hub.give(f"/org/reader/resolve/{COMMIT}/README.md", b"x", Content_Length="30000000")
    with pytest.raises(SourceError, match="longer than 20 MB"):
        fetch(parse_address("hf:org/reader"))


def test_without_huggingface_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(ExtraMissing) as missing:
        fetch(parse_address("hf:org/reader"))
    assert missing.value.hint == "pip install 'capdraft[hub]'"


# GitHub


def blob_sha(path: str) -> str:
    return sha256(path)[:40]


def blob(path: str, size: int = 10, mode: str = "100644") -> dict[str, Any]:
    return {"path": path, "type": "blob", "mode": mode, "sha": blob_sha(path), "size": size}


@pytest.fixture
def repository(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> Stub:
    """A GitHub with one repository; each file holds its own path."""
    monkeypatch.setenv("GITHUB_API_URL", stub.url)
    give_trees(
        stub,
        [blob("README-de.md"), blob("README.md"), blob("setup.py"), blob("LICENSE")],
        [blob("logo.png"), blob("use/a b.md"), blob("x.rst", mode="120000"), blob(".hidden/a.md")],
    )
    return stub


README_BLOB = f"/repos/owner/name/git/blobs/{blob_sha('README.md')}"


def give_trees(stub: Stub, top: list[dict[str, Any]], docs: list[dict[str, Any]]) -> None:
    repo = "/repos/owner/name"
    folder = {"path": "docs", "type": "tree", "mode": "040000", "sha": "sha-docs"}
    stub.give(f"{repo}/commits/HEAD", COMMIT.encode())
    stub.give(f"{repo}/git/trees/{COMMIT}", {"tree": [*top, folder]})
    stub.give(f"{repo}/git/trees/sha-docs?recursive=1", {"tree": docs})
    for prefix, items in (("", top), ("docs/", docs)):
        for item in items:
            content = f"# {prefix}{item['path']}\n".encode()
            stub.give(f"{repo}/git/blobs/{item['sha']}", content)


def docs_of(address: str = "gh:owner/name") -> Fetched:
    return fetch(parse_address(address))


def test_the_readme_comes_first_and_docs_below_at_the_commit(repository: Stub) -> None:
    fetched = docs_of()
    assert [(file.uri, file.name, file.data) for file in fetched.files] == [
        (f"gh:owner/name@{COMMIT}/README.md", "README.md", b"# README.md\n"),
        (f"gh:owner/name@{COMMIT}/README-de.md", "README-de.md", b"# README-de.md\n"),
        (f"gh:owner/name@{COMMIT}/docs/use/a b.md", "a b.md", b"# docs/use/a b.md\n"),
    ]
    assert fetched.type == "repository"
    assert fetched.notes == (
        "gh:owner/name: left out, files of their kind are not read: docs/logo.png, "
        "docs/.hidden/a.md",
    )


def test_a_ref_is_asked_for(repository: Stub) -> None:
    repository.give("/repos/owner/name/commits/feature%2Fx", COMMIT.encode())
    assert docs_of("gh:owner/name@feature/x").files[0].uri.startswith(f"gh:owner/name@{COMMIT}/")


def test_no_more_than_a_hundred_files_and_five_megabytes_are_read(repository: Stub) -> None:
    many = [blob(f"{number:03}.md") for number in range(MAX_FILES + 5)]
    give_trees(repository, [blob("README.md", MAX_BYTES - 100), blob("README.txt", 101)], many)
    fetched = docs_of()
    assert [file.name for file in fetched.files] == [
        "README.md",
        *(f"{number:03}.md" for number in range(10)),
    ]
    assert fetched.notes[0].startswith(
        "gh:owner/name: left out, no more than 5 MB are read: README.txt, docs/010.md, "
    )
    assert fetched.notes[0].endswith("docs/013.md and 91 more")
    give_trees(repository, [], many)
    fetched = docs_of()
    assert len(fetched.files) == MAX_FILES
    assert fetched.notes == (
        "gh:owner/name: left out, no more than 100 files are read: docs/100.md, docs/101.md, "
        "docs/102.md, docs/103.md, docs/104.md",
    )


def test_a_file_longer_than_its_tree_says_is_cut_short(repository: Stub) -> None:
    repository.give(README_BLOB, b"x" * (MAX_BYTES + 1))
    with pytest.raises(SourceError, match="longer than 5 MB"):
        docs_of()


def test_the_token_goes_to_the_api_and_nowhere_else(
    repository: Stub, elsewhere: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "made-up")
    moved = f"{elsewhere.url}/moved"
    elsewhere.give("/moved", CARD)
    repository.give(README_BLOB, b"", 302, Location=moved)
    assert docs_of().files[0].data == CARD
    assert set(repository.asked.values()) == {"Bearer made-up"}
    assert elsewhere.asked == {"/moved": None}


def test_without_a_token_files_come_from_beside_the_api(
    repository: Stub, elsewhere: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("capdraft.sources.addresses.github.API", repository.url)
    base = f"/owner/name/{COMMIT}"
    for path in ("/README.md", "/README-de.md", "/docs/use/a%20b.md"):
        elsewhere.give(base + path, CARD)
    address = GitHubAddress("owner", "name")
    fetched = asyncio.run(fetch_docs(address, GitHub(repository.url, raw=elsewhere.url)))
    assert [file.data for file in fetched.files] == [CARD] * 3
    assert not [path for path in repository.asked if "blobs" in path]
    elsewhere.asked.clear()
    github = GitHub(repository.url, raw=elsewhere.url, token="made-up")
    assert len(asyncio.run(fetch_docs(address, github)).files) == 3
    assert elsewhere.asked == {}


def test_github_is_asked_with_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_API_URL", "http://github.example.org/api/v3")
    with pytest.raises(SourceError, match="GITHUB_API_URL is not https"):
        docs_of()


@pytest.mark.parametrize(
    ("status", "headers", "told"),
    [
        (404, {}, "Check the name, and the ref if there is one. If it is private, set"),
        (401, {}, "If it is private, set GITHUB_TOKEN"),
        (403, {"X_RateLimit_Remaining": "0"}, "Set GITHUB_TOKEN: without one"),
        (429, {}, "Set GITHUB_TOKEN: without one"),
        (502, {}, "try again later"),
    ],
)
def test_what_github_refuses(
    repository: Stub, status: int, headers: dict[str, str], told: str
) -> None:
    repository.give("/repos/owner/name/commits/HEAD", {}, status, **headers)
    with pytest.raises(SourceError, match=f"the server answered {status}") as refused:
        docs_of()
    assert refused.value.where == "gh:owner/name"
    assert told in refused.value.hint


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("commits/HEAD", b"<html>"),
        (f"git/trees/{COMMIT}", b"<html>"),
        (f"git/trees/{COMMIT}", b"[]"),
        (f"git/trees/{COMMIT}", b'{"tree": 1}'),
    ],
)
def test_something_else_than_github(repository: Stub, path: str, body: bytes) -> None:
    repository.give(f"/repos/owner/name/{path}", body)
    with pytest.raises(SourceError, match="what answers is not GitHub's API"):
        docs_of()


def test_a_repository_without_docs(repository: Stub) -> None:
    give_trees(repository, [blob("setup.py")], [blob("logo.png")])
    with pytest.raises(SourceError, match="no README, and nothing below docs/"):
        docs_of()
