"""`capdraft cassettes scan`: what is found, where, and that it is not printed."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capdraft.client.cassettes.scanning import Leak, entropy, scan
from cassette_tape import Tape

# Made up, and put together here so that no scanner takes this file for a leak.
LETTERS = "a1B2c3D4e5F6g7H8i9J0"
SECRETS = {
    "an API key (sk-…)": "sk-" + "proj-" + LETTERS * 2,
    "a GitHub token": "ghp" + "_" + LETTERS * 2,
    "a GitLab token": "glpat" + "-" + LETTERS,
    "a Hugging Face token": "hf" + "_" + LETTERS * 2,
    "a Groq API key": "gsk" + "_" + LETTERS * 3,
    "an AWS access key": "AKIA" + "Q3EGR7XKPWZ5T4MN",
    "a Google API key": "AIza" + LETTERS + "k1L2m3N4o5P6q7R",
    "a Stripe key": "sk_" + "live_" + LETTERS * 2,
    "a Databricks token": "dapi" + "0123456789abcdef" * 2,
    "a bearer token": "Bearer " + LETTERS * 2,
    "a password in an address": "https://ana:" + "correct7horse@models.example.org/v1",
    "a key in an address": "https://models.example.org/v1?api_key=" + LETTERS,
    "a cookie": "set-cookie: session=" + LETTERS,
    "a value that is called a key, token or password": "client_secret: " + LETTERS,
    "what looks random enough to be a key": "q9ZxW8vU7tS6rP5oN4mL3kJ2hG1fD0sA",
}


def found_in(folder: Path, text: str, **options: bool) -> list[Leak]:
    path = folder / "file.yaml"
    path.write_text(text, encoding="utf-8")
    return scan(path, environment={}, **options)


@pytest.mark.parametrize("kind", SECRETS)
def test_a_secret_is_found_once_with_its_line_and_never_shown_whole(
    kind: str, tmp_path: Path
) -> None:
    (leak,) = found_in(tmp_path, f"first line\n  - {SECRETS[kind]}\n")
    assert (leak.kind, leak.line) == (kind, 2)
    shown = leak.shown.partition("…")[0]
    assert len(shown) <= 4
    assert "correct" not in leak.shown
    assert LETTERS not in f"{leak.shown}{leak.fingerprint}"


@pytest.mark.parametrize(
    "line",
    [
        "export OPENAI_API_KEY=sk-xxxxxxxxxxxxxxxxxxxxxxxx",
        "api_key = os.environ['SERVICE_API_KEY_2']",
        "token: <your-token-here-123456>",
        "https://user:password@example.org/",
        "sha256: 428a820fb6524da1a6cb43c5e4fcc5fe541834b390d9722b80e19f4ddd04f213",
        "the tokenizer: SentencePieceUnigram32kWithByteFallback",
        "max_tokens: 4096, password: secret",
        "https://github.com/example/repository/blob/0123456789abcdef0123456789abcdef01234567/a.md",
        "trained on C4, the_pile_v2 and RedPajama-Data-1T-Sample-2023-06",
        "prompt_sha256: 'c99e58286ce4fa96fc3d612f8ce4ea99831af093e2ad03fad96440cf54bdb69b'",
    ],
)
def test_what_docs_are_full_of_is_no_secret(line: str, tmp_path: Path) -> None:
    assert found_in(tmp_path, line) == []


def test_the_value_of_a_secret_variable_is_found_whatever_it_looks_like(tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    path.write_text("it says plainpassphrase here\n")
    (leak,) = scan(path, environment={"MY_API_KEY": "plainpassphrase"})
    assert leak.kind == "the value of the environment variable MY_API_KEY"
    assert "plain" not in leak.shown


def test_addresses_of_people_are_found_when_asked_for(tmp_path: Path) -> None:
    text = "write to kiln.keeper@pottery.test, not to ana@example.org\n"
    assert found_in(tmp_path, text) == []
    (leak,) = found_in(tmp_path, text, emails=True)
    assert leak.shown == "kiln.keeper@pottery.test"


def test_a_packed_body_is_looked_into(tape: Tape) -> None:
    secret = SECRETS["a GitHub token"]
    code = base64.b64encode(b"\xff" + secret.encode()).decode()
    text = tape.path.read_text()
    _, _, body = text.rpartition("    body:\n")
    tape.path.write_text(text.replace(body, f"      base64: {code}\n"))
    (leak,) = scan(tape.path, environment={})
    assert leak.kind == "a GitHub token"
    assert text.splitlines()[leak.line - 1].startswith("- request:")


def test_the_command_names_file_and_line_and_what_to_let_be(tape: Tape) -> None:
    assert tape.run("cassettes", "scan")[0] == 0
    secret = SECRETS["a GitHub token"]
    tape.path.write_text(tape.path.read_text().replace("2 GB", secret))
    status, out, err = tape.run("cassettes", "scan")
    line = (
        tape.path.read_text()
        .splitlines()
        .index(f"            - '[2] It needs {secret} of memory.'")
    )
    assert status == 1
    assert f"cassettes/ticket.yaml:{line + 1}: a GitHub token: ghp_… (44 characters)" in out
    assert secret not in out + err
    told = json.loads(tape.run("cassettes", "scan", "ticket", "--json")[1])["secrets"]
    assert secret not in json.dumps(told)
    assert tape.run("cassettes", "scan", "--allow", told[0]["fingerprint"])[0] == 0
    (tape.root / "cassettes/binary.yaml").write_bytes(b"\xff\xfe\x00")
    status, _, err = tape.run("cassettes", "scan", "--allow", told[0]["fingerprint"])
    assert status == 1
    assert "binary.yaml" in err


@given(st.text(min_size=1, max_size=60))
def test_entropy_is_between_none_and_that_of_a_fair_choice(value: str) -> None:
    assert -1e-9 <= entropy(value) <= 6
    assert entropy(value * 2) == pytest.approx(entropy(value))
    assert entropy(value[0] * 9) == 0
