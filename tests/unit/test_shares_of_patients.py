"""A share of patients is named for what it counts, counted in every arm, and drawn as what its threshold judges."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import report_tables as made
from result_samples import sample_contents

from anagen.cli.summary import print_summary
from anagen.reports import baseline, tables
from anagen.reports.answer import answer_of
from anagen.reports.figures import effects, individual_changes, panels, trajectories
from anagen.reports.numbers import NBSP
from anagen.reports.outline import Choice, outline_of
from anagen.reports.summaries import shares_reached
from anagen.reports.wording import EndpointName, measure_words, quantity_words, reached_words
from anagen.results import Rows
from anagen.runs.summary import arm_rows, headline_of, summarise

HAIR = EndpointName("Total hair density", "hairs/cm²")
SALT = EndpointName("Severity of alopecia (SALT)", "points", rising=False)
ARMS = ("cooled", "not cooled")


def values(before: float, *after: float) -> pd.DataFrame:
    """Patients of one value at baseline on either arm, the first arm with twice the last value."""
    rows = [
        {"replicate": 0, "arm": arm, "patient": patient, "assigned": True, "zone": "vertex", "week": week}
        | {"endpoint": "total_density", "measured": before if week == 0.0 else value * (2 - k)}
        for k, arm in enumerate(ARMS)
        for patient, value in enumerate(after)
        for week in (0.0, 24.0)
    ]
    return pd.DataFrame(rows)


def loss(*, draws: int = 4) -> made.Contents:
    """A result whose primary endpoint is the share of patients who lost at least half."""
    whole = made.contents(ARMS, ARMS[1], draws=draws, observed=False)
    primary = {"endpoint": "total_density", "week": 24.0, "measure": "responder_percent", "threshold": -50.0}
    study = {**whole.study, "endpoints": {"primary": primary, "secondary": []}}
    table = whole.effects[whole.effects["role"] == "primary"].copy()
    table = table.assign(measure="responder_percent", threshold=-50.0)
    numbers = {"estimate": -0.5, "ci_low": -0.7, "ci_high": -0.3, "p_value": 0.001}
    table.loc[table["kind"] == "trial", list(numbers)] = list(numbers.values())
    visits = values(100.0, 20.0, 40.0, 60.0, np.nan).assign(draw=0, true=0.0, expected=0.0)
    return made.changed(
        whole, study=study, effects=table, visits=visits, manifest={**whole.manifest, "primary": primary}
    )


@pytest.mark.parametrize(
    ("name", "measure", "threshold", "words"),
    [
        (HAIR, "responder_percent", -50.0, "lost at least 50 %"),
        (HAIR, "responder", 10.0, "gained at least 10 hairs/cm²"),
        (HAIR, "responder", 0.0, "lost nothing"),
        (HAIR, "responder_value", 150.0, "had at least 150 hairs/cm²"),
        (SALT, "responder_value", 20.0, "had at most 20 points"),
        (SALT, "responder_percent", -50.0, "had a fall of at least 50 %"),
        (SALT, "responder", 10.0, "had a rise of at least 10 points"),
    ],
)
def test_a_share_says_who_is_counted(name: EndpointName, measure: str, threshold: float, words: str) -> None:
    assert reached_words(measure, threshold, name).replace(NBSP, " ") == words
    for text in (measure_words(measure, threshold, name), quantity_words(name, measure, threshold)):
        assert words in text.replace(NBSP, " ")
        assert "responder" not in text
    assert "responder" not in measure_words(measure)


def test_patients_are_counted_on_the_side_of_the_threshold() -> None:
    visits = values(100.0, 20.0, 40.0, 60.0, np.nan)
    lost = shares_reached(visits, Choice("total_density", 24.0, "responder_percent", -50.0), rising=True)
    assert {arm: (share.reached, share.judged) for arm, share in lost.items()} == {
        "cooled": (1, 3),
        "not cooled": (2, 3),
    }
    low = shares_reached(visits, Choice("total_density", 24.0, "responder_value", 40.0), rising=False)
    high = shares_reached(visits, Choice("total_density", 24.0, "responder_value", 40.0), rising=True)
    assert (low["cooled"].reached, high["cooled"].reached) == (1, 3)
    assert low["cooled"].share == pytest.approx(1 / 3)


def test_a_loss_is_told_as_a_loss() -> None:
    contents = loss()
    answer, outline = answer_of(contents, {"total_density": HAIR}), outline_of(contents.study)
    text = " ".join([answer.headline, *answer.paragraphs]).replace(NBSP, " ")
    assert answer.headline.replace(NBSP, " ") == (
        "The share of patients who lost at least 50 % in total hair density at week 24 was smaller on cooled than on "
        "not cooled."
    )
    assert "1 of 3 patients (33 %) on cooled and 2 of 3 patients (67 %) on not cooled lost at least 50 %" in text
    title = effects.effect_title(effects.effect_data(contents.effects), {"total_density": HAIR})
    assert "share of patients who lost at least 50" in title
    table = tables.arms_table(contents.arms, {"total_density": HAIR}, outline, 4, contents.first("visits"))
    cells = [[cell.text.replace(NBSP, " ") for cell in row] for row in table.rows]
    assert ["Total hair density, share of patients who lost at least 50 %"] in cells
    assert any(row[0] == "not cooled" and "67 % (2 of 3)" in row for row in cells)
    assert "responder" not in text + title


def test_the_console_counts_a_share_in_every_arm(capsys: pytest.CaptureFixture[str]) -> None:
    whole = sample_contents()
    primary = {"endpoint": "total_density", "week": 24.0, "measure": "responder_percent", "threshold": -50.0}
    visits = values(100.0, 20.0, 40.0, 60.0, np.nan).assign(draw=0, true=0.0, expected=0.0)
    visits["arm"] = visits["arm"].map(dict(zip(ARMS, ("exosome", "saline"), strict=True)))
    contents = replace(
        whole,
        rows={**whole.rows, "visits": Rows("visits", (visits,))},
        effects=whole.effects.assign(measure="responder_percent", threshold=-50.0),
        manifest={**whole.manifest, "primary": primary},
        flow={**whole.flow, "randomised": {"exosome": 3, "saline": 1}},
    )
    counted = {row["arm"]: (row["reached"], row["judged"], row["randomised"]) for row in arm_rows(contents)}
    assert counted == {"exosome": (1, 3, 3), "saline": (2, 3, 1)}
    assert "lost at least 50" in headline_of(contents)
    print_summary({**summarise(contents), "folder": "out", "report": None})
    printed = capsys.readouterr().out.replace(NBSP, " ")
    assert "1 of 3 (33 %)" in printed
    assert "2, 3, " in printed, "planned and randomised patients stand apart"
    assert "share of patients who lost at least 50 %" in printed
    assert "responder" not in printed


@pytest.mark.parametrize(
    ("measure", "threshold", "title", "axis"),
    [
        ("responder_value", 20.0, "SALT at week 24: 1 of 4 patients on a had at most 20 points", "Value at week 24"),
        ("responder", -50.0, "SALT at week 24: 2 of 4 patients on a had a fall of at least 50 points", "Change at"),
        ("responder_percent", -50.0, "SALT at week 24: 2 of 4 patients on a had a fall of at least 50 %", "Change at"),
        ("change", None, "SALT fell by week 24 in 3 of 4 patients on a", "Change at week 24"),
        ("value", None, "Individual values of SALT at week 24", "Value at week 24"),
    ],
)
def test_individuals_are_drawn_as_what_is_judged(measure: str, threshold: float | None, title: str, axis: str) -> None:
    salt = EndpointName("SALT", "points", rising=False)
    rows = [
        {"replicate": 0, "arm": "a", "patient": patient, "assigned": True, "week": week, "endpoint": "salt"}
        | {"measured": 100.0 if week == 0.0 else value}
        for patient, value in enumerate((10.0, 45.0, 80.0, 120.0))
        for week in (0.0, 24.0)
    ]
    data = individual_changes.individual_data(pd.DataFrame(rows), "salt", measure, 24.0)
    assert individual_changes.individual_title(data, ["a"], salt, measure, 24.0, threshold).replace(NBSP, " ") == title
    figure = individual_changes.individual_figure(data, made_looks("a"), salt, measure, 24.0, threshold)
    assert figure.axes[0].get_ylabel().startswith(axis)
    drawn = [np.asarray(line.get_ydata(), dtype=float) for line in figure.axes[0].get_lines()]
    lines = [y[0] for y in drawn if y.size == 2]
    assert (0.0 in lines) == ("value" not in measure), "only a change has a line at zero"
    assert threshold is None or threshold in lines


def made_looks(*arms: str) -> dict[str, Any]:
    from anagen.reports import style

    return style.arm_looks(arms, arms[-1:])


def test_a_rise_of_what_should_rise() -> None:
    data = pd.DataFrame({"arm": "a", "patient": range(3), "value": [1.0, 2.0, -1.0]})
    title = individual_changes.individual_title(data, ["a"], HAIR, "change", 24.0)
    assert title == "Total hair density rose by week 24 in 2 of 3 patients on a"


def test_the_headline_of_several_arms_gives_the_direction() -> None:
    arms = ("low", "high", "placebo")
    whole = made.contents(arms, "placebo", draws=0, observed=False)
    table = whole.effects[whole.effects["role"] == "primary"].copy()
    trial = table["kind"] == "trial"
    table.loc[trial, ["estimate", "ci_low", "ci_high"]] = [5.0, 2.0, 8.0]
    every = answer_of(made.changed(whole, effects=table), {"total_density": HAIR}).headline
    assert every.endswith("was larger on every treated arm than on placebo.")
    names = {"total_density": HAIR}
    assert effects.effect_title(effects.effect_data(table), names).startswith("2 of 2 arms lie above control")
    table.loc[trial & (table["arm"] == "high"), ["estimate", "ci_low", "ci_high"]] = [-5.0, -8.0, -2.0]
    assert effects.effect_title(effects.effect_data(table), names).startswith("2 of 2 arms differ from control")
    both = answer_of(made.changed(whole, effects=table), {"total_density": HAIR}).headline
    assert both.endswith("was larger on low and smaller on high than on placebo.")
    fallen = answer_of(made.changed(whole, effects=table), {"total_density": SALT}).headline
    assert "higher on low and lower on high" in fallen, "a deeper fall is no smaller change"
    table.loc[trial & (table["arm"] == "high"), ["estimate", "ci_low", "ci_high"]] = [1.0, -2.0, 4.0]
    one = answer_of(made.changed(whole, effects=table), {"total_density": HAIR}).headline
    assert one.endswith("larger on low than on placebo; no statistically significant difference on high.")


def test_planned_and_randomised_patients_stand_apart() -> None:
    study = {"arms": [{"name": "a", "patients": 30}, {"name": "b", "patients": 30, "control": True}]}
    table = baseline.treatment_table(study, {"randomised": {"a": 31, "b": 29}})
    assert table.columns[2:4] == ("Patients planned", "Randomised")
    assert [[cell.text for cell in row[2:4]] for row in table.rows] == [["30", "31"], ["30", "29"]]


def test_one_monte_carlo_error_is_not_told_of_several_units() -> None:
    frame = pd.DataFrame({"parameter_low": [0.0], "expected_error": [0.3]})
    assert "at most 0.3\u00a0points" in panels.marks_explained([frame], "95 %", "points")
    assert "Monte-Carlo" not in panels.marks_explained([frame, frame], "95 %")


def test_only_marks_that_are_drawn_are_explained() -> None:
    ticks = trajectories.sessions_explained([(("a",), (0.0, 4.0), ())])
    bars = trajectories.sessions_explained([(("a",), (), ((0.0, 24.0),))])
    assert ("ticks" in ticks, "bars" in ticks) == (True, False)
    assert ("ticks" in bars, "bars" in bars) == (False, True)


def test_the_effects_figure_holds_its_numbers_and_crosses_no_name() -> None:
    from anagen.reports import style

    arms = ("deuruxolitinib 8 mg", "deuruxolitinib 12 mg", "placebo")
    table = made.effects(arms, "placebo", measures=(("primary", "anagen_share", "change"),))
    numbers = ["estimate", "standard_error", "ci_low", "ci_high"]
    table.loc[table["kind"] == "trial", numbers] = [-0.0261, 0.0125, -0.0612, 0.0083]
    table.loc[table["kind"] == "expected", "estimate"] *= 0.001
    data = effects.effect_data(table)
    with style.styled():
        figure = effects.effect_figure(data, made.NAMES, made_looks(*arms), "95 %")
        figure.canvas.draw()
        edge = figure.bbox.width
        written = [text for text in figure.texts if text.get_text()]
        assert max(text.get_window_extent().x1 for text in written) <= edge
        named = [text.get_window_extent() for text in written if f"{arms[0]} −" in text.get_text()]
        axes = figure.axes[0]
        uprights = [axes.transData.transform(path.vertices) for c in axes.collections for path in c.get_paths()]
    assert named
    assert uprights
    for box in named:
        assert not any(line[:, 1].min() < box.y0 + 1 and line[:, 1].max() > box.y1 for line in uprights)


def test_a_minute_and_a_half_of_processor_time_is_told_in_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    from anagen.trials import cost

    monkeypatch.setattr(cost, "estimated_seconds", lambda _: 118.6)
    assert "about 119 s of processor" in cost.cost_in_words(cost.Size(60, 2, 320.0, 24.0, 5, 4, trials=1, draws=20))
