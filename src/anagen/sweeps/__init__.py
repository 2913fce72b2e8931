"""Response curves of a study or a product: what is varied, the runs, the result."""

from anagen.sweeps.plan import MOST_SETTINGS, Point, Sweep, study_sweep
from anagen.sweeps.running import run_sweep

__all__ = ["MOST_SETTINGS", "Point", "Sweep", "run_sweep", "study_sweep"]
