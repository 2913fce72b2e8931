"""A regimen is said in one entry: phases, pauses, days of the week, intervals in words, a dose for each session."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
import yaml

from anagen.core.errors import InputError
from anagen.delivery import Doses
from anagen.study import Study, describe
from anagen.study.overrides import parse_set
from anagen.study.schema import study_json_schema
from anagen.therapies import THERAPIES
from anagen.trials.protocol import protocol
from anagen.trials.safety import stretches

STUDY = """
study: schedules
population:
  condition: aga
  sex: {male: 1.0}
  age: {mean: 30, sd: 6, min: 18, max: 41}
  ethnicity: {caucasian: 1.0}
arms:
  - name: treated
    patients: 6
    therapies:
      - THERAPY
  - {name: control, patients: 6, control: true, therapies: [{therapy: CONTROL}]}
measurement: {zone: vertex, target_area: "1 cm^2", method: phototrichogram, visits: [0, 12, 24]}
endpoints: {primary: {endpoint: total_density, week: 24, measure: change}}
"""
TABLET = "therapy: minoxidil, route: oral"


def written(therapy: str, schedule: str, control: str = "placebo") -> str:
    """A study whose treated arm has one entry."""
    return STUDY.replace("THERAPY", f"{{{therapy}, schedule: {schedule}}}").replace("CONTROL", control)


def study_of(therapy: str, schedule: str, control: str = "placebo") -> Study:
    """The same, read."""
    return Study.parse(written(therapy, schedule, control), "study.yaml")


def doses(study: Study) -> Doses:
    """What the treated arm is given."""
    ((given,), _) = protocol(study).prescriptions
    return given.doses


def as_entries(*entries: str) -> Doses:
    """The doses of several entries, one after the other."""
    study = Study.parse(STUDY.replace("- THERAPY", "\n      - ".join(["", *entries])).replace("CONTROL", "placebo"))
    parts = [prescription.doses for prescription in protocol(study).prescriptions[0]]
    days, amounts = (np.concatenate([getattr(part, name) for part in parts]) for name in ("days", "amounts"))
    return Doses(days, amounts, parts[0].daily)


def test_phases_are_the_doses_of_as_many_entries() -> None:
    """A titration with a holiday, and a second course at another interval."""
    phases = study_of(
        TABLET,
        '[{from: 0, until: 4, dose: "1.25 mg"}, {until: 12, dose: "2.5 mg"}, {until: 16, pause: true}, {dose: "5 mg"}]',
    )
    entries = as_entries(
        f'{{{TABLET}, dose: "1.25 mg", schedule: {{until: 4}}}}',
        f'{{{TABLET}, dose: "2.5 mg", schedule: {{start: 4, until: 12}}}}',
        f'{{{TABLET}, dose: "5 mg", schedule: {{start: 16}}}}',
    )
    given = doses(phases)
    assert given.days.tolist() == entries.days.tolist()
    assert given.amounts.tolist() == entries.amounts.tolist()
    assert given.daily


@pytest.mark.parametrize(
    ("schedule", "days"),
    [
        ('{every: "2 days", until: 2}', [0, 2, 4, 6, 8, 10, 12]),
        ('{every: "1 week", until: 4}', [0, 7, 14, 21]),
        ("{every: 1, until: 4}", [0, 7, 14, 21]),
        ("{days: [monday, thursday], until: 2}", [0, 3, 7, 10]),
        ("{days: [Thu, mon], from: 1, until: 3}", [7, 10, 14, 17]),
        ("{days: tuesdays, sessions: 3}", [1, 8, 15]),
        ("[{per_day: 1, until: 1}, {every: 1, until: 4}]", [0, 1, 2, 3, 4, 5, 6, 7, 14, 21]),
        ("[{every: 1, sessions: 2}, {from: 3, sessions: 1}]", [0, 7, 21]),
        ("[{from: 1, until: 2, every: 1}, {from: 4, until: 6}]", [7, 28, 35]),
    ],
)
def test_tablets_are_taken_on_the_days_that_are_written(schedule: str, days: list[float]) -> None:
    given = doses(study_of(TABLET, schedule))
    assert given.days.tolist() == days
    assert given.daily, "patients take them themselves, so that they can miss them"
    assert set(given.amounts.tolist()) == {5.0}


def test_each_session_can_have_its_own_dose() -> None:
    study = study_of(
        "therapy: exosome", "{every: 4, doses: [10e9 particles, 8e9 particles, 2e9 particles]}", "saline-injection"
    )
    given = doses(study)
    assert given.days.tolist() == [0.0, 28.0, 56.0]
    assert given.amounts.tolist() == [10e9, 8e9, 2e9]
    assert not given.daily
    (saline,) = protocol(study).prescriptions[1]
    assert saline.doses.days.tolist() == given.days.tolist()
    assert set(saline.doses.amounts.tolist()) == {1.0}


def test_a_loading_dose_by_area_is_spread_as_the_dose_of_the_therapy_is() -> None:
    by_area = "therapy: exosome, per: cm^2, treated_area: 50 cm^2, dose: 1e8 particles"
    given = doses(
        study_of(by_area, "[{sessions: 1, dose: 2e8 particles}, {from: 4, every: 4, sessions: 2, dose: 1e8 particles}]")
    )
    assert given.amounts.tolist() == [2e10, 1e10, 1e10]


def test_a_control_follows_phases_without_their_doses() -> None:
    study = study_of(TABLET, '[{until: 4, dose: "1.25 mg"}, {until: 8, pause: true}, {dose: "5 mg", every: "2 days"}]')
    (tablet,), (placebo,) = protocol(study).prescriptions
    assert placebo.doses.days.tolist() == tablet.doses.days.tolist()
    assert set(placebo.doses.amounts.tolist()) == {1.0}
    assert study.arms[1].therapies[0].follows == {"route": "treated", "schedule": "treated"}
    assert "differ in schedule" not in str(describe(study))


PHASES = '[{until: 4, dose: "1.25 mg"}, {until: 8, pause: true}, {dose: "5 mg", days: [monday, friday]}]'


def test_phases_are_told_in_words() -> None:
    told = str(describe(study_of(TABLET, PHASES)))
    assert (
        "minoxidil, by mouth, 1.25 mg per day, once a day from week 0 to week 4; then nothing from week 4 to week 8; "
        "then 5 mg each time, on Mondays and Fridays from week 8 to week 24" in told
    )


@pytest.mark.parametrize(
    ("schedule", "weeks"),
    [
        ("[{from: 0}, {from: 12}]", [0.0, 12.0]),
        ("[{dose: 20 FU/cm^2}, {pause: true, from: 2, until: 8}, {dose: 10 FU/cm^2}]", [0.0, 8.0]),
        ("{until: 12}", [0.0]),
    ],
)
def test_what_is_done_once_is_done_once_in_each_phase(schedule: str, weeks: list[float]) -> None:
    study = study_of("therapy: hair-transplantation", schedule, "none")
    (use,) = study.arms[0].therapies
    assert [phase.sessions for phase in use.schedule.parts] == [1] * len(weeks)
    assert list(use.schedule.session_weeks()) == weeks
    told = str(describe(study))
    for week in weeks:
        assert f"1 session in week {week:g}" in told
    assert ", ;" not in told
    assert "then ." not in told


@pytest.mark.parametrize(
    "phases", [PHASES, "[{every: 1, sessions: 1}, {sessions: 6}]", "[{days: [mon], sessions: 2}, {until: 8}]"]
)
def test_a_study_with_phases_goes_round(phases: str) -> None:
    study = study_of(TABLET, phases)
    assert Study.from_dict(study.to_dict()) == study
    assert Study.parse(study.to_yaml()) == study
    assert Study.from_dict(study.to_dict()).sha256 == study.sha256


def test_phases_in_full_are_the_same_study() -> None:
    full = (
        '[{from: 0, until: 4, per_day: 1, dose: "1250 ug"}, {from: 4, until: 8, pause: true}, '
        '{from: 8, days: [mon, fri], dose: "5 mg"}]'
    )
    assert study_of(TABLET, full).sha256 == study_of(TABLET, PHASES).sha256


def test_schedules_fit_the_schema() -> None:
    schema = jsonschema.Draft202012Validator(study_json_schema())
    for schedule in (
        PHASES,
        '{every: "2 days", until: 4}',
        "{days: [Mon, thursday]}",
        "{from: 2, per_day: 2}",
        "{every: 4, sessions: 2}",
    ):
        schema.validate(yaml.safe_load(written(TABLET, schedule)))
    for schedule in ("[]", "{every: fortnight}", "{days: [moonday]}", "[{form: 2}]"):
        with pytest.raises(jsonschema.ValidationError):
            schema.validate(yaml.safe_load(written(TABLET, schedule)))


@pytest.mark.parametrize("path", ["arms.treated.schedule.0.dose", "arms.treated.schedule.phases.0.dose"])
def test_a_dose_of_a_phase_can_be_set(path: str, tmp_path: Path) -> None:
    """In a study that was read, and in a file before it is read, with the unit of the dose."""
    assert doses(study_of(TABLET, PHASES).set(path, 2.5)).amounts[0] == 2.5
    (tmp_path / "study.yaml").write_text(written(TABLET, PHASES), encoding="utf-8")
    overrides = parse_set(f"{path}=2.5")
    assert doses(Study.load(tmp_path / "study.yaml", overrides)).amounts[0] == 2.5


TWO_DOSES = "{every: 4, sessions: 3, doses: [1e9 particles, 2e9 particles]}"
DOSE_IN_A_PAUSE = "[{until: 8}, {pause: true, until: 12, dose: 1e9 particles}, {}]"
FAULTS: dict[str, tuple[str, str, str, str]] = {
    "no interval": ("prp", "{every: fortnight}", "every", "'fortnight' is no interval; give a number of weeks"),
    "no such day": ("prp", "{days: [mon, thirsday]}", "days[1]", "unknown day of the week 'thirsday'"),
    "no day": ("prp", "{days: []}", "days", "is empty; name days of the week"),
    "days and every": ("prp", "{days: monday, every: 2}", "days", "cannot stand together with every"),
    "doses for other sessions": ("exosome", TWO_DOSES, "doses", "2 doses are given for 3 sessions"),
    "dose without unit": ("exosome", "{every: 4, doses: [1e9]}", "doses[0]", "has no unit"),
    "dose of what has none": ("prp", "[{dose: 2 mL}]", "[0].dose", "platelet-rich plasma takes no dose"),
    "dose in a plain schedule": ("exosome", "{dose: 1e9 particles}", "dose", "stands beside schedule, not in it"),
    "no phase": ("prp", "[]", "", "is an empty list; give a phase"),
    "phases overlap": ("prp", "[{until: 8}, {from: 6}]", "[1].from", "week 6 is before the phase before it ends"),
    "phase without end": ("prp", "[{every: 2}, {every: 4}]", "[0]", "needs `until`, the week in which it ends"),
    "pause at the end": ("prp", "[{until: 8}, {pause: true}]", "[1]", "is a pause after which nothing is given"),
    "nothing but a pause": ("prp", "[{pause: true, until: 8}]", "", "are nothing but pauses"),
    "dose in a pause": ("exosome", DOSE_IN_A_PAUSE, "[1].dose", "cannot stand in a pause"),
    "from and start": ("prp", "[{from: 1, start: 1}]", "[0].from", "is the same as start"),
    "daily in sessions": ("prp", "[{until: 8}, {per_day: 1}]", "[1].per_day", "is given in sessions"),
    "sessions of tablets": ("finasteride", "{sessions: 3}", "sessions", "say how often by per_day, by every"),
    "after the end": ("prp", "[{until: 8}, {from: 30, sessions: 1}]", "[1].from", "is not before the last visit"),
    "after the end, by start": ("prp", "{start: 30, sessions: 1}", "start", "is not before the last visit"),
    "before baseline": ("prp", "[{from: -4, until: 8}]", "[0].from", "must be at least 0"),
    "text for a week": ("prp", "{from: x}", "from", "is text; expected a number"),
    "doses of tablets": ("finasteride", "[{until: 4}, {doses: [1 mg]}]", "[1].doses", "say how often by per_day"),
    "ends before it begins": ("prp", "[{until: 8}, {until: 4}]", "[1].until", "the week in which it begins (week 8)"),
    "a day twice": ("finasteride", "{days: [monday, monday]}", "days[1]", "monday is named twice"),
    "a day twice, in short": ("prp", "[{days: [fri, friday]}]", "[0].days[1]", "friday is named twice"),
    "unknown key": ("prp", "[{until: 8, evry: 2}]", "[0].evry", "unknown key"),
    "rhythm beside phases": ("prp", "{phases: [{until: 8}], every: 2}", "every", "cannot stand beside phases"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_a_schedule_is_told_once_with_its_line_and_field(fault: str) -> None:
    therapy, schedule, field, message = FAULTS[fault]
    control = THERAPIES[therapy].control or "placebo"
    with pytest.raises(InputError) as caught:
        study_of(f"therapy: {therapy}", schedule, control)
    (problem,) = caught.value.problems
    place = f"arms[0].therapies[0].schedule{'.' if field and not field.startswith('[') else ''}{field}"
    assert problem.field == place
    assert problem.line == 12
    assert message in problem.message


@pytest.mark.parametrize("schedule", ["[{from: 0, until: 4}, {from: 8}]", "[{start: 0, until: 4}, {start: 8}]"])
@pytest.mark.parametrize("key", ["from", "start"])
def test_the_path_of_an_error_is_one_that_set_takes(schedule: str, key: str, tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    path.write_text(written(TABLET, schedule), encoding="utf-8")
    for place in (f"arms[0].therapies[0].schedule[1].{key}", f"arms.treated.schedule.1.{key}"):
        changed = Study.load(path, parse_set(f"{place}=12"))
        (use,) = changed.arms[0].therapies
        assert [phase.start for phase in use.schedule.parts] == [0.0, 12.0]
        with pytest.raises(InputError) as caught:
            Study.load(path, parse_set(f"{place}=60"))
        assert f"--set {place}=60" in [problem.field for problem in caught.value.problems]
        assert changed.set(f"arms.treated.schedule.1.{key}", 16).arms[0].therapies[0].schedule.parts[1].start == 16.0


def test_the_regimen_of_the_documentation_is_one() -> None:
    page = (Path(__file__).parents[2] / "docs" / "study-file.md").read_text(encoding="utf-8")
    (entry,) = re.findall(r"```yaml\ntherapies:\n(  - therapy: minoxidil\n.*?)```", page, re.DOTALL)
    data: dict[str, Any] = yaml.safe_load(written(TABLET, "{}"))
    data["arms"][0]["therapies"] = yaml.safe_load(entry)
    given = doses(Study.from_dict(data))
    assert given.days[[0, 27, 28, 83, 84]].tolist() == [0.0, 27.0, 28.0, 83.0, 112.0]
    assert sorted(set(given.amounts.tolist())) == [1.25, 2.5, 5.0]


def test_a_pause_is_no_use_and_a_weekly_tablet_is_one_for_a_week() -> None:
    """Adverse events by weeks of use."""
    event = next(event for event in THERAPIES["finasteride"].harms if event.unit == "weeks")
    daily, weekly = np.arange(28.0), np.arange(8.0) * 7.0
    for days, weeks in (
        (daily, 4.0),
        (np.concatenate([daily, 84.0 + daily]), 8.0),
        (weekly, 8.0),
        (np.array([0.0]), 1.0),
    ):
        _, lengths, amounts = stretches(days, event, 365.0)
        assert amounts.sum() == pytest.approx(weeks)
        assert lengths.max() <= 7.0
