"""The installed program from the outside: what it prints, writes and returns."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from cli_calls import PROGRAM, SECONDS, anagen, anagen_process, files_of
from small_posterior import NAMES, other_priors, small_posterior

STUDY = "exosome-vs-saline"
SMALL = ("--patients", "4", "--draws", "2", "--no-report")


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """One small run of the installed program, with a report."""
    folder = tmp_path_factory.mktemp("ran")
    return folder, anagen_process("run", STUDY, "--patients", "6", "--draws", "2", cwd=folder)


def test_help_tells_what_the_program_is(tmp_path: Path) -> None:
    finished = anagen("--help", cwd=tmp_path)
    assert finished.returncode == 0
    assert "virtual randomised trials" in finished.stdout


def test_version_and_module_entry(tmp_path: Path) -> None:
    by_name = anagen_process("--version", cwd=tmp_path)
    by_module = subprocess.run(
        [sys.executable, "-m", "anagen", "--version"], capture_output=True, text=True, check=True
    )
    assert by_name.stdout == by_module.stdout
    assert by_name.stdout.startswith("anagen 0.")


def test_a_run_prints_arms_effect_both_uncertainties_and_where_the_report_lies(
    ran: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    folder, finished = ran
    assert finished.returncode == 0, finished.stderr
    assert finished.stderr == "", "silent where standard error is no terminal"
    for words in ("exosome", "saline (control)", "interval from the patients", "no band: ", "by hand"):
        assert words in finished.stdout
    written = list((folder / "results").iterdir())
    assert len(written) == 1, "no work folder is left"
    assert f"results/{written[0].name}/report.html" in finished.stdout
    names = set(files_of(written[0]))
    assert {"manifest.json", "visits.parquet", "patients.parquet", "effects.csv", "report.html"} <= names
    assert any(name.endswith(".png") for name in names)
    assert any(name.endswith(".svg") for name in names)


def test_the_folder_reads_back_and_answers(ran: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    from anagen.results import read_results

    folder, _ = ran
    result = next((folder / "results").iterdir())
    contents = read_results(result)
    assert contents.manifest["arms"][0]["patients"] == 6
    finished = anagen("results", str(result), "SELECT count(*) AS n FROM visits", "--json", cwd=folder)
    assert json.loads(finished.stdout) == [{"n": len(contents.visits)}]
    shown = anagen("results", str(result), "SELECT arm, estimate FROM effects", cwd=folder)
    assert "estimate" in shown.stdout
    spoilt = folder / "spoilt"
    shutil.copytree(result, spoilt)
    (spoilt / "arms.csv").write_bytes((spoilt / "arms.csv").read_bytes()[:-9])
    count = ("results", "spoilt", "SELECT count(*) AS n FROM effects", "--json")
    refused = anagen(*count, cwd=folder)
    assert refused.returncode == 2 and "spoilt/arms.csv: was changed after it was written" in refused.stderr
    assert anagen(*count, "--no-verify", cwd=folder).returncode == 0
    shutil.rmtree(spoilt)
    wrong = anagen("results", str(result), "SELECT estimat FROM effects", cwd=folder)
    assert wrong.returncode == 2
    assert "effects(replicate" in wrong.stderr


def test_the_next_run_takes_the_next_name_and_existing_folders_stay(tmp_path: Path) -> None:
    first = json.loads(anagen("run", STUDY, *SMALL, "--json", cwd=tmp_path).stdout)["folder"]
    second = json.loads(anagen("run", STUDY, *SMALL, "--json", cwd=tmp_path).stdout)["folder"]
    assert second == f"{first}-2"
    assert files_of(tmp_path / first) == files_of(tmp_path / second)
    refused = anagen("run", STUDY, *SMALL, "--out", first, cwd=tmp_path)
    assert refused.returncode == 2
    assert "exists already" in refused.stderr
    replaced = anagen("run", STUDY, *SMALL, "--seed", "2", "--out", first, "--overwrite", cwd=tmp_path)
    assert replaced.returncode == 0
    assert files_of(tmp_path / first) != files_of(tmp_path / second)
    (tmp_path / "thesis").mkdir()
    assert anagen("run", STUDY, *SMALL, "--out", "thesis", "--overwrite", cwd=tmp_path).returncode == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", STUDY, *SMALL, "--json"),
        ("check", STUDY, "--json"),
        ("schema",),
        ("studies", "--json"),
        ("parameters", "--json"),
        ("parameters", "follicle.catagen_duration", "--json"),
    ],
)
def test_json_is_one_document(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    finished = anagen(*arguments, cwd=tmp_path)
    assert finished.returncode == 0, finished.stderr
    assert json.loads(finished.stdout)
    assert finished.stderr == ""


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("run",),
        ("walk",),
        ("run", STUDY, "--workers", "0"),
        ("run", STUDY, "--seed", "one"),
        ("run", STUDY, "--patients", "0"),
        ("run", STUDY, "--seed", "99999999999999"),
        ("run", "exosome-vs-salin"),
        ("check", "nowhere.yaml"),
        ("results", ".", "SELECT 1"),
        ("parameters", "folicle"),
    ],
)
def test_wrong_arguments_return_2_and_write_nothing(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    finished = anagen(*arguments, cwd=tmp_path)
    assert finished.returncode == 2
    assert "Traceback" not in finished.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_misspelt_study_is_answered_with_the_right_name(tmp_path: Path) -> None:
    finished = anagen("run", "exosome-vs-salin", cwd=tmp_path)
    assert f"did you mean '{STUDY}'" in finished.stderr


@pytest.mark.parametrize("command", ["run", "check"])
def test_a_bad_study_names_line_and_field_and_writes_nothing(tmp_path: Path, command: str) -> None:
    text = shipped_text().replace("zone: vertex", "zone: vertx")
    assert "vertx" in text
    (tmp_path / "bad.yaml").write_text(text)
    line = next(number for number, words in enumerate(text.splitlines(), 1) if "vertx" in words)
    finished = anagen(command, "bad.yaml", cwd=tmp_path)
    assert finished.returncode == 2
    assert f"bad.yaml:{line}:" in finished.stderr
    assert "did you mean 'vertex'" in finished.stderr
    assert finished.stdout == ""
    assert [path.name for path in tmp_path.iterdir()] == ["bad.yaml"]
    as_json = json.loads(anagen(command, "bad.yaml", "--json", cwd=tmp_path).stdout)
    assert as_json["problems"][0]["line"] == line


def test_check_writes_nothing(tmp_path: Path) -> None:
    finished = anagen("check", STUDY, cwd=tmp_path)
    assert finished.returncode == 0
    assert "saline" in finished.stdout
    assert list(tmp_path.iterdir()) == []


def test_results_do_not_depend_on_the_number_of_workers(tmp_path: Path) -> None:
    """Not with a posterior either, which every worker reads by itself; the folder tells which and what it informed."""
    posterior = small_posterior(tmp_path / "joint.parquet")
    for workers in ("1", "2"):
        arguments = ("run", STUDY, *SMALL, "--replicates", "12", "--workers", workers, "--out", workers)
        finished = anagen(*arguments, "--parameters", "joint.parquet", cwd=tmp_path)
        assert finished.returncode == 0, finished.stderr
        assert (
            "parameters that this run used take joint draws from a posterior, which data inform in part"
            in finished.stdout
        )
        assert "hand-set" not in finished.stdout
    assert files_of(tmp_path / "1") == files_of(tmp_path / "2")
    told = json.loads((tmp_path / "1" / "manifest.json").read_text())["posterior"]
    assert (told["name"], told["sha256"], told["draws"]) == ("joint.parquet", posterior.sha256, posterior.draws)
    table = pd.read_csv(tmp_path / "1" / "parameters.csv").set_index("name")
    assert set(table.index[table["informed_by"] == "posterior"]) == set(NAMES)
    for name, median in posterior.central.items():
        assert table.loc[name, "value"] == pytest.approx(median) != table.loc[name, "prior_value"]


def test_shares_of_patients_are_told_without_a_report_as_well(tmp_path: Path) -> None:
    """They are counted from rows that the folder of the work holds, which is gone once the results are written."""
    chosen = ("--set", "endpoints.primary.measure=responder", "--set", "endpoints.primary.threshold=10")
    finished = anagen_process("run", STUDY, *chosen, *SMALL, "--out", "out", cwd=tmp_path)
    assert finished.returncode == 0, finished.stderr
    assert "gained at least 10" in finished.stdout


def test_parameters_stand_beside_their_posterior(tmp_path: Path) -> None:
    small_posterior(tmp_path / "joint.parquet", priors=other_priors())
    finished = anagen("parameters", "follicle.catagen_duration", "--parameters", "joint.parquet", cwd=tmp_path)
    assert finished.returncode == 0
    assert "posterior" in finished.stdout and "18" in finished.stdout
    assert finished.stderr.startswith("warning: joint.parquet was computed from other priors")


def test_a_wrong_source_of_parameters_names_the_right_ones(tmp_path: Path) -> None:
    finished = anagen("run", STUDY, "--parameters", "posteriors", cwd=tmp_path)
    assert finished.returncode == 2
    assert "allowed: prior, posterior, the path of a .parquet file; did you mean 'posterior'?" in finished.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_second_run_into_a_folder_is_refused_while_the_first_goes_on(tmp_path: Path) -> None:
    from anagen.execution import ChunkStore

    with ChunkStore(tmp_path / "out.work").locked():
        before = files_of(tmp_path)
        finished = anagen("run", STUDY, *SMALL, "--out", "out", cwd=tmp_path)
        assert finished.returncode == 2
        assert finished.stderr.startswith("out: --out: another run is using out.work; wait for it")
        assert files_of(tmp_path) == before
    assert anagen("run", STUDY, *SMALL, "--out", "out", cwd=tmp_path).returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_two_runs_at_once_take_two_folders(tmp_path: Path) -> None:
    arguments = [PROGRAM, "run", STUDY, "--draws", "0", "--replicates", "10", "--no-report"]
    both = [subprocess.Popen(arguments, cwd=tmp_path, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [each.wait(SECONDS) for each in both] == [0, 0]
    first, second = sorted((tmp_path / "results").iterdir())
    assert files_of(first) == files_of(second)


def test_a_reader_that_goes_away_is_no_fault(tmp_path: Path) -> None:
    running = subprocess.Popen(
        [PROGRAM, "parameters"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    running.stdout.close()
    assert running.stderr is not None
    assert running.stderr.read() == ""
    assert running.wait(SECONDS) == 0


def test_a_fault_of_the_program_leaves_a_log_and_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import tempfile

    from anagen.cli import app as cli

    def fail(source: object) -> None:
        del source
        raise ZeroDivisionError("no follicles")

    monkeypatch.setattr("anagen.parameters.result.parameter_source", fail)
    monkeypatch.setattr(sys, "argv", ["anagen", "parameters"])
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert cli.main() == 1
    printed = capsys.readouterr().err
    assert "ZeroDivisionError: no follicles" in printed
    assert "Traceback" not in printed
    log = next(tmp_path.glob("anagen-*.log"))
    assert str(log) in printed
    assert "Traceback" in log.read_text()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    finished = anagen("run", STUDY, *SMALL, "--out", "file/out", cwd=tmp_path)
    assert finished.returncode == 2
    assert "Traceback" not in finished.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def shipped_text() -> str:
    from anagen.study.shipped import find_study

    return find_study(STUDY).read_text(encoding="utf-8")
