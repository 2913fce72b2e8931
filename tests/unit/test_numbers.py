"""Every number that a user gives has a sensible maximum, the same on the command line and in Python."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
import typer

import anagen as package
from anagen.calibration.records import Settings
from anagen.cli.app import app
from anagen.core.errors import InputError
from anagen.core.numbers import real, whole
from cli_calls import anagen

STUDY = "exosome-vs-saline"


def options(command: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    for word, inner in getattr(command, "commands", {}).items():
        yield from options(inner, f"{name} {word}".strip())
    yield from ((name, parameter) for parameter in command.params if not hasattr(command, "commands"))


def kinds(parameter: Any) -> tuple[Any, ...]:
    annotation = parameter.type_descriptor.annotation
    return (annotation, *get_args(annotation))


def test_every_whole_number_of_every_command_has_a_maximum_in_its_help() -> None:
    counted = [(name, p) for name, p in options(typer.main.get_command(app)) if int in kinds(p)]
    assert len(counted) > 20
    faults = [f"{name} {p.opts[0]}" for name, p in counted if p.max is None and p.name != "seed"]
    assert faults == []


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        (("run", STUDY, "--draws", "99999999999"), "--draws"),
        (("run", STUDY, "--workers", "99999999"), "--workers"),
        (("run", STUDY, "--replicates", "1" + "0" * 80), "--replicates"),
        (("run", STUDY, "--patients", "100000000"), "--patients"),
        (("calibrate", "--points", "99999999"), "--points"),
        (("calibrate", "--sbc", "99999999"), "--sbc"),
        (("credibility", STUDY, "--samples", "1073741824"), "--samples"),
        *(
            (("compare", "minoxidil", f"--{name}", value), f"--{name}")
            for name in ("responder", "weeks")
            for value in ("nan", "inf", "-inf", "1e400")
        ),
        *(
            (("evidence", "forest", "--therapy", "prp", f"--{name}", value), f"--{name}")
            for name in ("week", "window")
            for value in ("nan", "inf", "1e400")
        ),
    ],
)
def test_a_number_of_an_option_that_nobody_means_is_refused_by_its_name(
    tmp_path: Path, arguments: tuple[str, ...], option: str
) -> None:
    finished = anagen(*arguments, cwd=tmp_path)
    assert (finished.returncode, option in finished.stderr) == (2, True), finished.stderr
    assert not list(tmp_path.glob("results/*"))


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: package.run(STUDY, draws=10**11), "draws"),
        (lambda: package.run(STUDY, workers=10**8), "workers"),
        (lambda: package.run(STUDY, replicates=10**80), "replicates"),
        (lambda: package.run(STUDY, patients=10**5000), "patients"),
        (lambda: package.compare("minoxidil", responder=float("nan")), "responder"),
        (lambda: package.compare("minoxidil", weeks=float("inf")), "weeks"),
        (lambda: package.compare("minoxidil", patients=10**9), "patients"),
        (lambda: package.product("adsc-native").make(10**20), "doses"),
        (lambda: package.product("adsc-native").make(2.5), "doses"),
        (lambda: Settings(points=10**9), "points"),
        (lambda: Settings(chains=10**9), "chains"),
    ],
)
def test_a_number_of_an_argument_that_nobody_means_is_refused_by_its_name(call: Any, field: str) -> None:
    with pytest.raises(InputError) as caught:
        call()
    (problem,) = caught.value.problems
    assert problem.field == field and len(problem.text()) < 120


def test_a_whole_number_is_one_in_whatever_type_it_comes() -> None:
    written = (6, 6.0, np.int64(6), np.float32(6.0), np.float64(6.0), np.uint8(6), np.array(6))
    assert [whole("patients", value, 2, 10) for value in written] == [6] * 7
    assert [real("weeks", value, 2, 10) for value in written] == [6.0] * 7
    for value in (True, np.True_, "6", None, 6.5, float("nan"), float("inf"), [6], np.array([6])):
        with pytest.raises(InputError):
            whole("patients", value, 2, 10)
