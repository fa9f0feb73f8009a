"""What is published: the wheel, the sdist, the image, and the workflows that publish them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email import message_from_string
from email.message import Message
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from capdraft import __version__

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
MAKEFILE = (ROOT / "Makefile").read_text()
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
PINNED = re.compile(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
LICENCES = ["LICENSE", "src/capdraft/web/static/vendor/htmx.LICENSE.txt"]
RIGHTS = {
    "tests.yml": {},
    "docs.yml": {"publish": {"pages": "write", "id-token": "write"}},
    "release.yml": {"publish": {"id-token": "write"}, "announce": {"contents": "write"}},
}
"""What a job may beyond reading the code."""


def run(*arguments: str, cwd: Path = ROOT) -> str:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(source: Path, out: Path, *targets: str) -> Path:
    chosen = [word for target in targets for word in ("-t", target)]
    run("-m", "hatchling", "build", "-d", str(out), *chosen, cwd=source)
    return out


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, tmp_path_factory.mktemp("dist"), "wheel", "sdist")


@pytest.fixture(scope="module")
def unpacked(built: Path) -> Path:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as tar:
        tar.extractall(built, filter="data")
    return built / f"capdraft-{__version__}"


def in_wheel(folder: Path) -> dict[str, bytes]:
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as wheel:
        return {name: wheel.read(name) for name in wheel.namelist()}


def metadata(built: Path) -> Message:
    (said,) = (held for name, held in in_wheel(built).items() if name.endswith("/METADATA"))
    return message_from_string(said.decode())


# The wheel and the sdist


def test_the_wheel_says_what_it_is_and_under_which_licence(built: Path) -> None:
    said = metadata(built)
    assert (said["Name"], said["Version"]) == ("capdraft", __version__)
    assert said["License-Expression"] == "Apache-2.0 AND 0BSD"
    assert said.get_all("License-File") == LICENCES
    assert not any("License ::" in line for line in said.get_all("Classifier") or [])
    held = in_wheel(built)
    for name in LICENCES:
        (packed,) = (held[path] for path in held if path.endswith(f"/licenses/{name}"))
        assert packed == (ROOT / name).read_bytes()


def test_the_page_on_the_package_index_stands_alone(built: Path) -> None:
    said = metadata(built)
    page = str(said.get_payload())
    assert said["Description-Content-Type"] == "text/markdown"
    targets = re.findall(r"\]\(([^)]*)\)", page)
    assert targets
    assert all(target.startswith("https://") for target in targets)
    assert "![" not in page
    heads = re.compile(r"^#+ .+$", re.MULTILINE)
    assert heads.findall(page) == heads.findall((ROOT / "README.md").read_text("utf-8"))


def test_the_wheel_has_what_the_code_reads(built: Path) -> None:
    held = in_wheel(built)
    for path in (ROOT / "src/capdraft").rglob("*"):
        name = path.relative_to(ROOT / "src").as_posix()
        assert path.is_dir() or "__pycache__" in name or held[name] == path.read_bytes()
    for path in (ROOT / "prompts").glob("*.jinja"):
        assert held[f"capdraft/prompts/templates/{path.name}"] == path.read_bytes()
    tops = {name.partition("/")[0] for name in held}
    assert tops == {"capdraft", f"capdraft-{__version__}.dist-info"}


def test_the_sdist_gives_the_same_wheel(built: Path, unpacked: Path, tmp_path: Path) -> None:
    again = in_wheel(build(unpacked, tmp_path / "again", "wheel"))
    assert again == in_wheel(built)


def test_the_sdist_has_what_is_in_git_and_nothing_else(unpacked: Path) -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    tracked = set(listed.stdout.decode().split("\0")) - {""}
    if not tracked:
        pytest.skip("no git repository around: this is an sdist already")
    held = {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*") if path.is_file()}
    there = {name for name in tracked if (ROOT / name).exists()}
    assert there - held == set()
    assert not [name for name in held if name.startswith((".capdraft", ".venv", "dist/"))]


# The workflows


def steps(workflow: Path) -> list[dict[str, Any]]:
    jobs = yaml.safe_load(workflow.read_text())["jobs"]
    return [step for job in jobs.values() for step in job["steps"]]


def test_github_would_take_them() -> None:
    check = ("-m", "check_jsonschema", "--builtin-schema")
    run(*check, "vendor.github-workflows", *map(str, WORKFLOWS))
    run(*check, "vendor.dependabot", str(ROOT / ".github/dependabot.yml"))
    assert {path.name for path in WORKFLOWS} == set(RIGHTS)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_and_rights_are_the_least(workflow: Path) -> None:
    uses = re.findall(r"uses: (.+)", workflow.read_text())
    assert uses
    assert all(map(PINNED.fullmatch, uses))
    loaded = yaml.safe_load(workflow.read_text())
    assert loaded["permissions"] == {}
    assert "pull_request_target" not in loaded[True]  # YAML 1.1 reads `on` so
    rights = {name: job["permissions"] for name, job in loaded["jobs"].items()}
    beyond = {name: held for name, held in rights.items() if held != {"contents": "read"}}
    assert beyond == RIGHTS[workflow.name]
    assert "secrets." not in workflow.read_text()


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_what_a_step_runs_is_there_and_pastes_nothing(workflow: Path) -> None:
    for step in steps(workflow):
        script = step.get("run", "")
        assert "${{" not in script
        for target in re.findall(r"\bmake (?!\")(\S+)", script):
            assert f"\n{target}:" in MAKEFILE
        for path in re.findall(r"\.ci/[\w-]+", script):
            assert (ROOT / path).is_file()


def test_every_python_that_the_package_names_is_tested() -> None:
    loaded = yaml.safe_load((ROOT / ".github/workflows/tests.yml").read_text())
    tested = loaded["jobs"]["suite"]["strategy"]["matrix"]["python"]
    named = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["classifiers"]))
    assert tested == named
    assert PROJECT["requires-python"] == f">={tested[0]}"
    which = loaded["jobs"]["dependencies"]["strategy"]["matrix"]["include"]
    assert [one["python"] for one in which] == [tested[0], tested[-1]]
    assert all(f"\n{one['which']}:" in MAKEFILE for one in which)


def test_a_release_has_the_version_of_the_package_and_a_part_in_the_changelog(
    tmp_path: Path,
) -> None:
    (tmp_path / ".ci").mkdir()
    (tmp_path / "src/capdraft").mkdir(parents=True)
    script = tmp_path / ".ci/release-notes"
    script.write_bytes((ROOT / ".ci/release-notes").read_bytes())
    (tmp_path / "src/capdraft/__init__.py").write_text('__version__ = "0.1.0"\n')
    changes = tmp_path / "CHANGELOG.md"
    changes.write_text("# Changelog\n\n## 0.1.0 - 2026-01-31\n\n- It drafts.\n\n## 0.0.9\n")
    assert run(str(script), "v0.1.0") == "- It drafts.\n"
    for tag, text, told in (
        ("v0.2.0", changes.read_text(), "capdraft.__version__ is 0.1.0"),
        ("v0.1.0", "## Unreleased\n", "no part `## 0.1.0"),
    ):
        changes.write_text(text)
        failed = subprocess.run(
            [sys.executable, str(script), tag], capture_output=True, text=True, check=False
        )
        assert (failed.returncode, told in failed.stderr) == (1, True)


# The image


def instructions(word: str) -> list[str]:
    joined = (ROOT / "Dockerfile").read_text().replace("\\\n", "")
    return re.findall(rf"^{word} +(.+)$", joined, re.MULTILINE)


def test_what_the_image_copies_is_there_and_not_ignored() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    kept = {line[1:] for line in ignored if line.startswith("!")}
    copied = {
        source
        for line in instructions("COPY")
        if "--from" not in line
        for source in line.split()[:-1]
    }
    assert "*" in ignored
    assert copied == kept
    assert all((ROOT / source).exists() for source in copied)


def test_the_image_installs_by_hash_what_the_lock_names_and_runs_as_nobody_special() -> None:
    (locked, _), tried = (
        (line for line in instructions("RUN") if "pip" in line),
        ROOT / ".ci/smoke-image",
    )
    for option in ("--require-hashes", "--only-binary :all:", "-r requirements-image.lock"):
        assert option in locked
        assert option.rpartition(" ")[0] in tried.read_text()
    assert instructions("USER") == ["1000:1000"]
    assert json.loads(instructions("ENTRYPOINT")[0]) == ["capdraft"]
    assert all(
        re.fullmatch(r"python:\$\{PYTHON\}( AS build)?", line) for line in instructions("FROM")
    )
    (tag,) = instructions("ARG")
    named = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["classifiers"]))
    assert any(fnmatch(tag, f"PYTHON={version}-slim-*") for version in named)


def test_the_lock_files_name_what_pyproject_asks_for() -> None:
    extras = PROJECT["optional-dependencies"]
    (image,) = re.findall(r"^IMAGE := (.+)$", MAKEFILE, re.MULTILINE)
    for name, chosen in (("requirements", ["web"]), ("requirements-image", image.split())):
        locked = (ROOT / f"{name}.lock").read_text()
        wanted = [*PROJECT["dependencies"], *(line for one in chosen for line in extras[one])]
        for line in wanted:
            package = re.split(r"[<>=]", line)[0]
            assert re.search(rf"^{package}==", locked, re.MULTILINE), f"{package}: make lock"
    assert "numpy==" not in (ROOT / "requirements-image.lock").read_text()
