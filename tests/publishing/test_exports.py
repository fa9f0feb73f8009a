"""What stands in each export format, and that nothing in it is active."""

from __future__ import annotations

import csv
import io
import json
import re
import warnings
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from made_up import approval, entry, field, gravel, passage, record
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, SDO, DefinedNamespace
from rdflib.term import Node

from capdraft.errors import NotFound, UsageProblem
from capdraft.merging import merge_artifact, restore, withdraw
from capdraft.publishing.exports import CatalogExport, Export, RecordLine, TrainingExample
from capdraft.publishing.exports.as_croissant import croissant, croissant_lacks
from capdraft.publishing.exports.as_csv import COLUMNS, csv_rows, inert, original
from capdraft.publishing.exports.as_json import json_pieces
from capdraft.publishing.exports.as_json_ld import json_ld, json_ld_pieces
from capdraft.publishing.exports.as_jsonl import json_lines
from capdraft.publishing.exports.as_unfragile import unfragile, unfragile_lacks
from capdraft.publishing.exports.exporting import Format
from capdraft.publishing.exports.links import web_address
from capdraft.records import CatalogEntry
from capdraft.reviewing import Judgement, Target, approve, edit, open_review, reject
from capdraft.settings import Settings
from capdraft.workspace import Workspace
from workspaces import drafted_workspace

HUB = "https://huggingface.co/datasets/made-up/ledgers"
SCRIPT = "</script><script>alert(1)</script><!-- &amp;"
# Letters of any script, controls, line ends of every kind; a file can't hold lone surrogates.
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)


def ledgers(**changes: Any) -> CatalogEntry:
    """A dataset that was read from the Hub."""
    counts = passage("12 ledgers of a harbour.", 40, heading="Content")
    made = entry(
        "ledger-set",
        record("Trains readers", field("Trains readers of ledgers.", counts)),
        name="Ledger Set",
        type_="dataset",
        uri=f"{HUB}/blob/main/README.md",
    )
    facts = {"license": "cc-by-4.0", "languages": ("en",), "links": (HUB, "https://example.org/p")}
    artifact = made.artifact.model_copy(update=facts | changes)
    return made.model_copy(update={"artifact": artifact})


def written_with(text: str) -> CatalogEntry:
    """An entry that has `text` wherever a text can stand."""
    cited = passage(text).model_copy(update={"prefix": text, "heading": (text,), "header": text})
    noted = approval(editorial=True).model_copy(update={"note": text})
    claim = field(text, cited, approved=noted, alternative=text)
    made = record(text, claim, claim, claim, drafted_by=text)
    given_ = entry("a", made.model_copy(update={"intents": (text,)}), name=text, uri=text)
    facts = {"license": text, "pricing": text, "languages": (text,), "links": (text,)}
    return given_.model_copy(update={"artifact": given_.artifact.model_copy(update=facts)})


def save(workspace: Workspace, *entries: CatalogEntry) -> Workspace:
    for item in entries:
        workspace.write_entry(item, workspace.read_entry(item.artifact.slug))
    return workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "capdraft.toml").write_text('schema = "capdraft/settings/1"\n')
    return save(Workspace(tmp_path), gravel(), ledgers())


def text_of(workspace: Workspace, format_: Format, *slugs: str, with_names: bool = False) -> str:
    return "".join(Export(workspace, format_, slugs, with_names).pieces())


# JSON


@given(st.lists(texts, max_size=3))
def test_json_read_back_gives_the_same_entries(said: list[str]) -> None:
    entries = tuple(written_with(text) for text in said)
    text = "".join(json_pieces(entries))
    assert CatalogExport.model_validate_json(text).artifacts == entries
    assert CatalogExport.model_validate(json.loads(text)).artifacts == entries


def test_an_entry_stands_in_the_export_as_in_its_file(workspace: Workspace) -> None:
    in_file = json.loads((workspace.root / "catalog/gravel-2.json").read_text())
    assert json.loads(text_of(workspace, "json"))["artifacts"][0] == in_file


@given(texts)
def test_lines_read_back_give_the_same_records(text: str) -> None:
    entries = [written_with(text), gravel()]
    lines = "".join(json_lines(entries)).split("\n")
    read = [RecordLine.model_validate_json(line) for line in lines[:-1]]
    assert lines[-1] == ""
    assert [
        CatalogEntry(
            artifact=found[0].artifact,
            documents=found[0].documents,
            capabilities=tuple(line.record for line in found),
        )
        for found in (read[:1], read[1:])
    ] == entries


# CSV


def rows(entries: list[CatalogEntry]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(csv_rows(entries)), newline="")))


@given(texts)
def test_csv_gives_the_texts_unchanged_but_for_the_apostrophe(text: str) -> None:
    (made,) = written_with(text).capabilities
    found = rows([written_with(text)])
    assert [row["field"] for row in found] == ["description", "unique", "vs_alternatives"]
    for row in found:
        assert {original(row[key]) for key in ("text", "name", "license", "alternative")} == {text}
        assert json.loads(original(row["intents"])) == [text]
        (evidence,) = json.loads(row["evidence"])
        (cited,) = made.description.evidence
        assert (evidence["quote"], evidence["document"]) == (text, text)
        assert (evidence["start"], evidence["end"]) == (cited.start, cited.end)
        assert json.loads(row["approvals"])[0]["note"] == text


signs = st.tuples(st.sampled_from(["", "'", " ", "\u00a0'", "\ufeff"]), st.sampled_from("=+-@＝"))
breaks = st.tuples(st.sampled_from(["", "'"]), st.sampled_from("\t\r\n"))


@given(signs | breaks, texts)
def test_no_cell_begins_like_a_formula(start: tuple[str, str], text: str) -> None:
    formula = "".join(start) + text
    assert inert(formula) == f"'{formula}"
    assert original(inert(formula)) == formula


@given(texts)
def test_what_is_no_formula_keeps_its_apostrophe(text: str) -> None:
    assert original(inert(text)) == text
    assert inert("'tis a ledger") == "'tis a ledger"


def test_every_row_tells_who_approved_and_how() -> None:
    by_field = {(row["capability"], row["field"]): row for row in rows([gravel()])}
    unique, versus = by_field["cap-1", "unique"], by_field["cap-1", "vs_alternatives"]
    assert tuple(unique) == COLUMNS
    assert (unique["editorial"], unique["approved_by"], unique["evidence"]) == ("yes", "bo", "")
    assert (versus["despite"], versus["approved_at"]) == ("CD301", "2026-03-01T09:30:00Z")
    assert json.loads(versus["approvals"])[0]["edited"] is True


# JSON-LD and Croissant

OA = "http://www.w3.org/ns/oa#"
OA_TERMS = {
    *("SpecificResource", "TextQuoteSelector", "TextPositionSelector", "TimeState"),
    *("hasSelector", "hasState", "sourceDate", "exact", "prefix", "suffix", "start", "end"),
}


def graph(text: str) -> Graph:
    with warnings.catch_warnings():
        # rdflib's reader of JSON-LD uses what rdflib itself calls outdated.
        warnings.simplefilter("ignore", DeprecationWarning)
        return Graph().parse(data=text, format="json-ld", publicID="https://catalog.example/")


def terms(found: Graph) -> Iterator[Node]:
    """Yield each property and each class that a graph uses."""
    for subject, predicate, value in found:
        yield predicate
        if predicate == RDF.type:
            yield value
        assert not isinstance(subject, Literal)


def is_known(term: Node, vocabulary: type[DefinedNamespace]) -> bool:
    return isinstance(term, URIRef) and term in vocabulary


@pytest.mark.parametrize("kind", ["model", "dataset", "repository", "recipe"])
def test_every_term_is_one_of_schema_org_or_web_annotation(kind: str) -> None:
    facts = {"type": kind, "pricing": "Free", "links": ("https://github.com/made-up/gravel",)}
    given_ = gravel()
    artifact = given_.artifact.model_copy(update=facts)
    found = graph("".join(json_ld_pieces([given_.model_copy(update={"artifact": artifact})])))
    for term in terms(found):
        known = is_known(term, SDO) or str(term).removeprefix(OA) in OA_TERMS or term == RDF.type
        assert known, term
    assert len(list(found.triples((None, RDF.type, SDO.Claim)))) == 5
    assert "aggregateRating" not in str(json_ld(given_))


def test_a_type_of_artifact_has_its_type_in_schema_org() -> None:
    assert json_ld(ledgers())["@type"] == "Dataset"
    assert json_ld(gravel())["@type"] == "SoftwareApplication"
    assert json_ld(ledgers(type="recipe"))["@type"] == "CreativeWork"
    code = json_ld(ledgers(type="repository", links=("https://github.com/made-up/gravel",)))
    assert code["@type"] == "SoftwareSourceCode"
    assert code["codeRepository"] == "https://github.com/made-up/gravel"


def test_a_claim_carries_quote_place_and_approval() -> None:
    claim = json_ld(gravel())["subjectOf"][2]
    quotation = claim["isBasedOn"][0]
    assert quotation["text"] == "Counts the pebbles\nin a photo."
    assert quotation["isPartOf"]["name"] == "docs/readme.md"
    assert quotation["oa:hasSelector"][1]["oa:start"] == 10
    (accepted,) = claim["@reverse"]["object"]
    assert (accepted["agent"]["name"], accepted["endTime"]) == ("bo", "2026-03-01T09:30:00+00:00")
    assert "Accepted despite CD301." in accepted["description"]
    editorial = json_ld(gravel())["subjectOf"][1]
    assert "without evidence" in editorial["@reverse"]["object"][0]["description"]


def test_links_are_what_is_known_of_them() -> None:
    node = json_ld(ledgers())
    assert node["url"] == HUB
    assert node["citation"] == ["https://example.org/p"]
    assert node["license"] == {"@type": "CreativeWork", "name": "cc-by-4.0"}
    assert json_ld(ledgers(license="https://example.org/l"))["license"] == "https://example.org/l"
    assert "url" not in json_ld(read_from(ledgers(), HUB, f"{HUB}-2"))
    both = read_from(ledgers(), "https://github.com/made-up/ledgers", HUB)
    assert json_ld(both)["url"] == HUB


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "docs/a.md", "https://", "http://a b", 'http://a"'],
)
def test_only_http_addresses_are_links(address: str) -> None:
    assert web_address(address) is None
    made = read_from(ledgers(links=(address,), license=address), address)
    node = json_ld(made)
    assert "citation" not in node
    assert node["license"] == {"@type": "CreativeWork", "name": address}
    assert node["subjectOf"][0]["isBasedOn"][0]["isPartOf"]["name"] == address
    assert "'url'" not in str(node)


def read_from(made: CatalogEntry, *uris: str) -> CatalogEntry:
    """Return an entry with these documents; it cites the first."""
    (document,) = made.documents
    documents = (
        document.model_copy(update={"id": f"d{number}", "uri": uri})
        for number, uri in enumerate(uris, 1)
    )
    return made.model_copy(update={"documents": tuple(documents)})


class _Scripts(HTMLParser):
    """Counts what a page with an embedded document has."""

    def __init__(self) -> None:
        super().__init__()
        self.started: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.started.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@given(texts)
def test_a_document_embedded_in_a_page_stays_in_its_element(text: str) -> None:
    made = written_with(text + SCRIPT)
    for document in ("".join(json_ld_pieces([made])), croissant(made)):
        page = _Scripts()
        page.feed(f'<script type="application/ld+json">{document}</script><p>')
        page.close()
        assert page.started == ["script", "p"]
        assert json.loads(page.text) == json.loads(document)


def test_croissant_says_what_is_known_and_nothing_else() -> None:
    found = graph(croissant(ledgers()))
    (dataset,) = found.subjects(RDF.type, SDO.Dataset)
    assert found.value(dataset, DCTERMS.conformsTo) == Literal(
        "http://mlcommons.org/croissant/1.1", lang="en"
    )
    assert str(found.value(dataset, SDO.url)) == HUB
    told = {str(term).removeprefix(str(SDO)) for term in found.predicates(dataset)}
    assert not told & set(croissant_lacks(ledgers()))
    assert croissant_lacks(ledgers()) == ("creator", "datePublished", "distribution")
    assert croissant_lacks(ledgers(license=None))[0] == "license"
    assert "12 ledgers of a harbour." in croissant(ledgers())


def test_croissant_is_for_datasets(workspace: Workspace) -> None:
    assert [item.slug for item in Export(workspace, "croissant").documents()] == ["ledger-set"]
    with pytest.raises(UsageProblem, match="'gravel-2' is of the type 'model'"):
        Export(workspace, "croissant", ("gravel-2",)).check()


# unfragile.yml


@given(texts)
def test_a_manifest_is_yaml_with_the_texts_and_inert_comments(text: str) -> None:
    manifest = yaml.safe_load(unfragile(written_with(text)))
    assert manifest["unfragile_version"] == "1.0"
    (capability,) = manifest["capabilities"]
    assert capability == {
        "id": "a.cap_1",
        "name": text,
        "description": text,
        "intents_served": [text],
        "unique_aspect": text,
    }


def test_a_manifest_says_what_carries_a_claim_and_what_it_lacks() -> None:
    text = unfragile(gravel())
    assert '# description: docs/readme.md 10-40 "Counts the pebbles in a photo."' in text
    assert "# unique_aspect: approved by bo on 2026-03-01, without evidence (editorial)" in text
    assert re.findall(r"^- id: (.+)$", text, re.MULTILINE) == [
        f"gravel_2.cap_{number}" for number in (1, 2, 3)
    ]
    lacks = unfragile_lacks(gravel())
    assert lacks[:3] == ("maintainer", "repository", "license")
    assert "cap-2: a description of 100 characters" in lacks
    repository = yaml.safe_load(unfragile(ledgers(type="repository")))["artifact"]
    assert (repository["type"], repository["homepage"]) == ("repo", HUB)
    assert "type" in unfragile_lacks(ledgers(type="recipe"))


# Corrections for training

LOOK = Judgement("ada", Settings().rules)


def decided(folder: Path) -> Workspace:
    """A workspace where ada accepted, edited and rejected a field each."""
    workspace = drafted_workspace(folder)

    def of(name: Any) -> Any:
        return open_review(workspace, Target("ticket-reader", "read-tickets", name))

    approve(of("description"), LOOK)
    edit(of("unique"), Judgement("ada", LOOK.severities, note="As the card."), "Runs in 2 GB.")
    reject(of("vs_alternatives"), LOOK, "comparison-unproven")
    return workspace


def examples(workspace: Workspace, **options: Any) -> list[TrainingExample]:
    lines = text_of(workspace, "training", **options).splitlines()
    return [TrainingExample.model_validate_json(line) for line in lines]


def test_each_decided_text_is_an_example(tmp_path: Path) -> None:
    accepted, edited, rejected = examples(decided(tmp_path))
    assert (accepted.decision, accepted.final) == ("accept", accepted.draft)
    assert [source.quote for source in accepted.sources] == [
        "Reads printed tickets of up to 40 fields."
    ]
    assert accepted.sources[0].document == "ticket-reader.md"
    assert (edited.draft, edited.final) == ("Runs in 3 GB of memory.", "Runs in 2 GB.")
    assert (edited.decision, edited.notes) == ("edit", ("As the card.",))
    assert (rejected.decision, rejected.final) == ("reject", None)
    assert rejected.reasons == ("comparison-unproven",)
    assert rejected.alternative == "version 1"


def test_reviewers_are_named_only_on_demand(tmp_path: Path) -> None:
    workspace = decided(tmp_path)
    assert "ada" not in text_of(workspace, "training")
    assert {item.reviewers for item in examples(workspace, with_names=True)} == {("ada",)}


def test_what_nobody_decided_and_planted_errors_are_no_examples(tmp_path: Path) -> None:
    workspace = drafted_workspace(tmp_path)
    seed = tmp_path / "reviews/_seeds/ada.jsonl"
    seed.parent.mkdir()
    seed.write_text('{"schema": "capdraft/seed/1", "text": "Reads 50 fields."}\n')
    assert text_of(workspace, "training") == ""


@pytest.mark.parametrize("capability", [None, "read-tickets"])
def test_what_was_withdrawn_is_no_example(tmp_path: Path, capability: str | None) -> None:
    workspace = decided(tmp_path)
    merge_artifact(workspace, "ticket-reader")
    said: dict[str, Any] = {"reviewer": "ada", "reason": "licence", "note": "Its owner asked."}
    withdraw(workspace, "ticket-reader", capability, **said)
    assert text_of(workspace, "training") == ""
    restore(workspace, "ticket-reader", capability, reviewer="ada")
    assert len(examples(workspace)) == 3


def test_a_text_that_was_drafted_twice_is_one_example(tmp_path: Path) -> None:
    workspace = decided(tmp_path)
    workspace.add_proposal(workspace.read_proposal("ticket-reader").proposal)
    assert [item.proposal for item in examples(workspace)] == ["0001"] * 3


# All of them


@pytest.mark.parametrize("format_", ["json", "jsonl", "csv", "json-ld", "training"])
def test_the_same_catalog_gives_the_same_bytes(workspace: Workspace, format_: Format) -> None:
    assert text_of(workspace, format_) == text_of(workspace, format_)


@pytest.mark.parametrize("format_", ["json", "jsonl", "csv", "json-ld"])
def test_a_broken_entry_is_kept_with_the_failures_and_the_others_go_on(
    workspace: Workspace, format_: Format
) -> None:
    (workspace.root / "catalog/gravel-2.json").write_text("{")
    export = Export(workspace, format_)
    assert "Trains readers of ledgers." in "".join(export.pieces())
    assert [error.where for error in export.failed] == ["catalog/gravel-2.json"]
    assert (export.artifacts, export.items) == (1, 1)


def test_an_artifact_that_is_not_there_is_told_before_anything_is_written(
    workspace: Workspace,
) -> None:
    for format_ in ("json", "unfragile", "training"):
        with pytest.raises(NotFound):
            Export(workspace, format_, ("gravel-2", "gravle")).check()
