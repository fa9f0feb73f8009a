"""Documents about artifacts that don't exist, and sentences labelled with what they say of them.

The labels tell what the documents say, whatever words it takes to see it.
"""

from __future__ import annotations

READER = """\
# Ticket reader

Ticket reader is a model that reads printed tickets and receipts with up to 40 fields. It returns
the fields as JSON, with a box for each of them.

It needs 2 GB of memory and runs on a laptop without a network connection.

Handwriting is not recognised. Tickets in colour are turned to grey first.

The weights were trained for 12 days on 8 GPUs. Training data came from 90,000 scanned receipts in
five languages.

If a field is smudged, the reader leaves it empty. It may read rotated tickets in a later release.

## Results

| Test | Accuracy |
|---|---|
| Train tickets | 97.1 % |
| Concert tickets | 91.4 % |

## Version 1

Version 1 read 12 fields and returned them as XML.
"""

WEIR = """\
# Weir Logs

Weir Logs is a dataset of 3.4 million water levels, measured every ten minutes at 61 weirs between
2011 and 2023.

- Each row holds the station, the time, and the level in millimetres.
- Gaps of more than one hour are marked with a flag.
- Levels from frozen rivers are excluded.

The files are Parquet and take 480 MB. They are published under the Open Weir Licence; commercial
use is permitted.

Two hydrologists checked every flagged gap by hand. The sensors were calibrated in spring.

The older River Set covers 19 weirs. It was measured hourly.

Unlike River Set, Weir Logs keeps the raw sensor values.
"""

LOOM = """\
# Loom

Loom is a command-line tool that turns Markdown notes into a static website.

* Builds 1,000 pages in 4 seconds on one core.
* Supports tables, footnotes and mathematical formulas.
* Deletes no file that it didn't write.

Themes are plain CSS; no JavaScript is needed. Drafts are hidden by default.

Loom converts Markdown to HTML. Links between notes are checked on each build, and a broken link
stops the build.

Some users run Loom on Windows, where it is not tested. Plugins are planned for next year.

A search index is written as JSON, with a maximum of 5 MB.

Pandoc reads LaTeX and writes Word files.
"""

MURMUR = """\
# Murmur 2

Murmur 2 transcribes speech in 14 languages with a word error rate of 6.2 % on the Harbour test.

The encoder has 24 layers; the decoder has 6 layers.

Audio is split into windows of 30 seconds and resampled to 16 kHz. Streaming is disabled by default.

Speaker names are never stored. Punctuation is added to every transcript.

Murmur 2 is smaller than Babel-XL, and Babel-XL is more accurate on telephone calls.

The large variant has 900 million parameters. The small variant has 80 million parameters.

## Murmur 1

The first model transcribed 3 languages and needed a GPU.
"""

DOCUMENTS = {
    "Ticket reader": ("model", READER),
    "Weir Logs": ("dataset", WEIR),
    "Loom": ("tool", LOOM),
    "Murmur 2": ("model", MURMUR),
}

SUPPORTED = (
    # as it stands, or nearly
    ("Ticket reader", "Reads printed tickets and receipts with up to 40 fields."),
    ("Ticket reader", "It needs 2 GB of memory."),
    ("Ticket reader", "Handwriting is not recognised."),
    ("Weir Logs", "Gaps of more than one hour are marked with a flag."),
    ("Weir Logs", "Levels from frozen rivers are excluded."),
    ("Loom", "Drafts are hidden by default."),
    ("Murmur 2", "Speaker names are never stored."),
    ("Murmur 2", "Streaming is disabled by default."),
    # in another order, form or spelling
    ("Ticket reader", "Returns fields as JSON with a box for each."),
    ("Ticket reader", "The reader recognizes no handwriting."),
    ("Ticket reader", "Runs without network connection on a laptop."),
    ("Ticket reader", "Training took 12 days on 8 GPUs."),
    ("Ticket reader", "Trained on 90,000 scanned receipts in five languages."),
    ("Weir Logs", "The dataset holds 3,400,000 measured water levels from 61 weirs."),
    ("Weir Logs", "Commercial use is permitted under the Open Weir License."),
    ("Weir Logs", "Two hydrologists checked each flagged gap by hand."),
    ("Weir Logs", "Its Parquet files take 480 MB."),
    ("Loom", "Turns Markdown notes into static websites from the command line."),
    ("Loom", "Supports footnotes, mathematical formulas and tables."),
    ("Loom", "It builds 1000 pages in four seconds on a single core."),
    ("Loom", "A broken link stops the build."),
    ("Loom", "Converts Markdown to HTML."),
    ("Murmur 2", "Transcribes speech in 14 languages."),
    ("Murmur 2", "Splits audio into 30-second windows and resamples it to 16 kHz."),
    ("Murmur 2", "Adds punctuation to every transcript."),
    ("Murmur 2", "Its encoder has 24 layers and its decoder has 6 layers."),
    # two passages say it together
    (
        "Ticket reader",
        "It reads printed tickets with 40 fields and needs 2 GB of memory on a laptop.",
    ),
    ("Murmur 2", "Resamples audio to 16 kHz, and adds punctuation to every transcript."),
    # in quite other words
    ("Ticket reader", "Works offline."),
    ("Ticket reader", "Colour scans are desaturated before anything else happens."),
    ("Weir Logs", "Sampling happens six times an hour."),
    ("Loom", "Dead hyperlinks make the run fail."),
)
CONTRADICTED = (
    # another number
    ("Ticket reader", "It needs 3 GB of memory."),
    ("Ticket reader", "Reads printed tickets and receipts with up to 60 fields."),
    ("Ticket reader", "The weights were trained for 21 days on 8 GPUs."),
    ("Ticket reader", "Trained on 90,000 scanned receipts in seven languages."),
    ("Weir Logs", "The files are Parquet and take 480 GB."),
    ("Weir Logs", "Holds 3.4 million water levels measured at 16 weirs."),
    ("Weir Logs", "Three hydrologists checked every flagged gap by hand."),
    ("Loom", "Builds 10,000 pages in 4 seconds on one core."),
    ("Loom", "The search index is JSON with a maximum of 50 MB."),
    ("Murmur 2", "Transcribes speech in 40 languages."),
    ("Murmur 2", "Splits audio into windows of 60 seconds."),
    ("Murmur 2", "The encoder has 6 layers."),
    ("Murmur 2", "The small variant has 900 million parameters."),
    # the opposite
    ("Ticket reader", "Handwriting is recognised."),
    ("Ticket reader", "Runs on a laptop with a network connection only."),
    ("Weir Logs", "Levels from frozen rivers are included."),
    ("Weir Logs", "Commercial use is not permitted."),
    ("Weir Logs", "Commercial use is forbidden."),
    ("Loom", "Themes need JavaScript."),
    ("Loom", "Drafts are not hidden by default."),
    ("Loom", "A broken link does not stop the build."),
    ("Murmur 2", "Streaming is enabled by default."),
    ("Murmur 2", "Speaker names are stored."),
)
NEITHER = (
    # of another subject
    ("Ticket reader", "Reads 12 fields."),
    ("Ticket reader", "Returns the fields as XML."),
    ("Weir Logs", "Covers 19 weirs."),
    ("Weir Logs", "It was measured hourly."),
    ("Loom", "Reads LaTeX and writes Word files."),
    ("Murmur 2", "Transcribes 3 languages and needs a GPU."),
    ("Murmur 2", "It is more accurate than Babel-XL on telephone calls."),
    # half of it
    ("Ticket reader", "Reads printed tickets, passports and receipts."),
    ("Ticket reader", "Returns the fields as JSON, with a confidence for each of them."),
    ("Ticket reader", "It needs 2 GB of memory and costs 5 EUR a month."),
    ("Weir Logs", "Each row holds the station, the time, the level and the temperature."),
    ("Weir Logs", "Measured every ten minutes by volunteers."),
    ("Loom", "Turns Markdown notes into a static website and an e-book."),
    ("Loom", "Links between notes and pictures are checked on each build."),
    ("Murmur 2", "Transcribes and translates speech in 14 languages."),
    # more than it
    ("Ticket reader", "Reads all printed tickets and receipts."),
    ("Ticket reader", "It reads rotated tickets."),
    ("Ticket reader", "The reader leaves a field empty."),
    ("Loom", "Runs on Windows."),
    ("Loom", "Supports plugins."),
    ("Loom", "Converts HTML to Markdown."),
    ("Murmur 2", "Has a word error rate of 6.2 % on every test."),
    ("Murmur 2", "Babel-XL is smaller than Murmur 2."),
    # not in the documents
    ("Ticket reader", "Counts the passengers of a train."),
    ("Ticket reader", "Exports tickets to a calendar."),
    ("Weir Logs", "Predicts floods two days ahead."),
    ("Weir Logs", "Includes satellite pictures of each river."),
    ("Loom", "Publishes the website by FTP."),
    ("Loom", "Checks the spelling of notes."),
    ("Murmur 2", "Tells speakers apart by their voices."),
    ("Murmur 2", "Runs in the browser."),
)
