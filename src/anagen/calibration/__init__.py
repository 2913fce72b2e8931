"""Bayesian calibration: published results inform the uncertain parameters, jointly and with spread between trials."""
