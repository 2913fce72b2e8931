"""Reads pictures of a scalp: hairs, their density and diameters, units, and what grows between two pictures."""
