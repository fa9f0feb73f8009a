"""The catalog as a static site: pages that any host, or no host, can show."""

from capdraft.publishing.site.building import Built, SiteOptions, build_site
from capdraft.publishing.site.reporting import checked_template

__all__ = ["Built", "SiteOptions", "build_site", "checked_template"]
