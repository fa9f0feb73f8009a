"""CD105, CD106: a document that talks to the model reading it, and an answer that would act.

The signs are a table; add a row to add one. They are held against plain letters: compatibility
forms and lookalike letters folded, invisible characters dropped, white space as one space.
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from capdraft.checking.claims import Claim, Problem, rule, shown, written
from capdraft.records import Evidence, PassageKind

_KIND_OF_TOOL = (
    r"assistants?|agents?|bots?|crawlers?|indexers?|models?|readers?|reviewers?|scrapers?|"
    r"software|summari[sz]ers?|systems?|tools?"
)
_READER = (
    rf"(?:(?:(?:ai|llm|catalog(?:ue|u?ing)?|automat\w+|machine|indexing|drafting)(?:[- ]powered)?"
    rf"(?: catalog\w*)? (?:{_KIND_OF_TOOL})|(?:large )?language models?|llms?|ais?|gpts?|"
    r"chat ?bots?|assistants?|summari[sz]ers?|crawlers?)\b)"
)
_WORK = (
    r"(?:answer|catalog(?:ue)?|compar|describ|draft|extract|generat|index|list|pars|process|read|"
    r"review|scan|summari[sz]|writ)"
)
_PAGE = (
    r"(?:this|these|the)(?: \w+)? (?:artifact|card|catalog\w*|description|docs?|documents?|entry|"
    r"file|json|lines?|page|passages?|project|readme|record|repository|summary|text)\b"
)
_ORDER = (
    r"(?:add|always|call|cite|claim|compare|describe|do not|don't|emphasi[sz]e|give|ignore|"
    r"include|invent|leave|list|mention|never|omit|praise|present|put|rank|rate|record|repeat|"
    r"report|return|say|set|skip|state|treat|write|you)\b"
)
_OLD = (
    r"(?:above|all|any|before|earlier|existing|former|initial|original|preceding|previous|prior|"
    r"system|these|those|your)"
)
_ORDERS = (
    r"(?:commands|constraints|directions|directives|guidelines|guardrails|instructions?|"
    r"(?<!shell )(?<!command )prompts?|rules|(?:everything|anything) (?:above|before|you))"
)


@dataclass(frozen=True, slots=True)
class Sign:
    """How a text shows that it talks to a model; not `in_code` is what real examples show."""

    reason: str
    hints: tuple[str, ...]
    """Each match holds one of these: most texts hold none, and are passed over quickly."""
    pattern: re.Pattern[str]
    in_code: bool = True

    def found_in(self, text: str) -> str | None:
        """Return the words of `text`, in small letters, that are this sign."""
        if not any(hint in text for hint in self.hints):
            return None
        found = self.pattern.search(text)
        return found and found[0]


def _sign(reason: str, hints: str, *patterns: str, in_code: bool = True) -> Sign:
    return Sign(reason, tuple(hints.split("|")), re.compile("|".join(patterns)), in_code)


SIGNS = (
    _sign(
        "it tells a model to drop its instructions",
        "ignor|disregard|forget|bypass|discard|follow|obey|overrid|set aside|supersede|miss|"
        "vergess|vergiss|olvid|descart|oubli|dimentic|esque|игнорир|забуд|не обращай|не следуй|"
        "忽略|无视|無視|忘|不要理会|忘れ|무시|잊",
        rf"\b(?:bypass(?! of)|discard|disregard|do not (?:follow|obey)|forget|ignor(?:e|ing)|"
        rf"overrid\w+|set aside|stop following|supersedes?) "
        rf"(?:\w+ ){{0,3}}?{_OLD} (?:\w+ ){{0,3}}?{_ORDERS}",
        r"\b(?:disregard|forget|ignore) everything\b",
        r"\b(?:ignor|miss?acht|vergiss|vergesst|vergessen sie)\w*\b[^.]{0,40}"
        r"\b(?:anweisung|befehl|instruktion|regel|vorgabe)",
        r"\b(?:ignor|olvid|descart|oubli|dimentic|esque[cç])\w*\b[^.]{0,40}"
        r"\b(?:instrucciones|instru[cç][oõ]es|istruzioni|consignes|(?:les|vos) instructions)",
        r"(?:игнорир|забуд|не обращай|не следуй)\w*[^.]{0,40}(?:инструкц|указани|правил)",
        r"(?:忽略|无视|無視|忘记|忘掉|不要理会)[^。]{0,15}(?:指令|指示|说明|提示|规则|要求)",
        r"(?:指示|命令|プロンプト|ルール)を?(?:すべて|全て)?(?:無視|忘れ)",
        r"(?:지시|명령|지침)[^.]{0,8}(?:무시|잊)",
    ),
    _sign(
        "it speaks to a model or a cataloguing tool",
        "ai |ai,|ai:|ai;|ai.|ai!|ai-|ai–|ai—|ai)|ai\"|ai'|ais|llm|language model|gpt|chatbot|"
        "chat bot|assistant|summari|crawler|catalog|automat|machine|indexing|drafting|you|this |"
        "hinweis|anweisung|nachricht|wenn du|si eres|nota para|instrucciones|если |для |внимани|"
        "如果你|致所有|请注意",
        r"\b(?:directive|guidance|hint|instructions?|memo|message|note|notice|reminder|request)\b"
        rf"[ ,:-]*(?:to|for) (?:all |any |every |our |the |an? )?{_READER}",
        r"\b(?:attention|important|note|warning)(?: ?[,:!–—-]+ ?(?:all |any |every |the )?| "
        rf"(?:all|any|every) ){_READER}|\battention {_READER} ?[:!]",
        rf"\b(?:dear|hello|hey|hi) (?:\w+ )?{_READER}",
        rf"\bif you(?:'re| are) (?:\w+ly )?(?:an?|the) (?:\w+ )?(?:{_READER}|model\b|machine\b)",
        rf"\b(?:any|all|every|whichever|whatever) {_READER}[^.]{{0,25}}\b{_WORK}\w* {_PAGE}",
        rf"\b{_READER} (?:that |which |who |currently |now |is |are )*{_WORK}\w* this\b",
        rf"\b(?:agents|bots|machines|models|tools) (?:that |which )?{_WORK}\w* this "
        r"(?:card|document|entry|file|page|readme)\b",
        rf"\b(?:ai \w+|llms?|language models?) ?[:,] (?:please )?{_ORDER}",
        rf"\bas (?:an?|the) (?:{_READER}|model)\b[^.]{{0,60}}\byou\b",
        rf"(?:^ |[.!?:] )(?:all |any |to )?{_READER}(?:(?:,? and|,) {_READER})*"
        rf"(?: ?[:,–—-]|,? please| (?:must|should|shall)) ?(?:please )?{_ORDER}",
        r"\b(?:hinweis|anweisung|nachricht)e?n? (?:an|für) (?:\w+ )?(?:ki|sprachmodell|llm|assist)",
        r"\bwenn du (?:\w+ )?(?:ki|sprachmodell|llm|assistent)\b",
        r"\b(?:si eres|nota para|instrucciones para) (?:una? |la |el |los |las )?(?:ia|llm|modelo)",
        r"(?:если (?:ты|вы)|для|внимание,?) (?:ии|языков\w+ модел\w+|нейросет\w+)",
        r"(?:如果你是|致所有|请注意,?)(?:一个|一個)?(?:ai|人工智能|大?语言模型|助手)",
    ),
    _sign(
        "it gives orders for an answer",
        "you|when|while|before|instruction|cite |capabilit|record|empty list|approved|certified|"
        "flawless|reviewed|superior|the best|verified|caveat|drawback|limit|restriction|risk|"
        "weakness|system |openai_api_key|schreib|behaupte|nenne|erwähne",
        r"\b(?:at the end of|from|in|into|of|to) your (?:\w+ )?(?:answer|draft|listing|record|"
        r"reply|response|summary)\b",
        r"\b(?:when|whenever|while|before) (?:you )?(?:catalog|compar|describ|draft|generat|review|"
        r"summari[sz]|writ)\w*(?: about)? (?:this|these|the)(?: \w+)? (?:artifact|card|catalog\w*|"
        rf"entry|json|page|project|readme|record|summary)\b[^.]{{0,40}}?[,:] (?:please )?{_ORDER}",
        r"\byour (?:actual|new|next|only|real|sole|true) (?:goal|instructions?|job|objective|task)",
        r"(?:^ |[.!?] )(?:new|updated|revised|real) instructions? ?:",
        r"\bfrom (?:now|here|this (?:line|point)) on(?:wards?)?,? you\b",
        r"\byou are (?:now (?:an?|the|in)|no longer (?:an?|bound))\b",
        r"\byou (?:must|should|shall|may|will|have to|are (?:allowed|asked|instructed|permitted|"
        r"required) to) (?:also |always |never |not |now )?(?:cite (?:\w+ )?(?:passages?|numbers?)|"
        r"claim|call (?:it|this)|describe (?:it|this)|omit|praise|pretend|rank|rate|state that|"
        r"return (?:an empty|no))\b",
        r"\bcite (?:only |the )?(?:passages?|numbers?) \[?\d|\bcite \[\d+\]",
        r"\b(?:add|append|create|draft|fill|include|invent|output|produce|return|write)\b[^.]{0,50}"
        r"\b(?:(?:capabilit(?:y|ies)|records?) (?:called|named)|no capabilities|"
        r"\d[\d,]* (?:capabilities|records))|\b(?:answer with|output|return) an empty list",
        r"\b(?:approve|list|mark|rank|rate|record|score|treat)\b[^.]{0,40}\bas (?:already )?"
        r"(?:approved|certified|flawless|reviewed|superior|the best|verified)\b",
        r"\b(?:do not|don't|leave out|never|omit|without) (?:cit|disclos|includ|list|mention|"
        r"report)\w*\b[^.]{0,40}\b(?:caveats?|drawbacks?|limit\w*|restrictions?|risks?|weakness\w*)\b",
        r"\b(?:disclose|exfiltrate|include|leak|output|paste|print|quote|repeat|reproduce|reveal|"
        r"send)\b[^.,;]{0,40}\b(?:(?:your|the) (?:\w+ )?system (?:message|prompt)|"
        r"your (?:\w+ )?(?:instructions|prompt)|api key (?:that )?you|openai_api_key)\b",
        r"\b(?:schreibe?|behaupte|nenne|erwähne)\b[^.]{0,60}\b(?:beschreibung|katalog|vergleich)",
    ),
    _sign(
        "it poses as a reviewer or as the catalog",
        ":|(|-|–|approved|checked|cleared|reviewed|verified|necessary|needed|required",
        r"\b(?:admin\w*|catalog(?:ue)?|curator|editor|moderator|reviewer)(?:'s|s'| team)? "
        r"(?:comment|correction|directive|erratum|instruction|note|notice|remark)s? ?[:(–-]",
        r"\b(?:erratum|errata|correction) ?(?:\([^)]{0,30}\) ?)?:[^.]{0,60}\b(?:record|say|state|"
        r"write)\b",
        r"\b(?:claim|entry|passage|record|section|statement)s? (?:has|have|was|were|is|are)"
        r"(?: already| been)* (?:approved|checked|cleared|reviewed|verified) by\b",
        r"\bno (?:further )?(?:checks?|citations?|evidence|findings?|review) (?:is|are) "
        r"(?:necessary|needed|required)\b",
    ),
    _sign(
        "it imitates what capdraft asks and gets",
        "_|capabilities|== |==d|==e|end of|start of|beginning of",
        r"\bvs_alternatives\b|\balternative_passages\b|\"capabilities\" ?: ?\[ ?\{ ?\"name",
        r"== ?(?:document \d|end of)|\b(?:end|beginning|start) of (?:the )?(?:context|documents?|"
        r"passages|system prompt|user (?:data|input)|untrusted)\b",
    ),
    _sign(
        "it imitates a turn of a chat",
        ":|]|<|###",
        r"(?:^ |[.!?] )\W{0,4}(?:system|assistant|developer)(?: (?:message|note|override))?"
        r"[\s*_]{0,4}[:\]]\W{0,4}\w",
        r"### ?(?:instruction|response|system) ?:",
        r"<\|(?:im_start|start_header_id)\|> ?(?:assistant|developer|system|user)\b",
        r"<\|(?:assistant|system|user)\|> ?(?!and\b|or\b)[a-z]\w* \w",
        r"(?:\[inst\]|<<sys>>|<start_of_turn>) ?(?!tag|token|marker|(?:and|are|is|or)\b)[a-z]+ \w",
        r"</?(?:assistant|documents?|instructions?|passages?|system(?:[-_]\w+)?)>",
        in_code=False,
    ),
)

# Letters that look like Latin ones, and those.
_LOOKALIKES = str.maketrans(
    "аАвВеЕкКмМнНоОрРсСтТуУхХіІјЈѕЅԁһոαοορνικτυΑΒΕΗΙΚΜΝΟΡΤΧΥ",
    "aAbBeEkKmMhHoOpPcCtTyYxXiIjJsSdhnaoopvikTuABEHIKMNOPTXY",
)
# Tags behind a black flag spell the flag of a region; all others are invisible text.
_TAGS = re.compile("(?<!\U0001f3f4)(?<![\U000e0020-\U000e007e])[\U000e0020-\U000e007f]{2,}")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{4,}")
_INVISIBLE = "[\u00ad\u200b-\u200f\u2060-\u2064\u202a-\u202e\u2066-\u2069\ufeff]"
_HIDDEN_RUN = re.compile(f"{_INVISIBLE}{{8,}}")
_SPLIT_WORD = re.compile(f"[a-z]{_INVISIBLE}+(?=[a-z])", re.IGNORECASE)
# A line end written as \\n stands before letters of any script.
_MIXED_WORD = re.compile(r"(?<!\\)[a-z][а-я]|[а-я][a-z]", re.IGNORECASE)
_ENCODED = re.compile(r"[A-Za-z0-9+/]{32,4000}={0,2}")
_QUOTED = re.compile(r"`[^`]{1,300}`|“[^”]{1,300}”|„[^“]{1,300}“|«[^»]{1,300}»|\"[^\"]{1,300}\"")


@lru_cache(maxsize=8192)
def addressing(text: str, kind: PassageKind = "paragraph") -> str | None:
    """Return why `text` seems to talk to the model that reads it; None where nothing tells so."""
    if hidden := _hidden(text):
        return hidden
    plain = _plain(text)
    forms = [plain] if text.isascii() else dict.fromkeys((plain, _plain(text, _LOOKALIKES)))
    for form in forms:
        for sign in SIGNS:
            if (sign.in_code or kind != "code") and (found := sign.found_in(form)):
                return f"{sign.reason} ('{shown(found)}')"
    return next(filter(None, map(_decoded, _ENCODED.findall(text))), None)


def _hidden(text: str) -> str | None:
    if text.isascii():
        return None
    if _TAGS.search(text) or _SELECTORS.search(text) or _HIDDEN_RUN.search(text):
        return "it hides text in invisible characters"
    if len(_SPLIT_WORD.findall(text)) >= 3:
        return "invisible characters split its words"
    if len(_MIXED_WORD.findall(text)) >= 3:
        return "its words mix Latin and Cyrillic letters"
    return None


def _plain(text: str, letters: dict[int, int] | None = None) -> str:
    """Return `text` as the signs are held against it, with a space before its first word."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).replace("’", "'").translate(letters or {})
        text = re.sub(_INVISIBLE, "", text)
    return " " + " ".join(text.lower().split())


def _decoded(encoded: str) -> str | None:
    try:
        text = base64.b64decode(encoded + "=" * (-len(encoded) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    reason = addressing(text) if text.isprintable() else None
    return f"in base64, {reason}" if reason else None


@rule("CD105", "addressed-to-model", "error", "A cited passage talks to the model that reads it.")
def addressed_to_model(claim: Claim) -> Iterator[Problem]:
    """Look for orders to a model in what is cited, in the names, and in the text itself."""
    cited = {item.passage: item for item in claim.field.evidence}
    for number, item in cited.items():
        if problem := _spoken(item):
            why, mild = problem
            yield Problem(f"passage {number} may speak to a model: {why}", mild=mild)
    for place, text in written(claim):
        if reason := addressing(text):
            mild = addressing(_QUOTED.sub(" ", text)) is None
            yield Problem(f"{place} may speak to a model: {reason}", mild=mild)
    if not any(map(_spoken, cited.values())):
        yield from _elsewhere(claim)


def _spoken(item: Evidence) -> tuple[str, bool] | None:
    """Return why a passage seems to speak to a model, and whether it may only show how one does."""
    from capdraft.sources import readable

    above = (addressing(part) for part in (*item.heading, item.header or ""))
    if heading := next(filter(None, above), None):
        return heading, False
    said = readable(item.quote, item.kind)
    reason = addressing(said, item.kind) or addressing(item.quote, item.kind)
    if reason is None:
        return None
    if item.kind in ("code", "quote"):
        return reason, True
    bare = _QUOTED.sub(" ", item.quote)
    return reason, not (addressing(bare) or addressing(readable(bare, item.kind)))


def _elsewhere(claim: Claim) -> Iterator[Problem]:
    """Warn of a document that speaks to a model in a passage that is not cited."""
    for identifier in dict.fromkeys(item.document for item in claim.field.evidence):
        uri, said = claim.present.get(identifier, ("", None))
        if said and (reason := _first_spoken(said)):
            message = f"{uri} may speak to a model, in a passage that is not cited: {reason}"
            yield Problem(message, mild=True)


@lru_cache(maxsize=256)
def _first_spoken(said: frozenset[tuple[str, str]]) -> str | None:
    """Return why a document seems to speak to a model. Its code can't be told from its prose."""
    texts = sorted({text for pair in said for text in pair})
    return next(filter(None, (addressing(text, "code") for text in texts)), None)
