"""Treatments in the same patients: what `anagen compare` does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from anagen.core.errors import InputError, Problem
from anagen.core.numbers import MOST_DRAWS, MOST_REFERENCE, real, seed_of, whole
from anagen.studio.kinds import Kind, Spec, refuse_unknown

if TYPE_CHECKING:
    from anagen.comparative.design import Comparison
    from anagen.studio.jobs.job import Job
    from anagen.studio.jobs.reporter import Reporter

FEWEST, MOST = 2, 8
"""Treatments of a comparison."""
PLANNED = ("condition", "sex", "weeks", "endpoint", "keep_up", "exclude", "menopause")
NUMBERS = ("responder", "patients", "draws", "seed")
PATIENTS, DRAWS = 200, 200
STUDY = "/compare/study.yaml"
WORDS = ("condition", "sex", "endpoint", "menopause")


def plan_of(spec: Spec) -> Comparison:
    """What is compared.

    Parameters
    ----------
    spec : dict
        What is asked for.

    Returns
    -------
    Comparison
        A study with an arm per treatment and control.

    Raises
    ------
    InputError
        Where it cannot be compared, naming what is wrong.
    """
    from anagen.comparative.design import LONGEST, SHORTEST, comparison

    refuse_unknown(spec, ("treatments", *PLANNED, *NUMBERS))
    treatments, exclude = (_words(name, spec.get(name, [])) for name in ("treatments", "exclude"))
    if not FEWEST <= len(treatments) <= MOST:
        raise InputError([Problem(None, None, None, "treatments", f"{FEWEST} to {MOST} are compared")])
    given: Spec = {name: spec[name] for name in PLANNED if spec.get(name) is not None}
    wrong = [name for name in WORDS if name in given and not isinstance(given[name], str)]
    if wrong:
        raise InputError([Problem(None, None, None, name, "is a name") for name in wrong])
    given["weeks"] = real("weeks", given.get("weeks", 48.0), SHORTEST, LONGEST)
    given["keep_up"] = given.get("keep_up", False) is True
    given["exclude"] = exclude
    return comparison(treatments, **given)


def options_of(spec: Spec) -> dict[str, Any]:
    """Numbers of a comparison, each checked.

    Parameters
    ----------
    spec : dict
        What is asked for.

    Returns
    -------
    dict
        Arguments of `anagen.compare`.

    Raises
    ------
    InputError
        Where one is out of its bounds.
    """
    return {
        "responder": real("responder", spec.get("responder", 10.0), -1e4, 1e4),
        "patients": whole("patients", spec.get("patients", PATIENTS), 10, MOST_REFERENCE),
        "draws": whole("draws", spec.get("draws", DRAWS), 0, MOST_DRAWS),
        "seed": seed_of(spec.get("seed", 1)),
    }


def check(spec: Spec) -> None:
    """Refuse what cannot be compared.

    Parameters
    ----------
    spec : dict
        What is asked for.

    Raises
    ------
    InputError
        Naming every field that is wrong.
    """
    options_of(spec)
    plan_of(spec)


def estimate(spec: Spec) -> float | None:
    """How long the comparison takes on this machine.

    Parameters
    ----------
    spec : dict
        One that `check` lets pass.

    Returns
    -------
    float or None
        [s], on one core.
    """
    from anagen.parameters import load_parameters
    from anagen.trials.cost import BEGINNING, seconds_of_draw, size_of
    from anagen.trials.protocol import study_parameters

    options, study = options_of(spec), plan_of(spec).study
    values = study_parameters(study, load_parameters()).draw(options["seed"], 0)
    size = size_of(study, values, trials=0, draws=options["draws"])
    return BEGINNING + seconds_of_draw(size, options["patients"]) + options["draws"] * seconds_of_draw(size)


def work(spec: Spec, folder: Path, progress: Reporter) -> None:
    """Compare into a folder.

    Parameters
    ----------
    spec : dict
        One that `check` lets pass.
    folder : Path
        Result folder.
    progress : Reporter
        Listens, and says how many processes may be used.
    """
    from anagen.comparative.result import Ranking, compare
    from anagen.runs.ahead import PICTURES, import_ahead
    from anagen.runs.folders import FolderOptions, into_folder

    import_ahead(PICTURES)
    given = {name: spec[name] for name in PLANNED if name in spec}
    options = options_of(spec)

    def simulate(kept: Path) -> Ranking:
        return compare(
            *spec["treatments"], **given, **options, workers=progress.workers, work_dir=kept, progress=progress
        )

    def write(result: Ranking, target: Path) -> None:
        progress.stage("writing")
        result.save(target)

    into_folder("comparison", FolderOptions(folder), simulate, write)


def view(job: Job) -> dict[str, Any]:
    """What the result's template shows.

    Parameters
    ----------
    job : Job
        One that is done.

    Returns
    -------
    dict
        The ranking, its sources, and the addresses that ask for the same and give its study.
    """
    from anagen.comparative.folder import read_comparison
    from anagen.studio.comparing.asked import query_of
    from anagen.studio.comparing.ranked import SORTS, ranking_of, sources_of

    result = read_comparison(plan_of(job.spec), job.folder)
    return {
        "ranking": ranking_of(result),
        "sources": sources_of(result),
        "sorts": SORTS,
        "again": query_of(job.spec),
        "study": query_of(job.spec, STUDY),
    }


def _words(name: str, value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise InputError([Problem(None, None, None, name, "is a list of names")])
    return [str(each) for each in value]


KIND = Kind("compare", "Comparison", check, estimate, work, view, "results/compare.html.j2")
