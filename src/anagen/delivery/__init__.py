"""Route and regimen -> exposure at the follicle over time; one file per route."""

from anagen.core.registry import Registry
from anagen.delivery.doses import Doses, daily, sessions
from anagen.delivery.erbium_glass import ERBIUM_GLASS
from anagen.delivery.exposures import KINETICS, Exposure, Kinetics
from anagen.delivery.fractional_co2 import FRACTIONAL_CO2
from anagen.delivery.graft import GRAFT
from anagen.delivery.illumination import ILLUMINATION
from anagen.delivery.intradermal import INTRADERMAL
from anagen.delivery.microneedle import MICRONEEDLE
from anagen.delivery.none import NO_ROUTE
from anagen.delivery.oral import ORAL
from anagen.delivery.prescription import Prescription
from anagen.delivery.radiofrequency import RADIOFREQUENCY
from anagen.delivery.route import Act, Route, Setting
from anagen.delivery.sham import SHAM
from anagen.delivery.thread import THREAD
from anagen.delivery.topical import TOPICAL

ROUTES: Registry[Route] = Registry(
    "route",
    {
        route.name: route
        for route in (
            NO_ROUTE,
            ORAL,
            TOPICAL,
            INTRADERMAL,
            MICRONEEDLE,
            RADIOFREQUENCY,
            FRACTIONAL_CO2,
            ERBIUM_GLASS,
            GRAFT,
            ILLUMINATION,
            THREAD,
            SHAM,
        )
    },
)

__all__ = [
    "KINETICS",
    "ROUTES",
    "Act",
    "Doses",
    "Exposure",
    "Kinetics",
    "Prescription",
    "Route",
    "Setting",
    "daily",
    "sessions",
]
