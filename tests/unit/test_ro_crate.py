"""A run as an RO-Crate: every file with its hash, what made it, and what is wrong in a crate that was changed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import anagen as front
from anagen.core.errors import InputError
from anagen.core.provenance import sha256_of_bytes
from anagen.formats.ro_crate import NAME
from anagen.formats.ro_crate.writer import write
from anagen.formats.subject import subject_of
from cli_calls import anagen, files_of

Graph = dict[str, dict[str, Any]]


def graph_of(folder: Path) -> Graph:
    data = json.loads((folder / NAME).read_text(encoding="utf-8"))
    return {entry["@id"]: entry for entry in data["@graph"]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run, and its crate."""
    place = tmp_path_factory.mktemp("crates")
    run = front.run("exosome-vs-saline", patients=4, draws=0)
    run.save(place / "run", report=False)
    done = anagen("export", "ro-crate", "run", "crate", cwd=place)
    assert done.returncode == 0, done.stderr
    return place


def test_a_crate_has_the_files_of_the_run_with_hash_size_kind_and_meaning(folder: Path) -> None:
    run, crate, graph = files_of(folder / "run"), files_of(folder / "crate"), graph_of(folder / "crate")
    assert {name: data for name, data in crate.items() if name != NAME} == run
    assert {part["@id"] for part in graph["./"]["hasPart"]} == set(run)
    for name, data in run.items():
        entry = graph[name]
        assert (entry["sha256"], int(entry["contentSize"])) == (sha256_of_bytes(data), len(data))
        assert entry["@type"] == "File" and len(entry["description"]) > 20
        kind = {"csv": "text/csv", "json": "application/json", "parquet": "application/vnd.apache.parquet"}
        assert entry["encodingFormat"] == kind[name.partition(".")[2]]
    assert "week" in graph["visits.parquet"]["description"]


def test_a_crate_tells_what_made_it_and_with_what(folder: Path) -> None:
    manifest = json.loads((folder / "run" / "manifest.json").read_text(encoding="utf-8"))
    graph = graph_of(folder / "crate")
    action = graph["#run"]
    assert action["instrument"] == {"@id": "#anagen"} and graph["#anagen"]["softwareVersion"] == manifest["version"]
    assert {part["@id"] for part in action["result"]} == {part["@id"] for part in graph["./"]["hasPart"]} - {
        "study.json"
    }
    told = {graph[part["@id"]]["name"]: graph[part["@id"]].get("value") for part in action["object"]}
    assert told.pop("study.json") is None
    assert told["posterior_sha256"] == manifest["posterior"]["sha256"]
    assert all(told[name] == str(manifest[name]) for name in ("seed", "study_sha256", "parameters_sha256"))
    assert graph["./"]["identifier"] == f"sha256:{manifest['study_sha256']}"
    assert "author" not in graph["./"]


def test_a_crate_has_the_same_bytes_twice_and_is_checked_without_a_fault(folder: Path) -> None:
    again = write(subject_of(str(folder / "run")))
    assert again[NAME] == (folder / "crate" / NAME).read_bytes()
    assert str(folder) not in (folder / "crate" / NAME).read_text(encoding="utf-8")
    for named in ("crate", f"crate/{NAME}"):
        checked = anagen("check", named, cwd=folder)
        assert checked.returncode == 0, checked.stderr
        assert "11 files, 11 with a hash" in checked.stdout and "Made by Anagen" in checked.stdout
        assert "datePublished is a placeholder" in checked.stdout and "license is not stated" in checked.stdout


def test_a_published_study_is_cited(tmp_path: Path) -> None:
    run = front.run("olsen-2002-minoxidil", patients=4, draws=0, parameters="prior")
    run.save(tmp_path / "run", report=False)
    front.export(tmp_path / "run", "ro-crate", tmp_path / "crate")
    graph = graph_of(tmp_path / "crate")
    assert (
        graph["./"]["citation"] == {"@id": "https://doi.org/10.1067/mjd.2002.124088"}
        and "https://doi.org/10.1067/mjd.2002.124088" in graph
    )
    assert not any(name.startswith("#posterior") for name in graph)


def test_rocrate_opens_a_crate(folder: Path) -> None:
    rocrate = pytest.importorskip("rocrate.rocrate", reason="rocrate is in the extra `dev`")
    crate = rocrate.ROCrate(folder / "crate")
    assert crate.name == graph_of(folder / "crate")["./"]["name"]
    files = {entry.id: entry for entry in crate.data_entities}
    assert set(files) == set(files_of(folder / "run"))
    for name, entry in files.items():
        assert sha256_of_bytes(Path(entry.source).read_bytes()) == entry["sha256"], name
    (action,) = [entry for entry in crate.contextual_entities if entry.type == "CreateAction"]
    assert action["instrument"]["name"] == "Anagen"
    assert action["object"][0].id == "study.json"


def in_graph(change: Callable[[Graph], object]) -> Callable[[Path], object]:
    def changed(crate: Path) -> None:
        graph = graph_of(crate)
        change(graph)
        text = json.dumps({"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": list(graph.values())})
        (crate / NAME).write_text(text, encoding="utf-8")

    return changed


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda crate: (crate / "arms.csv").unlink(), "arms.csv: is described and not there"),
        (lambda crate: (crate / "flow.json").write_bytes(b"{}"), "flow.json: contentSize: is "),
        (
            lambda crate: (crate / "flow.json").write_bytes((crate / "flow.json").read_bytes().replace(b"4", b"5")),
            "flow.json: sha256: is not that of the file",
        ),
        (lambda crate: (crate / "notes.txt").write_text("mine"), "notes.txt: is in the crate and not described"),
        (lambda crate: (crate / NAME).write_text('{"@graph":\n [}'), f"{NAME}:2: cannot be read as JSON"),
        (lambda crate: (crate / NAME).write_text("[]"), "@graph: is no list of entities"),
        (lambda crate: (crate / NAME).write_text('{"@graph": [{"name": 1}]}'), "@graph[0]: is no entity with an @id"),
        (in_graph(lambda graph: graph.pop("./")), "names no root: an entity 'ro-crate-metadata.json'"),
        (in_graph(lambda graph: graph.pop("arms.csv")), "hasPart: names 'arms.csv', of which the metadata say nothing"),
        (
            in_graph(lambda graph: graph["arms.csv"].update({"@id": "../../arms.csv"})),
            "../../arms.csv: lies outside the crate",
        ),
        (in_graph(lambda graph: graph["arms.csv"].update({"@id": "flow.json"})), "is a second entity 'flow.json'"),
    ],
)
def test_a_damaged_crate_is_refused_by_file(
    damage: Callable[[Path], object], words: str, folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(folder / "crate", tmp_path / "crate")
    damage(tmp_path / "crate")
    checked = anagen("check", "crate", cwd=tmp_path)
    assert checked.returncode == 2 and words in checked.stderr, checked.stderr


def test_a_crate_of_somebody_else_is_checked_as_far_as_it_tells(tmp_path: Path) -> None:
    graph = [
        {"@id": NAME, "@type": "CreativeWork", "about": {"@id": "./"}},
        {"@id": "./", "@type": "Dataset", "license": {"@id": "https://spdx.org/licenses/CC0-1.0"},
         "datePublished": "2026-01-31", "hasPart": [{"@id": "a%20b.txt"}, {"@id": "data/"}]},
        {"@id": "a%20b.txt", "@type": ["File", "SoftwareSourceCode"]},
        {"@id": "data/", "@type": "Dataset"},
        {"@id": "https://example.org/far.csv", "@type": "File"},
    ]  # fmt: skip
    (tmp_path / NAME).write_text(json.dumps({"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph}))
    (tmp_path / "a b.txt").write_text("1")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "one.csv").write_text("1")
    assert front.check_file(tmp_path).problems == ()
    assert front.check_file(tmp_path).lines == ("A crate without a name: 1 file, 0 with a hash.",)


def test_what_is_no_run_on_the_disk_is_refused_and_nothing_is_written(folder: Path, tmp_path: Path) -> None:
    done = anagen("export", "ro-crate", "exosome-vs-saline", "out", cwd=tmp_path)
    assert done.returncode == 2 and "holds results; name the result folder of `anagen run`" in done.stderr
    shutil.copytree(folder / "run", tmp_path / "run")
    (tmp_path / "run" / "arms.csv").write_text("changed")
    done = anagen("export", "ro-crate", "run", "out", cwd=tmp_path)
    assert done.returncode == 2 and "arms.csv: was changed after it was written" in done.stderr
    with pytest.raises(InputError, match="save it to a folder first"):
        front.export(front.load(folder / "run"), "ro-crate", tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


@pytest.mark.parametrize("written", ["null", "7", '{"python": "3.11"}'])
def test_a_manifest_whose_environment_was_changed_is_refused(folder: Path, tmp_path: Path, written: str) -> None:
    shutil.copytree(folder / "run", tmp_path / "run")
    manifest = tmp_path / "run" / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"environment": json.loads(written)}))
    with pytest.raises(InputError, match="environment lacks the versions of Python and libraries"):
        front.export(tmp_path / "run", "ro-crate", tmp_path / "out")
    assert not (tmp_path / "out").exists()
