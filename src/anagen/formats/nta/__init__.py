"""Counts of particles by tracking (ZetaView, NanoSight) and by nano-flow cytometry: exports of instruments, read."""

from anagen.formats.nta.count import Count, Measured
from anagen.formats.nta.reading import read_count

__all__ = ["Count", "Measured", "read_count"]
