"""The compiled integrator against SciPy's LSODA on the equations of both routes that need it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from anagen.core.arrays import FloatArray
from anagen.delivery.doses import Doses
from anagen.delivery.systemic.dutasteride import dutasteride_course, typical
from anagen.delivery.vesicles.disposition import VesicleRates, vesicle_course
from anagen.parameters import load_parameters

VALUES = load_parameters().draw(1, 0)


@pytest.mark.parametrize(("rtol", "allowed"), [(1e-4, 1e-3), (1e-6, 1e-5), (1e-9, 1e-8)])
def test_dutasteride_agrees_with_lsoda(rtol: float, allowed: float) -> None:
    ka, cl, vc, q, vp, vmax, km, k1, k2, b1, b2, out, share, _, lag = typical(VALUES)[0]

    def slopes(_: float, y: FloatArray) -> list[float]:
        c = y[1] / vc
        flow = q * (c - y[2] / vp)
        made = share * y[4] + (1.0 - share) * y[3]
        return [
            -ka * y[0],
            ka * y[0] - cl * c - vmax * c / (km + c) - flow,
            flow,
            k1 * (1.0 - y[3]) - b1 * c * y[3],
            k2 * (1.0 - y[4]) - b2 * c * y[4],
            out * (made - y[5]),
        ]

    hours = np.array([1.0, 6.0, 24.0, 100.0, 400.0])
    start = [500.0, 0.0, 0.0, 1.0, 1.0, 1.0]
    exact = solve_ivp(slopes, (lag, hours[-1]), start, method="LSODA", t_eval=hours, rtol=1e-11, atol=1e-13).y
    once = Doses(np.zeros(1), np.full((1, 1), 0.5))
    course = dutasteride_course(once, hours / 24.0, typical(VALUES), type2_share=0.41, rtol=rtol)
    assert course.concentration[0] == pytest.approx(exact[1] / vc, rel=allowed)
    assert course.type1[0] == pytest.approx(exact[3], rel=allowed)
    assert course.type2[0] == pytest.approx(exact[4], rel=allowed)
    assert course.serum_dht[0] == pytest.approx(exact[5], rel=allowed)


def test_saturable_uptake_agrees_with_lsoda() -> None:
    rates = VesicleRates(0.02, 1.5, 8.0, 2.0, 0.3, 0.03, 0.5, 0.1, 3.0, 0.05)

    def slopes(t: float, y: FloatArray) -> list[float]:
        through = 1.5 * np.exp(-8.0 * t) * y[0]
        taken = 3.0 * 0.05 * y[2] / (0.05 + y[2])
        return [
            -0.02 * y[0] - through - 2.0 * y[0],
            0.02 * y[0] - 0.33 * y[1],
            through + 0.03 * y[1] - 0.6 * y[2] - taken,
            taken,
        ]

    days = np.array([0.05, 0.5, 2.0, 10.0])
    exact = solve_ivp(slopes, (0.0, 10.0), [1.0, 0.0, 0.0, 0.0], method="LSODA", t_eval=days, rtol=1e-11, atol=1e-14).y
    course = vesicle_course(Doses(np.zeros(1), np.ones(1)), days, rates, into="surface", rtol=1e-8)
    for mine, theirs in zip((course.surface, course.follicle, course.depot, course.taken_up), exact, strict=True):
        assert mine[0] == pytest.approx(theirs, rel=1e-6, abs=1e-9)
