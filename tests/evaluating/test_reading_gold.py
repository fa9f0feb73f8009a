"""Gold files: a quote names one passage, and what is wrong is told by its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from capdraft.errors import FileInvalid, NotFound, SourceError
from capdraft.evaluating import find_gold, read_gold, read_pairs
from gold_set import KILN_GOLD, PAIRS, kilnwatch, write_gold


def test_a_quote_names_the_passage_that_holds_it(tmp_path: Path) -> None:
    case = kilnwatch(tmp_path)
    assert [case.numbers(item) for item in case.gold.capabilities] == [(1,), (2,), (3,)]
    assert case.numbers(case.gold.comparisons[0]) == (3, 4)


def test_a_quote_is_found_however_its_white_space_is_laid_out(tmp_path: Path) -> None:
    text = KILN_GOLD.replace('"flags cracked thermocouples"', '"flags\\n  cracked   thermocouples"')
    case = read_gold(write_gold(tmp_path, kilnwatch=text) / "kilnwatch")
    assert case.numbers(case.gold.capabilities[1]) == (2,)


@pytest.mark.parametrize(
    ("quote", "message", "candidates"),
    [
        ("of memory", "stands in 2 passages", ["[3] Inference needs 3 GB", "[4] Version 1"]),
        ("flags broken thermocouples", "stands in no passage", ["[2] It flags cracked"]),
    ],
)
def test_an_unclear_quote_is_told_with_its_line_and_the_candidates(
    tmp_path: Path, quote: str, message: str, candidates: list[str]
) -> None:
    text = KILN_GOLD.replace('["flags cracked thermocouples"]', f'["{quote}"]')
    gold = write_gold(tmp_path, kilnwatch=text)
    with pytest.raises(FileInvalid, match=message) as caught:
        read_gold(gold / "kilnwatch")
    line = text[: text.index(f'["{quote}"]')].count("\n") + 1
    assert caught.value.where.endswith(f"kilnwatch/gold.toml:{line}")
    assert all(candidate in caught.value.hint for candidate in candidates)


def test_a_short_quote_is_told_where_it_stands_and_not_where_its_letters_do(
    tmp_path: Path,
) -> None:
    text = KILN_GOLD.replace('["Inference needs 3 GB"]', '["memory"]', 1)
    with pytest.raises(FileInvalid, match="'memory' stands in 2 passages") as caught:
        read_gold(write_gold(tmp_path, kilnwatch=text) / "kilnwatch")
    line = text[: text.index('["memory"]')].count("\n") + 1
    assert caught.value.where.endswith(f"gold.toml:{line}")


def test_a_document_that_cannot_be_read_is_told_by_the_line_that_names_it(tmp_path: Path) -> None:
    gold = write_gold(tmp_path)
    (gold / "kilnwatch/card.md").unlink()
    with pytest.raises(SourceError, match="there is no such file") as caught:
        read_gold(gold / "kilnwatch")
    assert caught.value.where == f"{gold / 'kilnwatch/gold.toml'}:5"
    (gold / "kilnwatch/card.md").write_bytes(b"\0\xff")
    with pytest.raises(SourceError, match="binary"):
        read_gold(gold / "kilnwatch")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('id = "s2"', 'id = "s1"', "two statements have the id 's1'"),
        ('trap = "version"', 'trap = "sorcery"', "statements.1.trap"),
        ('trap = "version"', 'trap = "computed"', "said of supported statements"),
        ('supported = false\npassages = ["Inf', 'supported = true\npassages = ["Inf', "no trap"),
        ("supported = false", 'suported = "false"', "statements.1"),
        ('documents = ["card.md"]', 'documents = ["../../secret.md"]', "not a file beside"),
        ('alternative = "Version 1"\ntext = "Needs a', 'text = "Needs a', "vs_alternatives"),
        ("[[statements]]", "[[statements]", "isn't TOML"),
    ],
)
def test_a_file_that_is_not_gold_says_where(
    tmp_path: Path, before: str, after: str, message: str
) -> None:
    gold = write_gold(tmp_path, kilnwatch=KILN_GOLD.replace(before, after, 1))
    with pytest.raises(FileInvalid, match=message) as caught:
        read_gold(gold / "kilnwatch")
    assert "gold.toml:" in caught.value.where


def test_rewording_an_explanation_leaves_the_hash_of_the_gold(tmp_path: Path) -> None:
    first = kilnwatch(tmp_path).sha256
    reworded = KILN_GOLD.replace("Two versions in one card.", "Mind the versions.")
    assert read_gold(write_gold(tmp_path, kilnwatch=reworded) / "kilnwatch").sha256 == first
    other = KILN_GOLD.replace("needed = false", "needed = true")
    assert read_gold(write_gold(tmp_path, kilnwatch=other) / "kilnwatch").sha256 != first


def test_a_folder_without_gold_says_how_to_name_one(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"no gold\.toml") as caught:
        find_gold(tmp_path)
    assert "--against" in caught.value.hint


def test_pairs_that_are_none_are_told_by_line(tmp_path: Path) -> None:
    path = tmp_path / "pairs.toml"
    path.write_text(PAIRS.replace("same = false", "same = 'perhaps'", 1))
    with pytest.raises(FileInvalid, match=r"pairs\.2\.same") as caught:
        read_pairs(path)
    assert caught.value.where == f"{path}:13"
