"""Credibility of a prediction for its context of use, after ICH M15 and ASME V&V 40: every number from a run."""
