"""Assays of the network as CSV: what is read, and everything that is wrong at once, each with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from anagen.assays.readouts import known_readouts, nodes_of
from anagen.assays.table import parse_assay_table, read_assays
from anagen.assays.unknowns import unknowns_of
from anagen.core.errors import InputError
from anagen.signalling.network import load_network

NETWORK = load_network()
GOOD = """readout,condition,VESICLE_UPTAKE [particles/mL],DHT_BLOCK,time,value,error,note
ERK,aa,1e9,,24 h,1.4,0.1,blot
AR,,,0.5,,0.6,0.05,

papilla_proliferation,healthy,1e8,0,2 days,1.2,0.1,
"""


def problems(text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        parse_assay_table(text, "mine.csv", NETWORK, "aga")
    return [problem.text() for problem in caught.value.problems]


def test_a_table_is_read_with_its_units_conditions_and_times() -> None:
    table = parse_assay_table(GOOD, "mine.csv", NETWORK, "aga")
    assert [(given.inputs, given.unit) for given in table.given] == [
        (("VESICLE_UPTAKE",), "particles/mL"),
        (("DHT_BLOCK",), ""),
    ]
    first, second, third = table.rows
    assert (first.condition, first.day, first.given, first.line) == ("alopecia_areata", 1.0, (1e9, 0.0), 2)
    assert (second.condition, second.day, second.scale) == ("aga", None, "fold")
    assert (third.condition, third.day, third.line) == ("healthy", 2.0, 5)


def test_a_time_may_have_its_unit_in_the_heading() -> None:
    (row,) = parse_assay_table("readout,LIGHT,time [h],value,error\nERK,0.2,36,1.1,0.1", "a.csv", NETWORK, "aga").rows
    assert row.day == 1.5


def test_everything_wrong_is_told_at_once_with_its_line() -> None:
    found = problems(
        "readout,condition,VESICLE_UPTAKE,time,value,error\n"
        "EKR,aga,0.5,24 h,1.4,0.1\n"
        "ERK,alopecia,0.5,24 h,1.4,0.1\n"
        "ERK,aga,1e9,24 h,1.4,0.1\n"
        "ERK,aga,0.5,24,1.4,0.1\n"
        "ERK,aga,0.5,24 h,-1,0\n"
        "ERK,aga,0,5,24 h,1.4,0.1\n"
    )
    assert [text.split(": ")[0] for text in found] == [f"mine.csv:{line}" for line in (2, 3, 4, 5, 6, 6, 7)]
    assert "did you mean 'ERK'?" in found[0]
    assert "did you mean 'alopecia_areata'?" in found[1]
    assert "VESICLE_UPTAKE [particles/mL]" in found[2]
    assert "no unit" in found[3]
    assert "has 7 fields, not 6" in found[6]


def test_wrong_headings_are_told_with_the_nearest_right_one() -> None:
    found = problems("readout,VESICLE_UPTKE,LIGHT,LIGHT,valu,error\nERK,0.5,0,0,1,1")
    assert any("did you mean 'VESICLE_UPTAKE'?" in text for text in found)
    assert any("LIGHT: heads two columns" in text for text in found)
    assert any("value: is no column" in text for text in found)


def test_one_input_in_two_units_over_two_files_is_refused(tmp_path: Path) -> None:
    files = []
    for number, unit in enumerate(("particles/mL", "ug/mL")):
        files.append(tmp_path / f"{number}.csv")
        files[-1].write_text(f"readout,VESICLE_UPTAKE [{unit}],value,error\nERK,5,1.2,0.1\n", encoding="utf-8")
    with pytest.raises(InputError, match="use one unit"):
        read_assays(files, NETWORK, "aga")
    together = read_assays([files[0], files[0]], NETWORK, "aga")
    assert len(together.given) == 1 and len(together.rows) == 2


def test_what_a_readout_depends_on_and_nothing_else_may_be_informed() -> None:
    table = parse_assay_table("readout,VESICLE_UPTAKE,value,error\nTNF,0.5,0.8,0.05", "a.csv", NETWORK, "aga")
    assert set(unknowns_of(NETWORK, table).all) == {"edge_weight.VESICLE_UPTAKE_to_TNF"} | {
        name for name in unknowns_of(NETWORK, table).all if name.endswith("_to_TNF")
    }
    assert not any("VEGF" in name for name in unknowns_of(NETWORK, table).all)


def test_readouts_are_made_of_nodes_of_the_network() -> None:
    for readout in known_readouts(NETWORK):
        assert set(nodes_of(readout)) <= set(NETWORK.node_names)


def test_a_slip_of_the_unit_and_a_row_told_twice_are_refused() -> None:
    found = problems(
        "readout,VESICLE_UPTAKE,time,value,error\n"
        "ERK,0.5,24 h,1e300,0.1\n"
        "ERK,0.5,24 h,1.4,1e-300\n"
        "ERK,0.5,24 h,1.4,0.1\n"
        "ERK,0.5,24 h,1.4,0.1\n"
    )
    assert [text.split(": ")[0] for text in found] == [f"mine.csv:{line}" for line in (2, 3, 5)]
    assert "no fold" in found[0] and "standard error" in found[1] and "repeats line 4" in found[2]
