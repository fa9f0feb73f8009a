"""Prompts: found in the workspace before the package, and documents enter them only as values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from capdraft.errors import PromptError
from capdraft.prompts import list_prompts, load_prompt, packaged_folder, prompts_hash

NOTHING: dict[str, Any] = {
    "rejected": (),
    "known": (),
    "candidates": (),
    "changed": False,
    "revise": (),
}


def test_a_prompt_of_the_workspace_hides_the_packaged_one(tmp_path: Path) -> None:
    assert load_prompt("draft", tmp_path).path.parent == packaged_folder()
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts/draft.jinja").write_text("{% block user %}{{ name }}{% endblock %}")
    prompt = load_prompt("draft", tmp_path)
    assert prompt.render(name="x") == [{"role": "user", "content": "x"}]


def test_the_fixed_part_comes_first_so_that_it_can_be_cached() -> None:
    system, user = load_prompt("draft").render(**NOTHING, name="Reader", passages="[1] Reads.")
    assert (system["role"], user["role"]) == ("system", "user")
    assert "Reader" not in system["content"]
    assert user["content"] == "The artifact: Reader\n\n[1] Reads."


def test_a_value_is_never_a_template() -> None:
    hostile = "{{ 7 * 7 }}{% include 'x' %}{# gone? #}"
    _, user = load_prompt("draft").render(**NOTHING, name=hostile, passages=hostile)
    assert user["content"] == f"The artifact: {hostile}\n\n{hostile}"


@pytest.mark.parametrize("name", ["none", "../draft", "DRAFT", ""])
def test_a_prompt_that_is_not_there_is_told(name: str) -> None:
    with pytest.raises(PromptError, match="there is no prompt"):
        load_prompt(name)


def test_every_packaged_prompt_says_what_it_is_for() -> None:
    prompts = list_prompts()
    names = ["consolidate", "draft", "judge", "repair", "survey"]
    assert [prompt.name for prompt in prompts] == names
    for prompt in prompts:
        assert list(prompt.header) == ["purpose", "variables", "schema"]
    assert prompts[3].header["purpose"].startswith("ask again for the records")


def test_the_hash_covers_templates_and_schemas() -> None:
    draft, repair = load_prompt("draft"), load_prompt("repair")
    hashes = {
        prompts_hash([draft], [{}]),
        prompts_hash([repair], [{}]),
        prompts_hash([draft, repair], [{}]),
        prompts_hash([draft], [{"type": "object"}]),
    }
    assert len(hashes) == 4
