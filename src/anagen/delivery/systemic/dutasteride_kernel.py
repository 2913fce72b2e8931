"""Compiled course of dutasteride: saturable elimination, irreversible enzyme inhibition, turnover of DHT."""

from __future__ import annotations

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.compiled import compiled, inlined
from anagen.delivery.stepping import LANES, longest_gap, stepper, workspace

STATES = 9
GUT, CENTRAL, PERIPHERAL, ELIMINATED, TYPE1, TYPE2, DHT, TISSUE_TYPE1, TISSUE_TYPE2 = range(STATES)
CONSTANTS = 13
(KA, CLEARANCE, VOLUME, Q, PERIPHERAL_VOLUME, VMAX, KM, TURNOVER1, TURNOVER2, BIND1, BIND2, DHT_LOSS, TYPE2_SHARE) = (
    range(CONSTANTS)
)
PENETRATION = CONSTANTS
ROW = CONSTANTS + 1
FIRST_STEP = 0.01
AFTER_DOSE = 0.05
"""First step tried, at the beginning and after a dose [h]."""


@inlined
def slopes(t: FloatArray, y: FloatArray, c: FloatArray, out: FloatArray) -> None:
    """Rates of amounts, active enzyme and serum DHT.

    Parameters
    ----------
    t : FloatArray, shape (LANES,)
        [h].
    y : FloatArray, shape (STATES * LANES,)
        Amounts [ug], active enzyme and DHT (1 = untreated).
    c : FloatArray, shape (ROW * LANES,)
        Constants.
    out : FloatArray, shape (STATES * LANES,)
        Rates [1/h], filled here.
    """
    for i in range(LANES):
        concentration = y[CENTRAL * LANES + i] / c[VOLUME * LANES + i]
        saturable = c[VMAX * LANES + i] * concentration / (c[KM * LANES + i] + concentration)
        absorbed = c[KA * LANES + i] * y[GUT * LANES + i]
        eliminated = c[CLEARANCE * LANES + i] * concentration + saturable
        exchanged = c[Q * LANES + i] * (concentration - y[PERIPHERAL * LANES + i] / c[PERIPHERAL_VOLUME * LANES + i])
        type1, type2, share = y[TYPE1 * LANES + i], y[TYPE2 * LANES + i], c[TYPE2_SHARE * LANES + i]
        turnover1, bind1 = c[TURNOVER1 * LANES + i], c[BIND1 * LANES + i]
        turnover2, bind2 = c[TURNOVER2 * LANES + i], c[BIND2 * LANES + i]
        tissue1, tissue2 = y[TISSUE_TYPE1 * LANES + i], y[TISSUE_TYPE2 * LANES + i]
        out[GUT * LANES + i] = -absorbed
        out[CENTRAL * LANES + i] = absorbed - eliminated - exchanged
        out[PERIPHERAL * LANES + i] = exchanged
        out[ELIMINATED * LANES + i] = eliminated
        out[TYPE1 * LANES + i] = turnover1 * (1.0 - type1) - bind1 * concentration * type1
        out[TYPE2 * LANES + i] = turnover2 * (1.0 - type2) - bind2 * concentration * type2
        produced = share * type2 + (1.0 - share) * type1
        out[DHT * LANES + i] = c[DHT_LOSS * LANES + i] * (produced - y[DHT * LANES + i])
        local = c[PENETRATION * LANES + i] * concentration
        out[TISSUE_TYPE1 * LANES + i] = turnover1 * (1.0 - tissue1) - bind1 * local * tissue1
        out[TISSUE_TYPE2 * LANES + i] = turnover2 * (1.0 - tissue2) - bind2 * local * tissue2


advance = stepper(slopes, STATES)


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
    out : FloatArray, shape (STATES, n_patients, n_times)
        Filled here.

    Returns
    -------
    int
        Number of patients that could not be followed.
    """
    failed = 0
    patients, wanted = len(constants), len(times)
    y, floors, c, room = np.zeros(STATES * LANES), np.zeros(STATES * LANES), np.zeros(ROW * LANES), workspace(STATES)
    now, stop, step, largest = np.zeros(LANES), np.zeros(LANES), np.zeros(LANES), np.zeros(LANES)
    dose, seen = np.zeros(LANES, dtype=np.int64), np.zeros(LANES, dtype=np.int64)
    enough = max(2.0 * longest_gap(hours, times), AFTER_DOSE)
    for first in range(0, patients, LANES):
        step[:], dose[:], seen[:] = FIRST_STEP, 0, 0
        for lane in range(LANES):
            patient = first + lane
            if patient >= patients:
                # lanes without a patient repeat the last one and are done
                patient, seen[lane] = patients - 1, wanted
            largest[lane] = doses[patient, 0] if len(hours) > 0 else 0.0
            for state in range(STATES):
                amount = state <= ELIMINATED
                y[state * LANES + lane] = 0.0 if amount else 1.0
                floors[state * LANES + lane] = rtol * 1e-3 * (largest[lane] + 1e-3) if amount else rtol * 1e-3
            for number in range(ROW):
                c[number * LANES + lane] = constants[patient, number]
            now[lane] = times[0] if wanted > 0 else 0.0
            if len(hours) > 0:
                now[lane] = min(now[lane], hours[0] + lags[patient])
        while True:
            live = moving = False
            for lane in range(LANES):
                stop[lane] = now[lane]
                if seen[lane] < wanted:
                    arrival = hours[dose[lane]] + lags[first + lane] if dose[lane] < len(hours) else np.inf
                    stop[lane] = min(arrival, times[seen[lane]])
                    live = True
                    moving = moving or stop[lane] > now[lane]
            if not live:
                break
            if moving:
                advance(now, stop, y, c, floors, rtol, enough, step, room)
            for lane in range(LANES):
                if seen[lane] >= wanted:
                    continue
                now[lane] = max(now[lane], stop[lane])
                if step[lane] <= 0.0:
                    failed += 1
                    seen[lane] = wanted
                elif dose[lane] < len(hours) and hours[dose[lane]] + lags[first + lane] <= stop[lane]:
                    # absorption starts afresh with each dose, so the next step starts small
                    y[GUT * LANES + lane] += doses[first + lane, dose[lane]]
                    if doses[first + lane, dose[lane]] > largest[lane]:
                        # by the largest dose so far, so that a later one changes nothing before it
                        largest[lane] = doses[first + lane, dose[lane]]
                        for state in range(ELIMINATED + 1):
                            floors[state * LANES + lane] = rtol * 1e-3 * (largest[lane] + 1e-3)
                    step[lane] = min(step[lane], AFTER_DOSE)
                    dose[lane] += 1
                else:
                    for state in range(STATES):
                        out[state, first + lane, seen[lane]] = y[state * LANES + lane]
                    seen[lane] += 1
    return failed
