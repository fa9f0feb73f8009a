"""The example package, installed; and a place to install broken ones."""

from __future__ import annotations

import importlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path

import pytest

from capdraft.cli import main
from capdraft.plugins import running
from capdraft.plugins.finding import installed
from plugin_packages import Said, add_package

EXAMPLE = Path(__file__).parents[2] / "examples/plugin"


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the example package is installed in, built as any package is."""
    folder = tmp_path_factory.mktemp("example")
    shutil.copytree(EXAMPLE, folder / "package")
    pip = [sys.executable, "-m", "pip", "install"]
    if not find_spec("pip"):
        pip = ["uv", "pip", "install", "--python", sys.executable]
    options = ["-q", "--no-index", "--no-deps", "--no-build-isolation"]
    places = ["--target", str(folder / "site"), str(folder / "package")]
    subprocess.run([*pip, *options, *places], check=True, capture_output=True)
    return folder / "site"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose packages this process has installed, until the test ends."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setattr(running, "_in_use", running.Plugins())
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    before = set(sys.modules)
    installed.cache_clear()
    yield folder
    for name in set(sys.modules) - before:
        if str(folder) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]
    installed.cache_clear()
    importlib.invalidate_caches()


@pytest.fixture
def install(site: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Install a package: see `add_package`."""

    def package(name: str, code: str, **plugins: Mapping[str, str]) -> None:
        add_package(site, name, code, **plugins)
        installed.cache_clear()
        monkeypatch.setattr(running, "_in_use", running.Plugins())

    return package


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Said]:
    """Run `capdraft ARGUMENTS` in the folder `desk`, with what is installed in `site`."""
    (tmp_path / "desk").mkdir()
    monkeypatch.chdir(tmp_path / "desk")

    def command(*arguments: str) -> Said:
        capsys.readouterr()
        status = main(list(arguments))
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return Said(status, said.out, said.err)

    return command
