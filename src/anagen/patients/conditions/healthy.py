"""Healthy scalp: the follicles' low androgen sensitivity, at rest."""

from __future__ import annotations

from anagen.patients.condition import Condition

HEALTHY = Condition(
    name="healthy",
    title="healthy scalp",
    network="healthy",
    sexes=("male", "female"),
    severity_scale={},
    severities={},
    severity_steps={},
    affected_zones=frozenset(),
    sensitivity={"male": "healthy.sensitivity", "female": "healthy.sensitivity"},
    sensitivity_spread="healthy.sensitivity_spread",
    onset_years="healthy.run_in_years",
    onset_spread="healthy.run_in_spread",
    starts_terminal=False,
    reads=("healthy.",),
    source="Loussouarn 2005, Int J Dermatol 44(S1):6; Loussouarn 2016, doi:10.1684/ejd.2015.2726",
)
