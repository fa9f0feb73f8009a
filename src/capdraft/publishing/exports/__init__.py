"""The catalog in formats that other programs read. Written as it is read: memory stays flat."""

from capdraft.publishing.exports.exporting import FORMATS, PER_ARTIFACT, Export, Format
from capdraft.publishing.exports.models import CatalogExport, RecordLine, TrainingExample
from capdraft.publishing.exports.writing import check_target, written_whole

__all__ = [
    "FORMATS",
    "PER_ARTIFACT",
    "CatalogExport",
    "Export",
    "Format",
    "RecordLine",
    "TrainingExample",
    "check_target",
    "written_whole",
]
