"""Route and regimen -> exposure at the follicle over time; one file per route."""

from anagen.core.registry import Registry
from anagen.delivery.intradermal import INTRADERMAL
from anagen.delivery.none import NO_ROUTE
from anagen.delivery.oral import ORAL
from anagen.delivery.prescription import Prescription, Regimen, daily, sessions
from anagen.delivery.route import Route
from anagen.delivery.topical import TOPICAL

ROUTES: Registry[Route] = Registry("route", {route.name: route for route in (NO_ROUTE, ORAL, TOPICAL, INTRADERMAL)})

__all__ = ["ROUTES", "Prescription", "Regimen", "Route", "daily", "sessions"]
