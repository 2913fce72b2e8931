"""V8 to V10: published signalling models, from their equations, and what the network takes from them."""

from __future__ import annotations

import numpy as np
import pytest
import sod_kowald_2006 as kowald
import tgf_vilar_2006 as vilar
import wnt_lee_2003 as lee

from anagen.signalling.network import basal_levels, load_network, resting_state

NETWORK = load_network()


def test_beta_catenin_rises_as_lee_published() -> None:
    """V8: 35.0 nM without Wnt; 42.7, 69.9, 107.6 and 175 nM after 1, 3, 6 and 25 h; TCF-bound 6.84 to 12.5."""
    rest = lee.unstimulated()
    assert rest[lee.TOTAL_BETA_CATENIN].sum() == pytest.approx(35.0, abs=0.1)
    assert rest[lee.FREE] == pytest.approx(25.1, abs=0.1)
    assert rest[lee.BOUND_TO_TCF] == pytest.approx(6.84, abs=0.02)
    risen = lee.course(lambda _t: 1.0, rest, 60.0 * np.array([0.0, 1.0, 3.0, 6.0, 25.0]))
    total = risen[1:, lee.TOTAL_BETA_CATENIN].sum(axis=1)
    assert total == pytest.approx([42.7, 69.9, 107.6, 175.0], rel=0.005)
    assert risen[-1, lee.BOUND_TO_TCF] == pytest.approx(12.5, abs=0.1)


def test_a_wnt_pulse_passes() -> None:
    """V8: W = exp(-t / 20 min) peaks at 60.5 nM after 245 min and falls back to 35."""
    times = np.concatenate([np.arange(0.0, 600.0, 1.0), [8000.0]])
    total = lee.course(lambda t: np.exp(-t / 20.0), lee.unstimulated(), times)[:, lee.TOTAL_BETA_CATENIN].sum(axis=1)
    assert total.max() == pytest.approx(60.5, abs=0.2)
    assert times[total.argmax()] == pytest.approx(245.0, abs=5.0)
    assert total[-1] == pytest.approx(35.0, abs=0.5)


def test_tgf_receptors_answer_a_step_as_vilar_published() -> None:
    """V9: basal 271.1, 127.1 and 16.9; a step to 0.01 peaks at 404.8 after 53 min and is 138.8 at 600 min."""
    rest = vilar.basal()
    found = rest[[vilar.RECEPTOR_I, vilar.RECEPTOR_II, vilar.SIGNALLING]]
    assert found == pytest.approx([271.1, 127.1, 16.9], abs=0.05)
    times = np.arange(0.0, 601.0)
    signal = vilar.course(0.01, rest, times)[:, vilar.SIGNALLING]
    assert signal.max() == pytest.approx(404.8, abs=0.1)
    assert times[signal.argmax()] == 53.0
    assert signal[-1] == pytest.approx(138.8, abs=0.05)


def test_dismutase_lowers_superoxide_and_leaves_peroxide() -> None:
    """V10: superoxide falls as 1 / dismutase, peroxide stays; a tenth of the catalase, ten times the peroxide."""
    states = [kowald.steady_state(sod, 1e-5) for sod in (1e-6, 1e-5, 1e-4)]
    superoxide = [state[kowald.SUPEROXIDE] for state in states]
    assert superoxide == pytest.approx([4.10e-10, 4.12e-11, 4.13e-12], rel=2e-3)
    assert [state[kowald.PEROXIDE] for state in states] == pytest.approx([9.7e-10] * 3, rel=0.02)
    assert kowald.steady_state(1e-5, 1e-6)[kowald.PEROXIDE] == pytest.approx(9.7e-9, rel=0.02)


def levels(condition: str = "aga", **changed: float) -> dict[str, float]:
    basal = basal_levels(NETWORK, condition)
    for name, level in changed.items():
        basal[NETWORK.node_names.index(name)] = level
    return dict(zip(NETWORK.node_names, resting_state(NETWORK, basal).tolist(), strict=True))


def test_the_network_orders_levels_as_the_published_models_do() -> None:
    rest = levels()
    assert levels(WNT=1.0)["BCATENIN"] > rest["BCATENIN"]
    assert levels(TGFB1=0.9)["SMAD3"] > rest["SMAD3"]
    assert levels(SOD=1.0)["ROS"] == rest["ROS"]
    assert levels(CATALASE=0.06)["ROS"] > rest["ROS"]


def test_beta_catenin_of_the_network_is_as_slow_as_in_lee() -> None:
    """Half of the rise at 25 h is reached within 2 to 12 h in the model; the network's time constant is 6 h."""
    times = 60.0 * np.arange(0.0, 25.1, 0.25)
    total = lee.course(lambda _t: 1.0, lee.unstimulated(), times)[:, lee.TOTAL_BETA_CATENIN].sum(axis=1)
    half_hours = times[np.argmax(total >= 0.5 * (total[0] + total[-1]))] / 60.0
    assert 0.5 < half_hours / (NETWORK.node("BCATENIN").tau * 24.0 * np.log(2.0)) < 2.0
