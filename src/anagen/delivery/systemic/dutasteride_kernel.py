"""Compiled course of dutasteride: saturable elimination, irreversible enzyme inhibition, turnover of DHT."""

from __future__ import annotations

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.compiled import compiled, inlined
from anagen.core.tsitouras import STAGES
from anagen.delivery.stepping import advance

STATES = 9
GUT, CENTRAL, PERIPHERAL, ELIMINATED, TYPE1, TYPE2, DHT, TISSUE_TYPE1, TISSUE_TYPE2 = range(STATES)
CONSTANTS = 13
(KA, CLEARANCE, VOLUME, Q, PERIPHERAL_VOLUME, VMAX, KM, TURNOVER1, TURNOVER2, BIND1, BIND2, DHT_LOSS, TYPE2_SHARE) = (
    range(CONSTANTS)
)
PENETRATION = CONSTANTS
ROW = CONSTANTS + 1


@inlined
def slopes(t: float, y: FloatArray, c: FloatArray, out: FloatArray) -> None:
    """Rates of amounts, active enzyme and serum DHT.

    Parameters
    ----------
    t : float
        [h].
    y : FloatArray, shape (STATES,)
        Amounts [ug], active enzyme and DHT (1 = untreated).
    c : FloatArray, shape (ROW,)
        Constants.
    out : FloatArray, shape (STATES,)
        Rates [1/h], filled here.
    """
    concentration = y[CENTRAL] / c[VOLUME]
    absorbed = c[KA] * y[GUT]
    eliminated = c[CLEARANCE] * concentration + c[VMAX] * concentration / (c[KM] + concentration)
    exchanged = c[Q] * (concentration - y[PERIPHERAL] / c[PERIPHERAL_VOLUME])
    out[GUT] = -absorbed
    out[CENTRAL] = absorbed - eliminated - exchanged
    out[PERIPHERAL] = exchanged
    out[ELIMINATED] = eliminated
    out[TYPE1] = c[TURNOVER1] * (1.0 - y[TYPE1]) - c[BIND1] * concentration * y[TYPE1]
    out[TYPE2] = c[TURNOVER2] * (1.0 - y[TYPE2]) - c[BIND2] * concentration * y[TYPE2]
    produced = c[TYPE2_SHARE] * y[TYPE2] + (1.0 - c[TYPE2_SHARE]) * y[TYPE1]
    out[DHT] = c[DHT_LOSS] * (produced - y[DHT])
    local = c[PENETRATION] * concentration
    out[TISSUE_TYPE1] = c[TURNOVER1] * (1.0 - y[TISSUE_TYPE1]) - c[BIND1] * local * y[TISSUE_TYPE1]
    out[TISSUE_TYPE2] = c[TURNOVER2] * (1.0 - y[TISSUE_TYPE2]) - c[BIND2] * local * y[TISSUE_TYPE2]


@compiled
def course(
    hours: FloatArray,
    doses: FloatArray,
    lags: FloatArray,
    times: FloatArray,
    constants: FloatArray,
    rtol: float,
    out: FloatArray,
) -> int:
    """Follow every patient over the doses.

    Parameters
    ----------
    hours : FloatArray, shape (n_doses,)
        Hours of the doses, not decreasing.
    doses : FloatArray, shape (n_patients, n_doses)
        [ug].
    lags : FloatArray, shape (n_patients,)
        From swallowing to absorption [h].
    times : FloatArray, shape (n_times,)
        [h], not decreasing.
    constants : FloatArray, shape (n_patients, ROW)
        In the order of their names above.
    rtol : float
        Relative tolerance.
    out : FloatArray, shape (n_patients, n_times, STATES)
        Filled here.

    Returns
    -------
    int
        Number of patients that could not be followed.
    """
    failed = 0
    y = np.zeros(STATES)
    floors = np.zeros(STATES)
    k = np.zeros((STAGES, STATES))
    trial = np.zeros(STATES)
    for patient in range(len(constants)):
        y[:] = 0.0
        y[TYPE1] = y[TYPE2] = y[DHT] = y[TISSUE_TYPE1] = y[TISSUE_TYPE2] = 1.0
        largest = 0.0
        for dose in range(len(hours)):
            largest = max(largest, doses[patient, dose])
        for i in range(STATES):
            floors[i] = rtol * 1e-3 * (largest + 1e-3) if i <= ELIMINATED else rtol * 1e-3
        row = constants[patient]
        now = times[0] if len(times) > 0 else 0.0
        if len(hours) > 0:
            now = min(now, hours[0] + lags[patient])
        dose, seen, step = 0, 0, 0.01
        while seen < len(times) and step > 0.0:
            arrival = hours[dose] + lags[patient] if dose < len(hours) else np.inf
            stop = min(arrival, times[seen])
            if stop > now:
                step = advance(slopes, now, stop, y, row, floors, rtol, step, k, trial)
                now = stop
            if arrival <= stop:
                # absorption starts afresh with each dose, so the next step starts small
                y[GUT] += doses[patient, dose]
                step = min(step, 0.05) if step > 0.0 else step
                dose += 1
            else:
                out[patient, seen] = y
                seen += 1
        if not step > 0.0:
            failed += 1
    return failed
