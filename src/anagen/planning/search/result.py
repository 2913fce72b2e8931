"""The search for a trial in one call."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from anagen.analysis.bands import LEAST_DRAWS
from anagen.core.errors import InputError, Problem
from anagen.core.numbers import MOST_DRAWS, MOST_REPLICATES, real, seed_of, whole
from anagen.core.plain import plain, records
from anagen.core.progress import Progress
from anagen.core.provenance import package_version
from anagen.core.reading import nearest
from anagen.core.result import Result
from anagen.core.shown import MOST_ROWS, Shown
from anagen.execution import Workers, workers_of
from anagen.parameters import Source, parameter_source, source_facts
from anagen.planning.question import LEAST_PATIENTS, MOST_PATIENTS, question_of
from anagen.planning.search import wording
from anagen.planning.search.axes import Space, space_of
from anagen.planning.search.candidates import ASSURANCE, GOALS, Candidate, Limits, Pool, on_front, ranked
from anagen.planning.search.optimise import needs_optuna, searched
from anagen.planning.search.price import budget_of, prices_of
from anagen.planning.search.refusing import refuse_arms, refuse_claims, refuse_too_many
from anagen.planning.search.table import candidate_table, design_table
from anagen.planning.search.variant import refusal, varied, written_study
from anagen.planning.simulating import Setting
from anagen.results.folder import write_folder
from anagen.study import Study
from anagen.study.study import StudyLike
from anagen.trials.protocol import study_parameters

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TRIALS, REPLICATES, DRAWS = 200, 8, 100
"""Candidates, and trials and parameter draws of each design, where none are asked for."""
MOST_TRIALS = 10_000
GOAL = "assurance=0.8"


@dataclass(frozen=True, repr=False, eq=False)
class DesignSearch(Result):
    """Trials by cost, months and chance of success, and the cheapest that reaches the goal.

    Attributes
    ----------
    pool : Pool
        What varied and what was simulated of every design.
    rows : pandas.DataFrame
        The main table.
    designs : pandas.DataFrame
        What every design needs for the goal.
    best : Candidate or None
        The cheapest trial that reaches the goal within budget and months; None where none does.
    study : Study or None
        The best trial as a study.
    closest : Candidate or None
        Where none reaches the goal within budget and months, the one within them that is likeliest to succeed.
    closest_study : Study or None
        That trial as a study.
    limits : Limits
        Budget and months.
    manifest : dict
        What is needed to repeat it.
    """

    pool: Pool
    rows: pd.DataFrame
    designs: pd.DataFrame
    best: Candidate | None
    study: Study | None
    closest: Candidate | None
    closest_study: Study | None
    limits: Limits
    manifest: dict[str, Any]

    _what: ClassVar[str] = "Search for the cheapest trial"
    _then: ClassVar[tuple[str, ...]] = (".plot()", ".best", ".study", ".designs", '.save("folder")')

    @property
    def table(self) -> pd.DataFrame:
        """One row per candidate: what it is, what it costs and takes, how likely it succeeds, whether any beats it."""
        return self.rows

    def summary(self) -> pd.DataFrame:
        """The candidates that no other beats in cost, months and chance.

        Returns
        -------
        DataFrame
            By cost.
        """
        return self.rows[self.rows["on_front"]].reset_index(drop=True)

    def headline(self) -> str:
        """The best trial, or why there is none.

        Returns
        -------
        str
            One or two sentences.
        """
        return wording.headline(self)

    def document(self) -> dict[str, Any]:
        """What `anagen design --json` prints, without the folder.

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
            "best": None if self.best is None else self._row_of(self.best),
            "best_study": None if self.study is None else self.study.to_dict(),
            "closest": None if self.closest is None else self._row_of(self.closest),
            "closest_study": None if self.closest_study is None else self.closest_study.to_dict(),
            "costs": None if self.best is None else plain(self.best.cost),
            "front": records(self.summary()),
            "designs": records(self.designs),
            "manifest": plain(self.manifest),
        }

    def _shown(self) -> Shown:
        from anagen.planning.search.printed import front

        table = front(self, MOST_ROWS)
        note = f"{table.title}. {table.note}".strip()
        return Shown(wording.title_of(self), "", self.headline(), table.header, table.rows, note, self._then)

    def figures(self) -> tuple[str, ...]:
        """Names of the pictures.

        Returns
        -------
        tuple of str
            Cost against the chance of success, months as colour.
        """
        return ("front",)

    def _figure(self, name: str) -> Figure:
        from anagen.planning.search.picture import draw_front
        from anagen.reports.style import styled

        with styled():
            return draw_front(self)

    def _row_of(self, candidate: Candidate) -> dict[str, Any]:
        return records(candidate_table([candidate], [True], self))[0]

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write a folder with tables, the study of the best trial, picture and page, whole or not at all.

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
        from anagen.planning.search.folder import write_design

        def fill(folder: Path) -> None:
            write_design(self, folder)

        return write_folder(Path(path), fill, plain(self.manifest), overwrite=overwrite)


def design(
    study: StudyLike,
    vary: Sequence[str] | Mapping[str, object] = (),
    *,
    goal: str | float = GOAL,
    budget: str | None = None,
    months: float | None = None,
    arm: str | None = None,
    trials: int = TRIALS,
    replicates: int = REPLICATES,
    draws: int = DRAWS,
    seed: int = 1,
    workers: Workers = 1,
    parameters: Source = "default",
    work_dir: Path | None = None,
    progress: Progress | None = None,
) -> DesignSearch:
    """Search the trial that reaches a goal at the least cost, and what cost, months and chance of success trade.

    Parameters
    ----------
    study : Study, mapping, str or path
        A study, the keys of a study file, the name of a shipped study, or a file.
    vary : sequence of str or mapping
        What may vary: "NAME=A,B" each, a file of such, or names with lists of values. Names are `dose`, `sessions`,
        `interval`, `arms`, `allocation`, `week`, `layout`, `patients`, or a path as `--set` writes it. Allocation,
        week and patients follow from the study where left out.
    goal : str or float
        "assurance=0.8" or "power=0.8"; a number alone is an assurance.
    budget : str, optional
        What the trial may cost, such as "500000 EUR"; needs prices in the study.
    months : float, optional
        What it may take to the last visit of the last patient.
    arm : str, optional
        The arm that has to succeed; where left out at least one of those kept, each at its part of the level.
    trials : int
        Candidates that the search looks at.
    replicates : int
        Trials of each design at central parameter values, for the spread of its outcome.
    draws : int
        Parameter draws of each design; below 20 no assurance is told.
    seed : int
        Seed of every random number, of the search as well, 0 to 2**32 - 1.
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
    DesignSearch
        Tables, picture, page, and the best trial as a study.

    Raises
    ------
    InputError
        With every option that is wrong, what would be right, and the nearest spelling; where Optuna is not installed.
    """
    needs_optuna()
    subject, source = Study.of(study), parameter_source(parameters)
    kind, share = goal_of(goal)
    seed, trials = seed_of(seed), whole("trials", trials, 1, MOST_TRIALS)
    replicates, draws = whole("replicates", replicates, 2, MOST_REPLICATES), whole("draws", draws, 0, MOST_DRAWS)
    if draws < LEAST_DRAWS:
        message = f"assurance and its ceiling need {LEAST_DRAWS} parameter draws or more, got {draws}"
        raise InputError([Problem(None, None, None, "draws", message)])
    space, prices = space_of(subject, vary), prices_of(subject)
    limits = Limits(budget_of(budget, prices), None if months is None else real("months", months, 0.0, 1200.0))
    refuse_claims(question_of(subject, arm=arm))
    refuse_too_many(space)
    refuse_arms(space)
    pool = Pool(space, prices, arm, {})
    with progress or Progress() as bar:
        setting = Setting(source, seed, workers_of(workers), None if work_dir is None else Path(work_dir), bar.advance)
        found = searched(pool, setting, kind=kind, trials=trials, replicates=replicates, draws=draws, stage=bar.stage)
        bar.stage("choosing")
        sizes = _sizes(space)
        least = pool.smallest(kind, share, sizes)
        found = _once([*found, *least])
        if space.ranged:
            low = int(str(space.patients.values[0]))
            unbeaten = [each for each, alone in zip(found, on_front(found, kind), strict=True) if alone]
            found = _once([*found, *pool.ladder(unbeaten, [n for n in sizes if n >= low])])
    if not any(each is not None for each in pool.known.values()):
        raise InputError(dict.fromkeys(each for places in pool.known for each in refusal(space, places)))
    best, chosen = _first_study(pool, ranked(found, kind, share, limits))
    closest = near = None
    if best is None and limits.stated:
        surest = sorted(pool.largest(limits, sizes), key=lambda each: (-each.reached(kind), each.price))
        closest, near = _first_study(pool, surest)
    found.sort(key=lambda each: (each.price, each.months, each.key.patients, sorted(each.labels.items())))
    content = study_parameters(subject, source.load())
    manifest: dict[str, Any] = {
        "kind": "design",
        "package": "anagen",
        "version": package_version(),
        "seed": seed,
        "trials": trials,
        "replicates": replicates,
        "draws": draws,
        "goal": {kind: share},
        "budget": budget,
        "months": limits.months,
        "arm": arm,
        "vary": {axis.name: list(axis.labels) for axis in (*space.axes, space.arms, space.allocation, space.patients)},
        "patients_between": space.ranged,
        "costs": {"kind": prices.kind, "currency": prices.currency, "sources": dict(prices.sources)},
        **source_facts(source, content),
        "parameters_sha256": content.sha256(),
        "study_sha256": subject.sha256,
        "study": subject.model_dump(mode="json"),
        **({"options": " ".join(subject.options)} if subject.options else {}),
    }
    empty = DesignSearch(pool, pd.DataFrame(), pd.DataFrame(), best, chosen, closest, near, limits, manifest)
    rows = candidate_table(found, on_front(found, kind), empty)
    return replace(empty, rows=rows, designs=design_table(pool, least, empty))


def goal_of(goal: str | float) -> tuple[str, float]:
    """Kind and share of a goal.

    Parameters
    ----------
    goal : str or float
        "assurance=0.8", "power=0.8", or a number.

    Returns
    -------
    tuple of str and float
        "assurance" or "power", and a share between 0 and 1.

    Raises
    ------
    InputError
        Where it is neither.

    Examples
    --------
    >>> goal_of("power=0.9"), goal_of(0.5)
    (('power', 0.9), ('assurance', 0.5))
    """
    kind, equals, written = str(goal).partition("=")
    kind, written = (kind.strip(), written) if equals else (ASSURANCE, str(goal))
    if kind not in GOALS:
        message = f"there is no goal {kind!r}; expected assurance=0.8 or power=0.8"
        raise InputError([Problem(None, None, None, "goal", message, GOALS, nearest(kind, GOALS))])
    try:
        share = float(written)
    except ValueError:
        message = f"{written!r} is not a number; expected a share such as {kind}=0.8"
        raise InputError([Problem(None, None, None, "goal", message)]) from None
    if not 0.0 < share < 1.0:
        message = f"must lie between 0 and 1, both left out, got {share:g}; {kind}=0.8 asks for 80 %"
        raise InputError([Problem(None, None, None, "goal", message)])
    return kind, share


def _once(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Candidates, each once."""
    return list({each.key: each for each in candidates}.values())


def _sizes(space: Space) -> list[int]:
    """Sizes of the smallest arm that may be chosen: all where the study's own range is a guess of ours."""
    if not space.ranged:
        return [int(str(value)) for value in space.patients.values]
    low, high = (int(str(value)) for value in space.patients.values)
    return list(range(LEAST_PATIENTS, MOST_PATIENTS + 1) if space.patients.derived else range(low, high + 1))


def _first_study(pool: Pool, candidates: Sequence[Candidate]) -> tuple[Candidate | None, Study | None]:
    """The first candidate that makes a study, and that study."""
    for each in candidates:
        data = varied(pool.space, each.key.places)
        try:
            if data is not None:
                return each, written_study(pool.space, data, each.kept, each.sizes)
        except InputError:
            # a rule of the study refuses this trial at this size: the next one is the best that can be run
            continue
    return None, None
