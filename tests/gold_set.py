"""A gold set of two small cases, and drafts of them, for tests of evaluating."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from capdraft.drafting import Brief, Prompts, draft_artifact
from capdraft.drafting.asking import Terms
from capdraft.evaluating import GoldCase, read_gold
from capdraft.evaluating.calibrating import Calibration
from capdraft.evaluating.likeness import Likeness
from capdraft.evaluating.measuring import Measured, Scale
from capdraft.ledger import Ledger
from capdraft.records import Proposal
from capdraft.settings import Settings
from workspaces import Scripted, make_workspace

KILN_CARD = """\
# Kilnwatch 2

Kilnwatch 2 predicts the peak temperature of a firing from its first 40 minutes.

It flags cracked thermocouples within 5 seconds.

Inference needs 3 GB of memory.

Version 1 needed 9 GB of memory.

Cone tables for stoneware are planned.
"""
KILN_GOLD = """\
schema = "capdraft/gold/1"
slug = "kilnwatch"
name = "Kilnwatch 2"
type = "model"
documents = ["card.md"]
note = "Two versions in one card."

[[capabilities]]
id = "peak-temperature"
name = "Predict the peak temperature of a firing"
description = "Predicts how hot a firing gets from its first 40 minutes."
passages = ["predicts the peak temperature"]
numbers = ["40 minutes"]

[[capabilities]]
id = "broken-sensors"
name = "Find cracked thermocouples"
description = "Flags a cracked thermocouple within 5 seconds."
passages = ["flags cracked thermocouples"]
numbers = ["5 seconds"]

[[capabilities]]
id = "small-memory"
name = "Run in little memory"
description = "Inference needs 3 GB of memory."
needed = false
passages = ["Inference needs 3 GB"]
numbers = ["3 GB"]

[[comparisons]]
alternative = "Version 1"
text = "Needs 3 GB where version 1 needed 9 GB."
passages = ["Inference needs 3 GB", "Version 1 needed"]
proven = true

[[statements]]
id = "s1"
capability = "small-memory"
text = "Needs 3 GB of memory for inference."
supported = true
passages = ["Inference needs 3 GB"]

[[statements]]
id = "s2"
capability = "small-memory"
text = "Inference needs 9 GB of memory."
supported = false
passages = ["Inference needs 3 GB"]
trap = "version"
why = "9 GB is what version 1 needed."

[[statements]]
id = "s3"
text = "It has cone tables."
supported = false
passages = ["Cone tables for stoneware"]
trap = "time"
why = "They are planned."

[[statements]]
id = "s4"
capability = "small-memory"
field = "vs_alternatives"
alternative = "Version 1"
text = "Needs a third of the memory of version 1, 3 GB instead of 9 GB."
supported = true
passages = ["Inference needs 3 GB", "Version 1 needed"]
"""
TIDE_CARD = """\
# Tidewords

Tidewords holds 1,200 hours of harbour radio calls with transcripts.

| split | hours |
|---|---|
| train | 1,100 |
| test | 100 |

Each call names the ship and the berth.
"""
TIDE_GOLD = """\
schema = "capdraft/gold/1"
slug = "tidewords"
name = "Tidewords"
type = "dataset"
documents = ["README.md"]

[[capabilities]]
id = "radio-speech"
name = "Transcribed harbour radio"
description = "1,200 hours of harbour radio calls with transcripts."
passages = ["1,200 hours of harbour radio"]
numbers = ["1,200 hours"]

[[capabilities]]
id = "ships-and-berths"
name = "Ships and berths in calls"
description = "Names the ship and the berth of each call."
passages = ["names the ship and the berth"]

[[statements]]
id = "s1"
capability = "radio-speech"
text = "The training split has 1,100 hours."
supported = true
passages = ["train | 1,100"]
"""
PAIRS = """\
schema = "capdraft/pairs/1"

[[pairs]]
one = { name = "Read handwriting", description = "Reads handwritten notes from photos." }
two = { name = "Handwriting recognition", description = "Recognises handwritten notes in a photo." }
same = true

[[pairs]]
one = { name = "Count birds", description = "Counts birds in aerial pictures of colonies." }
two = { name = "Bird counting", description = "Tells how many birds a picture of a colony shows." }
same = true

[[pairs]]
one = { name = "Read handwriting", description = "Reads handwritten notes from photos." }
two = { name = "Count birds", description = "Counts birds in aerial pictures of colonies." }
same = false

[[pairs]]
one = { name = "Write summaries", description = "Writes a summary of a long report." }
two = { name = "Detect languages", description = "Tells in which language a text is." }
same = false
"""


def record(name: str, text: str, *passages: int, **fields: Any) -> dict[str, Any]:
    """Return a record as a model writes it."""
    empty = {"unique": None, "vs_alternatives": None, "intents": ["watch a kiln"]}
    described = {"text": text, "passages": list(passages)}
    return {"name": name, "description": described, **empty, **fields}


GOOD = [
    record("Peak temperature", "Predicts a firing's peak temperature from 40 minutes.", 1),
    record("Cracked thermocouples", "Flags cracked thermocouples within 5 seconds.", 2),
    record(
        "Little memory",
        "Inference needs 3 GB of memory.",
        3,
        vs_alternatives={
            "text": "Needs 3 GB of memory where version 1 needed 9 GB.",
            "alternative": "Version 1",
            "passages": [3],
            "alternative_passages": [4],
        },
    ),
]
"""Kilnwatch as a careful model drafts it."""
POOR = [
    record("Little memory", "Inference needs 9 GB of memory.", 4),
    record("Stoneware cones", "Has cone tables for stoneware. It knows 12 glazes.", 5),
]
"""Kilnwatch with another version's number, a plan told as a fact, and an invention."""
TIDE = [
    record("Harbour radio", "Holds 1,200 hours of harbour radio calls with transcripts.", 1),
    record("Ships and berths", "Names the ship and the berth of each call.", 4),
]


def write_gold(folder: Path, **changed: str) -> Path:
    """Write the gold set below `folder` and return where it is; `changed` replaces texts."""
    files = {
        "kilnwatch/card.md": KILN_CARD,
        "kilnwatch/gold.toml": changed.get("kilnwatch", KILN_GOLD),
        "tidewords/README.md": TIDE_CARD,
        "tidewords/gold.toml": changed.get("tidewords", TIDE_GOLD),
    }
    gold = folder / "evaluation/gold"
    for name, text in files.items():
        (gold / name).parent.mkdir(parents=True, exist_ok=True)
        (gold / name).write_text(text, encoding="utf-8")
    (folder / "evaluation/pairs.toml").write_text(PAIRS, encoding="utf-8")
    return gold


def kilnwatch(folder: Path) -> GoldCase:
    """Return the case kilnwatch, written below `folder`."""
    return read_gold(write_gold(folder) / "kilnwatch")


def proposal_of(case: GoldCase, records: list[dict[str, Any]], folder: Path) -> Proposal:
    """Draft a case from `records` as the model's answer."""
    workspace = make_workspace(folder)
    return asyncio.run(
        draft_artifact(
            Brief(case.artifact, case.documents),
            endpoint=Scripted({"capabilities": records}),
            ledger=Ledger(workspace.root),
            terms=Terms("stub", "http://stub/v1", reuse=False),
            prompts=Prompts.load(Settings(), workspace.root),
            settings=Settings(),
        )
    )


def measured(
    case: GoldCase, records: list[dict[str, Any]], folder: Path, least: float = 0.3
) -> Measured:
    """Return a draft of a case from `records`, beside its gold."""
    scale = Scale(Likeness(), Calibration(threshold=least))
    return Measured(case, proposal_of(case, records, folder), scale)
