"""Power and assurance of a study at several sizes: what `anagen power` does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from anagen.core.errors import InputError, Problem
from anagen.core.numbers import MOST_DRAWS, MOST_REPLICATES, real, seed_of, whole
from anagen.studio.kinds import Kind, Spec, refuse_unknown
from anagen.studio.kinds.run import study_of

if TYPE_CHECKING:
    from anagen.planning.question import Question
    from anagen.planning.result import Power
    from anagen.studio.jobs.job import Job
    from anagen.studio.jobs.reporter import Reporter

DRAWS, GOAL, REPLICATES = 200, 0.8, 200
KEYS = ("study", "sizes", "goal", "replicates", "draws", "seed")
FILES = {
    "report.html": "Report",
    "power.csv": "Power at every size",
    "sizes.csv": "Smallest sizes",
    "claims.csv": "Claims",
    "trials.parquet": "Every trial",
    "power.json": "Everything as JSON",
}
"""Files of a result that the page offers, with their words."""


def options_of(spec: Spec) -> dict[str, Any]:
    """Options, each checked.

    Parameters
    ----------
    spec : dict
        What is asked for; `sizes` is a list of numbers, or text with commas.

    Returns
    -------
    dict
        Arguments of `anagen.power`.

    Raises
    ------
    InputError
        Where one is not known or out of its bounds.
    """
    refuse_unknown(spec, KEYS)
    goal = spec.get("goal", GOAL)
    return {
        "patients": _sizes(spec.get("sizes") or []),
        "goal": real("goal", _number(goal), 0.0, 1.0),
        "replicates": whole("replicates", spec.get("replicates", REPLICATES), 2, MOST_REPLICATES),
        "draws": whole("draws", spec.get("draws", DRAWS), 0, MOST_DRAWS),
        "seed": seed_of(spec.get("seed", 1)),
    }


def _number(value: object) -> object:
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _sizes(given: object) -> list[int]:
    parts = [part.strip() for part in given.split(",")] if isinstance(given, str) else given
    if not isinstance(parts, list):
        raise InputError([Problem(None, None, None, "sizes", "is a list of whole numbers, e.g. 20, 40, 80")])
    sizes: list[int] = []
    for part in parts:
        try:
            sizes.append(int(str(part)))
        except ValueError:
            message = f"{str(part)[:40]!r} is not a whole number; commas stand between them, e.g. 20, 40, 80"
            raise InputError([Problem(None, None, None, "sizes", message)]) from None
    return sizes


def _asked(spec: Spec) -> tuple[Question, dict[str, Any]]:
    from anagen.planning.question import question_of

    options = options_of(spec)
    return question_of(study_of(spec), options["patients"]), options


def check(spec: Spec) -> None:
    """Refuse what cannot be worked out.

    Parameters
    ----------
    spec : dict
        What is asked for.

    Raises
    ------
    InputError
        Naming every field that is wrong.
    """
    from anagen.runs.rehearsal import rehearse, room_for

    question, options = _asked(spec)
    room_for(question.study, trials=1, draws=options["draws"])
    rehearse(question.study)


def estimate(spec: Spec) -> float | None:
    """How long it takes, on one core.

    Parameters
    ----------
    spec : dict
        One that `check` lets pass.

    Returns
    -------
    float or None
        [s]; trials with and without an effect, and those under parameter draws, are counted.
    """
    from anagen.parameters import parameter_source
    from anagen.trials.cost import estimated_seconds, size_of

    question, options = _asked(spec)
    values = parameter_source("default").load().draw(options["seed"], 0)
    size = size_of(question.study, values, trials=3 * options["replicates"], draws=options["draws"])
    return estimated_seconds(size)


def work(spec: Spec, folder: Path, progress: Reporter) -> None:
    """Work power out into a folder.

    Parameters
    ----------
    spec : dict
        One that `check` lets pass.
    folder : Path
        Result folder.
    progress : Reporter
        Listens, and says how many processes may be used.
    """
    from anagen.core.plain import plain
    from anagen.planning.folder import write_power
    from anagen.planning.result import power
    from anagen.results.folder import write_folder
    from anagen.runs.folders import FolderOptions, into_folder
    from anagen.studio.results.shown import write_view

    study, options = study_of(spec), options_of(spec)

    def simulate(kept: Path) -> Power:
        return power(study, **options, workers=progress.workers, work_dir=kept, progress=progress)

    def write(result: Power, target: Path) -> None:
        progress.stage("writing report and results")

        def fill(made: Path) -> None:
            write_power(result, made)
            write_view(made, shown(result))

        write_folder(target, fill, plain(result.manifest))

    into_folder(f"{study.study}-power", FolderOptions(folder), simulate, write)


def shown(result: Power) -> dict[str, Any]:
    """What the page of a power curve shows, as the report says it.

    Parameters
    ----------
    result : Power
        The result.

    Returns
    -------
    dict
        Headline, findings, tables, pictures, words.
    """
    from anagen.planning import wording
    from anagen.planning.page import WORDS
    from anagen.planning.picture import alt_of
    from anagen.planning.printed import printed_tables
    from anagen.reports.cells import plain_table
    from anagen.reports.glossary import glossary
    from anagen.studio.results.shown import table_data

    printed = printed_tables(result)
    return {
        "headline": result.headline(),
        "findings": wording.findings(result),
        "reading": wording.how_to_read(result),
        "standing": wording.standing_words(result.manifest),
        "glossary": glossary(terms=WORDS),
        "tables": [table_data(plain_table(each.title, each.header, each.rows, each.note)) for each in printed],
        "figures": [{"file": f"{name}.svg", "alt": alt_of(result, name), "reason": ""} for name in result.figures()],
    }


def view(job: Job) -> dict[str, Any]:
    """What the result's template shows.

    Parameters
    ----------
    job : Job
        One that is done.

    Returns
    -------
    dict
        As it was written: nothing is computed here.
    """
    from anagen.studio.results.files import files_of
    from anagen.studio.results.shown import chosen, read_view

    return {"shown": read_view(job.folder), "files": chosen(files_of(job), FILES)}


KIND = Kind("power", "Power and assurance", check, estimate, work, view, "results/power.html.j2")
