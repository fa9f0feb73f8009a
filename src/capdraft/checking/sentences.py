"""CD108, CD109: sentences that no model found passages for, held against the documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from capdraft.checking.claims import Claim, Problem, rule, shown
from capdraft.checking.grounding import Said, document_of
from capdraft.records import Evidence

if TYPE_CHECKING:
    from capdraft.checking.statements import Judged, Library


@rule(
    "CD108",
    "contradicted",
    "error",
    "A passage says otherwise than a field that cites none for it.",
)
def contradicted_by_passage(claim: Claim) -> Iterator[Problem]:
    """Look for a passage that says the opposite, or another number for the same thing."""
    if not _is_by_hand(claim):
        return
    from capdraft.checking.statements import judge

    library = _documents(claim)
    if library is None:
        return
    for item in judge(claim.field.text, library):
        if item.verdict == "contradicted":
            yield Problem(f"a passage says otherwise: {told(item)}", item.start, item.end)


@rule("CD109", "unsaid-sentence", "error", "The cited passages say other sentences only.")
def unsaid_sentence(claim: Claim) -> Iterator[Problem]:
    """Look for sentences that no cited passage says, beside one that a passage does say."""
    if not (_is_by_hand(claim) and claim.field.evidence):
        return
    judged = _cited(claim)
    if not any(item.verdict == "supported" for item in judged):
        return
    for item in judged:
        if item.verdict != "supported":
            sentence = claim.field.text[item.start : item.end]
            model = _called_supported(claim, sentence)
            # A model may be wrong, and a document may talk to it: it mends nothing by itself.
            but = f" in its own words; {model} judges that one says it in others" if model else ""
            message = f"no cited passage says '{shown(sentence)}'{but}"
            yield Problem(message, item.start, item.end, mild=bool(model))


def _called_supported(claim: Claim, sentence: str) -> str:
    """Return the model that calls a sentence supported, if one was asked and does."""
    found = claim.judged.sentence(sentence) if claim.judged else None
    supported = found is not None and found.verdict == "supported"
    return claim.judged.model if claim.judged and supported else ""


def told(item: Judged) -> str:
    """Return what a passage says, and of what it says otherwise."""
    quote = item.passages[0].text
    if item.against and item.against[1] not in ("", quote) and len(item.against[1]) < len(quote):
        said, stands = item.against
        return f"'{shown(stands)}', not '{shown(said)}', in '{shown(quote)}'"
    return f"'{shown(quote, 120)}'"


def _is_by_hand(claim: Claim) -> bool:
    """Tell whether no model cited passages for the field: it is written by hand or imported."""
    return not (claim.field.passages or claim.field.alternative_passages)


def _documents(claim: Claim) -> Library | None:
    from capdraft.sources import RECORDS_MEDIA_TYPE

    pairs = ((document_of(said), said) for _, said in claim.present.values())
    own = [(d.sha256, said) for d, said in pairs if d and d.media_type != RECORDS_MEDIA_TYPE]
    return _library(tuple(own), claim.artifact.name, claim.artifact.type) if own else None


@lru_cache(maxsize=4)
def _library(documents: tuple[tuple[str, Said], ...], name: str, kind: str) -> Library:
    """Read the documents of an artifact once, however many fields are held against them."""
    from capdraft.checking.statements import Library, of_document

    own = [document_of(said) for _, said in documents]
    return Library([p for each in own if each for p in of_document(each)], name, kind)


def _cited(claim: Claim) -> list[Judged]:
    from capdraft.checking.statements import Library, judge, judge_comparison, of_evidence

    own, other = (_side(claim.field.evidence, side) for side in ("artifact", "alternative"))
    library = Library(of_evidence(own), claim.artifact.name, claim.artifact.type)
    if not claim.is_comparison:
        return judge(claim.field.text, library)
    named = claim.field.alternative or (other[0].heading[0] if other and other[0].heading else "")
    others = [Library(of_evidence(other), named)] if named else []
    return judge_comparison(claim.field.text, library, others)


def _side(evidence: Sequence[Evidence], side: str) -> list[Evidence]:
    return [item for item in evidence if item.side == side]
