"""The Clinic: what its controls ask, what its page and its files show, what it does with what is wrong."""

from __future__ import annotations

import re
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator

import numpy as np
import pytest
from fastapi.testclient import TestClient

from anagen.prognoses.spread import Spread
from anagen.studio.app import create_app
from anagen.studio.clinic.case import Clinic
from anagen.studio.clinic.controls import controls_of, therapy_choices
from anagen.studio.clinic.followers import Followers, Following
from anagen.studio.clinic.given import controls_of_therapy
from anagen.studio.clinic.pictures import Line, chart_svg, hundred_svg
from anagen.studio.clinic.shown import scalps
from anagen.studio.clinic.view import people_of, view_of, week_of
from anagen.studio.settings import Settings
from anagen.study import Study
from anagen.therapies import THERAPIES

MINOXIDIL = {"norwood": "IV", "given1": "minoxidil", "week": "26"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = Settings(tmp_path_factory.mktemp("studio"), run_jobs=False, warm_up=False)
    with TestClient(create_app(settings)) as made:
        yield made


@pytest.fixture(scope="module")
def clinic() -> Clinic:
    return Clinic()


def labels(page: str) -> dict[str, str]:
    """Words of each label, by the identifier of its control."""
    return dict(re.findall(r'<label[^>]* for="([^"]+)">([^<]+)</label>', page))


@pytest.mark.parametrize("name", [choice.value for choice in therapy_choices()])
def test_every_therapy_that_can_be_chosen_is_given_as_usual_where_nothing_is_moved(name: str) -> None:
    now = controls_of({"given1": name})
    (use,) = now.therapies
    assert use["therapy"] == name
    assert not {"dose", "schedule"} & use.keys()
    for field in controls_of_therapy(1, THERAPIES[name], {}):
        assert not field.holding(field.value).problem
        if field.kind == "range" and field.step:
            assert field.low is not None
            steps = (float(field.value) - field.low) / field.step
            # a slider that cannot stand at its default would move it
            assert abs(steps - round(steps)) < 1e-6


def test_controls_of_a_therapy_become_the_keys_of_a_study_file() -> None:
    given = {"given1": "exosome", "given1-dose": "20", "given1-every": "4", "given1-sessions": "3"}
    (use,) = controls_of(given).therapies
    assert use["dose"] == "2e+10 particles"
    assert use["schedule"] == {"every": 4.0, "sessions": 3}
    (use,) = controls_of({"given1": "minoxidil", "given1-until": "30"}).therapies
    assert use["schedule"] == {"per_day": 2.0, "until": 30.0}


def test_the_person_has_the_scale_of_condition_and_sex() -> None:
    assert controls_of({}).person["grade"] == "IV"
    assert controls_of({"sex": "female"}).person["grade"] == "II"
    assert controls_of({"condition": "aa", "salt": "80"}).person["grade"] == 80.0
    assert controls_of({"condition": "te", "course": "chronic"}).person["grade"] == "chronic"
    # a grade of the other sex is not carried along
    assert controls_of({"sex": "female", "norwood": "VI"}).person["grade"] == "II"


def test_a_value_out_of_range_is_told_with_the_nearest_and_shown_with_it(client: TestClient) -> None:
    page = client.get("/clinic", params={"age": "200"}).text
    assert "Age must be 18 to 80 years" in page
    assert "Nearest: 80" in page
    assert "man of 80 years" in page.lower()


@pytest.mark.parametrize("week", ["", "nan", "1e400", "soon", "٣", "1_0"])
def test_a_week_that_is_no_number_is_told_and_the_slider_stands_at_its_usual_place(
    client: TestClient, week: str
) -> None:
    answer = client.get("/clinic", params={"week": week})
    assert answer.status_code == 200
    assert re.search(r'id="f-week"[^>]*value="26"[^>]*aria-invalid="true"', answer.text)
    assert 'href="#f-week"' in answer.text


def test_what_the_simulation_refuses_stands_at_its_control(client: TestClient) -> None:
    answer = client.get("/clinic", params={"age": "30", "years": "40"})
    assert answer.status_code == 200
    assert 'aria-invalid="true"' in answer.text
    assert "longer than" in answer.text
    assert 'href="#f-years"' in answer.text
    assert "<svg" not in answer.text.split("<main")[1]


def test_an_unknown_therapy_is_told(client: TestClient) -> None:
    answer = client.get("/clinic", params={"given1": "minoxidl"})
    assert answer.status_code == 200
    assert "Nearest: minoxidil" in answer.text
    # another therapy is offered and not put in its place
    assert "<svg" not in answer.text.split("<main")[1]


def test_without_therapy_one_scalp_is_shown_and_what_to_do(client: TestClient) -> None:
    page = client.get("/clinic").text
    assert page.count('class="scalp"') == 1
    assert "Add a therapy" in page


def test_both_scalps_are_shown_with_numbers_that_agree(client: TestClient, clinic: Clinic) -> None:
    page = client.get("/clinic", params=MINOXIDIL).text
    assert page.count('class="scalp"') == 2
    case = clinic.case(controls_of(MINOXIDIL))
    week = week_of(case, 26)
    for numbers in week.courses[:2]:
        assert f"{numbers.hairs:.0f} hairs per cm²" in page
    hairs = {numbers.course: numbers.hairs for numbers in week.courses}
    assert week.difference == hairs["with"] - hairs["without"]


def test_every_control_has_a_label_that_names_it_and_no_label_holds_an_output(client: TestClient) -> None:
    page = client.get("/clinic", params={**MINOXIDIL, "given2": "exosome"}).text
    named = labels(page)
    controls = re.findall(r'<(?:input|select)[^>]*\bid="([^"]+)"', page)
    assert controls
    assert set(controls) <= set(named)
    assert len(set(controls)) == len(controls)
    words = [named[control] for control in controls]
    assert len(set(words)) == len(words)
    assert not re.search(r"<label[^>]*>[^<]*<output", page)


def test_a_week_of_the_slider_is_a_small_fragment_with_the_same_pictures(client: TestClient) -> None:
    whole = client.get("/clinic", params=MINOXIDIL).text
    part = client.get("/clinic/week", params=MINOXIDIL).text
    pictures = re.findall(r'<svg[^>]*class="scalp".*?</svg>', part, re.S)
    assert len(pictures) == 2
    assert all(picture in whole for picture in pictures)
    assert len(part) < 90_000


def test_moving_a_dose_gives_scalps_and_courses(client: TestClient) -> None:
    part = client.get("/clinic/dose", params={**MINOXIDIL, "given1-dose": "2"}).text
    assert part.count('class="scalp"') == 2
    assert part.count('class="chart"') == 2
    assert "Stopped" not in part


def test_the_same_state_gives_the_same_pictures(clinic: Clinic) -> None:
    case, again = (made.case(controls_of(MINOXIDIL)) for made in (clinic, Clinic()))
    pictures = [[one.svg for one in scalps(each, week_of(each, 26))] for each in (case, again)]
    assert pictures[0] == pictures[1]


def test_a_scalp_has_a_hair_for_each_that_is_counted(clinic: Clinic) -> None:
    case = clinic.case(controls_of(MINOXIDIL))
    week = week_of(case, 52)
    for shown, numbers in zip(scalps(case, week), week.courses, strict=False):
        root = ET.fromstring(str(shown.svg))
        paths = [path for path in root.iter("{http://www.w3.org/2000/svg}path") if path.get("class")]
        hairs = sum(
            path.get("d", "").count("M")
            for path in paths
            if path.get("class") in ("scalp-growing", "scalp-resting", "scalp-fine")
        )
        assert hairs == numbers.hairs
        assert f"{numbers.hairs:.0f} hairs" in str(root.get("aria-label"))


def test_a_contraindication_stands_beside_its_therapy(client: TestClient) -> None:
    page = client.get("/clinic", params={"sex": "female", "given1": "finasteride"}).text
    notice = page.split('id="f-given1"')[1].split('id="f-given1-route"')[0]
    assert "finasteride harms a male fetus" in notice


def test_people_are_followed_in_the_background_and_then_shown(client: TestClient) -> None:
    address = {**MINOXIDIL, "week": "52"}
    first = client.get("/clinic/people", params=address)
    assert first.status_code == 202
    assert "<progress" in first.text
    for _ in range(300):
        answer = client.get("/clinic/people", params=address)
        if answer.status_code == 200:
            break
        time.sleep(0.1)
    assert answer.text.count('class="people"') == 2
    assert "gain visibly" in answer.text
    page = client.get("/clinic", params=address).text
    assert "data-waits" not in page
    assert "band with" in page
    # programs are given the same
    question = {"person": {"grade": "IV"}, "therapies": ["minoxidil"], "week": 52}
    body = client.post("/api/v1/clinic/people", json=question).json()
    assert body["people"] is None or body["people"]["followed"] == 200


def test_a_page_without_scripts_can_wait_for_people(client: TestClient) -> None:
    address = {"given1": "finasteride", "seed": "3"}
    page = client.get("/clinic", params=address).text
    link = re.search(r'<noscript><p><a class="button" href="([^"]+)"', page)
    assert link is not None
    waited = client.get(link.group(1).replace("&amp;", "&")).text
    assert waited.count('class="people"') == 2


def test_people_who_are_no_longer_waited_for_are_left() -> None:
    followers, seen = Followers(), []

    def make(following: Following) -> Spread | None:
        following.tell(1, 2)
        while not following.is_left():
            time.sleep(0.01)
        seen.append(True)
        return None

    following = followers.ask("a", make)
    assert followers.ask("a", make) is following
    following._asked -= 60.0
    assert following.ended.wait(5.0)
    assert seen == [True]
    assert followers.found("a") is None


def test_a_fault_is_told_to_whom_asks_next() -> None:
    followers = Followers()

    def make(following: Following) -> Spread | None:
        raise ArithmeticError("nothing")

    followers.ask("a", make).ended.wait(5.0)
    with pytest.raises(RuntimeError, match="could not be followed"):
        followers.ask("a", make)


def test_files_hold_what_is_shown(client: TestClient) -> None:
    svg = client.get("/clinic/scalps.svg", params=MINOXIDIL)
    assert svg.headers["content-type"].startswith("image/svg")
    assert "SIMULATED, not a patient" in svg.text
    png = client.get("/clinic/scalps.png", params=MINOXIDIL)
    assert png.content.startswith(b"\x89PNG")
    rows = client.get("/clinic/weeks.csv", params=MINOXIDIL).text.splitlines()
    assert rows[0] == "course,quantity,week,value,low,high"
    assert len(rows) == 1 + 3 * 2 * 105
    study = Study.parse(client.get("/clinic/study.yaml", params=MINOXIDIL).text)
    assert study.arms[0].therapies[0].therapy == "minoxidil"
    assert client.get("/clinic/study.yaml", params={"age": "x"}).status_code == 422


def test_programs_are_given_the_same_view(client: TestClient, clinic: Clinic) -> None:
    now = controls_of(MINOXIDIL)
    question = {"person": now.person, "therapies": now.therapies, "stop": now.stop, "week": 26}
    body = client.post("/api/v1/clinic/course", json=question)
    assert body.status_code == 200, body.text
    view = view_of(clinic.case(now), 26)
    assert body.json()["week"] == view.model_dump(mode="json")["week"]
    assert client.post("/api/v1/clinic/course", json={"persons": {}}).status_code == 422
    wrong = client.post("/api/v1/clinic/course", json={"therapies": [{"therapy": "minoxidl"}]})
    assert wrong.status_code == 422
    assert wrong.json()["problems"][0]["field"] == "therapies[0].therapy"
    scalp = client.post("/api/v1/clinic/scalp/with", json=question)
    assert scalp.text.startswith("<svg")
    assert client.post("/api/v1/clinic/scalp/with", json={}).status_code == 422


def test_other_diseases_have_their_own_measure(client: TestClient) -> None:
    page = client.get("/clinic", params={"condition": "aa", "given1": "baricitinib"}).text
    assert "SALT: % of scalp bare" in page
    assert "Severity of Alopecia Tool" in page


def followed(gains: float, weeks: int = 105) -> Spread:
    """Twenty draws of two people alike, of whom a share gains under treatment from week 40 on and nobody without."""
    seen = np.zeros((20, 2, weeks), dtype=np.int64)
    seen[: round(20 * gains), :, 40:] = 1
    nothing = np.zeros((20, weeks))
    courses = ("with", "without")
    return Spread(
        weeks=np.arange(float(weeks)),
        changes=dict.fromkeys(courses, nothing),
        judged=dict.fromkeys(courses, nothing),
        seen={"with": seen, "without": 0 * seen},
        first=np.full((20, 2), np.inf),
    )


def test_patches_are_answered_by_people_alike_and_not_by_one_person(monkeypatch: pytest.MonkeyPatch) -> None:
    now = controls_of({"condition": "aa", "salt": "60", "given1": "baricitinib", "stop": "52"})
    case = Clinic().case(now)
    monkeypatch.setattr(type(case), "spread", lambda self: None)
    waits = view_of(case, 26)
    assert waits.answer.startswith("This one simulated person: SALT 60 now") and waits.more == ""
    monkeypatch.setattr(type(case), "spread", lambda self: followed(0.75))
    view = view_of(case, 26)
    assert view.answer == (
        "Of 100 people like this, 75 have half their SALT or less after a year with treatment, 0 without."
    )
    assert view.more.startswith("This one simulated person: SALT 60 now")
    assert "hairs" not in view.beside.stopping and "with SALT" in view.beside.stopping
    assert all(one.salt is not None for one in view.week.courses)
    assert view.people is not None and "too hopeful" in view.people.definition
    density = Clinic().case(controls_of(MINOXIDIL))
    assert "hairs/cm² now" in view_of(density, 26).answer
    assert (
        view_of(density, 26).more == "Of 100 people like this, 75 gain visibly after a year with treatment, 0 without."
    )


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"sex": "female", "age": "30", "given1": "finasteride"}, "finasteride harms a male fetus. Concerns patients"),
        ({"sex": "male", "age": "30", "given1": "spironolactone"}, "not given to men for hair loss"),
    ],
)
def test_what_must_not_be_given_stands_in_the_answer_in_words_for_a_person(
    client: TestClient, given: dict[str, str], reason: str
) -> None:
    page = client.get("/clinic", params=given).text
    answer = page[page.index('id="clinic-answer"') :].partition("</section>")[0]
    assert "Must not be given:" in answer and reason in answer
    assert answer.index("Must not be given") < answer.index("headline")
    assert "the population admits" not in page and "your study" not in page


def test_abbreviations_keep_their_capitals(client: TestClient) -> None:
    assert "Raised LDL cholesterol" in client.get("/clinic", params={"condition": "aa", "given1": "baricitinib"}).text
    assert "Fractional CO2 laser: " in client.get("/clinic", params={"given1": "fractional-co2"}).text


def test_no_style_or_script_stands_in_the_page(client: TestClient) -> None:
    page = client.get("/clinic", params=MINOXIDIL).text
    assert " style=" not in page
    assert not re.search(r"<script(?![^>]*src=)", page)


def test_a_chart_marks_its_week_and_tells_what_it_shows() -> None:
    weeks = np.arange(105.0)
    line = Line("with", "With treatment", weeks, 200.0 + weeks, 190.0 + weeks, 210.0 + weeks)
    root = ET.fromstring(chart_svg([line], week=52, last=104, label="Hairs", whole=True))
    assert root.get("aria-label") == "Hairs"
    cursor = next(path for path in root.iter() if path.get("class") == "cursor")
    left, step = float(str(root.get("data-left"))), float(str(root.get("data-step")))
    assert f"translate({left + 52 * step:.1f} 0)" == cursor.get("transform")


def test_a_hundred_marks_are_drawn_for_a_hundred_people() -> None:
    root = ET.fromstring(hundred_svg({"gain": 34, "stay": 65, "lose": 1}, "People"))
    assert sum(path.get("d", "").count("M") for path in root.iter() if path.get("class")) == 100


def test_people_of_a_week_add_up(clinic: Clinic) -> None:
    case = clinic.case(controls_of(MINOXIDIL))
    spread = followed(0.25)
    people = people_of(case, spread, 52)
    assert [(one.gain, one.stay, one.lose) for one in people.hundred] == [(25, 75, 0), (0, 100, 0)]
    assert people.months.startswith("A gain large enough to be seen comes in 0 of 100")
