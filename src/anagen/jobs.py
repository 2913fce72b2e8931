"""From a study to a result folder: chooses the folder, keeps what is done, simulates, writes results and report."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from anagen.core.errors import AnagenError, InputError, Problem
from anagen.execution import ChunkStore, FolderInUse, Interrupted
from anagen.results import ResultContents, free_folder, prepare_folder, write_curve, write_results

if TYPE_CHECKING:
    from anagen.analysis.response import ResponseCurve
    from anagen.calibration.calibrate import Calibration, Settings
    from anagen.calibration.further import Asked
    from anagen.comparative.design import Comparison
    from anagen.comparative.folder import ComparisonResult
    from anagen.core.arrays import FloatArray
    from anagen.credibility.assess import Assessment
    from anagen.parameters import Source
    from anagen.sweeps import Sweep
    from anagen.trials.study.loader import LoadedStudy
    from anagen.validation.cases import Case
    from anagen.validation.validate import Validation

RESULTS = Path("results")
REPORT = "report.html"
WORK = ".work"
COMPARED_PATIENTS = 200
"""Reference patients of a comparison where none are asked for."""
STATISTICS = ("statsmodels.regression.linear_model",)
PICTURES = ("matplotlib.figure", "matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg")


class RunInterrupted(AnagenError):
    """A run was stopped from outside; what was finished is kept."""


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


@dataclass(frozen=True)
class FinishedRun:
    """What a run left behind."""

    contents: ResultContents
    folder: Path
    report: Path | None


@dataclass(frozen=True)
class FinishedCurve:
    """What a response curve left behind."""

    curve: ResponseCurve
    folder: Path
    report: Path | None


@dataclass(frozen=True)
class FinishedComparison:
    """What a comparison left behind."""

    result: ComparisonResult
    folder: Path
    report: Path


@dataclass(frozen=True)
class FinishedCalibration:
    """What a calibration left behind."""

    found: Calibration
    facts: dict[str, Any]
    folder: Path
    report: Path | None


@dataclass(frozen=True)
class FinishedValidation:
    """What a validation left behind."""

    result: Validation
    folder: Path


def run_to_folder(
    loaded: LoadedStudy,
    options: RunOptions,
    *,
    progress: Callable[[int, int], None],
    stage: Callable[[str], None],
) -> FinishedRun:
    """Runs a study and writes its result folder.

    Finished parts are kept in `<folder>.work` until the folder is written, so that the same call goes on where a
    killed or interrupted one stopped. Where nothing was finished, nothing is left.

    Args:
        loaded: the study.
        options: how it is run.
        progress: called with (done, total) as parts finish.
        stage: called with what is being done now.

    Raises:
        InputError: where the result folder may not be written or the study cannot be simulated.
        RunInterrupted: on Ctrl-C.
    """
    from anagen.parameters import parameter_source
    from anagen.runs import run_study

    source = parameter_source(options.source)
    Thread(target=_import_ahead, args=(options.report,), daemon=True).start()
    with _claimed(loaded.study.study, options) as (folder, store):
        with _kept(store):
            stage("simulating")
            contents = run_study(
                loaded,
                seed=options.seed,
                patients=options.patients,
                replicates=options.replicates,
                draws=options.draws,
                workers=options.workers,
                work_dir=store.folder,
                progress=progress,
                source=source,
            )
            stage("writing report and results" if options.report else "writing results")
            write_results(contents, folder, overwrite=options.overwrite, add=_add_report if options.report else None)
        store.clear()
    report = folder / REPORT
    return FinishedRun(contents.conformed(), folder, report if options.report else None)


def curve_to_folder(
    sweep: Sweep, options: RunOptions, *, progress: Callable[[int, int], None], stage: Callable[[str], None]
) -> FinishedCurve:
    """Runs a response curve and writes its folder; goes on where a stopped call left off, as `run_to_folder` does.

    Args:
        sweep: what is varied. options: how it is run; patients and replicates have no meaning for expected effects.
        progress: called with (done, total) as parts finish. stage: called with what is being done now.

    Raises:
        InputError: where patients or replicates are given, the folder may not be written or a study not be simulated.
        RunInterrupted: on Ctrl-C.
    """
    from anagen.parameters import parameter_source
    from anagen.sweeps import run_sweep

    source = parameter_source(options.source)
    _refuse_trials(options)
    with _claimed(sweep.name, options) as (folder, store):
        with _kept(store):
            stage("simulating")
            curve = run_sweep(
                sweep,
                seed=options.seed,
                draws=options.draws,
                workers=options.workers,
                work_dir=store.folder,
                progress=progress,
                source=source,
            )
            stage("writing report and results" if options.report else "writing results")
            write_curve(
                curve.table,
                curve.draws,
                curve.studies,
                curve.manifest,
                folder,
                overwrite=options.overwrite,
                add=(lambda partial: _add_curve_report(curve, partial)) if options.report else None,
            )
        store.clear()
    return FinishedCurve(curve, folder, folder / REPORT if options.report else None)


def comparison_to_folder(
    comparison: Comparison,
    options: RunOptions,
    *,
    threshold: float,
    progress: Callable[[int, int], None],
    stage: Callable[[str], None],
) -> FinishedComparison:
    """Compares treatments in the same patients and writes the folder; goes on where a stopped call left off.

    Args:
        comparison: treatments. options: how it is run; replicates have no meaning for expected effects.
        threshold: least own gain of a responder. progress, stage: as in `run_to_folder`.

    Raises:
        InputError: where the folder may not be written or the patients cannot be recruited.
        RunInterrupted: on Ctrl-C.
    """
    from anagen.comparative.folder import result_of, write_comparison
    from anagen.comparative.ranking import compare
    from anagen.parameters import parameter_source
    from anagen.results.folder import write_folder

    source = parameter_source(options.source)
    patients = options.patients or COMPARED_PATIENTS
    with _claimed("comparison", options) as (folder, store):
        with _kept(store):
            stage("simulating")
            tables = compare(
                comparison,
                seed=options.seed,
                patients=patients,
                draws=options.draws,
                threshold=threshold,
                workers=options.workers,
                work_dir=store.folder,
                progress=progress,
                source=source,
            )
            stage("writing")
            result = result_of(
                comparison,
                tables,
                seed=options.seed,
                patients=patients,
                draws=options.draws,
                threshold=threshold,
                source=source,
            )
            write_folder(
                folder, lambda partial: write_comparison(result, partial), result.manifest, overwrite=options.overwrite
            )
        store.clear()
    return FinishedComparison(result, folder, folder / REPORT)


def calibration_to_folder(
    settings: Settings,
    options: RunOptions,
    *,
    asked: Asked | None = None,
    earlier: Path | None = None,
    progress: Callable[[int, int], None],
    stage: Callable[[str], None],
) -> FinishedCalibration:
    """Calibrates the parameters and writes the folder; goes on where a stopped call left off.

    Args:
        settings: what is calibrated and how. options: workers, out, overwrite and report; no other has a meaning here.
        asked: what is asked of it further. earlier: folder of a calibration whose simulations are used
            again. progress, stage: as in `run_to_folder`.

    Raises:
        InputError: where the folder may not be written, or the settings or the earlier folder cannot be used.
        RunInterrupted: on Ctrl-C.
    """
    from anagen.calibration.calibrate import calibrate
    from anagen.calibration.folder import manifest_of, read_simulated, write_calibration
    from anagen.calibration.further import Asked, ask
    from anagen.results.folder import write_folder

    simulated = None
    if earlier is not None:
        simulated, before = read_simulated(earlier)
        settings = replace(settings, seed=before.seed, points=before.points, studies=before.studies)
    facts: dict[str, Any] = {}
    with _claimed("calibration", options) as (folder, store):
        with _kept(store):
            found = calibrate(
                settings,
                workers=options.workers,
                work_dir=store.folder,
                simulated=simulated,
                progress=progress,
                stage=stage,
            )
            further = ask(
                found,
                asked or Asked(),
                workers=options.workers,
                work_dir=store.folder,
                progress=progress,
                stage=stage,
            )
            stage("writing")
            write_folder(
                folder,
                lambda partial: facts.update(write_calibration(found, further, partial, report=options.report)),
                manifest_of(found),
                overwrite=options.overwrite,
            )
        store.clear()
    return FinishedCalibration(found, facts, folder, folder / REPORT if options.report else None)


def assessment_to_file(
    loaded: LoadedStudy,
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

    made: list[Path] = []
    file = options.out or _free_page(f"{loaded.study.study}-credibility")
    if file.exists():
        raise InputError((Problem(str(file), None, None, "--out", "exists already; choose another --out"),))
    with ExitStack() as held:
        store = _hold(file, held, made)
        try:
            with _kept(store):
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
        finally:
            if len(store) == 0:
                store.clear()
                _remove_empty(made)
    return found, file


def _free_page(name: str) -> Path:
    """First of results/<name>.html, results/<name>-2.html, ... that does not exist."""
    file, number = RESULTS / f"{name}.html", 1
    while file.exists():
        number += 1
        file = RESULTS / f"{name}-{number}.html"
    return file


def validation_to_folder(
    cases: Sequence[Case],
    options: RunOptions,
    *,
    leave_one_out: bool = False,
    earlier: Path | None = None,
    progress: Callable[[int, int], None],
    stage: Callable[[str], None],
) -> FinishedValidation:
    """Validates with some studies and writes the folder; goes on where a stopped call left off.

    Args:
        cases: studies with published results. options: how it is run; patients and replicates have no meaning here.
        leave_one_out: whether each study is predicted with parameters calibrated on the other shipped studies; earlier:
        folder of a calibration whose simulations are used again for it. progress, stage: as in `run_to_folder`.

    Raises:
        InputError: where the folder may not be written, a study cannot be simulated, or nothing can be calibrated.
        RunInterrupted: on Ctrl-C.
    """
    from anagen.parameters import parameter_source
    from anagen.results.folder import write_folder
    from anagen.validation.folder import write_validation
    from anagen.validation.validate import validate

    source = parameter_source(options.source)
    with _claimed("validation", options) as (folder, store):
        with _kept(store):

            def left_out() -> Mapping[tuple[str, int], FloatArray]:
                return _left_out_samples(options, store.folder, earlier, progress, stage)

            stage("simulating")
            result = validate(
                cases,
                seed=options.seed,
                draws=options.draws,
                workers=options.workers,
                work_dir=store.folder,
                progress=progress,
                left_out=left_out if leave_one_out else None,
                source=source,
            )
            stage("writing tables and pictures")
            write_folder(
                folder, lambda partial: write_validation(result, partial), result.manifest, overwrite=options.overwrite
            )
        store.clear()
    return FinishedValidation(result, folder)


def _left_out_samples(
    options: RunOptions,
    work_dir: Path,
    earlier: Path | None,
    progress: Callable[[int, int], None],
    stage: Callable[[str], None],
) -> Mapping[tuple[str, int], FloatArray]:
    """Predictive draws of every value that informs parameters, calibrated without its study."""
    from anagen.calibration.calibrate import Settings, calibrate
    from anagen.calibration.folder import read_simulated
    from anagen.calibration.leave_one_out import leave_one_out

    settings, simulated = Settings(seed=options.seed), None
    if earlier is not None:
        simulated, before = read_simulated(earlier)
        settings = replace(settings, seed=before.seed, points=before.points, studies=before.studies)
    stage("calibrating")
    work: dict[str, Any] = {"workers": options.workers, "work_dir": work_dir, "progress": progress}
    found = calibrate(settings, simulated=simulated, stage=stage, **work)
    stage("calibrating without each study")
    left = leave_one_out(found, **work)
    keys = zip(left.table["study"], left.table["row"], strict=True)
    return {(str(study), int(row)): draws for (study, row), draws in zip(keys, left.draws, strict=True)}


def _refuse_trials(options: RunOptions) -> None:
    """A response curve holds no trials, so that options of trials would be passed over in silence."""
    message = "belongs to single trials; a response curve shows expected effects of the same reference patients"
    given = {"--patients": options.patients is not None, "--replicates": options.replicates != 1}
    problems = [Problem(None, None, None, option, message) for option, wrong in given.items() if wrong]
    if problems:
        raise InputError(problems)


@contextmanager
def _kept(store: ChunkStore) -> Generator[None]:
    """Turns an interruption into words that say what is kept."""
    try:
        yield
    except (KeyboardInterrupt, Interrupted) as error:
        kept = f"what is done is kept in {store.folder}; the same command goes on from there"
        raise RunInterrupted(f"interrupted; {kept if len(store) else 'nothing was finished yet'}") from error


def _import_ahead(report: bool) -> None:
    """Imports what the end of a run needs while its beginning computes: compiled kernels leave the interpreter free.

    A module that cannot be imported is not missed here: the import that needs it says so.
    """
    for name in (*STATISTICS, *(PICTURES if report else ())):
        if find_spec(name.partition(".")[0]) is not None:
            import_module(name)


def _add_report(contents: ResultContents, folder: Path) -> None:
    from anagen.reports.report import write_report

    write_report(contents, folder)


def _add_curve_report(curve: ResponseCurve, folder: Path) -> None:
    from anagen.reports.curve import write_curve_report

    write_curve_report(curve, folder)


@contextmanager
def _claimed(study: str, options: RunOptions) -> Generator[tuple[Path, ChunkStore]]:
    """The result folder and the store beside it, held for this run; removes what it made where nothing was finished."""
    made: list[Path] = []
    with ExitStack() as held:
        folder, store = _claim(study, options, held, made)
        try:
            yield folder, store
        finally:
            if len(store) == 0:
                store.clear()
                _remove_empty(made)


def _claim(study: str, options: RunOptions, held: ExitStack, made: list[Path]) -> tuple[Path, ChunkStore]:
    if options.out is not None:
        prepare_folder(options.out, overwrite=options.overwrite)
        return options.out, _hold(options.out, held, made)
    taken: set[Path] = set()
    while True:
        folder = free_folder(RESULTS, study, taken)
        try:
            return folder, _hold(folder, held, made)
        except FolderInUse:
            # The same study is running into this folder now; this run takes the next name.
            taken.add(folder)


def _hold(folder: Path, held: ExitStack, made: list[Path]) -> ChunkStore:
    store = ChunkStore(folder.with_name(folder.name + WORK))
    made += [parent for parent in store.folder.parents if not parent.exists()]
    try:
        held.enter_context(store.locked())
    except OSError as error:
        message = f"cannot be written: {error.strerror or error}"
        raise InputError((Problem(str(folder), None, None, "--out", message),)) from error
    return store


def _remove_empty(folders: list[Path]) -> None:
    """Innermost first, as `Path.parents` gives them."""
    for folder in folders:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
