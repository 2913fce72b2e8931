"""Vesicles on and in the scalp: what gets in, how far it spreads, how long it stays."""
