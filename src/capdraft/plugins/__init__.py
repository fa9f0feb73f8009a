"""What a plugin is written against: a protocol for each kind, and what capdraft hands to it.

A plugin is an object that an installed package names under an entry point of the group
`capdraft.readers`, `capdraft.rules`, `capdraft.exporters` or `capdraft.signals`.
"""

from capdraft.plugins.contracts import (
    CONTRACT,
    Claim,
    DocumentBuilder,
    Exporter,
    Problem,
    Reader,
    Rule,
    Setup,
    SignalSource,
    SourceFile,
)

__all__ = [
    "CONTRACT",
    "Claim",
    "DocumentBuilder",
    "Exporter",
    "Problem",
    "Reader",
    "Rule",
    "Setup",
    "SignalSource",
    "SourceFile",
]
