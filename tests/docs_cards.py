"""The documents that the pages of docs/ name, and a model on loopback that drafts and judges them.

The model is none: it writes down what a card has under each `##`, so a card says what is drafted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

from gold_set import KILN_CARD, KILN_GOLD, TIDE_CARD, TIDE_GOLD
from stub_endpoint import Answer, completion

SLIPS = {
    "Version 1 read signs of 448×448, and Version 2 reads larger ones.": "Reads signs of up "
    "to 896×896.",
}
"""What the model makes of a passage, where it makes a mistake."""
AT_FIRST = {
    "Describes an image in one or two sentences.": "Describes an image in one sentence.",
}
"""What the model made of a passage in the first draft."""
UNPROVEN = {"Tide tables"}
"""Rivals of which the model finds no passage."""


def card(name: str, type_: str, **sections: str) -> str:
    """Return a card: a section for each capability, a paragraph for each line of it."""
    head = f"---\nname: {name}\ntype: {type_}\n---\n# {name}\n"
    parts = [f"## {title.replace('_', ' ')}\n\n{text}" for title, text in sections.items()]
    return "\n\n".join([head, *parts]).replace(" / ", "\n\n") + "\n"


OLD_PALIGEMMA = card(
    "PaliGemma",
    "model",
    Captioning="Describes an image in one or two sentences. / "
    "It needs 8 GB of memory for one image. / "
    "It captions in 35 languages, more than BLIP with its one; BLIP-2 is its newest version.",
    Counting="Counts up to 20 things in a photo. / It needs no second model to count.",
    Reading="Reads handwritten invoices and printed labels.",
    Read_text="Reads the text of signs in a photo. / "
    "Version 1 read signs of 448×448, and Version 2 reads larger ones.",
    Fine_tuning="Can be trained further on one graphics card.",
    Object_detection_with_boxes="Draws a box around each thing that a sentence names.",
)
NEW_PALIGEMMA = OLD_PALIGEMMA.replace("## Object detection with boxes", "## Notes")
"""The same text, of which the model makes a record less."""

CARDS = {
    "cards/paligemma.md": OLD_PALIGEMMA,
    "cards/gemma-2.md": card(
        "Gemma 2",
        "model",
        Summaries="Sums up a report of up to 8,000 tokens. / It runs on one graphics card.",
        Reading="Answers questions about scanned invoices.",
    ),
    "cards/blip-2.md": card(
        "BLIP-2",
        "model",
        Image_captions="Writes one caption for a photo. / It was trained with two frozen models.",
        Reading_notes="Reads handwritten notes and invoices in a picture.",
    ),
    "cards/llava-1-6.md": card(
        "LLaVA 1.6",
        "model",
        Running_on_a_Mac="Runs on a Mac with 16 GB of memory.",
        Captions="Writes captions for photos and read handwritten invoices.",
    ),
    "cards/the-stack-v2.md": card(
        "The Stack v2",
        "dataset",
        Source_code="Holds source code in 600 languages.",
        Opting_out="Leaves out the code of whoever asked for it.",
    ),
    "ferry-times.md": card(
        "Ferry times",
        "dataset",
        Crossings_by_island="Lists 212 crossings by island. / "
        "It lists more islands than Tide tables.",
        Others="Harbour atlas is another way to find a harbour.",
    ),
    "tide-tables.md": card(
        "Tide tables", "dataset", Tides_by_island="Lists the tides of 9 islands. "
    ),
    "docs/pump-planner/use.md": card(
        "Pump planner",
        "tool",
        Plan_a_pump="Plans the hours of a pump from the tides.",
        Others="Harbour atlas is shown beside it in our shop.",
    ),
    "docs/pump-planner/limits.md": "# Limits\n\nIt plans at most 14 days.\n",
    "card.md": card(
        "Pebble 2",
        "model",
        Finds_the_waters_edge="Finds the water's edge in a photo.",
        Speed="It looks at a photo for 2 seconds.",
        Counts="Counts pebbles in a photo by their outlines.",
    ),
    "examples/ticket.md": card(
        "Ticket", "model", Read_tickets="Reads printed tickets of up to 40 fields."
    ),
    "tram.md": card("Tram", "tool", Plan="Plans trips by tram."),
    "pump-manual.md": "# Pump manual\n\n"
    + "\n\n".join(
        f"Valve {n} lets {n} litres of water through in a minute, as long as the pump before it is "
        "running, the sluice is up and nobody stands below."
        for n in range(1600)
    ),
    "evaluation/gold/kilnwatch/card.md": KILN_CARD,
    "evaluation/gold/kilnwatch/gold.toml": KILN_GOLD,
    "evaluation/gold/tidewords/README.md": TIDE_CARD,
    "evaluation/gold/tidewords/gold.toml": TIDE_GOLD,
}
PEBBLES = (
    "Finds the water's edge.",
    "Counts 40 pebbles in a photo by their outlines.",
    "Says how many stones lie on a beach.",
)
"""What the catalog says of Pebble 2 without evidence."""


def answers(body: dict[str, Any]) -> Answer:
    """Answer what the packaged prompts ask, with as many tokens as were sent."""
    sent = sum(len(message["content"]) for message in body["messages"]) // 4
    answer = _answer(body)
    return replace(answer, body=answer.body.replace('_tokens": 100', f'_tokens": {sent}'))


def _answer(body: dict[str, Any]) -> Answer:
    shown = body["messages"][-1]["content"]
    if "== claim " in shown:
        return completion({"verdicts": list(_verdicts(shown))})
    if "The candidates:" in shown:
        numbers = [int(n) for n in re.findall(r"^(\d+)\. ", shown, re.MULTILINE)]
        return completion({"capabilities": [{"name": "Water", "candidates": numbers}]})
    if "\nWindow " in shown:
        (number, *_) = _passages(shown)
        found = {"name": "Water", "summary": "Lets water through.", "passages": [number]}
        return completion({"candidates": [found], "alternatives": []})
    return completion({"capabilities": list(_records(shown)), **_others(shown)})


def _passages(shown: str) -> dict[int, tuple[str, str]]:
    """Return each passage of the documents with its heading, by number."""
    found, heading = {}, ""
    for line in shown.split("== end of the documents ==")[0].splitlines():
        if line.startswith("# "):
            heading = line.rpartition(" > ")[2] if " > " in line else ""
        elif numbered := re.match(r"\[(\d+)\] (.+)", line):
            found[int(numbered[1])] = (heading, numbered[2])
    return found


def _records(shown: str) -> Iterator[dict[str, Any]]:
    """Yield a record for each heading, or for each passage that has none."""
    passages = _passages(shown)
    headed: dict[str, list[int]] = {}
    for number, (heading, text) in passages.items():
        headed.setdefault(heading or " ".join(text.split()[:4]), []).append(number)
    words = SLIPS if "Notes" in headed else SLIPS | AT_FIRST
    for heading in ("Others", "Notes"):
        headed.pop(heading, None)

    def said(number: int) -> dict[str, Any]:
        text = passages[number][1]
        return {"text": words.get(text, text), "passages": [number]}

    for name, (first, *rest) in headed.items():
        record: dict[str, Any] = {
            "name": name,
            "description": said(first),
            "unique": None,
            "vs_alternatives": None,
            "intents": [f"{name} for me".lower()],
        }
        for number in rest:
            rival = re.search(r" than ([A-Z][\w-]*(?: [a-z]+)*?)(?: with|\.)", passages[number][1])
            if rival:
                sides = [] if rival[1] in UNPROVEN else [number]
                compared = {"alternative": rival[1], "alternative_passages": sides}
                record["vs_alternatives"] = said(number) | compared
            else:
                record["unique"] = said(number)
        yield record


def _others(shown: str) -> dict[str, Any]:
    told = {n: text for n, (head, text) in _passages(shown).items() if head == "Others"}
    others = [{"name": text.split(" is ")[0], "passages": [n]} for n, text in told.items()]
    return {"alternatives": others, "contradictions": []}


def _verdicts(shown: str) -> Iterator[dict[str, Any]]:
    """Yield that a sentence is supported where the documents have its figures."""
    said = shown.split("== claim ")[0]
    starts = [found.start() for found in re.finditer("^== claim ", shown, re.MULTILINE)]
    for start, end in pairwise([*starts, len(shown)]):
        claim = shown[start:end]
        rests = [int(n) for n in re.findall(r"\d+", claim.split("It rests on:")[1].split("\n")[0])]
        for number, text in re.findall(r"^(\d+)\. (.+)$", claim, re.MULTILINE):
            counts = "stones" in text
            is_said = set(re.findall(r"\d+", text)) <= set(re.findall(r"\d+", said))
            yield {
                "sentence": int(number),
                "passages": [rests[-1] if counts else rests[0]] if rests else [],
                "reason": "Counting pebbles tells how many stones there are."
                if counts
                else "The passage says so.",
                "verdict": "supported" if rests and is_said else "contradicted",
            }


def page(one: str, two: str, *texts: str) -> str:
    """Return a known page that says `texts` of one artifact, and a word of another."""
    return "\n".join(
        [
            f"{one} vs {two}",
            "Side-by-side comparison to help you choose.",
            f"| Feature | {one} | {two} |",
            "|---|---|---|",
            "| Type | Model | Dataset |",
            f"| Capabilities | {len(texts)} decomposed | 1 decomposed |",
            f"{one} Capabilities",
            *texts,
            f"{two} Capabilities",
            "Holds grains of sand by size.",
            "Verdict",
            f"No winner: {one} and {two} are not ranked.",
            "",
        ]
    )


PAGE = page("PaliGemma", "The Stack v2", "Counts up to 20 things in a photo.")
PEBBLE_PAGE = page("Pebble 2", "Sand box", *PEBBLES)
