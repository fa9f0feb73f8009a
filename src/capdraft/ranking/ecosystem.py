"""Ecosystem: who names an artifact, and what its docs say it works with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from capdraft.ranking.adoption import against
from capdraft.ranking.formula import Input, Part, shown
from capdraft.records import CatalogEntry

NAMED, WORKS_WITH = Decimal("0.6"), Decimal("0.4")
ARTIFACTS = 10
"""Artifacts that name it for that to count in full."""
TIES = 5
"""Formats and links for these to count in full."""
FORMATS = (
    "Avro", "Core ML", "Croissant", "CSV", "Diffusers", "Docker", "GGUF", "gRPC", "HDF5", "JAX",
    "JSON", "JSONL", "Keras", "llama.cpp", "MCP", "MLX", "NumPy", "Ollama", "ONNX", "OpenAPI",
    "OpenVINO", "pandas", "Parquet", "PyTorch", "safetensors", "scikit-learn", "SQL", "TensorFlow",
    "TensorRT", "TFLite", "TFRecord", "Transformers", "vLLM", "WebDataset", "YAML", "Zarr",
)  # fmt: skip
_FORMAT = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, FORMATS))})(?![\w-])", re.IGNORECASE)
_AS_WRITTEN = {name.casefold(): name for name in FORMATS}


def ecosystem(entry: CatalogEntry, named_by: Sequence[str]) -> Part:
    """Return how an artifact is tied to others; `named_by` are those whose records name it."""
    formats = _formats(entry)
    ties = [*formats, *entry.artifact.links]
    named, works = (
        shown(against(count, anchor))
        for count, anchor in ((len(named_by), ARTIFACTS), (len(ties), TIES))
    )
    value = NAMED * named + WORKS_WITH * works
    words = (
        f"{NAMED} × log(1+{len(named_by)})/log(1+{ARTIFACTS}) for artifacts that name it + "
        f"{WORKS_WITH} × log(1+{len(ties)})/log(1+{TIES}) for formats and links, each at most 1: "
        f"{NAMED} × {named} + {WORKS_WITH} × {works}"
    )
    place = f"catalog/{entry.artifact.slug}.json"
    inputs = [Input("named by", slug, f"catalog/{slug}.json") for slug in named_by]
    inputs += [Input("format", name, uri) for name, uri in formats.items()]
    inputs += [Input("link", link, place) for link in entry.artifact.links]
    return Part("ecosystem", shown(value), words, tuple(inputs))


def _formats(entry: CatalogEntry) -> dict[str, str]:
    """Return the formats and libraries that the cited passages name, each with its document."""
    found: dict[str, str] = {}
    for record in entry.capabilities:
        for _, field in record.fields():
            for item in field.evidence:
                if item.side == "artifact":
                    uri = entry.document(item).uri
                    for name in _FORMAT.findall(item.quote):
                        found.setdefault(_AS_WRITTEN[name.casefold()], uri)
    return {name: found[name] for name in FORMATS if name in found}
