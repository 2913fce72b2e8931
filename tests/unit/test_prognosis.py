"""One person with a treatment and without: who he is, what is told of him, and what is refused."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from anagen import InputError, Person, prognosis
from anagen.cli.app import app
from anagen.follicles.arguments import N_SUMS, SUMS
from anagen.parameters import ParameterSet, load_parameters
from anagen.prognoses.asked import STOPPED, WITH, WITHOUT, Asked, asked_of
from anagen.prognoses.course import attended, course_of, read_course
from anagen.prognoses.facts import facts_of
from anagen.prognoses.kept import Kept
from anagen.prognoses.result import Prognosis
from anagen.prognoses.scalp import drawn, look_at, places_of
from anagen.prognoses.sentences import of_hundred
from anagen.prognoses.spread import spread_of
from anagen.prognoses.visible import COVERED, GAINS, LOSES, MAP, STAYS, grown_out, seen_change
from anagen.reports.sameness import sum_of
from anagen.reports.sheets import hair_of
from anagen.trials.observation import Place, arm_responses, observe

MAN = {"age": 40.0, "grade": "IV", "years_since_onset": 8.0}
WEEKS = 26
STATES = [i for i in range(2 * N_SUMS) if SUMS[i % N_SUMS] != "shed"]


@pytest.fixture(scope="module")
def parameters() -> ParameterSet:
    return load_parameters()


@pytest.fixture(scope="module")
def told() -> Prognosis:
    return prognosis(MAN, ["minoxidil"], weeks=WEEKS, stop=12, draws=20, each=2)


def asked(parameters: ParameterSet, *therapies: str, weeks: int = WEEKS, **person: object) -> Asked:
    return asked_of(MAN | person, therapies, weeks=weeks, parameters=parameters)


def test_covariates_are_those_stated_to_the_byte(parameters: ParameterSet) -> None:
    one = asked(parameters, sensitivity="high")
    people = one.people(one.scene(0), 0, 5)
    assert people.age.tolist() == [40.0] * 6
    assert people.years_since_onset.tolist() == [8.0] * 6
    assert people.severity == ("IV",) * 6
    assert people.responsiveness is not None
    assert np.allclose(people.responsiveness, 1.2815515655446004)
    # who they are else is their own
    assert len(set(people.follicle_density.tolist())) == 6


def test_long_years_go_with_low_sensitivity_of_the_follicles(parameters: ParameterSet) -> None:
    """The parameter says -0.3: given the years, its conditional mean is seen in many people."""
    means = []
    for years in (2.0, 25.0):
        one = asked(parameters, years_since_onset=years)
        means.append(float(np.log(one.people(one.scene(0), 0, 400).sensitivity).mean()))
    assert means[0] > means[1]


def test_the_untreated_twin_does_not_depend_on_the_therapy(parameters: ParameterSet) -> None:
    courses = [
        course_of(asked(parameters, *given), WITHOUT) for given in ((), ("exosome",), ("minoxidil", "finasteride"))
    ]
    for course in courses[1:]:
        assert np.array_equal(course.states[0].diameter, courses[0].states[0].diameter)


def test_follicles_add_up_to_the_sums_of_the_kernel(parameters: ParameterSet) -> None:
    one = asked(parameters, "exosome", "minoxidil")
    course, scene = course_of(one, WITH), one.scene(0)
    place = Place(scene, scene.protocol.reading(scene.values, course.weeks, 1.0), 1.0, 0)
    sums = place.simulated(course.person, [course.given], [course.response], None)[0][0, 0]
    assert np.array_equal(sum_of(course.states, place.reading.detection)[:, STATES], sums[:, STATES])


def test_a_person_is_read_as_the_same_patient_of_a_population(parameters: ParameterSet) -> None:
    """Within the error of the ladder, which moves no hair of this man."""
    one = asked(parameters, "minoxidil", "finasteride")
    course, scene = course_of(one, WITH), one.scene(0)
    arms = [list(course.given)]
    people = one.people(scene, 0, 3)
    (usual,) = observe(
        scene,
        people,
        arms,
        weeks=course.weeks,
        area=1.0,
        study_offset=False,
        responses=arm_responses(scene, arms, float(WEEKS)),
    )
    place = [endpoint.name for endpoint in one.plan.endpoints].index("total_density")
    assert np.abs(usual.true[0, :, place] - read_course(one, course)["total_density"]).max() <= 1.0


def test_stronger_responders_gain_more(parameters: ParameterSet) -> None:
    hairs = []
    for sensitivity in ("low", "typical", "high"):
        one = asked(parameters, "minoxidil", sensitivity=sensitivity)
        hairs.append(float(course_of(one, WITH).counts()["hairs"].iloc[-1]))
    assert hairs[0] < hairs[1] < hairs[2]


def test_another_seed_is_another_person_with_the_same_covariates(parameters: ParameterSet) -> None:
    first, second = (asked(parameters, seed=seed) for seed in (1, 2))
    one, other = (each.people(each.scene(0)) for each in (first, second))
    assert one.age.tolist() == other.age.tolist()
    assert one.follicle_density.tolist() != other.follicle_density.tolist()


def test_both_scalps_show_the_same_follicles_at_the_same_places(parameters: ParameterSet) -> None:
    one = asked(parameters, "minoxidil")
    look = look_at(one)
    courses = [course_of(one, name) for name in (WITH, WITHOUT)]
    places = [places_of(one, course) for course in courses]
    assert np.array_equal(places[0].exit, places[1].exit)
    for course, placed in zip(courses, places, strict=True):
        for week in (0, 13, WEEKS):
            picture = drawn(one, course, week, placed, look)
            shown = hair_of(course.states, week).shown
            assert len(picture.hairs.width) == shown.sum() == course.counts()["hairs"][week]


def test_the_stopped_course_is_the_treated_one_until_then(told: Prognosis) -> None:
    rows = told.table.set_index(["course", "week"])
    assert (rows.loc[STOPPED, "hairs"].iloc[:13] == rows.loc[WITH, "hairs"].iloc[:13]).all()
    assert rows.loc[STOPPED, "hairs"].iloc[-1] < rows.loc[WITH, "hairs"].iloc[-1]


def test_shares_of_people_add_up_and_hold_their_error(told: Prognosis) -> None:
    people = told.people
    assert people is not None
    assert np.allclose(people[["gain", "stay", "lose"]].sum(axis=1), 1.0)
    assert (people["gain_error"] >= 0.0).all()
    last = people[people["week"] == WEEKS].set_index("course")
    assert last.loc[WITH, "gain"] > last.loc[WITHOUT, "gain"]
    assert told.spread is not None
    assert told.spread.people == 40


def test_bands_are_told_with_enough_draws_only(parameters: ParameterSet) -> None:
    spread = spread_of(asked(parameters, "minoxidil", weeks=8), draws=2, each=1)
    assert spread is not None
    assert spread.bands["change_low"].isna().all()


def test_people_alike_can_be_stopped(parameters: ParameterSet) -> None:
    seen: list[tuple[int, int]] = []
    question = asked(parameters, "minoxidil", weeks=8)
    found = spread_of(question, draws=5, each=1, progress=lambda *at: seen.append(at), stopped=lambda: len(seen) == 2)
    assert found is None
    assert seen == [(1, 5), (2, 5)]


def test_sessions_that_a_person_misses_are_not_given(parameters: ParameterSet) -> None:
    use = {"therapy": "exosome", "adherence": {"mean": 0.5}}
    one = asked_of(MAN, [use], weeks=WEEKS, parameters=parameters)
    scene = one.scene(0)
    given = one.courses()[WITH]
    kept = attended(given, one.people(scene), scene.seed)
    assert 0 < len(kept[0].doses.days) < len(given[0].doses.days)
    spread = spread_of(one, draws=2, each=2)
    assert spread is not None
    assert spread.people == 4


def test_new_hair_is_seen_once_it_has_grown_out() -> None:
    weeks = np.arange(30.0)
    covered = np.where(weeks < 10, 0.5, 0.6)
    hidden = grown_out(covered, weeks, 56.0)
    assert np.allclose(hidden[:10], 0.5)
    assert np.allclose(hidden[-1], 0.6)
    assert 0.5 < hidden[13] < hidden[16] < 0.6
    values = {"outcomes.covering_days": 56.0, "outcomes.panel_gain": 4.0, "outcomes.panel_loss": 15.0,
              "outcomes.score_step": 10.0}  # fmt: skip
    change = seen_change(covered, COVERED, weeks, values)
    assert change[10] == STAYS
    assert change[-1] == GAINS
    assert seen_change(1.0 - covered, COVERED, weeks, values | {"outcomes.panel_loss": 5.0})[-1] == LOSES


def test_salt_is_seen_to_change_by_half_or_by_ten_points() -> None:
    assert seen_change(np.array([0.0, 0.0]), MAP, np.arange(2.0), {}).tolist() == [STAYS, STAYS]
    assert seen_change(np.array([50.0, 60.0]), MAP, np.arange(2.0), {}).tolist() == [STAYS, LOSES]


def test_facts_hold_what_is_written_elsewhere(parameters: ParameterSet) -> None:
    one = asked_of({"sex": "female", "age": 38.0, "grade": "II"}, ["finasteride"], weeks=WEEKS, parameters=parameters)
    facts = facts_of(one)
    assert "harms a male fetus" in facts.forbidden[0]
    assert facts.therapies[0].certainty == "very low"
    assert facts.therapies[0].not_known == "not known in women"
    assert facts.cost is not None
    assert facts.harms[0].share > facts.harms[0].without
    assert any("women" in sentence for sentence in facts.unlike)


def test_nothing_given_is_the_course_without_treatment(parameters: ParameterSet) -> None:
    told = prognosis(MAN, weeks=8, draws=0)
    assert told.table["course"].unique().tolist() == [WITHOUT]
    assert told.facts.cost_words() == "nothing"
    assert told.figures() == ("hairs", "judged")


@pytest.mark.parametrize(
    ("person", "therapies", "field", "words"),
    [
        ({"grade": "X"}, (), "grade", "no grade of androgenetic alopecia"),
        ({"sex": "female", "grade": "IV"}, (), "grade", "no grade"),
        ({"condition": "aa", "grade": "II"}, (), "grade", "SALT"),
        ({"age": 30.0, "years_since_onset": 40.0}, (), "years_since_onset", "longer than"),
        ({"zone": "vertx"}, (), "zone", "unknown zone"),
        ({"age": 5.0}, (), "age", "too young"),
        ({}, ("exosom",), "therapies[0].therapy", "unknown therapy"),
        ({}, ({"therapy": "exosome", "dose": "2 mg"},), "therapies[0].dose", "is a mass"),
        ({}, ("minoxidil", "exosome", "prp", "lllt"), "therapies", "more than 3"),
        ({"hair": "brown"}, (), "hair", "unknown key"),
    ],
)
def test_what_is_impossible_is_told_at_its_field(
    parameters: ParameterSet, person: dict[str, object], therapies: tuple[object, ...], field: str, words: str
) -> None:
    with pytest.raises(InputError) as error:
        asked_of(person, therapies, weeks=8, parameters=parameters)  # pyright: ignore[reportArgumentType]
    problem = error.value.problems[0]
    assert problem.field == field
    assert words in problem.message


@pytest.mark.parametrize("again", ["minoxidil", "Rogaine", {"therapy": "minoxidil", "dose": "1 mL"}])
def test_a_therapy_that_stands_twice_in_the_same_way_is_refused_naming_both(
    parameters: ParameterSet, again: object
) -> None:
    with pytest.raises(InputError) as error:
        asked_of(MAN, ["minoxidil", "finasteride", again], weeks=8, parameters=parameters)  # pyright: ignore[reportArgumentType]
    [problem] = error.value.problems
    assert problem.field == "therapies[2]"
    assert problem.message.startswith("is the same as therapies[0] (minoxidil, given in the same way)")


def test_one_therapy_given_in_two_ways_is_two_entries_and_courses_of_one_are_paid_for_once(
    parameters: ParameterSet,
) -> None:
    lotion, tablet = {"therapy": "minoxidil"}, {"therapy": "minoxidil", "route": "oral"}
    courses = [{**lotion, "schedule": {"per_day": 2, "until": 4}}, {**lotion, "schedule": {"per_day": 2, "start": 6}}]
    cost = {
        name: facts_of(asked_of(MAN, uses, weeks=8, parameters=parameters)).cost
        for name, uses in {"once": [lotion], "courses": courses, "ways": [lotion, tablet]}.items()
    }
    assert cost["once"] is not None
    assert cost["courses"] == cost["once"]
    assert cost["ways"] == tuple(2 * end for end in cost["once"])


@pytest.mark.parametrize("therapies", [(), ("none",)])
def test_stopping_needs_something_that_is_given(parameters: ParameterSet, therapies: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="stop: nothing is given that could be stopped"):
        asked_of(MAN, therapies, weeks=8, stop=4.0, parameters=parameters)


def test_the_command_refuses_to_stop_nothing_and_writes_nothing(tmp_path: Path) -> None:
    out = tmp_path / "one"
    done = CliRunner().invoke(app, ["prognosis", "--stop", "26", "--draws", "0", "--out", str(out)])
    assert isinstance(done.exception, InputError)
    assert [problem.field for problem in done.exception.problems] == ["stop"]
    assert not out.exists()


def test_a_grade_of_any_scale_of_the_sex_is_one() -> None:
    assert (
        Person.of({"sex": "female", "grade": "3"}).words()
        == "woman of 35 years, androgenetic alopecia, Sinclair 3, vertex"
    )
    assert Person.of({"condition": "aa", "grade": 60}).words() == "man of 35 years, alopecia areata, SALT 60, vertex"
    assert Person.of({"condition": "te", "grade": "acute", "years_since_onset": 0.25}).population(last_week=8)[
        "onset_week"
    ] == pytest.approx(-13.04, abs=0.01)


@pytest.mark.parametrize(("condition", "therapy", "grade"), [("aa", "baricitinib", 60.0), ("te", "minoxidil", "acute")])
def test_other_diseases_have_a_prognosis(condition: str, therapy: str, grade: object) -> None:
    told = prognosis({"condition": condition, "grade": grade}, therapy, weeks=12, draws=0)
    judged = "salt" if condition == "aa" else "coverage"
    assert told.table[judged].notna().all()


def test_results_are_kept_up_to_a_bound_and_made_once() -> None:
    made: list[int] = []

    def make(key: int) -> int:
        made.append(key)
        return -key

    kept = Kept(3)
    assert [kept.get(key, lambda key=key: make(key)) for key in (1, 2, 1, 3, 4, 1, 2)] == [-1, -2, -1, -3, -4, -1, -2]
    assert made == [1, 2, 3, 4, 2]
    assert len(kept) == 3
    with pytest.raises(ZeroDivisionError):
        kept.get(9, lambda: 1 // 0)
    assert kept.found(9) is None


def test_people_of_a_hundred_are_whole_and_add_up() -> None:
    rng = np.random.default_rng(1)
    for shares in rng.dirichlet([1.0, 1.0, 1.0], size=50):
        people = of_hundred(shares.tolist())
        assert sum(people) == 100
        assert np.abs(np.array(people) - 100.0 * shares).max() < 1.0


def test_the_folder_holds_table_answer_pictures_and_study(told: Prognosis, tmp_path: Path) -> None:
    folder = told.save(tmp_path / "one")
    names = {file.name for file in folder.iterdir()}
    assert {
        "weeks.csv",
        "people.csv",
        "prognosis.json",
        "scalps.svg",
        "study.yaml",
        "hairs.png",
        "hundred.svg",
    } <= names
    answer = json.loads((folder / "prognosis.json").read_text(encoding="utf-8"))
    assert answer["draws"] == 20
    assert answer["answer"] == told.headline()
    assert "SIMULATED, not a patient" in (folder / "scalps.svg").read_text(encoding="utf-8")


def test_the_command_tells_the_same(tmp_path: Path) -> None:
    words = ["prognosis", "{therapy: minoxidil, dose: 1 mL}", "--age", "40", "--grade", "IV", "--weeks", "8"]
    words += ["--draws", "0", "--json", "--out", str(tmp_path / "one")]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    same = prognosis({"age": 40.0, "grade": "IV"}, "minoxidil", weeks=8, draws=0).document()
    assert document["weeks"] == same["weeks"]
    assert CliRunner().invoke(app, ["prognosis", "minoxidil", "--draws", "1"]).exit_code != 0


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"condition": "aa", "grade": 300.0}, "grade", "at most 100"),
        ({"condition": "aa", "grade": math.nan}, "grade", "finite number"),
        ({"sensitivity": 2.0}, "sensitivity", "less than 1"),
        ({"sensitivity": "much"}, "sensitivity", "allowed values"),
        ({"years_since_onset": math.nan}, "years_since_onset", "finite number"),
    ],
)
def test_what_is_wrong_with_a_person_is_told_once_at_its_field(
    given: dict[str, object], field: str, words: str
) -> None:
    with pytest.raises(InputError) as told:
        Person.of(given)
    assert [problem.field for problem in told.value.problems] == [field]
    assert words in told.value.problems[0].message


def test_a_grade_that_is_a_digit_can_be_given_as_a_number_or_as_words() -> None:
    sinclair = {"sex": "female", "grade": 3.0}
    assert Person.of(sinclair) == Person.of({**sinclair, "grade": "3"}) == Person.of({**sinclair, "grade": 3})
