"""Vesicles from skin or syringe to the cells that take them up.

    surface -> follicle (slowly; size decides) -> dermis through the follicle's wall, or out again with sebum
    surface -> dermis through channels, while they are open;   surface -> lost
    depot in the dermis -> taken up (saturable), drained by lymph (size decides), degraded

    dS/dt = -(f + c exp(-g (t - t_open)) + w) S,   dF/dt = f S - (k_shed + k_wall) F
    dD/dt = c exp(-g (t - t_open)) S + k_wall F - (k_deg + k_lym) D - Vmax D / (Km V + D)

Nothing passes an intact stratum corneum. No half-life, uptake or drainage was ever measured in human scalp.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.delivery.doses import Doses
from anagen.delivery.skin.channels import Channels, channel_rate
from anagen.delivery.vesicles.size import drained_over_degraded, follicular_size_factor

HOURS = 24.0
LOG2 = math.log(2.0)


@dataclass(frozen=True, slots=True)
class VesicleRates:
    """Rate constants [1/day] of one product on one scalp.

    Attributes
    ----------
    to_follicle : float
        From the surface into follicles.
    channel : float
        From the surface through channels that were just opened.
    closing : float
        Of the channels.
    loss : float
        Off the surface.
    shed : float
        Out of the follicle with sebum.
    wall : float
        From the follicle through its wall.
    degraded : float
        Degradation in the depot.
    drained : float
        From the depot into lymph.
    uptake : float
        Of the depot while it is small.
    half_amount : float
        Particles in the depot at which uptake is half saturated.
    drive : float
        Factor of iontophoresis on entry.
    drive_days : float
        How long the current flows [day].
    """

    to_follicle: float
    channel: float
    closing: float
    loss: float
    shed: float
    wall: float
    degraded: float
    drained: float
    uptake: float
    half_amount: float
    drive: float = 1.0
    drive_days: float = 0.0

    def row(self) -> FloatArray:
        """Constants in the kernel's order, shape [1, constant]."""
        entry = (self.to_follicle, self.channel, self.closing, self.loss, self.shed, self.wall)
        depot = (self.degraded, self.drained, self.uptake, self.half_amount, self.drive, self.drive_days)
        return np.array([[*entry, *depot]], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class VesicleCourse:
    """Particles over time; every array has shape [patient, time]; they add up to what was given.

    Attributes
    ----------
    surface : FloatArray
        On the skin.
    follicle : FloatArray
        In follicles.
    depot : FloatArray
        In the dermis.
    taken_up : FloatArray
        Taken up by cells so far.
    drained : FloatArray
        Drained by lymph so far.
    degraded : FloatArray
        Degraded so far.
    lost : FloatArray
        Lost from the skin so far.
    """

    surface: FloatArray
    follicle: FloatArray
    depot: FloatArray
    taken_up: FloatArray
    drained: FloatArray
    degraded: FloatArray
    lost: FloatArray

    def delivered(self) -> FloatArray:
        """Particles that have ever entered the dermis."""
        return self.depot + self.taken_up + self.drained + self.degraded

    def total(self) -> FloatArray:
        """Every particle of every dose."""
        return self.delivered() + self.surface + self.follicle + self.lost


def vesicle_rates(
    values: Mapping[str, float],
    *,
    diameter: float,
    volume: float,
    channels: Channels | None = None,
    iontophoresis_hours: float = 0.0,
) -> VesicleRates:
    """Rate constants from parameters.

    Parameters
    ----------
    values : Mapping[str, float]
        Parameters.
    diameter : float
        Of the vesicles [nm].
    volume : float
        [mL] of dermis fluid that the depot occupies, for the saturation of uptake.
    channels : Channels or None
        Opened before each session, or None for intact skin.
    iontophoresis_hours : float
        How long a current flows after each session.

    Returns
    -------
    VesicleRates
        Rate constants [1/day].

    Raises
    ------
    ValueError
        Where the diameter or volume is not positive or the current flows for a negative time.

    Examples
    --------
    >>> from anagen.parameters import load_parameters
    >>> vesicle_rates(load_parameters().draw(1, 0), diameter=140.0, volume=2.0).channel
    0.0
    """
    if not (volume > 0.0 and iontophoresis_hours >= 0.0):
        raise ValueError("the volume must be positive and the current's time must not be negative")
    size = np.array(diameter)
    loss = LOG2 * HOURS / values["vesicle_delivery.surface_half_life"]
    # the share that has entered follicles after 24 h, whatever was lost meanwhile; bounded as it was observed
    share = min(
        values["vesicle_delivery.follicular_bound"],
        values["vesicle_delivery.follicular_share"] * float(follicular_size_factor(size, values)),
    )
    to_follicle = share * loss / -math.expm1(-loss)
    emptying = LOG2 / values["follicular_shunt.half_life"]
    wall = values["vesicle_delivery.wall_share"]
    depot = LOG2 * HOURS / values["vesicle_delivery.depot_half_life"]
    reference = float(drained_over_degraded(np.array(values["vesicle_delivery.reference_diameter"]), values))
    degraded = depot / (1.0 + reference)
    return VesicleRates(
        to_follicle=to_follicle,
        channel=0.0 if channels is None else channel_rate(channels, to_follicle, loss, values),
        closing=LOG2 * HOURS / (1.0 if channels is None else channels.half_life),
        loss=loss,
        shed=emptying * (1.0 - wall),
        wall=emptying * wall,
        degraded=degraded,
        drained=degraded * float(drained_over_degraded(size, values)),
        uptake=values["vesicle_delivery.uptake_rate"],
        half_amount=values["vesicle_delivery.uptake_half"] * volume,
        drive=values["skin_channels.iontophoresis"],
        drive_days=iontophoresis_hours / HOURS,
    )


def vesicle_course(
    doses: Doses,
    times: FloatArray,
    rates: VesicleRates,
    *,
    into: Literal["surface", "depot"],
    rtol: float = 1e-7,
) -> VesicleCourse:
    """Follow vesicles over sessions; where there are channels, each session opens them anew.

    Parameters
    ----------
    doses : Doses
        Sessions, in particles.
    times : FloatArray
        [day], not decreasing.
    rates : VesicleRates
        Of `vesicle_rates`.
    into : Literal['surface', 'depot']
        "surface" for a topical product, "depot" for an injection.
    rtol : float
        Relative tolerance.

    Returns
    -------
    VesicleCourse
        Arrays of shape (n_patients, n_times).

    Raises
    ------
    ValueError
        Where times run backwards.
    ArithmeticError
        Where the integration did not reach the end.

    Examples
    --------
    >>> from anagen.delivery.doses import repeated
    >>> from anagen.parameters import load_parameters
    >>> rates = vesicle_rates(load_parameters().draw(1, 0), diameter=140.0, volume=2.0)
    >>> sessions = repeated(1e10, start=0, every=14, until=28)
    >>> course = vesicle_course(sessions, np.array([1.0, 28.0]), rates, into="surface")
    >>> bool(course.delivered()[0, 0] < 0.01 * 1e10)
    True
    """
    from anagen.delivery.vesicles import disposition_kernel as kernel

    if not np.all(np.diff(times) >= 0.0):
        raise ValueError("times must not run backwards")
    patients = len(doses.rows)
    out = np.zeros((kernel.STATES, patients, len(times)))
    failed = kernel.course(
        np.asarray(doses.days, dtype=np.float64),
        doses.for_patients(patients),
        kernel.SURFACE if into == "surface" else kernel.DEPOT,
        np.asarray(times, dtype=np.float64),
        np.ascontiguousarray(np.repeat(rates.row(), patients, axis=0)),
        rtol,
        out,
    )
    if failed:
        raise ArithmeticError(f"the course of vesicles could not be integrated for {failed} patients")
    return VesicleCourse(*out)
