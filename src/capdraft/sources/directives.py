"""reStructuredText with the directives and roles that Sphinx and its extensions add.

docutils refuses what it doesn't know, with the text in it. Here a directive holds prose, unless
its name says otherwise, and of a role the words stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, ClassVar

from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.parsers.rst import Directive, Parser, roles, states
from docutils.statemachine import StringList
from docutils.transforms.references import Footnotes, Substitutions
from docutils.utils import new_document, unescape

_DIRECTIVE = re.compile(r"\.\.[ ]+(\w[-\w.+:]*?)[ ]?::(?:[ ]+|$)")
_OPTION = re.compile(r":[\w.-]+:(?:\s|$)")
_TARGET = re.compile(r"~?(.+?)(?:\s*<[^<>]*>)?", re.DOTALL)
_VERSIONS = {
    "versionadded": "New in version",
    "versionchanged": "Changed in version",
    "versionremoved": "Removed in version",
    "deprecated": "Deprecated since version",
}
_SILENT_NAMES = (
    "autosummary bibliography contents graphviz highlight include index inheritance-diagram"
    " literalinclude mermaid minigallery nbgallery program rst-class sectionauthor tabularcolumns"
    " testcleanup testsetup toctree uml video youtube"
)
_CODE_NAMES = (
    "altair-plot code-tab console exec-code ipython jupyter-execute jupyterlite plot"
    " productionlist prompt pyodide testcode testoutput"
)
_NO_PROSE_NAMES = (
    "currentmodule glossary grid grid-item hlist ifconfig margin module only panels tab-set tabs"
)
# They name files, modules and pages, or draw.
_SILENT = frozenset(_SILENT_NAMES.split())
_CODE = frozenset(_CODE_NAMES.split())
# Their argument is a number of columns, a condition or the name of a module.
_SILENT_ARGUMENT = frozenset(_NO_PROSE_NAMES.split())
# Their argument is a sentence.
_SAYS = frozenset({"centered", "seealso", "todo", "tip"})


class _Any(Directive):
    """A directive that docutils doesn't know."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        name = self.name.rpartition(":")[2].lower()
        if name in _SILENT:
            return []
        argument, content = self._parts()
        if name in _CODE:
            code = "\n".join(content).strip("\n")
            return [nodes.literal_block(code, code)]
        made = nodes.container()
        self.state.nested_parse(content, self.content_offset, made)
        if argument and name not in _SILENT_ARGUMENT and not name.startswith("auto"):
            self._put_first(made, name, argument)
        return list(made.children) if not isinstance(made.next_node(), nodes.term) else [made]

    def _parts(self) -> tuple[str, StringList]:
        """Return the argument, which is on the first line, and what is behind the options."""
        lines = list(self.content)
        first = self.block_text.partition("\n")[0].rstrip()
        argument = lines[0].strip() if lines and not first.endswith("::") else ""
        start = 1 if argument else 0
        while start < len(lines) and _OPTION.match(lines[start]):
            start += 1
            while start < len(lines) and lines[start].startswith(" "):
                start += 1
        return argument, self.content[start:]

    def _put_first(self, made: nodes.container, name: str, argument: str) -> None:
        text = f"{_VERSIONS[name]} {argument}" if name in _VERSIONS else argument
        words, messages = self.state.inline_text(text, self.lineno)
        first = made.children[0] if made.children else None
        if name in _VERSIONS and isinstance(first, nodes.paragraph):
            first[:0] = [*words, nodes.Text(": ")]
        elif first is None or name in _VERSIONS or name in _SAYS:
            made.insert(0, nodes.paragraph("", "", *words))
        else:
            # What is in it is said of its argument: a class, a tab, a card.
            made.insert(0, nodes.term("", "", *words))
        made.extend(messages)


class _States(dict[str, Any]):
    """The states of a machine, each made when it is first needed: a list item needs two of 15."""

    def __init__(self, machine: _Machine) -> None:
        super().__init__()
        self._machine = machine

    def __missing__(self, name: str) -> Any:
        state = self[name] = _STATES[name](self._machine, False)
        if hasattr(self._machine, "memo"):  # Else it is not running yet, and does so itself.
            state.runtime_init()
        return state


class _Machine(states.NestedStateMachine):
    def add_states(self, state_classes: Iterable[type[Any]]) -> None:
        if not state_classes:
            self.states = _States(self)
        else:  # docutils asks for one of its own, such as that of quoted code.
            super().add_states(state_classes)


class _Reading:
    """What each state of docutils is given: lazy machines, and directives that it doesn't know."""

    nested_sm = _Machine
    nested_sm_cache: ClassVar[list[Any]] = []
    state_machine: Any

    def __init__(self, state_machine: Any, debug: bool = False) -> None:
        super().__init__(state_machine, debug)  # type: ignore[call-arg]
        self.nested_sm_kwargs = {"state_classes": (), "initial_state": "Body"}

    def unknown_directive(self, type_name: str) -> Any:
        found = _DIRECTIVE.match(self.state_machine.line)
        given: Any = super()
        if found is None:  # Inside of a substitution, where there is no room for blocks.
            return given.unknown_directive(type_name)
        return given.run_directive(_Any, found, type_name, {})


_STATES: dict[str, type[Any]] = {
    state.__name__: type(state.__name__, (_Reading, state), {}) for state in states.state_classes
}


def _inliner() -> states.Inliner:
    """Return a reader of inline markup that keeps the words of roles docutils doesn't know."""
    inliner = states.Inliner()
    unknown: set[str] = set()

    def interpreted(
        rawsource: str, text: str, role: str, lineno: int
    ) -> tuple[list[Any], list[Any]]:
        function: Any = None
        if role not in unknown:
            function, _ = roles.role(role, inliner.language, lineno, inliner.reporter)
        if function:
            made, messages = function(role, rawsource, text, lineno, inliner)
            return list(made), list(messages)
        unknown.add(role)
        plain = unescape(text)
        found = _TARGET.fullmatch(plain)
        return [nodes.inline(rawsource, found[1] if found else plain)], []

    def implicit_inline(text: str, _lineno: int) -> list[nodes.Node]:
        # An address is shown as its words, link or not.
        return [nodes.Text(text)] if text else []

    # Not a subclass: docutils builds its patterns from what stands in the class itself.
    vars(inliner).update(interpreted=interpreted, implicit_inline=implicit_inline)
    return inliner


def parse(text: str, *, line_length: int) -> nodes.document:
    """Return the tree of `text`; nothing that it names is included or run."""
    parser = Parser(inliner=_inliner())
    parser.state_classes = tuple(_STATES.values())
    settings = get_default_settings(parser)
    vars(settings).update(
        file_insertion_enabled=False,
        halt_level=5,
        line_length_limit=line_length,
        raw_enabled=False,
        report_level=5,
        syntax_highlight="none",
        warning_stream=False,
    )
    tree = new_document("", settings)
    parser.parse(text, tree)
    # The others number, link and move what is shown here by its words.
    for transform in (Substitutions, Footnotes):
        transform(tree).apply()
    return tree
