"""Formats of other programs: found by folder and entry point, recognised by content, written whole, refused by name."""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from anagen.core import plugins
from anagen.core.errors import InputError
from anagen.formats import format as format_module
from anagen.formats.format import Format, Sample
from anagen.formats.registry import FORMATS, check_kind, format_named, recognised
from anagen.formats.subject import subject_of
from anagen.formats.writing import FilesTarget
from cli_calls import anagen

HERE = Path(__file__).parents[1]
RECEPTORS = HERE / "examples" / "models" / "receptors.xml"
ASSAY = "readout,VESICLE_UPTAKE [particles/mL],time,value,error\nERK,1e8,24 h,1.12,0.06\nERK,1e9,24 h,1.55,0.08\n"
SHIPPED = {"sbml", "sedml", "omex", "petab", "nta", "xpt", "dataset_json", "cdisc"}
needs_libsbml = pytest.mark.skipif(find_spec("libsbml") is None, reason="python-libsbml is in the extra `formats`")


def problem_of(error: pytest.ExceptionInfo[InputError]) -> str:
    return error.value.problems[0].text()


def test_every_folder_with_a_format_is_one_and_says_what_it_does() -> None:
    assert set(FORMATS) >= SHIPPED
    parts = ("writer", "reader", "check")
    for name in SHIPPED:
        entry = FORMATS[name]
        folder = Path(format_module.__file__).parent / name
        assert entry.home == f"anagen.formats.{name}"
        assert [entry.has(part) for part in parts] == [(folder / f"{part}.py").is_file() for part in parts]


FOREIGN = """
from anagen.formats.format import Format, Sample


def mine(sample: Sample) -> bool:
    return sample.head.startswith(b"MINE")


FORMAT = Format("mine", "a file of mine", __name__, mine, "expected MINE in the first line", options=("arm",))
OF_RUNS = Format("run-only", "a table of mine", __name__, lambda sample: False, "expected it", takes="run")
"""
WRITER = """
def write(subject):
    return {"mine": f"MINE {subject.study.study} {subject.arm}".encode()}
"""
CHECK = """
from anagen.formats.format import Checked


def check(path):
    return Checked((f"{path.stat().st_size} bytes.",))
"""


@pytest.fixture
def packaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A package with a format, installed by its entry point."""
    for name, text in (("__init__", FOREIGN), ("writer", WRITER), ("check", CHECK)):
        path = tmp_path / "packages" / "minefiles" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    facts = tmp_path / "packages" / "minefiles-0.3.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: minefiles\nVersion: 0.3\n", encoding="utf-8")
    (facts / "entry_points.txt").write_text("[anagen.formats]\nmine = minefiles\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path / "packages"))
    for name in ("_with_origins", "_entries"):
        FORMATS.__dict__.pop(name, None)
    plugins.installed.cache_clear()
    yield
    plugins.installed.cache_clear()
    for name in ("_with_origins", "_entries"):
        FORMATS.__dict__.pop(name, None)
    for module in [module for module in sys.modules if module.partition(".")[0] == "minefiles"]:
        del sys.modules[module]


@pytest.mark.usefixtures("packaged")
def test_an_installed_package_adds_a_format_by_its_entry_point(tmp_path: Path) -> None:
    listed = json.loads(anagen("formats", "--json", cwd=tmp_path).stdout)
    (row,) = [row for row in listed if row["name"] == "mine"]
    assert row["export"] and row["check"] and not row["import"] and row["from"] == "minefiles 0.3"
    done = anagen("export", "mine", "exosome-vs-saline", "out.txt", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out.txt").read_text() == "MINE exosome-vs-saline exosome"
    refused = anagen("export", "run-only", "exosome-vs-saline", "other.txt", cwd=tmp_path)
    assert refused.returncode == 2 and "name the result folder of `anagen run`" in refused.stderr
    checked = anagen("check", "out.txt", cwd=tmp_path)
    assert checked.returncode == 0 and "is a file of mine" in checked.stdout and "30 bytes." in checked.stdout


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("sbml", RECEPTORS.read_bytes()),
        ("sbml", b"<!-- mine -->\n<sbml:sbml xmlns:sbml='x'/>"),
        ("sedml", b'<?xml version="1.0"?>\n<sedML level="1"/>'),
        ("nta", b"Original File:\tC:\\one.avi\nZetaView S/N:\t1\n"),
        ("nta", b"Size (nm),Count,Events\n10,20,3\n30,40,5\n"),
        ("petab", b"format_version: 2.0.0\nparameter_files:\n- parameters.tsv\n"),
    ],
)
def test_a_file_is_recognised_by_its_content_whatever_its_name(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / "file.txt").write_bytes(content)
    found = recognised(tmp_path / "file.txt")
    assert found is not None and found.name == name
    (tmp_path / "other.txt").write_bytes(b"x = 1\n" + content)
    assert recognised(tmp_path / "other.txt") is None or name in ("petab", "nta")


def test_an_archive_is_recognised_by_its_manifest(tmp_path: Path) -> None:
    for name, entry in (("plain.zip", "model.xml"), ("real.zip", "manifest.xml")):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr(entry, "<x/>")
    assert recognised(tmp_path / "plain.zip") is None
    found = recognised(tmp_path / "real.zip")
    assert found is not None and found.name == "omex"
    (tmp_path / "broken.zip").write_bytes((tmp_path / "real.zip").read_bytes()[:40])
    assert Sample(tmp_path / "broken.zip").names == ()


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"%PDF-1.7", "is a PDF, not an SBML model; expected SBML: XML whose first element is <sbml>"),
        (b"study: mine\narms:\n- name: a\n", "is a study file, not an SBML model"),
        (b'<sedML level="1"/>', "is a simulation experiment (SED-ML), not an SBML model"),
        (b"\x01\x02", "is not an SBML model"),
    ],
)
def test_a_wrong_file_is_told_what_it_is_and_what_was_expected(content: bytes, what: str, tmp_path: Path) -> None:
    (tmp_path / "mine.xml").write_bytes(content)
    with pytest.raises(InputError) as error:
        check_kind(tmp_path / "mine.xml", FORMATS["sbml"])
    assert what in problem_of(error)


def test_a_missing_library_is_named_with_its_extra() -> None:
    entry = Format("x", "a file", "anagen.formats.sbml", lambda sample: False, "expected x", needs=("no_such_library",))
    with pytest.raises(InputError) as error:
        entry.require()
    assert "no_such_library is not installed" in problem_of(error)
    assert "pip install 'anagen[formats]'" in problem_of(error)


def test_a_format_that_is_not_there_or_not_imported_is_refused() -> None:
    with pytest.raises(InputError) as error:
        format_named("sbmll", "writer")
    assert "did you mean 'sbml'?" in problem_of(error)
    with pytest.raises(InputError) as error:
        format_named("omex", "reader")
    assert "is not imported" in problem_of(error)


def test_a_folder_is_written_whole_and_never_replaced(tmp_path: Path) -> None:
    target = FilesTarget(tmp_path / "out", folder=True)
    assert [path.name for path in target.write({"a.txt": b"1", "b.txt": b"2"})] == ["a.txt", "b.txt"]
    for overwrite in (False, True):
        with pytest.raises(InputError) as error:
            FilesTarget(tmp_path / "out", folder=True, overwrite=overwrite).write({"a.txt": b"3"})
        assert "exists already" in problem_of(error)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a.txt", "b.txt", "out"]
    assert (tmp_path / "out" / "a.txt").read_bytes() == b"1"


@needs_libsbml
def test_every_export_is_checked_without_a_fault_and_has_the_same_bytes_twice(tmp_path: Path) -> None:
    (tmp_path / "erk.csv").write_text(ASSAY, encoding="utf-8")
    again = subject_of("exosome-vs-saline", tables=(tmp_path / "erk.csv",))
    for name, further in (("omex", ()), ("petab", ("--assay", "erk.csv"))):
        done = anagen("export", name, "exosome-vs-saline", name, *further, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        out, files = tmp_path / name, FORMATS[name].write(again)
        written = {path.name: path.read_bytes() for path in out.iterdir()} if out.is_dir() else {"": out.read_bytes()}
        assert sorted(written.values()) == sorted(files.values())
        checked = anagen("check", name, cwd=tmp_path)
        assert checked.returncode == 0, checked.stderr
        assert FORMATS[name].title in checked.stdout and "says nothing against it" in checked.stdout


@needs_libsbml
def test_a_damaged_export_is_refused_with_what_is_wrong(tmp_path: Path) -> None:
    assert anagen("export", "omex", "exosome-vs-saline", "arm.omex", cwd=tmp_path).returncode == 0
    with zipfile.ZipFile(tmp_path / "arm.omex") as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    left_out = {name: data for name, data in contents.items() if name != "model.xml"}
    renamed = contents | {"simulation.sedml": contents["simulation.sedml"].replace(b"'AR'", b"'ARR'")}
    for number, (changed, words) in enumerate(
        ((left_out, "model.xml: is listed and not in the archive"), (renamed, "the model has no 'ARR'"))
    ):
        with zipfile.ZipFile(tmp_path / f"{number}.omex", "w") as archive:
            for name, data in changed.items():
                archive.writestr(name, data)
        checked = anagen("check", f"{number}.omex", cwd=tmp_path)
        assert checked.returncode == 2 and words in checked.stderr


@needs_libsbml
def test_a_problem_whose_tables_disagree_is_refused_by_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "erk.csv").write_text(ASSAY, encoding="utf-8")
    assert anagen("export", "petab", "exosome-vs-saline", "problem", "--assay", "erk.csv", cwd=tmp_path).returncode == 0
    table = tmp_path / "problem" / "measurements.tsv"
    table.write_text(table.read_text().replace("experiment_2", "experiment_9"), encoding="utf-8")
    checked = anagen("check", "problem", cwd=tmp_path)
    assert checked.returncode == 2 and "measurement_files:3: names 'experiment_9'" in checked.stderr
    older = tmp_path / "older.yaml"
    older.write_text("format_version: 1\nparameter_file: p.tsv\nproblems: []\n", encoding="utf-8")
    checked = anagen("check", "older.yaml", cwd=tmp_path)
    assert checked.returncode == 2 and "is of version 1 of PEtab" in checked.stderr


@needs_libsbml
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("export", "petab", "exosome-vs-saline", "out"), "name an assay"),
        (("export", "sbml", "exosome-vs-saline", "out", "--arm", "exosom"), "did you mean 'exosome'?"),
        (("export", "sbml", "exosome-vs-saline", "out", "--assay", "x.csv"), "means nothing for an SBML model"),
        (("export", "sbml", "exosome-vs-salin", "out"), "exosome-vs-saline"),
        (("import", "sbml", "none.xml"), "there is no such file"),
    ],
)
def test_wrong_requests_end_with_exit_code_2_and_write_nothing(
    arguments: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    done = anagen(*arguments, cwd=tmp_path)
    assert done.returncode == 2 and words in done.stderr
    assert list(tmp_path.iterdir()) == []


@needs_libsbml
def test_a_run_is_exported_at_the_parameters_that_it_took(tmp_path: Path) -> None:
    options = ("--patients", "4", "--draws", "0", "--no-report", "--parameters", "prior", "--out", "run")
    assert anagen("run", "exosome-vs-saline", *options, cwd=tmp_path).returncode == 0
    refused = anagen("export", "sbml", "run", "model.xml", cwd=tmp_path)
    assert refused.returncode == 2 and "are not those of the run, which took: hand-set priors" in refused.stderr
    for name, out in (("run", "one.xml"), ("exosome-vs-saline", "two.xml")):
        assert anagen("export", "sbml", name, out, "--parameters", "prior", cwd=tmp_path).returncode == 0
    assert (tmp_path / "one.xml").read_bytes() == (tmp_path / "two.xml").read_bytes()
