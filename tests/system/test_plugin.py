"""A therapy and an endpoint from outside: an installed package with entry points; and from inside: three files."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

import anagen
from latanoprost import ENDPOINT, NUMBERS, STUDY, THERAPY, THIN, WITH_ENDPOINT, toml

SECONDS = 300
QUICK = ("--draws", "0", "--workers", "1", "--out", "out", "--no-report")
PROJECT = """[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "anagen-latanoprost"
version = "1.2"

[project.entry-points."anagen.therapies"]
latanoprost = "anagen_latanoprost.therapy:LATANOPROST"

[project.entry-points."anagen.endpoints"]
thin = "anagen_latanoprost.endpoint"
"""


def finished(command: list[str], cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, timeout=SECONDS, check=False, env=os.environ | environment
    )


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment that sees what is installed here, with the plug-in installed into it; its Python."""
    folder = tmp_path_factory.mktemp("plugin")
    package = folder / "source" / "anagen_latanoprost"
    package.mkdir(parents=True)
    for name, text in {
        "pyproject.toml": PROJECT,
        "anagen_latanoprost/__init__.py": "",
        "anagen_latanoprost/therapy.py": THERAPY,
        "anagen_latanoprost/endpoint.py": ENDPOINT,
        "anagen_latanoprost/numbers.toml": toml(NUMBERS | THIN),
    }.items():
        (folder / "source" / name).write_text(text, encoding="utf-8")
    venv.create(folder / "venv", with_pip=False)
    python = folder / "venv" / "bin" / "python"
    site = next((folder / "venv" / "lib").glob("python*/site-packages"))
    here = [str(Path(anagen.__file__).parents[1]), sysconfig.get_paths()["purelib"]]
    (site / "here.pth").write_text("\n".join(here), encoding="utf-8")
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--no-compile", "--disable-pip-version-check"]
    installed = finished([str(python), "-m", "pip", "install", *options, str(folder / "source")], folder, PYTHONPATH="")
    assert installed.returncode == 0, installed.stderr
    return python


def command(python: Path, cwd: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return finished([str(python), "-m", "anagen", *arguments], cwd, PYTHONPATH="")


def test_a_plug_in_is_listed_explained_checked_and_run(fresh: Path, tmp_path: Path) -> None:
    listed = command(fresh, tmp_path, "therapies")
    assert listed.returncode == 0, listed.stderr
    assert "latanoprost comes from anagen-latanoprost 1.2." in listed.stdout
    page = command(fresh, tmp_path, "therapies", "xalatan").stdout
    for words in ("from anagen-latanoprost 1.2", "Redness in 5 % of patients within 24 weeks", "1 mL once a day"):
        assert words in page, words
    (tmp_path / "latanoprost.yaml").write_text(STUDY + WITH_ENDPOINT, encoding="utf-8")
    checked = command(fresh, tmp_path, "check", "latanoprost.yaml")
    assert checked.returncode == 0, checked.stderr
    assert "a brand of latanoprost" in checked.stdout
    run = command(fresh, tmp_path, "run", "latanoprost.yaml", *QUICK)
    assert run.returncode == 0, run.stderr
    assert "other priors" not in run.stderr + checked.stderr + listed.stderr
    effects = (tmp_path / "out" / "effects.csv").read_text(encoding="utf-8")
    assert "thin_share" in effects
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["parameter_source"].startswith("posterior of")
    assert manifest["environment"]["plugins"] == ["anagen-latanoprost 1.2"]


def test_without_the_plug_in_its_names_are_unknown(tmp_path: Path) -> None:
    (tmp_path / "latanoprost.yaml").write_text(STUDY, encoding="utf-8")
    checked = command(Path(sys.executable), tmp_path, "check", "latanoprost.yaml")
    assert checked.returncode == 2 and "unknown therapy 'Xalatan'" in checked.stderr


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the package's sources, what is compiled with them, to write files into."""
    shutil.copytree(Path(anagen.__file__).parent, tmp_path / "src" / "anagen", copy_function=shutil.copy2)
    (tmp_path / "latanoprost.yaml").write_text(STUDY, encoding="utf-8")
    return tmp_path


def test_from_inside_a_therapy_is_its_file_its_numbers_and_a_study(checkout: Path) -> None:
    def anagen_of(*arguments: str) -> subprocess.CompletedProcess[str]:
        return finished([sys.executable, "-m", "anagen", *arguments], checkout, PYTHONPATH=str(checkout / "src"))

    package = checkout / "src" / "anagen"
    (package / "therapies" / "latanoprost.py").write_text(THERAPY, encoding="utf-8")
    refused = anagen_of("check", "latanoprost.yaml")
    assert refused.returncode == 2
    for words in ("latanoprost_kinetics.absorption_half_life", "src/anagen/parameters/therapies/latanoprost.toml"):
        assert words in refused.stderr, words
    (package / "parameters" / "therapies" / "latanoprost.toml").write_text(toml(NUMBERS), encoding="utf-8")
    assert anagen_of("check", "latanoprost.yaml").returncode == 0
    run = anagen_of("run", "latanoprost.yaml", *QUICK)
    assert run.returncode == 0, run.stderr
    assert "other priors" not in run.stderr
