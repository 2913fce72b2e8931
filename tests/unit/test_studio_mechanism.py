"""The page Mechanism and its API: empty, filled, silenced, wrong, with edges of the reader's own, and as files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient
from studio_markup import faults

from anagen.signalling.network import load_network
from anagen.studio.app import create_app
from anagen.studio.mechanism.own_edges import OwnEdge, own_edge
from anagen.studio.settings import Settings
from anagen.study import Study

GIVEN = {"given": "exosome", "weeks": "12"}
ENTRIES = ["VESICLE_UPTAKE", "VESICLE_WNT", "WOUND"]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = Settings(tmp_path_factory.mktemp("studio"), run_jobs=False, warm_up=False)
    with TestClient(create_app(settings), "http://localhost", follow_redirects=False) as asking:
        yield asking


def test_where_nothing_is_given_the_network_rests_and_the_page_offers_therapies(client: TestClient) -> None:
    page = client.get("/mechanism").text
    assert "Nothing is given" in page and "/mechanism?given=exosome" in page
    assert faults(page) == []
    found = client.get("/api/v1/mechanism").json()
    assert not found["levers"] and all(entry["occupancy"] == 0.0 for entry in found["inputs"])
    assert all(node["level"] == pytest.approx(node["rest"]) for node in found["nodes"])


def test_what_is_given_lights_its_inputs_and_every_edge_has_a_switch_a_source_and_a_grade(client: TestClient) -> None:
    page = client.get("/mechanism", params=GIVEN).text
    assert faults(page) == []
    edges = [edge for edge in load_network().edges if edge.weight > 0.0]
    assert page.count('type="checkbox" name="without"') == len(edges)
    assert page.count('<a class="edge ') == sum("carries" in part[:300] for part in page.split('<a class="edge '))
    found = client.get("/api/v1/mechanism", params=GIVEN).json()
    lit = {entry["name"] for entry in found["inputs"] if entry["occupancy"] > 0.0}
    assert lit == set(ENTRIES)
    assert len(found["edges"]) == len(edges)
    assert all(edge["grade"] in "ABC" and edge["source"] for edge in found["edges"])
    assert [lever["name"] for lever in found["levers"]] == ["anagen_extension", "telogen_exit", "calibre_gain"]
    assert all(len(lever["course"]) == 84 for lever in found["levers"])


def test_an_edge_that_is_looked_at_shows_its_term_source_and_grade(client: TestClient) -> None:
    page = client.get("/mechanism", params=GIVEN | {"edge": "AR->DKK1"}).text
    edge = load_network().edge("AR->DKK1")
    assert "AR activates DKK1" in page and f"<dd>{edge.grade}</dd>" in page
    assert "act = " in page and 'href="https://doi.org/10.1038/sj.jid.5700999"' in page
    assert 'id="edge"' not in client.get("/mechanism", params=GIVEN | {"edge": "AR->NOTHING"}).text


def test_a_switch_takes_from_the_lever_and_is_drawn_beside_what_was(client: TestClient) -> None:
    query = GIVEN | {"without": "WNT->GSK3B"}
    lever = client.get("/api/v1/mechanism", params=query).json()["levers"][1]
    assert max(lever["course"]) < 0.6 * max(lever["whole"])
    page = client.get("/mechanism", params=query, headers={"X-Fragment": "1"}).text
    assert "every edge on" in page and 'id="off-WNT-GSK3B" checked' in page and "<html" not in page


def test_the_range_over_draws_is_drawn_where_it_is_asked_for(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anagen.studio.mechanism.case.DRAWS", 12)
    query = GIVEN | {"range": "on", "sex": "female"}
    lever = client.get("/api/v1/mechanism", params=query).json()["levers"][1]
    assert all(low <= high for low, high in zip(lever["low"], lever["high"], strict=True))
    assert max(lever["high"]) > max(lever["course"]) > max(lever["low"])
    assert "5 to 95 %" in client.get("/mechanism", params=query).text
    assert "5 to 95 %" not in client.get("/mechanism", params=GIVEN).text


def test_where_everything_is_silenced_the_page_says_that_nothing_reaches_a_lever(client: TestClient) -> None:
    page = client.get("/mechanism", params=GIVEN | {"without": ENTRIES}).text
    assert "Nothing reaches a lever." in page and "Switch every edge on" in page
    assert faults(page) == []
    assert client.get("/api/v1/mechanism", params=GIVEN | {"without": ENTRIES}).json()["nothing"]


def test_what_cannot_be_given_is_told_at_its_control_and_the_page_still_stands(client: TestClient) -> None:
    answer = client.get("/mechanism", params={"given": "bicalutamide"})
    assert answer.status_code == 200 and "not given to men" in answer.text and 'href="#f-given"' in answer.text
    assert faults(answer.text) == []
    wrong = {"given": "exosom", "week": "300", "without": "AR->DKK", "own": "nonsense"}
    page = client.get("/mechanism", params=wrong).text
    assert "Nearest: exosome" in page and "did you mean AR-&gt;DKK1" in page and "is no edge" in page
    told = client.get("/api/v1/mechanism", params=wrong)
    assert told.status_code == 422 and {p["field"] for p in told.json()["problems"]} >= {"given", "week"}


def test_one_therapy_twice_a_lost_upload_and_a_wrong_route_are_told(client: TestClient) -> None:
    page = client.get("/mechanism", params={"given": "minoxidil", "beside": "minoxidil"}).text
    assert "must be another therapy" in page
    page = client.get("/mechanism", params={"given": "exosome:own-" + "0" * 24}).text
    assert "upload it again" in page and "Nothing is given" in page
    page = client.get("/mechanism", params={"given": "finasteride", "route": "intradermal"}).text
    assert "Route cannot be followed" in page


def test_a_lever_that_nothing_moves_leaves_the_ways_to_the_others_drawn(client: TestClient) -> None:
    page = client.get("/mechanism", params=GIVEN | {"lever": "androgen_drive"}).text
    assert page.count('<a class="edge ') > 10 and faults(page) == []


def test_another_product_occupies_by_its_potency(client: TestClient) -> None:
    levels: list[float] = []
    for name in ("adsc-native", "platelet", "adsc-inactivated"):
        found = client.get("/api/v1/mechanism", params={"given": f"exosome:{name}", "weeks": "12"}).json()
        levels.append(next(entry["occupancy"] for entry in found["inputs"] if entry["name"] == "VESICLE_UPTAKE"))
    assert levels[0] != levels[1] > 0.0 and levels[2] == 0.0


def test_an_edge_of_ones_own_goes_into_the_address_the_network_and_the_study(client: TestClient) -> None:
    form = {"origin": "WOUND", "target": "AKT", "sign": "+", "weight": "0.5", "source": "my assay"}
    answer = client.get("/mechanism/own", params=form | {"state": "?given=exosome&weeks=12"})
    assert answer.status_code == 303
    query = parse_qs(urlsplit(answer.headers["location"]).query)
    assert query["own"] == ["WOUND->AKT|+|0.5|my assay"] and query["given"] == ["exosome"]
    page = client.get(answer.headers["location"]).text
    assert "WOUND-&gt;AKT (+, 0.5)" in page
    shares = {edge["name"]: edge["share"] for edge in client.get("/api/v1/mechanism", params=query).json()["edges"]}
    assert shares["WOUND->AKT"] > 0.01
    study = Study.parse(client.get("/mechanism/study.yaml", params=query).text)
    assert study.mechanism is not None and study.mechanism.network is not None
    assert "my assay" in study.mechanism.network.text


def test_an_edge_that_the_network_refuses_is_told_in_the_networks_words(client: TestClient) -> None:
    form = {"origin": "WOUND", "target": "AKT", "sign": "+", "weight": "0.5", "source": ""}
    page = client.get("/mechanism/own", params=form | {"state": "?given=exosome"}).text
    assert "an edge without a source must have weight 0" in page
    page = client.get("/mechanism/own", params=form | {"source": "x", "weight": "7", "state": ""}).text
    assert "must be 0 to 1" in page


def test_a_network_that_cannot_be_followed_is_told_and_the_shipped_one_shown(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tips_over(*_: object) -> None:
        raise ArithmeticError("it oscillates or tips over")

    query = GIVEN | {"own": "WOUND->AKT|+|0.875|x"}
    client.get("/mechanism", params=GIVEN)  # the shipped network is known before nothing can be followed any more
    monkeypatch.setattr("anagen.studio.mechanism.case.carried_shares", tips_over)
    page = client.get("/mechanism", params=query).text
    assert "cannot be followed, so that it is shown as shipped: it oscillates" in page
    assert "resting follicles come back" in page and 'value="WOUND-&gt;AKT|' not in page


def test_an_own_edge_comes_back_from_the_address_as_it_went_in() -> None:
    edge = OwnEdge("AR", "CYCLIN", "-", 0.25, "Doe 2026 | table 2")
    assert own_edge(edge.written()) == edge
    assert own_edge("AR->CYCLIN|-|much|x") is None


def test_what_is_shown_can_be_taken_along(client: TestClient) -> None:
    query = GIVEN | {"without": "AKT->GSK3B"}
    picture = client.get("/mechanism/network.svg", params=query)
    assert picture.headers["content-type"].startswith("image/svg") and "grade A" in picture.text
    assert client.get("/mechanism/lever/telogen_exit.svg", params=query).text.startswith("<svg")
    assert client.get("/mechanism/lever/androgen_drive.svg", params=query).status_code == 404
    rows = list(csv.DictReader(io.StringIO(client.get("/mechanism/edges.csv", params=query).text)))
    assert {row["edge"] for row in rows if row["silenced"] == "True"} == {"AKT->GSK3B"}
    levers = list(csv.DictReader(io.StringIO(client.get("/mechanism/levers.csv", params=query).text)))
    assert len(levers) == 3 * 84
    study = Study.parse(client.get("/mechanism/study.yaml", params=query).text)
    assert study.mechanism is not None and study.mechanism.without == ("AKT->GSK3B",)
