"""The safety section of the report: table, figure and the words around them."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest
import report_tables as made

from anagen.reports.figures.safety import MOST_EVENTS, safety_alt, safety_data
from anagen.reports.gallery import FIGURES, figures_of
from anagen.reports.outline import outline_of
from anagen.reports.page import DrawnFigure, draw_all
from anagen.reports.report import build_report
from anagen.reports.safety_tables import routes_of_harms, safety_paragraphs, safety_table

WHOLE: Any = made.contents()
OUTLINE = outline_of(WHOLE.study)


def drawn_of(contents: Any) -> DrawnFigure:
    """The figure of adverse events alone."""
    found = figures_of(contents)["safety"]
    return draw_all({"safety": lambda: found if isinstance(found, str) else found()})["safety"]


def cells(table: Any) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def test_the_table_tells_shares_rates_and_differences_by_event() -> None:
    rows = cells(safety_table(WHOLE.safety, OUTLINE))
    assert rows[0] == ["Any adverse event"]
    arm = rows[1]
    assert arm[0:2] == ["exosome", "10 of 30"]
    assert arm[2] == "33.3 (16.7 to 48.3)"
    assert arm[4] == "0.0 (−20.0 to +20.0)"
    assert arm[5] == "30.0 (10.0 to 60.0)"
    control = rows[2]
    assert control[0] == "saline" and control[4] == "–"


def test_the_table_gives_the_rule_of_three_where_nobody_had_the_event() -> None:
    rows = cells(safety_table(WHOLE.safety, OUTLINE))
    infection = rows[rows.index(["Infection at the injection"]) + 1]
    assert infection[2] == "0 (3/n: below 10.0)"


def test_scenarios_are_marked() -> None:
    table = WHOLE.safety.assign(scenario=True)
    assert cells(safety_table(table, OUTLINE))[0] == ["Any adverse event (scenario)"]


def test_the_figure_holds_what_somebody_had() -> None:
    data = safety_data(WHOLE.safety)
    assert set(data["event"]) == {"any_adverse_event", "injection_pain"}
    assert data["event"].iloc[0] == "any_adverse_event"
    assert "exosome: 33.3 %, 0.0 percentage points from control" in safety_alt(data)


def test_the_figure_holds_the_most_frequent_events() -> None:
    many = pd.concat(
        [
            WHOLE.safety[WHOLE.safety["event"] == "injection_pain"].assign(event=f"e{k}", share=k / 100)
            for k in range(40)
        ]
    )
    kept = list(dict.fromkeys(safety_data(many)["event"]))
    assert len(kept) == MOST_EVENTS and kept[0] == "e39"


@pytest.mark.parametrize("arms", [("exosome", "saline"), ("a", "b", "c", "saline"), ("alone",)])
def test_it_is_drawn_for_any_number_of_arms(arms: tuple[str, ...]) -> None:
    whole: Any = made.contents(arms, "saline" if "saline" in arms else None)
    drawn = drawn_of(whole)
    assert drawn.reason is None and drawn.svg.startswith(b"<?xml")


def test_nothing_is_drawn_where_nobody_had_anything() -> None:
    quiet = made.changed(WHOLE, safety=WHOLE.safety.assign(with_event=0, share=0.0))
    drawn = drawn_of(quiet)
    assert drawn.reason == (
        "No patient of this trial had an adverse event, so none is drawn; the table tells how many would fit, and "
        "what is expected."
    )


def test_the_report_has_a_safety_section() -> None:
    frames = {name: DrawnFigure(name, f"figure {name}") for name in FIGURES}
    page = build_report(WHOLE, frames | {"safety": drawn_of(WHOLE)}, made.NAMES)
    assert '<h2 id="safety">Safety</h2>' in page
    assert "figure-safety" in page and "Adverse events of the first replicate" in page


def test_the_words_tell_who_left_scenarios_and_warnings() -> None:
    study = {
        **WHOLE.study,
        "safety": {"scenarios": ["unregulated-vesicles"]},
        "population": {"sex": {"male": 1.0}},
        "arms": [{"name": "a", "patients": 1, "therapies": [{"therapy": "minoxidil", "route": "oral"}]}],
    }
    said = " ".join(safety_paragraphs(made.changed(WHOLE, study=study), OUTLINE))  # type: ignore[arg-type]
    assert "Discontinued because of an adverse event: saline 1." in said
    assert "Rare-event scenario on: unregulated-vesicles." in said
    assert "Oral minoxidil lowers blood pressure" in said


def test_harms_that_differ_by_route_are_told_by_route() -> None:
    from anagen.cli.therapies import page
    from anagen.reports.therapy import therapy

    (_, *lines) = "\n".join(page(therapy("minoxidil").guide)).split("\nHarms\n")
    told = " ".join(lines[0].split())
    assert re.search(r"Headache in [\d.]+ % of patients within 48 weeks \([^)]*\), applied to the scalp", told)
    assert re.search(r"Headache in [\d.]+ % of patients within 26 weeks \([^)]*\), by mouth", told)


def test_the_report_says_by_which_route_harms_were_counted() -> None:
    uses = {"scalp": "topical", "tablet": "oral"}
    arms = [{"name": name, "therapies": [{"therapy": "minoxidil", "route": route}]} for name, route in uses.items()] + [
        {"name": "exosome", "therapies": [{"therapy": "exosome", "route": "intradermal"}]}
    ]
    scalp, tablet = routes_of_harms({"arms": arms})
    assert scalp == "Harms of minoxidil in scalp, applied to the scalp: itching, headache, hypertrichosis."
    assert tablet.startswith("Harms of minoxidil in tablet, by mouth: hypertrichosis, light-headedness")
