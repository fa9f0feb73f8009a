"""The rules, and running them over capabilities.

To add a rule, write its check in one of the modules imported here, put `@rule` on it, and name
it in `BUILT_IN`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence

from capdraft.checking.active_content import active_content
from capdraft.checking.citations import no_evidence, one_sided, unknown_passage, unsupported_number
from capdraft.checking.claims import Around, Claim, Rule, find
from capdraft.checking.contradictions import contradicted
from capdraft.checking.denying import not_as_stated
from capdraft.checking.duplicates import duplicate_record
from capdraft.checking.grounding import quote_gone
from capdraft.checking.instructions import addressed_to_model
from capdraft.checking.judgements import judged_contradicted, judged_unsupported
from capdraft.checking.naming import unsaid_name
from capdraft.checking.plugin_rules import may_be_of_a_plugin, plugin_rules, tell_of_missing
from capdraft.checking.sentences import contradicted_by_passage, unsaid_sentence
from capdraft.checking.superlatives import unstated_superlative
from capdraft.errors import SettingsError
from capdraft.records import Artifact, Capability, Field, FieldName, Finding

BUILT_IN: dict[str, Rule] = {
    item.code: item
    for item in (
        no_evidence,
        unknown_passage,
        unsupported_number,
        quote_gone,
        addressed_to_model,
        active_content,
        contradicted,
        contradicted_by_passage,
        unsaid_sentence,
        judged_unsupported,
        judged_contradicted,
        not_as_stated,
        unsaid_name,
        one_sided,
        unstated_superlative,
        duplicate_record,
    )
}


class _Rules(Mapping[str, Rule]):
    """The rules by code: those above, then those of plugins, loaded when first asked for."""

    def __getitem__(self, code: str) -> Rule:
        return BUILT_IN[code] if code in BUILT_IN else plugin_rules()[code]

    def __iter__(self) -> Iterator[str]:
        yield from BUILT_IN
        yield from plugin_rules()

    def __len__(self) -> int:
        return len(BUILT_IN) + len(plugin_rules())


RULES: Mapping[str, Rule] = _Rules()
_NOTHING = Around()


def _check_codes(severities: Mapping[str, str]) -> None:
    for code, severity in severities.items():
        if code in RULES:
            continue
        near = next(iter(difflib.get_close_matches(code, RULES, n=1)), None)
        if not may_be_of_a_plugin(code):
            hint = f"Did you mean {near}? " if near else ""
            raise SettingsError(
                f"{code!r} under [rules] is no rule", hint=f"{hint}Rules: {', '.join(RULES)}"
            )
        if severity != "off":
            tell_of_missing(code, None if near in BUILT_IN else near)


def check_capabilities(
    artifact: Artifact,
    capabilities: Sequence[Capability],
    *,
    around: Around = _NOTHING,
    severities: Mapping[str, str] = {},
) -> tuple[Finding, ...]:
    """Return what all rules say of all fields, in the order of the fields, by code and place.

    Raises:
        SettingsError: `severities` names no rule, or gives one anything but error, warning or off.
    """
    _check_codes(severities)
    claims = (
        Claim(
            artifact,
            capability,
            name,
            field,
            earlier=tuple(capabilities[:place]),
            around=around,
        )
        for place, capability in enumerate(capabilities)
        for name, field in capability.fields()
    )
    return find(RULES.values(), claims, severities)


def check_text(
    artifact: Artifact,
    capability: Capability,
    field_name: FieldName,
    text: str,
    *,
    earlier: Sequence[Capability] = (),
    around: Around = _NOTHING,
    severities: Mapping[str, str] = {},
) -> tuple[Finding, ...]:
    """Return what the rules say of one field if it said `text` with the evidence it has.

    `earlier` are the capabilities before it, which it must not repeat.

    Raises:
        SettingsError: `severities` gives a rule anything but error, warning or off.
    """
    old = capability.field(field_name)
    field = old.model_copy(update={"text": text}) if old else Field(text=text)
    edited = capability.model_copy(update={field_name: field})
    claim = Claim(artifact, edited, field_name, field, tuple(earlier), around)
    return find(RULES.values(), [claim], severities)
