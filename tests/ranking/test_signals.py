"""Signals: which repository is asked, what is kept of its answer, and what goes wrong."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from capdraft.errors import FileInvalid, NotFound, UsageProblem
from capdraft.ranking import Hosts, parse_values, read_signals, refresh, set_signals
from capdraft.ranking.repositories import named_repositories, page_of, repository_of
from capdraft.records import Artifact, CatalogEntry, DocumentRef
from capdraft.workspace import Workspace
from capdraft.workspace.workspace import StoredEntry

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("address", "named"),
    [
        (f"hf:org/reader@{COMMIT}/README.md", "hf:org/reader"),
        (f"hf:datasets/org/tickets@{COMMIT}/README.md", "hf:datasets/org/tickets"),
        (f"gh:owner/na.me@{COMMIT}/docs/use/a b.md", "gh:owner/na.me"),
        ("https://huggingface.co/org/reader", "hf:org/reader"),
        ("https://huggingface.co/org/reader/resolve/main/README.md", "hf:org/reader"),
        ("https://hf.co/datasets/org/tickets/tree/main", "hf:datasets/org/tickets"),
        ("https://huggingface.co/datasets/tickets", "hf:datasets/tickets"),
        ("https://huggingface.co/reader/tree/main", "hf:reader"),
        ("https://huggingface.co/spaces/org/demo", "hf:spaces/org/demo"),
        ("http://github.com/owner/name.git#use", "gh:owner/name"),
        ("https://raw.githubusercontent.com/owner/name/main/README.md", "gh:owner/name"),
        ("https://www.github.com/owner/name/blob/main/README.md?plain=1", "gh:owner/name"),
        ("https://huggingface.co/org", None),
        ("https://huggingface.co/papers/2407.07726", None),
        ("https://huggingface.co/docs/transformers", None),
        ("https://huggingface.co/collections/org/readers", None),
        ("https://github.com/owner", None),
        ("https://github.com/topics/ocr", None),
        ("https://owner.github.io/name/", None),
        ("https://github.com.example.org/owner/name", None),
        ("https://example.org/github.com/owner/name", None),
        ("https://github.com/../name", None),
        ("https://github.com/owner/%2e%2e", None),
        ("https://[::1", None),
        ("docs/reader.md", None),
        ("catalog/reader.json", None),
    ],
)
def test_which_repository_an_address_names(address: str, named: str | None) -> None:
    found = repository_of(address)
    assert (None if found is None else str(found)) == named


def asked(documents: list[str], links: list[str], kind: str = "model") -> list[str]:
    return [str(item) for item in named_repositories(documents, links, kind).repositories]


def test_what_was_read_is_asked_before_what_is_linked() -> None:
    documents = ["hf:org/reader@a/README.md", "hf:Org/Reader@b/README.md", "notes.md"]
    links = ["https://huggingface.co/org/other", "https://github.com/owner/code"]
    assert asked(documents, links) == ["hf:org/reader", "gh:owner/code"]
    assert asked([], links) == ["hf:org/other", "gh:owner/code"]


def test_a_link_to_something_else_than_the_artifact_is_not_asked() -> None:
    links = ["https://huggingface.co/spaces/o/demo", "https://huggingface.co/datasets/o/tickets"]
    assert asked([], links) == []
    assert asked([], links, "dataset") == ["hf:datasets/o/tickets"]
    assert asked(["hf:spaces/o/demo@a/README.md"], []) == ["hf:spaces/o/demo"]


def test_of_several_links_none_is_guessed() -> None:
    found = named_repositories([], ["https://github.com/a/b", "https://github.com/a/c"], "model")
    assert found.repositories == ()
    assert found.unclear == ("its links name several repositories: gh:a/b, gh:a/c",)


@dataclass
class Stub:
    """What the Hub's and GitHub's API answer by path, and what they were asked with which token."""

    url: str
    answers: dict[str, tuple[int, Any, dict[str, str]]] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)

    def give(self, path: str, body: Any, status: int = 200, **headers: str) -> None:
        self.answers[path] = (status, body, headers)


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Stub]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            here.asked.append((self.path, self.headers["Authorization"]))
            status, body, headers = here.answers.get(self.path, (404, {}, {}))
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            for name, value in {"Content_Length": str(len(data)), **headers}.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: Any) -> None:
            pass

    from huggingface_hub import constants

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads, server.block_on_close = True, False
    here = Stub(f"http://127.0.0.1:{server.server_port}")
    for name in ("HF_TOKEN", "GITHUB_TOKEN", "HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    # HF_ENDPOINT and HF_HOME are read when the library is first imported.
    monkeypatch.setattr(constants, "ENDPOINT", here.url)
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "token"))
    monkeypatch.setenv("GITHUB_API_URL", here.url)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield here
    server.shutdown()
    thread.join()
    server.server_close()


HUB, GITHUB = "/api/models/org/reader", "/repos/owner/code"


@pytest.fixture
def hosts(stub: Stub) -> Stub:
    stub.give(HUB, {"id": "org/reader", "downloads": 1200, "likes": 40})
    stub.give(GITHUB, {"stargazers_count": 350, "forks_count": 12, "watchers": 9})
    return stub


def make(folder: Path, *uris: str, slug: str = "reader", links: tuple[str, ...] = ()) -> Workspace:
    """Return a workspace in `folder` whose catalog has an artifact, read from `uris`."""
    workspace = Workspace(folder)
    documents = tuple(
        DocumentRef(
            id=f"d{number}",
            uri=uri,
            sha256="0" * 64,
            retrieved=NOW,
            media_type="text/plain",
            passages=1,
        )
        for number, uri in enumerate(uris, 1)
    )
    artifact = Artifact(slug=slug, name=slug, type="model", links=links)
    entry = CatalogEntry(artifact=artifact, documents=documents)
    workspace.write_entry(entry, StoredEntry(None, None))
    return workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    links = ("https://github.com/owner/code",)
    return make(tmp_path, f"hf:org/reader@{COMMIT}/README.md", links=links)


def told(workspace: Workspace) -> dict[str, tuple[int, str, datetime]]:
    signals = read_signals(workspace, "reader").signals
    assert signals is not None
    return {item.name: (item.value, item.source, item.retrieved) for item in signals.signals}


def test_signals_come_with_source_and_date(hosts: Stub, workspace: Workspace) -> None:
    done = refresh(workspace, "reader", Hosts(), NOW)
    assert (done.asked, done.failures) == (("hf:org/reader", "gh:owner/code"), ())
    hub, github = "https://huggingface.co/org/reader", "https://github.com/owner/code"
    assert told(workspace) == {
        "downloads": (1200, hub, NOW),
        "likes": (40, hub, NOW),
        "stars": (350, github, NOW),
        "forks": (12, github, NOW),
    }
    assert {path for path, _ in hosts.asked if "org/reader" in path or "code" in path} == {
        HUB,
        GITHUB,
    }
    written = (workspace.root / "signals/reader.json").read_text()
    assert list(json.loads(written)) == ["schema", "artifact", "signals"]


def test_asking_again_replaces_what_the_hosts_said_and_nothing_else(
    hosts: Stub, workspace: Workspace
) -> None:
    set_signals(workspace, "reader", {"likes": 7}, source=None, who="ann", now=NOW)
    refresh(workspace, "reader", Hosts(), NOW)
    later = NOW + timedelta(days=1)
    hosts.give(HUB, {"id": "org/reader", "downloads": 900, "likes": 41})
    hosts.give(GITHUB, {}, 500)
    done = refresh(workspace, "reader", Hosts(), later)
    assert [str(error) for error in done.failures] == [
        "gh:owner/code: the server answered 500 Internal Server Error"
    ]
    signals = done.signals
    assert [(s.name, s.value, s.by, s.retrieved) for s in signals.signals] == [
        ("downloads", 900, None, later),
        ("likes", 7, "ann", NOW),
        ("likes", 41, None, later),
        ("stars", 350, None, NOW),
        ("forks", 12, None, NOW),
    ]
    assert signals.counted["likes"].value == 7
    make(workspace.root / "moved", "notes.md")
    (workspace.root / "catalog/reader.json").unlink()
    make(workspace.root, "notes.md")
    assert [s.by for s in refresh(workspace, "reader", Hosts(), later).signals.signals] == ["ann"]


def test_tokens_go_to_their_host(
    hosts: Stub, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_made_up")
    monkeypatch.setenv("GITHUB_TOKEN", "made-up")
    refresh(workspace, "reader", Hosts(), NOW)
    sent = dict(hosts.asked)
    assert (sent[HUB], sent[GITHUB]) == ("Bearer hf_made_up", "Bearer made-up")


@pytest.mark.parametrize(
    ("path", "status", "body", "headers", "message", "hint"),
    [
        (HUB, 404, {}, {"X_Error_Code": "RepoNotFound"}, "no such repository", "Check the name"),
        (HUB, 403, {}, {"X_Error_Code": "GatedRepo"}, "gated", "HF_TOKEN"),
        (GITHUB, 404, {}, {}, "answered 404", "Check the name"),
        (GITHUB, 200, b"<html>", {}, "not GitHub's API", "GITHUB_API_URL"),
        (GITHUB, 200, [1], {}, "not GitHub's API", "GITHUB_API_URL"),
        (GITHUB, 200, {"stargazers_count": 3}, {}, "not GitHub's API", "GITHUB_API_URL"),
    ],
)
def test_what_a_host_refuses_is_told_and_the_other_is_asked(
    hosts: Stub,
    workspace: Workspace,
    path: str,
    status: int,
    body: Any,
    headers: dict[str, str],
    message: str,
    hint: str,
) -> None:
    hosts.give(path, body, status, **headers)
    (error,) = refresh(workspace, "reader", Hosts(), NOW).failures
    assert message in error.message
    assert hint in error.hint
    assert set(told(workspace)) == ({"stars", "forks"} if path == HUB else {"downloads", "likes"})


@pytest.mark.parametrize(
    ("path", "status", "headers"),
    [
        (HUB, 429, {}),
        (GITHUB, 429, {}),
        (GITHUB, 403, {"X_RateLimit_Remaining": "0"}),
    ],
)
def test_a_host_that_was_asked_too_often_is_left_alone(
    hosts: Stub, workspace: Workspace, path: str, status: int, headers: dict[str, str]
) -> None:
    hosts.give(path, {}, status, **headers)
    shared = Hosts()
    refresh(workspace, "reader", shared, NOW)
    before = [asked for asked, _ in hosts.asked if asked == path]
    (error,) = refresh(workspace, "reader", shared, NOW).failures
    assert error.message.startswith("not asked: ")
    assert [asked for asked, _ in hosts.asked if asked == path] == before


@pytest.mark.parametrize("count", [None, "many", -1, True, 1.5, 10**20])
def test_what_is_no_count_is_not_taken_for_one(
    hosts: Stub, workspace: Workspace, count: object
) -> None:
    hosts.give(GITHUB, {"stargazers_count": count, "forks_count": 12})
    refresh(workspace, "reader", Hosts(), NOW)
    assert set(told(workspace)) == {"downloads", "likes", "forks"}


def test_without_huggingface_hub_the_others_are_asked(
    hosts: Stub, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    (error,) = refresh(workspace, "reader", Hosts(), NOW).failures
    assert error.hint == "pip install 'capdraft[hub]'"
    assert set(told(workspace)) == {"stars", "forks"}


def test_signals_are_set_by_hand_and_taken_away(workspace: Workspace) -> None:
    def set_(words: list[str], source: str | None = None) -> dict[str, tuple[int, str, datetime]]:
        set_signals(workspace, "reader", parse_values(words), source=source, who="ann", now=NOW)
        return told(workspace)

    assert set_(["downloads=1,200", "dependents=3"]) == {
        "downloads": (1200, "set by hand by ann", NOW),
        "dependents": (3, "set by hand by ann", NOW),
    }
    url = "https://example.org/stats"
    assert set_(["downloads=1_300"], url)["downloads"] == (1300, url, NOW)
    assert set(set_(["downloads="])) == {"dependents"}


@pytest.mark.parametrize("word", ["downloads", "fame=3", "likes=-1", "likes=1e9", "likes=²", "=3"])
def test_what_sets_no_signal_is_refused(word: str) -> None:
    with pytest.raises(UsageProblem, match="sets no signal"):
        parse_values([word])


def test_no_signals_of_what_is_not_there(workspace: Workspace) -> None:
    with pytest.raises(NotFound):
        set_signals(workspace, "nobody", {"likes": 1}, source=None, who="ann", now=NOW)
    with pytest.raises(NotFound):
        refresh(workspace, "nobody", Hosts(), NOW)
    with pytest.raises(UsageProblem):
        set_signals(workspace, "reader", {"likes": 10**16}, source=None, who="ann", now=NOW)


def test_a_file_that_is_not_what_its_schema_says_is_told(workspace: Workspace) -> None:
    file = workspace.root / "signals/reader.json"
    file.parent.mkdir()
    for text in ("{", '{"artifact": "other"}', '{"artifact": "reader", "stars": 3}'):
        file.write_text(text)
        with pytest.raises(FileInvalid) as invalid:
            read_signals(workspace, "reader")
        assert invalid.value.where == "signals/reader.json"


def test_the_page_of_a_repository() -> None:
    for page in ("https://huggingface.co/datasets/org/tickets", "https://github.com/owner/name"):
        repository = repository_of(page)
        assert repository is not None
        assert page_of(repository) == page
