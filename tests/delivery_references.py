"""Second ways to what delivery computes when a study runs (test_exposures ties them to it), and changes of doses."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from scipy.special import erfc

from anagen.core.arrays import BoolArray, FloatArray
from anagen.delivery.compartments import amounts, join, mean_amounts
from anagen.delivery.doses import Doses
from anagen.delivery.light import session_stimulus
from anagen.delivery.skin.stratum_corneum import MEET, TERMS
from anagen.delivery.systemic.finasteride import AndrogenFall, steady_fall
from anagen.delivery.wounds import Injury, wound_strength


def missed(doses: Doses, forgotten: BoolArray) -> Doses:
    """The same doses, some not taken: True where one is missed, [dose] or [patient, dose]."""
    return Doses(doses.days, np.where(forgotten, 0.0, doses.amounts))


def changed(doses: Doses, *, day: float, amount: float) -> Doses:
    """The same doses with another amount from `day` on; one that was missed stays missed."""
    return Doses(doses.days, np.where((doses.days >= day) & (doses.amounts > 0.0), amount, doses.amounts))


def single(doses: Doses, number: int) -> Doses:
    """Only dose `number`."""
    return Doses(doses.days[number : number + 1], doses.amounts[..., number : number + 1])


def wound_signal(
    injury: Injury, sessions: Doses, depth: float, times: FloatArray, values: Mapping[str, float]
) -> FloatArray:
    """Mean signal of injuries per cm2 from each time to the next [patient, time - 1]: a chain of rise and decay."""
    rise = math.log(2.0) / values["wound_signal.rise"]
    fall = math.log(2.0) / values[f"wound_signal.{injury}_half_life"]
    chain = join(("injury", "signal", "healed"), {("injury", "signal"): rise, ("signal", "healed"): fall})
    strengths = Doses(sessions.days, wound_strength(injury, sessions.amounts, depth, values))
    return mean_amounts(chain, strengths, times, into="injury")[:, :, 1]


def light_stimulus(sessions: Doses, wavelength: float, times: FloatArray, values: Mapping[str, float]) -> FloatArray:
    """Mean stimulus of surface fluences [J/cm2] from each time to the next [patient, time - 1]."""
    stimuli = Doses(sessions.days, session_stimulus(sessions.amounts, wavelength, values))
    fading = join(("stimulus", "gone"), {("stimulus", "gone"): math.log(2.0) / values["light.half_life"]})
    return mean_amounts(fading, stimuli, times, into="stimulus")[:, :, 0]


def finasteride_oral(
    doses: Doses, times: FloatArray, values: Mapping[str, float], *, averaged: bool = False
) -> AndrogenFall:
    """Share of DHT removed by tablets [mg], at times or, averaged, from each to the next [patient, time]."""
    return steady_fall(_seen_by_enzyme(doses, times, values, averaged), values)


def finasteride_topical(
    doses: Doses, times: FloatArray, values: Mapping[str, float], *, averaged: bool = False
) -> AndrogenFall:
    """The same of finasteride laid on the scalp: serum sees what enters blood, the scalp a local share on top."""
    seen = _seen_by_enzyme(doses, times, values, averaged)
    blood = seen * values["finasteride_kinetics.topical_systemic"]
    here = steady_fall(blood + seen * values["finasteride_kinetics.topical_local"], values)
    return AndrogenFall(steady_fall(blood, values).serum, here.scalp, here.papilla)


def _seen_by_enzyme(doses: Doses, times: FloatArray, values: Mapping[str, float], averaged: bool) -> FloatArray:
    turnover = values["finasteride_kinetics.enzyme_turnover"]
    enzyme = join(("seen", "gone"), {("seen", "gone"): turnover})
    return turnover * (mean_amounts if averaged else amounts)(enzyme, doses, times, into="seen")[:, :, 0]


def amount_in(scaled: FloatArray) -> FloatArray:
    """Amount that has entered the stratum corneum, in units of K C L per area (Crank 1975, section 4.3)."""
    late = scaled + 1.0 / 3.0 - 2.0 / math.pi**2 * (_decay(scaled) / TERMS**2).sum(axis=-1)
    t = np.clip(scaled, 1e-12, MEET)
    images = _ierfc(TERMS / np.sqrt(t[..., None])).sum(axis=-1)
    return np.where(scaled >= MEET, late, 2.0 * np.sqrt(t) * (1.0 / math.sqrt(math.pi) + 2.0 * images))


def amount_held(scaled: FloatArray) -> FloatArray:
    """Amount within it, from its own series: 1/2 - 4 / pi^2 sum over odd n of exp(-n^2 pi^2 T) / n^2."""
    late = 0.5 - 4.0 / math.pi**2 * (TERMS % 2.0 * _decay(scaled) / TERMS**2).sum(axis=-1)
    t = np.clip(scaled, 1e-12, MEET)
    signed = ((-1.0) ** TERMS * _ierfc(TERMS / (2.0 * np.sqrt(t[..., None])))).sum(axis=-1)
    return np.where(scaled >= MEET, late, 2.0 * np.sqrt(t) * (1.0 / math.sqrt(math.pi) + 2.0 * signed))


def profile(depth: FloatArray, scaled: float) -> FloatArray:
    """Concentration over K C at relative depths 0 (surface) to 1, at one time T > 0."""
    if scaled >= MEET:
        waves = np.sin(math.pi * np.multiply.outer(depth, TERMS)) / TERMS
        return 1.0 - depth - 2.0 / math.pi * (waves * np.exp(-(TERMS**2) * math.pi**2 * scaled)).sum(axis=-1)
    images, spread = np.arange(0.0, 12.0), 2.0 * math.sqrt(scaled)
    near = np.add.outer(depth, 2.0 * images) / spread
    far = np.add.outer(-depth, 2.0 * images + 2.0) / spread
    return (erfc(near) - erfc(far)).sum(axis=-1)


def _decay(scaled: FloatArray) -> FloatArray:
    return np.exp(-(TERMS**2) * math.pi**2 * np.maximum(scaled, MEET)[..., None])


def _ierfc(x: FloatArray) -> FloatArray:
    return np.exp(-x * x) / math.sqrt(math.pi) - x * erfc(x)
