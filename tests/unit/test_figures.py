"""Numbers behind the figures against hand-computed ones, and figures drawn for odd but possible results."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pandas as pd
import pytest
import report_tables as made

from anagen.core.errors import InputError
from anagen.reports import style
from anagen.reports.figures import consort, effects, individual_changes, predicted_observed, replicates, trajectories
from anagen.reports.figures.baseline import baseline_data
from anagen.reports.figures.panels import marks_explained
from anagen.reports.gallery import FIGURES, draw_figures, treatment_sessions
from anagen.reports.summaries import chance_of_significance, individual_values
from anagen.runs.result import TrialResult

SIX = (
    "exosome 1e9 particles",
    "exosome 1e10 particles",
    "exosome with minoxidil 5 % solution twice a day",
    "finasteride",
    "platelet-rich plasma",
    "saline injection",
)


def small_visits() -> pd.DataFrame:
    """Three patients on arm a and one on b, two weeks; patient 1 misses the last visit. A second replicate is wild."""
    rows: list[dict[str, Any]] = []
    own = {0: "a", 1: "a", 2: "b", 3: "a"}
    measured = {0: (100.0, 112.0), 1: (200.0, np.nan), 2: (50.0, 45.0), 3: (100.0, 108.0)}
    for arm in ("a", "b"):
        for patient in own:
            for index, week in enumerate((0.0, 24.0)):
                mine = own[patient] == arm
                rows.append(
                    {
                        "replicate": 0,
                        "draw": 0,
                        "arm": arm,
                        "patient": patient,
                        "assigned": mine,
                        "zone": "vertex",
                        "week": week,
                        "endpoint": "total_density",
                        "true": 0.0,
                        "expected": 100.0 + (10.0 if arm == "a" else 1.0) * index,
                        "measured": measured[patient][index] if mine else np.nan,
                    }
                )
    other = [{**row, "replicate": 1, "measured": 1e6 * row["week"]} for row in rows]
    return pd.DataFrame(rows + other).astype({"arm": "category", "endpoint": "category"})


def small_arms(low: float = 5.0, high: float = 23.0) -> pd.DataFrame:
    rows = [
        ("a", 0.0, 0.0, 0.0 * low, 0.0 * high),
        ("a", 24.0, 10.0, low, high),
        ("b", 0.0, 0.0, 0.0 * low, 0.0 * high),
        ("b", 24.0, 1.0, low, high),
    ]
    table = pd.DataFrame(rows, columns=["arm", "week", "expected", "parameter_low", "parameter_high"])
    return table.assign(endpoint="total_density", measure="change", expected_error=0.25)


def test_trajectories_by_hand() -> None:
    data = trajectories.trajectory_data(small_visits(), small_arms(), "total_density", "change")
    assert len(data) == 4
    data = data.set_index(["arm", "week"])
    end = data.loc[("a", 24.0)]
    assert end["n"] == 2  # the patient who missed the visit is left out
    assert end["mean"] == 10.0  # (12 + 8) / 2
    assert end["se"] == pytest.approx(2.0)  # SD sqrt(8), n 2
    assert end["ci_high"] == pytest.approx(10.0 + 12.706 * 2.0, abs=0.01)  # t with 1 degree of freedom
    assert (end["expected"], end["parameter_low"], end["parameter_high"]) == (10.0, 5.0, 23.0)
    assert data.loc[("b", 24.0), "n"] == 1
    assert np.isnan(data.loc[("b", 24.0), "ci_low"])  # one patient has no interval
    assert data.loc[("a", 0.0), "mean"] == 0.0


def test_trajectories_keep_weeks_that_were_expected_but_not_measured() -> None:
    visits = small_visits().assign(measured=np.nan)
    data = trajectories.trajectory_data(visits, small_arms(), "total_density", "responder")
    assert data["expected"].tolist() == [0.0, 10.0, 0.0, 1.0]
    assert data["mean"].isna().all()


def test_marks_are_explained_as_they_are_drawn() -> None:
    visits = small_visits()
    banded = trajectories.trajectory_data(visits, small_arms(), "total_density", "change")
    plain = trajectories.trajectory_data(visits, small_arms(np.nan, np.nan), "total_density", "change")
    assert "pale band" in marks_explained([banded], "95 %")
    assert "Fewer than 20 parameter draws were run" in marks_explained([plain], "95 %")


def test_percent_change_and_value() -> None:
    rows = small_visits().query("replicate == 0 and assigned")
    percent = individual_values(rows, "measured", "percent_change").query("week == 24").set_index("patient")["value"]
    assert percent[0] == pytest.approx(12.0)
    assert percent[2] == pytest.approx(-10.0)
    value = individual_values(rows, "measured", "value").query("week == 24").set_index("patient")["value"]
    assert value[2] == 45.0


def test_percent_change_of_a_zero_baseline_is_missing() -> None:
    rows = small_visits().query("replicate == 0 and assigned").assign(measured=0.0)
    assert individual_values(rows, "measured", "percent_change")["value"].isna().all()


def test_individual_changes_by_hand() -> None:
    data = individual_changes.individual_data(small_visits(), "total_density", "change", 24.0)
    assert data.to_dict("list") == {"arm": ["a", "a", "b"], "patient": [0, 3, 2], "value": [12.0, 8.0, -5.0]}
    boxes = individual_changes.box_data(data)
    assert boxes.loc["a", "above_zero"] == 2
    assert boxes.loc["b", "above_zero"] == 0
    assert boxes.loc["a", "q50"] == 10.0


def test_swarm_keeps_within_its_width() -> None:
    offsets = individual_changes.swarm_offsets(np.zeros(400), 0.2)
    assert np.abs(offsets).max() <= 0.2 + 1e-9
    assert np.unique(offsets).size == 400
    assert individual_changes.swarm_offsets(np.zeros(0), 0.2).size == 0


def test_effects_by_hand() -> None:
    table = made.effects(("a", "c"), "c", draws=0, measures=(("primary", "total_density", "change"),))
    draws = [
        {**table.iloc[-1].to_dict(), "draw": draw, "estimate": value}
        for draw, value in enumerate(np.linspace(0.0, 20.0, 21), start=1)
    ]
    data = effects.effect_data(pd.concat([table, pd.DataFrame(draws)], ignore_index=True))
    row = data.iloc[0]
    assert len(data) == 1
    assert row["estimate"] == table.loc[table["kind"] == "trial", "estimate"].iloc[0]
    assert (row["low90"], row["low50"], row["high50"], row["high90"]) == pytest.approx((1.0, 5.0, 15.0, 19.0))
    assert row["draws"] == 21


def test_effects_take_the_first_replicate_and_put_the_primary_first() -> None:
    table = made.effects(
        ("a", "c"),
        "c",
        replicates=3,
        measures=(("secondary", "anagen_share", "change"), ("primary", "total_density", "change")),
    )
    data = effects.effect_data(table)
    assert list(data["role"]) == ["primary", "secondary"]
    first = table.query("kind == 'trial' and replicate == 0 and role == 'primary'")["estimate"].iloc[0]
    assert data["estimate"].iloc[0] == first


def test_thresholds_are_contrasts_of_their_own() -> None:
    table = made.effects(("a", "c"), "c", measures=(("primary", "total_density", "responder"),))
    both = pd.concat([table.assign(threshold=10.0), table.assign(threshold=20.0, role="secondary")])
    data = effects.effect_data(both)
    assert data["threshold"].tolist() == [10.0, 20.0]
    name = made.NAMES["total_density"]
    assert effects.row_measure(data.iloc[1], name).endswith("gained at least 20\u00a0hairs/cm²")


def test_own_baseline_is_not_called_a_control() -> None:
    data = effects.effect_data(made.effects(("exosome",), None))
    assert effects.row_name(data.iloc[0]) == "exosome"
    assert "no control" in effects.effect_title(data, made.NAMES)


def test_replicates_count_significance() -> None:
    table = made.effects(("a", "c"), "c", replicates=4, draws=0)
    primary = (table["kind"] == "trial") & (table["role"] == "primary")
    table.loc[primary, "p_value"] = [0.01, 0.2, np.nan, 0.049]
    data = replicates.replicate_data(table, 0.05)
    assert list(data["significant"]) == [True, False, False, True]


def test_comparison_verdicts() -> None:
    data = predicted_observed.comparison_data(made.comparison())
    assert predicted_observed.verdict_counts(data) == {"inside": 3, "outside": 1, "not compared": 0}
    assert len(data) == 4  # the adverse event has no prediction


def test_chance_of_significance() -> None:
    assert float(chance_of_significance(0.0, 2.0, 0.05)) == pytest.approx(0.05)
    assert float(chance_of_significance(1.959964 * 2.0, 2.0, 0.05)) == pytest.approx(0.5, abs=1e-4)
    assert float(chance_of_significance(-100.0, 2.0, 0.05)) == pytest.approx(1.0)


def test_baseline_by_hand() -> None:
    patients = pd.DataFrame({"replicate": [0, 0, 0, 1], "arm": ["a", "a", "b", "a"], "age": [20.0, 40.0, np.nan, 99.0]})
    data = baseline_data(patients, ["age", "years_since_onset"], ["a", "b"])
    assert data[["arm", "n", "q50"]].to_numpy().tolist() == [["a", 2, 30.0]]


def test_sessions_follow_the_schedule() -> None:
    study = made.study(("a", "c"), "c")
    assert treatment_sessions(study, 24.0) == {"a": [0, 2, 4, 6, 8, 10], "c": [0, 2, 4, 6, 8, 10]}
    study["arms"][0]["therapies"][0]["schedule"] = {"start": 0.0, "per_day": 2.0, "until": 24.0}
    assert list(treatment_sessions(study, 4.0)) == ["c"]
    sessions = {"a": [0.0], "b": [0.0], "c": [], "d": []}
    rows = trajectories.session_rows(sessions, {"d": [(0.0, 12.0)]})
    assert rows == [(("a", "b"), (0.0,), ()), (("d",), (), ((0.0, 12.0),))]


@pytest.mark.parametrize(
    "arms", [("a",), ("exosome", "saline"), SIX, tuple(f"arm number {k} of many" for k in range(9))]
)
@pytest.mark.parametrize("reasons", [0, 1, 12])
def test_flow_boxes_hold_their_text_and_do_not_overlap(arms: tuple[str, ...], reasons: int) -> None:
    flow = made.flow(arms)
    flow["excluded"] = {
        f"a rather long reason for exclusion of a patient at screening, number {k}": k for k in range(reasons)
    }
    layout = consort.flow_layout(consort.flow_data(flow, arms), top=0.5)
    for box in layout.boxes:
        assert box.left >= 0
        assert box.left + box.width <= layout.width + 1e-9
        assert box.bottom <= layout.height + 1e-9
        assert len(box.lines) * style.line_height(style.SMALL_SIZE) <= box.height
        for line in box.lines:
            assert style.text_width(line.text, style.SMALL_SIZE, "bold" if line.bold else "normal") <= box.width
    for number, one in enumerate(layout.boxes):
        for other in layout.boxes[number + 1 :]:
            beside = one.left + one.width <= other.left or other.left + other.width <= one.left
            above = one.bottom <= other.top or other.bottom <= one.top
            assert beside or above


def test_flow_tells_what_was_not_recorded() -> None:
    data = consort.flow_data({"screened": None, "randomised": {"a": 3}}, ["a"])
    assert data["screened"] is None
    assert data["arms"] == [("a", 3, None, None)]
    texts = [line.text for box in consort.flow_layout(data).boxes for line in box.lines]
    assert "n not recorded" in texts
    assert "lost not recorded" in consort.consort_alt(data)


def test_measured_width_of_text_is_that_of_the_drawn_text() -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    with style.styled():
        figure = style.new_figure(6, 1)
        canvas = FigureCanvasAgg(figure)
        text = figure.text(0, 0, "Allocated to exosome 1e10", fontsize=9, fontweight="bold")
        drawn = text.get_window_extent(canvas.get_renderer()).width / figure.dpi
    assert style.text_width("Allocated to exosome 1e10", 9, "bold") == pytest.approx(drawn, rel=0.05)


def test_wrapping_keeps_every_letter_and_the_width() -> None:
    words = "a verylongwordthatcannotbebrokenanywhere and more"
    lines = style.wrap_text(words, 1.0, 9)
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")
    assert all(style.text_width(line, 9) <= 1.0 for line in lines)


def test_labels_are_spread_in_order() -> None:
    moved = style.spread_labels([5.0, 5.1, 5.2, 50.0], 2.0)
    assert np.diff(moved).min() >= 2.0 - 1e-9
    assert moved[3] == 50.0


def test_controls_are_grey_and_others_are_not() -> None:
    looks = style.arm_looks(["placebo", "drug", "none"], ["placebo", "none"])
    assert looks["placebo"].colour == style.CONTROL_GREYS[0]
    assert looks["none"].colour == style.CONTROL_GREYS[1]
    assert looks["drug"].colour == style.PALETTE[0]


@pytest.mark.parametrize(
    ("arms", "control", "draws"),
    [(("exosome", "saline"), "saline", 0), (SIX, SIX[-1], 5), (("exosome",), None, 0), (("exosome",), None, 5)],
)
def test_figures_are_drawn(arms: tuple[str, ...], control: str | None, draws: int) -> None:
    drawn = draw_figures(made.contents(arms, control, draws=draws, patients=8), made.NAMES)
    assert tuple(drawn) == FIGURES
    missing = {name for name, figure in drawn.items() if figure.reason}
    assert missing == {"replicates"}
    for name, figure in drawn.items():
        if name not in missing:
            assert figure.png.startswith(b"\x89PNG")
            assert figure.svg.rstrip().endswith(b"</svg>")
            assert figure.alt
            assert "nan" not in figure.alt.lower().replace("finance", "")


def test_a_result_names_only_the_pictures_that_it_has() -> None:
    contents = made.contents(draws=0, observed=False)
    result = TrialResult(contents)
    drawn = draw_figures(contents)
    assert result.figures() == tuple(name for name, figure in drawn.items() if figure.reason is None)
    assert {"replicates", "predicted_observed"}.isdisjoint(result.figures())
    for name in result.figures():
        assert result.plot(name).axes
    with pytest.raises(InputError, match=r"replicates is not drawn: The trial was run once.*allowed: effects"):
        result.plot("replicates")
    with pytest.raises(InputError, match="there is no picture 'effect'"):
        result.plot("effect")


def test_reasons_stand_in_for_figures_without_data() -> None:
    whole = made.contents(draws=0, observed=False)
    empty = whole.visits.assign(measured=np.nan)
    drawn = draw_figures(made.changed(whole, visits=empty), made.NAMES)
    assert "published results" in (drawn["predicted_observed"].reason or "")
    assert "week 24" in (drawn["individual_changes"].reason or "")
    assert drawn["trajectories"].reason is None  # the expected course can still be drawn


def test_responders_and_missing_p_values_are_drawn() -> None:
    arms = ("exosome", "saline")
    whole = made.contents(arms, draws=3, replicates=3)
    study = made.study(arms, "saline")
    study["endpoints"]["primary"] = {
        "endpoint": "total_density",
        "week": 24.0,
        "measure": "responder",
        "threshold": 10.0,
    }
    table = made.effects(arms, "saline", draws=3, replicates=3, p_value=float("nan"))
    table.loc[table["role"] == "primary", "measure"] = "responder"
    drawn = draw_figures(made.changed(whole, study=study, effects=table), made.NAMES)
    assert all(figure.reason is None for figure in drawn.values())


def test_importing_the_reports_does_not_import_matplotlib() -> None:
    modules = "anagen.reports, anagen.reports.report, anagen.reports.gallery, anagen.reports.tables"
    code = f"import {modules}, sys; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_drawing_leaves_no_date_and_no_changed_setting() -> None:
    import matplotlib

    before = dict(matplotlib.rcParams)
    drawn = draw_figures(made.contents(draws=0, patients=4), made.NAMES)
    assert dict(matplotlib.rcParams) == before
    for figure in drawn.values():
        assert b"<dc:date>" not in figure.svg
        assert b"atplotlib v" not in figure.svg
        assert b"Software" not in figure.png
