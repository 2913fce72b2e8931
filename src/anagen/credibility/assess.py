"""An assessment from end to end: run the study, check the program, move the parameters, set goals against findings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from anagen.core.errors import InputError, Problem
from anagen.core.extras import require
from anagen.credibility.achieved import achieved_by
from anagen.credibility.applicability import features_of
from anagen.credibility.assessment import Assessment
from anagen.credibility.assumptions import assumptions_of, parameter_register
from anagen.credibility.checks import Case, run_checks
from anagen.credibility.convergence import interval_table, patient_table, step_table
from anagen.credibility.criteria import load_factors, stakes_of
from anagen.credibility.limits import limits_of
from anagen.credibility.outcome import Outcome, chosen_contrast
from anagen.credibility.published import active_uses, published_table, reported_values, with_study
from anagen.credibility.sensitivity import analyse_sensitivity
from anagen.credibility.validation_table import study_scores, validation_rows
from anagen.execution import Workers, threads_for, threads_here
from anagen.parameters import Source, parameter_source
from anagen.runs.study import run_study
from anagen.study import Study
from anagen.trials.cost import DRAW_PATIENTS, EXPECTED_PATIENTS
from anagen.trials.protocol import protocol, study_parameters
from anagen.trials.simulation import scene_of

SENSITIVITY_PATIENTS = DRAW_PATIENTS
"""Reference patients per evaluation of the sensitivity analysis: the same ones each time, so that differences of the
effect are smoother than the effect itself."""
FEWEST_DRAWS = 20


def assess(
    study: Study,
    *,
    arm: str | None = None,
    seed: int = 1,
    draws: int = 100,
    samples: int = 64,
    workers: Workers = 1,
    scores: pd.DataFrame | None = None,
    work_dir: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    stage: Callable[[str], None] | None = None,
    source: Source = "default",
) -> Assessment:
    """Assess the credibility of a study's prediction for its context of use.

    Parameters
    ----------
    study : Study
        The study file.
    arm : str, optional
        Whose primary effect is assessed; the first treated arm where None.
    seed : int, default 1
        Of everything random.
    draws : int, default 100
        Parameter draws of the run, at least 20.
    samples : int, default 64
        Base samples of the variance shares, a power of 2; the screening follows `samples / 8` trajectories.
    workers : int or str, default 1
        Processes, or the place of a Dask scheduler; results do not depend on it.
    scores : pd.DataFrame, optional
        Predicted against observed of the shipped studies, with `validation_table.COLUMNS`; None where they were not
        computed, which the report then says.
    work_dir : Path, optional
        Keeps finished work.
    progress : Callable[[int, int], None], optional
        Called with (done, total).
    stage : Callable[[str], None], optional
        Called with what is being done.
    source : Source, default "default"
        Of the parameters; see `parameter_source`.

    Returns
    -------
    Assessment
        With achieved evidence and limits filled in.

    Raises
    ------
    InputError
        Where SALib is not installed, the arm or a number is impossible, the population cannot be recruited or the
        posterior not be read.

    Examples
    --------
    >>> from anagen.study import Study
    >>> assessment = assess(Study.load("studies/exosome-vs-saline.yaml"), draws=20, samples=8)  # doctest: +SKIP
    >>> assessment.judgements()["code_verification"]  # doctest: +SKIP
    'met'
    """
    require("credibility", "an assessment of credibility", "SALib")
    _check_numbers(draws, samples)
    say = stage or _say_nothing
    plan = protocol(study)
    source = parameter_source(source)
    parameters = study_parameters(study, source.load())
    chosen, control = chosen_contrast(study, arm)
    outcome = Outcome(study, chosen, control, seed, SENSITIVITY_PATIENTS)
    threads = threads_here()
    say("simulating the study")
    contents = run_study(
        study, seed=seed, draws=draws, workers=workers, work_dir=work_dir, progress=progress, source=source
    )
    say("checking the program")
    central = parameters.central()
    checks = run_checks(Case(study, plan, central, seed))
    say("checking the calculation")
    scene = scene_of(study, central, seed=seed, threads=threads)
    drawn = contents.primary().drawn().arm(chosen).values
    used = contents.parameters[contents.parameters["used"].astype(bool)]
    sensitivity = analyse_sensitivity(
        outcome,
        parameters,
        used,
        samples=samples,
        threads=threads_for(workers),
        workers=workers,
        work_dir=work_dir,
        progress=progress,
        stage=say,
    )
    say("gathering what was published")
    reported = with_study(study, reported_values())
    assessed = next(entry for entry in study.arms if entry.name == chosen)
    published = published_table(study, assessed, reported)
    therapies = {entry.name: ", ".join(use.therapy for use in active_uses(entry)) for entry in study.arms}
    therapies |= {f"{one} - {other}": therapies[one] for one in therapies for other in therapies}
    study_rows = study_scores(study.study, contents.comparison, therapies)
    assessment = Assessment(
        study=study,
        plan=plan,
        outcome=replace(outcome, patients=EXPECTED_PATIENTS),
        stakes=stakes_of(study),
        factors=load_factors(),
        contents=contents,
        drawn=drawn,
        checks=checks,
        patients=patient_table(scene, outcome),
        steps=step_table(scene, outcome),
        draws=interval_table(drawn),
        sensitivity=sensitivity,
        register=parameter_register(used, sensitivity.screening),
        assumptions=assumptions_of(plan),
        published=published,
        validation=validation_rows(study_rows, published, scores),
        scored=scores is not None,
        features=features_of(study, assessed, reported),
    )
    measured = replace(assessment, achieved=achieved_by(assessment))
    return replace(measured, limits=limits_of(measured))


def _check_numbers(draws: int, samples: int) -> None:
    problems: list[Problem] = []
    if draws < FEWEST_DRAWS:
        message = f"a 90 % interval needs {FEWEST_DRAWS} draws or more, got {draws}"
        problems.append(Problem(None, None, None, "draws", message))
    if samples < 2 or samples & (samples - 1):
        problems.append(Problem(None, None, None, "samples", f"must be a power of 2, such as 64, got {samples}"))
    if problems:
        raise InputError(problems)


def _say_nothing(words: str) -> None:
    del words
