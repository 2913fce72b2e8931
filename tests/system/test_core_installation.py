"""What `pip install anagen` brings without an extra: its size, and that a command runs or names the extra it needs.

In the default run the libraries of the extras cannot be imported; a long test builds the wheel and installs it alone.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from core_only import EXTRAS

ROOT = Path(__file__).resolve().parents[2]
LARGEST = 660
"""Megabytes of the core with what it needs, pip and the byte code that pip makes (docs/installation.md)."""
SMALL = ("exosome-vs-saline", "--patients", "4", "--draws", "0")
RUN = ("run", *SMALL, "--out", "kept")
NEED: Mapping[tuple[str, ...], str] = {
    ("results", "kept", "SELECT 1"): "query",
    ("picture", "kept", "--patient", "0"): "pictures",
    ("product", "draw", "milk", "--out", "vesicle.svg"): "pictures",
    ("evidence", "forest", "--therapy", "minoxidil", "--out", "."): "pictures",
    ("trichoscopy", "none.png", "--scale", "10"): "trichoscopy",
    ("design", "exosome-vs-saline"): "planning",
    ("protocol", "exosome-vs-saline", "--out", "protocol"): "planning",
    ("credibility", "exosome-vs-saline", "--out", "credibility.html"): "credibility",
    ("calibrate", "--quick", "--out", "calibration"): "calibration",
    ("run", *SMALL, "--cluster", "tcp://127.0.0.1:9", "--out", "clustered"): "cluster",
    ("export", "sbml", "exosome-vs-saline", "model.xml"): "formats",
    ("studio",): "studio",
}
"""Commands that cannot do without an extra."""
RUNS = (
    ("studies",),
    ("check", "exosome-vs-saline"),
    ("picture", "kept", "--patient", "0", "--out", "scalp.svg"),
    ("network", "draw", "--out", "network.svg"),
    ("product", "release", "milk", "--out", "release"),
)
"""Commands that do without; a batch without results is not to be released, exit code 4."""
ABSENT = "This picture needs the extra pictures: pip install &#39;anagen[pictures]&#39;."
PLOT = """
import sys
sys.path.insert(0, {tests!r})
from core_only import Absent
sys.meta_path.insert(0, Absent())
import anagen
result = anagen.load("kept")
print(result.figures()[0], "<img" in result._repr_html_())
try:
    result.plot()
except anagen.InputError as error:
    print(error)
"""


def extras_named() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return set(project["optional-dependencies"])


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[tuple[str, ...], tuple[int, str, str]]]:
    """Exit code, output and errors of every command where only the core is installed."""
    folder = tmp_path_factory.mktemp("core")
    commands = [RUN, *NEED, *RUNS]
    (folder / "commands.json").write_text(json.dumps(commands))
    script = ROOT / "tests" / "core_only.py"
    done = subprocess.run(
        [sys.executable, str(script), "commands.json"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told: list[tuple[int, str, str]] = json.loads(done.stdout.splitlines()[-1])
    return folder, dict(zip(commands, told, strict=True))


def test_a_run_writes_a_report_that_says_at_each_place_which_extra_draws_it(answers: tuple[Path, dict]) -> None:
    folder, told = answers
    code, output, errors = told[RUN]
    assert (code, errors) == (0, ""), errors
    assert "kept/report.html" in output
    page = (folder / "kept" / "report.html").read_text(encoding="utf-8")
    assert page.count(ABSENT) >= 5
    assert 'id="figure-mechanism"' in page, "what our own functions draw stays"
    assert list((folder / "kept" / "figures").iterdir()) == []


@pytest.mark.parametrize("command", NEED, ids=lambda command: " ".join(command[:2]))
def test_a_command_that_needs_an_extra_names_it(command: tuple[str, ...], answers: tuple[Path, dict]) -> None:
    code, output, errors = answers[1][command]
    assert code == 2 and output == ""
    assert f"needs the extra {NEED[command]}: pip install 'anagen[{NEED[command]}]'" in errors
    assert NEED[command] in extras_named()
    assert "Traceback" not in errors


def test_nothing_was_written_by_a_command_that_was_refused(answers: tuple[Path, dict]) -> None:
    written = {path.name for path in answers[0].iterdir()}
    assert written == {"commands.json", "kept", "scalp.svg", "network.svg", "release"}


@pytest.mark.parametrize("command", RUNS, ids=lambda command: " ".join(command[:2]))
def test_other_commands_run_in_the_core(command: tuple[str, ...], answers: tuple[Path, dict]) -> None:
    folder, told = answers
    code, output, errors = told[command]
    assert code == (4 if command[:2] == ("product", "release") else 0), errors
    assert errors == ""
    if command[:2] == ("product", "release"):
        assert not (folder / "release" / "certificate.pdf").exists()
        assert "pip install 'anagen[pictures]'" in output


def test_plot_names_the_extra_and_a_notebook_shows_the_table_alone(answers: tuple[Path, dict]) -> None:
    code = PLOT.format(tests=str(ROOT / "tests"))
    done = subprocess.run([sys.executable, "-c", code], cwd=answers[0], capture_output=True, text=True, check=False)
    assert done.stdout.startswith("effects False\n"), done.stderr
    assert "drawing needs the extra pictures: pip install 'anagen[pictures]'" in done.stdout


def test_the_core_requires_no_library_of_an_extra() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    core = {re.split(r"[><=\[ ]", entry)[0].lower() for entry in project["dependencies"]}
    named_otherwise = {"pillow", "scikit-image", "python-docx", "python-libsbml"}
    assert core.isdisjoint({name.lower() for name in EXTRAS} | named_otherwise)


@pytest.mark.long
def test_the_wheel_alone_is_small_and_runs_from_anywhere(tmp_path: Path) -> None:
    """Builds the wheel, installs it with the pinned versions and nothing else, and gives commands as a user does."""
    venv = tmp_path / "venv"
    pip = [str(venv / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "--quiet"]

    def called(*command: str, codes: Sequence[int] = (0,)) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode in codes, done.stderr
        return done

    called(sys.executable, "-m", "venv", str(venv))
    probe = subprocess.run(
        [*pip, "download", "--no-deps", "--dest", "probe", "--constraint", str(ROOT / "constraints.txt"), "mdurl"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if probe.returncode != 0:
        pytest.skip(f"no package index is reachable, so that nothing can be installed: {probe.stderr[-200:]}")
    build = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation")
    called(*build, "--wheel-dir", "dist", str(ROOT))
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    called(*pip, "install", "--constraint", str(ROOT / "constraints.txt"), str(wheel))
    (packages,) = (venv / "lib").glob("python*/site-packages")
    size = sum(512 * path.lstat().st_blocks for path in packages.rglob("*")) / 2**20
    assert size < LARGEST, f"the core installation takes {size:.0f} MB"
    anagen = str(venv / "bin" / "anagen")
    assert "exosome-vs-saline" in called(anagen, "studies").stdout
    called(anagen, *RUN)
    assert ABSENT in (tmp_path / "kept" / "report.html").read_text(encoding="utf-8")
    called(anagen, "check", "exosome-vs-saline")
    for command, extra in NEED.items():
        assert f"pip install 'anagen[{extra}]'" in called(anagen, *command, codes=(2,)).stderr


def other_python(version: str) -> str | None:
    """An interpreter of another version: on the path, or one that pyenv keeps for this user."""
    kept = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python"))
    for each in [shutil.which(f"python{version}"), *map(str, kept)]:
        if each and subprocess.run([each, "--version"], capture_output=True, check=False).returncode == 0:
            return each
    return None


@pytest.mark.long
@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_the_wheel_runs_on_every_python_that_is_there(tmp_path: Path, version: str) -> None:
    if version == f"{sys.version_info.major}.{sys.version_info.minor}":
        pytest.skip("this Python has a test of its own above")
    python = other_python(version)
    if python is None:
        pytest.skip(f"Python {version} is not installed here")

    def called(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert called(python, "-m", "venv", "venv").returncode == 0
    built = called(
        sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", "dist", str(ROOT)
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    pip = (str(tmp_path / "venv" / "bin" / "python"), "-m", "pip", "--quiet")
    pinned = ("--constraint", str(ROOT / "constraints.txt"))
    if called(*pip, "download", "--no-deps", "--dest", "probe", *pinned, "mdurl").returncode != 0:
        pytest.skip("no package index is reachable, so that nothing can be installed")
    installed = called(*pip, "install", *pinned, str(wheel))
    assert installed.returncode == 0, installed.stderr
    anagen = str(tmp_path / "venv" / "bin" / "anagen")
    for command in (("--version",), ("check", "exosome-vs-saline"), RUN):
        done = called(anagen, *command)
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "kept" / "report.html").is_file()
