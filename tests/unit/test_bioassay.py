"""Relative potency from an assay file: a pharmacopoeia's worked example, exact curves, and what is wrong is told."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import curve_fit
from scipy.stats import t as t_distribution

from anagen.core.errors import InputError
from anagen.exosomes.assay_table import assay_of_file, parse_assay
from anagen.exosomes.bioassay import Dilutions, relative_potencies
from anagen.exosomes.fields import PlainFigure

# European Pharmacopoeia 5.3, example 5.1.1 (corticotrophin in rats): standard S, preparations T and U at 0.25 and 1.0
STANDARD = ([300, 310, 330, 290, 364, 328, 390, 360, 342, 306], [289, 221, 267, 236, 250, 231, 229, 269, 233, 259])
T = ([310, 290, 360, 341, 321, 370, 303, 334, 295, 315], [230, 210, 280, 261, 241, 290, 223, 254, 216, 235])
U = ([250, 268, 273, 240, 307, 270, 317, 312, 320, 265], [236, 213, 283, 269, 251, 294, 223, 250, 216, 265])
DOSES = 10.0 ** np.repeat(np.arange(8.0, 12.0, 0.5), 2)


def dilutions(name: str, responses: tuple[list[int], list[int]]) -> Dilutions:
    return Dilutions(name, np.repeat([0.25, 1.0], 10), np.array([*responses[0], *responses[1]], dtype=np.float64))


def sigmoid(doses: np.ndarray, potency: float = 1.0, bottom: float = 1.0, top: float = 10.0) -> np.ndarray:
    return bottom + (top - bottom) / (1.0 + (doses * potency / 1e10) ** -1.3)


def test_parallel_lines_are_those_of_the_pharmacopoeias_example() -> None:
    assay = relative_potencies([dilutions("S", STANDARD), dilutions("T", T), dilutions("U", U)], "S")
    found = {entry.name: (entry.value, entry.low, entry.high) for entry in assay.potencies}
    assert found["T"] == pytest.approx((1.14205, 0.783648, 1.68690), rel=1e-5)
    assert found["U"] == pytest.approx((1.66889, 1.14813, 2.55503), rel=1e-5)
    tests = {test.name: test for test in assay.tests}
    assert tests["slope"].f == pytest.approx(83.377, rel=1e-4) and tests["slope"].df == (1, 54)
    assert tests["parallelism"].f == pytest.approx(5.367, rel=1e-3) and round(tests["parallelism"].p, 3) == 0.007
    assert not assay.valid, "preparation U is not parallel, as the example says"
    assert assay.residual_sd**2 == pytest.approx(765.572, rel=1e-5)


def test_lines_without_scatter_give_their_potency_exactly() -> None:
    doses = np.repeat([1.0, 2.0, 4.0], 2)
    noise = np.tile([-0.01, 0.01], 3)
    entries = [Dilutions("r", doses, 3.0 + 2.0 * np.log(doses) + noise)]
    entries.append(Dilutions("t", doses * 5.0, 3.0 + 2.0 * np.log(doses * 5.0 * 0.7) + noise))
    assay = relative_potencies(entries, "r")
    (found,) = assay.potencies
    assert found.value == pytest.approx(0.7, rel=1e-12) and found.low < 0.7 < found.high
    assert assay.valid and [test.name for test in assay.tests] == ["slope", "parallelism", "linearity"]
    # balanced and symmetrical at ratio 0 but for the dose: half-width by the closed form of Fieller's theorem
    variance, spread = (12 * 0.01**2) / 6, 2 * 2 * 2 * np.log(2.0) ** 2
    t, slope = float(t_distribution.ppf(0.975, 6)), 2.0
    g = t**2 * variance / spread / slope**2
    ratio = np.log(0.7) + np.log(5.0)
    half = t / slope * np.sqrt((1 - g) * variance * 2 / 6 + ratio**2 * variance / spread) / (1 - g)
    assert np.log(found.high / found.low) == pytest.approx(2 * half, rel=1e-9)


def test_curves_find_the_potency_and_their_limits_are_those_of_the_likelihood() -> None:
    """Limits: where the least sum of squares with the potency held, by another fitter, is 1 + t2/df of the least."""
    random = np.random.default_rng(3)
    entries = [
        Dilutions(name, DOSES, sigmoid(DOSES, potency) + random.normal(0.0, 0.2, len(DOSES)))
        for name, potency in (("r", 1.0), ("t", 0.5))
    ]
    assay = relative_potencies(entries, "r", method="four-parameter")
    (found,) = assay.potencies
    assert found.low < 0.5 < found.high and assay.valid

    def squares(potency: float) -> float:
        x = np.concatenate([np.log(DOSES), np.log(DOSES * potency)])
        y = np.concatenate([entry.responses for entry in entries])
        curve = lambda x, a, b, c, h: a + (b - a) / (1.0 + np.exp(-h * (x - c)))  # noqa: E731
        fitted, _ = curve_fit(curve, x, y, p0=(1.0, 10.0, np.log(1e10), 1.0))
        return float(((curve(x, *fitted) - y) ** 2).sum())

    bound = 1.0 + float(t_distribution.ppf(0.975, 32 - 5)) ** 2 / (32 - 5)
    assert squares(found.low) / squares(found.value) == pytest.approx(bound, rel=1e-5)
    assert squares(found.high) / squares(found.value) == pytest.approx(bound, rel=1e-5)


def test_curves_of_other_height_are_not_parallel() -> None:
    random = np.random.default_rng(5)
    noise = random.normal(0.0, 0.1, (2, len(DOSES)))
    entries = [
        Dilutions("r", DOSES, sigmoid(DOSES) + noise[0]),
        Dilutions("t", DOSES, sigmoid(DOSES, 0.5, 1.0, 7.0) + noise[1]),
    ]
    tests = {test.name: test for test in relative_potencies(entries, "r", method="four-parameter").tests}
    assert not tests["parallelism"].passed and tests["slope"].passed


def test_a_flat_assay_gives_no_limits() -> None:
    random = np.random.default_rng(7)
    doses = np.repeat([1.0, 2.0, 4.0], 3)
    entries = [Dilutions(name, doses, random.normal(5.0, 1.0, 9)) for name in ("r", "t")]
    assay = relative_potencies(entries, "r")
    assert not assay.valid and assay.potencies[0].low == 0.0 and assay.potencies[0].high == np.inf


def test_an_assay_file_becomes_a_figure_of_a_product_file(tmp_path: Path) -> None:
    file = tmp_path / "assay.csv"
    rows = [("S", d, y) for d, ys in zip((0.25, 1.0), STANDARD, strict=True) for y in ys]
    rows += [("T", d, y) for d, ys in zip((0.25, 1.0), T, strict=True) for y in ys]
    file.write_text("preparation,dose,response\n" + "\n".join(f"{p},{d},{y}" for p, d, y in rows))
    result = assay_of_file(file)
    (figure,) = result.figures
    table = tomllib.loads(result.toml(figure))["potency"]["relative_potency"]
    assert PlainFigure(**table).value == pytest.approx(figure.value, rel=1e-3)
    assert result.assay.potencies[0].low < figure.low < figure.high < result.assay.potencies[0].high
    assert json.loads(json.dumps(result.document(), allow_nan=False))["reference"] == "S"
    assert assay_of_file(file, "T").assay.potencies[0].value == pytest.approx(1.0 / figure.value)
    for more, words in (({"reference": "s"}, "is no preparation"), ({"method": "4pl"}, "is no method")):
        with pytest.raises(InputError, match=words):
            assay_of_file(file, **more)
    with pytest.raises(InputError, match="fewer than 4 doses"):
        assay_of_file(file, method="four-parameter")


def test_every_wrong_line_of_an_assay_file_is_told() -> None:
    text = "preparation,dose,response\nr,1e9,2\nr,0,3\nt,1e9,high\n,2e9,4\n"
    with pytest.raises(InputError) as caught:
        parse_assay(text, "a.csv")
    told = [(problem.line, problem.field) for problem in caught.value.problems]
    assert told == [(3, "dose"), (4, "response"), (5, "preparation")]
    with pytest.raises(InputError, match="is no column") as caught:
        parse_assay("prep;dose\n", "a.csv")
    assert len(caught.value.problems) == 3


def test_a_table_with_decimal_commas_and_one_that_is_flat_are_refused(tmp_path: Path) -> None:
    commas = "preparation,dose,response\nref,1,5,12,1\nown,1,5,13,1\n"
    flat = "preparation,dose,response\nref,1,10\nref,2,10\nref,4,10\nown,1,10\nown,2,10\nown,4,10\n"
    for text, words in ((commas, "more fields than the 3 columns"), (flat, "no response changes with the dose")):
        file = tmp_path / "assay.csv"
        file.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=words):
            assay_of_file(file)
