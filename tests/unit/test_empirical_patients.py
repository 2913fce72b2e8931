"""Simulated patients drawn from those of a trial: whole, at their own addresses, and refused where they do not fit."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from anagen.core.errors import InputError
from anagen.parameters import load_parameters
from anagen.patients import Population, sample_population
from anagen.studio.forms.draft import draft_of
from anagen.studio.forms.study_file import read_text, with_files
from anagen.study import Study
from anagen.trials.recruited import population_spec
from cli_calls import anagen

ROWS = "age,sex,norwood,ludwig,ethnicity\n31,male,IV,,asian\n41,male,V,,\n25,male,IIIv,,\n55,female,,II,\n28,male,,,\n"
TEXT = """
study: own
population:
  condition: aga
  sex: {male: 0.8, female: 0.2}
  age: {mean: 36, sd: 12, min: 25, max: 55}
  ethnicity: {caucasian: 0.8, asian: 0.2}
  empirical: {file: mine.csv, text: "ROWS"}
arms:
  - {name: minoxidil, patients: 20, therapies: [{therapy: minoxidil}]}
  - {name: vehicle, patients: 20, control: true, therapies: [{therapy: placebo}]}
measurement: {zone: vertex, target_area: "1 cm^2", method: phototrichogram, visits: [0, 24]}
endpoints: {primary: {endpoint: total_density, week: 24, measure: change}}
"""


def study(rows: str = ROWS) -> Study:
    return Study.parse(TEXT.replace("ROWS", rows.replace("\n", "\\n")))


def drawn(held: Study, patients: int = 4000, replicate: int = 0) -> Population:
    values = load_parameters("prior").draw(0, 0)
    numbers = np.arange(patients)
    return sample_population(population_spec(held), values, seed=1, patients=numbers, replicate=replicate)


def test_patients_are_drawn_whole_and_equally_often() -> None:
    people = drawn(study())
    seen = Counter(zip(people.age.tolist(), people.sex, strict=True))
    assert set(seen) == {(31.0, "male"), (41.0, "male"), (25.0, "male"), (55.0, "female"), (28.0, "male")}
    # binomial: 800 of 4000, five standard deviations
    assert all(abs(number - 800) < 5 * np.sqrt(4000 * 0.2 * 0.8) for number in seen.values())
    of = dict(zip(people.age.tolist(), zip(people.severity, people.ethnicity, strict=True), strict=True))
    assert (of[31.0], of[41.0][0], of[25.0][0], of[55.0][0]) == (("IV", "asian"), "V", "IIIv", "II")
    unknown = {grade for age, grade in zip(people.age, people.severity, strict=True) if age == 28.0}
    assert unknown == {"III", "IIIv", "IV", "V"}


def test_a_patient_does_not_depend_on_who_is_drawn_with_him() -> None:
    many, few = drawn(study(), 50), drawn(study(), 7)
    assert many.age[:7].tolist() == few.age.tolist() and many.sensitivity[:7].tolist() == few.sensitivity.tolist()
    assert drawn(study(), 50, replicate=1).age.tolist() != many.age.tolist()


def test_what_is_not_in_the_file_is_drawn_as_without_it() -> None:
    held = study()
    without = Study.parse("\n".join(line for line in TEXT.splitlines() if "empirical" not in line))
    assert held.sha256 != without.sha256
    assert drawn(held).sulfotransferase.tolist() == drawn(without).sulfotransferase.tolist()
    assert "empirical" not in without.to_dict()["population"]


def test_density_goes_on_falling_with_age() -> None:
    # without ethnicity, which is denser or sparser by itself
    people = drawn(study(ROWS.replace("asian", "")), 20000)
    people = people.take(np.flatnonzero([name == "caucasian" for name in people.ethnicity]))
    correlation = np.corrcoef(people.age, np.log(people.follicle_density))[0, 1]
    wanted = load_parameters("prior").draw(0, 0)["population.correlation_age_density"]
    # five standard errors of 0.008
    assert wanted < 0.0 and abs(correlation - wanted) < 0.04


def test_the_study_keeps_the_patients_with_their_hash() -> None:
    held = study()
    assert Study.from_dict(held.to_dict()).sha256 == held.sha256 == Study.parse(held.to_yaml()).sha256
    assert study(ROWS.replace("31,", "32,")).sha256 != held.sha256
    assert "one of the 5 patients of mine.csv" in str(held.check())


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("31,male,IV", "31,man,IV", "mine.csv:2: sex: is 'man'; allowed: male, female"),
        ("31,male,IV", "310,male,IV", "mine.csv:2: age: is '310'; expected years from 12.25 to 100"),
        ("31,male,IV", "31,male,IX", "mine.csv:2: norwood: is 'IX'"),
        ("31,male,IV", "20,male,IV", "holds ages from 20 to 55, and population.age 25 to 55"),
        ("55,female,,II", "55,female,II,", "norwood: does not grade a patient whose sex is 'female'"),
        ("asian", "african", "holds 'african', which population.ethnicity does not name"),
        ("age,sex", "age,weight", "weight: is no column of a table of patients"),
        ("41,male,V,,\n25,male,IIIv,,\n", "", "holds 3 patients; at least 5"),
        ("31,male,IV,,asian", "31,male,IV", "mine.csv:2: has 3 cells, and the header 5"),
    ],
)
def test_patients_that_do_not_fit_are_refused(before: str, after: str, words: str) -> None:
    assert before in ROWS
    with pytest.raises(InputError) as error:
        study(ROWS.replace(before, after, 1))
    assert words in str(error.value)


def test_the_form_of_the_studio_keeps_the_patients() -> None:
    data = read_text(TEXT.replace('{file: mine.csv, text: "ROWS"}', "mine.csv"), "own.yaml")
    assert any("population.empirical" in problem.text() for problem in draft_of(data).problems)
    whole = draft_of(with_files(data, {"mine.csv": ROWS}))
    assert whole.study is not None and whole.study.sha256 == study().sha256


def test_a_file_of_patients_is_named_beside_the_study_or_on_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_bytes(ROWS.replace("\n", "\r\n").encode())
    (tmp_path / "own.yaml").write_text(TEXT.replace('{file: mine.csv, text: "ROWS"}', "mine.csv"), encoding="utf-8")
    assert Study.load(tmp_path / "own.yaml").sha256 == study().sha256
    without = "\n".join(line for line in TEXT.splitlines() if "empirical" not in line)
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "own.yaml").write_text(without, encoding="utf-8")
    named = ("--set", "population.empirical=mine.csv")
    done = anagen("check", "deeper/own.yaml", *named, cwd=tmp_path)
    assert done.returncode == 0 and "one of the 5 patients of mine.csv" in done.stdout, done.stderr
    refused = anagen("check", "deeper/own.yaml", "--set", "population.empirical=none.csv", cwd=tmp_path)
    assert refused.returncode == 2 and "there is no file" in refused.stderr
    (tmp_path / "mine.csv").write_bytes(b"PK\x03\x04" + b"\0" * 26 + b"xl/workbook.xml")
    refused = anagen("check", "deeper/own.yaml", *named, cwd=tmp_path)
    assert refused.returncode == 2 and "is a workbook of Excel" in refused.stderr
