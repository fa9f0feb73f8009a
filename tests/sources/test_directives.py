"""What Sphinx adds to reStructuredText keeps its prose, and lists of pages are left out."""

from __future__ import annotations

import pytest

from capdraft.sources import read_bytes

# A text, then its passages as (kind, headings, shown).
DIRECTIVES: dict[str, tuple[str, list[tuple[str, tuple[str, ...], str]]]] = {
    "list of pages": (
        ".. toctree::\n   :maxdepth: 2\n\n   guide\n\nText.",
        [("paragraph", (), "Text.")],
    ),
    "version with text": (
        ".. versionadded:: 1.2\n   It *sorts*.",
        [("paragraph", (), "New in version 1.2: It sorts.")],
    ),
    "version alone": (
        ".. deprecated:: 2",
        [("paragraph", (), "Deprecated since version 2")],
    ),
    "tabs": (
        ".. tab-set::\n\n   .. tab-item:: Linux\n      :sync: a\n\n      Run it.\n\n"
        "   .. tab-item:: Mac\n\n      - Click it.\n\nAfter.",
        [
            ("paragraph", ("Linux",), "Run it."),
            ("list-item", ("Mac",), "Click it."),
            ("paragraph", (), "After."),
        ],
    ),
    "cards": (
        ".. grid:: 1 2 2 3\n\n   .. grid-item-card:: Fast\n      :link: x\n\n      A card.\n\n"
        "   .. card:: Bare",
        [("paragraph", ("Fast",), "A card."), ("paragraph", (), "Bare")],
    ),
    "functions": (
        ".. py:function:: sort(mail, *, deep=False)\n\n   Sort `mail`.\n\n   :param mail: what",
        [
            ("paragraph", ("sort(mail, *, deep=False)",), "Sort mail."),
            ("list-item", ("sort(mail, *, deep=False)",), "param mail: what"),
        ],
    ),
    "module": (
        ".. automodule:: larch\n   :members:\n\n   It sorts.",
        [("paragraph", (), "It sorts.")],
    ),
    "options over lines": (
        ".. odd::\n   :a: one\n     two\n   :b:\n\n   It sorts.",
        [("paragraph", (), "It sorts.")],
    ),
    "quoted code": (
        "::\n\n> a\n> b\n\nAfter.",
        [("code", (), "> a\n> b"), ("paragraph", (), "After.")],
    ),
    "text on the next line": (
        ".. seealso::\n   - one\n   - two",
        [("list-item", (), "one"), ("list-item", (), "two")],
    ),
    "code": (".. prompt:: bash\n\n   a *b*\n     c", [("code", (), "a *b*\n  c")]),
    "roles": (
        ":py:class:`~larch.Larch`, :doc:`the guide <x/y>`, :kbd:`Enter`, `x`:odd: and :ref:`a`.",
        [("paragraph", (), "larch.Larch, the guide, Enter, x and a.")],
    ),
    "substitution": (
        ".. |n| replace:: a *larch*\n\nAs |n| does [#f]_.\n\n.. [#f] A note.",
        [("paragraph", (), "As a larch does 1."), ("list-item", (), "1: A note.")],
    ),
}


@pytest.mark.parametrize("name", DIRECTIVES)
def test_directives_of_sphinx(name: str) -> None:
    text, expected = DIRECTIVES[name]
    document = read_bytes(f"{text}\n\n.. end\n".encode(), "a.rst", uri="a")
    assert [(part.kind, part.heading, part.shown) for part in document.passages] == expected


def test_docutils_itself_stays_as_it_is() -> None:
    from docutils.core import publish_doctree

    read_bytes(b".. odd-one:: a\n\n   b\n", "a.rst", uri="a")
    settings = {"report_level": 2, "warning_stream": False}
    tree = publish_doctree(".. odd-one:: a\n\n   b\n", settings_overrides=settings)
    assert "Unknown directive" in tree.astext()
