"""Each plugin, as capdraft uses it once the package is installed."""

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from capdraft.checking import check_text
from capdraft.errors import SourceError
from capdraft.plugins import Exporter, Reader, Rule, Setup, SignalSource
from capdraft.records import (
    Approval,
    Artifact,
    Capability,
    CatalogEntry,
    Field,
    Record,
    RecordField,
)
from capdraft.sources import read_bytes
from capdraft_example.downloads import DownloadCounter
from capdraft_example.outline import OutlineExporter
from capdraft_example.promotional import PromotionalWord
from capdraft_example.tables import TableReader

TRAM = Artifact(slug="tram", name="Tram", type="model")

# What a type checker holds against the contract.
READER: Reader = TableReader()
RULE: Rule = PromotionalWord()
EXPORTER: Exporter = OutlineExporter()
SOURCE: SignalSource = DownloadCounter(Setup())


def test_each_row_is_a_passage_under_the_header() -> None:
    document = read_bytes(b"size,stops\nsmall,12\nlarge,40\n", "lines.csv", uri="lines.csv")
    rows = [(document.text[p.start : p.end], p.header) for p in document.passages]
    assert rows == [("| small | 12 |", "| size | stops |"), ("| large | 40 |", "| size | stops |")]


def test_a_damaged_table_is_an_error_of_its_file() -> None:
    with pytest.raises(SourceError, match=r"^bad\.csv: this is no table"):
        read_bytes(b'size,stops\n"open\n', "bad.csv", uri="bad.csv")


def test_a_word_of_praise_is_found_where_it_stands() -> None:
    tram = Capability(id="plan", name="Plan trips", description=Field(text="Plans trips."))
    found = check_text(TRAM, tram, "description", "Plans trips seamlessly.")
    (praise,) = [finding for finding in found if finding.code == "EX101"]
    assert (praise.start, praise.end, praise.severity) == (12, 22, "warning")


def test_what_praises_nothing_and_what_the_settings_turn_off_is_quiet() -> None:
    tram = Capability(id="plan", name="Plan trips", description=Field(text="Plans trips."))
    off = {"EX101": "off"}
    for found in (
        check_text(TRAM, tram, "description", "Plans trips."),
        check_text(TRAM, tram, "description", "Plans trips seamlessly.", severities=off),
    ):
        assert "EX101" not in [finding.code for finding in found]


def test_the_outline_is_well_formed_xml() -> None:
    day = datetime(2026, 3, 1, tzinfo=UTC)
    accepted = Approval(by="ana", at=day, decision="0" * 12, editorial=True, note="Tried it.")
    text = RecordField(text='Plans "trips" & walks.', proposal="0001", approved=(accepted,))
    record = Record(id="plan", name="Plan", drafted_by="draft-model-1", description=text)
    entry = CatalogEntry(artifact=TRAM, capabilities=(record,))
    root = ElementTree.fromstring("".join(OutlineExporter().write([entry])))
    told = [item.get("text") for item in root.iter("outline")]
    assert told == ["Tram", "Plan", 'description: Plans "trips" & walks.']


def test_what_can_not_be_known_is_an_error_so_that_earlier_numbers_stay() -> None:
    nowhere = DownloadCounter(Setup({"url": "http://127.0.0.1:9"}))
    for source, why in ((SOURCE, "name no server"), (nowhere, "can't be reached")):
        with pytest.raises(SourceError, match=why):
            list(source.signals(TRAM, ()))
