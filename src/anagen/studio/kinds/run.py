"""A virtual trial: what `anagen run` does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from anagen.core.errors import InputError, Problem
from anagen.core.numbers import MOST_DRAWS, MOST_PATIENTS, MOST_REPLICATES, seed_of, whole
from anagen.studio.kinds import Kind, Spec, refuse_unknown

if TYPE_CHECKING:
    from anagen.reports.report import Drawn
    from anagen.results.contents import ResultContents
    from anagen.studio.jobs.job import Job
    from anagen.studio.jobs.reporter import Reporter
    from anagen.study import Study

DRAWS = 200
WORDS = {"keep": ("all", "effects"), "trials_at": ("central", "draws"), "parameters": ("default", "prior", "posterior")}
"""Options of a few words, the first where nothing is said."""
NUMBERS = {"seed", "patients", "replicates", "draws"}
STUDY_FILE, PROTOCOL = "study.yaml", "protocol"
FILES = {
    "report.html": "Report",
    STUDY_FILE: "Study file",
    f"{PROTOCOL}/protocol.html": "Synopsis of the protocol (HTML)",
    f"{PROTOCOL}/protocol.docx": "Synopsis of the protocol (DOCX)",
    "effects.csv": "Effects",
    "arms.csv": "Results of every arm",
    "safety.csv": "Adverse events",
    "comparison.csv": "Published beside predicted",
    "claims.csv": "Claims",
    "dose_response.csv": "Dose-response",
    "parameters.csv": "Parameters",
    "visits.parquet": "Every visit",
    "patients.parquet": "Every patient",
}
"""Files of a result that the page offers, with their words."""


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
        Where it is wrong; a text that is no shipped study's name is never taken for a file of this machine, and no file
        that a study names is read.
    """
    from anagen.studio.forms.draft import draft_of
    from anagen.study import Study
    from anagen.study.shipped import shipped_studies

    given = spec.get("study")
    if isinstance(given, str) and given not in shipped_studies():
        raise InputError(
            [Problem(None, None, None, "study", f"{given!r} is no shipped study", tuple(shipped_studies()))]
        )
    if not isinstance(given, str | dict):
        raise InputError([Problem(None, None, None, "study", "is the name of a shipped study, or the keys of one")])
    if isinstance(given, str):
        return Study.load(given)
    draft = draft_of(given)
    if draft.study is None:
        raise InputError(draft.problems)
    return draft.study


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
    refuse_unknown(spec, ("study", *sorted(NUMBERS), *WORDS))
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
    from anagen.runs.rehearsal import rehearse, room_for

    options = options_of(spec)
    study = _sized(study_of(spec), options)
    room_for(study, options["parameters"], trials=options["replicates"], draws=options["draws"])
    # whatever is let pass can be recruited
    rehearse(study, options["parameters"])


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
    from anagen.results.folder import write_results
    from anagen.runs.ahead import PICTURES, import_ahead
    from anagen.runs.folders import FolderOptions, into_folder
    from anagen.runs.result import TrialResult, run

    import_ahead(PICTURES)
    study, options = study_of(spec), options_of(spec)

    def simulate(kept: Path) -> TrialResult:
        return run(study, **options, workers=progress.workers, work_dir=kept, progress=progress)

    def write(result: TrialResult, target: Path) -> None:
        progress.stage("writing report and results")
        write_results(result.contents, target, add=lambda contents, made: _add(contents, study, made))

    into_folder(study.study, FolderOptions(folder), simulate, write)


def _add(contents: ResultContents, study: Study, folder: Path) -> None:
    """The report, what the page shows, the study file and the protocol, into a folder that is being written."""
    from anagen.core.disk import write_durably
    from anagen.planning.synopsis.folder import write_protocol
    from anagen.planning.synopsis.result import protocol
    from anagen.reports.report import drawn_of, write_drawn
    from anagen.studio.results.shown import write_view
    from anagen.study.yaml_text import yaml_text

    drawn = drawn_of(contents)
    write_drawn(contents, drawn, folder)
    write_view(folder, shown(contents, drawn))
    write_durably(folder / STUDY_FILE, yaml_text(study).encode())
    (folder / PROTOCOL).mkdir()
    write_protocol(protocol(study), folder / PROTOCOL)


def shown(contents: ResultContents, drawn: Drawn) -> dict[str, Any]:
    """What the page of a trial shows, as the report says it.

    Parameters
    ----------
    contents : ResultContents
        The result.
    drawn : Drawn
        Its pictures.

    Returns
    -------
    dict
        Answer, flags, notes, tables and pictures.
    """
    from anagen.analysis.plausibility import flag_text
    from anagen.reports import baseline, tables
    from anagen.reports.answer import answer_of, patients_phrase
    from anagen.reports.claims import claim_notes, claims_table
    from anagen.reports.numbers import BAND_COLUMNS, for_people
    from anagen.reports.outline import outline_of, thresholds_of
    from anagen.reports.report import FIGURES_FOLDER, counts_used, notice_paragraphs, trust_of
    from anagen.reports.safety_tables import safety_paragraphs, safety_table
    from anagen.studio.results.shown import figure_data, table_data

    outline, manifest, words = outline_of(contents.study), contents.manifest, drawn.names
    answer = answer_of(contents, words)
    draws = int(manifest.get("draws") or 0)
    compared = contents.comparison is not None and not contents.comparison.empty
    flags = [flag_text(flag) for flag in manifest.get("flags") or ()]
    notice = notice_paragraphs(manifest, counts_used(contents.parameters))
    return {
        "question": outline.question,
        "patients": patients_phrase(outline, contents.flow),
        "answer": {"headline": answer.headline, "paragraphs": answer.paragraphs, "points": answer.points},
        "flags": flags,
        "notice": [paragraph for paragraph in notice if paragraph not in flags],
        "trust": trust_of(contents.study, contents.parameters),
        "notes": [*(contents.flow.get("notes") or ()), *claim_notes(contents.study, contents.claims)],
        "safety": safety_paragraphs(contents, outline),
        "tables": {
            "treatment": table_data(baseline.treatment_table(contents.study, contents.flow)),
            "effects": table_data(tables.effects_table(contents.effects, words, outline)),
            "claims": table_data(claims_table(contents, words)),
            "safety": table_data(safety_table(for_people(contents.safety, draws, *BAND_COLUMNS), outline)),
            "comparison": table_data(
                tables.comparison_table(contents.comparison, words, thresholds_of(contents.study)) if compared else None
            ),
        },
        "figures": figure_data({**drawn.figures, "scalps": drawn.scalps}, f"{FIGURES_FOLDER}/"),
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
        As the run wrote it: nothing is computed here.
    """
    from anagen.studio.results.files import files_of
    from anagen.studio.results.shown import chosen, read_view

    return {"shown": read_view(job.folder), "files": chosen(files_of(job), FILES)}


def _sized(study: Study, options: dict[str, Any]) -> Study:
    return study if options["patients"] is None else study.with_patients(options["patients"])


KIND = Kind("run", "Trial", check, estimate, work, view, "results/run.html.j2")
