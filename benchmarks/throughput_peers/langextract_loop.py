"""langextract: all documents in one call, its workers and batch as large as the concurrency."""

from __future__ import annotations

import langextract  # type: ignore[import-not-found]
from benchmarks.throughput_peers.shared import RULES, at_once, documents, finish, url
from langextract.providers.openai import OpenAILanguageModel  # type: ignore[import-not-found]

EXAMPLE = langextract.data.ExampleData(
    text="The reader reads tickets.",
    extractions=[
        langextract.data.Extraction(
            extraction_class="capability",
            extraction_text="reads tickets",
            attributes={"name": "Read tickets"},
        )
    ],
)


def _run() -> list[int]:
    model = OpenAILanguageModel(
        model_id="stub", api_key="none", base_url=url(), max_workers=at_once()
    )
    read = langextract.extract(
        text_or_documents=[langextract.data.Document(text=text) for text in documents()],
        prompt_description=RULES,
        examples=[EXAMPLE],
        model=model,
        max_char_buffer=10_000,
        batch_length=at_once(),
        max_workers=at_once(),
        show_progress=False,
    )
    return [len(document.extractions or []) for document in read]


if __name__ == "__main__":
    finish(_run())
