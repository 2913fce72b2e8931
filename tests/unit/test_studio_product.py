"""The page Product and its API: the library, a product, one that is composed or uploaded, what is wrong, and files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from studio_markup import faults

from anagen.core.errors import InputError
from anagen.exosomes import library, parse_product
from anagen.studio.app import create_app
from anagen.studio.settings import Settings
from anagen.studio.uploads import MOST_BYTES, Uploads
from anagen.study import Study

NATIVE = {"product": "adsc-native"}
TEXT = library()["adsc-native"].read_text(encoding="utf-8").replace('name = "adsc-native"', 'name = "mine"', 1)
WRONG = TEXT.replace('source_cell = "adsc"', 'source_cell = "adcs"').replace("size-exclusion", "size-exlusion")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = Settings(tmp_path_factory.mktemp("studio"), run_jobs=False, warm_up=False)
    with TestClient(create_app(settings), "http://localhost", follow_redirects=False) as asking:
        yield asking


def test_where_no_product_is_chosen_the_page_shows_the_library(client: TestClient) -> None:
    page = client.get("/product").text
    assert "No product is chosen" in page and page.count('class="card"') == len(library())
    assert faults(page) == []
    assert [each["name"] for each in client.get("/api/v1/products").json()] == list(library())


def test_a_product_shows_what_is_potent_what_is_missing_release_and_cost(client: TestClient) -> None:
    page = client.get("/product", params=NATIVE).text
    assert faults(page) == []
    assert page.count('class="chart"') == 2 and "✓ met" in page and "○ missing" in page and "○ not shown" in page
    found = client.get("/api/v1/product", params=NATIVE).json()
    assert (
        found["potent"]["low"]
        < found["potent"]["central"]
        < found["potent"]["high"]
        < found["particles"]["central"] * 2
    )
    assert found["steps"][-1]["left"] == pytest.approx(found["potent"]["central"])
    assert found["counts"]["met"] == sum(item["status"] == "met" for item in found["checklist"])
    assert not found["released"] and found["making"]["possible"]
    assert {figure["name"] for figure in found["making"]["figures"]} >= {"cost per dose", "batches started"}


def test_storage_that_is_chosen_costs_potent_particles(client: TestClient) -> None:
    kept = {"keep": "chosen", "temperature": "4", "days": "7"}
    told, warm = (client.get("/api/v1/product", params=NATIVE | more).json() for more in ({}, kept))
    assert warm["potent"]["central"] < 0.6 * told["potent"]["central"]
    assert warm["storage"].startswith("7 days at 4 C") and warm["name"] == "adsc-native-composed"
    page = client.get("/product", params=NATIVE | kept).text
    assert "Keep this product" in page and "day 7" in page


def test_what_is_wrong_stands_at_its_control_and_the_page_still_stands(client: TestClient) -> None:
    page = client.get("/product", params=NATIVE | {"thaws": "2.5", "dose": "x", "route": "tropical"})
    assert page.status_code == 200 and faults(page.text) == []
    assert "must be a whole number" in page.text and "Nearest: topical" in page.text
    told = client.get("/api/v1/product", params=NATIVE | {"thaws": "2.5"})
    assert told.status_code == 422 and told.json()["problems"][0]["field"] == "thaws"
    assert client.get("/api/v1/product").status_code == 404
    assert "upload it again" in client.get("/product", params={"product": "own-" + "0" * 24}).text
    assert client.post("/api/v1/products", content=b'{"text": "a = \'\\ud800\'"}').status_code == 422
    assert "Nearest: adsc-native" in client.get("/product", params={"product": "adsc-nativ"}).text


def test_an_upload_is_kept_by_its_content_and_the_link_names_it(client: TestClient) -> None:
    answer = client.post("/product", files={"file": ("../../etc/x.toml", TEXT.encode())})
    assert answer.status_code == 303 and answer.headers["location"].startswith("/product?product=own-")
    assert client.post("/product", data={"text": TEXT}).headers["location"] == answer.headers["location"]
    page = client.get(answer.headers["location"]).text
    assert "the uploaded file" in page and faults(page) == []
    name = answer.headers["location"].partition("=")[2]
    assert client.post("/api/v1/products", json={"text": TEXT}).json() == {"product": name}
    mechanism = client.get("/mechanism", params={"given": f"exosome:{name}", "weeks": "12"}).text
    assert "the uploaded product" in mechanism and "resting follicles come back" in mechanism


def test_a_file_that_cannot_be_read_is_told_by_line_field_and_nearest_spelling(client: TestClient) -> None:
    answer = client.post("/product", data={"text": WRONG})
    assert answer.status_code == 422 and faults(answer.text) == []
    line = 1 + WRONG.splitlines().index('source_cell = "adcs"')
    assert f"line {line}: source_cell" in answer.text and "did you mean &#39;adsc&#39;?" in answer.text
    assert "did you mean &#39;size-exclusion&#39;?" in answer.text
    assert "Mend it here" in answer.text and "source_cell = &#34;adcs&#34;" in answer.text
    assert client.post("/api/v1/products", json={"text": WRONG}).status_code == 422


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xff\xfe\x00", "is not UTF-8"),
        (b"study: a\npopulation: {}\n", "study"),
        (b"[[edge]]\nfrom = 'AR'\n", "edge"),
        (b"# " + b"x" * MOST_BYTES, "is longer than"),
        (b"", "is missing"),
    ],
)
def test_what_is_no_product_file_is_refused_with_a_reason(client: TestClient, data: bytes, words: str) -> None:
    answer = client.post("/product", files={"file": ("a.toml", data)})
    assert answer.status_code == 422 and words in answer.text


def test_what_was_composed_can_be_kept(client: TestClient) -> None:
    composed = client.get("/product/file/product.toml", params=NATIVE | {"passage": "6"}).text
    assert parse_product(composed).preparation.passage == 6
    kept = client.post("/product/keep", data={"text": composed})
    assert kept.status_code == 303 and client.get(kept.headers["location"]).status_code == 200
    assert client.post("/product/keep", data={"text": "nonsense"}).status_code == 422


def test_what_is_shown_can_be_taken_along(client: TestClient) -> None:
    query = NATIVE | {"dose": "2e10", "route": "microneedle", "sessions": "3", "every": "4"}
    for name, kind in (("potent.svg", "image/svg"), ("storage.svg", "image/svg"), ("certificate.html", "text/html"),
                       ("ev-track.csv", "text/csv"), ("making.csv", "text/csv")):  # fmt: skip
        answer = client.get(f"/product/file/{name}", params=query)
        assert answer.status_code == 200 and answer.headers["content-type"].startswith(kind), name
    rows = list(csv.DictReader(io.StringIO(client.get("/product/file/checklist.csv", params=query).text)))
    assert {row["list"] for row in rows} == {"MISEV2023", "beyond MISEV2023", "specification"}
    study = Study.parse(client.get("/product/file/study.yaml", params=query).text)
    use = study.arms[0].therapies[0]
    assert (use.route, use.schedule.sessions, use.schedule.every) == ("microneedle", 3, 4.0)
    assert use.dose is not None and use.dose.value == 2e10 and study.arms[1].therapies[0].therapy == "vehicle"
    assert client.get("/product/file/nothing.txt", params=query).status_code == 404
    assert client.get("/product/file/potent.svg").status_code == 404


def test_uploads_have_bounds_and_no_names_from_outside(tmp_path: object) -> None:
    from pathlib import Path

    uploads = Uploads(Path(str(tmp_path)))
    name = uploads.keep(TEXT)
    assert uploads.text_of(name) == TEXT
    for other in ("own-../../etc/passwd", "own-" + "0" * 24, "adsc-native", "", "../x"):
        assert uploads.text_of(other) is None
    with pytest.raises(InputError, match="at most"):
        uploads.keep("x" * (MOST_BYTES + 1))
