"""An exporter: the catalog as an OPML outline, which mind map programs open."""

from collections.abc import Iterable, Iterator
from xml.sax.saxutils import quoteattr

from capdraft.plugins import CONTRACT
from capdraft.records import CatalogEntry


class OutlineExporter:
    contract = CONTRACT
    summary = "An OPML outline: artifacts, their capabilities, and what each says."

    def write(self, entries: Iterable[CatalogEntry]) -> Iterator[str]:
        """Yield one artifact after the other, so that a large catalog fits into memory."""
        yield '<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0">\n'
        yield "<head><title>Catalog</title></head>\n<body>\n"
        for entry in entries:
            yield f"<outline text={quoteattr(entry.artifact.name)}>\n"
            for record in entry.capabilities:
                yield f"  <outline text={quoteattr(record.name)}>\n"
                for name, field in record.fields():
                    label = quoteattr(f"{name}: {field.text}")
                    yield f"    <outline text={label}/>\n"
                yield "  </outline>\n"
            yield "</outline>\n"
        yield "</body>\n</opml>\n"
