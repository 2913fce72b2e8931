"""From doses to exposure at the follicle: what therapies and routes name, or describe by data."""

from anagen.core.registry import Registry
from anagen.delivery.exposures.androgens import DUTASTERIDE, FINASTERIDE_ORAL, FINASTERIDE_TOPICAL
from anagen.delivery.exposures.depot import depot
from anagen.delivery.exposures.exposure import Exposes, Exposure, Kinetics
from anagen.delivery.exposures.inhibitors import inhibitor
from anagen.delivery.exposures.light import LIGHT_SESSIONS, ULTRAVIOLET_SESSIONS
from anagen.delivery.exposures.minoxidil import MINOXIDIL_CHANNELS, MINOXIDIL_ORAL, MINOXIDIL_TOPICAL
from anagen.delivery.exposures.vesicles import VESICLES
from anagen.delivery.exposures.wounds import DEVICE_WOUNDS, INJECTION_WOUND
from anagen.therapies.kinetics import Depot, Inhibitor, KineticsData

KINETICS: Registry[Kinetics] = Registry(
    "kinetics",
    {
        entry.name: entry
        for entry in (
            FINASTERIDE_ORAL,
            FINASTERIDE_TOPICAL,
            DUTASTERIDE,
            MINOXIDIL_TOPICAL,
            MINOXIDIL_CHANNELS,
            MINOXIDIL_ORAL,
            VESICLES,
            LIGHT_SESSIONS,
            ULTRAVIOLET_SESSIONS,
            INJECTION_WOUND,
            *DEVICE_WOUNDS,
        )
    },
)
"""Kinetics with a function of their own, which a therapy or a route names."""


def kinetics_of(data: KineticsData) -> Kinetics:
    """The kinetics that a therapy or a route names or describes.

    Raises
    ------
    KeyError
        Where there are none of that name.

    Examples
    --------
    >>> kinetics_of("vesicles").name, kinetics_of(Depot("prp")).reads
    ('vesicles', ('prp.half_life_intradermal',))
    """
    if isinstance(data, Inhibitor):
        return inhibitor(data)
    if isinstance(data, Depot):
        return depot(data)
    return KINETICS[data]


__all__ = ["KINETICS", "Exposes", "Exposure", "Kinetics", "kinetics_of"]
