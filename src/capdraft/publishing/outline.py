"""The words of a comparison page that all its formats share, section by section."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from capdraft.comparing import (
    CONFLICT_RULES,
    IN_COMMON_RULE,
    Column,
    Comparison,
    Conflict,
    Group,
    Member,
    Said,
    Settlement,
    ShownCapability,
    verdict_rules,
    word_lists,
)
from capdraft.publishing.phrases import RANK_IS_ABOUT, claims, plain
from capdraft.records import credit_of

IN_COMMON, CONFLICTS, VERDICT = "In common", "Conflicts between the docs", "Verdict"
SOURCES, EVIDENCE, RULES = "Sources", "Evidence", "By which rules"
NOTHING_APPROVED = "None approved yet."
NOTHING_ELSE = "Nothing else."
NOTHING_IN_COMMON = "Nothing was found by the rule that this page goes by."
BY_WORDS = "Found by words, not by what they mean; there may be more."
NOTHING_LIKE_IT = "Nothing alike was found for these."
NOTHING_BUT_NEAR = "Nothing alike was found for these, unless it is said below."
NO_CONFLICT = "None was found in what the records cite."
MOST_DOCUMENTS = 12
"""Documents of an artifact that a page lists."""


def and_(words: Sequence[str]) -> str:
    """Return words as a list in a sentence."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def dateline(page: Comparison) -> list[str]:
    """Return when a page is from, and who stands behind it."""
    said = []
    if page.newest:
        said.append(f"As of {page.newest:%Y-%m-%d}, when something was last read or approved")
    if page.reviewers:
        said.append(f"approved by {and_(page.reviewers)}")
    if page.drafted_by:
        said.append(and_([credit_of(plain(name)) for name in page.drafted_by]))
    if page.ranked_for:
        said.append(f"ages in the ranks counted on {page.ranked_for}")
    return said


def on_the_rank(page: Comparison, *, verdict: bool = False) -> str:
    """Return what a rank is about, where the headline tells one; below the `verdict`, if any."""
    if verdict:
        ranked = any(column.standing.total for column in page.artifacts)
    else:
        ranked = page.verdict.reasons[0].rule in ("rank", "tie")
    return RANK_IS_ABOUT if ranked else ""


def who_can(page: Comparison, group: Group) -> str:
    """Return which of the artifacts have what a group holds."""
    if len(group.members) == len(page.artifacts):
        return "In both" if len(page.artifacts) == 2 else f"In all {len(page.artifacts)}"
    return f"In {and_([name_of(page, member.artifact) for member in group.members])}"


def name_of(page: Comparison, slug: str) -> str:
    """Return what the page calls an artifact."""
    return next(column.name for column in page.artifacts if column.slug == slug)


def sides(page: Comparison, group: Group) -> Iterator[tuple[Column, Member, ShownCapability]]:
    """Yield the members of a group as the page shows them, in its order."""
    for column in page.artifacts:
        member = group.member(column.slug)
        shown = page.capability(member) if member else None
        if member and shown:
            yield column, member, shown


def why(page: Comparison, group: Group) -> list[str]:
    """Return why each member of a group belongs to its first."""
    found = []
    for member in group.members:
        if member.artifact != group.first:
            between = f"{name_of(page, group.first)} and {name_of(page, member.artifact)}: "
            lead = between if len(page.artifacts) > 2 else ""
            found.append(lead + (_aligned(member.settled) if member.settled else _counted(member)))
    return found


def _aligned(said: Settlement) -> str:
    note = f': "{plain(said.note)}"' if said.note else ""
    return f"aligned by {said.by} on {said.at:%Y-%m-%d}{note}"


def _counted(member: Member) -> str:
    one, two = member.of
    share = 200 * member.points // (one + two)
    words = ", ".join(map(plain, member.words))
    return f"{share} % alike, {member.points} points of {one} and {two}: {words}"


def left_groups(more: int) -> str:
    """Return the line that stands for groups that the page doesn't show."""
    return f"+{more} more in common"


def cited(capability: ShownCapability) -> list[int]:
    """Return the numbers of the passages that a capability cites, each once."""
    numbers = (number for _, claim in claims(capability) for number in claim.footnotes)
    return list(dict.fromkeys(numbers))


def rest(column: Column) -> str:
    """Return the heading of what stands in no group."""
    return f"The rest of {column.name}"


def on_the_rest(page: Comparison, column: Column) -> str:
    """Return what is known of what stands in no group, or of why there is nothing."""
    if not column.approved:
        return NOTHING_APPROVED
    if not column.rest:
        return NOTHING_ELSE
    near = any(capability.near for capability in page.alone(column))
    return NOTHING_BUT_NEAR if near else NOTHING_LIKE_IT


def also_like(page: Comparison, capability: ShownCapability) -> str:
    """Return what a capability is like that stands beside another, or nothing."""
    near = [f"“{plain(i.name)}” ({name_of(page, i.artifact)})" for i in capability.near]
    return f"Also like {and_(near)}, shown beside another." if near else ""


def says(page: Comparison, said: Said) -> str:
    """Return whose docs say one side of a conflict."""
    return f"{name_of(page, said.artifact)}’s {'docs' if said.footnotes else 'metadata'}"


def conflict_rule(conflict: Conflict) -> str:
    """Return the rule that found a conflict."""
    return f"By the rule: {CONFLICT_RULES[conflict.rule]}"


def sources(page: Comparison) -> Iterator[tuple[str, str, str]]:
    """Yield what was read for each artifact: its name, the document's URI and when; or how many."""
    for column in page.artifacts:
        for item in column.documents[:MOST_DOCUMENTS]:
            yield column.name, item.uri, f"read {item.retrieved:%Y-%m-%d}"
        if (more := len(column.documents) - MOST_DOCUMENTS) > 0:
            yield column.name, "", f"{more} more"


def rules(page: Comparison, *, words: bool = True) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the rules that a page goes by, each kind with what it is for.

    `words` adds the lists of words that the rule of what is in common goes by.
    """
    yield IN_COMMON, (IN_COMMON_RULE, *_of_groups(page), *(word_lists() if words else ()))
    yield VERDICT, verdict_rules(page.least)
    yield CONFLICTS, tuple(CONFLICT_RULES.values())


def _of_groups(page: Comparison) -> Iterable[str]:
    if len(page.artifacts) > 2:
        yield (
            "Groups grow from the two that are most alike; each other one is like the first. What "
            "is in common is counted for each two by themselves."
        )
