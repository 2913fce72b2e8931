"""A user's own trial becomes a study file: what patients show stands in it, and nothing is guessed silently."""

from __future__ import annotations

import json
import math
import re
import shutil
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anagen.core.errors import InputError
from anagen.formats.dataset import Column, Dataset
from anagen.formats.dataset_json.writing import json_bytes
from anagen.formats.format import Imported
from anagen.formats.registry import recognised
from anagen.formats.trial.numbers import style_of
from anagen.formats.trial.reader import read
from anagen.study import Study
from cli_calls import anagen

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLE, TABLE = (DOCS / "own-trial" / name for name in ("made-up-trial.csv", "table.csv"))
LINES = EXAMPLE.read_text(encoding="utf-8").splitlines()[1:]
needs_pyreadstat = pytest.mark.skipif(find_spec("pyreadstat") is None, reason="pyreadstat is in the extra `formats`")
FACTS = {
    "condition": "aga", "zone": "vertex", "target_area": "1 cm^2", "method": "phototrichogram",
    "ethnicity": "caucasian", "age": "mean 36 sd 7 min 18 max 50", "sex": "male",
}  # fmt: skip


def filled(made: Imported, **more: str) -> str:
    """The table of an import with the facts of a study filled in."""
    (form,) = made.files.values()
    table = pd.read_csv(BytesIO(form), dtype=str, keep_default_na=False)
    for name, means in (FACTS | more).items():
        table.loc[(table["part"] == "study") & (table["name"] == name), "means"] = means
        table.loc[(table["part"] == "file") & (table["name"] == name), "means"] = means
    return str(table.to_csv(index=False))


def study_of(path: Path, **more: str) -> Study:
    """The study of a file with its own best guesses and the facts of a study."""
    table = path.parent / "filled.csv"
    table.write_text(filled(read(path, None), **more), encoding="utf-8")
    (text,) = read(path, table).files.values()
    return Study.parse(text.decode())


def observed(study: Study) -> list[tuple[Any, ...]]:
    return [(row.arms, row.endpoint, row.week, row.measure, row.mean, row.sd, row.se, row.n) for row in study.observed]


def problem_of(error: pytest.ExceptionInfo[InputError]) -> str:
    return "\n".join(problem.text() for problem in error.value.problems)


def test_the_page_shows_what_its_commands_print(tmp_path: Path) -> None:
    for file in (EXAMPLE, TABLE):
        shutil.copy(file, tmp_path)
    blocks = re.findall(r"```console\n\$ anagen (.*?)\n(.*?)```", (DOCS / "own-trial.md").read_text("utf-8"), re.DOTALL)
    assert len(blocks) == 2
    for command, printed in blocks:
        done = anagen(*command.split(), cwd=tmp_path)
        assert (done.returncode, done.stdout) == (0, printed), done.stderr
    checked = anagen("check", "my-study.yaml", cwd=tmp_path)
    assert checked.returncode == 0 and "one of the 24 patients of patients.csv" in checked.stdout


def test_observed_is_what_the_patients_show() -> None:
    (text,) = read(EXAMPLE, TABLE).files.values()
    study = Study.parse(text.decode())
    table = pd.read_csv(EXAMPLE, comment="#").pivot(index=["Patient", "Group"], columns="Visit", values="Hairs per cm2")
    change = (
        table.sub(table["Baseline"], axis=0).drop(columns="Baseline").groupby("Group").agg(["mean", "std", "count"])
    )
    arms = [row for row in study.observed if row.measure == "change" and row.arm is not None]
    assert len(arms) == 4
    for row in arms:
        mean, sd, n = change.loc[str(row.arm)][f"Week {row.week:g}"]
        assert row.mean == pytest.approx(mean, rel=1e-9) and row.sd == pytest.approx(sd, rel=1e-9) and row.n == n
    by_week = {(row.week, row.arm): row for row in arms}
    for row in (row for row in study.observed if row.is_contrast):
        one, two = (by_week[row.week, arm] for arm in row.arms)
        assert one.mean is not None and two.mean is not None and one.sd and two.sd and one.n and two.n
        assert row.mean == pytest.approx(one.mean - two.mean) and row.n == one.n + two.n
        assert row.se == pytest.approx(math.sqrt(one.sd**2 / one.n + two.sd**2 / two.n))
    shares = {(row.week, row.arm): row.mean for row in study.observed if row.measure == "responder"}
    gained = table["Week 24"] - table["Baseline"]
    for arm in change.index:
        here = gained.xs(arm, level="Group").dropna()
        assert shares[24.0, arm] == pytest.approx((here >= 10.0).mean())
    assert all(row.use == "check" for row in study.observed)
    baseline = table["Baseline"]
    target = study.population.baseline["total_density"]
    assert (target.mean, target.sd) == (
        pytest.approx(baseline.mean(), rel=1e-4),
        pytest.approx(baseline.std(), rel=1e-4),
    )
    assert study.measurement.visits == (0.0, 12.0, 24.0) and [arm.patients for arm in study.arms] == [12, 12]
    assert study.design.leaving.share == pytest.approx(2.0 / 24.0, rel=1e-4)
    assert "M01" not in text.decode()


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("semicolons", ("Delimiter: semicolon.", "Decimal sign: comma.")),
        ("tabs", ("Delimiter: tab (as said).",)),
        ("utf-16", ("Encoding: UTF-16, by its byte-order mark.",)),
        ("latin-1", ("Encoding: Windows-1252 (Latin-1), as it is not UTF-8.",)),
        ("bom", ("Encoding: UTF-8, with a byte-order mark.",)),
    ],
)
def test_the_same_trial_is_read_however_it_was_saved(kind: str, told: tuple[str, ...], tmp_path: Path) -> None:
    text = "\n".join(LINES)
    raw = {
        "semicolons": text.replace(",", ";").replace(".", ",").encode(),
        "tabs": ("sep=\t\r\n" + text.replace(",", "\t").replace("\n", "\r\n")).encode(),
        "utf-16": text.encode("utf-16"),
        "latin-1": text.replace("M01,", "Möller,").encode("latin-1"),
        "bom": b"\xef\xbb\xbf" + text.encode(),
    }[kind]
    (tmp_path / "trial.csv").write_bytes(raw)
    assert set(told) <= set(read(tmp_path / "trial.csv", None).lines)
    (plain,) = read(EXAMPLE, TABLE).files.values()
    wanted = [row for row in observed(Study.parse(plain.decode())) if row[3] == "change"]
    assert observed(study_of(tmp_path / "trial.csv")) == wanted


def test_a_row_a_patient_says_the_same_as_a_row_a_visit(tmp_path: Path) -> None:
    table = pd.read_csv(EXAMPLE, comment="#")
    keys = ["Patient", "Group", "Sex", "Age", "Norwood"]
    wide = table.pivot(index=keys, columns="Visit", values="Hairs per cm2").reset_index()
    wide.columns = [{"Baseline": "density_w0", "Week 12": "density_w12"}.get(name, name) for name in wide.columns]
    wide.rename(columns={"Week 24": "density week 24"}).to_csv(tmp_path / "wide.csv", index=False, sep="|", na_rep=".")
    (plain,) = read(EXAMPLE, TABLE).files.values()
    wanted = [row for row in observed(Study.parse(plain.decode())) if row[3] == "change"]
    assert observed(study_of(tmp_path / "wide.csv")) == wanted


def test_codes_with_a_blank_are_missing_and_numbers_nobody_named_tell_no_decimal_sign(tmp_path: Path) -> None:
    path = tmp_path / "german.csv"
    table = pd.read_csv(EXAMPLE, comment="#")
    names = {"Hairs per cm2": "Haardichte", "Patient": "Patient", "Group": "Gruppe", "Visit": "Termin"}
    table = table[list(names)].rename(columns=names)
    table.to_csv(path, index=False, sep=";", decimal=",", na_rep="k. A.")
    guesses = read(path, None)
    assert "Decimal sign: not looked for, as no column is known to hold numbers." in guesses.lines
    wide = table.pivot(index=["Patient", "Gruppe"], columns="Termin", values="Haardichte").reset_index()
    wide.columns = ["Patient", "Group", "density week 0", "density week 12", "density week 24"]
    (plain,) = read(EXAMPLE, TABLE).files.values()
    wanted = [row for row in observed(Study.parse(plain.decode())) if row[3] == "change"]
    for code in ("k. A.", "not done"):
        wide.to_csv(path, index=False, sep=";", decimal=",", na_rep=code)
        made = filled(read(path, None), sex="male", age="mean 34 sd 4 min 26 max 42") + f"file,missing,{code},,\n"
        (tmp_path / "filled.csv").write_text(made, encoding="utf-8")
        found = read(path, tmp_path / "filled.csv")
        assert f"Missing values: {code} (3)." in found.lines and "Decimal sign: comma." in found.lines
        assert observed(Study.parse(next(iter(found.files.values())).decode())) == wanted


def test_no_primary_week_is_guessed_where_a_visit_could_be_later(tmp_path: Path) -> None:
    path = tmp_path / "trial.csv"
    text = "\n".join(LINES)
    for visit, primary in (("Week 24", "total_density week 24"), ("Week 24 / End of Treatment", "")):
        path.write_text(text.replace("Week 24", visit), encoding="utf-8")
        (form,) = read(path, None).files.values()
        rows = pd.read_csv(BytesIO(form), dtype=str, keep_default_na=False).set_index(["part", "name"])["means"]
        assert rows["study", "primary"] == primary


def test_dates_are_those_of_planned_visits_and_their_order_is_asked_for(tmp_path: Path) -> None:
    def table(months: tuple[int, int]) -> str:
        rows = [
            f"{i},{'Finasteride' if i % 2 else 'Placebo'},M,{30 + i},{first},{120 + 15 * i + gain}"
            for i in range(6)
            for first, gain in ((f"0{1 + i}/{months[0]:02d}/2024", 0), (f"0{2 + i}/{months[1]:02d}/2024", 5 + i))
        ]
        return "id,arm,sex,age,date,total_density\n" + "\n".join(rows) + "\n"

    path = tmp_path / "dates.csv"
    path.write_text(table((2, 5)), encoding="utf-8")
    with pytest.raises(InputError) as error:
        study_of(path, visits="0 13", primary="total_density week 13")
    assert "dates.csv:2: '01/02/2024' can be day/month or month/day" in problem_of(error)
    study = study_of(path, visits="0 13", primary="total_density week 13", dates="DD/MM/YYYY")
    assert [row.mean for row in study.observed if row.arm == "Placebo"] == [7.0]
    with pytest.raises(InputError) as error:
        study_of(path, visits="0 13", primary="total_density week 13", dates="MM/DD/YYYY")
    assert "dates.csv:3: total_density: patient '0' has total_density at week 0 in line 2 already" in problem_of(error)
    path.write_text(
        table((2, 5)).replace("06/02/2024", "26/02/2024").replace("07/05/2024", "27/05/2024"), encoding="utf-8"
    )
    study_of(path, visits="0 13", primary="total_density week 13")
    assert "Dates: DD/MM/YYYY, by 26/02/2024 in line 12." in read(path, None).lines


def test_printed_results_become_observed(tmp_path: Path) -> None:
    path = tmp_path / "results.csv"
    path.write_text(
        "Arm;Week;Endpoint;N;Mean;SD\n"
        "Finasteride;0;total hair density;50;150,0;30,0\nPlacebo;0;total hair density;50;154,0;30,0\n"
        "Finasteride;24;total hair density;47;9,5;18,0\nPlacebo;24;total hair density;45;-1,5;17,0\n",
        encoding="utf-8",
    )
    study = study_of(path)
    assert observed(study) == [
        (("Finasteride",), "total_density", 24.0, "change", 9.5, 18.0, None, 47),
        (("Placebo",), "total_density", 24.0, "change", -1.5, 17.0, None, 45),
    ]
    target = study.population.baseline["total_density"]
    between = math.sqrt((2 * 49 * 30.0**2 + 2 * 50 * 2.0**2) / 99)
    assert (target.mean, target.sd) == (152.0, pytest.approx(between, rel=1e-4))
    assert [(arm.name, arm.patients, arm.control) for arm in study.arms] == [
        ("Finasteride", 50, False),
        ("Placebo", 50, True),
    ]


def datasets(suffix: str) -> dict[str, bytes]:
    """ADSL and ADEFF of the example."""
    table = pd.read_csv(EXAMPLE, comment="#")
    people = table.drop_duplicates("Patient")
    adsl = pd.DataFrame({"USUBJID": people["Patient"], "TRT01P": people["Group"], "SEX": people["Sex"]}).astype("str")
    adsl["AGE"] = people["Age"].astype(float)
    adeff = pd.DataFrame({"USUBJID": table["Patient"], "AVISIT": table["Visit"]}).astype("str")
    adeff["PARAMCD"], adeff["PARAM"] = "HAIRDENS", "Total Hair Density (hairs/cm2)"
    adeff = adeff.astype("str")
    adeff["AVAL"] = table["Hairs per cm2"]
    made = [
        Dataset(
            name,
            label,
            tuple(Column(str(c), str(c), "number" if frame[c].dtype == float else "text", 40) for c in frame),
            frame,
        )
        for name, label, frame in (("ADSL", "Subjects", adsl.reset_index(drop=True)), ("ADEFF", "Efficacy", adeff))
    ]
    if suffix == "json":
        return {f"{each.name.lower()}.json": json_bytes(each, study="made-up") for each in made}
    from anagen.formats.xpt.writing import xpt_bytes

    return {f"{each.name.lower()}.xpt": xpt_bytes(each) for each in made}


@pytest.mark.parametrize("suffix", ["json", pytest.param("xpt", marks=needs_pyreadstat)])
def test_a_folder_of_adam_is_read(suffix: str, tmp_path: Path) -> None:
    folder = tmp_path / "adam"
    folder.mkdir()
    for name, raw in datasets(suffix).items():
        (folder / name).write_bytes(raw)
    (plain,) = read(EXAMPLE, TABLE).files.values()
    wanted = [row for row in observed(Study.parse(plain.decode())) if row[3] == "change"]
    assert observed(study_of(folder)) == wanted
    found = recognised(folder)
    assert found is not None and found.name in ("trial", "adam")
    (folder / f"adeff.{suffix}").unlink()
    with pytest.raises(InputError) as error:
        read(folder, None)
    assert "holds ADSL and no ADEFF" in problem_of(error)


WORKBOOK = b"PK\x03\x04" + b"\0" * 26 + b"xl/workbook.xml"
BAD: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "is empty; expected a table as text (CSV)"),
    "blank": (b"\n \n", "is empty; expected"),
    "prose": (b"A letter to the editor.\n", "no comma, semicolon, tab or bar parts its first line"),
    "zero": (b"a,b\n1,\0\n", "trial.csv:2: holds a byte of zero"),
    "page": (b"<!DOCTYPE html><html></html>", "is a web page, not a table of a trial; expected"),
    "workbook": (WORKBOOK, "is a workbook of Excel"),
    "no header": (b"1,2,3\n4,5,6\n", "holds numbers and no names of columns"),
    "two headers": (
        b"id,arm,week,value\n-,-,wk,n/cm2\n1,a,0,150\n",
        "trial.csv:2: holds words where the rows below hold numbers",
    ),
    "twice": (b"id,id,arm\n1,2,a\n", "trial.csv:1: id: names two columns"),
    "no name": (b"id,,arm\n1,2,a\n", "column 2: has no name"),
    "ragged": (b"id,arm\n1,a\n2,a,3\n", "trial.csv:3: has 3 cells, and the header 2"),
    "open quote": (b'id,arm\n1,"a\n', "trial.csv:2: cannot be read as a table"),
    "formula": (b"id,arm,week\n1,=cmd|'/c calc'!A0,0\n", "begins as a formula does"),
    "two delimiters": (b"a;b,c;d\n1;2,3;4\n", "can be parted by comma or semicolon; say which in the table"),
    "header alone": (b"id,arm\n", "has a header and no row below it"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_wrong_file_is_told_what_it_is(name: str, tmp_path: Path) -> None:
    raw, words = BAD[name]
    (tmp_path / "trial.csv").write_bytes(raw)
    done = anagen("import", "trial", "trial.csv", "--out", "made.csv", cwd=tmp_path)
    assert done.returncode == 2 and words in done.stderr, done.stderr
    assert not (tmp_path / "made.csv").exists()


def test_what_is_too_large_or_no_file_is_told_at_once(tmp_path: Path) -> None:
    with (tmp_path / "big.csv").open("wb") as stream:
        stream.truncate(1_000_000_000)
    (tmp_path / "folder").mkdir()
    for name, words in (
        ("big.csv", "1,000 MB; at most 50 MB"),
        ("folder", "holds no dataset"),
        ("none.csv", "no such file"),
    ):
        done = anagen("import", "trial", name, cwd=tmp_path)
        assert done.returncode == 2 and words in done.stderr


CHANGED: dict[str, tuple[str, str, str]] = {
    "a value twice": ("\nM02,", "\nM01,Minoxidil 5 % solution,M,32,III vertex,Week 24,190.0\nM02,",
                      "has total_density at week 24 in line 4 already"),
    "two arms": ("M01,Minoxidil 5 % solution,M,32,III vertex,Week 12", "M01,Vehicle,M,32,III vertex,Week 12",
                 "trial.csv:3: Group: patient 'M01' is in 'Vehicle' here and in 'Minoxidil 5 % solution' in line 2"),
    "a code": ("NA", "-99", "is impossible; total hair density lies between 0 and"),
    "a formula": ("NA", "=1+1", "'=1+1' is a formula"),
    "a word": ("NA", "12*", "'12*' is no number"),
    "two sexes": ("M01,Minoxidil 5 % solution,M,32,III vertex,Week 12",
                  "M01,Minoxidil 5 % solution,F,32,III vertex,Week 12",
                  "'F' has no row 'sex'"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGED)
def test_a_wrong_row_is_told_with_its_line(name: str, tmp_path: Path) -> None:
    before, after, words = CHANGED[name]
    text = "\n".join(LINES)
    assert before in text
    (tmp_path / "trial.csv").write_text(text.replace(before, after, 1), encoding="utf-8")
    shutil.copy(TABLE, tmp_path / "table.csv")
    done = anagen("import", "trial", "trial.csv", "--table", "table.csv", "--out", "made.yaml", cwd=tmp_path)
    assert done.returncode == 2 and words in done.stderr, done.stderr
    assert not (tmp_path / "made.yaml").exists()


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("column,Group,arm", "column,Group,arn", "unknown role 'arn'"),
        ("column,Group,arm", "column,Grupp,arm", "is no column of"),
        ("column,Group,arm", "column,Group,", "no column is the arm"),
        ("study,zone,vertex", "study,zone,", "study zone: is blank and cannot be told from the data"),
        ("study,zone,vertex", "study,zone,vertx", "did you mean 'vertex'?"),
        ("arm,Vehicle,placebo", "arm,Vehicle,plazebo", "unknown therapy 'plazebo'"),
        ("arm,Vehicle,placebo", "arm,Vehicel,placebo", "arm 'Vehicle' has no row in"),
        ("visit,Week 12,12", "visit,Week 12,later", "'later' is no week"),
        (
            "study,primary,total_density week 24",
            "study,primary,total_density week 25",
            "no values at week 25; allowed: 12, 24",
        ),
        ("total_density,1,", "total_density,0,", "factor: is '0'; expected a number above 0"),
        ("part,name,means", "part,name,meaning", "means: is no column of the file"),
        ("sex,M,male", "sex,M,male\nsex,M,female", "sex 'M' stands in line"),
    ],
)
def test_a_wrong_table_is_told_with_its_line(before: str, after: str, words: str, tmp_path: Path) -> None:
    text = TABLE.read_text(encoding="utf-8")
    assert before in text
    (tmp_path / "table.csv").write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(InputError) as error:
        read(EXAMPLE, tmp_path / "table.csv")
    assert words in problem_of(error)


def test_an_arm_or_visit_that_means_nothing_is_left_out_and_counted(tmp_path: Path) -> None:
    text = TABLE.read_text(encoding="utf-8").replace("visit,Week 12,12", "visit,Week 12,")
    (tmp_path / "table.csv").write_text(text, encoding="utf-8")
    made = read(EXAMPLE, tmp_path / "table.csv")
    assert "Left out: 24 rows of the visit 'Week 12', which has no week in the table." in made.lines
    (study,) = made.files.values()
    assert Study.parse(study.decode()).measurement.visits == (0.0, 24.0)


def test_a_table_of_a_trial_is_known_by_its_content(tmp_path: Path) -> None:
    checked = anagen("check", str(EXAMPLE), cwd=tmp_path)
    assert checked.returncode == 0 and "is a table of a trial." in checked.stdout
    (tmp_path / "evidence.csv").write_text("study,arm_n,endpoint\na,2,b\n", encoding="utf-8")
    assert recognised(tmp_path / "evidence.csv") is None
    document = json.loads(anagen("import", "trial", str(EXAMPLE), "--json", cwd=tmp_path).stdout)
    assert document["format"] == "trial" and "part,name,means" in document["text"]["table.csv"]


@given(
    numbers=st.lists(st.floats(0.0, 99999.0).map(lambda x: round(x, 2)), min_size=1, max_size=20),
    comma=st.booleans(),
    grouped=st.booleans(),
)
def test_numbers_are_read_as_they_were_written(numbers: list[float], comma: bool, grouped: bool) -> None:
    # a number with two decimals tells the sign
    written = [f"{number:,.2f}" if grouped else f"{number:.2f}" for number in numbers]
    if comma:
        written = [text.translate(str.maketrans(",.", ".,")) for text in written]
    style = style_of(enumerate(written), "a.csv")
    assert [style.number(text) for text in written] == numbers
    assert all(math.isnan(style.number(code)) for code in ("", "NA", ".", "-", "n/a"))
    assert np.isfinite([style.number(text) for text in written]).all()


def test_a_baseline_that_nobody_can_have_is_said_and_the_rest_stands(tmp_path: Path) -> None:
    rows = [
        f"{i},{'Finasteride' if i % 2 else 'Placebo'},{week},{150 + i % 3 + week}" for i in range(6) for week in (0, 24)
    ]
    (tmp_path / "alike.csv").write_text("id,arm,week,total_density\n" + "\n".join(rows) + "\n", encoding="utf-8")
    table = tmp_path / "filled.csv"
    table.write_text(filled(read(tmp_path / "alike.csv", None)), encoding="utf-8")
    made = read(tmp_path / "alike.csv", table)
    (said,) = [line for line in made.lines if line.startswith("Not matched")]
    assert "population.baseline.total_density.sd" in said and "less than counting the same scalp twice gives" in said
    (text,) = made.files.values()
    target = Study.parse(text.decode()).population.baseline["total_density"]
    assert (target.mean, target.sd) == (151.0, None)


def test_adam_of_a_package_is_read_by_what_was_measured(tmp_path: Path) -> None:
    """Filled-in records are left out, grades are known by their words, a folder adam is found."""
    table = pd.read_csv(EXAMPLE, comment="#").rename(columns={"Patient": "USUBJID", "Group": "TRT01P", "Sex": "SEX"})
    table = table.rename(columns={"Age": "AGE", "Norwood": "SEVBL", "Visit": "AVISIT", "Hairs per cm2": "AVAL"})
    first = table[table["AVISIT"] == "Baseline"].set_index("USUBJID")["AVAL"]
    table = table.assign(PARAMCD="HAIRDENS", ANL01FL="Y", DTYPE="", BASE=table["USUBJID"].map(first))
    filled_in = table[table["AVAL"].isna()].assign(DTYPE="LOCF", AVAL=150.0)
    again = table[:2].assign(ANL01FL="N", AVAL=1.0)
    measured = table[(table["AVISIT"] != "Baseline") & table["AVAL"].notna()]
    table = pd.concat([measured, filled_in, again], ignore_index=True)
    columns = tuple(
        Column(name, name, "number" if table[name].dtype == float else "text", 40) for name in table.columns
    )
    table = table.astype({column.name: "str" for column in columns if column.kind == "text"})
    (tmp_path / "package" / "adam").mkdir(parents=True)
    raw = json_bytes(Dataset("ADEFF", "Efficacy", columns, table), study="made-up")
    (tmp_path / "package" / "adam" / "adeff.json").write_bytes(raw)
    form = filled(read(tmp_path / "package", None))
    assert "SEVBL,norwood" in form and "DTYPE,derived" in form and "BASE,baseline" in form
    (tmp_path / "filled.csv").write_text(form, encoding="utf-8")
    made = read(tmp_path / "package", tmp_path / "filled.csv")
    assert "Left out: 3 rows with DTYPE, which were not measured." in made.lines
    assert "Left out: 2 rows in which ANL01FL is not Y." in made.lines
    (plain,), (text,) = read(EXAMPLE, TABLE).files.values(), made.files.values()
    wanted = [row for row in observed(Study.parse(plain.decode())) if row[3] == "change"]
    assert observed(Study.parse(text.decode())) == wanted
