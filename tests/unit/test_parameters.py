"""Parameters: unit, source and grade of every number, priors that hold their value, draws that leave others alone."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import kstest, norm

from anagen.core.errors import InputError
from anagen.follicles import FollicleParameters
from anagen.parameters import Parameter, ParameterSet, load_parameters
from anagen.parameters.files import read_parameters
from faults import every_fault

PARAMETERS = load_parameters("prior")
PLAIN = Parameter("x.y", 2.0, "day", "lognormal", 1.0, 4.0, "assumed", "C")


def test_shipped_parameters_are_described() -> None:
    """Beyond what a parameter refuses by itself: a source that can be found, and a centre that is its value."""
    with every_fault() as row:
        for name, parameter in PARAMETERS.items():
            with row(name):
                assert parameter.name == name and name.count(".") == 1
                assert len(parameter.source.strip()) >= 10
                assert parameter.lower <= parameter.value <= parameter.upper
                assert parameter.quantile(0.0) == pytest.approx(parameter.value, rel=1e-12)


def test_only_measured_numbers_are_not_hand_set() -> None:
    """Nothing of the mechanism has been calibrated; what is not set by hand was measured and is no mere assumption."""
    measured = {name: parameter for name, parameter in PARAMETERS.items() if not parameter.hand_set}
    assert {name.split(".")[0] for name in measured} <= {"measurement", "population"}
    assert all(parameter.grade != "C" for parameter in measured.values())
    assert not any(parameter.source.startswith("Assumption") for parameter in measured.values())


def test_intervals_are_the_central_90_per_cent() -> None:
    """The printed interval is the one that draws follow, as far as its centre and physical bounds allow."""
    fifth, other = float(norm.ppf(0.05)), float(norm.ppf(0.95))
    with every_fault() as row:
        for name in (name for name, parameter in PARAMETERS.items() if parameter.distribution != "fixed"):
            with row(name):
                parameter = replace(PARAMETERS[name], lower=-math.inf, upper=math.inf)
                scale = float if parameter.distribution == "normal" else math.log
                low, high = scale(parameter.low), scale(parameter.high)
                drawn = scale(parameter.quantile(other)) - scale(parameter.quantile(fifth))
                assert drawn == pytest.approx(high - low, rel=1e-9)
                assert abs(0.5 * (low + high) - scale(parameter.value)) < 0.1 * (high - low)


def test_draw_0_is_central() -> None:
    assert PARAMETERS.draw(123, 0) == {name: parameter.value for name, parameter in PARAMETERS.items()}
    assert PARAMETERS.draw(1, 0) == PARAMETERS.draw(2, 0)


def test_draws_are_addressed() -> None:
    first = PARAMETERS.draw(7, 1)
    assert first == PARAMETERS.draw(7, 1)
    assert first != PARAMETERS.draw(7, 2)
    assert first != PARAMETERS.draw(8, 1)
    for name, parameter in PARAMETERS.items():
        assert (first[name] == parameter.value) == (parameter.distribution == "fixed")
        assert parameter.lower <= first[name] <= parameter.upper


def test_a_new_parameter_changes_no_other_draw() -> None:
    more = ParameterSet(
        {**PARAMETERS, "a.first": replace(PLAIN, name="a.first"), "zz.last": replace(PLAIN, name="zz.last")}
    )
    before, after = PARAMETERS.draw(7, 3), more.draw(7, 3)
    assert {name: after[name] for name in before} == before
    fewer = ParameterSet({name: p for name, p in PARAMETERS.items() if not name.startswith("follicle.")})
    assert all(before[name] == value for name, value in fewer.draw(7, 3).items())


def test_draws_follow_the_prior_and_are_independent() -> None:
    pair = ParameterSet({"a.a": replace(PLAIN, name="a.a"), "a.b": replace(PLAIN, name="a.b")})
    n = 4000
    drawn = np.array([list(pair.draw(1, index).values()) for index in range(1, n + 1)])
    z = np.log(drawn / 2.0) / (math.log(4.0) / (2.0 * norm.ppf(0.95)))
    for column in z.T:
        assert kstest(column, "norm").pvalue > 0.001
    assert abs(np.corrcoef(z.T)[0, 1]) < 4.0 / np.sqrt(n)


def test_draws_are_reflected_into_physical_bounds() -> None:
    share = Parameter("x.share", 0.1, "1", "normal", -0.1, 0.3, "assumed", "C", lower=0.0, upper=1.0)
    values = np.array([share.quantile(z) for z in np.linspace(-6.0, 6.0, 501)])
    assert values.min() >= 0.0 and values.max() <= 1.0
    assert share.quantile(-1.5) == pytest.approx(-(0.1 - 1.5 * 0.4 / (2.0 * norm.ppf(0.95))))


def test_every_draw_gives_a_follicle_that_can_live() -> None:
    """No draw from the priors may be refused later."""
    with every_fault() as row:
        for index in range(1, 40):
            with row(f"draw {index}"):
                constants = FollicleParameters.from_values(PARAMETERS.draw(99, index)).constants()
                assert all(math.isfinite(value) for value in constants)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"distribution": "uniform"}, "distribution 'uniform'"),
        ({"grade": "D"}, "grade 'D'"),
        ({"source": " "}, "a source and a unit are required"),
        ({"unit": ""}, "a source and a unit are required"),
        ({"value": 5.0}, "does not hold the value"),
        ({"low": 0.0}, "positive quantiles"),
        ({"low": 2.0, "high": 2.0}, "needs an interval"),
    ],
)
def test_contradictions_are_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(PLAIN, **change)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[a]\nvalue = 1.0\nunit = "day"\ngrade = "C"\n', r"a\.source: is missing"),
        ('[a]\nvalue = 1.0\nunit = "day"\ngrade = "C"\nsource = "s"\nmean = 2\n', r"a\.mean: unknown key"),
        ("a = 1.0\n", "a: 1 is a number; expected keys with values"),
    ],
)
def test_broken_files_name_the_entry(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_parameters(text, "file")


def test_hash_follows_every_field() -> None:
    name = next(iter(PARAMETERS))
    assert PARAMETERS.sha256() == load_parameters("prior").sha256()
    for change in ({"source": "another source of it"}, {"note": "a note"}, {"unit": "furlong"}):
        assert ParameterSet({**PARAMETERS, name: replace(PARAMETERS[name], **change)}).sha256() != PARAMETERS.sha256()


def test_rows_are_ready_for_a_table() -> None:
    rows = PARAMETERS.rows()
    assert [row["name"] for row in rows] == sorted(PARAMETERS)
    assert not any(isinstance(value, float) and math.isinf(value) for row in rows for value in row.values())
