"""Channels that a route's device has opened, as something laid on meets them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from anagen.delivery.prescription import Prescription
from anagen.delivery.skin.channels import Channels, channels_of, open_at


def opened(prescription: Prescription, values: Mapping[str, float]) -> Channels:
    """Channels of the route's device with the study's settings.

    The open share closes exponentially, so that laying something on late is the same as fewer channels. The switch
    `channels` shuts all of them.

    Examples
    --------
    >>> from anagen.delivery import ROUTES, Prescription, sessions
    >>> from anagen.parameters import load_parameters
    >>> from anagen.therapies import THERAPIES
    >>> course, values = sessions(start=0, every=4, number=1, amount=1.0), load_parameters("prior").draw(1, 0)
    >>> late = Prescription(THERAPIES["exosome"], ROUTES["microneedle"], course, settings={"delay": 2.0})
    >>> opened(late, values).density / values["microneedle.density"]
    0.5
    """
    channels = channels_of(
        prescription.route.name.replace("-", "_"),
        values,
        depth=prescription.setting("depth", values),
        density=prescription.setting("density", values),
        occluded=prescription.setting("occluded", values) >= 0.5,
    )
    if prescription.setting("channels", values) < 0.5:
        return replace(channels, density=0.0)
    delay = prescription.setting("delay", values)
    if delay == 0.0:
        return channels
    import numpy as np

    return replace(channels, density=channels.density * float(open_at(np.array(delay), channels)))
