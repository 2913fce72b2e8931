"""`anagen product` from the outside: what it prints and returns."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from cli_calls import PROGRAM, SECONDS, Finished, anagen


def product(*arguments: str, cwd: Path) -> Finished:
    return anagen("product", *arguments, cwd=cwd)


def test_the_library_is_listed(tmp_path: Path) -> None:
    rows = json.loads(product("list", "--json", cwd=tmp_path).stdout)
    assert {"adsc-native", "milk", "plant"} <= {row["name"] for row in rows}
    assert "dermal-papilla" in product("list", cwd=tmp_path).stdout


def test_a_check_prints_checklist_stoichiometry_label_and_what_is_not_known(tmp_path: Path) -> None:
    finished = product("check", "adsc-native", cwd=tmp_path)
    assert finished.returncode == 0, finished.stderr
    for words in ("MISEV2023", "missing", "Particle:protein", "miR-122-5p", "off", "label", "What is not known"):
        assert words in finished.stdout
    assert (
        re.search(r"protein over .* at\s", finished.stdout) and "least" in finished.stdout.partition("on the label")[2]
    )
    document = json.loads(product("check", "adsc-native", "--json", cwd=tmp_path).stdout)
    assert document["mirna_routes"][0]["verdict"] == "off"
    assert sum(document["counts"].values()) == len(document["checklist"])
    assert document["potent_dose"]["potent"]["low"] < document["potent_dose"]["potent"]["high"]


def test_making_prints_the_bottleneck_and_a_cost_with_its_range(tmp_path: Path) -> None:
    finished = product("make", "uc-msc", "--doses", "1000", cwd=tmp_path)
    assert finished.returncode == 0, finished.stderr
    limits = "Can be made by a listed process in 52 weeks and with 30 million USD of capital: yes"
    for words in ("The plant for 1,000 doses", "Slowest stage", "cost per dose", "5 to 95 %", "What moves", limits):
        assert words in finished.stdout
    document = json.loads(product("make", "uc-msc", "--doses", "1000", "--json", cwd=tmp_path).stdout)
    assert document["possible"] and document["doses"] == 1000
    assert document["figures"]["cost per dose"]["unit"] == "USD/dose"


def test_an_impossible_dose_is_flagged(tmp_path: Path) -> None:
    from anagen.exosomes import library

    text = library()["adsc-native"].read_text(encoding="utf-8")
    (tmp_path / "huge.toml").write_text(text.replace('"1e10 particles"', '"1e20 particles"'), encoding="utf-8")
    finished = product("make", "huge.toml", cwd=tmp_path)
    assert finished.returncode == 0
    assert "million USD of capital: NO" in finished.stdout
    assert "impossible: no plant makes one dose" in finished.stdout


@pytest.mark.parametrize("command", ["check", "make"])
def test_a_bad_file_ends_with_2_and_tells_why(tmp_path: Path, command: str) -> None:
    (tmp_path / "bad.toml").write_text('name = "x"\nsource_cell = "adcs"\n', encoding="utf-8")
    finished = product(command, "bad.toml", "--json", cwd=tmp_path)
    assert finished.returncode == 2
    assert "bad.toml:2: source_cell: unknown source cell 'adcs'" in finished.stderr
    assert "did you mean 'adsc'?" in finished.stderr
    assert not json.loads(finished.stdout)["ok"]
    assert product(command, "adsc-nativ", cwd=tmp_path).returncode == 2
    assert product("make", "milk", "--doses", "0", cwd=tmp_path).returncode == 2


def test_a_batch_that_is_not_to_be_released_ends_with_4(tmp_path: Path) -> None:
    finished = product("release", "adsc-native", cwd=tmp_path)
    assert finished.returncode == 4 and "Not to be released" in finished.stdout, finished.stderr
    assert product("release", cwd=tmp_path).returncode == 2
    form = product("release", "--template", cwd=tmp_path)
    assert form.returncode == 0 and "# [release]" in form.stdout


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_reader_that_leaves_turns_no_refusal_into_a_release(tmp_path: Path, options: tuple[str, ...]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [PROGRAM, "product", "release", "adsc-native", *options],
            cwd=tmp_path, stdout=writer, stderr=subprocess.PIPE, text=True, timeout=SECONDS, check=False,
        )  # fmt: skip
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (4, "")
