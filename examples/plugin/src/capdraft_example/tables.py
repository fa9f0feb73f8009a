"""A reader of tables: each row of a .csv or .tsv file is a passage."""

import csv
from pathlib import PurePath

from capdraft.errors import SourceError
from capdraft.plugins import CONTRACT, DocumentBuilder, SourceFile


class TableReader:
    contract = CONTRACT
    suffixes = (".csv", ".tsv")
    media_type = "text/csv"

    def read(self, source: SourceFile, document: DocumentBuilder) -> None:
        """Read the first line as the header of all others."""
        delimiter = "\t" if source.name.lower().endswith(".tsv") else ","
        lines = source.text().splitlines()
        try:
            header, *rows = csv.reader(lines, delimiter=delimiter, strict=True)
        except (csv.Error, ValueError) as error:
            raise SourceError(f"this is no table: {error}", hint="Save it anew as CSV.") from error
        document.heading(1, PurePath(source.name).stem)
        for cells in rows:
            document.row(cells, header)
