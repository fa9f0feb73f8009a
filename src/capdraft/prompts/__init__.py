"""Prompt templates: the workspace's own, else the packaged ones. Documents enter only as values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capdraft.errors import PromptError
from capdraft.text import sha256

if TYPE_CHECKING:
    from jinja2 import Environment, Template

_NAME = re.compile(r"[a-z][a-z0-9-]*")
_HEADER = re.compile(r"\{#-?(.*?)-?#\}", re.DOTALL)
_HEADER_LINE = re.compile(r"^([a-z]+): (.*(?:\n[ \t]+\S.*)*)", re.MULTILINE)


def packaged_folder() -> Path:
    """Return the folder of the packaged templates: in the wheel, else in the checkout."""
    inside = Path(__file__).parent / "templates"
    return inside if inside.is_dir() else Path(__file__).parents[3] / "prompts"


@dataclass(frozen=True)
class Prompt:
    """One template: its blocks are the messages, in the order system, user."""

    name: str
    path: Path
    source: str

    @property
    def sha256(self) -> str:
        """Hash of the template's source."""
        return sha256(self.source)

    @property
    def header(self) -> dict[str, str]:
        """What the comment at its top says: purpose, variables, schema."""
        found = _HEADER.match(self.source)
        lines = _HEADER_LINE.findall(found[1]) if found else []
        return {key: " ".join(text.split()) for key, text in lines}

    @cached_property
    def uses(self) -> frozenset[str]:
        """The variables that the template uses."""
        from jinja2 import TemplateError, meta

        try:
            return frozenset(meta.find_undeclared_variables(_environment().parse(self.source)))
        except TemplateError as error:
            raise self._problem(error) from error

    @property
    def blocks(self) -> frozenset[str]:
        """The messages that the template has: system, user."""
        return frozenset(self._template.blocks)

    def render(self, **values: object) -> list[dict[str, str]]:
        """Return the messages, each with `role` and `content`.

        Raises:
            PromptError: the template is broken, has no block `user`, or uses a variable that isn't
                given.
        """
        template = self._template
        if "user" not in template.blocks:
            raise self._problem(ValueError("it has no {% block user %}, so nothing would be asked"))
        try:
            context = template.new_context(values)
            return [
                {"role": role, "content": "".join(template.blocks[role](context)).strip("\n")}
                for role in ("system", "user")
                if role in template.blocks
            ]
        except Exception as error:  # whatever an expression in a template may raise
            raise self._problem(error) from error

    @cached_property
    def _template(self) -> Template:
        from jinja2 import TemplateError

        try:
            return _environment().from_string(self.source)
        except TemplateError as error:
            raise self._problem(error) from error

    def _problem(self, error: Exception) -> PromptError:
        line = getattr(error, "lineno", None)
        return PromptError(
            f"the prompt {self.name!r} can't be rendered: {error}",
            where=f"{self.path}:{line}" if line else str(self.path),
            hint="Compare it with the packaged one in " + str(packaged_folder()),
        )


def _environment() -> Environment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    # No autoescape: the result is text for a model. The sandbox is for templates from a clone.
    return ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=False, autoescape=False
    )


def load_prompt(name: str, workspace_root: Path | None = None) -> Prompt:
    """Return the prompt called `name`; one in the workspace's prompts/ hides the packaged one.

    Raises:
        PromptError: there is none of that name.
    """
    folders = [packaged_folder()]
    if workspace_root is not None:
        folders.insert(0, workspace_root / "prompts")
    for folder in folders:
        path = folder / f"{name}.jinja"
        if _NAME.fullmatch(name) and path.is_file():
            return Prompt(name, path, _read(path))
    from capdraft.workspace.naming import meant

    known = [path.stem for folder in folders for path in folder.glob("*.jinja")]
    raise PromptError(
        f"there is no prompt called {name!r}",
        hint=meant(name, known) or "Looked in " + " and ".join(str(folder) for folder in folders),
    )


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(
            f"can't be read: {error}", where=str(path), hint="Save it as UTF-8."
        ) from error


def list_prompts(workspace_root: Path | None = None) -> list[Prompt]:
    """Return the prompts that a workspace would use, by name."""
    folders = [packaged_folder(), *([workspace_root / "prompts"] if workspace_root else [])]
    names = {path.stem for folder in folders for path in folder.glob("*.jinja")}
    return [load_prompt(name, workspace_root) for name in sorted(names) if _NAME.fullmatch(name)]


def prompts_hash(prompts: list[Prompt], schemas: Sequence[Mapping[str, Any]]) -> str:
    """Return one hash over everything fixed that a run sends: templates and answer schemas."""
    import json

    parts = [prompt.source for prompt in prompts]
    parts += [json.dumps(schema, sort_keys=True) for schema in schemas]
    return sha256("\0".join(parts))
