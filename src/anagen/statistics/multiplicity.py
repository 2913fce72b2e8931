"""Several comparisons in one trial: p values adjusted so that the chance of any false claim stays below alpha.

References
----------
.. [1] Holm 1979, https://www.jstor.org/stable/4615733.
.. [2] Hochberg 1988, doi:10.1093/biomet/75.4.800.
.. [3] Hommel 1988, doi:10.1093/biomet/75.2.383.
.. [4] Benjamini & Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x.
.. [5] Maurer, Hothorn & Lehmacher 1995 (fixed sequence); Bretz, Hothorn & Westfall 2010, doi:10.1201/9781420010909.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.errors import InputError, Problem
from anagen.core.reading import nearest


def bonferroni(p: Sequence[float]) -> FloatArray:
    """Bonferroni: p times the number of comparisons.

    Parameters
    ----------
    p : Sequence of float
        p values, 0 to 1.

    Returns
    -------
    FloatArray, shape (comparisons,)
        Adjusted, at most 1.
    """
    values = _checked(p)
    return np.minimum(values * len(values), 1.0)


def holm(p: Sequence[float]) -> FloatArray:
    """Holm: the smallest p times m, the next times m - 1, and so on, never falling.

    Parameters
    ----------
    p : Sequence of float
        p values, 0 to 1.

    Returns
    -------
    FloatArray, shape (comparisons,)
        Adjusted, at most 1.

    Examples
    --------
    >>> holm([0.011, 0.02, 0.022, 0.043, 0.3]).round(3).tolist()
    [0.055, 0.08, 0.08, 0.086, 0.3]
    """
    values = _checked(p)
    order = np.argsort(values, kind="stable")
    rising = np.maximum.accumulate(values[order] * np.arange(len(values), 0, -1))
    return _back(np.minimum(rising, 1.0), order)


def hochberg(p: Sequence[float]) -> FloatArray:
    """Hochberg: Holm's factors taken from the largest p down; for tests that do not depend on each other negatively.

    Parameters
    ----------
    p : Sequence of float
        p values, 0 to 1.

    Returns
    -------
    FloatArray, shape (comparisons,)
        Adjusted, at most 1.

    Examples
    --------
    >>> hochberg([0.011, 0.02, 0.022, 0.043, 0.3]).round(3).tolist()
    [0.055, 0.066, 0.066, 0.086, 0.3]
    """
    values = _checked(p)
    order = np.argsort(values, kind="stable")
    scaled = values[order] * np.arange(len(values), 0, -1)
    return _back(np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0), order)


def hommel(p: Sequence[float]) -> FloatArray:
    """Hommel: the closed test with Simes' test of every intersection.

    Parameters
    ----------
    p : Sequence of float
        p values, 0 to 1.

    Returns
    -------
    FloatArray, shape (comparisons,)
        Adjusted, at most those of Hochberg.

    Examples
    --------
    >>> hommel([0.011, 0.02, 0.022, 0.043, 0.3]).round(4).tolist()
    [0.044, 0.06, 0.0645, 0.086, 0.3]
    """
    values = _checked(p)
    order = np.argsort(values, kind="stable")
    rising = values[order]
    m = len(rising)
    if m == 1:
        return values
    ranks = np.arange(1, m + 1)
    adjusted = np.full(m, np.min(m * rising / ranks))
    for size in range(m - 1, 1, -1):
        first = m - size + 1
        bound = np.min(size * rising[first:] / np.arange(2, size + 1))
        lowest = np.empty(m)
        lowest[:first] = np.minimum(size * rising[:first], bound)
        lowest[first:] = lowest[first - 1]
        adjusted = np.maximum(adjusted, lowest)
    return _back(np.minimum(np.maximum(adjusted, rising), 1.0), order)


def benjamini_hochberg(p: Sequence[float]) -> FloatArray:
    """Benjamini-Hochberg: holds the share of false claims among all claims, not the chance of any.

    SciPy's `false_discovery_control` gives the same; its import takes as long as a command.

    Parameters
    ----------
    p : Sequence of float
        p values, 0 to 1.

    Returns
    -------
    FloatArray, shape (comparisons,)
        Adjusted, at most 1.
    """
    values = _checked(p)
    order = np.argsort(values, kind="stable")
    scaled = values[order] * len(values) / np.arange(1, len(values) + 1)
    return _back(np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0), order)


def fixed_sequence(p: Sequence[float]) -> FloatArray:
    """Fixed sequence: each at the whole alpha, in the order given, as long as all before it succeeded.

    Parameters
    ----------
    p : Sequence of float
        p values in the order of testing, 0 to 1.

    Returns
    -------
    FloatArray, shape (comparisons,)
        Largest p value so far.

    Examples
    --------
    >>> fixed_sequence([0.01, 0.04, 0.02]).tolist()
    [0.01, 0.04, 0.04]
    """
    return np.maximum.accumulate(_checked(p))


def co_primary(p: Sequence[float]) -> float:
    """Co-primary endpoints, of which all must succeed: the largest p value; no alpha is divided.

    Parameters
    ----------
    p : Sequence of float
        p values of all co-primary endpoints.

    Returns
    -------
    float
        The trial succeeds where it is at most alpha.

    Examples
    --------
    >>> co_primary([0.01, 0.04])
    0.04
    """
    return float(np.max(_checked(p)))


METHODS: dict[str, Callable[[Sequence[float]], FloatArray]] = {
    "none": lambda p: _checked(p),
    "bonferroni": bonferroni,
    "holm": holm,
    "hochberg": hochberg,
    "hommel": hommel,
    "benjamini_hochberg": benjamini_hochberg,
    "fixed_sequence": fixed_sequence,
}


def adjusted(p: Sequence[float], method: str) -> FloatArray:
    """P values adjusted by a method that is named.

    Parameters
    ----------
    p : Sequence of float
        p values, 0 to 1; in the order of testing for a fixed sequence.
    method : str
        One of `METHODS`; "bh" is Benjamini-Hochberg. Dunnett needs more than p values: `dunnett.dunnett`.

    Returns
    -------
    FloatArray, shape (comparisons,)
        Adjusted.

    Raises
    ------
    InputError
        Where the method is unknown or a p value is none.

    Examples
    --------
    >>> adjusted([0.01, 0.04], "bonferroni").tolist()
    [0.02, 0.08]
    """
    plain = method.strip().lower().replace("-", "_")
    plain = "benjamini_hochberg" if plain in ("bh", "fdr_bh") else plain
    if plain not in METHODS:
        names = tuple(METHODS)
        message = f"unknown method {method!r}"
        raise InputError([Problem(None, None, None, "multiplicity", message, names, nearest(method, names))])
    return METHODS[plain](p)


def _back(values: FloatArray, order: np.ndarray) -> FloatArray:
    out = np.empty_like(values)
    out[order] = values
    return out


def _checked(p: Sequence[float]) -> FloatArray:
    values = np.asarray(p, dtype=np.float64)
    if values.ndim != 1 or not len(values) or not ((values >= 0.0) & (values <= 1.0)).all():
        message = "must be one or more p values between 0 and 1"
        raise InputError([Problem(None, None, None, "p", message)])
    return values
