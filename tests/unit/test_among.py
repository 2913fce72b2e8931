"""Published values of patients who were chosen by their response: read, refused with what to write, predicted."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

from anagen.analysis.expected import expected_table, responder_shares
from anagen.core.errors import InputError
from anagen.evidence.comparison import FEW_CHOSEN, compare_row, error_of_chosen, expected_of, outcomes
from anagen.evidence.from_studies import rows_of_study
from anagen.evidence.uses import CHOSEN, use_of
from anagen.parameters import load_parameters
from anagen.scalp import Readings
from anagen.study import Study
from anagen.study.among import Among
from anagen.study.describe import describe
from anagen.study.observed import Observed
from anagen.trials.protocol import protocol
from anagen.validation.cases import AMONG, Case, facts, published
from anagen.validation.references import peers_of

FILE = Path(__file__).parents[1] / "examples" / "brave-aa2-down-titration.yaml"
TEXT = FILE.read_text(encoding="utf-8")
LINE = "    among: {endpoint: salt, week: 52, measure: responder_value, threshold: 20}"
STUDY = Study.load(FILE)
ROW = STUDY.observed[0]
VALUES = {0: load_parameters("prior").draw(1, 0)}


def without_filter() -> str:
    return "\n".join(line for line in TEXT.splitlines() if line.strip() != LINE.strip()) + "\n"


def test_who_is_meant_is_told() -> None:
    text = describe(STUDY)
    assert (
        "4 mg, then 2 mg, of those whose severity of alopecia (SALT) was 20 points or less at week 52 (as measured, "
        "with its error): responder value of severity of alopecia (SALT) at week 152" in text
    )


@pytest.mark.parametrize(
    ("new", "field", "says", "suggestion"),
    [
        ("endpoint: slat", "endpoint", "unknown endpoint 'slat'", "salt"),
        ("week: 50", "week", "week 50 is not the week of a visit", "52"),
        ("week: 160", "week", "week 160 is after the last visit (week 152)", "152"),
        ("measure: value", "measure", "is a value of each patient; who is chosen is a responder", "responder_value"),
        ("threshold: 120", "threshold", "lies between 0 and 100", None),
        ("treshold: 20", "treshold", "unknown key", "threshold"),
    ],
)
def test_a_wrong_condition_is_refused_in_its_line(new: str, field: str, says: str, suggestion: str | None) -> None:
    key = {"treshold": "threshold"}.get(field, field)
    old = next(part for part in LINE[LINE.index("{") + 1 : -1].split(", ") if part.startswith(key))
    text = TEXT.replace(LINE, LINE.replace(old, new), 1)
    with pytest.raises(InputError) as caught:
        Study.parse(text, "x.yaml")
    problem = next(each for each in caught.value.problems if each.field == f"observed[0].among.{field}")
    assert says in problem.message and problem.suggestion == suggestion
    assert problem.line == 1 + text[: text.index(new)].count("\n")


def test_a_change_at_baseline_chooses_nobody() -> None:
    change = "among: {endpoint: salt, week: 0, measure: responder_percent, threshold: -50}"
    with pytest.raises(InputError, match="week 0"):
        Study.parse(TEXT.replace(LINE.strip(), change), "x.yaml")
    level = "among: {endpoint: salt, week: 0, measure: responder_value, threshold: 90}"
    assert "was 90 points or less at week 0" in describe(Study.parse(TEXT.replace(LINE.strip(), level), "x.yaml"))


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"use": "calibrate"}, "nothing is fitted to patients who were chosen"),
        ({"endpoint": "adverse_event:acne", "measure": "share", "threshold": None}, "adverse events are not followed"),
    ],
)
def test_what_cannot_be_of_chosen_patients_is_refused(changed: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Observed.model_validate(ROW.model_dump() | changed)


def test_it_informs_nothing_and_is_pooled_with_nothing() -> None:
    assert [use_of(row, STUDY) for row in STUDY.observed] == [("check", CHOSEN)] * 4
    rows = rows_of_study("brave", STUDY)
    assert {row.use for row in rows} == {"exclude"}
    assert "was 20 points or less at week 52" in rows[0].reason and rows[0].n == 44


def test_the_key_enters_the_hash_where_it_is_written_and_no_dump_where_it_is_not() -> None:
    plain = Study.parse(without_filter())
    assert plain.sha256 != STUDY.sha256
    assert all("among" not in row for row in plain.to_dict()["observed"])
    again = Study.from_dict(STUDY.to_dict())
    assert again == STUDY and again.sha256 == STUDY.sha256
    other = Study.parse(TEXT.replace("week: 52, measure", "week: 36, measure"))
    assert other.sha256 not in (plain.sha256, STUDY.sha256)


def readings() -> list[Readings]:
    """Eight patients per arm (two of each group): SALT of 80 at baseline, then as written; two arms alike up to 52."""
    plan = protocol(STUDY)
    course = np.array(
        [
            # week 0, 36, 52, 104, 152
            [80, 30, 10, 10, 10],
            [80, 30, 10, 10, 40],
            [80, 30, 20, 40, 40],
            [80, 30, 20, 10, 10],
            [80, 30, 21, 5, 5],
            [80, 30, 60, 5, 5],
            [80, 30, 60, 60, 60],
            [80, 30, 10, 10, np.nan],
        ],
        dtype=np.float64,
    )
    values = np.full((8, 5, len(plan.endpoints)), np.nan)
    values[:, :, [endpoint.name for endpoint in plan.endpoints].index("salt")] = course
    worse = values.copy()
    worse[:, 3:] = 90.0
    return [Readings(each - 1.0, each - 1.0, each) for each in (values, worse)]


def expected() -> pd.DataFrame:
    return expected_table(readings(), protocol(STUDY), draw=0)


def test_the_expected_value_is_that_of_those_whose_own_measured_value_met_the_condition() -> None:
    table = expected()
    # of the five with 20 or less at week 52, all but the third at week 104; two of four at week 152
    for row, share in zip(STUDY.observed, (4 / 5, 2 / 4, 0.0, 0.0), strict=True):
        found = expected_of(row, table)
        assert found is not None and found[0] == pytest.approx(share), row.week
    chosen = table[table["measure"] == ROW.tabulated]
    assert (chosen["patients"].to_list(), set(chosen["of"])) == ([5, 4, 5, 5], {8})


def test_the_same_value_of_all_patients_stands_apart() -> None:
    plain = Study.parse(without_filter())
    table = expected_table(readings(), protocol(plain), draw=0)
    found = expected_of(plain.observed[0], table)
    assert found is not None and found[0] == pytest.approx(6 / 8)
    # a filter adds rows of its own and takes none away but those of shares that nobody asked for
    assert responder_shares(protocol(STUDY)) == [("salt", 36.0, "responder_value", 20.0)]
    both = expected()
    everyone = both[~both["measure"].str.contains("among")].reset_index(drop=True)
    asked = table[(table["threshold"].isna()) | (table["week"] == 36.0)].reset_index(drop=True)
    pd.testing.assert_frame_equal(everyone, asked)


def test_a_condition_that_all_meet_is_no_condition() -> None:
    lax = Study.parse(TEXT.replace("responder_value, threshold: 20}", "responder_value, threshold: 100}"))
    plain = Study.parse(without_filter())
    tables = [expected_table(readings(), protocol(study), draw=0) for study in (lax, plain)]
    for one, other in zip(lax.observed, plain.observed, strict=True):
        found = [expected_of(row, table) for row, table in zip((one, other), tables, strict=True)]
        assert found[0] is not None and found[1] is not None and found[0].equals(found[1])


def trial(levels: list[float]) -> pd.DataFrame:
    """Visits of patients with a SALT of `levels` at week 52 and half of it later."""
    rows = [
        {
            "replicate": 0,
            "assigned": True,
            "arm": arm,
            "patient": patient,
            "endpoint": "salt",
            "week": week,
            "measured": 80.0 if week == 0.0 else level if week <= 52.0 else level / 2.0,
        }
        for arm in ("4 mg throughout", "4 mg, then 2 mg")
        for patient, level in enumerate(levels)
        for week in STUDY.measurement.visits
    ]
    return pd.DataFrame(rows)


def test_the_spread_between_patients_is_that_of_the_chosen() -> None:
    visits = trial([10.0, 20.0, 30.0, 60.0])
    change = Observed.model_validate(ROW.model_dump() | {"measure": "change", "threshold": None, "mean": -70.0})
    assert outcomes("4 mg throughout", change, visits).tolist() == [-75.0, -70.0]
    table = expected()
    assert error_of_chosen(change, visits, table) == pytest.approx(np.std([-75.0, -70.0], ddof=1) / math.sqrt(44))
    share = (0.8 * 44 + 1) / 46
    assert error_of_chosen(ROW, visits, table) == pytest.approx(math.sqrt(share * (1 - share) / 44))


def test_where_nobody_is_chosen_nothing_is_predicted() -> None:
    strict = Study.parse(TEXT.replace("responder_value, threshold: 20}", "responder_value, threshold: 3}"))
    plan = protocol(strict)
    table = expected_table(readings(), plan, draw=0)
    found = compare_row(strict.observed[0], trial([10.0, 20.0]), table, plan, VALUES)
    assert not found["comparable"] and FEW_CHOSEN in found["remark"]


def test_draws_in_which_nobody_is_chosen_are_left_out_and_counted() -> None:
    table, plan = expected(), protocol(STUDY)
    draws = [table.assign(draw=draw) for draw in (0, 1, 2)]
    numbers = [name for name in table.columns if name == "expected" or name.startswith("group_")]
    draws[2].loc[draws[2]["measure"] == ROW.tabulated, numbers] = np.nan
    found = compare_row(ROW, trial([10.0, 20.0]), pd.concat(draws), plan, dict.fromkeys((0, 1, 2), VALUES[0]))
    assert found["comparable"] and math.isfinite(found["predicted"])
    assert "nobody meets the condition in 1 of 2 parameter draws" in found["remark"]
    assert found["subject"] == ROW.whose != ROW.subject


def test_forecasters_take_only_patients_chosen_alike_for_peers() -> None:
    case = Case("one", STUDY, STUDY.sha256)
    table = facts(case)
    assert set(table[AMONG]) == {"among salt 52 responder_value 20"} and len(published(case)) == 4
    others = pd.concat([table.assign(study=f"s{i}", source=f"s{i}", cohort="") for i in range(3)], ignore_index=True)
    others.loc[others["study"] == "s2", AMONG] = np.nan
    assert set(peers_of(others.iloc[0], others)["study"]) == {"s1"}
    assert set(peers_of(others.iloc[-1], others)["study"]) == set(), "nobody chose all patients elsewhere"


def test_conditions_in_words() -> None:
    fallen = Among(endpoint="salt", week=36, measure="responder_percent", threshold=-50)
    assert fallen.words == "whose severity of alopecia (SALT) had fallen by 50 % or more by week 36"
