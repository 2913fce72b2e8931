"""The signalling network's solver against the closed form of the normalised Hill function."""

from __future__ import annotations

import numpy as np

from anagen.credibility.checks.finding import Case, Finding
from anagen.signalling.network import read_network, resting_state

DRIVEN, EXPONENT, HALF_MAXIMAL = 0.25, 1.4, 0.5
PRINTED = 0.2156
"""act(0.25) at n = 1.4 and EC50 = 0.5 to the four digits of the publication's defaults."""
NETWORK = f"""
title = "two nodes"
conditions = ["healthy"]

[node.A]
title = "driving"
tau = 1.0
basal = {DRIVEN}
source = "check"
grade = "C"

[node.B]
title = "driven"
tau = 1.0
basal = 0.0
source = "check"
grade = "C"

[[edge]]
from = "A"
to = "B"
sign = "+"
weight = 1.0
n = {EXPONENT}
ec50 = {HALF_MAXIMAL}
source = "check"
grade = "C"
"""


def check_activation(case: Case) -> Finding:
    """Level at which a node driven through one edge settles, against act(x) = beta x^n / (K^n + x^n)."""
    del case
    level = float(resting_state(read_network(NETWORK), np.array([[DRIVEN, 0.0]]))[0, 1])
    return Finding(
        title="A node of the signalling network settles at its activation",
        expected=f"act({DRIVEN:g}) = {PRINTED:.4f} at n = {EXPONENT:g} and EC50 = {HALF_MAXIMAL:g}",
        actual=f"{level:.6f}",
        error=abs(level - PRINTED),
        tolerance=5e-5,
        unit="of full scale",
        source="Kraeutler 2010, doi:10.1186/1752-0509-4-157",
    )
