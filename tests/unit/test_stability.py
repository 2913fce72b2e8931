"""Storage pays once what happens once, a count is not charged twice, and a maker's series is regressed as ICH asks."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm

from anagen.core.errors import InputError
from anagen.exosomes import Product, library, parse_product, product_parameters, remaining_after
from anagen.exosomes.followed import beyond_measured
from anagen.exosomes.potency import left_after_storage, potent_dose, what_is_not_known
from anagen.exosomes.shelf_life import shelf_life
from anagen.exosomes.stability import Rate, Reading, fit_arrhenius, fit_line
from anagen.exosomes.stability_result import StabilityResult
from anagen.exosomes.storage import StorageStep, Vial
from anagen.exosomes.variants import read_history, stored_otherwise
from anagen.parameters import load_parameters, parameter_source

PARAMETERS = load_parameters("prior")
VALUES = PARAMETERS.draw(1, 0)
NATIVE = library()["adsc-native"].read_text(encoding="utf-8")
HEAD, _, _ = NATIVE.partition("[[storage]]")
DRY = StorageStep(5.0, 730.0, buffer="pbs-trehalose", lyophilised=True)
FROZEN = StorageStep(-80.0, 365.0, buffer="pbs-trehalose")
DRY_TOML = """
[[storage]]
temperature = "5 C"
days = "730 days"
buffer = "pbs-trehalose"
lyophilised = true

[[storage]]
temperature = "4 C"
days = "1 day"
tube = "low-binding"
"""
FROZEN_TOML = '\n[[storage]]\ntemperature = "-80 C"\ndays = "365 days"\nbuffer = "pbs-trehalose"\n'


def product(storage: str, particles: str = "", more: str = "") -> Product:
    return parse_product(HEAD.replace("[particles]\n", f"[particles]\n{particles}\n") + storage + more)


def series(temperature: float, batches: dict[str, list[tuple[float, float]]], *, dry: bool = True) -> str:
    """Rows of a product file: batch -> days and percent of potency."""
    return "".join(
        f'\n[[stability]]\ntemperature = "{temperature} C"\ntime = "{days} days"\nbatch = "{batch}"\n'
        f'lyophilised = {str(dry).lower()}\npotency = "{value} %"\n'
        for batch, rows in batches.items()
        for days, value in rows
    )


def test_a_thaw_is_paid_once_however_long_the_stay() -> None:
    thaw = 1.0 - VALUES["storage.freeze_thaw_loss_protected"]
    month, year = (remaining_after([replace(FROZEN, days=days)], VALUES) for days in (28.0, 365.0))
    assert remaining_after([replace(FROZEN, days=0.0)], VALUES) == pytest.approx(thaw)
    slow = 1.0 - VALUES["storage.frozen_loss_year_protected"]
    assert year / month == pytest.approx(slow ** (337.0 / 365.0), rel=1e-3)
    moved = [FROZEN, replace(FROZEN, temperature=-20.0, days=0.0)]
    assert remaining_after(moved, VALUES) == pytest.approx(year), "another freezer is no thaw"
    refrozen = remaining_after([FROZEN, StorageStep(4.0, 0.0, buffer="pbs-hat"), FROZEN], VALUES)
    assert refrozen == pytest.approx(year**2), "a second freezing is"


def test_warmth_ages_every_state() -> None:
    for state in (FROZEN, DRY, StorageStep(4.0, 2.0)):
        shares = [
            remaining_after([replace(state, temperature=state.temperature + more)], VALUES) for more in (0, 20, 45)
        ]
        assert shares == sorted(shares, reverse=True) and len(set(shares)) == 3


def test_a_full_wall_takes_no_more() -> None:
    """The share that sticks falls with concentration above the published range, and with volume per surface."""
    low = 1.0 - VALUES["storage.loss_48h_low_binding"]
    stay = [StorageStep(4.0, 2.0)]

    def on_the_wall(vial: Vial) -> float:
        return 1.0 - remaining_after(stay, VALUES, vial) / low

    published = [on_the_wall(Vial(dense, 0.5)) for dense in (0.5e10, 1.3e10, 2.1e10)]
    assert published == pytest.approx([1.0 - 0.49 / low] * 3)
    assert on_the_wall(Vial(1e12, 0.5)) == pytest.approx(3.0e9 * 2.65 / 5e11)
    assert on_the_wall(Vial(1e10, 5.0)) < on_the_wall(Vial(1e10, 0.5)) / 1.7
    assert on_the_wall(Vial(1e10, 0.5, 5.3)) > 1.5 * published[0]
    assert remaining_after([replace(stay[0], buffer="pbs-hat")], VALUES, Vial(1e10, 0.5)) == pytest.approx(low)


def test_nothing_is_lost_twice() -> None:
    values = product_parameters(product(DRY_TOML), PARAMETERS).draw(1, 0)

    def left(text: str, particles: str = "") -> float:
        made = product(text, particles)
        return left_after_storage(made, made.history(), values)

    liquid = (1.0 - VALUES["storage.loss_48h_low_binding"]) ** 0.5
    dry = remaining_after([DRY], VALUES)
    assert left(DRY_TOML) == pytest.approx(dry * liquid)
    assert left(DRY_TOML, 'counted = "after_reconstitution"') == pytest.approx(liquid)
    at_once = left(DRY_TOML, 'counted = "after_reconstitution"\ncounted_age = "0 days"')
    assert at_once == pytest.approx(liquid * dry / VALUES["storage.lyophilised_recovery"])
    assert left(FROZEN_TOML, 'counted = "after_thaw"') == 1.0
    released = left(FROZEN_TOML, 'counted = "after_thaw"\ncounted_age = "0 days"')
    thaw = 1.0 - VALUES["storage.freeze_thaw_loss_protected"]
    assert released == pytest.approx(remaining_after([FROZEN], VALUES) / thaw)
    assert left(FROZEN_TOML) == pytest.approx(remaining_after([FROZEN], VALUES))


def test_the_check_says_when_the_count_was_made() -> None:
    words = " ".join(what_is_not_known(product(FROZEN_TOML)))
    assert "counted at release" in words and "frozen for 365 days at -80 C" in words
    words = " ".join(what_is_not_known(product(DRY_TOML, 'counted = "after_reconstitution"')))
    assert "counted after reconstitution" in words and "not taken off again" in words


@pytest.mark.parametrize(
    ("storage", "particles", "says"),
    [
        (FROZEN_TOML, 'counted = "after_reconstitution"', "needs a lyophilised stay"),
        (DRY_TOML, 'counted = "after_thaw"', "needs a frozen stay"),
        (FROZEN_TOML, 'counted_age = "1 day"', "needs counted after_thaw"),
        (FROZEN_TOML, 'counted = "after_thaw"\ncounted_age = "400 days"', "longer than the stay"),
        (FROZEN_TOML, 'counted = "thawed"', "at_release"),
        (FROZEN_TOML, 'wetted_surface = "3 mL"', "is a volume"),
    ],
)
def test_a_count_that_cannot_be_is_refused(storage: str, particles: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        product(storage, particles)


def test_another_storage_follows_the_count() -> None:
    text = HEAD.replace("[particles]\n", '[particles]\ncounted = "after_thaw"\n') + FROZEN_TOML
    other = parse_product(stored_otherwise(text, read_history("4 C 48 h hat")))
    assert other.particles.counted == "at_release" and other.storage[0].buffer == "pbs-hat"
    assert parse_product(stored_otherwise(text, None)).particles.counted == "after_thaw"


def test_beyond_what_was_followed_is_said_for_every_state() -> None:
    assert beyond_measured([StorageStep(-80.0, 28.0), DRY, StorageStep(50.0, 90.0, lyophilised=True)]) == ()
    for step in (replace(FROZEN, days=29.0), replace(DRY, days=731.0), StorageStep(4.0, 8.0), StorageStep(25.0, 1.0)):
        assert len(beyond_measured([step])) == 1
    assert "no series at this temperature" in beyond_measured([replace(DRY, temperature=55.0, days=1.0)])[0]
    rows = product("", more=series(-80, {"1": [(0, 100), (200, 99), (365, 97)]}, dry=False)).stability
    assert beyond_measured([FROZEN], rows) == ()
    assert "the maker's series ends at 365 days" in beyond_measured([replace(FROZEN, days=400.0)], rows)[0]


def test_one_batch_is_an_ordinary_regression_with_its_one_sided_bound() -> None:
    days, values = np.array([0.0, 90, 180, 270, 365, 540]), np.array([101.0, 99.2, 97.9, 94.8, 94.1, 90.2])
    line = fit_line([Reading("1", d, v) for d, v in zip(days, values, strict=True)], "linear")
    assert line is not None
    theirs = sm.OLS(values, sm.add_constant(days)).fit()
    assert (line.intercepts[0], line.slopes[0]) == pytest.approx(tuple(theirs.params))
    at = np.array([0.0, 400.0, 800.0])
    # Two-sided 90 % limits of the mean are one-sided 95 % ones.
    bounds = theirs.get_prediction(sm.add_constant(at)).conf_int(alpha=0.10)
    assert line.bound(at) == pytest.approx(bounds[:, 0])
    crossing = line.crossing(80.0)
    assert float(line.bound(np.array([crossing]))[0]) == pytest.approx(80.0)
    assert crossing < (80.0 - line.intercepts[0]) / line.slopes[0], "the bound meets the limit before the mean does"


def test_batches_are_pooled_by_the_tests_of_a_covariance_analysis() -> None:
    random = np.random.default_rng(2)
    days = np.array([0.0, 90, 180, 270, 365])

    def readings(slopes: tuple[float, ...], starts: tuple[float, ...]) -> list[Reading]:
        return [
            Reading(str(i), day, start + slope * day + noise)
            for i, (slope, start) in enumerate(zip(slopes, starts, strict=True))
            for day, noise in zip(days, random.normal(0.0, 0.3, days.size), strict=True)
        ]

    same = readings((-0.02,) * 3, (100.0,) * 3)
    pooled = {
        "one line": same,
        "one slope": readings((-0.02,) * 3, (100.0, 104.0, 97.0)),
        "separate lines": readings((-0.02, -0.05, -0.01), (100.0,) * 3),
    }
    for kind, entries in pooled.items():
        line = fit_line(entries, "linear")
        assert line is not None and line.pooled == kind
    line = fit_line(same, "linear")
    batch = np.array([[r.batch == str(i) for i in range(3)] for r in same], dtype=float)
    time, value = np.array([r.days for r in same])[:, None], np.array([r.value for r in same])
    full = sm.OLS(value, np.hstack([batch, batch * time])).fit()
    slope = sm.OLS(value, np.hstack([batch, time])).fit()
    assert line is not None and line.p_slopes == pytest.approx(full.compare_f_test(slope)[1])
    separate = fit_line(pooled["separate lines"], "linear")
    assert separate is not None
    alone = [float(separate.mean(np.array([365.0]), i)[0]) for i in range(3)]
    worst = separate.crossing(85.0)
    assert float(separate.bound(np.array([worst]), int(np.argmin(alone)))[0]) == pytest.approx(85.0)


def test_too_few_readings_are_no_regression() -> None:
    assert fit_line([Reading("1", 0.0, 100.0), Reading("1", 90.0, 99.0), Reading("2", 90.0, 98.0)]) is None
    found = shelf_life(product(FROZEN_TOML, more=series(5, {"1": [(0, 100), (90, 99)]})), PARAMETERS, draws=20)
    assert found.conditions[0].line is None and "too few readings" in found.conditions[0].remarks[0]


def test_the_arrhenius_line_gives_its_energy_back() -> None:
    def loss(temperature: float) -> float:
        return 1e-4 * math.exp(60.0 / 8.314462618e-3 * (1 / 278.15 - 1 / (temperature + 273.15)))

    line = fit_arrhenius([Rate(t, loss(t), 0.1 * loss(t)) for t in (5.0, 25.0, 40.0)])
    assert line is not None and line.energy == pytest.approx(60.0)
    assert line.at(15.0) == pytest.approx(loss(15.0))
    assert fit_arrhenius([Rate(t, loss(t), 0.1 * loss(t)) for t in (5.0, 25.0)]) is None


def falling(loss: float) -> list[tuple[float, float]]:
    scatter = ((0, 0.3), (90, -0.4), (180, 0.2), (365, -0.1))
    return [(day, round(100.0 * math.exp(-loss * day) + odd, 2)) for day, odd in scatter]


def test_a_series_of_ones_own_replaces_the_prior() -> None:
    rows = "".join(
        series(t, {"A": falling(loss), "B": falling(1.05 * loss), "C": falling(loss)})
        for t, loss in ((5, 1e-4), (25, 4e-4), (40, 1e-3))
    )
    own = product(DRY_TOML, 'counted = "after_reconstitution"\ncounted_age = "0 days"', rows)
    read = product_parameters(own, PARAMETERS)
    values = read.draw(1, 0)
    dry = [own.history()[0]]
    slope = values["adsc-native.loss_rate_dry_5"]
    assert slope == pytest.approx(1e-4, rel=0.1)
    assert left_after_storage(own, dry, values) == pytest.approx(math.exp(-slope * 730.0))
    lefts = [left_after_storage(own, dry, read.draw(1, i)) for i in range(1, 60)]
    priors = [left_after_storage(product(DRY_TOML), dry, read.draw(1, i)) for i in range(1, 60)]
    assert np.std(lefts) < 0.5 * np.std(priors)
    between = left_after_storage(own, [replace(dry[0], temperature=15.0)], values)
    warm = left_after_storage(own, [replace(dry[0], temperature=25.0)], values)
    assert warm < between < left_after_storage(own, dry, values), "the Arrhenius line between temperatures"
    assert "function of what is left" not in " ".join(potent_dose(own, PARAMETERS, draws=20).unknown)


def test_the_shelf_life_is_what_real_time_supports() -> None:
    claim = '\n[shelf_life]\ntemperature = "5 C"\nclaimed = "24 months"\nlyophilised = true\n'
    rows = series(5, {b: falling(1e-4) for b in "ABC"}) + series(40, {b: falling(2e-3) for b in "ABC"})
    found = shelf_life(product(DRY_TOML, more=claim + rows), PARAMETERS, draws=20)
    cold, hot = found.conditions
    assert cold.supported == 365.0 and cold.crossing > 365.0 and "Q5C" in cold.remarks[0]
    assert hot.supported == hot.crossing == pytest.approx(-math.log(0.7) / 2e-3, rel=0.03)
    assert any("claimed: 730 days" in line and "NOT supported" in line for line in found.verdict)
    shorter = product(DRY_TOML, more=claim.replace("24 months", "12 months") + rows)
    assert any(line.endswith("dry: supported") for line in shelf_life(shorter, PARAMETERS, draws=20).verdict)
    table = StabilityResult(found).table
    assert table["supported_days"].tolist() == [cold.supported, hot.supported]


def test_one_day_is_told_in_the_singular() -> None:
    shipped = Path(__file__).resolve().parents[2] / "studies" / "products" / "adsc-4c-48h.toml"
    told = " ".join(shelf_life(parse_product(shipped.read_text(encoding="utf-8")), PARAMETERS, draws=20).verdict)
    assert "for 1 day at the centre" in told and "1 days" not in told


def test_the_picture_is_drawn_with_and_without_a_series() -> None:
    from anagen.reports import style
    from anagen.reports.figures.stability import draw_stability

    rows = "".join(series(t, {b: falling(loss) for b in "AB"}) for t, loss in ((5, 1e-4), (25, 4e-4), (40, 1e-3)))
    for more, panels in (("", 1), (rows, 5)):
        with style.styled():
            figure = draw_stability(shelf_life(product(DRY_TOML, more=more), PARAMETERS, draws=20))
        assert len(figure.axes) == panels
        assert all(len(axes.lines) >= 2 for axes in figure.axes)


def test_the_command_writes_what_the_ending_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from anagen.cli.stability import tell_stability

    file = tmp_path / "mine.toml"
    rows = "".join(series(t, {b: falling(1e-4) for b in "ABC"}) for t in (5, 40))
    file.write_text(HEAD + DRY_TOML + rows, encoding="utf-8")
    source = parameter_source("prior")
    for ending, start in ((".svg", b"<?xml"), (".csv", b"attribute,state")):
        out = tmp_path / f"shelf-life{ending}"
        tell_stability(str(file), "log", out, overwrite=False, as_json=False, source=source)
        assert out.read_bytes().startswith(start)
        printed = capsys.readouterr().out
        assert "potency, dry, 5 C: 365 days (12.0 months) supported" in printed and str(out) in printed
    tell_stability(str(file), "log", None, overwrite=False, as_json=True, source=source)
    told = json.loads(capsys.readouterr().out)
    assert [row["supported_days"] for row in told["conditions"]] == [365.0, 365.0]
    assert told["conditions"][0]["pooled"] == "one line"
    for scale, place, says in (("lin", None, "linear"), ("log", tmp_path / "a.pdf", ".svg"), ("log", out, "exists")):
        with pytest.raises(InputError, match=says):
            tell_stability(str(file), scale, place, overwrite=False, as_json=False, source=source)
