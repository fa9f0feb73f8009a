"""The arithmetic of a total: what is shown gives exactly what is shown."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capdraft.errors import SettingsError
from capdraft.ranking import PARTS, Part, all_weights, weights_for
from capdraft.ranking.formula import CENT, mean_of_shown, score, shared, shown
from capdraft.settings import RankSettings, parse_settings

hundredths = st.integers(0, 100).map(lambda number: Decimal(number) / 100)


@st.composite
def all_parts(draw: st.DrawFn) -> list[Part]:
    return [Part(name, draw(st.none() | hundredths), "") for name in PARTS]


@st.composite
def any_weights(draw: st.DrawFn) -> dict[str, Decimal]:
    cuts = sorted(draw(st.lists(st.integers(0, 100), min_size=4, max_size=4)))
    edges = zip([0, *cuts], [*cuts, 100], strict=True)
    return {name: Decimal(high - low) / 100 for name, (low, high) in zip(PARTS, edges, strict=True)}


@given(all_parts(), any_weights())
def test_the_shown_parts_and_weights_give_exactly_the_shown_total(
    parts: list[Part], weights: dict[str, Decimal]
) -> None:
    found = score(parts, weights)
    known = {part.name for part in parts if part.value is not None}
    if not any(weights[name] for name in known):
        assert found.total is None
        assert found.marks == ("unranked: none of its parts is known",)
        return
    as_read = [
        Decimal(str(term.weight)) * Decimal(str(term.part.value)) * 100
        for term in found.terms
        if term.part.value is not None
    ]
    assert sum(as_read) == Decimal(str(found.total)) == sum(term.points for term in found.terms)
    assert 0 <= found.total <= 100 if found.total is not None else False
    shares = [term.weight for term in found.terms]
    assert sum(shares) == 1
    assert all(len(str(share)) == 4 and share == share.quantize(CENT) for share in shares)
    assert all(not term.weight for term in found.terms if term.part.name not in known)
    assert found.marks == tuple(f"without {name}" for name in PARTS if name not in known)


@given(any_weights(), st.sets(st.sampled_from(PARTS), min_size=1))
def test_the_weight_of_unknown_parts_is_shared_in_proportion(
    weights: dict[str, Decimal], known: set[str]
) -> None:
    names = [name for name in PARTS if name in known]
    whole = sum(weights[name] for name in names)
    for name, share in shared(weights, names).items():
        assert abs(share - weights[name] / whole) < CENT
        assert share or weights[name] < whole * CENT


def test_weights_that_are_all_known_stay_as_they_are_set() -> None:
    for weights in all_weights(RankSettings()).values():
        assert sum(weights.by_part.values()) == 1
        assert shared(weights.by_part, PARTS) == weights.by_part


def test_rounding_is_half_up() -> None:
    assert [str(shown(Decimal(v))) for v in ("0.125", "0.135", "-1", "2")] == [
        "0.13",
        "0.14",
        "0.00",
        "1.00",
    ]
    assert str(mean_of_shown([Decimal("0.124"), Decimal("0.134")])) == "0.13"  # of 0.12 and 0.13


WEIGHTS = "[rank.weights.{}]\nadoption = {}\nquality = 0.3\necosystem = 0\nmatch_graph = 0.1\n"


def test_weights_are_set_by_type() -> None:
    text = WEIGHTS.format("robot", 0.5) + "freshness = 0.1\n"
    settings = parse_settings(text).rank
    found = weights_for(settings, "robot")
    assert found.source == "[rank.weights.robot]"
    assert [str(found.by_part[part]) for part in PARTS] == ["0.50", "0.30", "0.00", "0.10", "0.10"]
    assert weights_for(settings, "model").source == "default of model"
    assert weights_for(settings, "paper").source == "default of other"
    others = parse_settings(text.replace("robot", "other")).rank
    assert weights_for(others, "paper").source == "[rank.weights.other]"
    assert weights_for(others, "model").source == "default of model"


@pytest.mark.parametrize(
    ("adoption", "freshness", "told"),
    [(0.5, "freshness = 0.11", r"sum to 1\.01"), (0.5, "", "Field required"), (0.505, "", "2 dec")],
)
def test_weights_that_are_no_shares_of_one_are_refused(
    adoption: float, freshness: str, told: str
) -> None:
    with pytest.raises(SettingsError, match=told):
        parse_settings(WEIGHTS.format("model", adoption) + freshness)
