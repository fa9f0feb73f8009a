"""Words of an edited text that no passage it cites carries: nothing stands behind them."""

from __future__ import annotations

from collections.abc import Sequence

from capdraft.checking.claims import evidence_text
from capdraft.records import NO_NAMES, Evidence, Names
from capdraft.reviewing.review import Review
from capdraft.reviewing.states import FieldState

MOST_WORDS = 12


def unsaid_words(
    review: Review,
    state: FieldState,
    text: str,
    evidence: Sequence[Evidence] | None = None,
    names: Names = NO_NAMES,
) -> tuple[str, ...]:
    """Return the telling words of a new text that none of its passages says, as it writes them.

    Words are compared as the rules compare sentences with passages; numbers have a rule of their
    own. What the text said before is not told again unless it cites something else now.
    """
    from capdraft.checking.statements.words import lacking, present, telling

    cited = state.field.evidence if evidence is None else tuple(evidence)
    said = set(present("\n".join(map(evidence_text, cited))))
    other = names.alternative or state.field.alternative or ""
    said |= present(f"{review.stored.proposal.artifact.name} {other}")
    if cited == state.field.evidence:
        said |= present(state.text)
    return lacking(telling(text), said)[:MOST_WORDS] if cited else ()


def unsaid_warning(words: Sequence[str]) -> str:
    """Return what is told of words that no passage says; nothing where there are none."""
    quoted = ", ".join(f"'{word}'" for word in words)
    return f"no cited passage has {quoted}" if quoted else ""
