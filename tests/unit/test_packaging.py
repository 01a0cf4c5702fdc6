"""The wheel, away from the clone; and what the lock and the image promise."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

CLONE = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree, freshly built."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(
        command, cwd=CLONE, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a new environment: the wheel, and the libraries that are here already."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False, symlinks=True)
    base = {"base": str(folder), "platbase": str(folder)}
    packages = Path(sysconfig.get_path("purelib", "venv", vars=base))
    zipfile.ZipFile(wheel).extractall(packages)
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin" / "python"


def run(
    python: Path, folder: Path, *arguments: str, typed: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder and an environment that know nothing of the clone."""
    return subprocess.run(
        [str(python), "-m", "bot", *arguments],
        cwd=folder,
        env={name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_wheel_holds_what_the_bot_needs(wheel: Path) -> None:
    """Migrations, the shipped list and the example are in the wheel; tests and pictures are not."""
    names = zipfile.ZipFile(wheel).namelist()
    assert any(re.match(r"storage/migrations/.*\.py$", name) for name in names)
    assert any(re.match(r"storage/seed/.*\.md$", name) for name in names)
    assert "bot/config.example.toml" in names
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"bot", "storage"}


def test_the_wheel_answers_outside_the_clone(python: Path, tmp_path: Path) -> None:
    """In an empty folder the installed bot makes its database and finds papers of its list."""
    assert "console" in run(python, tmp_path, "--help").stdout
    done = run(python, tmp_path, "console", typed="/papers search preference data\n")
    assert done.returncode == 0, done.stderr
    assert "preference" in done.stdout.lower()
    assert (tmp_path / "data" / "papers.db").is_file()


def test_the_wheel_knows_where_a_key_is_explained(python: Path, tmp_path: Path) -> None:
    """An error names a line of the example also where there is no clone, and no traceback."""
    (tmp_path / "config.toml").write_text('[review]\nsettle = "soon"\n')
    done = run(python, tmp_path, "console")
    assert done.returncode == 2
    assert re.search(r"settle: 'soon' is no .* config\.example\.toml line \d+", done.stderr)
    assert len(done.stderr.splitlines()) == 1


def imported() -> set[str]:
    """The top-level names that the product's modules import."""
    names: set[str] = set()
    for file in (*CLONE.glob("bot/**/*.py"), *CLONE.glob("storage/**/*.py")):
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.split(".")[0])
    return names - sys.stdlib_module_names - {"bot", "storage"}


def normal(requirement: str) -> str:
    """The name of a requirement as the lock and the indexes write it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=]", requirement)[0]).lower()


def test_what_is_imported_is_declared_and_the_other_way_round() -> None:
    """No import rests on another package's dependency, and no dependency is there for nothing."""
    project = tomllib.loads((CLONE / "pyproject.toml").read_text())["project"]
    declared = {normal(requirement) for requirement in project["dependencies"]}
    owners = packages_distributions()
    needed = {normal(owner) for name in imported() for owner in owners.get(name, [name])}
    needed -= {"asyncpg", "pydantic-core"}  # an extra; and types that belong to pydantic
    needed |= {"aiosqlite", "tzdata"}  # SQLAlchemy and zoneinfo load these by name
    assert needed == declared


def test_the_lock_pins_every_dependency_with_hashes() -> None:
    """Each package of pyproject.toml is in the lock, exactly pinned and hashed; no address is.

    What only benchmarks compare with (the extra `bench`) is installed by hand.
    """
    lock = (CLONE / "requirements.lock").read_text()
    project = tomllib.loads((CLONE / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    extras = [name for extra, names in extras.items() if extra != "bench" for name in names]
    wanted = {normal(requirement) for requirement in (*project["dependencies"], *extras)}
    pinned = re.findall(r"(?m)^([a-z0-9-]+)==\S+(?: ; .+)? \\\n    --hash=sha256:", lock)
    assert wanted <= set(pinned)
    assert "://" not in lock
    assert len(pinned) == len(re.findall(r"(?m)^[a-z]", lock))


def test_the_image_runs_as_nobody_in_particular() -> None:
    """The image is pinned, holds no build tools, and drops root before it is started."""
    steps = (CLONE / "Dockerfile").read_text().split("FROM ")[1:]
    assert [re.match(r"python:3\.\d+\.\d+-slim-\w+", step) is not None for step in steps] == [
        True
    ] * 2
    last = re.findall(r"(?m)^(USER|VOLUME|HEALTHCHECK|ENTRYPOINT|CMD)\b(.*)", steps[-1])
    assert [name for name, _ in last] == ["USER", "VOLUME", "HEALTHCHECK", "ENTRYPOINT", "CMD"]
    assert '["python", "-m", "bot", "health"]' in last[2][1]
