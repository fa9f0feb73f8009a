"""How a text shows that it talks to the model reading it: a table. Add a row to add a sign.

Signs are held against plain small letters with white space as one space: see `instructions`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

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


@dataclass(frozen=True)
class Part:
    """A pattern, and hints: a text that it matches has one, and looking for those is quick."""

    hints: tuple[str, ...]
    source: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The pattern, compiled for the first text that has a hint: most have none."""
        return re.compile(self.source)


@dataclass(frozen=True, slots=True)
class Sign:
    """How a text shows that it talks to a model; not `in_code` is what real examples show."""

    reason: str
    parts: tuple[Part, ...]
    in_code: bool
    only_with: tuple[str, ...]
    """Hints of the whole sign."""

    def found_in(self, text: str) -> str | None:
        """Return the words of `text`, in small letters, that are this sign."""
        # Some 150 hints are looked for in each passage: any() would take twice as long.
        for hint in self.only_with:
            if hint in text:
                break
        else:
            return None
        found: list[re.Match[str]] = []
        for part in self.parts:
            for hint in part.hints:
                if hint in text:
                    found.extend(part.pattern.finditer(text))
                    break
        return min(found, key=re.Match.start)[0] if found else None


def _sign(reason: str, *parts: str, in_code: bool = True, only_with: str = "") -> Sign:
    """Return a sign of hints and patterns by turns, the hints parted by `|`."""
    pairs = zip(parts[::2], parts[1::2], strict=True)
    made = [Part(tuple(hints.split("|")), pattern) for hints, pattern in pairs]
    return Sign(reason, tuple(made), in_code, tuple(only_with.split("|")))


_READER_HINTS = (
    "ai|llm|language model|gpt|chatbot|chat bot|assistant|summari|crawler|catalog|automat|machine|"
    "indexing|drafting"
)

SIGNS = (
    _sign(
        "it tells a model to drop its instructions",
        "ignor|disregard|forget|bypass|discard|follow|obey|overrid|set aside|supersede",
        rf"\b(?:bypass(?! of)|discard|disregard|do not (?:follow|obey)|forget|ignor(?:e|ing)|"
        rf"overrid\w+|set aside|stop following|supersedes?) "
        rf"(?:\w+ ){{0,3}}?{_OLD} (?:\w+ ){{0,3}}?{_ORDERS}|"
        r"\b(?:disregard|forget|ignore) everything\b",
        "ignor|misacht|missacht|vergess|vergiss",
        r"\b(?:ignor|miss?acht|vergiss|vergesst|vergessen sie)\w*\b[^.]{0,40}"
        r"\b(?:anweisung|befehl|instruktion|regel|vorgabe)",
        "ignor|olvid|descart|oubli|dimentic|esque",
        r"\b(?:ignor|olvid|descart|oubli|dimentic|esque[cç])\w*\b[^.]{0,40}"
        r"\b(?:instrucciones|instru[cç][oõ]es|istruzioni|consignes|(?:les|vos) instructions)",
        "игнорир|забуд|не обращай|не следуй",
        r"(?:игнорир|забуд|не обращай|не следуй)\w*[^.]{0,40}(?:инструкц|указани|правил)",
        "忽略|无视|無視|忘|不要理会",
        r"(?:忽略|无视|無視|忘记|忘掉|不要理会)[^。]{0,15}(?:指令|指示|说明|提示|规则|要求)",
        "無視|忘れ",
        r"(?:指示|命令|プロンプト|ルール)を?(?:すべて|全て)?(?:無視|忘れ)",
        "무시|잊",
        r"(?:지시|명령|지침)[^.]{0,8}(?:무시|잊)",
    ),
    _sign(
        "it speaks to a model or a cataloguing tool",
        "directive|guidance|hint|instruction|memo|message|note|notice|reminder|request",
        r"\b(?:directive|guidance|hint|instructions?|memo|message|note|notice|reminder|request)\b"
        rf"[ ,:-]*(?:to|for) (?:all |any |every |our |the |an? )?{_READER}",
        "attention|important|note|warning",
        r"\b(?:attention|important|note|warning)(?: ?[,:!–—-]+ ?(?:all |any |every |the )?| "
        rf"(?:all|any|every) ){_READER}|\battention {_READER} ?[:!]",
        "dear |hello |hey |hi ",
        rf"\b(?:dear|hello|hey|hi) (?:\w+ )?{_READER}",
        "if you",
        rf"\bif you(?:'re| are) (?:\w+ly )?(?:an?|the) (?:\w+ )?(?:{_READER}|model\b|machine\b)",
        "any |all |every |whichever |whatever ",
        rf"\b(?:any|all|every|whichever|whatever) {_READER}[^.]{{0,25}}\b{_WORK}\w* {_PAGE}",
        " this",
        rf"\b{_READER} (?:that |which |who |currently |now |is |are )*{_WORK}\w* this\b",
        "agents |bots |machines |models |tools ",
        rf"\b(?:agents|bots|machines|models|tools) (?:that |which )?{_WORK}\w* this "
        r"(?:card|document|entry|file|page|readme)\b",
        "ai |llm|language model",
        rf"\b(?:ai \w+|llms?|language models?) ?[:,] (?:please )?{_ORDER}",
        "as a|as the ",
        rf"\bas (?:an?|the) (?:{_READER}|model)\b[^.]{{0,60}}\byou\b",
        _READER_HINTS,
        rf"(?:^ |[.!?:] )(?:all |any |to )?{_READER}(?:(?:,? and|,) {_READER})*"
        rf"(?: ?[:,–—-]|,? please| (?:must|should|shall)) ?(?:please )?{_ORDER}",
        "hinweis|anweisung|nachricht",
        r"\b(?:hinweis|anweisung|nachricht)e?n? (?:an|für) (?:\w+ )?(?:ki|sprachmodell|llm|assist)",
        "wenn du",
        r"\bwenn du (?:\w+ )?(?:ki|sprachmodell|llm|assistent)\b",
        "si eres|nota para|instrucciones para",
        r"\b(?:si eres|nota para|instrucciones para) (?:una? |la |el |los |las )?(?:ia|llm|modelo)",
        "если |для |внимание",
        r"(?:если (?:ты|вы)|для|внимание,?) (?:ии|языков\w+ модел\w+|нейросет\w+)",
        "如果你是|致所有|请注意",
        r"(?:如果你是|致所有|请注意,?)(?:一个|一個)?(?:ai|人工智能|大?语言模型|助手)",
        only_with="ai |ai,|ai:|ai;|ai.|ai!|ai-|ai–|ai—|ai)|ai\"|ai'|ais|llm|language model|gpt|"
        "chatbot|chat bot|assistant|summari|crawler|catalog|automat|machine|indexing|drafting|you|"
        "this |hinweis|anweisung|nachricht|wenn du|si eres|nota para|instrucciones|если |для |"
        "внимани|如果你|致所有|请注意",
    ),
    _sign(
        "it gives orders for an answer",
        "your ",
        r"\b(?:at the end of|from|in|into|of|to) your (?:\w+ )?(?:answer|draft|listing|record|"
        r"reply|response|summary)\b",
        "when|while|before",
        r"\b(?:when|whenever|while|before) (?:you )?(?:catalog|compar|describ|draft|generat|review|"
        r"summari[sz]|writ)\w*(?: about)? (?:this|these|the)(?: \w+)? (?:artifact|card|catalog\w*|"
        rf"entry|json|page|project|readme|record|summary)\b[^.]{{0,40}}?[,:] (?:please )?{_ORDER}",
        "your ",
        r"\byour (?:actual|new|next|only|real|sole|true) (?:goal|instructions?|job|objective|task)",
        "instruction",
        r"(?:^ |[.!?] )(?:new|updated|revised|real) instructions? ?:",
        "from now|from here|from this",
        r"\bfrom (?:now|here|this (?:line|point)) on(?:wards?)?,? you\b",
        "you are ",
        r"\byou are (?:now (?:an?|the|in)|no longer (?:an?|bound))\b",
        "you ",
        r"\byou (?:must|should|shall|may|will|have to|are (?:allowed|asked|instructed|permitted|"
        r"required) to) (?:also |always |never |not |now )?(?:cite (?:\w+ )?(?:passages?|numbers?)|"
        r"claim|call (?:it|this)|describe (?:it|this)|omit|praise|pretend|rank|rate|state that|"
        r"return (?:an empty|no))\b",
        "cite ",
        r"\bcite (?:only |the )?(?:passages?|numbers?) \[?\d|\bcite \[\d+\]",
        "capabilit|record|empty list",
        r"\b(?:add|append|create|draft|fill|include|invent|output|produce|return|write)\b[^.]{0,50}"
        r"\b(?:(?:capabilit(?:y|ies)|records?) (?:called|named)|no capabilities|"
        r"\d[\d,]* (?:capabilities|records))|\b(?:answer with|output|return) an empty list",
        "approved|certified|flawless|reviewed|superior|the best|verified",
        r"\b(?:approve|list|mark|rank|rate|record|score|treat)\b[^.]{0,40}\bas (?:already )?"
        r"(?:approved|certified|flawless|reviewed|superior|the best|verified)\b",
        "caveat|drawback|limit|restriction|risk|weakness",
        r"\b(?:do not|don't|leave out|never|omit|without) (?:cit|disclos|includ|list|mention|"
        r"report)\w*\b[^.]{0,40}\b(?:caveats?|drawbacks?|limit\w*|restrictions?|risks?|weakness\w*)\b",
        "system |your |api key|openai_api_key",
        r"\b(?:disclose|exfiltrate|include|leak|output|paste|print|quote|repeat|reproduce|reveal|"
        r"send)\b[^.,;]{0,40}\b(?:(?:your|the) (?:\w+ )?system (?:message|prompt)|"
        r"your (?:\w+ )?(?:instructions|prompt)|api key (?:that )?you|openai_api_key)\b",
        "schreib|behaupte|nenne|erwähne",
        r"\b(?:schreibe?|behaupte|nenne|erwähne)\b[^.]{0,60}\b(?:beschreibung|katalog|vergleich)",
    ),
    _sign(
        "it poses as a reviewer or as the catalog",
        "admin|catalog|curator|editor|moderator|reviewer",
        r"\b(?:admin\w*|catalog(?:ue)?|curator|editor|moderator|reviewer)(?:'s|s'| team)? "
        r"(?:comment|correction|directive|erratum|instruction|note|notice|remark)s? ?[:(–-]",
        "errat|correction",
        # An order only: real errata tell what a table "used to say", or which record was wrong.
        r"\b(?:erratum|errata|correction) ?(?:\([^)]{0,30}\) ?)?:(?:[^.]{0,60}(?:[,;:–—-]|\band|"
        r"\binstead|\bnow|\bplease|\bthen))?[ *_]{0,4}(?:(?:record|say|state|write) (?:it|that|the|"
        r"there|this|\W)|[^.]{0,60}\b(?:answer|catalog\w*|description|entry|record|summary) "
        r"(?:must|shall|should) (?:read|say|state)\b)",
        "approved|checked|cleared|reviewed|verified",
        r"\b(?:claim|entry|passage|record|section|statement)s? (?:has|have|was|were|is|are)"
        r"(?: already| been)* (?:approved|checked|cleared|reviewed|verified) by\b",
        "necessary|needed|required",
        r"\bno (?:further )?(?:checks?|citations?|evidence|findings?|review) (?:is|are) "
        r"(?:necessary|needed|required)\b",
    ),
    _sign(
        "it imitates what capdraft asks and gets",
        "vs_alternatives|alternative_passages|capabilities",
        r"\bvs_alternatives\b|\balternative_passages\b|\"capabilities\" ?: ?\[ ?\{ ?\"name",
        "==|end of|start of|beginning of",
        r"== ?(?:document \d|end of)|\b(?:end|beginning|start) of (?:the )?(?:context|documents?|"
        r"passages|system prompt|user (?:data|input)|untrusted)\b",
    ),
    _sign(
        "it imitates a turn of a chat",
        "system|assistant|developer",
        r"(?:^ |[.!?] )\W{0,4}(?:system|assistant|developer)(?: (?:message|note|override))?"
        r"[\s*_]{0,4}[:\]]\W{0,4}\w",
        "###",
        r"### ?(?:instruction|response|system) ?:",
        "<|",
        r"<\|(?:im_start|start_header_id)\|> ?(?:assistant|developer|system|user)\b|"
        r"<\|(?:assistant|system|user)\|> ?(?!and\b|or\b)[a-z]\w* \w",
        "[inst]|<<sys>>|<start_of_turn>",
        r"(?:\[inst\]|<<sys>>|<start_of_turn>) ?(?!tag|token|marker|(?:and|are|is|or)\b)[a-z]+ \w",
        "<",
        r"</?(?:assistant|documents?|instructions?|passages?|system(?:[-_]\w+)?)>",
        in_code=False,
    ),
)
