"""The page Trial and its API: made, looked at, saved, changed without scripts, imported, exported, started."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from anagen.core.errors import InputError
from anagen.studio.app import create_app
from anagen.studio.forms.beginnings import empty_study, shipped_study
from anagen.studio.kinds import kind_of
from anagen.studio.settings import Settings
from anagen.study import Study
from anagen.study.shipped import shipped_studies

STEPS = ("question", "people", "arms", "measurement", "design", "file")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = Settings(tmp_path_factory.mktemp("studio"), run_jobs=False, warm_up=False, posts_a_minute=10_000)
    with TestClient(create_app(settings), "http://localhost", follow_redirects=False) as asking:
        yield asking


def made(client: TestClient, **form: str) -> str:
    answer = client.post("/trial", data=form or {"from": "empty"})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0]


def saved(client: TestClient, address: str) -> dict[str, Any]:
    from anagen.studio.forms.study_file import read_text

    return read_text(client.get(f"{address}/study.yaml").text)


def posted(client: TestClient, address: str, **form: Any) -> str:
    answer = client.post(address, data=form)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_the_page_offers_an_empty_study_an_import_and_every_shipped_study(client: TestClient) -> None:
    page = client.get("/trial").text
    assert "Start from an empty study" in page and 'type="file"' in page
    assert page.count('name="from" value=') == len(shipped_studies()) + 2
    some = client.get("/trial", params={"words": "finasteride 1998"}).text
    assert "kaufman-1998-finasteride" in some and "olsen-2002-minoxidil" not in some
    assert "No shipped study has the words" in client.get("/trial", params={"words": "zzzz"}).text


@pytest.mark.parametrize("name", ["exosome-phase-3", "king-2022-alopecia-areata", "vesicle-storage"])
def test_every_step_of_a_shipped_study_is_shown_with_what_will_be_simulated(client: TestClient, name: str) -> None:
    address = made(client, **{"from": name})
    for step in STEPS:
        answer = client.get(address, params={"step": step})
        assert answer.status_code == 200
        assert "The study can be run." in answer.text and "In plain words" in answer.text
        assert 'aria-current="step"' in answer.text and "A run takes about" in answer.text
        assert "<svg" in answer.text and "style=" not in answer.text, "the policy lets no inline style through"
    assert Study.from_dict(saved(client, address)).sha256 == Study.load(name).sha256


def test_a_change_is_a_new_row_and_the_address_names_it(client: TestClient) -> None:
    first = made(client)
    place = posted(client, first, step="question", title="Mine", go="people")
    assert place.startswith("/trial/") and place.endswith("step=people") and not place.startswith(first)
    assert saved(client, first)["title"] == "A new trial", "what was saved stays as it was"
    assert saved(client, place.partition("?")[0])["title"] == "Mine"
    same = posted(client, first, step="question", title="A new trial", go="question")
    assert same.startswith(first), "nothing was changed, nothing is saved"


def test_a_study_is_looked_at_without_being_saved(client: TestClient) -> None:
    address = made(client)
    headers = {"X-Fragment": "1"}
    form = {"step": "people", "population.age.mean": "40"}
    page = client.post(f"{address}/look", data=form, headers=headers).text
    assert "aged 40 years" in page and "<html" not in page
    assert saved(client, address)["population"]["age"]["mean"] == 35


def test_arms_and_therapies_are_added_and_removed_by_buttons_alone(client: TestClient) -> None:
    address = made(client)
    place = posted(client, address, step="arms", do="add:arms")
    assert place.endswith("#g-arms-2-")
    form = {"step": "arms", "do": "add:arms[2].therapies", "new:arms[2].therapies": "prp", "arms[2].name": "third"}
    place = posted(client, place.partition("?")[0], **form)
    after = place.partition("?")[0]
    assert saved(client, after)["arms"][2] == {"name": "third", "patients": 40, "therapies": [{"therapy": "prp"}]}
    page = client.get(place).text
    for button in ("add:arms", "remove:arms[2]", "copy:arms[2]", "up:arms[2]", "remove:arms[2].therapies[0]"):
        assert f'name="do" value="{button}"' in page
    back = posted(client, after, step="arms", do="remove:arms[2]")
    assert saved(client, back.partition("?")[0]) == empty_study()


def test_problems_stand_on_top_with_a_link_and_at_their_control_in_the_words_of_the_command_line(
    client: TestClient,
) -> None:
    address = made(client)
    place = posted(client, address, step="arms", go="arms", **{"arms[0].patients": "-1", "measurement.zone": "vertx"})
    with pytest.raises(InputError) as caught:
        Study.from_dict(saved(client, place.partition("?")[0]))
    page = unescape(client.get(place).text)
    for problem in caught.value.problems:
        assert f"{problem.field}: {problem.message}" in page
    assert '<a href="#f-arms-0--patients">' in page and "step=measurement#f-measurement-zone" in page
    control = page[page.index('id="f-arms-0--patients"') :]
    assert 'aria-invalid="true"' in control[:300] and "-1 is impossible; it must be at least 1" in control[:900]
    assert "The study cannot be run yet: 2 problems." in page
    assert re.search(r'name="go" value="run" disabled', page)
    assert client.post(place.partition("?")[0], data={"step": "arms", "go": "run"}).status_code == 422


def test_a_file_is_edited_and_what_is_wrong_with_it_is_told_with_its_line(client: TestClient) -> None:
    address = made(client)
    text = client.get(f"{address}/study.yaml").text
    place = client.post(f"{address}/file", data={"text": text.replace("patients: 40", "patients: 41")}).headers[
        "location"
    ]
    assert saved(client, place.partition("?")[0])["arms"][0]["patients"] == 41
    answer = client.post(f"{address}/file", data={"text": "study: a\n  title: b\n"})
    page = unescape(answer.text)
    assert answer.status_code == 422 and "2: a colon stands where no key can be" in page
    assert "study: a\n  title: b" in page, "what was typed is still there"


def test_a_file_is_imported_with_the_product_files_that_it_names(client: TestClient) -> None:
    path = shipped_studies()["vesicle-storage"]
    files = [("file", (path.name, path.read_bytes()))]
    answer = client.post("/trial", data={"from": "upload"}, files=files)
    page = unescape(client.get(answer.headers["location"]).text)
    assert "names a file, and the studio reads no files of this machine" in page
    files += [("file", (product.name, product.read_bytes())) for product in (path.parent / "products").glob("*.toml")]
    address = client.post("/trial", data={"from": "upload"}, files=files).headers["location"].partition("?")[0]
    assert Study.from_dict(saved(client, address)).sha256 == Study.load("vesicle-storage").sha256


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("product.toml", b"[batch]\nname = 'x'\n", "is TOML, and a study file is YAML"),
        ("trial.yaml", b"\x89PNG\r\n\x1a\n", "picture"),
        ("trial.yaml", b"PK\x03\x04word/", "Word"),
        ("trial.yaml", b"\xff\xfe\x00", "UTF-16"),
        ("trial.yaml", b"", "empty"),
        ("trial.yaml", b"colour: red\n", "colour"),
    ],
)
def test_a_file_of_another_kind_is_refused_and_the_studio_stays_up(
    client: TestClient, name: str, raw: bytes, words: str
) -> None:
    answer = client.post("/trial", data={"from": "upload"}, files={"file": (name, raw)})
    assert answer.status_code == 422 and words in unescape(answer.text)
    assert client.get("/trial").status_code == 200


def test_two_studies_at_once_and_none_at_all_are_refused(client: TestClient) -> None:
    two = [("file", (f"{n}.yaml", b"study: a\narms: []\n")) for n in range(2)]
    assert client.post("/trial", data={"from": "upload"}, files=two).status_code == 422
    assert client.post("/trial", data={"from": "upload"}).status_code == 422
    assert client.post("/trial", data={"from": "../../etc/passwd"}).status_code == 422


def test_a_run_is_started_with_its_options_and_leads_to_its_page(client: TestClient) -> None:
    address = made(client)
    form = {"step": "design", "go": "run", "replicates": "3", "draws": "12", "seed": "9", "title": "Started"}
    place = posted(client, address, **form)
    job = client.app.state.jobs.get(place.removeprefix("/runs/"))  # type: ignore[attr-defined]
    assert (job.kind, job.title) == ("run", "Started")
    assert {key: job.spec[key] for key in ("replicates", "draws", "seed")} == {"replicates": 3, "draws": 12, "seed": 9}
    assert job.spec["study"] == empty_study() | {"title": "Started"}
    again = made(client, **{"from": "run", "run": job.id})
    assert saved(client, again) == job.spec["study"]


def test_a_power_curve_is_started_at_the_sizes_that_were_asked_for(client: TestClient) -> None:
    address = made(client)
    place = posted(client, address, step="design", go="power", sizes="10, 20", goal="0.9", draws="0")
    job = client.app.state.jobs.get(place.removeprefix("/runs/"))  # type: ignore[attr-defined]
    assert job.kind == "power" and job.spec["sizes"] == "10, 20" and "replicates" not in job.spec
    wrong = client.post(address, data={"step": "design", "go": "power", "sizes": "ten"})
    assert wrong.status_code == 422 and "is not a whole number" in wrong.text


@pytest.mark.parametrize(("name", "value"), [("draws", "many"), ("replicates", "0"), ("seed", "-1")])
def test_a_wrong_option_stands_at_its_control_and_nothing_is_started(client: TestClient, name: str, value: str) -> None:
    address = made(client)
    before = len(client.app.state.jobs.list())  # type: ignore[attr-defined]
    answer = client.post(address, data={"step": "design", "go": "run", name: value})
    assert answer.status_code == 422 and f'id="run-{name}"' in answer.text
    assert re.search(rf'id="run-{name}"[^>]*aria-invalid="true"', answer.text)
    assert len(client.app.state.jobs.list()) == before  # type: ignore[attr-defined]


def test_what_has_no_room_is_refused_in_the_words_of_the_command_line(client: TestClient) -> None:
    data = empty_study()
    data["arms"][0]["patients"] = data["arms"][1]["patients"] = 1_000_000
    data["measurement"]["visits"] = list(range(0, 300))
    data["measurement"]["target_area"] = "100 cm^2"
    told = client.post("/api/v1/trial/estimate", json={"study": data, "replicates": 1})
    assert told.status_code == 422 and "the run would need about" in told.text
    page = client.get(made(client, **{"from": "text", "text": json.dumps(data)})).text
    assert "the run would need about" in page and "The study can be run." not in page
    with pytest.raises(InputError, match="the run would need about"):
        kind_of("run").check({"study": data})


def test_a_population_that_nobody_fits_is_refused_before_it_is_run(client: TestClient) -> None:
    data = empty_study()
    data["population"]["inclusion"] = {"total_density": {"min": 900}}
    found = client.post("/api/v1/trial/check", json={"study": data}).json()
    assert not found["ok"] and found["problems"]
    page = unescape(client.get(made(client, **{"from": "text", "text": json.dumps(data)})).text)
    assert found["problems"][0]["message"] in page and "The study can be run." not in page
    with pytest.raises(InputError):
        kind_of("run").check({"study": data})


def test_the_study_of_a_run_reads_no_file_of_this_machine(tmp_path: Path) -> None:
    data = shipped_study("exosome-vs-saline")
    data["arms"][0]["therapies"][0]["product"] = str(tmp_path / "mine.toml")
    for kind in ("run", "power"):
        with pytest.raises(InputError, match="reads no files of this machine"):
            kind_of(kind).check({"study": data})


def test_somebody_elses_study_is_not_there(client: TestClient) -> None:
    assert client.get("/trial/0123456789abcdef").status_code == 404
    assert client.post("/trial/0123456789abcdef", data={"go": "run"}).status_code == 404


def test_a_form_from_elsewhere_is_refused(client: TestClient) -> None:
    answer = client.post("/trial", data={"from": "empty"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_programs_check_describe_and_estimate_a_study(client: TestClient) -> None:
    study = {"name": "exosome-vs-saline"}
    look = client.post("/api/v1/trial/check", json=study).json()
    assert look["ok"] and look["sha256"] == Study.load("exosome-vs-saline").sha256
    words = client.post("/api/v1/trial/describe", json=study).json()
    assert words["title"] == look["title"] and words["paragraphs"] == look["description"][:-1]
    assert look["description"][-1]["heading"] == "Screening", "some patients are screened, as `anagen check` does"
    assert client.post("/api/v1/trial/estimate", json=study).json() == look["estimate"]
    fewer = client.post("/api/v1/trial/estimate", json=study | {"draws": 0}).json()
    assert fewer["seconds"] < look["estimate"]["seconds"]


def test_programs_are_told_every_problem_with_field_and_line(client: TestClient) -> None:
    text = "study: a\narms: 3\n"
    found = client.post("/api/v1/trial/check", json={"text": text}).json()
    with pytest.raises(InputError) as caught:
        Study.parse(text)
    assert not found["ok"] and found["estimate"] is None
    assert [(p["field"], p["line"], p["message"]) for p in found["problems"]] == [
        (p.field, p.line, p.message) for p in caught.value.problems
    ]
    assert client.post("/api/v1/trial/describe", json={"text": text}).status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "exosome-vs-saline", "text": "study: a"},
        {"name": "exosome-vs-saline", "colour": "red"},
        {"name": "no-such-study"},
        {"name": "exosome-vs-saline", "draws": -1},
        {"text": "[a"},
        {"study": {"study": "\ud800"}},
        {"study": {"a": [[[[[[[[[[[[[[1]]]]]]]]]]]]]]}},
    ],
)
def test_programs_are_refused_what_is_none(client: TestClient, body: dict[str, Any]) -> None:
    answer = client.post(
        "/api/v1/trial/estimate", content=json.dumps(body).encode(), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422 and answer.json()["problems"]


def test_what_could_not_be_kept_is_told_at_its_control_and_breaks_nothing(client: TestClient) -> None:
    address = made(client)
    for text in (".inf", "-.inf", ".nan", "1" * 5000, "\x00", "[[[[", "1e999"):
        form = {"step": "people", "go": "people", "population.age.mean": text, "analysis.multiplicity.weights": text}
        place = posted(client, address, **form)
        page = client.get(place)
        assert page.status_code == 200 and "The study cannot be run yet" in page.text, text
    raw = b"step=people&go=people&title=%ED%A0%80%FF"
    answer = client.post(address, content=raw, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status_code < 500
