"""Trials with interim analyses: boundaries, futility, chance of success at a look, sample size anew, arms dropped."""
