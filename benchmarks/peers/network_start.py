"""A new process that reads the signalling network and solves it once: what a start costs."""

import numpy as np

from anagen.signalling.network import Course, basal_levels, load_network, solve

network = load_network()
basal = np.tile(basal_levels(network, "aga"), (16, 1))
solve(network, basal, [Course.from_doses("MINOXIDIL", [0.0, 1.0], 1.0, 0.75, 1.0, 16)], np.array([0.0, 7.0]))
