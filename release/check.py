"""Holds a release to what RELEASE.md asks of it: `make release-check`. Nothing is uploaded.

`make release-files` (the option --write) writes the lists of what is installed and the page of licences anew.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import licences
from stated import Fault, ledger_of, versions, what_files_say

ROOT = Path(__file__).resolve().parents[1]
TOOLS = Path(sys.executable).parent
DIST = ROOT / "dist"
PYTHON = (3, 11)
"""Version of Python whose packages the lists in release/sbom/ hold."""
IN_THE_WHEEL = (
    "anagen/py.typed",
    "anagen/shipped_studies/prospective/frozen.toml",
    "anagen/parameters/posterior.parquet",
)
SMALLEST_RUN = ("run", "exosome-vs-saline", "--patients", "4", "--draws", "0", "--out", "run")


def run(command: Sequence[str | Path], folder: Path, **settings: str) -> str:
    """Run a program; what it printed on its standard output.

    Parameters
    ----------
    command : Sequence[str or Path]
        Program and arguments.
    folder : Path
        Where it runs.
    **settings : str
        Further variables of its environment, which knows nothing of this checkout.

    Returns
    -------
    str
        Its output.

    Raises
    ------
    Fault
        With what it printed, where it fails or cannot be started.
    """
    hidden = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "SOURCE_DATE_EPOCH", "GIT_DIR", "GIT_WORK_TREE")
    environment = {name: value for name, value in os.environ.items() if name not in hidden} | settings
    try:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    except OSError as error:
        raise Fault(f"{command[0]} could not be started ({error.strerror}): make release-check installs it") from None
    if done.returncode:
        raise Fault(f"{' '.join(map(str, command))} failed with code {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def epoch() -> str:
    """Time of the last commit, which the archives bear in place of a clock."""
    return run(["git", "log", "-1", "--format=%ct"], ROOT).strip()


def build(source: Path, target: Path) -> dict[str, str]:
    """Build the source archive and the wheel out of it.

    Parameters
    ----------
    source : Path
        Folder of the repository or of a copy.
    target : Path
        Folder for both files.

    Returns
    -------
    dict[str, str]
        Name of the file -> SHA-256.
    """
    command = [TOOLS / "python", "-m", "build", "--no-isolation", "--outdir", target, source]
    run(command, target.parent, SOURCE_DATE_EPOCH=epoch())
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(target.iterdir())}


def build_twice(place: Path) -> dict[str, str]:
    """Build from the checkout and from a copy of the commit elsewhere; both have to have the same bytes."""
    copied = place / "copy"
    run(["git", "archive", "--output", place / "copy.tar", "HEAD"], ROOT)
    with tarfile.open(place / "copy.tar") as archive:
        archive.extractall(copied, filter="data")
    first, second = build(ROOT, place / "dist"), build(copied, place / "again")
    if first != second:
        raise Fault(f"two builds of one commit differ: {first} and {second}")
    return first


def look_into(place: Path) -> None:
    """Look at the archives as a package index would, and for what must not be missing from the wheel."""
    files = sorted((place / "dist").iterdir())
    wheel = wheel_in(place)
    run([TOOLS / "twine", "check", "--strict", *files], place)
    run([TOOLS / "check-wheel-contents", wheel], place)
    with zipfile.ZipFile(wheel) as archive:
        missing = set(IN_THE_WHEEL) - set(archive.namelist())
    if missing:
        raise Fault(f"{wheel.name} lacks {', '.join(sorted(missing))}")


def wheel_in(place: Path) -> Path:
    """The wheel that was built."""
    (wheel,) = (place / "dist").glob("*.whl")
    return wheel


def install(place: Path, extras: str = "") -> None:
    """Install the wheel, with the pinned versions of what it needs, into an environment of its own without pip."""
    python = place / "fresh" / "bin" / "python"
    if not python.exists():
        run([TOOLS / "python", "-m", "venv", "--without-pip", place / "fresh"], place)
    pip = [TOOLS / "python", "-m", "pip", "--disable-pip-version-check", "--quiet", "--python", python, "install"]
    run([*pip, "--constraint", ROOT / "constraints.txt", f"{wheel_in(place)}{extras}"], place)


def try_out(place: Path) -> None:
    """Use what was installed: version, the smallest run, a check, and the ledger against what the notes publish."""
    outside = place / "outside"
    outside.mkdir()
    anagen = place / "fresh" / "bin" / "anagen"
    (version,) = versions(ROOT)["pyproject.toml"]
    said = run([anagen, "--version"], outside).strip()
    if said != f"anagen {version}":
        raise Fault(f"anagen --version says '{said}'; pyproject.toml has {version}")
    run([anagen, *SMALLEST_RUN], outside)
    if not (outside / "run" / "report.html").stat().st_size:
        raise Fault("the smallest run wrote an empty report.html")
    run([anagen, "check", "exosome-vs-saline"], outside)
    count, head = ledger_of(ROOT)
    run([anagen, "ledger", "verify", "--head", head, "--count", str(count)], outside)


def list_what_is_installed(place: Path, *, write: bool) -> None:
    """List the packages of the core and then of all extras, and the page of their licences; compare or write them."""
    project = licences.read_project()
    made = place / "core.cdx.json", place / "extras.cdx.json", place / "licences.md"
    _list(place, made[0])
    install(place, f"[{','.join(licences.users_extras(project))}]")
    _list(place, made[1])
    core, extras = (licences.read_bom(path) for path in made[:2])
    made[2].write_text(licences.page(project, core, extras), encoding="utf-8")
    older = []
    for new, kept in zip(made, (licences.CORE, licences.EXTRAS, licences.PAGE), strict=True):
        if write:
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(new, kept)
        elif not kept.exists() or new.read_bytes() != kept.read_bytes():
            older.append(str(kept.relative_to(ROOT)))
    refused = licences.faults(licences.packages(extras))
    if older:
        refused.append(f"{', '.join(older)} differ from what is installed: run make release-files")
    if refused:
        raise Fault("\n".join(refused))


def _list(place: Path, target: Path) -> None:
    command = [TOOLS / "cyclonedx-py", "environment", "--output-reproducible", "--pyproject", ROOT / "pyproject.toml"]
    text = run([*command, "--output-file", "-", place / "fresh" / "bin" / "python"], place)
    target.write_text(text.rstrip("\n") + "\n", encoding="utf-8")


def is_committed() -> None:
    """Refuse a checkout in which something is not committed."""
    changes = run(["git", "status", "--porcelain"], ROOT)
    if changes:
        raise Fault(f"these files are not committed, so that nobody could build the same:\n{changes}")


def agrees() -> None:
    """Refuse files that disagree about the release."""
    found = what_files_say(ROOT)
    if found:
        raise Fault("\n".join(found))


def lint() -> None:
    """Read the citation and the Dockerfile as their tools do."""
    run([TOOLS.parent / "citation" / "bin" / "cffconvert", "--validate", "--infile", "CITATION.cff"], ROOT)
    run([TOOLS / "hadolint", "Dockerfile"], ROOT)


def step(title: str, work: Callable[[], object]) -> list[str]:
    """Do one step, say how it went, and give what it found wrong."""
    try:
        work()
    except Fault as fault:
        print(f"failed  {title}\n{fault}", flush=True)
        return [title]
    print(f"passed  {title}", flush=True)
    return []


def check() -> int:
    """Do every step of a release; later steps are done where earlier ones failed, unless they need them."""
    failed = step("everything is committed", is_committed)
    failed += step("version, day, numbers changed and ledger agree", agrees)
    failed += step("citation (cffconvert) and Dockerfile (hadolint)", lint)
    with tempfile.TemporaryDirectory(prefix="anagen-release-") as name:
        place = Path(name)
        built: dict[str, str] = {}
        broken = step("source archive and wheel, twice to the same bytes", lambda: built.update(build_twice(place)))
        if not broken:
            failed += step("contents (check-wheel-contents, twine check, py.typed)", lambda: look_into(place))
            broken = step("installed outside the repository", lambda: install(place))
        if not broken:
            failed += step("version, smallest run, check and ledger of what was installed", lambda: try_out(place))
            listed = "lists of what is installed, and licences"
            failed += step(listed, lambda: list_what_is_installed(place, write=False))
        failed += broken
        if not failed:
            DIST.mkdir(exist_ok=True)
            for path in (place / "dist").iterdir():
                shutil.copyfile(path, DIST / path.name)
    count, head = ledger_of(ROOT)
    print("".join(f"{digest}  dist/{name}\n" for name, digest in built.items()), end="")
    print(f"ledger of frozen predictions: {count}, head {head}")
    print(f"{len(failed)} steps failed: no release" if failed else "all passed; nothing was uploaded")
    return 1 if failed else 0


def write() -> int:
    """Write the lists of what is installed and the page of licences from the checkout as it is."""
    with tempfile.TemporaryDirectory(prefix="anagen-release-") as name:
        place = Path(name)
        build(ROOT, place / "dist")
        install(place)
        list_what_is_installed(place, write=True)
    return 0


def main() -> int:
    """Check a release, or write what is made for one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write release/sbom/ and docs/licences.md anew")
    wanted = parser.parse_args()
    if sys.version_info[:2] != PYTHON:
        named, here = (".".join(map(str, version[:2])) for version in (PYTHON, sys.version_info))
        print(f"releases are made with Python {named}, this is {here}: remove .venv-release, and name one by PYTHON=")
        return 2
    try:
        return write() if wanted.write else check()
    except Fault as fault:
        print(fault, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
