"""Nothing of the user's is removed or overwritten, whatever stands in the way and wherever a command is stopped."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from cli_calls import SECONDS, anagen, files_of

STUDY = "exosome-vs-saline"
SMALL = ("--patients", "4", "--draws", "0", "--no-report")
RUN = ("run", STUDY, *SMALL)
EXPLAIN = ("explain", STUDY, "--arm", "exosome", "--patients", "4", "--draws", "0")
PUBLISHED = ("validate", "gentile-2015-prp", "--draws", "1")


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: the steps are the same, and no disk is waited for."""
    shared = Path("/dev/shm")
    if not os.access(shared, os.W_OK):
        yield tmp_path
        return
    with TemporaryDirectory(dir=shared) as folder:
        yield Path(folder)


@pytest.mark.parametrize(
    ("results", "how"),
    [
        ("new", "kill"),
        pytest.param("overwrite", "kill", marks=pytest.mark.long),
        pytest.param("overwrite", "full", marks=pytest.mark.long),
        pytest.param("overwrite", "interrupt", marks=pytest.mark.long),
    ],
)
def test_a_command_stopped_at_any_step_on_the_disk_loses_nothing_and_goes_on(
    memory: Path, results: str, how: str
) -> None:
    """Killed, interrupted, or out of room; the same command then ends with the same bytes and leaves nothing beside."""
    script = str(Path(__file__).with_name("stopped_writing.py"))
    arguments = [sys.executable, "-W", "ignore", script, str(memory), results, how]
    finished = subprocess.run(arguments, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert finished.returncode == 0, finished.stderr
    found = json.loads(finished.stdout)
    print(f"{results}, {how}: {found['steps']} steps")
    assert found["faults"] == {}
    assert found["steps"] > 30


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ran")
    assert anagen(*RUN, "--out", "out", cwd=folder).returncode == 0
    return folder / "out"


def copied(ran: Path, place: Path) -> Path:
    place.mkdir(parents=True)
    for name, data in files_of(ran).items():
        (place / name).write_bytes(data)
    return place


def precious(*places: Path) -> None:
    for place in places:
        place.mkdir(parents=True, exist_ok=True)
        (place / "thesis.txt").write_text("precious")


@pytest.mark.parametrize(
    ("command", "taken"),
    [
        ((*RUN, "--out", "out"), "out.work"),
        ((*RUN, "--out", "out", "--seed", "99999999999"), "out.work"),
        ((*RUN, "--out", "out"), "out.partial"),
        ((*EXPLAIN, "--out", "out"), "out.partial"),
        ((*RUN, "--out", "out", "--overwrite"), "out.replaced"),
    ],
)
def test_a_folder_of_the_users_in_the_way_is_named_and_kept(
    tmp_path: Path, ran: Path, command: tuple[str, ...], taken: str
) -> None:
    if "--overwrite" in command:
        copied(ran, tmp_path / "out")
    precious(tmp_path / taken)
    before = files_of(tmp_path)
    finished = anagen(*command, cwd=tmp_path)
    assert finished.returncode == 2 and taken in finished.stderr and "--out" in finished.stderr, finished.stderr
    assert files_of(tmp_path) == before


def test_a_free_name_is_taken_where_none_is_given(tmp_path: Path) -> None:
    """A folder of the user's beside it makes a name as taken as one of results; a refused run touches neither."""
    precious(tmp_path / "results" / f"{STUDY}.work")
    before = files_of(tmp_path)
    assert anagen("run", STUDY, "--seed", "99999999999", cwd=tmp_path).returncode == 2
    assert files_of(tmp_path) == before
    finished = anagen(*RUN, "--json", cwd=tmp_path)
    assert json.loads(finished.stdout)["folder"] == f"results/{STUDY}-2"
    assert (tmp_path / "results" / f"{STUDY}.work" / "thesis.txt").exists()


def test_overwrite_refuses_to_replace_what_the_manifest_does_not_list(tmp_path: Path, ran: Path) -> None:
    out = copied(ran, tmp_path / "out")
    (out / "notes.md").write_text("precious")
    precious(out / "drafts")
    (out / "linked").symlink_to(tmp_path)
    before = files_of(tmp_path)
    finished = anagen(*RUN, "--out", "out", "--overwrite", cwd=tmp_path)
    assert finished.returncode == 2
    assert "drafts/, linked, notes.md" in finished.stderr
    assert files_of(tmp_path) == before
    for name in ("notes.md", "linked", "drafts/thesis.txt"):
        (out / name).unlink()
    (out / "drafts").rmdir()
    assert anagen(*RUN, "--out", "out", "--overwrite", cwd=tmp_path).returncode == 0
    assert files_of(out) == files_of(ran)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(
    "manifest",
    [
        '{"package": "anagen"}',
        '{"package": "anagen", "schema_version": 3, "version": "0.1.0"}',
        '{"package": "anagen", "schema_version": 3, "version": "0.1.0", "files": []}',
        '{"package": "anagen", "schema_version": 3, "version": "0.1.0", "files": {"../thesis.txt": "DIGEST"}}',
        '{"package": "anagen", "schema_version": 3, "version": "0.1.0", "files": {"/etc/passwd": "DIGEST"}}',
        "[" * 20_000,
        "\xff",
    ],
)
def test_a_folder_that_only_looks_like_results_is_not_replaced(tmp_path: Path, manifest: str) -> None:
    precious(tmp_path, tmp_path / "out")
    (tmp_path / "out" / "manifest.json").write_text(manifest.replace("DIGEST", "0" * 64), encoding="latin-1")
    before = files_of(tmp_path)
    finished = anagen(*RUN, "--out", "out", "--overwrite", cwd=tmp_path)
    assert finished.returncode == 2 and "out: --out: is not a result folder" in finished.stderr
    assert files_of(tmp_path) == before


def test_a_link_is_not_replaced_and_its_place_is_named(tmp_path: Path, ran: Path) -> None:
    out = copied(ran, tmp_path / "real")
    (tmp_path / "out").symlink_to(out)
    for options in ((), ("--overwrite",)):
        finished = anagen(*RUN, "--out", "out", *options, cwd=tmp_path)
        assert finished.returncode == 2 and str(out) in finished.stderr
    assert files_of(out) == files_of(ran)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "real"]


@pytest.mark.parametrize("out", [".", "..", "/", "/dev/null", "/proc/results", "x" * 300, "file/out", "x" * 250])
@pytest.mark.parametrize("options", [(), ("--overwrite",)])
def test_a_place_that_cannot_be_written_is_named_with_its_option(
    tmp_path: Path, out: str, options: tuple[str, ...]
) -> None:
    (tmp_path / "file").write_text("precious")
    finished = anagen(*RUN, "--out", out, *options, cwd=tmp_path)
    assert finished.returncode == 2
    # Long names are shortened in messages, and can be told all the same.
    assert out[:60] in finished.stderr and "--out" in finished.stderr and len(finished.stderr) < 600
    assert files_of(tmp_path) == {"file": b"precious"}
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize(
    ("options", "taken"),
    [
        (("--csv", "mine.csv"), "mine.csv"),
        (("--write", "mine.csv"), "mine.csv"),
        (("--write", "other.csv"), "other.json"),
        (("--write", "other.csv", "--overwrite"), "other.json"),
        (("--csv", "linked.csv", "--overwrite"), "linked.csv"),
        (("--write", "same.csv", "--csv", "same.csv"), "same.csv"),
        (("--csv", "out/values.csv"), "out/values.csv"),
        (("--write", "scores.json"), "scores.json"),
    ],
)
def test_files_that_stand_are_kept_and_so_is_what_was_never_named(
    tmp_path: Path, options: tuple[str, ...], taken: str
) -> None:
    for name in ("mine.csv", "other.json"):
        (tmp_path / name).write_text("precious")
    (tmp_path / "linked.csv").symlink_to(tmp_path / "mine.csv")
    before = files_of(tmp_path)
    finished = anagen(*PUBLISHED, "--out", "out", *options, cwd=tmp_path)
    assert finished.returncode == 2
    assert taken in finished.stderr and options[0] in finished.stderr
    assert files_of(tmp_path) == before


def test_a_named_file_is_replaced_where_that_is_asked_for(tmp_path: Path) -> None:
    options = ("--csv", "new/values.csv", "--write", "scores.csv", "--out", "out")
    assert anagen(*PUBLISHED, *options, cwd=tmp_path).returncode == 0
    whole = files_of(tmp_path)
    assert {"new/values.csv", "scores.csv", "scores.json"} <= set(whole)
    assert whole["new/values.csv"] == whole["out/scores.csv"]
    (tmp_path / "new" / "values.csv").write_text("earlier")
    assert anagen(*PUBLISHED, *options, "--overwrite", cwd=tmp_path).returncode == 0
    assert files_of(tmp_path) == whole


def test_a_picture_of_the_users_under_the_name_of_ours_is_kept(tmp_path: Path) -> None:
    forest = ("evidence", "forest", "--therapy", "minoxidil", "--out", "pictures", "--json")
    files = [tmp_path / name for name in json.loads(anagen(*forest, cwd=tmp_path).stdout)["files"]]
    drawn = [path.read_bytes() for path in files]
    assert anagen(*forest, cwd=tmp_path).returncode == 2
    assert anagen(*forest, "--overwrite", cwd=tmp_path).returncode == 0
    assert [path.read_bytes() for path in files] == drawn
    files[1].write_text("<svg>precious</svg>")
    finished = anagen(*forest, "--overwrite", cwd=tmp_path)
    assert finished.returncode == 2 and files[1].name in finished.stderr
    assert files[0].read_bytes() == drawn[0] and files[1].read_text() == "<svg>precious</svg>"


def test_a_finished_result_is_told_with_study_seed_and_the_options_of_the_command(tmp_path: Path, ran: Path) -> None:
    copied(ran, tmp_path / "out")
    finished = anagen(*RUN, "--out", "out", "--json", cwd=tmp_path)
    words = (
        f"exists already and holds finished results of {STUDY} with seed 1; choose another --out, or give --overwrite"
    )
    problem = json.loads(finished.stdout)["problems"][0]
    assert finished.returncode == 2 and f"out: --out: {words}" in finished.stderr, finished.stderr
    assert problem["field"] == "--out" and words in problem["message"]
