"""The page Compare asks `anagen compare` for what its address says, and shows what that gave."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from fastapi.testclient import TestClient
from starlette.datastructures import QueryParams

from anagen.comparative.design import comparison
from anagen.comparative.folder import read_comparison
from anagen.comparative.result import compare
from anagen.core.errors import InputError
from anagen.studio.app import create_app
from anagen.studio.comparing.asked import MOST, asked, query_of, therapy_choices
from anagen.studio.comparing.ranked import SORTS, ranking_of
from anagen.studio.jobs.job import Job
from anagen.studio.jobs.reporter import Reporter
from anagen.studio.kinds.compare import KIND, plan_of
from anagen.studio.page import render
from anagen.studio.settings import Settings

SMALL = {"treatments": ["ginseng", "finasteride"], "weeks": 16.0, "patients": 10, "draws": 2, "seed": 3}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    app = create_app(Settings(tmp_path, run_jobs=False, warm_up=False))
    with TestClient(app, follow_redirects=False) as asking:
        yield asking


def found(address: str) -> Any:
    return asked(QueryParams(urlsplit(address).query))


def test_fewer_than_two_treatments_are_not_compared(client: TestClient) -> None:
    page = client.get("/compare").text
    assert "Choose two to eight treatments." in page and 'formmethod="post"' not in page
    page = client.get("/compare?t=exosome").text
    assert "Choose one more" in page and 'formmethod="post"' not in page
    assert client.post("/compare", data={"t": ["exosome"]}).status_code == 422


def test_a_therapy_that_is_the_act_of_its_route_is_named_by_itself() -> None:
    told = {choice.value: choice.label for choice in therapy_choices()}
    assert told["microneedling"] == "Microneedling"
    assert told["fractional-co2"] == "Fractional CO2 laser"
    assert told["radiofrequency"] == "Fractional radiofrequency microneedling"
    assert told["exosome@microneedle"] == "Exosomes, laid on after microneedling"
    assert told["prp"] == "Platelet-rich plasma, injected into the scalp"
    for label in told.values():
        title, _, way = label.partition(", ")
        assert title.casefold() not in way.casefold(), label


def test_adding_and_taking_out_write_the_address_anew(client: TestClient) -> None:
    added = client.get("/compare?t=exosome&weeks=24&add=finasteride&with=minoxidil")
    assert added.status_code == 303
    address = added.headers["location"]
    assert parse_qsl(urlsplit(address).query) == [
        ("t", "exosome"), ("t", "finasteride+minoxidil"), ("weeks", "24"),
    ]  # fmt: skip
    taken = client.get(f"{address}&drop=exosome").headers["location"]
    assert found(taken).treatments == ("finasteride+minoxidil",)
    assert found("/compare?t=exosome&t=exosomes&add=exosome").treatments == ("exosome",), "none stands twice"


def test_treatments_go_by_any_of_their_names_and_routes() -> None:
    assert found("/compare?t=Avodart&t=exosome@microneedle").treatments == ("dutasteride", "exosome@microneedle")
    assert found("/compare?t=fue&t=minoxidil").plan is not None


def test_what_is_wrong_is_told_with_the_nearest_right_name(client: TestClient) -> None:
    page = client.get("/compare?t=minoxidl&t=exosome&weeks=2")
    assert page.status_code == 200
    assert "Is minoxidil meant?" in page.text
    assert '<a href="#f-weeks">Last visit must be 4 to 156 weeks.</a>' in page.text
    assert 'formmethod="post"' not in page.text


def test_a_treatment_that_men_are_not_given_is_refused_with_its_reason(client: TestClient) -> None:
    assert "is not given to men" in client.get("/compare?t=bicalutamide&t=minoxidil").text
    women = client.get("/compare?t=bicalutamide&t=minoxidil&sex=female").text
    assert "is not given to men" not in women and "The comparison excludes" in women


def test_no_more_than_eight_are_compared() -> None:
    names = ["exosome", "prp", "minoxidil", "finasteride", "dutasteride", "lllt", "microneedling", "ginseng", "diet"]
    many = found("/compare?" + "&".join(f"t={name}" for name in names))
    assert len(many.treatments) == MOST + 1 and not many.can_run
    assert "diet" in many.wrong[0].message


def test_what_is_known_is_shown_before_a_run(client: TestClient) -> None:
    page = client.get("/compare?t=exosome&t=minoxidil").text
    assert "very low" in page and "EUR" in page and "Saline injection" in page
    assert re.search(r"takes about \d+ (second|minute)", page)
    known = client.get("/compare/known.csv?t=exosome&t=minoxidil").text.splitlines()
    assert len(known) == 3 and known[0].startswith("arm,control,any_adverse_event")
    study = client.get("/compare/study.yaml?t=exosome&t=minoxidil").text
    assert "saline-injection" in study
    assert client.get("/compare/study.yaml").text == ""


def test_a_run_is_asked_for_what_the_address_holds(client: TestClient) -> None:
    address = "/compare?t=exosome&t=prp&weeks=24&sex=female&menopause=after&keep_up=on&exclude=malignancy&depth=quick"
    spec = found(address).spec()
    form = {**dict(parse_qsl(urlsplit(address).query)), "t": ["exosome", "prp"]}
    answer = client.post("/compare", data=form)
    assert answer.status_code == 303
    id = answer.headers["location"].removeprefix("/runs/")
    job = client.app.state.jobs.get(id)  # type: ignore[attr-defined]
    assert (job.kind, job.spec) == ("compare", spec)
    assert job.title.startswith("Exosomes and platelet-rich plasma: androgenetic alopecia, women after the menopause")
    assert found(query_of(spec)).spec() == spec, "the address of a run's question asks for the same"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"treatments": ["exosome"]}, "treatments"),
        ({"treatments": "exosome"}, "treatments"),
        ({"draws": -1}, "draws"),
        ({"weeks": 1.0}, "weeks"),
        ({"condition": ["aga"]}, "condition"),
        ({"sex": "men"}, "sex"),
        ({"folder": "/"}, "folder"),
    ],
)
def test_a_job_that_cannot_be_done_is_refused(change: dict[str, Any], field: str) -> None:
    with pytest.raises(InputError) as refused:
        KIND.check({**SMALL, **change})
    assert refused.value.problems[0].field == field


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    """A small comparison whose work is done."""
    folder = tmp_path_factory.mktemp("studio")
    with TestClient(create_app(Settings(folder, run_jobs=False, warm_up=False))) as asking:
        jobs = asking.app.state.jobs  # type: ignore[attr-defined]
        asked_for = jobs.get(jobs.start("compare", SMALL, title="Two"))
    asked_for.folder.parent.mkdir(parents=True, exist_ok=True)
    KIND.work(SMALL, asked_for.folder, Reporter())
    return asked_for


def test_the_result_of_a_job_is_that_of_the_product(job: Job) -> None:
    shown = KIND.view(job)["ranking"]
    own = compare(*SMALL["treatments"], weeks=16.0, patients=10, draws=2, seed=3)
    assert shown == ranking_of(own.result), "the folder gives back what was computed"
    assert shown.rows[0].words["treatment"] == "finasteride"
    assert shown.rows[0].low is None, "two draws have no band"


def test_the_ranking_sorts_and_what_is_missing_stands_last(job: Job) -> None:
    ranking = KIND.view(job)["ranking"]
    for name in SORTS:
        up, down = ranking.ordered(name), ranking.ordered(f"-{name}")
        assert len(up) == len(down) == 2
    assert [row.words["rank"] for row in ranking.ordered("-rank")] == ["2", "1"]
    known, missing = ranking.rows
    assert missing.words["nnt"] == "none", "ginseng makes no more responders than its control"
    assert ranking.ordered("nnt") == ranking.ordered("-nnt") == (known, missing)
    assert ranking.ordered("nonsense") == ranking.rows


def test_the_result_is_shown_with_its_pictures_and_what_it_cannot_tell(job: Job) -> None:
    class Request:
        query_params = QueryParams("sort=-gain")

    page = render(KIND.template, request=Request(), job=job, **KIND.view(job))
    assert 'aria-sort="descending"' in page and "What the ranking cannot tell" in page
    assert f"/runs/{job.id}/files/comparison.svg" in page
    assert "/compare?t=ginseng&amp;t=finasteride&amp;weeks=16" in page


def test_a_folder_of_another_comparison_is_refused(job: Job) -> None:
    with pytest.raises(InputError, match="another comparison"):
        read_comparison(comparison(["minoxidil", "finasteride"]), job.folder)
    assert read_comparison(plan_of(SMALL), job.folder).manifest["seed"] == 3


def test_programs_plan_and_start_comparisons(client: TestClient) -> None:
    body = {"treatments": ["exosome", "minoxidil"], "weeks": 24}
    known = client.post("/api/v1/compare/known", json=body).json()
    assert [one["arm"] for one in known] == ["exosome", "minoxidil"]
    started = client.post("/api/v1/compare", json=body)
    assert started.status_code == 202
    assert client.app.state.jobs.get(started.json()["id"]).spec["weeks"] == 24  # type: ignore[attr-defined]
    for wrong in ({"treatments": ["exosome"]}, {**body, "out": "/"}, {**body, "condition": "hair"}):
        assert client.post("/api/v1/compare", json=wrong).status_code == 422, wrong
