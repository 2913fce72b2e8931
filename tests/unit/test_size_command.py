"""`anagen size`: patients and power by formula, in text and as JSON, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli_calls import anagen


def document(*arguments: str, cwd: Path) -> Any:
    finished = anagen("size", *arguments, "--json", cwd=cwd)
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout)


def test_it_tells_patients_exact_power_formula_and_what_lies_near(tmp_path: Path) -> None:
    finished = anagen("size", "--difference", "8", "--sd", "20", cwd=tmp_path)
    assert finished.returncode == 0
    for words in ("100 per arm, 200 in all", "99.08032", "Power: 80.36 %", "noncentral t", "difference 6"):
        assert words in finished.stdout


@pytest.mark.parametrize(
    ("arguments", "exact", "arms"),
    [
        (["--difference", "10", "--sd", "20"], 127.53122, [64, 64]),
        (
            ["--difference", "10", "--sd", "20", "--allocation", "2:1", "--one-sided", "--alpha", "0.025"],
            143.22607,
            [96, 48],
        ),
        (["--sd", "20", "--margin", "8", "--test", "non-inferiority"], 198.1611, [100, 100]),
        (["--shares", "0.6", "0.4"], 193.84729, [97, 97]),
        (["--difference", "5", "--sd", "18", "--paired"], 103.65837, [104]),
        (["--difference", "10", "--sd", "20", "--dropout", "0.15"], 127.53122, [76, 76]),
    ],
)
def test_sizes_are_those_of_the_formula(arguments: list[str], exact: float, arms: list[int], tmp_path: Path) -> None:
    found = document(*arguments, cwd=tmp_path)
    assert found["exact"]["total"] == pytest.approx(exact, abs=1e-4)
    assert found["randomised"] == {"total": sum(arms), "arms": arms}
    assert found["power"] >= 0.8


def test_power_assurance_and_looks_are_told(tmp_path: Path) -> None:
    found = document(
        *("--difference", "8", "--sd", "20", "--patients", "40", "--prior-mean", "8", "--prior-sd", "9"), cwd=tmp_path
    )
    assert found["power"] == pytest.approx(0.42352115, abs=1e-6)
    assert found["assurance"]["chance"] == pytest.approx(0.46540389, abs=1e-6)
    looked = document(
        *("--difference", "10", "--sd", "20", "--alpha", "0.025", "--one-sided", "--looks", "0.5,1"), cwd=tmp_path
    )
    assert looked["exact"]["total"] == pytest.approx(128.00663, abs=1e-4)
    assert looked["looks"]["z"] == pytest.approx([2.962588, 1.9685956], abs=1e-5)
    printed = anagen("size", "--difference", "10", "--sd", "20", "--looks", "0.5,1", cwd=tmp_path).stdout
    assert "Stop for success" in printed
    assert "at most" in printed


def test_a_correlated_baseline_and_more_alpha_need_fewer(tmp_path: Path) -> None:
    plain = document("--difference", "8", "--sd", "20", cwd=tmp_path)["exact"]["total"]
    for more in (("--correlation", "0.5"), ("--alpha", "0.1"), ("--one-sided",), ("--power", "0.7")):
        assert document("--difference", "8", "--sd", "20", *more, cwd=tmp_path)["exact"]["total"] < plain


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], ["--sd: is needed", "--difference: is needed"]),
        (["--difference", "8", "--sd", "20", "--power", "80"], ["--power", "0.01 to 0.9999", "write 80 % as 0.8"]),
        (["--difference", "0", "--sd", "20"], ["--difference", "is 0"]),
        (["--difference", "8", "--sd", "-2"], ["--sd", "from 1e-12"]),
        (["--difference", "8", "--sd", "20", "--test", "equivalnce"], ["--test", "did you mean 'equivalence'"]),
        (["--difference", "8", "--sd", "20", "--test", "equivalence"], ["--margin", "is needed"]),
        (["--difference", "8", "--sd", "20", "--margin", "3"], ["--margin", "non-inferiority"]),
        (["--difference", "8", "--sd", "20", "--allocation", "2"], ["--allocation", "2:1"]),
        (["--difference", "8", "--sd", "20", "--looks", "0.5"], ["--looks", "0.5,1"]),
        (["--difference", "8", "--sd", "20", "--looks", "0.7,0.5,1"], ["--looks", "rise"]),
        (["--difference", "8", "--sd", "20", "--spending", "pocok"], ["--spending", "did you mean 'pocock'"]),
        (["--difference", "8", "--sd", "20", "--prior-mean", "8"], ["--prior-sd", "is needed"]),
        (["--difference", "8", "--sd", "20", "--dropout", "15"], ["--dropout", "write 15 % as 0.15"]),
        (["--difference", "8", "--sd", "20", "--patients", "1"], ["--patients", "at least 2"]),
        (["--shares", "60", "40"], ["--shares", "write 60 % as 0.6"]),
        (["--shares", "0.6", "0.4", "--sd", "20"], ["--sd", "leave it out with --shares"]),
        (["--difference", "8", "--sd", "20", "--correlation", "2"], ["--correlation", "0.999"]),
    ],
)
def test_what_is_wrong_is_told_with_option_range_and_fix(
    arguments: list[str], words: list[str], tmp_path: Path
) -> None:
    finished = anagen("size", *arguments, cwd=tmp_path)
    assert finished.returncode == 2
    assert finished.stdout == ""
    assert all(each in finished.stderr for each in words), finished.stderr
