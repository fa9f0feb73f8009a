"""CD103: which numbers, units and identifiers say the same, and which do not."""

from __future__ import annotations

import itertools
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capdraft.checking import quantities
from capdraft.checking.numerals import fold
from capdraft.checking.patterns import SCAN
from capdraft.checking.support import unsupported

SAME = [
    ("224×224", "224x224", "224 x 224", "224 by 224"),
    ("67 TB", "67TB", "67 terabytes", "67,000 GB"),
    ("1M", "1 million", "1,000,000", "1 000 000", "1_000_000", "1'000'000"),
    ("3B", "3b", "3 billion", "three billion"),
    ("95%", "95 percent", "95 %", "９５％"),
    ("2.50", "2.5"),
    ("16-bit", "16 bit", "16 bits"),
    ("10x", "10×", "10 times", "tenfold", "10-fold"),
    ("600+", "over 600", "~600", "600"),
    ("2024-05-14", "14 May 2024", "May 14, 2024"),
    ("16kHz", "16,000 Hz"),
    ("$1.5M", "1.5 million dollars"),
    ("10²", "10^2", "100"),
    ("1.5 × 10⁶", "1.5e6", "1.5 million"),
    ("8x7B", "8 × 7B"),
    ("2x24GB", "2 × 24 GB"),
    ("PaLI-3", "PaLI3", "pali 3"),
    ("A100-80GB", "A100 80GB"),
    ("v2.1.0", "2.1.0", "version 2.1.0"),
    ("1m", "1 metre"),
    ("1m", "1 million"),
    ("5B", "5 bytes"),
    ("3,5 GB", "3.5 GB"),
]

DIFFERENT = [
    ("67 TB", "67 GB"),
    ("67 TB", "67"),
    ("3B", "3M"),
    ("3", "3B"),
    ("2", "2,000"),
    ("2", "2 000"),
    ("67 TB", "67 languages on a 2 GB disk"),
    ("896×896", "448×448"),
    ("224x224", "448x448 and 224"),
    ("12", "13"),
    ("3.5", "3.4"),
    ("0.5%", "5%"),
    ("-3", "3"),
    ("3", "-3"),
    ("102", "10²"),
    ("10x", "10 languages"),
    ("14 May 2024", "14 June 2024"),
    ("three", "four"),
    ("4", "GPT-4"),
    ("GPT-4", "GPT-3 with 4"),
    ("GPT-4", "GPT-4V"),
    ("So400m", "So300m"),
    ("bf16", "fp16"),
    ("ViT-L/14", "ViT-L/16"),
    ("COCO2017", "COCO 2014"),
    ("Python 3.1", "Python 3.10"),
    ("Gemma 3", "Gemma 2 in 3 sizes"),
    ("5 billion", "three billion parameters, out since 2024-05-14"),
    ("10 million", "10 lists of three million names"),
]

STATED = [
    ("224 px", "224, 448 and 896 px"),
    ("224 pixels", "224x224"),
    ("512x512", "resize((512, 512))"),
    ("10 million", "10, 20 and 50 million"),
    ("67 TB", "Size (TB)\n\nlarge | 67"),
    ("92%", "92-97%"),
    ("5", "2-5 of them"),
    ("67 of them", "67 TB"),
    ("256", "channels=[128,256,512]"),
    ("2024", "2024-05-14"),
    ("3", "three"),
    ("18th", "18"),
    ("1990s", "in 1990"),
    ("rank-16", "a rank of 16"),
    ("80,000 MB", "2 × 80 GB"),
    ("5 m", "5 million"),
    ("H100s", "an H100"),
    ("A100-80 GB", "A100-80GB"),
    ("8 H100 GPUs", "8xH100"),
    ("pre-2020", "before 2020"),
    ("BF16/FP32", "BF16 and FP32"),
    ("Python 3.9", "Python>=3.9"),
    ("100 languages", "支持100种语言"),
    ("zero-shot, and one more", "no number here"),
    ("https://example.org/42", "no number here"),
]


def flagged(claim: str, *passages: str, names: tuple[str, ...] = ()) -> list[str]:
    return [claim[found.start : found.end] for found in unsupported(claim, passages, names)]


@pytest.mark.parametrize("forms", SAME, ids=lambda forms: forms[0])
def test_forms_of_one_number_support_each_other(forms: tuple[str, ...]) -> None:
    for said, passage in itertools.product(forms, repeat=2):
        assert flagged(f"It has {said} there.", f"We see {passage} here.") == [], (said, passage)


@pytest.mark.parametrize(("said", "passage"), DIFFERENT)
def test_another_number_or_unit_is_flagged(said: str, passage: str) -> None:
    found = flagged(f"It has {said} there.", f"We see {passage} here.")
    assert len(found) == 1
    assert found[0] in said


@pytest.mark.parametrize(("said", "passage"), STATED)
def test_a_passage_can_say_a_number_in_its_own_way(said: str, passage: str) -> None:
    assert flagged(said, passage) == []


def test_names_may_be_said_without_a_passage() -> None:
    claim = "Unlike Gemma 2, The Stack v2 has 2 parts; Gemma 3 is newer."
    assert flagged(claim, "no number here", names=("Gemma 2 27B", "The Stack v2")) == ["2", "3"]
    assert flagged("It joins 7 Bridges.", "no number here", names=("7 bridges",)) == []


def test_the_version_of_a_name_is_not_just_any_number() -> None:
    assert flagged("Gemma 3 is small.", "Gemma-2 comes in 3 sizes.") == ["3"]
    assert flagged("Supports 3 tasks.", "Supports 5 languages and 3 tasks.") == []


def test_each_of_several_numbers_is_flagged_at_its_place() -> None:
    claim = "Trained on 12 sets at 896×896 for 3 days."
    assert flagged(claim, "12 sets, 448 x 448 pixels, 2 days") == ["896×896", "3 days"]


NUMBERS = st.from_regex(
    r"[-$]?[0-9]{1,4}([.,][0-9]{1,3})?( ?(x|×|GB|%|m|B|k|million) ?)?", fullmatch=True
)
PROSE = st.lists(
    st.one_of(NUMBERS, st.text(max_size=6), st.sampled_from([" ", "-", "/", "Gemma "]))
)


@given(st.one_of(st.text(), PROSE.map("".join)))
def test_any_text_supports_itself(text: str) -> None:
    assert flagged(text, text) == []


@given(st.text())
def test_folding_keeps_offsets(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.integers(2, 10**12), st.integers(2, 10**12))
def test_two_numbers_support_each_other_only_if_equal(one: int, other: int) -> None:
    assert (flagged(f"about {one} rows", f"{other:,} rows") == []) == (one == other)


@pytest.mark.parametrize(
    "hostile", ["1", ",234", "1x", "a1-", ".234", "a", " ", "1.1.", "10^", "twenty "]
)
def test_a_claim_of_50_kb_takes_no_time(hostile: str) -> None:
    claim = (hostile * 50_000)[:50_000]
    started = time.process_time()
    flagged(claim, "x 5")
    assert time.process_time() - started < 3


WORDS = st.sampled_from(
    [
        *("May 2024", "twenty", "a million", "tensor", "foo-bar", "foo_2", "www.a.b3", "-3", "$5"),
        *("1.5 GB", "10²", "pre-7", "5", "日本", ".", ","),
    ]
)


@given(st.lists(st.tuples(WORDS, st.sampled_from(["", " ", "-", "_", "\n", ". "]))))
def test_passing_over_plain_names_changes_nothing(said: list[tuple[str, str]]) -> None:
    text = "".join(map("".join, said))
    one_by_one = SCAN.pattern.replace("(?P<plain>", "(?P<plain>(?!)", 1)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(quantities, "SCAN", re.compile(one_by_one, re.VERBOSE))
        expected = quantities.mentions.__wrapped__(text)
    assert quantities.mentions.__wrapped__(text) == expected


def test_a_letter_that_only_looks_like_another_breaks_nothing() -> None:
    claim = "It has sıx layers and 5 mıllion words in 3 mın"
    assert not list(unsupported(claim, ["six layers, 5 million words in 3 min"]))
