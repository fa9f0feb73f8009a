"""Somebody who types the lines of a page in a workspace.

A line runs in this process if it is one command of capdraft, in a terminal if it asks for keys, and
else in a real shell. What a line would ask of a model is asked of the stub of `docs_cards.py`.
"""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

import httpx2
import pexpect

from capdraft.cli import main
from page_steps import ROOT, Typed

SHELL = re.compile(r"^[A-Z_]+=|\s(?:[|<&~]|\d?>)|^(?!capdraft )")
PROGRAMS = {"capdraft", "git", "make", "sed", "printf", "[", "cat", "head", "tail", "ls"}
PROGRAMS |= {"cp", "mv", "rm", "mkdir"}
"""What a shell may start: nothing that asks the network."""
NO_PROGRAM = re.compile(r"'[^']*'|\"[^\"]*\"|\b[A-Z_]+=\S+ |#.*| \d?>+ \S+|\[ .*?\] |\$\(.*?\)")
SERVES = re.compile(r"^capdraft serve\b")
ASKS_FOR_KEYS = re.compile(r"^capdraft review next\b")
ADDRESS = re.compile(r"http://[\w.]+:(\d+)(?:/\S*token=([\w.-]+))?")
ENDPOINT = re.compile(r"http://127\.0\.0\.1:(?:11434|8000|8080)/v1")
OF_ITS_OWN = re.compile(r"--(?:judge-)?model (?!gpt)")
PRICES = "\n[model]\nprices = {input = 0.25, output = 2.0, cached_input = 0.025}\n"
"""What an endpoint on loopback has in place of OpenAI's known prices."""
GREETING = (
    '{"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"protocolVersion": '
    '"2025-06-18", "capabilities": {}, "clientInfo": {"name": "an assistant", "version": "1"}}}\n'
)
"""What a client of the MCP server says first."""
KEYS = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL", "NO_COLOR", "GITHUB_TOKEN", "HF_TOKEN")


@dataclass
class Typist:
    """Somebody at a shell in `folder/workspace`, who knows the stub's address."""

    folder: Path
    endpoint: str
    exported: dict[str, str] = field(default_factory=dict)
    settings: str = ""
    """What a page's last snippet of capdraft.toml says."""
    said: str = ""
    """What the last search printed: its match is what the next line tells about."""
    site: str = ""
    """A folder whose packages are installed."""
    server: str = ""
    token: str = ""

    def __post_init__(self) -> None:
        self.here = self.folder / "workspace"
        self._process: subprocess.Popen[str] | None = None

    def must(self, command: str) -> str:
        """Type what has to work before a line, where findings are fine; return what it prints."""
        done = self.types(command)
        assert done.status in (0, 1), f"{command}\n{done.printed}"
        assert "Traceback" not in done.printed, f"{command}\n{done.printed}"
        return done.printed

    def types(self, command: str) -> Typed:
        """Run a line as it stands on a page; only addresses and the id of a match are put in."""
        command = ENDPOINT.sub(self.endpoint, command)
        if "search" not in command and (
            match := re.search(r"\bmatch[\":]* ?\"?([0-9a-f]{12})", self.said)
        ):
            command = re.sub(r"\bMATCH\b|3f6c01a9d2e4", match[1], command)
        if export := re.fullmatch(r"export ([A-Z_]+)=(\S+)(?:\s+#.*)?", command):
            self.exported[export[1]] = export[2].encode("ascii", "ignore").decode() or "key"
            return Typed("", 0)
        if command.startswith("cd "):
            self.here /= command[3:]
            return Typed("", 0)
        self._set_up(command)
        done = self._run(command)
        if " search " in command or "/search?" in command:
            self.said = done.printed
        return done

    def _run(self, command: str) -> Typed:
        if SERVES.match(command):
            return self._serve(command)
        if ASKS_FOR_KEYS.match(command):
            return self._press(command)
        if command.startswith("curl "):
            return self._ask(command)
        if self.site or SHELL.search(command.partition(" #")[0]):
            return self._shell(command)
        return self._call(command)

    def _set_up(self, command: str) -> None:
        """Write the page's settings; what asks another model than OpenAI's has no prices."""
        path = self.here / "capdraft.toml"
        if path.exists():
            priced = "[model]" not in self.settings and not OF_ITS_OWN.search(command)
            path.write_text(f"{self.settings}\n{PRICES if priced else ''}", "utf-8")

    @property
    def environment(self) -> Mapping[str, str]:
        outside = {key: value for key, value in os.environ.items() if key not in KEYS}
        return {
            **outside,
            "HOME": str(self.folder),
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT / "src"), self.site])),
            "OPENAI_BASE_URL": self.endpoint,
            "OPENAI_API_KEY": "key",
            "TOKEN": self.token,
            "EDITOR": "sed -i s/Describes/Tells/",
            "BROWSER": "true",
            "HTTPS_PROXY": "http://127.0.0.1:9",  # nobody is there
            "COLUMNS": "120",
            "GITHUB_BASE_REF": "main",
            "GITHUB_STEP_SUMMARY": str(self.folder / "job.md"),
            **self.exported,
        }

    def _call(self, command: str) -> Typed:
        """Run one command of capdraft in this process, with nobody at the keyboard."""
        printed = io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)
        nobody = io.TextIOWrapper(io.BytesIO())
        with (
            chdir(self.here),
            patch.dict(os.environ, self.environment, clear=True),
            patch.object(sys, "stdin", nobody),
            redirect_stdout(printed),
            redirect_stderr(printed),
        ):
            status = main(shlex.split(command, comments=True)[1:])
        return Typed(printed.buffer.getvalue().decode(), status)

    def _shell(self, command: str) -> Typed:
        parts = re.split(r"\|\|?|&&|\n", NO_PROGRAM.sub("", command))
        started = {part.split()[0] for part in parts if part.strip()}
        assert started <= PROGRAMS, f"what is {started - PROGRAMS}?"
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=ROOT if command.startswith("make ") else self.here,
            env=self.environment,
            input=GREETING if command.startswith("capdraft mcp ") else "",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=60,
        )
        return Typed(done.stdout, done.returncode)

    def _press(self, command: str) -> Typed:
        """Look at what waits, in a terminal, and leave."""
        screen = io.StringIO()
        terminal = pexpect.spawn(
            "sh",
            ["-c", command],
            cwd=str(self.here),
            env={**self.environment, "TERM": "xterm", "NO_COLOR": "1"},
            encoding="utf-8",
            timeout=30,
        )
        terminal.logfile_read = screen
        if terminal.expect([r" of \d+, ", pexpect.EOF]) == 0:
            terminal.waitnoecho()
            terminal.send("q")
            terminal.expect(pexpect.EOF)
        terminal.close()
        return Typed(screen.getvalue(), terminal.exitstatus or 0)

    def _serve(self, command: str) -> Typed:
        """Serve until it has told its address, and let it run until the page ends."""
        self.leave()
        process = self._process = subprocess.Popen(
            ["sh", "-c", f"exec {command.partition(' #')[0].strip()} --port 0"],
            cwd=self.here,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        too_late = threading.Timer(30, process.kill)
        too_late.start()
        printed = ""
        assert process.stdout is not None
        for line in process.stdout:
            printed += line
            if told := ADDRESS.search(line):
                self.server, self.token = f"http://127.0.0.1:{told[1]}", told[2] or ""
                break
        too_late.cancel()
        return Typed(printed, 0 if self.server and process.poll() is None else 1)

    def leave(self) -> None:
        """Stop what is served."""
        if self._process:
            self._process.terminate()
            self._process.communicate(timeout=20)
        self._process, self.server = None, ""

    def _ask(self, command: str) -> Typed:
        """Do what curl does with `-H` and `-d`."""
        words = shlex.split(command.replace("\\\n", "").replace("$TOKEN", self.token))[1:]
        given: dict[str, list[str]] = {"-H": [], "-d": [], "": []}
        while words:
            word = words.pop(0)
            given[word if word in given else ""].append(words.pop(0) if word in given else word)
        (url,) = given[""]
        address = re.sub(r"^https?://[^/]+", self.server, url)
        headers = dict(header.split(": ", 1) for header in given["-H"])
        body = "".join(given["-d"])
        answer = httpx2.request(
            "POST" if body else "GET", address, headers=headers, content=body or None
        )
        kind = answer.headers["content-type"]
        json.loads(answer.text)
        return Typed(answer.text, 0 if answer.is_success and "json" in kind else 22)
