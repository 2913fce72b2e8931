"""Measured tables -> effects: estimands, ANCOVA, and the course of each arm."""
