"""Assesses the credibility of a study's prediction and writes the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from anagen.core.errors import InputError, Problem
from anagen.runs.folders import RESULTS, claimed_file, kept
from anagen.runs.options import RunOptions

if TYPE_CHECKING:
    from anagen.credibility.assess import Assessment
    from anagen.parameters import Source
    from anagen.study import Study


def assessment_to_file(
    loaded: Study,
    options: RunOptions,
    *,
    arm: str | None,
    samples: int,
    progress: Callable[[int, int], None],
    stage: Callable[[str], None],
    source: Source = "default",
) -> tuple[Assessment, Path]:
    """Assesses the credibility of a study's prediction and writes the page; goes on where a stopped call left off.

    Args:
        loaded: the study. options: seed, draws, workers and `out`, here a file. arm, samples: as in `assess`.
        progress, stage: as in `run_to_folder`. source: of the parameters.

    Raises:
        InputError: where the file exists or cannot be written, or the study cannot be simulated.
        RunInterrupted: on Ctrl-C.
    """
    from anagen.core.files import write_durably
    from anagen.credibility.assess import assess
    from anagen.credibility.page import build_page, draw_pictures
    from anagen.validation.folder import shipped_scores

    file = options.out or _free_page(f"{loaded.study}-credibility")
    if file.exists():
        raise InputError((Problem(str(file), None, None, "--out", "exists already; choose another --out"),))
    with claimed_file(file) as store:
        with kept(store):
            found = assess(
                loaded,
                arm=arm,
                seed=options.seed,
                draws=options.draws,
                samples=samples,
                workers=options.workers,
                work_dir=store.folder,
                progress=progress,
                stage=stage,
                source=source,
                scores=shipped_scores().table,
            )
            stage("writing")
            write_durably(file, build_page(found, draw_pictures(found)).encode())
        store.clear()
    return found, file


def _free_page(name: str) -> Path:
    """First of results/<name>.html, results/<name>-2.html, ... that does not exist."""
    file, number = RESULTS / f"{name}.html", 1
    while file.exists():
        number += 1
        file = RESULTS / f"{name}-{number}.html"
    return file
