"""The OpenAPI document is one, and whatever is asked, the answers are what it says."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from openapi_spec_validator import OpenAPIV31SpecValidator

from capdraft.web.api.openapi import openapi
from capdraft.workspace import Workspace
from desk_server import serving
from small_catalog import PAINTS, READS, entry
from workspaces import drafted_workspace

DOCUMENT = openapi()
OPERATIONS = [
    (path, method, node)
    for path, methods in DOCUMENT["paths"].items()
    for method, node in methods.items()
]
SEEDS = ["painter", "invoice-reader", "paints-pictures", "read invoices", "painter,invoice-reader"]
PIECES = ["", "-1", "0", "1", "999999999999999999999", "model", "null", "%", "é", "\x00", "\ud7ff𝄞"]
values = st.one_of(
    st.sampled_from(SEEDS),
    st.sampled_from(PIECES),
    st.integers(0, 120).map(str),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | values,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(values, inner, max_size=3),
    max_leaves=6,
)
TEXTS = st.sampled_from(
    ["", "{", "[]", "a = ", '{"schema": "capdraft/catalog/1"}', "[review]\nx = 1\n", "| A | B |"]
)
bodies = st.one_of(
    anything,
    st.fixed_dictionaries(
        {},
        optional={
            "match": st.sampled_from(["0" * 12, "x"]),
            "verdict": st.sampled_from(["success", "failure", "chosen", "?"]),
            "result": st.integers(-1, 3),
            "kind": st.sampled_from(["page", "catalog", "decision", "settings", "proposal"]),
            "text": TEXTS | values,
        },
    ),
)


def parameters(node: dict[str, Any]) -> st.SearchStrategy[dict[str, str]]:
    """Generate queries: what there is with any value, now and then what there isn't."""
    names = [item["name"] for item in node.get("parameters", ()) if item["in"] == "query"]
    return st.dictionaries(st.sampled_from([*names, *names, "other"]), values, max_size=4)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[http.client.HTTPConnection]:
    workspace: Workspace = drafted_workspace(tmp_path_factory.mktemp("api"))
    for item in (entry("invoice-reader", READS), entry("painter", PAINTS)):
        workspace.write_entry(item, workspace.read_entry(item.artifact.slug))
    with serving(workspace, "--as", "ann") as running:
        address = urlsplit(running.urls["ann"])
        connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=30)
        yield connection
        connection.close()


def test_the_document_is_openapi() -> None:
    OpenAPIV31SpecValidator(DOCUMENT).validate()
    names = [node["operationId"] for *_, node in OPERATIONS]
    assert len(names) == len(set(names)) == 9
    for _, _, node in OPERATIONS:
        assert all(item["description"] for item in node.get("parameters", ()))


def test_each_schema_that_it_refers_to_is_there() -> None:
    referred = set(re.findall(r'"#/components/(\w+)/(\w+)"', json.dumps(DOCUMENT)))
    assert referred
    for kind, name in referred:
        assert name in DOCUMENT["components"][kind]
    used = {name for kind, name in referred if kind == "schemas"}
    assert used == DOCUMENT["components"]["schemas"].keys()


@pytest.mark.parametrize(
    ("path", "method", "node"), OPERATIONS, ids=[node["operationId"] for *_, node in OPERATIONS]
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_is_asked_the_answer_is_as_documented(
    server: http.client.HTTPConnection,
    path: str,
    method: str,
    node: dict[str, Any],
    data: st.DataObject,
) -> None:
    names = re.findall(r"{(\w+)}", path)
    in_path = {name: quote(data.draw(values.filter(bool)), safe="") for name in names}
    address = f"/api/v1{path.format(**in_path)}"
    body, headers = None, {}
    if method == "post":
        body = json.dumps(data.draw(bodies)).encode()
        headers = {"Content-Type": "application/json"}
    elif query := data.draw(parameters(node)):
        address += f"?{urlencode(query)}"
    server.request(method.upper(), address, body, headers)
    answer = server.getresponse()
    check(node, answer.status, answer.headers["Content-Type"], answer.read())


def check(node: dict[str, Any], status: int, media_type: str, body: bytes) -> None:
    """Hold an answer against what the document says of its status."""
    assert status < 500, body
    told = node["responses"][str(status)]
    if "$ref" in told:
        told = DOCUMENT["components"]["responses"][told["$ref"].rpartition("/")[2]]
    schema = told["content"][media_type]["schema"]
    whole = {**schema, "components": DOCUMENT["components"]}
    Draft202012Validator(whole).validate(json.loads(body))
