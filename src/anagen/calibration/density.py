"""Log density of the joint model and its gradient, compiled.

    log p(x | y) = -|x|^2 / 2 - sum_i ((y_i - m_i(x)) / s_i)^2 / 2 + constant
    m_i(x) = f_i(z) + sum_t c_t h_t(z) d_t

x holds the deviates z of the parameters and those of studies and arms. f_i is the emulator of value i; each term t of a
value is a factor c times a parameter h of the spread between trials, times the deviate d of its study or arm, or 1 for
a bias.
"""

from __future__ import annotations

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.core.compiled import compiled

NORMAL, LOGNORMAL = 0, 1


@compiled
def log_density(
    x: FloatArray,
    gradient: FloatArray,
    observed: FloatArray,
    error: FloatArray,
    constant: FloatArray,
    linear_ends: IntArray,
    linear: IntArray,
    slopes: FloatArray,
    product_ends: IntArray,
    first: IntArray,
    second: IntArray,
    products: FloatArray,
    term_ends: IntArray,
    term_hyper: IntArray,
    term_deviate: IntArray,
    term_factor: FloatArray,
    hyper_place: IntArray,
    hyper_kind: IntArray,
    hyper_centre: FloatArray,
    hyper_scale: FloatArray,
    hyper_lower: FloatArray,
    hyper_upper: FloatArray,
) -> float:
    """Log density at x, its gradient written into `gradient`.

    Parameters
    ----------
    x : FloatArray
        Deviates, of parameters first and then of studies and arms [deviate].
    gradient : FloatArray
        Written in place [deviate].
    observed : FloatArray
        Published values [value].
    error : FloatArray
        Their standard deviations [value].
    constant : FloatArray
        Constant of each value's emulator [value].
    linear_ends : IntArray
        End of the linear entries of each value [value].
    linear : IntArray
        Deviate of each linear entry.
    slopes : FloatArray
        Slope of each linear entry.
    product_ends : IntArray
        End of the product entries of each value [value].
    first : IntArray
        First deviate of each product.
    second : IntArray
        Second deviate of each product.
    products : FloatArray
        Coefficient of each product.
    term_ends : IntArray
        End of the terms of each value, of study, arm or bias [value].
    term_hyper : IntArray
        Parameter of each term, a place in the hyper_* arrays.
    term_deviate : IntArray
        Deviate of each term, -1 where it has none.
    term_factor : FloatArray
        Factor of each term.
    hyper_place : IntArray
        Deviate of each parameter that the terms read [hyper].
    hyper_kind : IntArray
        NORMAL or LOGNORMAL [hyper].
    hyper_centre : FloatArray
        Central value [hyper].
    hyper_scale : FloatArray
        Standard deviation, of the logarithm where log-normal [hyper].
    hyper_lower : FloatArray
        Lower physical bound [hyper].
    hyper_upper : FloatArray
        Upper physical bound [hyper].

    Returns
    -------
    float
        Log density but for a constant.
    """
    n_hyper = len(hyper_place)
    value = np.empty(n_hyper)
    slope = np.empty(n_hyper)
    pulled = np.zeros(n_hyper)
    for h in range(n_hyper):
        z = x[hyper_place[h]]
        if hyper_kind[h] == LOGNORMAL:
            drawn = hyper_centre[h] * np.exp(hyper_scale[h] * z)
            rate = hyper_scale[h] * drawn
        else:
            drawn = hyper_centre[h] + hyper_scale[h] * z
            rate = hyper_scale[h]
        if drawn < hyper_lower[h]:
            drawn, rate = 2.0 * hyper_lower[h] - drawn, -rate
        if drawn > hyper_upper[h]:
            drawn, rate = 2.0 * hyper_upper[h] - drawn, -rate
        if drawn < hyper_lower[h] or drawn > hyper_upper[h]:
            drawn, rate = min(max(drawn, hyper_lower[h]), hyper_upper[h]), 0.0
        value[h], slope[h] = drawn, rate
    total = 0.0
    for j in range(len(x)):
        total -= 0.5 * x[j] * x[j]
        gradient[j] = -x[j]
    linear_from, product_from, term_from = 0, 0, 0
    for i in range(len(observed)):
        mean = constant[i]
        for k in range(linear_from, linear_ends[i]):
            mean += slopes[k] * x[linear[k]]
        for k in range(product_from, product_ends[i]):
            mean += products[k] * x[first[k]] * x[second[k]]
        for k in range(term_from, term_ends[i]):
            part = term_factor[k] * value[term_hyper[k]]
            mean += part * x[term_deviate[k]] if term_deviate[k] >= 0 else part
        off = (observed[i] - mean) / error[i]
        total -= 0.5 * off * off
        pull = off / error[i]
        for k in range(linear_from, linear_ends[i]):
            gradient[linear[k]] += pull * slopes[k]
        for k in range(product_from, product_ends[i]):
            gradient[first[k]] += pull * products[k] * x[second[k]]
            gradient[second[k]] += pull * products[k] * x[first[k]]
        for k in range(term_from, term_ends[i]):
            h = term_hyper[k]
            if term_deviate[k] >= 0:
                gradient[term_deviate[k]] += pull * term_factor[k] * value[h]
                pulled[h] += pull * term_factor[k] * x[term_deviate[k]]
            else:
                pulled[h] += pull * term_factor[k]
        linear_from, product_from, term_from = linear_ends[i], product_ends[i], term_ends[i]
    for h in range(n_hyper):
        gradient[hyper_place[h]] += pulled[h] * slope[h]
    return total
