"""Properties of drafting again: any documents, any change, any earlier proposal."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from capdraft.drafting.passages import Citations
from capdraft.drafting.proposing import digest, references
from capdraft.drafting.redrafting import Plan, plan_revision
from capdraft.records import Artifact, Capability, Document, Evidence, Field, Proposal, Run
from capdraft.records.evidence import evidence_hash
from capdraft.sources import read_bytes

PARAGRAPHS = st.sampled_from(
    [
        "Reads tickets.",
        "Reads\tslips.",
        "Sorts 30 folders.",
        "- prints\n- cuts",
        "## Notes",
        "列车票。",
    ]
    + [f"| name | size |\n|---|---|\n| ticket | {size} |" for size in (1, 2)]
    + ["| label | size |\n|---|---|\n| ticket | 1 |", "[More Information Needed]", "```\ncode\n```"]
)
FILES = st.dictionaries(st.sampled_from(["a.md", "b.md"]), st.lists(PARAGRAPHS, max_size=8))
RUN = Run(
    started=datetime(2026, 1, 1, tzinfo=UTC),
    tool="capdraft",
    state="drafted",
    model="stub",
    endpoint="http://stub/v1",
    prompt="draft",
    prompt_sha256="0" * 64,
    calls=1,
    attempts=1,
    seconds=1,
)
LINE_ENDS = st.sampled_from(["\n", "\r\n"])
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])


@st.composite
def documents(draw: st.DrawFn) -> tuple[Document, ...]:
    found: list[Document] = []
    number = 1
    for name, paragraphs in sorted(draw(FILES).items()):
        text = "\n\n".join(["It is a reader.", *paragraphs]).replace("\n", draw(LINE_ENDS))
        data = text.encode(draw(ENCODINGS))
        found.append(read_bytes(data, name, uri=name, first_number=number))
        number += len(found[-1].passages)
    return tuple(found)


@st.composite
def proposals(
    draw: st.DrawFn, of: st.SearchStrategy[tuple[Document, ...]] | None = None
) -> Proposal:
    """A proposal whose texts cite any passages, also ones that there aren't."""
    read = draw(documents().filter(bool) if of is None else of)
    citations = Citations(read)
    last = sum(len(document.passages) for document in read)
    cited = st.lists(st.integers(1, last + 2), max_size=4)

    def field(numbers: list[int]) -> Field:
        evidence = tuple(citations.evidence(numbers))
        return Field(text="Says it.", passages=tuple(dict.fromkeys(numbers)), evidence=evidence)

    capabilities = [
        Capability(id=f"c{place}", name=f"C {place}", description=field(one), unique=field(two))
        for place, (one, two) in enumerate(draw(st.lists(st.tuples(cited, cited), max_size=4)))
    ]
    return Proposal(
        artifact=Artifact(slug="reader", name="Reader"),
        run=RUN,
        documents=references(read, (), ()),
        capabilities=tuple(capabilities),
    )


def plan(earlier: Proposal, now: tuple[Document, ...]) -> Plan | None:
    return plan_revision("0001", earlier, now, (), {})


@given(proposals(), documents())
def test_what_is_carried_over_keeps_its_text_and_evidence(
    earlier: Proposal, now: tuple[Document, ...]
) -> None:
    found = plan(earlier, now)
    if found is None:
        return
    uris = {f"d{place}": document.uri for place, document in enumerate(now, 1)}
    texts = {f"d{place}": document.text for place, document in enumerate(now, 1)}
    for capability in earlier.capabilities:
        kept = found.kept.get(capability.id)
        for name, old in capability.fields():
            field = kept.field(name) if kept else None
            if field is None:
                assert (capability.id, name) in found.lost
                continue
            assert field.text == old.text
            assert evidence_hash(field.evidence, uris) == evidence_hash(old.evidence, earlier.uris)
            assert all(_stands(item, texts) for item in field.evidence)
            cited = {item.passage for item in field.evidence}
            invented = set(old.passages) - {item.passage for item in old.evidence}
            assert cited <= set(field.passages)
            assert bool(set(field.passages) - cited) == bool(invented)


def _stands(item: Evidence, texts: dict[str, str]) -> bool:
    return texts[item.document][item.start : item.end] == item.quote


@given(proposals(), documents())
def test_each_passage_was_read_before_or_is_shown_now(
    earlier: Proposal, now: tuple[Document, ...]
) -> None:
    found = plan(earlier, now)
    if found is None:
        return
    shown = {part.passage.number for part in found.parts}
    seen = {ref.uri: set((ref.seen or "").split()) for ref in earlier.documents}
    for document in now:
        for passage in document.passages:
            read = digest(document, passage) in seen.get(document.uri, set())
            assert passage.boilerplate or read or passage.number in shown
            assert not (passage.boilerplate and passage.number in found.fresh)


@given(st.data())
def test_nothing_is_left_to_do_on_what_was_read(data: st.DataObject) -> None:
    read = data.draw(documents().filter(bool))
    earlier = data.draw(proposals(st.just(read)))
    found = plan(earlier, read)
    assert found is None or found.same
