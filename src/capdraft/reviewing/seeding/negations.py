"""`negated`: a claim that says the opposite, where its grammar is sure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from capdraft.checking.quotes.polarity import denials
from capdraft.reviewing.seeding.wording import Place, Spoiled, saying, swapped

_VERBS = """
accepts adds answers builds checks classifies combines compares computes converts covers creates
describes detects downloads embeds encodes estimates exports extracts finds follows generates gives
handles holds identifies imports includes indexes keeps lets lists loads localizes logs maps matches
measures needs offers opens parses plots predicts prints produces provides ranks reads recognises
recognizes records removes renders reports requires resizes returns reaches runs samples saves scans
scores searches segments sends serves shows sorts speaks splits stores streams summarises summarizes
supports tags takes tells tokenizes tracks trains transcribes translates turns uses validates works
writes
"""
_ES = ("ches", "shes", "sses", "xes", "zzes")


def _base(verb: str) -> str:
    if verb.endswith("ies"):
        return f"{verb[:-3]}y"
    return verb.removesuffix("es") if verb.endswith(_ES) else verb.removesuffix("s")


_BASES = {verb: _base(verb) for verb in _VERBS.split()}
_FORMS = {base: verb for verb, base in _BASES.items()}
_THIRD = "|".join(_BASES)
# Not at the very start: a capability that begins with "Does not" would give itself away.
_VERB = re.compile(
    rf"(?:(?<=[.!?;] )|(?<=\b[Ii]t )|(?<=\b[Tt]he model )|(?<=\b[Tt]he dataset )"
    rf"|(?<=\b[Tt]he library )|(?<=\b[Tt]he tool ))(?P<verb>(?i:{_THIRD}))\b(?= [^\W_])"
    r"(?! (?:is|are|was|were|of|and|or)\b)"
)
_CAN = re.compile(r"\bcan(?= [a-z]+)(?! (?:only|also|still|either|and|or)\b)")
# Not "is a …": what denies what a thing is gives itself away.
_IS = re.compile(
    r"(?<!here )(?<!what )(?<!how )(?<!as )(?<!which )\b(?:is|are)"
    r"(?= (?:able|available|based|built|confidential|free|grouped|included|made|open"
    r"|planned|public|required|set|trained|written|[a-z]{3,}ed)\b)(?! (?:need|indeed)\b)"
)
_DENIED = (
    (re.compile(r"\bcannot(?= [a-z])"), "can"),
    (re.compile(r"\b(?P<be>is|are) not(?= [a-z])(?! (?:only|just|yet|always)\b)"), r"\g<be>"),
    (re.compile(rf"\b[Dd]oes not (?P<base>{'|'.join(_FORMS)})\b"), ""),
)
# Beside these, a "not" would be odd, or would not say the opposite.
_ODD = re.compile(
    r"\b(?:some|any|already|also|still|too|both|only|but|either|unless|anything|anyone|yet|except"
    r"|even|quite|always|often|usually|may|might)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(rf"(?:\b(?:and|or)|,) (?:(?:it|also|then) )?(?:{_THIRD}|is|are|can)\b")


def negated(text: str, said: Sequence[str]) -> Iterator[Spoiled]:
    """Deny what a sentence of a passage says, or say what it denies."""
    for found in _VERB.finditer(text):
        base = _BASES[found["verb"].lower()]
        # A document may say it of a subject: "It reads" and "reading" serve as well.
        verb = re.compile(rf"\b{base[:-1]}\w{{0,4}}\b", re.IGNORECASE)
        yield from _said(text, found, f"does not {base}", verb, said)
    for pattern, words in ((_CAN, "cannot"), (_IS, "{} not")):
        for found in pattern.finditer(text):
            yield from _said(text, found, words.format(found[0]), _exactly(found[0]), said)
    for pattern, words in _DENIED:
        for found in pattern.finditer(text):
            instead = found.expand(words) or _FORMS[found["base"]]
            yield from _said(text, found, instead, _exactly(found[0]), said, 1)


def _exactly(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b{re.escape(words)}\b", re.IGNORECASE)


def _said(
    text: str,
    found: re.Match[str],
    words: str,
    stating: re.Pattern[str],
    said: Sequence[str],
    denied: int = 0,
) -> Iterator[Spoiled]:
    place = Place(text, *found.span())
    sentence = place.sentence
    if _ODD.search(sentence) or _GOES_ON.search(place.behind) or denials(sentence) != denied:
        return
    stated = saying(place, said, stating)
    if stated:
        yield swapped(place, words, stated)
