"""One arm explained from end to end: tasks for central values, missing parts and parameter draws, put together."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from anagen.analysis.expected import error_of_groups
from anagen.core.arrays import FloatArray
from anagen.core.errors import InputError, Problem
from anagen.core.measures import RESPONDERS
from anagen.core.numbers import MAX_SEED
from anagen.core.provenance import git_commit, package_version, sha256_of_json
from anagen.execution import ChunkStore, Tables, Task, Workers, gather, run_tasks, task_key, threads_for
from anagen.explanation.ablation import ABLATION_COLUMNS, Part, ablations, parts_of
from anagen.explanation.bands import banded, carried, parameter_band, path_shares
from anagen.explanation.case import Case, case_of, without_effect
from anagen.explanation.entries import ROWS_AT_ONCE, TWO, lever_game, lever_goals, lever_shares, lever_table
from anagen.explanation.gain import (
    COURSE_ROWS,
    GAIN_COLUMNS,
    TWINS_AT_ONCE,
    Game,
    People,
    gain_shares,
    games_of,
    group_columns,
    outcomes,
    reference_patients,
    shared_gain,
    twins_of,
)
from anagen.explanation.paths import LONGEST, path_table
from anagen.parameters import ParameterSet, ParameterSource, Source, parameter_source, source_facts
from anagen.signalling.network import Network
from anagen.study import Study
from anagen.trials.cost import DRAW_PATIENTS
from anagen.trials.protocol import study_parameters
from anagen.trials.reference import GROUPS

STANDS_OUT = 2.0
"""Standard errors from zero within which a gain is none."""
PARTS_PER_TASK, DRAWS_PER_TASK, TWINS_OF_DRAWS = 12, 5, 120
"""About a second of work, so that little is lost where an explanation is stopped."""
Kind = Literal["central", "levers", "gain", "ablation", "draw"]
COALITIONS_PER_TASK: dict[Kind, int] = {"levers": ROWS_AT_ONCE, "gain": TWINS_AT_ONCE}


@dataclass(frozen=True, slots=True)
class Work:
    """One task: paths at central values, some coalitions behind levers or gain, missing parts, or parameter draws.

    Attributes
    ----------
    span : tuple[int, int]
        First coalition, and the one behind the last.
    """

    study: Study
    source: ParameterSource
    arm: str
    seed: int
    patients: int
    kind: Kind
    draws: tuple[int, ...] = (0,)
    parts: tuple[Part, ...] = ()
    span: tuple[int, int] = (0, 0)
    threads: int = 1


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an arm does what it does.

    Attributes
    ----------
    about : dict[str, Any]
        Study, arm, control, seed, primary endpoint, versions and hashes, as plain values.
    gain : pd.DataFrame
        Shares of the gain (`gain_shares`) with low, high (5 and 95 % over draws) of gain, and arm_low, arm_high.
    levers : pd.DataFrame
        Shares of levers (`lever_shares`) with carried (what the way carries in the arm, in the unit of the primary
        measure: the lever's share of the arm times the way's share of the lever), low, high (of carried) and share_low,
        share_high.
    paths : pd.DataFrame
        Paths (`path_table`) with share (of what the entry edge's paths do alone) and carried.
    ablation : pd.DataFrame
        Missing parts (`ablations`), those that change the gain most first.
    network : Network
        The network that was asked.
    """

    about: dict[str, Any]
    gain: pd.DataFrame
    levers: pd.DataFrame
    paths: pd.DataFrame
    ablation: pd.DataFrame
    network: Network

    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables by name."""
        return {"gain": self.gain, "levers": self.levers, "paths": self.paths, "ablation": self.ablation}


def explain_arm(
    study: Study,
    arm: str,
    *,
    seed: int = 1,
    patients: int = 128,
    draws: int = 20,
    workers: Workers = 1,
    work_dir: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    source: Source = "default",
) -> Explanation:
    """Explain one arm of a study against its control.

    Parameters
    ----------
    study : Study
        The study file.
    arm : str
        Name of the arm.
    seed : int, default 1
        0 to 2**32 - 1.
    patients : int, default 128
        Reference patients, rounded up to whole groups of four; with 128 the gain is what a run without draws expects.
    draws : int, default 20
        Parameter draws for the bands.
    workers : int or str, default 1
        Processes, or the place of a Dask scheduler; without effect on the result.
    work_dir : Path, optional
        Keeps finished tasks.
    progress : Callable[[int, int], None], optional
        Called with (done, total).
    source : Source, default "default"
        Of the parameters; see `parameter_source`.

    Returns
    -------
    Explanation
        Tables of the gain, the levers, the paths and the parts left out.

    Raises
    ------
    InputError
        Where the arm is unknown, the seed is out of range, or the posterior cannot be read.

    Examples
    --------
    >>> from anagen.study import Study
    >>> explain_arm(Study.load("studies/exosome-vs-saline.yaml"), "exosome", draws=0)  # doctest: +SKIP
    """
    if not 0 <= seed <= MAX_SEED:
        raise InputError((Problem(None, None, None, "seed", f"a seed lies between 0 and {MAX_SEED}, got {seed}"),))
    patients = -(-patients // GROUPS) * GROUPS
    source = parameter_source(source)
    parameters = study_parameters(study, source.load())
    case = case_of(study, arm, seed=seed, source=source)
    work = Work(study, source, case.arm.name, seed, patients, "central", threads=threads_for(workers))
    games = games_of(case)
    twins = 1 + sum(len(game.masks) for game in games)
    entered = lever_game(case, case.arm)
    tasks = tasks_of(work, parameters, parts_of(case), draws, {"levers": len(entered.masks), "gain": twins})
    store = None if work_dir is None else ChunkStore(work_dir)
    tables = gather(run_tasks(tasks, explain_task, workers=workers, store=store, progress=progress))
    goals = tables.pop("goals", pd.DataFrame()).to_numpy(dtype=np.float64)
    goals = goals.reshape(len(entered.masks), len(entered.wanted), len(case.arm.drive.players), TWO)
    tables["levers"] = lever_table(case, case.arm, entered, goals)
    tables["gain"] = shared_gain(case, games, tables.pop("outcomes").to_numpy(dtype=np.float64), by_group=True)
    gain = banded(tables["gain"][list(GAIN_COLUMNS)], tables.get("drawn_gain"), "gain", {"gain": ("low", "high")})
    gain = banded(gain, tables.get("drawn_gain"), "gain", {"arm": ("arm_low", "arm_high")})
    about = about_of(study, case, tables, seed=seed, patients=patients, draws=draws)
    # shares of nothing are noise over noise
    gain = gain if about["gain_told"] else gain.assign(share=np.nan)
    levers = banded(
        carried(tables["levers"], tables["gain"]),
        tables.get("drawn_levers"),
        "levers",
        {"carried": ("low", "high"), "share": ("share_low", "share_high")},
    )
    ablation = tables.get("ablation", ablations_of_nothing())
    order = np.argsort(-ablation["change"].abs().fillna(0.0).to_numpy(), kind="stable")
    return Explanation(
        about=about | {**source_facts(source, parameters), "parameters_sha256": parameters.sha256()},
        gain=gain,
        levers=levers,
        paths=path_shares(tables["paths"], levers),
        ablation=ablation.iloc[order].reset_index(drop=True),
        network=case.network,
    )


def tasks_of(
    work: Work, parameters: ParameterSet, parts: tuple[Part, ...], draws: int, coalitions: Mapping[Kind, int]
) -> list[Task[Work]]:
    """Central values, coalitions, missing parts, draws, in blocks; in an order that no number of workers changes."""
    content = sha256_of_json(work.study.model_dump(mode="json"))
    hashed = parameters.sha256()

    def task(name: str, work: Work) -> Task[Work]:
        parts = " ".join(part.name for part in work.parts)
        settings = {
            "explain": work.arm, "patients": work.patients, "kind": work.kind, "parts": parts, "span": work.span,
        }  # fmt: skip
        key = task_key(
            study_sha256=content,
            parameters_sha256=hashed,
            seed=work.seed,
            replicates=(0, 0),
            draws=(work.draws[0], work.draws[-1]),
            settings=settings,
        )
        return Task(name, key, work)

    blocks = [parts[first : first + PARTS_PER_TASK] for first in range(0, len(parts), PARTS_PER_TASK)]
    numbers, each = (
        tuple(range(1, draws + 1)),
        max(1, min(DRAWS_PER_TASK, TWINS_OF_DRAWS // max(coalitions["gain"], 1))),
    )
    drawn = [numbers[first : first + each] for first in range(0, draws, each)]
    spans: list[tuple[Kind, tuple[int, int]]] = [
        (kind, (first, min(first + size, coalitions[kind])))
        for kind, size in COALITIONS_PER_TASK.items()
        for first in range(0, coalitions[kind], size)
    ]
    return [
        task("central values", work),
        *(task(f"{kind}, coalitions from {span[0]}", replace(work, kind=kind, span=span)) for kind, span in spans),
        *(task(f"without {len(block)} parts", replace(work, kind="ablation", parts=block)) for block in blocks),
        *(task(f"parameter draws {some[0]} to {some[-1]}", replace(work, kind="draw", draws=some)) for some in drawn),
    ]


def explain_task(task: Task[Work]) -> Tables:
    """Tables of one task."""
    work = task.payload
    if work.kind == "draw":
        return gather([_of_draw(work, draw) for draw in work.draws])
    case, people, games = _central(_Asked.of(work))
    if work.kind == "ablation":
        return {"ablation": ablations(case, people, work.parts)}
    if work.kind == "gain":
        return {"outcomes": _plain_table(outcomes(case, people, twins_of(case, games, slice(*work.span))))}
    if work.kind == "levers":
        game = lever_game(case, case.arm)
        goals = lever_goals(case, case.arm, game, game.masks[slice(*work.span)])
        return {"goals": _plain_table(goals.reshape(len(goals), -1))}
    paths, left_out = path_table(case, case.arm)
    facts = {"paths_left_out": left_out, "without_effect": list(without_effect(case.arm))}
    return {"paths": paths, "facts": pd.DataFrame({"json": [json.dumps(facts)]})}


def _plain_table(values: FloatArray) -> pd.DataFrame:
    """Numbers [row, column] as a table, whose columns are numbered."""
    return pd.DataFrame(values, columns=[str(place) for place in range(values.shape[1])])


@dataclass(frozen=True, slots=True)
class _Asked:
    """Central values as they are asked for: alike where the key is."""

    key: tuple[object, ...]
    work: Work = field(compare=False)

    @classmethod
    def of(cls, work: Work) -> _Asked:
        """What a task asks for."""
        return cls((work.study.sha256, work.arm, work.seed, work.patients, work.threads, work.source), work)


@lru_cache(maxsize=1)
def _central(asked: _Asked) -> tuple[Case, People, tuple[Game, ...]]:
    """Arm, patients and games at central values, which the tasks of one process have in common."""
    work = asked.work
    case = case_of(work.study, work.arm, seed=work.seed, threads=work.threads, source=work.source)
    return case, reference_patients(case, work.patients), games_of(case)


def _of_draw(work: Work, draw: int) -> Tables:
    case = case_of(work.study, work.arm, seed=work.seed, draw=draw, threads=work.threads, source=work.source)
    people = reference_patients(case, min(work.patients, DRAW_PATIENTS))
    gain = gain_shares(case, people, by_group=True)
    levers = carried(lever_shares(case, case.arm), gain, groups=True)
    kept = ["lever", "player", "entry", "share", "carried", *group_columns("carried")]
    return {"drawn_gain": gain.assign(draw=draw), "drawn_levers": levers[kept].assign(draw=draw)}


def ablations_of_nothing() -> pd.DataFrame:
    """The empty table of an arm that does not act through the network."""
    return pd.DataFrame({name: pd.Series(dtype=np.float64) for name in ABLATION_COLUMNS})


def without_data(case: Case) -> list[str]:
    """Therapies of the arm whose effects rest on no trial in the study's condition."""
    condition = case.scene.spec.condition
    acting = {p.therapy.name: p.therapy for p in case.arm.prescriptions if p.therapy.actions}
    return [name for name, therapy in acting.items() if not therapy.has_data_in(condition)]


def told(gain: float, error: float) -> bool:
    """Whether a gain stands out of the Monte-Carlo error of its simulation, so that there is something to share.

    Parameters
    ----------
    gain : float
        The whole gain.
    error : float
        Its standard error; 0 or not a number where it is exact or not known.

    Returns
    -------
    bool
        False within STANDS_OUT standard errors of zero.

    Examples
    --------
    >>> told(0.3, 0.2), told(8.1, 0.4), told(0.0, 0.0)
    (False, True, False)
    """
    return abs(gain) > (STANDS_OUT * error if error > 0.0 else 0.0)


def about_of(
    study: Study, case: Case, tables: dict[str, pd.DataFrame], *, seed: int, patients: int, draws: int
) -> dict[str, Any]:
    """What was explained, how much there is to explain, and with what."""
    primary = case.plan.study.endpoints.primary
    endpoint = next(entry for entry in case.plan.endpoints if entry.name == primary.endpoint)
    gain, drawn = tables["gain"], tables.get("drawn_gain")
    moved = ~gain["player"].isin(COURSE_ROWS)
    totals = None if drawn is None else drawn.groupby("draw")[["gain", *group_columns("gain")]].sum().to_numpy()
    ends = None if totals is None or len(totals) < 2 else list(parameter_band(totals[:, 0], totals[:, 1:]))
    facts = json.loads(str(tables["facts"]["json"].iloc[0]))
    total = float(gain["gain"].sum())
    error = float(error_of_groups(gain[group_columns("gain")].sum().to_numpy(dtype=np.float64)))
    return {
        "package": "anagen",
        "version": package_version(),
        "git_commit": git_commit(),
        "study": study.study,
        "title": study.title or study.study,
        "study_sha256": study.sha256,
        "options": list(study.options),
        "arm": case.arm.name,
        "control": None if case.control is None else case.control.name,
        "seed": seed,
        "patients": patients,
        "draws": draws,
        "primary": primary.model_dump(mode="json"),
        "unit": endpoint.unit,
        "more_is_better": endpoint.higher_is_better or primary.measure in RESPONDERS,
        "condition": case.condition,
        "network_sha256": case.network.sha256(),
        "without_data": without_data(case),
        "course_days": list(case.window),
        "acts": bool(moved.any()),
        "through_network": bool(len(tables["paths"])),
        "gain_total": total,
        "gain_error": error,
        "gain_told": told(total, error),
        "gain_band": ends,
        "longest_path": LONGEST,
        **facts,
    }
