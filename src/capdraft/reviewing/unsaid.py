"""Words of an edited text that no passage it cites carries: nothing stands behind them."""

from __future__ import annotations

from collections.abc import Sequence

from capdraft.checking.claims import evidence_text
from capdraft.records import NO_NAMES, Evidence, Names
from capdraft.reviewing.review import Review
from capdraft.reviewing.states import FieldState

MOST_WORDS = 12
# So common that they state nothing by themselves, whatever a passage says in their place.
_PLAIN_WORDS = """
about above accept accepts according across act actual actually add adds again aim aimed aims
along already also always among another anyone anything apart appear applied applies apply around
aside ask asked asks aspect aspects available aware away back base based basis become becomes
began begin behind below beside besides best better beyond both bring brings brought call called
calls came case cases cause certain change choice clear clearly close come comes common complete
concern concerns consider consist consists contain contained contains cover covered covers current
currently deal describe described describes design designed detail details different directly does
done down due during each easily easy else end ends enough entire especially etc even ever every
everything exist existing exists expect explain explains explore explored explores exploring fact
far few find first fit fits focus focused follow following follows form found full fully further
gave general generally get gets given gives go goes going good got great group had hand handle
handled handles happen hard have help helped helpful helps here high hold how however idea
important include included includes including instead intend intended intends into involve
involved involves issue item items itself keep keeps kind kinds knew know known knows large last
later lead leads least leave left less let lets level like likely list little live long look
looked looks lot low made main mainly make makes making manner many matter mean meaning means
meant method mind more most mostly move much must name named namely near need new next note now
number obtain occur offer often old one open order other others otherwise own part particular
parts people per perhaps person place places play point points possible present provide purpose
purposes put quite range rather reach read ready real really reason refer refers regard regular
relate related relevant relies rely remain remains require respect rest result results right role
said same saw say says see seek seeks seem seems seen serve served serves set sets several shape
share short should show shown shows side similar simple simply since single small so some someone
something sort specific specifically stand stands start state stated states still such suit
suitable suited sure take taken takes taking task tasks tell tells than that then there therefore
these thing things think this thought through thus time times together told too top total toward
towards true try trying turn turned turns type types typical typically under understand until up
upon use used useful user users uses using usual usually various very via view want wants way ways
well went what when where whether which while whole whose why wide within without word words work
worked working works world write yet
"""


def unsaid_words(
    review: Review,
    state: FieldState,
    text: str,
    evidence: Sequence[Evidence] | None = None,
    names: Names = NO_NAMES,
) -> tuple[str, ...]:
    """Return the telling words of a new text that none of its passages says, as it writes them.

    Words are compared as the rules compare sentences with passages; numbers have a rule of their
    own, and words that anybody would use state nothing. What the text said before is not told
    again unless it cites something else now.
    """
    from capdraft.checking.statements.words import lacking, present, telling

    cited = state.field.evidence if evidence is None else tuple(evidence)
    said = set(present("\n".join(map(evidence_text, cited))))
    other = names.alternative or state.field.alternative or ""
    said |= present(f"{review.stored.proposal.artifact.name} {other}")
    if cited == state.field.evidence:
        said |= present(state.text)
    plain = present(_PLAIN_WORDS)
    asked = {stem: word for stem, word in telling(text).items() if stem not in plain}
    return lacking(asked, said)[:MOST_WORDS] if cited else ()


def unsaid_warning(words: Sequence[str]) -> str:
    """Return what is told of words that no passage says; nothing where there are none."""
    quoted = ", ".join(f"'{word}'" for word in words)
    return f"no cited passage has {quoted}" if quoted else ""
