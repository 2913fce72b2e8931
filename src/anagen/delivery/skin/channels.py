"""Channels through the stratum corneum: needles, fractional lasers, radiofrequency; what they let in, how they close.

The open share of the skin is density * pi * (width / 2)^2 and closes exponentially. What lies on the surface S goes
into follicles (f), through channels (c, while they are open) and is lost (w):

    dS/dt = -(f + w) S - c exp(-g t) S

With z = c / g the solution is a Poisson mixture of exponentials, so that every share is a sum of positive terms:

    S(t) = sum over k of P_k exp(-(f + w + k g) t),   P_k = exp(-z) z^k / k!

References
----------
.. [1] Uptake 5.87 times that of intact skin, doi:10.2147/IJN.S249751 (sponge spicules, pig skin)
.. [2] Channels 71 um wide and 0.15 mm deep under a needle of 0.77 mm, doi:10.1208/s12248-011-9288-3.
.. [3] Closed within 2 h unless occluded, Gupta 2011, J Control Release 154:148.
.. [4] Half-life about 23 h when occluded, PMC8259462.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from anagen.core.arrays import FloatArray

HOURS = 24.0
DEVICES = ("microneedle", "fractional_co2", "erbium_glass", "radiofrequency")


@dataclass(frozen=True, slots=True)
class Channels:
    """What a device opens.

    Attributes
    ----------
    density : float
        Channels per cm2.
    depth : float
        [mm].
    width : float
        [um] at the surface.
    openness : float
        How freely particles pass, 1 for a needle's; below 1 where the stratum corneum stays in place or is sealed by
        heat.
    half_life : float
        [h] of the open share.
    """

    density: float
    depth: float
    width: float
    openness: float
    half_life: float

    def open_share(self) -> float:
        """Open share of the skin's area at the start, at most 1.

        Returns
        -------
        float
            0 to 1.

        Examples
        --------
        >>> round(Channels(100.0, 0.5, 71.0, 1.0, 2.0).open_share(), 5)
        0.00396
        """
        return min(1.0, self.density * math.pi * (0.5e-4 * self.width) ** 2)


def channels_of(
    device: str,
    values: Mapping[str, float],
    *,
    depth: float | None = None,
    density: float | None = None,
    occluded: bool = False,
) -> Channels:
    """Channels of a device, or with another depth and density.

    Parameters
    ----------
    device : str
        One of DEVICES.
    values : Mapping[str, float]
        Parameter values.
    depth : float or None
        Depth in place of the device's [mm].
    density : float or None
        Channels per cm2 in place of the device's.
    occluded : bool
        Whether the skin is covered afterwards.

    Returns
    -------
    Channels
        As the device opens them.

    Raises
    ------
    ValueError
        Where the device is not known, or depth or density are negative.

    Examples
    --------
    >>> from anagen.parameters import load_parameters
    >>> channels_of("microneedle", load_parameters().draw(1, 0), depth=0.3).depth
    0.3
    """
    if device not in DEVICES:
        raise ValueError(f"no device is called {device!r}; known are {', '.join(DEVICES)}")
    opened = Channels(
        density=values[f"{device}.density"],
        depth=values[f"{device}.depth"],
        width=values[f"{device}.width"],
        openness=values[f"{device}.openness"],
        half_life=values["skin_channels.occluded_half_life" if occluded else f"{device}.half_life"],
    )
    depth = opened.depth if depth is None else depth
    density = opened.density if density is None else density
    if not (depth >= 0.0 and density >= 0.0):
        raise ValueError(f"depth and density must not be negative, got {depth} mm and {density} per cm2")
    return replace(opened, depth=depth, density=density)


def channel_rate(channels: Channels, follicle_rate: float, loss: float, values: Mapping[str, float]) -> float:
    """Rate constant [1/day] at which freshly opened channels empty the surface.

    The reference needling raises the uptake of a day from that of follicles alone to the published multiple; other
    devices scale with the open share and with the depth below the stratum corneum.

    Parameters
    ----------
    channels : Channels
        What was opened.
    follicle_rate : float
        From the surface into follicles [1/day].
    loss : float
        Off the surface [1/day].
    values : Mapping[str, float]
        Parameter values.

    Returns
    -------
    float
        [1/day].
    """
    reference = channels_of("microneedle", values)
    barrier = values["skin_channels.barrier"]
    area = channels.open_share() * channels.openness / (reference.open_share() * reference.openness)
    depth = max(0.0, channels.depth - barrier) / (reference.depth - barrier)
    # through follicles alone: f (1 - exp(-w)) / w of a dose in a day; through closing channels: c / (g + w)
    follicles_alone = follicle_rate * -math.expm1(-loss) / loss
    closing = math.log(2.0) * HOURS / reference.half_life
    return (values["skin_channels.enhancement"] - 1.0) * follicles_alone * (closing + loss) * area * depth


def open_at(hours: FloatArray, channels: Channels) -> FloatArray:
    """Open share over its start, 2^(-t / half-life).

    Parameters
    ----------
    hours : FloatArray
        Hours since they were opened.
    channels : Channels
        What was opened.

    Returns
    -------
    FloatArray
        1 at the start, of the shape of the hours.

    Examples
    --------
    >>> open_at(np.array([0.0, 2.0]), Channels(100.0, 0.5, 71.0, 1.0, 2.0)).tolist()
    [1.0, 0.5]
    """
    return np.exp2(-hours / channels.half_life)


@dataclass(frozen=True, slots=True)
class SurfaceShares:
    """Where a dose laid on the skin has gone; shape of the times; the four add up to 1."""

    surface: FloatArray
    follicle: FloatArray
    through_channels: FloatArray
    lost: FloatArray


def surface_shares(days: FloatArray, *, follicle: float, channel: float, closing: float, loss: float) -> SurfaceShares:
    """Shares of one dose after some days; all four rates in 1/day.

    Parameters
    ----------
    days : FloatArray
        Days since the dose, not negative, of any shape.
    follicle : float
        Into follicles [1/day].
    channel : float
        Through channels when just opened [1/day].
    closing : float
        Of the channels [1/day].
    loss : float
        Off the surface [1/day].

    Returns
    -------
    SurfaceShares
        Shares of the shape of the days.

    Raises
    ------
    ValueError
        Where a rate is negative or channels do not close.

    Examples
    --------
    >>> shares = surface_shares(np.array([1.0]), follicle=0.01, channel=2.0, closing=8.0, loss=1.0)
    >>> gone = shares.follicle + shares.through_channels + shares.lost
    >>> bool(abs(float(gone[0] + shares.surface[0]) - 1.0) < 1e-12)
    True
    """
    from scipy.special import gammaln

    if min(follicle, channel, loss) < 0.0 or not closing > 0.0:
        raise ValueError("rates must not be negative and channels must close")
    z = channel / closing
    k = np.arange(math.ceil(z + 12.0 * math.sqrt(z) + 30.0), dtype=np.float64)
    weight = np.exp(k * math.log(z) - z - gammaln(k + 1.0)) if z > 0.0 else (k == 0).astype(np.float64)
    slow = follicle + loss + closing * k

    def passed(rates: FloatArray) -> FloatArray:
        # (1 - exp(-r t)) / r, and t where nothing flows
        time = np.asarray(days, dtype=np.float64)[..., None]
        return np.asarray(np.where(rates > 0.0, -np.expm1(-rates * time) / np.where(rates > 0.0, rates, 1.0), time))

    stayed = (weight * passed(slow)).sum(axis=-1)
    return SurfaceShares(
        surface=(weight * np.exp(-slow * np.asarray(days, dtype=np.float64)[..., None])).sum(axis=-1),
        follicle=follicle * stayed,
        through_channels=channel * (weight * passed(slow + closing)).sum(axis=-1),
        lost=loss * stayed,
    )
