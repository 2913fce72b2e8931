"""From a study to a result folder: chooses the folder, keeps what is done, simulates, writes results and report."""

from anagen.jobs.assessment import assessment_to_file
from anagen.jobs.calibration import FinishedCalibration, calibration_to_folder
from anagen.jobs.comparison import FinishedComparison, comparison_to_folder
from anagen.jobs.curve import FinishedCurve, curve_to_folder
from anagen.jobs.folders import RunInterrupted
from anagen.jobs.options import RunOptions
from anagen.jobs.study import FinishedRun, run_to_folder
from anagen.jobs.validation import FinishedValidation, validation_to_folder

__all__ = [
    "FinishedCalibration",
    "FinishedComparison",
    "FinishedCurve",
    "FinishedRun",
    "FinishedValidation",
    "RunInterrupted",
    "RunOptions",
    "assessment_to_file",
    "calibration_to_folder",
    "comparison_to_folder",
    "curve_to_folder",
    "run_to_folder",
    "validation_to_folder",
]
