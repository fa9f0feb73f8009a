"""The catalog in the schema.org vocabulary, with the selectors of W3C Web Annotation.

Nothing in it is a rating: an approval says that the documents carry a claim, not how good it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from capdraft.publishing.exports.links import code_page, other_links, own_page, web_address
from capdraft.records import (
    IMPORTED_PAGE,
    Approval,
    CatalogEntry,
    DocumentRef,
    Evidence,
    FieldName,
    Record,
    RecordField,
)

Node = dict[str, Any]

CONTEXT: Node = {
    "@vocab": "https://schema.org/",
    "oa": "http://www.w3.org/ns/oa#",
    "citation": {"@type": "@id"},
    "codeRepository": {"@type": "@id"},
    "license": {"@type": "@id"},
    "url": {"@type": "@id"},
}
_SOFTWARE = (
    "agent api app application cli extension framework library mcp model package platform "
    "plugin product service software space tool webapp"
)
TYPES: dict[str, str] = {
    **dict.fromkeys(_SOFTWARE.split(), "SoftwareApplication"),
    "repository": "SoftwareSourceCode",
    "dataset": "Dataset",
}
"""The schema.org type of each type of artifact; of any other it is CreativeWork."""
_ACTIVE = re.compile("[<>&\u2028\u2029]")


def json_ld_pieces(entries: Iterable[CatalogEntry]) -> Iterator[str]:
    """Yield one document piece by piece: a graph of artifacts, each with its claims."""
    yield f'{{\n"@context": {script_safe(CONTEXT)},\n"@graph": ['
    separator = "\n"
    for entry in entries:
        yield separator + script_safe(json_ld(entry))
        separator = ",\n"
    yield "\n]\n}\n"


def script_safe(data: object, indent: int | None = None) -> str:
    """Return JSON that can stand in a `<script>` of a page: nothing in it ends the element."""
    text = json.dumps(data, ensure_ascii=False, indent=indent)
    return _ACTIVE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def json_ld(entry: CatalogEntry) -> Node:
    """Return the node of an artifact; `CONTEXT` belongs above it.

    Ids are relative: SLUG, and SLUG#CAPABILITY.FIELD for each claim.
    """
    artifact = entry.artifact
    kind = TYPES.get(artifact.type, "CreativeWork")
    approved = [a.at for r in entry.capabilities for _, f in r.fields() for a in f.approved]
    node = {
        "@id": artifact.slug,
        "@type": kind,
        **common_facts(entry),
        "additionalType": artifact.type,
        "citation": other_links(entry),
        "codeRepository": code_page(entry) if kind == "SoftwareSourceCode" else None,
        "featureList": _names(entry) if kind == "SoftwareApplication" else None,
        "offers": artifact.pricing and {"@type": "Offer", "description": artifact.pricing},
        "sdDatePublished": max(approved).date().isoformat() if approved else None,
        "subjectOf": claims(entry),
    }
    return _known(node)


def common_facts(entry: CatalogEntry) -> Node:
    """Return what schema.org and Croissant say alike of an artifact."""
    artifact = entry.artifact
    licence = artifact.license
    paragraphs = (f"{record.name}: {record.description.text}" for record in entry.capabilities)
    return _known(
        {
            "name": artifact.name,
            "description": "\n\n".join(paragraphs),
            "url": own_page(entry),
            "license": licence
            and (web_address(licence) or {"@type": "CreativeWork", "name": licence}),
            "inLanguage": list(artifact.languages),
            "keywords": [intent for record in entry.capabilities for intent in record.intents],
        }
    )


def claims(entry: CatalogEntry) -> list[Node]:
    """Return the node of each approved text, with its passages and who accepted it."""
    return [
        _claim(entry, record, name, field)
        for record in entry.capabilities
        for name, field in record.fields()
    ]


def _names(entry: CatalogEntry) -> list[str]:
    return [record.name for record in entry.capabilities]


def _claim(entry: CatalogEntry, record: Record, name: FieldName, field: RecordField) -> Node:
    other = field.alternative
    drafter = {"@type": "SoftwareApplication", "name": record.drafted_by}
    made = {"@type": "CreateAction", "instrument": drafter}
    drafted = record.drafted_by != IMPORTED_PAGE
    return _known(
        {
            "@id": f"{entry.artifact.slug}#{record.id}.{name}",
            "@type": "Claim",
            "name": record.name,
            "additionalType": name,
            "text": field.text,
            "about": {"@type": "Thing", "name": other} if other else None,
            "isBasedOn": [_quotation(entry.document(item), item) for item in field.evidence],
            "@reverse": _known(
                {
                    "object": [_acceptance(approval) for approval in field.approved],
                    "result": made if name == "description" and drafted else None,
                }
            ),
        }
    )


def _quotation(document: DocumentRef, item: Evidence) -> Node:
    quote = {"@type": "oa:TextQuoteSelector", "oa:exact": item.quote}
    around = {"oa:prefix": item.prefix, "oa:suffix": item.suffix}
    place = {"@type": "oa:TextPositionSelector", "oa:start": item.start, "oa:end": item.end}
    read = {"@type": "oa:TimeState", "oa:sourceDate": document.retrieved.isoformat()}
    return _known(
        {
            "@type": ["Quotation", "oa:SpecificResource"],
            "name": " / ".join(item.heading),
            "description": item.header,
            "text": item.quote,
            "isPartOf": _document(document),
            "oa:hasState": read,
            "oa:hasSelector": [quote | around, place],
        }
    )


def _document(document: DocumentRef) -> Node:
    return _known(
        {
            "@type": "MediaObject",
            "name": document.uri,
            "url": web_address(document.uri),
            "sha256": document.sha256,
            "encodingFormat": document.media_type,
        }
    )


def _acceptance(approval: Approval) -> Node:
    said = [
        "Accepted without evidence, as an editorial statement." if approval.editorial else "",
        f"Accepted despite {', '.join(approval.despite)}." if approval.despite else "",
        "The reviewer wrote this text." if approval.edited else "",
        "The reviewer ran the draft." if approval.own else "",
        approval.note or "",
    ]
    return _known(
        {
            "@type": "AcceptAction",
            "identifier": approval.decision,
            "agent": {"@type": "Person", "name": approval.by},
            "endTime": approval.at.isoformat(),
            "description": " ".join(filter(None, said)),
        }
    )


def _known(node: Node) -> Node:
    """Return a node without what is not known."""
    return {key: value for key, value in node.items() if value not in (None, "", [], {})}
