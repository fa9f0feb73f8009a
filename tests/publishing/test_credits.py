"""Who a page credits with a text: who approved it, and what else they did."""

from __future__ import annotations

import pytest

from capdraft.publishing.phrases import approved_by
from capdraft.records import Approval


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, "approved by bo on 2026-03-01"),
        ({"own": True}, "approved by bo, who ran the draft, on 2026-03-01"),
        ({"edited": True}, "rewritten and approved by bo on 2026-03-01"),
        ({"edited": True, "own": True}, "rewritten and approved by bo on 2026-03-01"),
    ],
)
def test_who_ran_a_draft_is_not_said_to_have_written_it(said: dict[str, bool], told: str) -> None:
    item = {"by": "bo", "at": "2026-03-01T09:00:00Z", "decision": "0" * 12, **said}
    assert approved_by(Approval.model_validate(item)) == told
