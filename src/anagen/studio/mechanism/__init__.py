"""Mechanism: what is asked for, followed once, and shown."""
