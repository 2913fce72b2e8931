# ruff: noqa: E501  (cases are read line by line)
"""What people write by habit is refused with what they meant, or read where it can mean one thing only."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from ruamel.yaml import YAML

from anagen.core.errors import InputError, Problem
from anagen.exosomes import library, parse_product
from anagen.parameters import parameter_source
from anagen.signalling.network import load_network, read_network
from anagen.study import Study, parse_set
from anagen.study.shipped import shipped_studies
from anagen.sweeps.plan import study_sweep
from cli_calls import anagen

STUDY = shipped_studies()["exosome-vs-saline"].read_text(encoding="utf-8")
PRODUCT = library()["adsc-native"].read_text(encoding="utf-8")
DOSE = 'dose: "1e10 particles"'
WRONG_PRODUCT = """name = "Bad Product"
title = "x"
source_cell = "wharton-jelly"
summary = "s"
unknown = []
[preparation]
isolation = ["TFF", "sec"]
viability = 95
[particles]
vial_volume = "5"
counting = "nanosight"
[particles.concentration]
value = 2e9
basis = "label"
source = "x"
grade = "D"
[dose]
value = "10 billion"
basis = "label"
source = "x"
grade = "C"
[batch]
cv = 40
source = "x"
[characterisation]
claims = "exosomes"
mycoplasma = true
[[marker]]
name = "cd63"
result = "yes"
source = "x"
[[storage]]
temperature = "-80"
days = 90
"""


def problems_of(read: object) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        read()  # type: ignore[operator]
    return caught.value.problems


def study_problems(old: str, new: str) -> tuple[Problem, ...]:
    assert old in STUDY, old
    return problems_of(lambda: Study.parse(STUDY.replace(old, new), "mine.yaml"))


@pytest.mark.parametrize(
    ("written", "suggestion"),
    [("10^10 particles", "1e10 particles"), ("1,5e10 particles", "1.5e10 particles"), ("10 billion particles", "10e9 particles")],
)  # fmt: skip
def test_a_dose_as_people_write_it_comes_with_what_was_meant(written: str, suggestion: str) -> None:
    (problem,) = study_problems(DOSE, f'dose: "{written}"')
    assert (problem.field, problem.suggestion) == ("arms[0].therapies[0].dose", suggestion)


def test_a_share_in_place_of_a_percentage_comes_with_the_percentage() -> None:
    assert 'viability = "95 %"' in PRODUCT
    (problem,) = problems_of(
        lambda: parse_product(PRODUCT.replace('viability = "95 %"', "viability = 0.95"), "mine.toml")
    )
    assert (problem.field, problem.suggestion) == ("preparation.viability", "95 %")


def test_a_whole_number_with_a_point_is_a_whole_number() -> None:
    plain, pointed = (Study.parse(STUDY.replace("patients: 30", f"patients: {n}")) for n in ("12", "12.0"))
    assert plain == pointed and plain.sha256 == pointed.sha256
    (first, *_) = study_problems("patients: 30", "patients: 12.5")
    assert "expected a whole number" in first.message


def test_too_many_patients_are_refused_once_an_arm_and_no_block_is_blamed() -> None:
    fields = [problem.field for problem in study_problems("patients: 30", "patients: 10000000")]
    assert fields == ["arms[0].patients", "arms[1].patients"]


def test_vesicles_of_ten_micrometres_are_refused_in_a_product_and_in_a_study_that_gives_it(tmp_path: Path) -> None:
    narrow = 'value = "120 nm"\nlow = "90 nm"\nhigh = "160 nm"'
    assert narrow in PRODUCT
    wide = PRODUCT.replace(narrow, 'value = "10 um"').replace("adsc-native", "mine")
    (problem,) = problems_of(lambda: parse_product(wide, "mine.toml"))
    assert problem.field == "particles.diameter.value" and "vesicles are 30 to 1000 nm wide" in problem.message
    (tmp_path / "mine.toml").write_text(wide, encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(STUDY.replace("product: adsc-native", "product: mine.toml"), encoding="utf-8")
    (problem,) = problems_of(lambda: Study.load(tmp_path / "mine.yaml"))
    assert "mine.toml" in problem.message and "vesicles are 30 to 1000 nm wide" in problem.message


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ('"sal\\u2028ine"', "holds a line break"),
        ('"sal\\u0085ine"', "holds a line break"),
        ('"saline\\nagain"', "one line of printable text"),
        ('"saline\\u202e"', "invisible character U+202E"),
        ('"sal\\u200eine"', "invisible character U+200E"),
        ('"sal\\x1bine"', "one line of printable text"),
        ('"=1+1"', "makes a spreadsheet compute it"),
        ('"+saline"', "makes a spreadsheet compute it"),
        ('"-saline"', "makes a spreadsheet compute it"),
        ('"@saline"', "makes a spreadsheet compute it"),
    ],
)
def test_a_name_of_an_arm_is_one_line_that_can_be_seen_and_is_no_formula(name: str, words: str) -> None:
    problems = study_problems("name: saline", f"name: {name}")
    assert words in problems[0].message and problems[0].text().isprintable()


def test_a_title_is_one_line_that_can_be_seen() -> None:
    title = next(line for line in STUDY.splitlines() if line.startswith("title:"))
    for text in ('"one\\ntwo"', '"one\\u2029two"', '"one\\u2066two"'):
        (problem,) = study_problems(title, f"title: {text}")
        assert problem.field == "title"
    (problem,) = problems_of(
        lambda: parse_product(PRODUCT.replace('summary = "', 'summary = "\\u202e', 1), "mine.toml")
    )
    assert problem.field == "summary" and "invisible character" in problem.message


def test_every_problem_of_a_product_file_is_told_at_once() -> None:
    fields = {problem.field for problem in problems_of(lambda: parse_product(WRONG_PRODUCT, "wrong.toml"))}
    assert fields == {
        "name", "source_cell", "unknown", "preparation.isolation[0]", "preparation.isolation[1]", "preparation.viability",
        "particles.vial_volume", "particles.counting", "particles.concentration.value", "particles.concentration.grade",
        "dose.value", "batch.cv", "characterisation.claims", "characterisation.mycoplasma", "marker[0].name",
        "marker[0].result", "storage[0].temperature", "storage[0].days",
    }  # fmt: skip


def test_what_people_call_a_method_and_a_cell_comes_with_its_name() -> None:
    text = WRONG_PRODUCT + '[[mirna]]\nname = "hsa-miR-218-5p"\nacts_on = "SFRP2"\nsource = "x"\n'
    found = {problem.field: problem.suggestion for problem in problems_of(lambda: parse_product(text, "wrong.toml"))}
    assert found["source_cell"] == "uc-msc" and "mirna[0].name" not in found
    assert (
        found["preparation.isolation[0]"] == "tangential-flow" and found["preparation.isolation[1]"] == "size-exclusion"
    )
    assert found["dose.value"] == "10e9 particles" and found["preparation.viability"] == "95 %"


def test_every_problem_of_a_network_file_is_told_at_once_with_its_line() -> None:
    text = """title = 5
[node.lower]
title = "x"
tau = "1 day"
basal = 0.1
source = "s"
grade = "E"
[[edge]]
from = "AR"
to = "DKK1"
sign = "->"
weight = "0.5"
nn = 2
[[edge]]
from = "MINOXIDIL"
to = "BCATENIN"
sign = "+"
weight = 2
n = 1
source = "s"
grade = "C"
"""
    found = [(p.line, p.field) for p in problems_of(lambda: read_network(text, "mine.toml", load_network()))]
    assert found == [
        (1, "title"), (2, "node.lower"), (4, "node.lower.tau"), (7, "node.lower.grade"), (11, "AR->DKK1.sign"),
        (12, "AR->DKK1.weight"), (13, "AR->DKK1.nn"), (14, "MINOXIDIL->BCATENIN"), (14, "MINOXIDIL->BCATENIN"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["conditions = 5", "node = 3", "[node]\nA = 1", "edge = {a = 1}", "edge = [1]", "input = [[]]"]
)
def test_a_network_of_another_shape_is_refused_in_plain_words(text: str) -> None:
    for base in (None, load_network()):
        for problem in problems_of(lambda base=base: read_network(text, "mine.toml", base)):
            assert (
                "expected" in problem.message
                or "needs at least one" in problem.message
                or "keeps the" in problem.message
            )


def test_an_impossible_character_of_a_study_is_named_with_its_line() -> None:
    (problem,) = study_problems("study: exosome-vs-saline", 'study: "\\UFFFFFFFF"')
    assert problem.line is not None and "a character after a backslash is none" in problem.message


@pytest.mark.parametrize(
    ("arguments", "field", "words"),
    [
        (("check",), "study", "Missing argument 'STUDY'"),
        (("check", "x", "--nope"), "", "No such option: --nope"),
        (("run", "x", "--seed", "abc"), "--seed", "expected a whole number"),
        (("run", "x", "--draws", "-1"), "--draws", "must be at least 0"),
        (("ledger", "verfy"), "", "Did you mean 'verify'?"),
    ],
)
def test_a_wrong_command_line_is_one_json_document_where_that_is_asked_for(
    tmp_path: Path, arguments: tuple[str, ...], field: str, words: str
) -> None:
    import json

    finished = anagen(*arguments, "--json", cwd=tmp_path)
    assert finished.returncode == 2
    (problem,) = json.loads(finished.stdout)["problems"]
    assert problem["field"] == field and words in problem["message"]
    assert words.split()[-1] in finished.stderr and "Input should" not in finished.stderr


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        (("run", "exosome-vs-saline", "--seed", "99999999999"), "--seed"),
        (("explain", "exosome-vs-saline", "--arm", "exosom"), "--arm"),
        (("check", "exosome-vs-saline", "--parameters", "priro"), "--parameters"),
        (("credibility", "exosome-vs-saline", "--samples", "12"), "--samples"),
        (("ledger", "verify", "--head", "x"), "--head"),
    ],
)
def test_an_argument_is_named_as_the_option_on_the_command_line_and_plainly_in_python(
    tmp_path: Path, arguments: tuple[str, ...], option: str
) -> None:
    finished = anagen(*arguments, cwd=tmp_path)
    assert finished.returncode == 2 and finished.stderr.startswith(f"{option}: ")
    (problem,) = problems_of(lambda: parameter_source("priro"))
    assert problem.field == "parameters"


AGE = "age: {mean: 38, sd: 9,"
OBSERVED = "observed:\n  - {arm: exosome, endpoint: total_density, week: 24, measure: change, mean: 8, se: 2, source: s, read: abstract}\n"


@pytest.mark.parametrize(
    ("old", "new", "field", "says", "suggestion"),
    [
        (AGE, "age: {mean: 35,5, sd: 9,", "population.age.mean", "35,5 has a comma", "35.5"),
        (AGE, "age: {mean: 38, sd: 0,75,", "population.age.sd", "write 0.75", "0.75"),
        (AGE, "age: {mean: 38, sd: 9,125,", "population.age.sd", "write 9125 if the comma marks thousands, 9.125 if", None),
        (DOSE, "dose: 1e10 particles\n        schedule: {every: 2,5}", "arms[0].therapies[0].schedule.every", "2,5 has a comma", "2.5"),
        ("design:", OBSERVED.replace("se: 2", "se: 2,4") + "design:", "observed[0].se", "2,4 has a comma", "2.4"),
        ("sex: {male: 1.0}", "sex: {male: 0,6, female: 0.4}", "population.sex.male", "0,6 has a comma", "0.6"),
        ("sex: {male: 1.0}", "sex: {male: 60, female: 40}", "population.sex.male", "must be at most 1", "0.6"),
        ("dropout: 0.10", "dropout: 10", "design.dropout", "must be less than 1", "0.1"),
        (AGE, 'age: {mean: "35,5", sd: 9,', "population.age.mean", "is text", "35.5"),
        ("design:", OBSERVED.replace("change, mean: 8, se: 2", "responder, threshold: 5, mean: 38.8") + "design:", "observed[0].mean", "write 38.8 % as 0.388", "0.388"),
    ],
)  # fmt: skip
def test_a_number_as_people_write_it_comes_with_what_was_meant(
    old: str, new: str, field: str, says: str, suggestion: str | None
) -> None:
    problems = study_problems(old, new)
    assert (problems[0].field, problems[0].suggestion) == (field, suggestion), problems
    assert says in problems[0].message
    assert not any("unknown key" in problem.message for problem in problems)


@pytest.mark.parametrize(("written", "suggestion"), [(0.8, "{mean: 0.8}"), (80, "{mean: 0.8}"), (800, None)])
def test_a_number_in_place_of_a_mapping_comes_with_its_only_needed_key(written: float, suggestion: str | None) -> None:
    study = Study.load("olsen-2002-minoxidil")
    (problem,) = problems_of(lambda: study.set(f"arms.{study.arms[0].name}.adherence", written))
    assert "expected keys with values" in problem.message and problem.suggestion == suggestion


def test_no_list_of_keys_holds_one_that_the_loader_fills_in() -> None:
    (problem,) = study_problems(DOSE, f"{DOSE}\n        calld: x")
    assert problem.suggestion is None and "dose" in problem.allowed
    with pytest.raises(InputError) as caught:
        Study.load("exosome-vs-saline").set("arms.exosome.follow", 1)
    for allowed in (problem.allowed, caught.value.problems[0].allowed):
        assert not {"called", "follows", "product_file"} & set(allowed)


def test_numbers_and_arrays_of_numpy_are_plain_numbers_in_a_study() -> None:
    plain = YAML(typ="safe").load(STUDY.replace("1e10 particles", "1.0e+10 particles"))
    packed = YAML(typ="safe").load(STUDY.replace("1e10 particles", "1.0e+10 particles"))
    packed["arms"][0]["patients"] = np.int64(30)
    packed["arms"][1]["patients"] = np.float32(30.0)
    packed["arms"][1]["control"] = np.True_
    packed["population"]["age"]["mean"] = np.array(38)
    packed["measurement"]["visits"] = np.array(packed["measurement"]["visits"])
    packed["population"]["condition"] = np.str_("aga")
    assert Study.from_dict(packed) == Study.from_dict(plain)
    assert Study.of(packed).set("measurement.visits", np.array([0, 12, 24])).measurement.visits == (0, 12, 24)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("x.xlsx", "is a workbook of Excel"), ("x.json", "is a JSON file"), ("x.txt", "is not a posterior")],
)
def test_a_file_that_is_no_posterior_is_refused_under_its_own_name(tmp_path: Path, name: str, kind: str) -> None:
    contents = {"x.xlsx": b"PK\x03\x04 xl/ ", "x.json": b'{"a": 1}', "x.txt": b"hello"}
    (tmp_path / name).write_bytes(contents[name])
    finished = anagen("run", "exosome-vs-saline", "--parameters", name, cwd=tmp_path)
    assert finished.returncode == 2
    assert (
        finished.stderr.startswith(f"{name}: ")
        and kind in finished.stderr
        and "name the .parquet file" in finished.stderr
    )


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("1e400 /cm^2", "is too large a number"),
        ("150 /cmm", "has the unknown unit 'cmm'"),
        ("1e+ /cm^2", "has no unit that can be read"),
    ],
)
def test_a_number_per_area_is_quoted_as_it_was_written(written: str, says: str) -> None:
    study = Study.load("lee-2011-erbium-glass")
    (problem,) = problems_of(lambda: study.set("arms.0.settings.density", written))
    assert problem.message.startswith(repr(written)) and says in problem.message and '"150 /cm2"' in problem.message


@pytest.mark.parametrize(
    ("study", "option"),
    [
        ("exosome-vs-saline", "arms.exosome.dose=1e9,1e9 particles"),
        ("exosome-vs-saline", "arms.exosome.dose=1e9,1000000000 vesicles"),
        ("exosome-vs-saline", "measurement.target_area=1 cm^2,100 mm^2"),
        ("exosome-vs-saline", "design.dropout=0.1,0.10"),
    ],
)
def test_equal_values_of_a_curve_are_refused_however_they_are_written(study: str, option: str) -> None:
    (problem,) = problems_of(lambda: study_sweep(study, [parse_set(option)]))
    assert problem.field == f"--set {option.partition('=')[0]}" and "make the same study" in problem.message


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        (AGE, "age: {mean: 38, sd: 1e300,", "population.age.sd"),
        (
            AGE,
            "years_since_onset: {mean: 1e300, sd: 1, min: 0, max: 1e300}\n  " + AGE,
            "population.years_since_onset.max",
        ),
        ("dropout: 0.10", "dropout: 0.10\nanalysis: {alpha: 1e-320}", "analysis.alpha"),
        ("{mean: 121.7, sd: 30}", "{mean: 121.7, sd: 1e9}", "population.baseline.total_density.sd"),
        ("{mean: 121.7, sd: 30}", "{mean: 121.7, sd: 250}", "population.baseline.total_density.sd"),
        ("design:", OBSERVED.replace("se: 2", "se: 1e300") + "design:", "observed[0].se"),
        ("design:", OBSERVED.replace("mean: 8", "mean: -1e300") + "design:", "observed[0].mean"),
    ],
)
def test_every_number_of_a_study_has_bounds(old: str, new: str, field: str) -> None:
    problems = study_problems(old, new)
    assert field in [problem.field for problem in problems] and "impossible" in " ".join(p.message for p in problems)


def test_what_follows_a_comma_is_quoted_only_where_it_can_be_printed() -> None:
    with pytest.raises(InputError) as caught:
        Study.parse('arms: [{name: a, patients: 0,"5\\nmeasurement"}]', "x.yaml")
    assert all(problem.text().isprintable() for problem in caught.value.problems)
