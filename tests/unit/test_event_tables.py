"""Event tables for pharmacometrics: the doses and readings of a run, row by row, and what is wrong in a table."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

import anagen as front
from anagen.core.errors import InputError
from anagen.formats.event_tables.given import plan_of, repeated
from anagen.formats.nlmixr2.check import check as check_nlmixr2
from anagen.formats.nonmem.check import check as check_nonmem
from anagen.formats.registry import FORMATS, recognised
from anagen.formats.subject import subject_of
from anagen.runs.result import TrialResult
from anagen.study import Study
from anagen.study.shipped import shipped_studies
from cli_calls import anagen, files_of
from faults import every_fault

STUDY = """
study: everything-that-moves-doses
title: Sessions missed, people who leave, stop and are rescued
population:
  condition: aga
  sex: {male: 1.0}
  age: {mean: 40, sd: 9, min: 20, max: 60}
  ethnicity: {caucasian: 0.5, asian: 0.5}
arms:
  - name: exosome
    patients: 16
    therapies:
      - {therapy: exosome, product: adsc-native, dose: "1e10 particles", treated_area: "50 cm^2",
         schedule: {start: 0, every: 2, sessions: 6}, adherence: {mean: 0.7, sd: 0.1}}
  - name: tablet
    patients: 16
    therapies: [{therapy: finasteride, dose: "1 mg"}]
    rescue: {week: 12, endpoint: total_density, change_below: 20, therapies: [{therapy: dutasteride, dose: "0.5 mg",
      schedule: {start: 12, per_day: 1}}]}
  - {name: saline, patients: 16, control: true, therapies: [{therapy: saline-injection,
     schedule: {start: 0, every: 2, sessions: 6}}]}
measurement: {zone: vertex, target_area: "0.2 cm^2", method: phototrichogram, visits: [0, 6, 12, 24]}
endpoints:
  primary: {endpoint: total_density, week: 24, measure: change}
  secondary: [{endpoint: mean_diameter, week: 24, measure: change}]
design: {randomisation: {method: block, block: 3}, dropout: 0.3}
intercurrent: [{event: stops_treatment, share: 0.4}]
"""
CROSSOVER = """
study: turn-about
title: Two periods of the same patients
population: {condition: aga, sex: {male: 1.0}, age: {mean: 40, sd: 9, min: 20, max: 60}, ethnicity: {asian: 1.0}}
arms:
  - {name: lotion, patients: 6, therapies: [{therapy: minoxidil, dose: "1 mL", formulation: solution-5%,
     schedule: {per_day: 2}}]}
  - {name: vehicle, patients: 6, control: true, therapies: [{therapy: placebo, route: topical, schedule: {per_day: 2}}]}
measurement: {zone: vertex, target_area: "0.2 cm^2", method: phototrichogram, visits: [0, 12]}
endpoints: {primary: {endpoint: total_density, week: 12, measure: change}}
design: {layout: crossover, washout: 4, randomisation: {method: block, block: 2}}
"""
Row = dict[str, str]


def rows_of(data: bytes) -> list[Row]:
    return list(csv.DictReader(io.StringIO(data.decode())))


def doses_in(rows: list[Row]) -> dict[tuple[int, str], list[tuple[float, float]]]:
    """Subject and compartment -> day and amount of each dose, repeated ones written out."""
    found: dict[tuple[int, str], list[tuple[float, float]]] = defaultdict(list)
    for row in rows:
        if row["evid"] == "1":
            days = float(row["time"]) + float(row["ii"]) * np.arange(int(row["addl"]) + 1)
            found[int(row["id"]), row["cmt"]] += [(float(day), float(row["amt"])) for day in days]
    return found


@pytest.fixture(scope="module")
def run() -> TrialResult:
    return front.run(Study.parse(STUDY), patients=10, replicates=2, draws=0, parameters="prior", seed=3)


@pytest.fixture(scope="module")
def rows(run: TrialResult) -> list[Row]:
    return rows_of(FORMATS["nlmixr2"].write(subject_of(run))["nlmixr2.csv"])  # type: ignore[arg-type]


def test_every_reading_of_a_run_is_one_row_and_no_other_is(run: TrialResult, rows: list[Row]) -> None:
    found = {
        (int(row["rep"]), int(row["pat"]), row["arm"], float(row["time"]) / 7.0, row["cmt"]): np.float32(row["dv"])
        for row in rows
        if row["evid"] == "0"
    }
    seen = run.visits[run.visits["assigned"] & run.visits["measured"].notna()]
    expected = {
        (int(row.replicate), int(row.patient), str(row.arm), float(row.week), str(row.endpoint)): row.measured
        for row in seen.itertuples()
    }
    assert len(seen) == len(expected) == sum(row["evid"] == "0" for row in rows) < len(run.visits)
    assert found == expected
    assert {row["mdv"] for row in rows if row["evid"] == "0"} == {"0"}


def test_doses_are_those_of_the_regimen_that_patients_attended_until_they_left_or_stopped(
    run: TrialResult, rows: list[Row]
) -> None:
    given, patients = doses_in(rows), run.patients
    number = {(int(row["rep"]), int(row["pat"])): int(row["id"]) for row in rows}
    planned = {0.0, 14.0, 28.0, 42.0, 56.0, 70.0}
    missed = stopped = left = rescued = 0
    for row in patients.to_dict(orient="records"):
        who = number[row["replicate"], row["patient"]]
        ends = 7.0 * min(24.0 if np.isnan(row[name]) else row[name] for name in ("dropout_week", "event_week"))
        left += not np.isnan(row["dropout_week"])
        if row["arm"] == "exosome":
            days = [day for day, amount in given[who, "exosome_intradermal_adsc_native"]]
            assert set(days) <= planned and all(
                amount == 1e10 for _, amount in given[who, "exosome_intradermal_adsc_native"]
            )
            if ends > 70.0:
                assert len(planned) - len(days) == row["sessions_missed"]
                missed += int(row["sessions_missed"])
        elif row["arm"] == "tablet":
            own = [day for day, amount in given[who, "finasteride_oral"]]
            other = [day for day, _ in given.get((who, "dutasteride_oral"), [])]
            assert bool(other) is (bool(row["rescued"]) and not row["dropout_week"] <= 12.0)
            if row["rescued"]:
                rescued += 1
                assert max(own) == 83.0 and (not other or min(other) == 84.0)
            elif row["event"] == "stops_treatment":
                # stops at the next visit, or midway between two
                stopped += 1
                assert max(own) < 7.0 * row["event_week"] + 42.0 and max(own) + 1.0 in (0, 21, 42, 63, 84, 126, 168)
            elif ends == 168.0:
                assert own == [float(day) for day in range(168)]
        assert all(day < 7.0 * row["dropout_week"] for key, doses in given.items() if key[0] == who
                   for day, _ in doses if not np.isnan(row["dropout_week"]))  # fmt: skip
    assert missed > 5 and stopped > 1 and left > 4 and rescued > 2


def test_a_crossover_is_one_subject_a_patient_with_both_periods_in_time() -> None:
    run = front.run(Study.parse(CROSSOVER), draws=0, parameters="prior")
    rows = rows_of(FORMATS["nlmixr2"].write(subject_of(run))["nlmixr2.csv"])  # type: ignore[arg-type]
    given = doses_in(rows)
    assert len({row["id"] for row in rows}) == run.patients["patient"].nunique() == 6
    for row in run.patients.to_dict(orient="records"):
        who = next(int(each["id"]) for each in rows if int(each["pat"]) == row["patient"])
        doses = given[who, "minoxidil_topical" if row["arm"] == "lotion" else "placebo_topical"]
        begins = 0.0 if row["period"] == 1 else 112.0
        assert [day for day, _ in doses] == [begins + 0.5 * half for half in range(168)]
        assert {amount for _, amount in doses} == ({50.0} if row["arm"] == "lotion" else {1.0})
    read = [(float(row["time"]), row["arm"]) for row in rows if row["evid"] == "0" and row["id"] == "1"]
    assert [day for day, _ in read] == [0.0, 84.0, 112.0, 196.0]
    assert read[0][1] == read[1][1] != read[2][1] == read[3][1]


@pytest.mark.parametrize(
    ("change", "unit", "amount"),
    [
        ('dose: "1e10 particles", treated_area: "50 cm^2"', "particles", 1e10),
        ('dose: "1e8 particles/cm^2", per: cm^2, treated_area: "50 cm^2"', "particles", 5e9),
    ],
)
def test_amounts_are_what_is_given_whatever_the_area_that_the_model_spreads_them_over(
    change: str, unit: str, amount: float
) -> None:
    if "cm^2, treated" in change:
        change = change.replace("1e8 particles/cm^2", "1e8 particles")
    study = Study.parse(STUDY.replace('dose: "1e10 particles", treated_area: "50 cm^2"', change))
    (given,) = plan_of(study).arms["exosome"]
    assert given.compartment.unit == unit
    assert set(given.prescription.doses.amounts.tolist()) == {amount}


def test_who_switches_goes_on_with_other_doses_from_the_next_visit_or_midway_on() -> None:
    switch = '[{event: switch, share: 0.4, therapies: [{therapy: finasteride, dose: "1 mg"}]}]'
    plan = plan_of(Study.parse(STUDY.replace("[{event: stops_treatment, share: 0.4}]", switch)))
    before, after = plan.after("exosome", "switch", 6.0)
    assert before.prescription.doses.days.tolist() == [0.0, 14.0, 28.0]
    days = after.prescription.doses.days
    assert (after.compartment.name, days[0], days[-1]) == ("finasteride_oral", 42.0, 167.0)
    assert plan.after("exosome", "", 6.0) == plan.arms["exosome"] == plan.after("exosome", "transplant", 6.0)
    two = Study.parse(STUDY.replace("[{event: stops_treatment, share: 0.4}]", f"[{switch[1:-1]}, {switch[1:-1]}]"))
    with pytest.raises(InputError, match="has several switches, and a run does not tell which"):
        plan_of(two).after("exosome", "switch", 6.0)


@pytest.mark.parametrize("every", [6, pytest.param(1, marks=pytest.mark.long)])
def test_the_plans_of_shipped_studies_are_tables_without_a_fault(every: int, tmp_path: Path) -> None:
    with every_fault() as row:
        for name in list(shipped_studies())[::every]:
            with row(name):
                (tmp_path / "nonmem.csv").write_bytes(FORMATS["nonmem"].write(subject_of(name))["nonmem.csv"])  # type: ignore[arg-type]
                assert check_nonmem(tmp_path / "nonmem.csv").problems == ()


def test_sides_of_a_split_scalp_and_strengths_are_told_apart() -> None:
    study = Study.load("split-scalp-microneedling-prp")
    plan = plan_of(study)
    run = front.run(study, patients=2, draws=0, parameters="prior")
    rows = rows_of(FORMATS["nlmixr2"].write(subject_of(run))["nlmixr2.csv"])  # type: ignore[arg-type]
    assert {row["id"] for row in rows} == {"1", "2"}
    sides = {(row["arm"], row["time"]): row["dv"] for row in rows if row["evid"] == "0" and row["id"] == "1"}
    assert len(sides) == 6 and len(set(sides.values())) == 6
    assert len({entry.name for entry in plan.compartments}) == sum(len(course) for course in plan.arms.values())
    (lotion,) = plan_of(Study.load("olsen-2002-minoxidil")).arms["minoxidil 2 %"]
    assert (lotion.compartment.unit, float(lotion.prescription.doses.amounts[0])) == ("mg", 20.0)


def test_doses_are_repeated_only_where_amounts_and_intervals_are_equal() -> None:
    days, amounts = np.array([0.0, 7.0, 14.0, 15.0, 16.0, 30.0]), np.array([1.0, 1.0, 2.0, 2.0, 0.0, 2.0])
    found = [(row.day, row.amount, row.interval, row.further) for row in repeated(days, amounts)]
    assert found == [(0.0, 1.0, 7.0, 1), (14.0, 2.0, 1.0, 1), (30.0, 2.0, 0.0, 0)]


def test_a_plan_has_one_subject_an_arm_and_the_same_bytes_twice(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(STUDY, encoding="utf-8")
    for out in ("one", "two"):
        done = anagen("export", "nonmem", "mine.yaml", out, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    assert files_of(tmp_path / "one") == files_of(tmp_path / "two")
    table = (tmp_path / "one" / "nonmem.csv").read_text(encoding="utf-8")
    assert table.startswith("C,ID,TIME,EVID,AMT,CMT,RATE,II,ADDL,DV,MDV,DVID,ARM\n.,1,0,2,0,5,")
    rows = rows_of(table.encode())
    assert {(row["ID"], row["ARM"]) for row in rows} == {("1", "1"), ("2", "2"), ("3", "3")}
    assert [row["TIME"] for row in rows if row["ID"] == "1" and row["DVID"] == "1"] == ["0", "42", "84", "168"]
    assert [(row["AMT"], row["II"], row["ADDL"]) for row in rows if row["EVID"] == "1"] == [
        ("10000000000", "14", "5"), ("1", "1", "167"), ("1", "14", "5")
    ]  # fmt: skip
    words = rows_of((tmp_path / "one" / "dictionary.csv").read_bytes())
    units = {row["name"]: row["unit"] for row in words if row["column"] == "CMT" and row["value"]}
    assert units["exosome_intradermal_adsc_native"] == "particles" and units["finasteride_oral"] == "mg"
    assert units["saline_injection_intradermal"] == "session" and units["total_density"] == "hairs/cm2"
    assert next(row["unit"] for row in words if row["column"] == "TIME") == "day"


def test_a_run_is_written_alike_from_its_folder_and_from_memory_and_both_tables_say_the_same(
    run: TrialResult, tmp_path: Path
) -> None:
    run.save(tmp_path / "run", report=False)
    for name in ("nonmem", "nlmixr2"):
        front.export(run, name, tmp_path / f"{name}-memory")
        done = anagen("export", name, "run", name, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert files_of(tmp_path / name) == files_of(tmp_path / f"{name}-memory")
        checked = anagen("check", name, cwd=tmp_path)
        assert checked.returncode == 0 and "60 subjects" in checked.stdout, checked.stderr
    numbers = rows_of((tmp_path / "nonmem" / "nonmem.csv").read_bytes())
    names = rows_of((tmp_path / "nlmixr2" / "nlmixr2.csv").read_bytes())
    words = rows_of((tmp_path / "nonmem" / "dictionary.csv").read_bytes())
    name_of = {(row["column"], row["value"]): row["name"] for row in words if row["value"]}
    assert len(numbers) == len(names)
    for coded, named in zip(numbers, names, strict=True):
        for column in ("CMT", "ARM", "SEX", "ETHN", "SEV"):
            assert name_of[column, coded[column]] == named[column.lower()]
        for column in ("ID", "TIME", "EVID", "AMT", "II", "ADDL", "MDV", "REP", "PAT", "AGE", "ONSET"):
            assert coded[column] == named[column.lower()]
        assert coded["DV"] == named["dv"].replace("NA", ".")
        assert all(len(value) <= 24 for value in coded.values())
        [float(value) for value in coded.values() if value != "."]


GOOD = """C,ID,TIME,EVID,AMT,CMT,RATE,II,ADDL,DV,MDV
.,1,0,1,50,1,0,0.5,10,.,1
.,1,7,0,0,2,0,0,0,12.5,0
C,1,8,0,0,2,0,0,0,wrong,0
.,2,0,0,0,2,0,0,0,11,0
"""


def test_a_table_without_a_fault_is_told_and_recognised(tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text(GOOD, encoding="utf-8")
    checked = anagen("check", "events.csv", cwd=tmp_path)
    assert checked.returncode == 0, checked.stderr
    assert "NONMEM: 2 subjects, 1 row of doses, 2 observations." in checked.stdout
    assert "1 row marked as comments, passed over." in checked.stdout
    for text, name in (("id,time,dv,amt,cmt\n1,0,1,0,e\n", "nlmixr2"), ("ID,TIME,DV,AMT\n1,0,1,0\n", "nonmem")):
        (tmp_path / "other.txt").write_text(text, encoding="utf-8")
        found = recognised(tmp_path / "other.txt")
        assert found is not None and found.name == name
    (tmp_path / "other.txt").write_text("id,time,age\n1,0,30\n", encoding="utf-8")
    assert recognised(tmp_path / "other.txt") is None
    (tmp_path / "events.csv").write_text(GOOD.replace("12.5", "x"), encoding="utf-8")
    checked = anagen("check", "events.csv", cwd=tmp_path)
    assert checked.returncode == 2 and "events.csv:3: DV: 'x' is no number" in checked.stderr


@pytest.mark.parametrize(
    ("was", "is_now", "words"),
    [
        (".,1,7,0,0,2", ".,1,-7,0,0,2", "3: TIME: -7 comes after 0; sort the rows of subject 1"),
        (".,2,0,0,0,2,0,0,0,11,0\n", ".,2,0,0,0,2,0,0,0,11,0\n.,1,9,0,0,2,0,0,0,1,0\n", "6: ID: 1 comes again after"),
        ("10,.,1", "10,3.5,1", "2: DV: stands in the row of a dose; give the observation a row of its own"),
        ("10,.,1", "10,.,0", "2: DV: stands in the row of a dose"),
        ("12.5", "12.5x", "3: DV: '12.5x' is no number; NONMEM reads numbers alone, `nlmixr2` names as well"),
        ("ID,TIME", "SUBJ,TIME", "ID: is no column"),
        (",AMT,CMT", ",DOSE,CMT", "1: AMT: is no column of the table; allowed: C, ID, TIME"),
        (".,1,7,0,0,2", ".,1,7,9,0,2", "3: EVID: unknown value 9; allowed: 0, 1, 2, 3, 4"),
        (".,1,7,0,0,2", ".,1,7,0,5,2", "3: AMT: 5 stands in a row that is no dose (EVID 0)"),
        (".,1,0,1,50", ".,1,0,1,0", "2: AMT: 0 is no dose; an amount is above 0"),
        ("0,0.5,10", "0,0,10", "2: II: 0 is no interval; ADDL 10 needs one above 0"),
        ("0,0.5,10", "0,0.5,1.5", "2: ADDL: 1.5 is no number of doses"),
        ("12.5,0", ".,0", "3: DV: is missing in an observation; write MDV 1, or EVID 2"),
        ("12.5,0", "12.5,2", "3: MDV: unknown value 2; allowed: 0, 1"),
        ("12.5,0", "12.5", "3: has 10 cells, the header 11"),
        (".,1,7,", ".,1,.,", "3: TIME: is blank"),
        ("12.5", "12.50000000000000000000000", "3: DV: has 26 characters; NONMEM takes 24 at most"),
        ("RATE", "RATE_OF_INFUSION_IN_DAYS", "1: RATE_OF_INFUSION_IN_DAYS: has 24 characters; NONMEM takes 20"),
        ("RATE", "MY RATE", "1: MY RATE: is no name: letters, digits and underscores"),
        ("RATE", "II", "1: II: is the name of two columns"),
        (GOOD.partition("\n")[2], "", "holds no row"),
    ],
)
def test_a_faulty_table_is_refused_by_line_and_column(was: str, is_now: str, words: str, tmp_path: Path) -> None:
    assert was in GOOD
    (tmp_path / "nonmem.csv").write_text(GOOD.replace(was, is_now, 1), encoding="utf-8")
    found = recognised(tmp_path / "nonmem.csv")
    assert found is not None and found.name == "nonmem"
    problem = found.check(tmp_path / "nonmem.csv").problems[0]
    assert words in problem.text()


def test_nlmixr2_takes_names_for_compartments_and_groups_and_numbers_for_the_rest(tmp_path: Path) -> None:
    good = "id,time,evid,amt,cmt,dv,sex\nA,0,1,5,depot,NA,male\nA,1,0,0,eff,3,male\n"
    (tmp_path / "mine.csv").write_text(good, encoding="utf-8")
    assert check_nlmixr2(tmp_path / "mine.csv").problems == ()
    (tmp_path / "mine.csv").write_text(good.replace("A,1,0", "A,one,0").replace("A,0,1,5", "A,0,8,5"), encoding="utf-8")
    first, second = (problem.text() for problem in check_nlmixr2(tmp_path / "mine.csv").problems)
    assert "2: evid: unknown value 8; allowed: 0, 1, 2, 3, 4, 5, 6, 7" in first
    assert "3: time: 'one' is no number" in second


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("export", "nonmem", "mine.yaml", "out", "--arm", "exosome"), "--arm: means nothing for an event table"),
        (("export", "nonmem", "mine.yaml", "mine.yaml"), "exists already"),
        (("export", "nlmixr2", "mine.yam", "out"), "is neither a file nor the name of a shipped study"),
        (("import", "nonmem", "mine.yaml"), "an event table of NONMEM is not imported"),
    ],
)
def test_wrong_requests_end_with_exit_code_2_and_write_nothing(
    arguments: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    (tmp_path / "mine.yaml").write_text(STUDY, encoding="utf-8")
    done = anagen(*arguments, cwd=tmp_path)
    assert done.returncode == 2 and words in done.stderr, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.yaml"]
