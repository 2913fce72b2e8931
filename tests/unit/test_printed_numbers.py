"""What people read: the same figure in the terminal and on the page, no band of few draws, tables of 100 columns."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from result_samples import printed_document, sample_contents

from anagen.analysis.bands import band
from anagen.cli.console import WIDTH_IN_A_PIPE, print_table
from anagen.cli.summary import print_summary
from anagen.reports.answer import answer_of
from anagen.reports.numbers import no_band
from anagen.reports.outline import outline_of
from anagen.reports.tables import arms_table, effects_table
from anagen.reports.wording import endpoint_names
from anagen.results import Estimates, ResultContents

NAMES = endpoint_names(["total_density"])


def with_draws(draws: int) -> ResultContents:
    """The sample with so many parameter draws, of effects 7.1, 7.2, ..."""
    contents = sample_contents()
    central = contents.effects[(contents.effects["kind"] == "expected") & (contents.effects["draw"] == 0)]
    trial = contents.effects[contents.effects["kind"] == "trial"]
    drawn = [central.assign(draw=draw, estimate=7.0 + draw / 10) for draw in range(1, draws + 1)]
    effects = pd.concat([trial, central, *drawn], ignore_index=True)
    study = {
        **contents.study,
        "arms": [{"name": "exosome", "patients": 2}, {"name": "saline", "control": True, "patients": 2}],
        "endpoints": {"primary": {"endpoint": "total_density", "week": 24.0, "measure": "change"}},
    }
    manifest = {**contents.manifest, "draws": draws}
    return replace(contents, study=study, effects=effects, manifest=manifest).conformed()


def printed(contents: ResultContents, capsys: pytest.CaptureFixture[str]) -> str:
    print_summary(printed_document(contents))
    return capsys.readouterr().out


def test_terminal_and_report_print_the_same_effect_interval_and_p(capsys: pytest.CaptureFixture[str]) -> None:
    contents = with_draws(20)
    text, outline = printed(contents, capsys), outline_of(contents.study)
    row = effects_table(contents.effects, NAMES, outline).rows[1]
    estimate, interval, p, expected, parameters = (cell.text for cell in row[1:6])
    assert (estimate, interval, p) == ("+8.1", "+4.0 to +12.2", "0.003")
    assert (expected, parameters) == ("+7.0", "+7.2 to +8.9")
    assert f"this trial   {estimate}\u00a0hairs/cm²" in text
    assert f"interval from the patients: {interval}; p = {p};" in text
    band = f"mean over 20 parameter draws; 5-95 % of them: {parameters}"
    assert f"expected     {expected}\u00a0hairs/cm²  ({band})" in text
    words = " ".join(answer_of(contents, NAMES).paragraphs).replace("\u00a0", " ")
    assert f"{estimate} hairs/cm² (95 % confidence interval over patients {interval}; p = {p})" in words
    for cells in arms_table(contents.arms, NAMES, outline, 20).rows:
        if cells[0].text == "saline":
            assert all(cell.text in text for cell in (cells[3], cells[5], cells[6], cells[7]))


def test_no_band_is_printed_of_two_draws_but_the_tables_hold_it(capsys: pytest.CaptureFixture[str]) -> None:
    contents = with_draws(2)
    text = printed(contents, capsys)
    assert no_band(2) == "no band: 2 draws"
    assert text.count(no_band(2)) == 3  # two arms, one effect
    assert "5-95 % of them" not in text and "at central parameter values" in text
    table = effects_table(contents.effects, NAMES, outline_of(contents.study))
    assert table.rows[1][5].text == no_band(2)
    effect = printed_document(contents)["effects"][0]
    assert effect["parameter_low"] == pytest.approx(7.105)


def test_band_needs_draws_and_leaves_out_what_is_no_number() -> None:
    assert band([1.0, float("nan"), 3.0], (0.0, 1.0)) == (1.0, 3.0)
    assert all(end != end for end in band([1.0]))
    assert all(end != end for end in band(range(9), least=10))
    assert band(range(101)) == (5.0, 95.0)


def test_estimates_are_narrowed_step_by_step() -> None:
    contents = with_draws(3)
    assert contents.primary().expected(draw=0).arm("exosome", "saline").values.tolist() == [7.0]
    assert contents.drawn().values.tolist() == pytest.approx([7.1, 7.2, 7.3])
    assert len(contents.expected().rows) == 4
    assert contents.arm("saline").rows.empty
    assert Estimates(contents.effects).trials(replicate=0).values.tolist() == [8.1]
    assert Estimates(contents.effects).trials(replicate=1).rows.empty


def test_tables_fit_a_hundred_columns_and_break_no_number(capsys: pytest.CaptureFixture[str]) -> None:
    words = "a treatment whose name is a sentence of its own and goes on and on"
    numbers = ["+1,234.5 (−12.3 to +2,345.6)", "3×10⁻⁴", "−0.5 to +0.5", "p", "100 %"]
    header = ("treatment", "estimate (95 % interval)", "share of particles", "range", "kind", "chance", "empty")
    print_table("A title", header, [(words, *numbers, ""), (words, *numbers, None)])
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= WIDTH_IN_A_PIPE
    rows = [line for line in lines if numbers[0] in line]
    assert len(rows) == 2
    assert all(number in row for row in rows for number in numbers)
    assert len(lines) <= 3 + 2 * 4 + 1
    assert "empty" not in "".join(lines)


def test_words_are_not_broken_where_there_is_room(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [("doi:10.1371/journal.pcbi.0020003", "some words " * 20)]
    print_table("", ("source", "text"), rows)
    assert rows[0][0] in capsys.readouterr().out
