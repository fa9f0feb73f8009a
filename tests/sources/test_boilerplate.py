"""What is boilerplate, and that what states a fact is not."""

from __future__ import annotations

import pytest

from capdraft.sources import read_bytes


def marked(text: str, name: str = "a.md") -> list[tuple[str, str | None]]:
    document = read_bytes(text.encode(), name, uri="a")
    assert [part.number for part in document.passages] == [*range(1, len(document.passages) + 1)]
    return [(part.shown, part.boilerplate) for part in document.passages]


@pytest.mark.parametrize(
    "text",
    [
        "## Table of Contents\n- [Use](#use)\n  1. [**Speed** (5)](#speed-(5))\n- [Paper](a.pdf)",
        "# Contents\n- Use\n- 2. Speed\n# Use\nText.\n# Speed\nText.",
        "- [Use](#use)\n- [🚀 Speed](#speed)\n\n# Use\nText.\n# 🚀 Speed\nText.",
        '# 目录\n<ul><li><a href="#use">Use</a></li></ul>',
        "**Table of contents**",
        "# Contents\n[Use](#use) • [Speed](#speed)",
    ],
)
def test_tables_of_contents(text: str) -> None:
    assert {why for shown, why in marked(text) if shown != "Text."} == {"contents"}


@pytest.mark.parametrize(
    "text",
    [
        "- Sorts mail\n- [Runs on phones](#phones)\n\n# Runs on phones\nYes.",
        "- [Sorts 5 GB an hour](#speed)\n- [Runs on phones](#phones)\n\n# Speed\nYes.",
        "# Contents\n- 10,000 messages\n- [train.csv](data/train.csv)",
        "See [Use](#use).\n\n# Use\nYes.",
        "| Size | Link |\n|-|-|\n| [2B](#2b) | [7B](#7b) |\n\n# 2B\nYes.\n# 7B\nYes.",
        "It sorts mail in 0.5 s ..... on a phone",
    ],
)
def test_what_links_to_a_place_and_says_more_is_content(text: str) -> None:
    assert {why for _, why in marked(text)} == {None}


def test_contents_of_other_formats() -> None:
    page = (
        '<ul><li><a href="#u">Use</a><li><a href="#s">Speed</a></ul>'
        '<h1>Use<a href="#u">¶</a></h1><p>It sorts.</p>'
        '<h1>Speed</h1><ul><li><a href="#x">Fast</a> as <a href="#y">light</a></ul>'
    )
    assert marked(page, "a.html") == [
        ("Use", "contents"),
        ("Speed", "contents"),
        ("It sorts.", None),
        ("Fast as light", None),
    ]
    assert marked("1 Use . . . . . 2\n2 Speed ........ 14", "a.txt")[0][1] == "contents"


@pytest.mark.parametrize(
    "text",
    [
        "[More Information Needed]",
        "More information needed.",
        "- **Developed by:** [More Information Needed](https://cards.example)",
        "[Needs More Information]\n[More Information Needed]",
        "TODO",
        "| Hardware | Hours |\n|-|-|\n| GPU | [More Information Needed] |\n| TBD | |",
        "<table><tr><td>TODO</td></tr></table>",
    ],
)
def test_placeholders(text: str) -> None:
    assert {why for _, why in marked(text)} == {"placeholder"}


@pytest.mark.parametrize(
    "text",
    [
        "More information needed to sort is read from the header.",
        "- **Developed by:** Larch Ltd. [More Information Needed]",
        "It marks todo items. TODO",
        "| Hardware | Hours | Site |\n|-|-|-|\n| GPU | 7 | [More Information Needed] |",
        "    [More Information Needed]",
        "<table><tr><td>Sorts mail</td></tr></table>",
    ],
)
def test_what_says_something_beside_a_placeholder_is_content(text: str) -> None:
    assert {why for _, why in marked(text)} == {None}


APACHE = (
    'Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file'
    " except in compliance with the License. You may obtain a copy of the License at"
)
WARRANTY = 'Unless required by applicable law or agreed to in writing, this is "AS IS".'
GRANT = "Permission is hereby granted, free of charge, to any person obtaining a copy of it."


def test_licence_texts() -> None:
    text = f"Copyright 2026 Larch.\n{APACHE}\n\n{WARRANTY}\n\nSorts mail.\n\n{GRANT}\n"
    assert [why for _, why in marked(text)] == ["licence", "licence", None, "licence"]
    header = "    # SPDX-License-Identifier: MIT\n    # for all\n"
    assert [why for _, why in marked(header)] == ["licence"]
    assert [why for _, why in marked(header + "    run()\n")] == [None]


@pytest.mark.parametrize(
    "text",
    [
        f"# Licence\n{APACHE}",
        "# Licence\nLarch is under the MIT license.",
        "Larch may be used under the Apache License, Version 2.0.",
        f"Larch checks whether a file says: {GRANT}",
    ],
)
def test_which_licence_the_artifact_has_is_content(text: str) -> None:
    assert [why for _, why in marked(text)] == [None]


def test_links_back_are_navigation() -> None:
    assert marked("[↑ Back to top](#larch)\n\nIt is back to top form.\n") == [
        ("↑ Back to top", "navigation"),
        ("It is back to top form.", None),
    ]


def test_data_is_not_shown_and_a_passage_of_data_only_is_marked() -> None:
    blob = "iVBORw0KGgo" * 30
    assert marked(f"{blob}\n\n![A larch](data:image/svg+xml;base64,{blob})\n\nKey {blob}.\n") == [
        ("…", "data"),
        ("A larch", None),
        ("Key ….", None),
    ]


def test_badges_are_no_passage() -> None:
    assert marked("[![Tests](https://ci.example/badge.svg)](x) ![](y.png)\n\nSorts.") == [
        ("Sorts.", None)
    ]
