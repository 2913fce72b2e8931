"""SDTM: what was planned and what happened, in domains."""
