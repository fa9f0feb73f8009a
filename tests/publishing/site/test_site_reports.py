"""The link at which a reader tells of an error."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from capdraft.errors import SettingsError
from capdraft.publishing.site import checked_template
from capdraft.publishing.site.reporting import report_address
from mills import Site

ISSUES = "https://github.com/o/r/issues/new?title={title}&body={body}"


def test_each_claim_has_a_link_that_names_record_field_version_and_page(site: Site) -> None:
    site.build(base="https://example.org/", report=ISSUES)
    page = LexborHTMLParser(site.page("artifacts/gravel-2.html"))
    links = [node.attributes for node in page.css("a.report")]
    assert len(links) == 1 + len(page.css("p.claim"))
    found = next(link for link in links if "comparison" in str(link["href"]) or "vs_" in str(link))
    asked = parse_qs(urlsplit(str(found["href"])).query)
    assert asked["title"] == ["Error in gravel-2/cap-1.vs_alternatives"]
    version = site.version("gravel-2")
    assert f"Version: {version}\n" in asked["body"][0]
    assert "Page: https://example.org/artifacts/gravel-2.html\n" in asked["body"][0]
    own = LexborHTMLParser(site.page(f"artifacts/gravel-2/{version}.html")).css_first("a.report")
    assert own is not None
    assert f"gravel-2%2F{version}.html" in str(own.attributes["href"])


def test_without_a_template_there_is_no_link(site: Site) -> None:
    site.build()
    assert "Report an error" not in site.page("artifacts/gravel-2.html")


@given(st.text(), st.text(), st.text())
def test_what_is_filled_in_can_say_nothing_else(slug: str, record: str, page: str) -> None:
    address = report_address(ISSUES, slug, record, "0" * 12, page)
    parts = urlsplit(address)
    assert (parts.scheme, parts.netloc, parts.path) == ("https", "github.com", "/o/r/issues/new")
    asked = parse_qs(parts.query, keep_blank_values=True, strict_parsing=True)
    assert asked.keys() == {"title", "body"}
    assert f"Page: {page}\n" in asked["body"][0]
    assert not set(address) & set("\"'<>` \n{}")


@pytest.mark.parametrize(
    "template",
    [
        "mailto:desk@example.org?subject={title}&body={body}",
        "https://example.org/report/{record}?field={field}&version={version}&page={page}",
        "http://localhost:8080/",
    ],
)
def test_addresses_of_web_and_mail_are_taken(site: Site, template: str) -> None:
    assert checked_template(template, site.workspace.root) == template


@pytest.mark.parametrize(
    "template",
    [
        "javascript:alert({title})",
        "data:text/html,{body}",
        "/issues/new",
        "https://{title}/",
        "https://example.org{page}/",
        "{page}",
        "{page}://example.org",
        "https://example.org/?t={title.__class__}",
        "https://example.org/?t={0}",
        "https://example.org/?t={",
        'https://example.org/"onclick=',
        "https://example.org/ x",
        "https://[x/",
        "mailto:nobody",
    ],
)
def test_other_templates_are_refused(site: Site, template: str) -> None:
    with pytest.raises(SettingsError) as refused:
        checked_template(template, site.workspace.root)
    assert refused.value.hint


@pytest.mark.parametrize(
    "remote",
    [
        "git@github.com:mills/catalog.git",
        "https://github.com/mills/catalog",
        "https://token@github.com/mills/catalog.git",
        "ssh://git@github.com/mills/catalog.git",
    ],
)
def test_github_means_the_issues_of_the_remote(site: Site, remote: str) -> None:
    site.git("init", "-q")
    site.git("remote", "add", "origin", remote)
    assert checked_template("github", site.workspace.root).startswith(
        "https://github.com/mills/catalog/issues/new?"
    )


def test_github_without_such_a_remote_is_refused(site: Site) -> None:
    with pytest.raises(SettingsError, match="not at github"):
        checked_template("github", site.workspace.root)
