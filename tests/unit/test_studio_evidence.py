"""The page Evidence shows what the product holds: rows, pooled effects, the model's number, predictions, claims."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from fastapi.testclient import TestClient

from anagen.comparative.gains import shipped_gains
from anagen.evidence.claims import load_claims, load_references
from anagen.evidence.effect import pooled_effect
from anagen.evidence.published import published
from anagen.studio.app import create_app
from anagen.studio.evidence.filters import asked
from anagen.studio.evidence.forest import draw, effect_of, forest_of, overview
from anagen.studio.evidence.observed import scored_rows
from anagen.studio.evidence.trials import SORTS, trials_of
from anagen.studio.settings import Settings
from anagen.studio.strips import axis_of
from anagen.validation.folder import shipped_scores
from anagen.validation.scores import counted


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder: Path = tmp_path_factory.mktemp("studio")
    with TestClient(create_app(Settings(folder, run_jobs=False, warm_up=False))) as asking:
        yield asking


def numbers(html: str) -> str:
    """A page without marks, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_every_therapy_with_controlled_trials_stands_beside_the_model(client: TestClient) -> None:
    lines = overview(asked({})).lines
    therapies = [line.study for line in lines if line.study]
    assert therapies == ["dutasteride", "exosome", "finasteride", "lllt", "minoxidil", "prp"]
    assert sum(line.look == "model" for line in lines) == len(therapies)
    shown = numbers(client.get("/evidence").text)
    assert all(line.numbers in shown for line in lines)


def test_forest_holds_the_pooled_mean_of_the_product_and_the_shipped_gain(client: TestClient) -> None:
    found = asked({"therapy": "Avodart", "week": "24"})
    effect, forest = effect_of(found), forest_of(effect_of(found) or pytest.fail("no effect"))
    expected = pooled_effect(published().rows, "dutasteride", "total_density")
    assert effect is not None and expected.pooled is not None
    assert effect.pooled == expected.pooled
    pooled = next(line for line in forest.lines if line.look == "pooled")
    assert (pooled.value, pooled.low, pooled.high) == (expected.pooled.estimate, *expected.pooled.ci)
    gain = shipped_gains().of("dutasteride", "total_density", 24.0)
    model = next(line for line in forest.lines if line.look == "model")
    assert gain is not None and (model.value, model.low, model.high) == (gain.gain, gain.low, gain.high)
    page = client.get("/evidence", params={"therapy": "Avodart"}).text
    assert forest.answer in numbers(page)
    assert '<option value="dutasteride" selected>' in page, "the filter takes any name of a therapy"


def test_no_number_of_the_model_stands_beside_changes_without_a_control() -> None:
    effect = effect_of(asked({"therapy": "minoxidil", "endpoint": "total_density"}))
    assert effect is not None and effect.selection.kind == "arm"
    forest = forest_of(effect)
    assert all(line.look != "model" for line in forest.lines)
    assert any("without a control" in sentence for sentence in forest.says)


def test_controlled_trials_are_pooled_where_there_are_any() -> None:
    effect = effect_of(asked({"therapy": "minoxidil"}))
    assert effect is not None
    assert (effect.question.endpoint, effect.selection.kind) == ("nonvellus_density", "contrast")


def test_the_filter_that_removed_the_last_rows_is_named_and_can_be_dropped(client: TestClient) -> None:
    found = asked({"therapy": "exosome", "condition": "te", "use": "check"})
    assert (found.rows, found.emptied_by, found.before) == ((), "condition", len(published("exosome")))
    page = client.get("/evidence", params={"therapy": "exosome", "condition": "te"}).text
    assert found.emptied() in numbers(page)
    assert 'href="/evidence?therapy=exosome"' in page


@pytest.mark.parametrize("address", ["/evidence", "/evidence/predicted.csv"])
def test_filters_that_leave_no_prediction_are_answered_whichever_removed_the_last(
    client: TestClient, address: str
) -> None:
    # endpoint and use are read after the therapy, the condition last
    empty = {"therapy": "scalp-cooling", "endpoint": "hair count artefact", "use": "exclude", "condition": "healthy"}
    for left_out in ("", *empty):
        chosen = {name: value for name, value in empty.items() if name != left_out}
        assert client.get(address, params=chosen).status_code == 200, chosen
    assert client.get("/evidence/predicted.svg", params=empty).status_code == 404


def test_a_filter_that_is_not_known_says_so_and_filters_nothing(client: TestClient) -> None:
    answer = client.get("/evidence", params={"use": "chekc", "week": "900"})
    assert answer.status_code == 200
    assert 'id="f-use-problem"' in answer.text and "Nearest: check." in answer.text
    assert "Nearest: 104." in answer.text
    assert f"{len(published())} rows" in numbers(answer.text)


@pytest.mark.parametrize("name", SORTS)
def test_rows_sort_both_ways_and_what_is_missing_stands_last(name: str) -> None:
    found = asked({"therapy": "exosome"})
    up, down = (trials_of(found, sort=sign + name, every=True).rows for sign in ("", "-"))
    assert sorted(map(str, up)) == sorted(map(str, down)) and up != down
    if name == "n":
        known = [int(re.match(r"\d+", row.n)[0]) for row in down if row.n]  # type: ignore[index]
        assert known == sorted(known, reverse=True)
        assert [bool(row.n) for row in down] == sorted((bool(row.n) for row in down), reverse=True)


def test_the_head_of_a_column_says_how_it_is_sorted(client: TestClient) -> None:
    page = client.get("/evidence", params={"therapy": "prp", "sort": "-week"}).text
    assert page.count('aria-sort="descending"') == 1 and 'aria-sort="ascending"' not in page
    assert "/evidence?therapy=prp&amp;sort=week#rows-title" in page


def test_files_hold_what_the_page_shows(client: TestClient) -> None:
    query = {"therapy": "prp", "use": "calibrate"}
    rows = pd.read_csv(io.StringIO(client.get("/evidence/rows.csv", params=query).text))
    assert len(rows) == len(published("prp", use="calibrate")) > 0
    predicted = pd.read_csv(io.StringIO(client.get("/evidence/predicted.csv", params=query).text))
    assert len(predicted) == len(scored_rows(asked(query))) > 0


def test_pictures_are_drawn_where_there_is_something_to_draw(client: TestClient) -> None:
    query = {"therapy": "dutasteride"}
    svg, png = (client.get(f"/evidence/forest.{ending}", params=query) for ending in ("svg", "png"))
    assert svg.headers["content-type"] == "image/svg+xml" and b"<svg" in svg.content
    assert png.content.startswith(b"\x89PNG")
    assert client.get("/evidence/predicted.svg", params=query).status_code == 200
    for address in ("forest.svg", "forest.csv?therapy=dutasteride", "predicted.svg?therapy=exosome&endpoint=salt"):
        assert client.get(f"/evidence/{address}").status_code == 404, address


def test_the_picture_of_a_forest_names_the_model() -> None:
    effect = effect_of(asked({"therapy": "dutasteride"}))
    assert effect is not None
    assert "the model" in {text.get_text() for text in draw(effect).texts}


def test_predictions_are_those_that_come_with_the_package(client: TestClient) -> None:
    kept = counted(shipped_scores().table)
    changes = kept[(kept["unit"] == "hairs/cm2") & (kept["measure"] != "value")]
    inside = int(changes["inside90"].sum())
    shown = numbers(client.get("/evidence").text)
    assert f"{inside} of {len(changes)} published values lie inside" in shown.replace("\xa0", " ")


def test_a_study_tells_how_each_number_was_read(client: TestClient) -> None:
    page = client.get("/evidence/studies/lanzafame-2014").text
    assert "100.3 hairs/2.85 cm2" in page and "pmc.ncbi.nlm.nih.gov/articles/PMC4265291" in page
    by_file = client.get("/evidence/studies/lanzafame-2014-lllt-women/study.yaml")
    assert by_file.status_code == 200 and by_file.text.startswith(("#", "study:", "format"))
    missing = client.get("/evidence/studies/lanzafame-2041")
    assert missing.status_code == 404 and "Is lanzafame-2014 meant?" in missing.text


def test_claims_and_references_are_all_there_with_their_verdicts(client: TestClient) -> None:
    page = client.get("/evidence/claims").text
    assert all(f'id="{name}"' in page for name in load_claims())
    wrong = client.get("/api/v1/evidence/claims", params={"verdict": "wrong"}).json()
    assert {one["id"] for one in wrong} == {one.id for one in load_claims().values() if one.verdict == "wrong"}
    assert "No claim is left" in client.get("/evidence/claims", params={"words": "zzz"}).text
    page = client.get("/evidence/references").text
    assert all(f'id="reference-{number}"' in page for number in load_references())
    lost = client.get("/evidence/references.csv", params={"status": "not found"}).text
    assert len(lost.splitlines()) - 1 == sum(one.status == "not found" for one in load_references().values())


def test_programs_get_what_the_page_shows(client: TestClient) -> None:
    found = client.get("/api/v1/evidence", params={"therapy": "prp", "use": "nothing"}).json()
    assert "use" in found["problems"] and found["trials"]["total"] == len(published("prp"))
    effect = effect_of(asked({"therapy": "prp"}))
    assert effect is not None and found["forest"] == forest_of(effect).model_dump(mode="json")
    assert client.get("/api/v1/evidence/studies/nobody").status_code == 404


def test_an_axis_holds_zero_and_cuts_what_is_far_wider() -> None:
    axis = axis_of([5.0, 10.0], [-1000.0, 11.0])
    assert axis.low == -7.5 and axis.high == 11.0 and 0.0 in axis.ticks
    assert axis.beyond(-1000.0, 11.0) == (True, False)
    assert axis.place(-1000.0) == axis.place(axis.low)
    assert axis_of([]).ticks[0] == 0.0
