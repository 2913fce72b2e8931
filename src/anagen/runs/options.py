"""How a run is asked for: seed, sizes, workers, result folder, source of the parameters."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anagen.parameters import Source


@dataclass(frozen=True)
class RunOptions:
    """How a study is run.

    Attributes:
        seed: seed of every random number.
        patients: patients per arm, or None for the study's own numbers.
        replicates: number of repeated trials, each with its own patients.
        draws: parameter draws besides the central values.
        workers: processes.
        out: result folder, or None for the first free one under `results`.
        overwrite: whether an earlier result folder may be replaced.
        report: whether to write report and figures.
        source: of the parameters; see `anagen.parameters.parameter_source`.
    """

    seed: int = 1
    patients: int | None = None
    replicates: int = 1
    draws: int = 20
    workers: int = 1
    out: Path | None = None
    overwrite: bool = False
    report: bool = True
    source: Source = "default"
