"""How well predictions hold what was published: predictive distributions, scores, and reference forecasters."""
