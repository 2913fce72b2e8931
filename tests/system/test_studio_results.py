"""The result of a trial and of a power curve in the studio: the answer first, every picture and file there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from anagen.runs.result import load
from anagen.studio.app import create_app
from anagen.studio.jobs.job import DONE, QUEUED, Job
from anagen.studio.jobs.reporter import Reporter
from anagen.studio.kinds import kind_of
from anagen.studio.results.shown import read_view
from anagen.studio.settings import Settings
from anagen.study import Study
from planned import QUICK


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = Settings(tmp_path_factory.mktemp("studio"), run_jobs=False, warm_up=False)
    with TestClient(create_app(settings), "http://localhost", follow_redirects=False) as asking:
        yield asking


def done(client: TestClient, kind: str, **spec: Any) -> Job:
    """A job of this kind, worked on here."""
    jobs: Any = client.app.state.jobs  # type: ignore[attr-defined]
    id = jobs.start(kind, {"study": QUICK, **spec}, title="Quick")
    kind_of(kind).work(jobs.get(id).spec, jobs.get(id).folder, Reporter(1))
    assert jobs.rows.change(id, (QUEUED,), state=DONE)
    found: Job = jobs.get(id)
    return found


@pytest.fixture(scope="module")
def trial(client: TestClient) -> Job:
    return done(client, "run", draws=0, replicates=2)


def pictures(page: str) -> list[str]:
    return re.findall(r'<img src="(/runs/[^"]+)"', page)


def test_a_result_begins_with_the_answer_of_the_report_and_goes_on_with_its_pictures(
    client: TestClient, trial: Job
) -> None:
    page = unescape(client.get(f"/runs/{trial.id}").text)
    shown = read_view(trial.folder)
    headline = shown["answer"]["headline"]
    report = unescape((trial.folder / "report.html").read_text(encoding="utf-8"))
    assert headline in report and headline in page
    order = [page.index(f">{words}") for words in ("Answer", "Effect<", "Course over time<", "Individual patients<")]
    order += [page.index(f">{words}<") for words in ("Flow of patients", "Observed beside predicted", "Safety")]
    assert order == sorted(order)
    found = pictures(page)
    assert {Path(each).stem for each in found} >= {"effects", "trajectories", "individual_changes", "consort"}
    for address in found:
        answer = client.get(address)
        assert answer.status_code == 200 and answer.headers["content-type"].startswith("image/svg")
    assert all(re.search(r'alt="[^"]{20,}"', tag) for tag in re.findall(r"<img src=\"/runs[^>]+>", page))
    assert "style=" not in page and "<style" not in page, "the policy lets no inline style through"


def test_the_report_stands_in_a_frame_in_which_nothing_runs(client: TestClient, trial: Job) -> None:
    page = client.get(f"/runs/{trial.id}").text
    frame = re.search(r"<iframe[^>]*>", page)
    assert frame is not None and "allow-scripts" not in frame[0] and "allow-same-origin" not in frame[0]
    answer = client.get(f"/runs/{trial.id}/report")
    assert answer.status_code == 200 and "sandbox" in answer.headers["content-security-policy"]


def test_report_tables_protocol_and_study_file_can_be_taken_away(client: TestClient, trial: Job) -> None:
    page = client.get(f"/runs/{trial.id}").text
    names = re.findall(rf'href="(/runs/{trial.id}/files/[^"]+)" download>[A-Z]', page)
    for name in ("effects.csv", "safety.csv", "study.yaml", "protocol/protocol.html", "protocol/protocol.docx"):
        assert f"/runs/{trial.id}/files/{name}" in names
    for address in names:
        assert client.get(address).status_code == 200
    text = client.get(f"/runs/{trial.id}/files/study.yaml").text
    assert Study.parse(text).sha256 == Study.from_dict(QUICK).sha256


def test_a_result_of_the_studio_is_a_result_folder_like_any_other(trial: Job) -> None:
    # every file is compared with its hash in the manifest
    assert load(trial.folder, verify=True).manifest["replicates"] == 2


def test_a_power_curve_is_shown_with_the_same_as_a_table(client: TestClient) -> None:
    job = done(client, "power", sizes="8, 16", replicates=6, draws=0, goal="0.7")
    page = unescape(client.get(f"/runs/{job.id}").text)
    assert read_view(job.folder)["headline"] in page
    (picture,) = pictures(page)
    assert picture.endswith("/power.svg") and client.get(picture).status_code == 200
    rows = re.findall(r'<th scope="row">(\d+)</th><td class="number">([\d.]+ ± [\d.]+)', page)
    assert [int(size) for size, _ in rows][:2] == [8, 16], "every share stands with its Monte-Carlo error"


@pytest.mark.parametrize("damaged", [b"", b"{", b"[]", b"\xff\xfe\x00"])
@pytest.mark.parametrize("name", ["effects.csv", "view.json", "manifest.json"])
def test_a_damaged_result_is_told_on_its_page_and_hides_no_other_run(
    client: TestClient, trial: Job, name: str, damaged: bytes
) -> None:
    file = trial.folder / name
    whole = file.read_bytes()
    try:
        file.write_bytes(damaged)
        page = client.get(f"/runs/{trial.id}")
        assert page.status_code == 200 and f'action="/runs/{trial.id}/delete"' in page.text
        assert ("This result cannot be shown" in page.text) == (name == "view.json")
        for address in ("/runs", f"/runs/compare?run={trial.id}&run={trial.id}"):
            assert client.get(address).status_code == 200
    finally:
        file.write_bytes(whole)
