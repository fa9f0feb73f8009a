"""Pages fetched from a real HTTPS server: only its place on loopback is allowed to the client."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import trustme

from capdraft.errors import SourceError
from capdraft.sources.addresses import Fetched, WebAddress
from capdraft.sources.addresses.network import Network
from capdraft.sources.addresses.pages import MAX_REDIRECTS, fetch_page
from capdraft.sources.addresses.policy import IPAddress, is_public

HOST = "docs.example.org"
CERTIFIED = (HOST, "more.example.org", "half-dead.example.org", "127.0.0.1")
CARD = b"# Reader\n\nReads printed tickets.\n"
Answer = Callable[[BaseHTTPRequestHandler], None]


def answer(
    body: bytes = CARD, status: int = 200, media_type: str = "text/markdown", **headers: str
) -> Answer:
    """Return what gives `body`, its length and type, and `headers` with `_` for `-`."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        all_headers = {"Content_Type": media_type, "Content_Length": str(len(body)), **headers}
        for name, value in all_headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return send


def redirect(location: str) -> Answer:
    return answer(b"", 302, Location=location)


def chunked(handler: BaseHTTPRequestHandler) -> None:
    """Give a body without an end and without a length."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/plain")
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    while True:
        handler.wfile.write(b"400\r\n" + b"x" * 1024 + b"\r\n")


def slow_body(handler: BaseHTTPRequestHandler) -> None:
    """Give a byte now and then, so that no read waits long."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/plain")
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _ in range(1000):
        handler.wfile.write(b"x")
        time.sleep(0.05)


def slow_headers(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(1000):
        handler.wfile.write(b"X-%d: y\r\n" % number)
        time.sleep(0.05)


@dataclass
class Site:
    """A server, what it answers by path, and what it was asked: host names and paths."""

    port: int
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    sni: list[str | None] = field(default_factory=list)

    def url(self, path: str = "/reader.md", host: str = HOST) -> str:
        return f"https://{host}:{self.port}{path}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up in the middle is what the tests are about."""


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def site(authority: trustme.CA) -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            here.asked.append((self.headers["Host"], self.path))
            here.answers.get(self.path, answer(b"", 404))(self)

        def log_message(self, *args: Any) -> None:
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*CERTIFIED).configure_cert(context)
    server = _Server(("127.0.0.1", 0), Handler)
    here = Site(server.server_port)
    context.sni_callback = lambda _, name, __: here.sni.append(name)
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield here
    server.shutdown()
    thread.join()
    server.server_close()


NAMES: dict[str, Sequence[str]] = {
    HOST: ["127.0.0.1"],
    "more.example.org": ["127.0.0.1"],
    "other.example.net": ["127.0.0.1"],  # not in the certificate
    "intern.example.org": ["10.0.0.7"],
    "mixed.example.org": ["127.0.0.1", "169.254.169.254"],
    "half-dead.example.org": ["::1", "127.0.0.1", "::1"],
}


def network(authority: trustme.CA, **changes: Any) -> Network:
    """Return a network where the site is on the public internet, and nothing else is."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        if host in NAMES:
            return NAMES[host]
        found = await asyncio.get_running_loop().getaddrinfo(
            host, port, flags=socket.AI_NUMERICHOST, type=socket.SOCK_STREAM
        )
        return [str(found[0][4][0])]

    def may_reach(address: IPAddress) -> bool:
        return str(address) in ("127.0.0.1", "::1") or is_public(address)

    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    return Network(**{"resolve": resolve, "may_reach": may_reach, "trust": trust, **changes})


Get = Callable[..., Fetched]


@pytest.fixture
def get(site: Site, authority: trustme.CA) -> Get:
    """Fetch a path of the site, or an address."""

    def run(where: str = "/reader.md", **changes: Any) -> Fetched:
        url = where if ":" in where else site.url(where)
        return asyncio.run(fetch_page(WebAddress(url), network(authority, **changes)))

    return run


def test_a_page_comes_with_its_bytes_its_name_and_its_type(site: Site, get: Get) -> None:
    site.answers["/reader.md"] = answer(media_type="text/plain; charset=utf-8")
    fetched = get()
    assert fetched.notes == ()
    (file,) = fetched.files
    assert (file.data, file.name, file.media_type) == (CARD, "reader.md", "text/plain")
    assert file.uri == site.url()


def test_the_connection_is_numbered_and_the_names_are_kept(
    site: Site, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    lookups: list[str] = []

    async def once(host: str, port: int) -> Sequence[str]:
        lookups.append(host)
        return ["127.0.0.1"] if len(lookups) == 1 else ["10.0.0.7"]

    def no_second(host: Any, *args: Any, **options: Any) -> Any:
        raise AssertionError(f"{host} was looked up again")

    monkeypatch.setattr(socket, "getaddrinfo", no_second)
    site.answers["/reader.md"] = answer()
    assert get(resolve=once).files[0].data == CARD
    assert lookups == [HOST]
    assert site.sni == [HOST]
    assert site.asked == [(f"{HOST}:{site.port}", "/reader.md")]


def test_a_certificate_is_checked_against_the_name(site: Site, get: Get) -> None:
    site.answers["/reader.md"] = answer()
    with pytest.raises(SourceError, match=r"certificate|CERTIFICATE"):
        get(site.url(host="other.example.net"))
    assert site.asked == []


def test_a_name_that_is_at_one_private_address_is_refused_whole(site: Site, get: Get) -> None:
    with pytest.raises(SourceError, match=r"'mixed.example.org' is at 169\.254\.169\.254"):
        get(site.url(host="mixed.example.org"))
    assert site.sni == []


def test_an_address_that_is_dead_does_not_hide_the_next(site: Site, get: Get) -> None:
    site.answers["/reader.md"] = answer()
    assert get(site.url(host="half-dead.example.org")).files[0].data == CARD


def test_a_public_number_is_a_host_as_well(site: Site, get: Get) -> None:
    site.answers["/reader.md"] = answer()
    assert get(site.url(host="127.0.0.1")).files[0].data == CARD


def test_a_name_without_an_address(get: Get) -> None:
    with pytest.raises(SourceError, match=r"no address for 'gone\.example\.org'"):
        get("https://gone.example.org/")


def test_without_the_test_s_own_policy_loopback_is_refused(site: Site, get: Get) -> None:
    with pytest.raises(SourceError, match=r"is at 127\.0\.0\.1, which is not on the public"):
        get(may_reach=is_public)
    for number in ("127.1", "2130706433", "0x7f000001", "[::ffff:127.0.0.1]"):
        with pytest.raises(SourceError, match=r"not on the public|no address|can't be fetched"):
            get(f"https://{number}:{site.port}/", may_reach=is_public)
    assert site.sni == []


def test_a_redirect_is_followed_and_the_first_address_is_kept(site: Site, get: Get) -> None:
    site.answers["/old"] = redirect("/docs/index.html")
    site.answers["/docs/index.html"] = redirect(site.url("/reader.txt", host="more.example.org"))
    site.answers["/reader.txt"] = answer(media_type="text/plain")
    (file,) = get("/old").files
    assert (file.uri, file.name, file.data) == (site.url("/old"), "reader.txt", CARD)
    assert list(dict.fromkeys(site.sni)) == [HOST, "more.example.org"]


@pytest.mark.parametrize(
    ("location", "told"),
    [
        ("https://10.0.0.7/", "'10.0.0.7' is at 10.0.0.7"),
        ("https://[fd00::1]/", "'fd00::1' is at fd00::1"),
        ("//intern.example.org/", "'intern.example.org' is at 10.0.0.7"),
        ("https://169.254.169.254/latest/", "169.254.169.254"),
        ("https://localhost/", "private network"),
        ("http://docs.example.org/", "http is not read"),
        ("file:///etc/passwd", "file: are not read"),
        ("hf:org/name", "no page"),
        ("https://user:s3cr3t@docs.example.org/", "user or password"),
        ("https://[/", "no address"),
    ],
)
def test_a_redirect_is_checked_as_the_address_was(
    site: Site, get: Get, location: str, told: str
) -> None:
    site.answers["/reader.md"] = redirect(location)
    with pytest.raises(SourceError) as refused:
        get()
    assert told in str(refused.value)
    assert "s3cr3t" not in str(refused.value)
    assert len(site.asked) == 1


def test_redirects_end(site: Site, get: Get) -> None:
    site.answers["/reader.md"] = redirect("/reader.md")
    with pytest.raises(SourceError, match=f"more than {MAX_REDIRECTS} times"):
        get()
    assert len(site.asked) == MAX_REDIRECTS + 1


BOMB = gzip.compress(b"x" * 3_000_000)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (answer(Content_Length="30000000"), "longer than 1 MB"),
        (chunked, "longer than 1 MB"),
        (answer(BOMB, Content_Encoding="gzip"), "longer than 1 MB"),
        (answer(BOMB[:-9], Content_Encoding="gzip"), "longer than 1 MB"),
        (answer(gzip.compress(CARD)[:-9], Content_Encoding="gzip"), "arrived broken"),
        (answer(CARD, Content_Encoding="gzip"), "arrived broken"),
        (answer(gzip.compress(CARD) * 2, Content_Encoding="gzip"), "arrived broken"),
        (answer(CARD, Content_Encoding="br"), "packed it as 'br'"),
        (answer(CARD, Content_Encoding="gzip, gzip"), "packed it as 'gzip, gzip'"),
        (answer(CARD, Content_Length="999", Connection="close"), "can't be fetched"),
        (answer(CARD, 404), "the server answered 404 Not Found"),
        (answer(CARD, 403), "the server answered 403 Forbidden"),
        (answer(CARD, 503), "the server answered 503 Service Unavailable"),
        (answer(CARD, 206), "the server answered 206"),
        (answer(CARD, 302), "sent on more than"),
        (answer(CARD, media_type="image/png"), "this is image/png, no document"),
        (answer(CARD, media_type="application/zip"), "this is application/zip, no document"),
    ],
)
def test_answers_that_hold_no_document(site: Site, get: Get, given: Answer, told: str) -> None:
    site.answers["/reader.md"] = given
    with pytest.raises(SourceError) as refused:
        get(size=1_000_000)
    assert told in str(refused.value)
    assert refused.value.where == site.url()
    assert refused.value.hint


def test_a_type_that_is_not_read_is_refused_before_its_body(site: Site, get: Get) -> None:
    site.answers["/a.css"] = answer(media_type="text/css", Content_Length="9000000000")
    with pytest.raises(SourceError, match="text/css"):
        get("/a.css")


def test_a_packed_page_is_unpacked(site: Site, get: Get) -> None:
    site.answers["/reader.md"] = answer(gzip.compress(CARD), Content_Encoding="gzip")
    assert get().files[0].data == CARD


@pytest.mark.parametrize("given", [slow_body, slow_headers])
def test_the_time_is_limited_as_a_whole(site: Site, get: Get, given: Answer) -> None:
    site.answers["/reader.md"] = given
    started = time.monotonic()
    with pytest.raises(SourceError, match=r"did not arrive within 0\.4 seconds"):
        get(seconds=0.4)
    assert time.monotonic() - started < 5


def test_a_page_about_a_file_is_read_as_a_page(site: Site, get: Get) -> None:
    site.answers["/reader.md"] = answer(b"<p>Reads tickets.", media_type="text/html")
    assert get().files[0].name == "reader.html"


def test_a_proxy_of_the_environment_is_not_asked(
    site: Site, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    site.answers["/reader.md"] = answer()
    assert get().files[0].data == CARD


def test_certificates_of_the_environment_are_trusted(
    site: Site, get: Get, authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.answers["/reader.md"] = answer()
    with authority.cert_pem.tempfile() as path:
        monkeypatch.setenv("SSL_CERT_FILE", path)
        assert get(trust=None).files[0].data == CARD
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(SourceError, match="can't be fetched"):
        get(trust=None)


def test_a_raw_file_read_instead_of_its_page_is_told(site: Site, authority: trustme.CA) -> None:
    site.answers["/reader.md"] = answer()
    page = "https://github.com/owner/name/blob/main/reader.md"
    fetched = asyncio.run(fetch_page(WebAddress(site.url(), given=page), network(authority)))
    assert fetched.notes == (f"{page}: read as the raw file {site.url()}",)
