"""A virtual trial: what `anagen run` does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from anagen.core.errors import InputError, Problem
from anagen.core.numbers import MOST_DRAWS, MOST_PATIENTS, MOST_REPLICATES, seed_of, whole
from anagen.studio.kinds import Kind, Spec

if TYPE_CHECKING:
    from anagen.studio.jobs.job import Job
    from anagen.studio.jobs.reporter import Reporter
    from anagen.study import Study

DRAWS = 200
WORDS = {"keep": ("all", "effects"), "trials_at": ("central", "draws"), "parameters": ("default", "prior", "posterior")}
"""Options of a few words, the first where nothing is said."""
NUMBERS = {"seed", "patients", "replicates", "draws"}


def study_of(spec: Spec) -> Study:
    """The study of a specification: the keys of a study file, or the name of a shipped study.

    Parameters
    ----------
    spec : dict
        With `study`.

    Returns
    -------
    Study
        Checked.

    Raises
    ------
    InputError
        Where it is wrong; a text that is no shipped study's name is never taken for a file of this machine.
    """
    from anagen.study import Study
    from anagen.study.shipped import shipped_studies

    given = spec.get("study")
    if isinstance(given, str) and given not in shipped_studies():
        raise InputError(
            [Problem(None, None, None, "study", f"{given!r} is no shipped study", tuple(shipped_studies()))]
        )
    if not isinstance(given, str | dict):
        raise InputError([Problem(None, None, None, "study", "is the name of a shipped study, or the keys of one")])
    return Study.of(given)


def options_of(spec: Spec) -> dict[str, Any]:
    """Options of a run, each checked.

    Parameters
    ----------
    spec : dict
        What is asked for.

    Returns
    -------
    dict
        Arguments of `anagen.run`.

    Raises
    ------
    InputError
        Where one is not known or out of its bounds.
    """
    unknown = sorted(spec.keys() - {"study", *NUMBERS, *WORDS})
    if unknown:
        allowed = ("study", *sorted(NUMBERS), *WORDS)
        raise InputError([Problem(None, None, None, name, "is not known", allowed) for name in unknown])
    patients = spec.get("patients")
    chosen: dict[str, Any] = {
        "seed": seed_of(spec.get("seed", 1)),
        "patients": None if patients is None else whole("patients", patients, 2, MOST_PATIENTS),
        "replicates": whole("replicates", spec.get("replicates", 1), 1, MOST_REPLICATES),
        "draws": whole("draws", spec.get("draws", DRAWS), 0, MOST_DRAWS),
    }
    for name, allowed in WORDS.items():
        chosen[name] = spec.get(name, allowed[0])
        if chosen[name] not in allowed:
            raise InputError([Problem(None, None, None, name, f"{chosen[name]!r} is not known", allowed)])
    return chosen


def check(spec: Spec) -> None:
    """Refuse what cannot be run.

    Parameters
    ----------
    spec : dict
        What is asked for.

    Raises
    ------
    InputError
        Naming every field that is wrong.
    """
    from anagen.runs.rehearsal import room_for

    options = options_of(spec)
    study = _sized(study_of(spec), options)
    room_for(study, options["parameters"], trials=options["replicates"], draws=options["draws"])


def estimate(spec: Spec) -> float | None:
    """How long the run takes on this machine.

    Parameters
    ----------
    spec : dict
        One that `check` lets pass.

    Returns
    -------
    float or None
        [s], on one core.
    """
    from anagen.parameters import parameter_source
    from anagen.trials.cost import estimated_seconds, size_of
    from anagen.trials.protocol import study_parameters

    options = options_of(spec)
    study = _sized(study_of(spec), options)
    values = study_parameters(study, parameter_source(options["parameters"]).load()).draw(options["seed"], 0)
    return estimated_seconds(size_of(study, values, trials=options["replicates"], draws=options["draws"]))


def work(spec: Spec, folder: Path, progress: Reporter) -> None:
    """Run the trial into its folder.

    Parameters
    ----------
    spec : dict
        One that `check` lets pass.
    folder : Path
        Result folder.
    progress : Reporter
        Listens, and says how many processes may be used.
    """
    from anagen.runs.ahead import PICTURES, import_ahead
    from anagen.runs.folders import FolderOptions, into_folder
    from anagen.runs.result import TrialResult, run

    import_ahead(PICTURES)
    study, options = study_of(spec), options_of(spec)

    def simulate(kept: Path) -> TrialResult:
        return run(study, **options, workers=progress.workers, work_dir=kept, progress=progress)

    def write(result: TrialResult, target: Path) -> None:
        progress.stage("writing report and results")
        result.save(target)

    into_folder(study.study, FolderOptions(folder), simulate, write)


def view(job: Job) -> dict[str, Any]:
    """What the result's template shows.

    Parameters
    ----------
    job : Job
        One that is done.

    Returns
    -------
    dict
        The summary that `anagen run --json` prints.
    """
    from anagen.runs.result import load

    result = load(job.folder, verify=False)
    return {"summary": result.document(), "headline": result.headline()}


def _sized(study: Study, options: dict[str, Any]) -> Study:
    return study if options["patients"] is None else study.with_patients(options["patients"])


KIND = Kind("run", "Trial", check, estimate, work, view, "results/run.html.j2")
