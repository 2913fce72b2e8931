"""How readings at baseline move with severity: what a published baseline is matched by.

    reading of patient i at shift s, stretch t  =  reading now * R(x_i(s, t), y_i(t)) / R(x_i now, y_i now)

x is the logarithm of the factor on androgen sensitivity, y that of years since onset, both against people of
the same kind, and R the mean reading of some of a pilot at six sensitivities, each twice the one before, after
short, usual and long loss; calibre, kenogen and detection move together in it. On a scale of numbers x is the standard
normal deviate of the extent, and R the extent itself. Everything is a smooth function of the parameter values.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.patients import CONDITIONS, Population, PopulationSpec
from anagen.patients.condition import Condition, draw_extent
from anagen.scalp import ENDPOINTS
from anagen.trials.observation import Scene
from anagen.trials.screening import baseline_of

NODES = np.log(2.0) * np.arange(-2.0, 4.0)
"""Logarithms of the factors on sensitivity at which a pilot is looked at: a quarter to eight times."""
MOST_SENSITIVE = float(np.log(4.0))
"""Greatest shift of the logarithm of sensitivity either way: a quarter to four times, which is about the range that the
follicles of one patient span (95 %); assumption."""
MOST_EXTENDED = 3.0
"""Greatest shift of the standard normal deviate of an extent either way."""
CURVE_AREA = 0.15
"""Area in which a pilot is looked at for its curve [cm2]: a mean over patients needs few follicles of each."""
CURVE_PATIENTS = 12
"""How many of a pilot, about, are looked at for its curve."""
YEARS = np.array([-0.8, 0.0, 0.8])
"""Logarithms of the factors on years since onset at which it is looked at where a spread is matched."""
POINTS = 481
LEAST_READING = 1e-6
"""Least mean that has a logarithm."""
RISE = 1e-9
"""Least slope of the curve of the matched endpoint between two points, so that it can be read the other way."""


@dataclass(frozen=True, slots=True)
class Response:
    """Mean readings against severity.

    Attributes
    ----------
    place : FloatArray, shape (n_points,)
        Severity x of a patient, increasing.
    curves : FloatArray, shape (3, n_endpoints, n_points)
        Logarithm of the readings of a patient at x, after short, usual and long loss.
    level : FloatArray, shape (n_points,)
        Logarithm of the mean of the matched endpoint where x is the shift of all patients, rising or falling.
    most : float
        Greatest shift either way.
    variance : float
        Of x between patients who differ as much as usual, where their mean factor is kept.
    """

    place: FloatArray
    curves: FloatArray
    level: FloatArray
    most: float
    variance: float = 0.0

    def level_at(self, shift: float) -> float:
        """Logarithm of the mean of the matched endpoint at a shift of all patients."""
        return float(np.interp(shift, self.place, self.level))

    def shift_at(self, level: float) -> float:
        """Shift at which the mean of the matched endpoint has that logarithm, no further than plausible."""
        way = 1 if self.level[-1] > self.level[0] else -1
        return float(np.clip(np.interp(level, self.level[::way], self.place[::way]), -self.most, self.most))

    def reach(self) -> tuple[float, float]:
        """Least and greatest logarithm of the mean within the plausible shifts."""
        ends = self.level_at(-self.most), self.level_at(self.most)
        return min(ends), max(ends)

    def logs(self, place: FloatArray, longer: FloatArray) -> FloatArray:
        """Logarithms of readings at severities x and logarithms of years relative to the usual, [patient, endpoint]."""
        short, usual, long = (
            np.array([np.interp(place, self.place, curve) for curve in at], dtype=np.float64).T for at in self.curves
        )
        y = np.clip(longer / YEARS[2], -1.0, 1.0)[:, None]
        moved: FloatArray = usual + np.maximum(y, 0.0) * (long - usual) + np.minimum(y, 0.0) * (usual - short)
        return moved


def moves(scene: Scene, name: str) -> bool:
    """Whether the severity of a scene's patients moves an endpoint.

    Parameters
    ----------
    scene : Scene
        Study, with the endpoint among its endpoints.
    name : str
        The endpoint.

    Returns
    -------
    bool
        True for what is read in a zone whose follicles are more or less sensitive, and for what is read on a whole
        scalp in a condition whose extent is a number.
    """
    condition = CONDITIONS[scene.spec.condition]
    if ENDPOINTS[name].whole_scalp:
        return bool(condition.extents)
    return bool(condition.severity_scale) and scene.spec.zone in condition.affected_zones


def response_of(scene: Scene, people: Population, name: str) -> Response:
    """How readings of patients move with severity.

    Parameters
    ----------
    scene : Scene
        Study, parameter values and seed; nothing matched yet.
    people : Population
        Patients of a pilot.
    name : str
        The endpoint that is matched.

    Returns
    -------
    Response
        Of every endpoint of the scene.
    """
    condition = CONDITIONS[scene.spec.condition]
    endpoints = [endpoint.name for endpoint in scene.protocol.endpoints]
    column = endpoints.index(name)
    if ENDPOINTS[name].whole_scalp:
        place = np.linspace(-2.0 * MOST_EXTENDED, 2.0 * MOST_EXTENDED, POINTS)
        extents = _extents(scene, condition, place)
        curves = np.zeros((3, len(endpoints), POINTS))
        curves[:, column] = np.log(100.0 * extents)
        # patients at the quantiles of a normal distribution, all shifted together
        apart = place[:: POINTS // 60]
        weights = np.exp(-0.5 * apart**2)
        mean = np.interp(place[:, None] + apart[None, :], place, extents) @ weights / weights.sum()
        return Response(place, curves, _strict(np.log(100.0 * mean), rising=True), MOST_EXTENDED)
    few = people.take(np.arange(0, len(people), max(len(people) // CURVE_PATIENTS, 1)))
    looks = [(node, longer) for longer in YEARS.tolist() for node in NODES.tolist()]
    seen = [
        replace(
            few, sensitivity=few.sensitivity * np.exp(node), years_since_onset=few.years_since_onset * np.exp(longer)
        )
        for node, longer in looks
    ]
    measured = baseline_of(scene, Population.joined(seen), CURVE_AREA).measured[:, 0]
    means = _means(measured.reshape(len(looks), len(few), -1)).reshape(len(YEARS), len(NODES), -1)
    counts = np.array([endpoint.count_power for endpoint in scene.protocol.endpoints])
    means = np.maximum(means, 0.5 * counts / (CURVE_AREA * len(few)))
    place = np.linspace(float(NODES[0]), float(NODES[-1]), POINTS)
    curves = [monotone_cubic(NODES, np.stack([_logs(mean) for mean in at.T], axis=1), place).T for at in means]
    return Response(
        place,
        np.asarray(curves, dtype=np.float64),
        _strict(np.asarray(curves[1][column], dtype=np.float64), rising=False),
        MOST_SENSITIVE,
        scene.values["population.sensitivity_between_patients"] ** 2,
    )


def monotone_cubic(nodes: FloatArray, values: FloatArray, places: FloatArray) -> FloatArray:
    """Cubic curves through values at evenly spaced nodes that rise and fall where the values do.

    Slopes are harmonic means of the secants beside a node, 0 where these differ in sign (Fritsch & Butland 1984,
    doi:10.1137/0905021), and at the ends those of a parabola, kept from overshooting. SciPy has the same, and
    takes half a second to import.

    Parameters
    ----------
    nodes : FloatArray, shape (n_nodes,)
        Increasing, evenly spaced, at least three.
    values : FloatArray, shape (n_nodes, n_curves)
        Values there.
    places : FloatArray, shape (n_places,)
        Where the curves are read, between the first node and the last.

    Returns
    -------
    FloatArray, shape (n_places, n_curves)
        Their values.

    Examples
    --------
    >>> monotone_cubic(np.arange(3.0), np.array([[0.0], [1.0], [1.0]]), np.array([0.5, 1.5])).round(3).tolist()
    [[0.688], [1.0]]
    """
    step = nodes[1] - nodes[0]
    secant = np.diff(values, axis=0) / step
    before, after = secant[:-1], secant[1:]
    alike = before * after > 0.0
    inner = np.where(alike, 2.0 * before * after / np.where(alike, before + after, 1.0), 0.0)

    def end(near: FloatArray, far: FloatArray) -> FloatArray:
        slope = 1.5 * near - 0.5 * far
        slope = np.where(np.sign(slope) == np.sign(near), slope, 0.0)
        steep = (np.sign(near) != np.sign(far)) & (np.abs(slope) > 3.0 * np.abs(near))
        return np.asarray(np.where(steep, 3.0 * near, slope))

    slopes = np.concatenate([end(secant[:1], secant[1:2]), inner, end(secant[-1:], secant[-2:-1])])
    left = np.clip(np.searchsorted(nodes, places, side="right") - 1, 0, len(nodes) - 2)
    t = ((places - nodes[left]) / step)[:, None]
    rest = secant[left]
    bend = slopes[left] + slopes[left + 1] - 2.0 * rest
    curve: FloatArray = values[left] + step * t * (slopes[left] + t * ((rest - slopes[left]) - (1.0 - t) * bend))
    return curve


def severity_of(scene: Scene, people: Population, kind: Population, response: Response, name: str) -> FloatArray:
    """Severity x of each patient [patient], relative to those of the same kind.

    Parameters
    ----------
    scene : Scene
        From whom the patients were drawn.
    people : Population
        The patients.
    kind : Population
        The same, if nobody were more severe than usual and people of the same kind did not differ.
    response : Response
        Of the same scene.
    name : str
        The endpoint that is matched.

    Returns
    -------
    FloatArray, shape (n_patients,)
        Logarithm of the factor on sensitivity, or the standard normal deviate of the extent.
    """
    condition = CONDITIONS[scene.spec.condition]
    if ENDPOINTS[name].whole_scalp:
        return np.interp(people.extent, _extents(scene, condition, response.place), response.place)
    return np.log(people.sensitivity / kind.sensitivity)


def stretched(place: FloatArray, spec: PopulationSpec, shift: float, stretch: float, variance: float) -> FloatArray:
    """Severity x of patients of a population [patient] at another shift and stretch.

    Parameters
    ----------
    place : FloatArray, shape (n_patients,)
        Severity x now.
    spec : PopulationSpec
        Whose shift and stretch they have now.
    shift : float
        Shift then.
    stretch : float
        Stretch then.
    variance : float
        Of x between patients at a stretch of 1, where their mean factor is kept, as `Response.variance`.

    Returns
    -------
    FloatArray, shape (n_patients,)
        Severity x then.
    """
    deviate = (place - spec.severity_shift) / spec.severity_stretch + 0.5 * spec.severity_stretch * variance
    return shift + stretch * deviate - 0.5 * stretch**2 * variance


def _extents(scene: Scene, condition: Condition, place: FloatArray) -> FloatArray:
    """Share of the scalp affected at standard normal deviates."""
    from scipy.special import ndtr

    (scale,) = dict.fromkeys(condition.severity_scale.values())
    return draw_extent(condition, scene.spec.severity_range.get(scale), scene.values, ndtr(place))[1]


def _means(measured: FloatArray) -> FloatArray:
    """Means over the patients that have a reading, along the second axis; missing where nobody has."""
    whole = np.isfinite(measured)
    n = whole.sum(axis=1)
    out = np.full(n.shape, np.nan, dtype=np.float64)
    return np.divide(np.where(whole, measured, 0.0).sum(axis=1), n, out=out, where=n > 0)


def _logs(means: FloatArray) -> FloatArray:
    """Logarithms of the means of an endpoint at each look; where there is none to take, that of a look before."""
    there = np.flatnonzero(means > LEAST_READING)
    if not len(there):
        return np.zeros(len(means))
    return np.asarray(np.interp(np.arange(len(means)), there, np.log(means[there])), dtype=np.float64)


def _strict(level: FloatArray, *, rising: bool) -> FloatArray:
    """The curve without a turn, which chance can bring where it is flat."""
    way = 1.0 if rising else -1.0
    return np.asarray(
        way * (np.maximum.accumulate(way * level) + RISE * np.arange(len(level), dtype=np.float64)), dtype=np.float64
    )
