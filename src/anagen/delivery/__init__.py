"""Route and regimen -> exposure at the follicle over time."""

from anagen.delivery.doses import Doses, daily, sessions
from anagen.delivery.exposures import KINETICS, Exposure, Kinetics, kinetics_of
from anagen.delivery.exposures.vesicles import own_occupancies
from anagen.delivery.prescription import Noticing, Prescription
from anagen.delivery.route import Act, Route, Setting
from anagen.delivery.routes import ROUTES

__all__ = [
    "KINETICS",
    "ROUTES",
    "Act",
    "Doses",
    "Exposure",
    "Kinetics",
    "Noticing",
    "Prescription",
    "Route",
    "Setting",
    "daily",
    "kinetics_of",
    "own_occupancies",
    "sessions",
]
