"""Checks of the program against exact results, run when a report is made: one file per check."""

from anagen.core.registry import Registry
from anagen.credibility.checks.activation import check_activation
from anagen.credibility.checks.delivered_mass import check_delivered_mass
from anagen.credibility.checks.finding import Case, Check, Finding
from anagen.credibility.checks.neighbours import check_neighbours
from anagen.credibility.checks.renewal import check_renewal
from anagen.credibility.checks.repeatability import check_repeatability
from anagen.credibility.checks.skin_flux import check_skin_flux
from anagen.credibility.checks.skin_lag import check_skin_lag
from anagen.credibility.checks.zero_dose import check_zero_dose

CHECKS: Registry[Check] = Registry(
    "check",
    {
        "renewal": check_renewal,
        "activation": check_activation,
        "skin-lag": check_skin_lag,
        "skin-flux": check_skin_flux,
        "delivered-mass": check_delivered_mass,
        "zero-dose": check_zero_dose,
        "repeatability": check_repeatability,
        "neighbours": check_neighbours,
    },
)

__all__ = ["CHECKS", "Case", "Check", "Finding", "run_checks"]


def run_checks(case: Case) -> dict[str, Finding]:
    """Every registered check on a study, by name."""
    return {name: check(case) for name, check in CHECKS.items()}
