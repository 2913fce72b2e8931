"""A small network of any wiring with its doses, of which other programs' trajectories are kept beside the tests."""

from __future__ import annotations

import numpy as np

from anagen.signalling.network import Course, Network, read_network

TEXT = """
title = "small"
conditions = ["rested", "ill"]

[input.DRUG]
title = "a drug"

[input.WOUND]
title = "a wound"

[node.A]
title = "first"
tau = 0.5
basal = { rested = 0.2, ill = 0.6 }
source = "Assumption; Kwack 2008, doi:10.1038/sj.jid.5700999"
grade = "C"

[node.B]
title = "second"
tau = 2.0
basal = 0.1
source = "Assumption"
grade = "C"

[node.C]
title = "third"
tau = 7.0
basal = 0.3
source = "Assumption"
grade = "B"

[[edge]]
from = "DRUG"
to = "A"
sign = "-"
weight = 0.8
gate = "and"
source = "Assumption"
grade = "C"
system = "model"

[[edge]]
from = "WOUND"
to = "B"
sign = "+"
weight = 0.5
source = "Assumption"
grade = "C"
system = "model"

[[edge]]
from = "A"
to = "B"
sign = "+"
weight = 0.7
n = 1.4
ec50 = 0.5
source = "Kwack 2008, doi:10.1038/sj.jid.5700999"
grade = "B"
system = "in vitro"

[[edge]]
from = "B"
to = "C"
sign = "-"
weight = 0.6
n = 3.0
ec50 = 0.4
gate = "and"
source = "Assumption"
grade = "C"
system = "model"

[[edge]]
from = "C"
to = "A"
sign = "-"
weight = 0.3
n = 2.0
ec50 = 0.5
source = "Assumption"
grade = "C"
system = "model"
"""
DAYS = np.arange(0.0, 43.0)


def small_network() -> Network:
    return read_network(TEXT)


def small_courses() -> list[Course]:
    """Three doses of a drug that decays, and a wound whose occupancy is known from day to day."""
    doses = Course.from_doses("DRUG", [0.0, 7.0, 21.5], np.array([[2.0, 4.0, 1.0]]), 0.3, 1.0, 1)
    return [doses, Course.from_levels("WOUND", [0.0, 10.25, 12.0, 30.0], np.array([[0.0, 0.8, 0.35, 0.0]]))]
