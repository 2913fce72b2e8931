"""Jobs of the studio survive what happens to server and workers: kills, stops, two servers, a database that is busy."""

from __future__ import annotations

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli_calls import anagen, files_of
from postgresql import postgresql
from studio_server import Studio, plugin, studio, worker_of


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return plugin(tmp_path_factory.mktemp("plugin"))


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory, found: Path) -> Iterator[tuple[Studio, Path]]:
    """One studio for what ends no server."""
    folder = tmp_path_factory.mktemp("shared")
    with studio(folder, found) as running:
        yield running, folder


def parts_begun(folder: Path, id: str) -> Counter[str]:
    """How often each part of a job was begun."""
    return Counter((folder / "runs" / f"{id}.note").read_text().split())


def is_whole(folder: Path, id: str, parts: int) -> bool:
    text = (folder / "runs" / id / "parts.csv").read_text()
    return text == "part\n" + "".join(f"{number}\n" for number in range(parts))


def test_a_killed_server_leaves_the_work_running_and_the_next_one_finds_it(tmp_path: Path, found: Path) -> None:
    with studio(tmp_path, found) as first:
        id = first.start(parts=30, seconds=0.1)
        before = first.until(id, "running", done=1)
        first.kill()
    with studio(tmp_path, found) as second:
        after = second.job(id)
        assert after["state"] in ("running", "done")
        assert second.until(id, "done")["files"] == ["parts.csv", "manifest.json"]
        assert is_whole(tmp_path, id, 30)
        assert set(parts_begun(tmp_path, id).values()) == {1}
        assert before["created"] == second.job(id)["created"]


def test_a_killed_worker_is_noticed_and_one_click_goes_on_where_it_was(shared: tuple[Studio, Path]) -> None:
    running, folder = shared
    id = running.start(parts=20, seconds=0.1)
    running.until(id, "running", done=3)
    os.kill(worker_of(folder, id), signal.SIGKILL)
    ended = running.until(id, "interrupted")
    assert "ended from outside" in ended["error"]
    page = running.client.get(f"/runs/{id}").text
    assert "Interrupted" in page and f'action="/runs/{id}/go-on"' in page
    assert running.do(id, "go-on").status_code == 303
    running.until(id, "done")
    assert is_whole(folder, id, 20)
    again = [part for part, times in parts_begun(folder, id).items() if times > 1]
    assert len(again) <= 1, "only the part under way was lost"


def test_a_power_cut_takes_server_and_worker_and_the_next_server_offers_to_go_on(tmp_path: Path, found: Path) -> None:
    with studio(tmp_path, found) as first:
        id, waiting = first.start(parts=20, seconds=0.1), first.start(parts=2)
        first.until(id, "running", done=3)
        worker = worker_of(tmp_path, id)
        first.kill()
        os.kill(worker, signal.SIGKILL)
    with studio(tmp_path, found) as second:
        second.until(id, "interrupted")
        # what waited is taken up by itself; what was interrupted is not, for it may be what took the power
        second.until(waiting, "done")
        assert second.job(id)["state"] == "interrupted"
        second.do(id, "go-on")
        second.until(id, "done")
        assert is_whole(tmp_path, id, 20)


@pytest.mark.parametrize("at", ["queued", "starting", "waiting", "written"])
def test_stop_at_each_stage(shared: tuple[Studio, Path], at: str) -> None:
    running, folder = shared
    first = running.start(parts=1, seconds=60.0) if at == "queued" else None
    id = running.start(parts=5, seconds=0.3 if at == "waiting" else 0.02, after=1.0)
    if at == "starting":
        running.until(id, "running")
    elif at == "waiting":
        running.until(id, "running", done=1)
    elif at == "written":
        while not (folder / "runs" / id).is_dir():
            time.sleep(0.01)
    started = time.monotonic()
    running.do(id, "stop")
    ended = running.until(id, "cancelled", "done")
    # a result that is whole is a result, however late the stop came
    assert ended["state"] == ("done" if at == "written" else "cancelled"), ended
    assert time.monotonic() - started < 6.0
    if first is not None:
        running.do(first, "stop")
    if at != "written":
        assert not (folder / "runs" / id).exists()
        running.do(id, "go-on")
        running.until(id, "done")
    assert is_whole(folder, id, 5)


def test_failures_are_told_in_a_sentence_with_a_log(shared: tuple[Studio, Path]) -> None:
    running, _ = shared
    fault, crash = running.start(fail=True), running.start(crash=True)
    failed = running.until(fault, "failed")
    assert failed["error"] == "Anagen made a mistake (ValueError); the log tells more."
    assert "a mistake of ours" in running.client.get(f"/runs/{fault}/log").text
    assert "Traceback" not in running.client.get(f"/runs/{fault}").text
    assert "code 7" in running.until(crash, "failed")["error"]
    refused = running.client.post("/api/v1/runs", json={"kind": "waits", "spec": {"parts": 1001}})
    assert refused.status_code == 422
    assert refused.json()["problems"][0]["field"] == "parts"


def test_a_deleted_run_is_had_back_and_one_that_runs_is_not_deleted(shared: tuple[Studio, Path]) -> None:
    running, folder = shared
    id, other = running.start(parts=2), running.start(parts=1, seconds=30.0)
    running.until(id, "done")
    assert running.do(id, "delete").headers["location"] == f"/runs?deleted={id}"
    history = running.client.get(f"/runs?deleted={id}").text
    assert f'action="/runs/{id}/undo"' in history and f'href="/runs/{id}"' not in history
    assert running.client.get(f"/runs/{id}/files/parts.csv").status_code == 404
    running.do(id, "undo")
    assert running.client.get(f"/runs/{id}/files/parts.csv").text.startswith("part")
    for wrong in ("../" + id + "/parts.csv", "%2e%2e/x", ".work", "parts.csv/", "nothing.csv"):
        assert running.client.get(f"/runs/{id}/files/{wrong}").status_code == 404, wrong
    running.until(other, "running")
    assert running.do(other, "delete").status_code == 422
    running.do(other, "stop")
    running.until(other, "cancelled")
    assert is_whole(folder, id, 2)


def test_two_servers_on_one_database_start_no_job_twice(tmp_path: Path, found: Path) -> None:
    with studio(tmp_path, found) as one, studio(tmp_path, found) as other:
        ids = [(one, other)[number % 2].start(parts=2, seconds=0.01) for number in range(3)]
        for id in ids:
            one.until(id, "done")
        for id in ids:
            assert set(parts_begun(tmp_path, id).values()) == {1}
            events = one.client.get(f"/api/v1/runs/{id}/events").json()
            assert [event["body"]["state"] for event in events if "state" in event["body"]] == [
                "queued",
                "running",
                "done",
            ]


def test_jobs_are_done_with_their_queue_in_postgresql(tmp_path: Path, found: Path) -> None:
    with postgresql() as address, studio(tmp_path, found, database=address) as running:
        id = running.start(parts=5, seconds=0.05)
        assert running.until(id, "done")["files"] == ["parts.csv", "manifest.json"]
        assert not (tmp_path / "studio.sqlite").exists()


@pytest.mark.long
def test_a_trial_that_was_killed_twice_has_the_bytes_of_the_command(tmp_path: Path) -> None:
    spec = {"study": "exosome-vs-saline", "patients": 3, "draws": 120, "seed": 5}
    with studio(tmp_path / "studio", workers=2) as running:
        body = {"kind": "run", "title": "A trial", "spec": spec}
        id = running.client.post("/api/v1/runs", json=body).json()["id"]
        for parts in (1, 2):
            running.until(id, "running", done=parts)
            os.killpg(worker_of(tmp_path / "studio", id), signal.SIGKILL)
            running.until(id, "interrupted")
            running.do(id, "go-on")
        running.until(id, "done")
    options = ("--patients", "3", "--draws", "120", "--seed", "5", "--out", "out")
    told = anagen("run", spec["study"], *options, cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    kept, written = files_of(tmp_path / "studio" / "runs" / id), files_of(tmp_path / "out")
    manifests = [json.loads(folder.pop("manifest.json")) for folder in (kept, written)]
    listed = [manifest.pop("files") | manifest.pop("sizes") for manifest in manifests]
    assert manifests[0] == manifests[1]
    assert {name: kept[name] for name in written} == written
    # what the studio adds for its own page is listed as well
    assert set(kept) == set(listed[0]) and set(written) == set(listed[1])


@pytest.mark.long
def test_a_worker_that_does_not_heed_is_ended_after_ten_seconds(shared: tuple[Studio, Path]) -> None:
    running, folder = shared
    id = running.start(parts=3, seconds=60.0, deaf=True)
    running.until(id, "running")
    while running.job(id)["stage"] != "waiting":
        time.sleep(0.05)
    pid = worker_of(folder, id)
    begun = time.monotonic()
    running.do(id, "stop")
    running.until(id, "cancelled")
    assert time.monotonic() - begun > 9.0, "it was given ten seconds to heed"
    assert not Path(f"/proc/{pid}/cmdline").exists() or not Path(f"/proc/{pid}/cmdline").read_bytes()


def test_a_hundred_megabytes_are_refused_and_the_studio_stays_up(shared: tuple[Studio, Path]) -> None:
    def megabytes(number: int) -> Iterator[bytes]:
        piece = b"x" * 1_000_000
        for _ in range(number):
            yield piece

    running, _ = shared
    for headers in ({"Content-Length": "100000000"}, {}):
        answer = running.client.post("/runs/0000000000000000/stop", content=megabytes(100), headers=headers)
        assert answer.status_code == 413
        assert "at most 1 MB" in answer.text
    assert running.client.get("/api/v1/health").json()["ok"]
    memory = Path(f"/proc/{running.process.pid}/status")
    if memory.is_file():
        peak = next(line for line in memory.read_text().splitlines() if line.startswith("VmHWM"))
        assert int(peak.split()[1]) < 400_000, "the body was not kept"
