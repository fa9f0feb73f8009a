"""`capdraft mcp`, asked by the official client over the pipes of a real process."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, MCPError, StdioServerParameters, stdio_client
from mcp_types import TextContent

from capdraft.cli import main
from capdraft.searching import Matches
from capdraft.workspace import Workspace
from small_catalog import PAINTS, READS, entry

Asking = Callable[[Client], Awaitable[Any]]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "capdraft.toml").write_text('schema = "capdraft/settings/1"\n')
    workspace = Workspace(tmp_path)
    for item in (entry("invoice-reader", READS), entry("painter", PAINTS)):
        workspace.write_entry(item, workspace.read_entry(item.artifact.slug))
    return workspace


def ask(workspace: Workspace, asking: Asking) -> Any:
    """Return what `asking` returns of a client whose server runs in a process of its own."""
    command = ["-m", "capdraft", "mcp", "--workspace", str(workspace.root)]
    environment = dict(os.environ)  # else the client hands on but a few names
    server = StdioServerParameters(command=sys.executable, args=command, env=environment)

    async def run() -> Any:
        with (workspace.root / "said.txt").open("w") as said:
            async with Client(stdio_client(server, errlog=said)) as client:
                return await asking(client)

    return asyncio.run(run())


def call(workspace: Workspace, *calls: tuple[str, dict[str, Any]]) -> list[Any]:
    """Return what tools answer, one after the other: data, or the text of an error."""

    async def asking(client: Client) -> list[Any]:
        return [_answer(await client.call_tool(name, given)) for name, given in calls]

    found: list[Any] = ask(workspace, asking)
    return found


def _answer(result: Any) -> Any:
    text = next(item.text for item in result.content if isinstance(item, TextContent))
    if result.is_error:
        return text
    assert json.loads(text) == result.structured_content
    return result.structured_content


def test_each_tool_says_what_it_does_takes_and_gives(workspace: Workspace) -> None:
    tools = {tool.name: tool for tool in ask(workspace, Client.list_tools).tools}
    assert tools.keys() == {"search", "resolve", "get", "evidence", "compare", "feedback"}
    for tool in tools.values():
        assert tool.title
        assert "never instructions" in str(tool.description)
        assert tool.output_schema
        assert all(given["description"] for given in tool.input_schema["properties"].values())
        assert tool.annotations is not None
        assert tool.annotations.destructive_hint is not True
    read_only = {name for name, tool in tools.items() if tool.annotations.read_only_hint}
    assert read_only == tools.keys() - {"search", "feedback"}  # these are noted


def test_a_need_is_searched_looked_into_and_what_came_of_it_is_noted(workspace: Workspace) -> None:
    async def asking(client: Client) -> list[Any]:
        need = {"need": "read handwritten invoices"}
        found = _answer(await client.call_tool("search", need))
        first = found["results"][0]
        slug, capability = first["record"].split("/")
        there = {"slug": slug, "capability": capability}
        told = {"match": found["match"], "verdict": "success", "result": 1}
        calls = (("get", {"slug": slug}), ("evidence", there), ("feedback", told))
        return [first, *[_answer(await client.call_tool(*given)) for given in calls]]

    first, passport, evidence, noted = ask(workspace, asking)
    assert first["passage"]["quote"] == "It reads the total of a handwritten invoice."
    assert first["url"] == "capdraft://artifacts/invoice-reader"
    assert passport["capabilities"][0]["description"]["passages"] == 2
    quotes = [item["quote"] for item in evidence["record"]["description"]["evidence"]]
    assert first["passage"]["quote"] in quotes
    assert (noted["artifact"], noted["verdict"], noted["counted"]) == (
        "invoice-reader",
        "success",
        True,
    )
    assert Matches(workspace.root).counts("invoice-reader") == (1, 1, 1, 0)


def test_names_are_resolved_and_artifacts_compared(workspace: Workspace) -> None:
    exact, near, comparison = call(
        workspace,
        ("resolve", {"name": "Painter"}),
        ("resolve", {"name": "paintar"}),
        ("compare", {"slugs": ["painter", "invoice-reader"]}),
    )
    assert [item["slug"] for item in exact["artifacts"]] == ["painter"]
    assert (near["artifacts"], near["suggestions"][0]["slug"]) == ([], "painter")
    assert comparison["title"] == "Painter vs Invoice-Reader"


WRONG: dict[str, tuple[str, dict[str, Any]]] = {
    "no artifact 'nobody'. Resolve a name": ("get", {"slug": "nobody"}),
    "'../etc' is not a slug": ("get", {"slug": "../etc"}),
    "Field required": ("get", {}),
    "Its capabilities: paints-pictures": ("evidence", {"slug": "painter", "capability": "x"}),
    "slugs: Tuple should have at least 2": ("compare", {"slugs": ["painter"]}),
    "compared with itself": ("compare", {"slugs": ["painter", "painter"]}),
    "need: String should have at least 1": ("search", {"need": ""}),
    "limit: Input should be less than": ("search", {"need": "x", "limit": 1000}),
    "there is no match": ("feedback", {"match": "0" * 12, "verdict": "success"}),
    "'success' or 'failure'": ("feedback", {"match": "0" * 12, "verdict": "maybe"}),
    "no result is named": ("feedback", {"match": "0" * 12, "verdict": "chosen"}),
}


def test_an_error_says_what_to_do_and_ends_nothing(workspace: Workspace) -> None:
    *errors, after = call(workspace, *WRONG.values(), ("resolve", {"name": "painter"}))
    for said, error in zip(WRONG, errors, strict=True):
        assert said in error
    assert after["artifacts"]
    assert "Traceback" not in (workspace.root / "said.txt").read_text()


def test_records_are_resources(workspace: Workspace) -> None:
    async def asking(client: Client) -> list[Any]:
        templates = await client.list_resource_templates()
        found = await client.read_resource("capdraft://artifacts/painter")
        with pytest.raises(MCPError, match="no artifact"):
            await client.read_resource("capdraft://artifacts/nobody")
        return [templates.resource_templates[0].uri_template, found.contents[0]]

    template, content = ask(workspace, asking)
    assert template == "capdraft://artifacts/{slug}"
    assert json.loads(content.text)["artifact"]["slug"] == "painter"


def test_standard_output_carries_nothing_but_the_protocol(workspace: Workspace) -> None:
    (workspace.root / "catalog/broken.json").write_text("{")
    name = {"name": "t", "version": "1"}
    given = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": name}
    asked: list[dict[str, Any]] = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": given},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {
            "jsonrpc": "2.0",
            "id": 2,
            "method": "tools/call",
            "params": {"name": "search", "arguments": {"need": "invoices"}},
        },
    ]
    command = [sys.executable, "-m", "capdraft", "mcp", "--json"]
    with subprocess.Popen(
        command,
        cwd=workspace.root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        assert server.stderr is not None
        lines = []
        for message in asked:
            server.stdin.write(json.dumps(message) + "\n")
            server.stdin.flush()
            if "id" in message:
                lines.append(json.loads(server.stdout.readline()))
        server.stdin.close()
        assert server.stdout.read() == ""
        assert "left out" in server.stderr.read()
        assert server.wait(20) == 0
    assert [line["id"] for line in lines] == [1, 2]
    assert not lines[1]["result"].get("isError")


def test_a_missing_extra_names_what_installs_it(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "capdraft.mcp_server", raising=False)
    monkeypatch.setitem(sys.modules, "mcp.server.mcpserver", None)
    assert main(["mcp", "--workspace", str(workspace.root)]) == 2
    assert "pip install 'capdraft[mcp]'" in capsys.readouterr().err


def test_without_a_workspace_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mcp", "--workspace", str(tmp_path)]) == 2
    assert "capdraft.toml" in capsys.readouterr().err
