"""Power and sample size of a study, in one call."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from anagen.core.errors import InputError, Problem
from anagen.core.numbers import MOST_DRAWS, MOST_REPLICATES, real, seed_of, whole
from anagen.core.plain import plain, records
from anagen.core.progress import Progress
from anagen.core.provenance import package_version
from anagen.core.result import Result
from anagen.core.shown import Shown
from anagen.execution import Workers, workers_of
from anagen.parameters import Source, parameter_source, source_facts
from anagen.planning import wording
from anagen.planning.characteristics import Found, characteristics
from anagen.planning.claims import claims_table
from anagen.planning.found import of_model, of_normal
from anagen.planning.normal import TRIALS, NormalModel, for_normal
from anagen.planning.question import Question, effect_amount, question_of
from anagen.planning.scenario_file import Scenarios, read_scenarios, scenarios_of
from anagen.planning.scenarios import planned_designs, scenario_table
from anagen.planning.simulating import Setting
from anagen.planning.smallest import smallest_sizes
from anagen.results.folder import write_folder
from anagen.runs.rehearsal import room_for
from anagen.study import Study
from anagen.study.study import StudyLike
from anagen.trials.protocol import study_parameters

if TYPE_CHECKING:
    from matplotlib.figure import Figure

REPLICATES = 200
"""Trials of the largest size where none are asked for."""
GOAL = 0.8


@dataclass(frozen=True, repr=False, eq=False)
class Power(Result):
    """Power, assurance and error rates of a study at several sizes.

    Attributes
    ----------
    found : Found
        What was simulated: the question, every trial's estimates, the true effects.
    smallest : pandas.DataFrame
        Smallest number of patients per arm for the goal, by contrast and outcome.
    scenarios : pandas.DataFrame or None
        Designs by truths, where they were asked for.
    manifest : dict
        What is needed to repeat it.
    rows : pandas.DataFrame
        The main table.
    """

    found: Found
    smallest: pd.DataFrame
    scenarios: pd.DataFrame | None
    manifest: dict[str, Any]
    rows: pd.DataFrame

    _what: ClassVar[str] = "Power of a trial"
    _then: ClassVar[tuple[str, ...]] = (".plot()", ".table", ".smallest", '.save("folder")')

    @property
    def table(self) -> pd.DataFrame:
        """One row per size, contrast and outcome, every figure with its Monte-Carlo error."""
        return self.rows

    @property
    def claims(self) -> pd.DataFrame | None:
        """What trials decide as a whole at every size; None where each contrast is tested by itself."""
        return claims_table(self.found)

    @property
    def trials(self) -> pd.DataFrame:
        """The estimate of every simulated trial."""
        return self.found.estimates

    @property
    def effects(self) -> pd.DataFrame:
        """The true effect at central values (draw 0) and under every parameter draw."""
        return self.found.effects

    def headline(self) -> str:
        """What the goal asks for.

        Returns
        -------
        str
            One or two sentences.
        """
        return wording.headline(self)

    def summary(self) -> pd.DataFrame:
        """The columns of the table that tell how often trials succeed.

        Returns
        -------
        DataFrame
            One row per size, contrast and outcome.
        """
        return self.table[list(wording.SUMMARY)]

    def document(self) -> dict[str, Any]:
        """What `anagen power --json` prints, without the folder.

        Returns
        -------
        dict
            Plain values.
        """
        return {
            "title": wording.title_of(self),
            "headline": self.headline(),
            "findings": wording.findings(self),
            "how_to_read": wording.how_to_read(self),
            "power": records(self.table),
            "smallest": records(self.smallest),
            "scenarios": None if self.scenarios is None else records(self.scenarios),
            **({} if self.claims is None else {"claims": records(self.claims)}),
            "manifest": plain(self.manifest),
        }

    def _shown(self) -> Shown:
        from anagen.planning.printed import printed_tables

        table = printed_tables(self)[0].for_terminal()
        note = f"{table.title}. {table.note}".strip()
        return Shown(wording.title_of(self), "", self.headline(), table.header, table.rows, note, self._then)

    def figures(self) -> tuple[str, ...]:
        """Names of the pictures.

        Returns
        -------
        tuple of str
            Shares of success over the number of patients, and outcomes side by side where there are several.
        """
        return ("power", "outcomes") if len(self.found.question.choices) > 1 else ("power",)

    def _figure(self, name: str) -> Figure:
        from anagen.planning.picture import draw_outcomes, draw_power
        from anagen.reports.style import styled

        with styled():
            return draw_power(self) if name == "power" else draw_outcomes(self)

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write a folder with tables, pictures and page, whole or not at all.

        Parameters
        ----------
        path : str or path
            The folder.
        overwrite : bool
            Whether an earlier result folder may be replaced.

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        InputError
            Where it may not be written.
        """
        from anagen.planning.folder import write_power

        def fill(folder: Path) -> None:
            write_power(self, folder)

        return write_folder(Path(path), fill, plain(self.manifest), overwrite=overwrite)


def power(
    study: StudyLike,
    patients: Sequence[int] = (),
    *,
    goal: float = GOAL,
    weeks: Sequence[float] = (),
    endpoints: Sequence[str] = (),
    arm: str | None = None,
    controls: Sequence[str] = (),
    truth: float | str | None = None,
    margin: float | str | None = None,
    effect: float | str | None = None,
    sd: float | str | None = None,
    effect_sd: float | str | None = None,
    correlation: float | None = None,
    scenarios: str | os.PathLike[str] | Mapping[str, object] | None = None,
    replicates: int | None = None,
    draws: int = 200,
    seed: int = 1,
    workers: Workers = 1,
    parameters: Source = "default",
    work_dir: Path | None = None,
    progress: Progress | None = None,
) -> Power:
    """Power, assurance and error rates of a study at several sizes, by simulation.

    Parameters
    ----------
    study : Study, mapping, str or path
        A study, the keys of a study file, the name of a shipped study, or a file.
    patients : sequence of int
        Patients of the smallest arm; the others keep the study's ratio. Half, once, twice and four times the study's
        where left out.
    goal : float
        Share of trials that should succeed, between 0 and 1.
    weeks : sequence of float
        Visits at which outcomes are compared.
    endpoints : sequence of str
        What is compared; the endpoints of the study where neither weeks nor endpoints are given.
    arm : str, optional
        The arm; every one that is not a control where left out.
    controls : sequence of str
        What it is compared with; the study's own control where left out.
    truth : float or str, optional
        Effect of the second power, in the unit of the main endpoint; the median over parameter draws where left out.
    margin : float or str, optional
        What the effect has to exceed; negative for non-inferiority.
    effect : float or str, optional
        An effect of your own: it and `sd` stand in for the model.
    sd : float or str, optional
        Standard deviation of the change of a patient.
    effect_sd : float or str, optional
        Standard deviation of what is not known of your own effect, for the assurance.
    correlation : float, optional
        Of the change with the baseline beside your own effect; that of the study's simulated controls where left out.
    scenarios : str, path or mapping, optional
        File of truths and designs, or its keys.
    replicates : int, optional
        Trials of the largest size behind every share; 200 of the model, 10,000 with an effect of your own.
    draws : int
        Parameter draws, for the assurance; below 20 none is told.
    seed : int
        Seed of every random number, 0 to 2**32 - 1.
    workers : int or str
        Processes, or the place of a Dask scheduler; the result does not depend on it.
    parameters : str, path or ParameterSource
        "prior", "posterior", or a posterior file; the shipped posterior where left out.
    work_dir : Path, optional
        Folder that keeps finished parts.
    progress : Progress, optional
        Shows what is done; a bar of its own in terminals and notebooks where left out.

    Returns
    -------
    Power
        Tables, pictures and page.

    Raises
    ------
    InputError
        With every option that is wrong, what would be right, and the nearest spelling.

    Examples
    --------
    >>> found = power("exosome-vs-saline", [20, 40], effect="8 hairs/cm^2", sd="20 hairs/cm^2", replicates=20)
    >>> found.table["patients"].tolist()
    [20, 40]
    """
    subject, source = Study.of(study), parameter_source(parameters)
    goal, seed, draws = _goal(goal), seed_of(seed), whole("draws", draws, 0, MOST_DRAWS)
    trials = None if replicates is None else whole("replicates", replicates, 2, MOST_REPLICATES)
    question = question_of(
        subject, patients, weeks=weeks, endpoints=endpoints, arm=arm, controls=controls, margin=margin
    )
    model = _normal(question, effect, sd, effect_sd, correlation)
    asked, file = _scenarios(scenarios)
    designs = [] if asked is None else planned_designs(
        subject, asked, patients, arm=arm, controls=controls, file=file
    )  # fmt: skip
    own = None if truth is None else effect_amount("truth", truth, question.choices[0], endpoint_unit=True)
    room_for(question.study, source, trials=1, draws=draws)
    store = None if work_dir is None else Path(work_dir)
    table: pd.DataFrame | None = None
    with progress or Progress() as bar:
        setting = Setting(source, seed, workers_of(workers), store, bar.advance)
        if model is None:
            number = trials or REPLICATES
            found = of_model(question, setting, bar, trials=number, draws=draws, own=own)
        else:
            number = trials or TRIALS
            found, model = of_normal(for_normal(question), model, correlation, setting, bar, trials=number)
        if asked is not None:
            table = scenario_table(designs, asked, setting, trials=trials or REPLICATES, draws=draws, stage=bar.stage)
        bar.stage("counting")
        rows = characteristics(found)
        least = smallest_sizes(found, rows, goal)
    content = study_parameters(question.study, source.load())
    manifest: dict[str, Any] = {
        "kind": "power",
        "package": "anagen",
        "version": package_version(),
        "seed": seed,
        "replicates": number,
        "draws": draws if model is None else 0,
        "goal": goal,
        "sizes": list(question.sizes),
        "margin": question.margin,
        "truth": own,
        "normal": None if model is None else _told(model),
        "scenarios": None if asked is None else asked.model_dump(mode="json"),
        **source_facts(source, content),
        "parameters_sha256": content.sha256(),
        "study_sha256": question.study.sha256,
        "study": question.study.model_dump(mode="json"),
        **({"options": " ".join(subject.options)} if subject.options else {}),
    }
    return Power(found, least, table, manifest, rows)


def _goal(goal: object) -> float:
    number = real("goal", goal, 0.0, 1.0)
    if not 0.0 < number < 1.0:
        message = f"must lie between 0 and 1, both left out, got {number:g}; 0.8 asks for a power of 80 %"
        raise InputError([Problem(None, None, None, "goal", message)])
    return number


def _normal(
    question: Question,
    effect: float | str | None,
    sd: float | str | None,
    effect_sd: float | str | None,
    correlation: float | None,
) -> NormalModel | None:
    """The Normal model that options state; None where the model of the study is meant."""
    given = {"effect": effect, "sd": sd, "effect_sd": effect_sd, "correlation": correlation}
    if all(value is None for value in given.values()):
        return None
    problems = [
        Problem(None, None, None, name, "is needed where an effect of your own stands in for the model")
        for name in ("effect", "sd")
        if given[name] is None
    ]
    if problems or effect is None or sd is None:
        raise InputError(problems)
    choice = for_normal(question).choices[0]
    amounts = {name: effect_amount(name, value, choice) for name, value in (("effect", effect), ("sd", sd))}
    spread_of = 0.0 if effect_sd is None else effect_amount("effect_sd", effect_sd, choice)
    for name, value, least in (("sd", amounts["sd"], 1e-12), ("effect_sd", spread_of, 0.0)):
        if value < least:
            raise InputError([Problem(None, None, None, name, f"must be positive, got {value:g}")])
    r = 0.0 if correlation is None else real("correlation", correlation, -0.999, 0.999)
    return NormalModel(amounts["effect"], amounts["sd"], spread_of, r, question.study.design.leaving.share)


def _scenarios(
    given: str | os.PathLike[str] | Mapping[str, object] | None,
) -> tuple[Scenarios | None, str | None]:
    if given is None:
        return None, None
    if isinstance(given, Mapping):
        return scenarios_of(dict(given)), None
    return read_scenarios(Path(given)), str(given)


def _told(model: NormalModel) -> dict[str, float]:
    return {name: getattr(model, name) for name in ("effect", "sd", "effect_sd", "correlation", "dropout")}
