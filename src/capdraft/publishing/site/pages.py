"""Writing pages: only those whose inputs changed are made, each with its Markdown mirror."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from capdraft.publishing.site import addresses
from capdraft.publishing.site.folder import SiteFolder
from capdraft.publishing.site.manifest import About
from capdraft.publishing.site.rendering import look, page_html
from capdraft.text import sha256


class Pages:
    """The pages of a site; `site` is what all of them share."""

    def __init__(self, folder: SiteFolder, site: Mapping[str, Any]) -> None:
        self.folder, self.site = folder, site
        self._shared = json.dumps([look(), site], default=str, sort_keys=True)

    def digest(self, *parts: object) -> str:
        """Return a digest of what a page is made from."""
        return sha256(self._shared + json.dumps(parts, default=_listed, sort_keys=True))

    def are_current(self, paths: Iterable[str], inputs: str) -> bool:
        """Tell whether all files are there, made from the same inputs; those that are stay."""
        found = [self.folder.is_current(path, inputs) for path in paths]
        return all(found)

    def write(
        self,
        page: str,
        template: str,
        inputs: str,
        data: Callable[[], Mapping[str, Any]],
        markdown: Callable[[Mapping[str, Any]], str] | None = None,
        about: About | None = None,
    ) -> None:
        """Write a page, and its mirror where `markdown` makes one; `data` is made if need be."""
        paths = [page, *([addresses.mirror(page)] if markdown else [])]
        if self.are_current(paths, inputs):
            return
        found = data()
        self.folder.write(page, self.html(template, page, **found), inputs, about)
        if markdown:
            self.folder.write(addresses.mirror(page), markdown(found), inputs)

    def html(self, template: str, page: str, **data: Any) -> str:
        """Return the HTML of a page."""
        return page_html(template, page, self.site, **data)


def _listed(part: object) -> object:
    """Return what JSON has no word for as a list, or else as text."""
    return list(part) if isinstance(part, map) else str(part)
