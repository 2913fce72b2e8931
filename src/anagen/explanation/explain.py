"""One arm explained from end to end: tasks for central values, missing parts and parameter draws, put together."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from anagen.analysis.bands import band
from anagen.analysis.expected import centre_of, error_of_groups
from anagen.core.arrays import FloatArray
from anagen.core.errors import InputError, Problem
from anagen.core.numbers import MAX_SEED
from anagen.core.provenance import git_commit, package_version, sha256_of_json
from anagen.execution import ChunkStore, Tables, Task, Workers, gather, run_tasks, task_key, threads_for
from anagen.explanation.ablation import ABLATION_COLUMNS, Part, ablations, parts_of
from anagen.explanation.case import Case, case_of, without_effect
from anagen.explanation.entries import lever_shares
from anagen.explanation.gain import COURSE_ROWS, GAIN_COLUMNS, gain_shares, group_columns, reference_patients
from anagen.explanation.paths import LONGEST, path_table
from anagen.parameters import ParameterSet, ParameterSource, Source, parameter_source, source_facts
from anagen.signalling.network import Network
from anagen.study import Study
from anagen.trials.cost import DRAW_PATIENTS
from anagen.trials.protocol import study_parameters
from anagen.trials.reference import GROUPS

PARTS_PER_TASK, DRAWS_PER_TASK = 12, 5
"""About a second of work, so that little is lost where an explanation is stopped."""
Kind = Literal["central", "ablation", "draw"]
KEYS = {"gain": ["player", "lever"], "levers": ["lever", "player", "entry"]}


@dataclass(frozen=True, slots=True)
class Work:
    """One task: central values, missing parts, or some parameter draws."""

    study: Study
    source: ParameterSource
    arm: str
    seed: int
    patients: int
    kind: Kind
    draws: tuple[int, ...] = (0,)
    parts: tuple[Part, ...] = ()
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
    tasks = tasks_of(work, parameters, parts_of(case), draws)
    store = None if work_dir is None else ChunkStore(work_dir)
    tables = gather(run_tasks(tasks, explain_task, workers=workers, store=store, progress=progress))
    gain = banded(tables["gain"][list(GAIN_COLUMNS)], tables.get("drawn_gain"), "gain", {"gain": ("low", "high")})
    gain = banded(gain, tables.get("drawn_gain"), "gain", {"arm": ("arm_low", "arm_high")})
    levers = banded(
        carried(tables["levers"], tables["gain"]),
        tables.get("drawn_levers"),
        "levers",
        {"carried": ("low", "high"), "share": ("share_low", "share_high")},
    )
    ablation = tables.get("ablation", ablations_of_nothing())
    order = np.argsort(-ablation["change"].abs().fillna(0.0).to_numpy(), kind="stable")
    return Explanation(
        about=about_of(study, case, tables, seed=seed, patients=patients, draws=draws)
        | {**source_facts(source, parameters), "parameters_sha256": parameters.sha256()},
        gain=gain,
        levers=levers,
        paths=path_shares(tables["paths"], levers),
        ablation=ablation.iloc[order].reset_index(drop=True),
        network=case.network,
    )


def tasks_of(work: Work, parameters: ParameterSet, parts: tuple[Part, ...], draws: int) -> list[Task[Work]]:
    """Central values, then blocks of missing parts, then draws; in an order that no number of workers changes."""
    content = sha256_of_json(work.study.model_dump(mode="json"))
    hashed = parameters.sha256()

    def task(name: str, work: Work) -> Task[Work]:
        parts = " ".join(part.name for part in work.parts)
        settings = {"explain": work.arm, "patients": work.patients, "kind": work.kind, "parts": parts}
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
    numbers = tuple(range(1, draws + 1))
    drawn = [numbers[first : first + DRAWS_PER_TASK] for first in range(0, draws, DRAWS_PER_TASK)]
    return [
        task("central values", work),
        *(task(f"without {len(block)} parts", replace(work, kind="ablation", parts=block)) for block in blocks),
        *(task(f"parameter draws {some[0]} to {some[-1]}", replace(work, kind="draw", draws=some)) for some in drawn),
    ]


def explain_task(task: Task[Work]) -> Tables:
    """Tables of one task."""
    work = task.payload
    if work.kind == "draw":
        return gather([_of_draw(work, draw) for draw in work.draws])
    case = case_of(work.study, work.arm, seed=work.seed, threads=work.threads, source=work.source)
    people = reference_patients(case, work.patients)
    if work.kind == "ablation":
        return {"ablation": ablations(case, people, work.parts)}
    gain, levers = gain_shares(case, people, by_group=True), lever_shares(case, case.arm)
    paths, left_out = path_table(case, case.arm)
    facts = {"paths_left_out": left_out, "without_effect": list(without_effect(case.arm))}
    return {"gain": gain, "levers": levers, "paths": paths, "facts": pd.DataFrame({"json": [json.dumps(facts)]})}


def _of_draw(work: Work, draw: int) -> Tables:
    case = case_of(work.study, work.arm, seed=work.seed, draw=draw, threads=work.threads, source=work.source)
    people = reference_patients(case, min(work.patients, DRAW_PATIENTS))
    gain = gain_shares(case, people, by_group=True)
    levers = carried(lever_shares(case, case.arm), gain, groups=True)
    kept = ["lever", "player", "entry", "share", "carried", *group_columns("carried")]
    return {"drawn_gain": gain.assign(draw=draw), "drawn_levers": levers[kept].assign(draw=draw)}


def carried(levers: pd.DataFrame, gain: pd.DataFrame, *, groups: bool = False) -> pd.DataFrame:
    """Lever shares with what each way carries in the arm, in the unit of the primary measure.

    A player's share of the arm through a lever is split among its ways in proportion to their share of that lever's
    mean; missing where the lever's mean is zero. With groups also in each group of the reference patients.
    """
    whole = levers.groupby(["lever", "player"], sort=False)["mean"].transform("sum").to_numpy(dtype=np.float64)
    mean = levers["mean"].to_numpy(dtype=np.float64)
    share = np.divide(mean, whole, out=np.full(len(levers), np.nan), where=whole != 0.0)
    columns = ["arm", *(group_columns("arm") if groups else ())]
    of_arm = gain.set_index(["player", "lever"])[columns]
    own = of_arm.reindex(pd.MultiIndex.from_frame(levers[["player", "lever"]]), fill_value=0.0).to_numpy()
    names = ["carried", *(group_columns("carried") if groups else ())]
    return levers.assign(**dict(zip(names, (own * share[:, None]).T, strict=True)))


def path_shares(paths: pd.DataFrame, levers: pd.DataFrame) -> pd.DataFrame:
    """Paths with the part of what their entry edge carries, split by what each does alone; the largest first."""
    keys = ["player", "lever", "entry"]
    whole = paths.groupby(keys, sort=False)["alone"].transform("sum").to_numpy(dtype=np.float64)
    alone = paths["alone"].to_numpy(dtype=np.float64)
    share = np.divide(alone, whole, out=np.full(len(paths), np.nan), where=whole != 0.0)
    known = {tuple(row[key] for key in keys): row["carried"] for row in levers.to_dict(orient="records")}
    entry = np.array([known[key] for key in zip(*(paths[key] for key in keys), strict=True)], dtype=np.float64)
    table = paths.assign(share=share, carried=share * entry)
    order = np.argsort(-table["carried"].abs().fillna(0.0).to_numpy(), kind="stable")
    return table.iloc[order].reset_index(drop=True)


def banded(
    table: pd.DataFrame, drawn: pd.DataFrame | None, kind: str, columns: dict[str, tuple[str, str]]
) -> pd.DataFrame:
    """The table with 5 and 95 % points over draws of some columns; missing with fewer than two draws.

    A row that does not occur in a draw counts as zero there.
    """
    keys = KEYS[kind]
    for column, names in columns.items():
        ends = np.full((2, len(table)), np.nan)
        if drawn is not None:
            wide = [_wide(drawn, table[keys], name) for name in (column, *group_columns(column)) if name in drawn]
            for place in range(len(table)):
                values = np.stack([of_column[:, place] for of_column in wide], axis=1)
                ends[:, place] = parameter_band(values[:, 0], values[:, 1:])
        table = table.assign(**{names[0]: ends[0], names[1]: ends[1]})
    return table


def _wide(drawn: pd.DataFrame, keys: pd.DataFrame, column: str) -> FloatArray:
    """A column of every draw [draw, row of keys], zero where the row does not occur or has no value."""
    wide = drawn.pivot_table(index="draw", columns=list(keys), values=column, sort=False, observed=True, dropna=False)
    return wide.reindex(columns=pd.MultiIndex.from_frame(keys)).fillna(0.0).to_numpy(dtype=np.float64)


def parameter_band(values: FloatArray, groups: FloatArray) -> tuple[float, ...]:
    """5 and 95 % points over draws, with the spread of few patients taken out.

    Parameters
    ----------
    values : FloatArray, shape (n_draws,)
        Mean over the reference patients of each draw.
    groups : FloatArray, shape (n_draws, GROUPS)
        Mean over each group of them; of shape (n_draws, 0) where patients do not enter.

    Returns
    -------
    tuple[float, ...]
        The ends; missing with fewer than two draws.

    Examples
    --------
    >>> parameter_band(np.arange(21.0), np.zeros((21, 0)))
    (1.0, 19.0)
    """
    variance = groups.var(axis=1, ddof=1) / GROUPS if groups.shape[1] else np.zeros(len(values))
    centre, _, spread = centre_of(values, variance)
    return band(centre + spread * (values - centre))


def ablations_of_nothing() -> pd.DataFrame:
    """The empty table of an arm that does not act through the network."""
    return pd.DataFrame({name: pd.Series(dtype=np.float64) for name in ABLATION_COLUMNS})


def without_data(case: Case) -> list[str]:
    """Therapies of the arm whose effects rest on no trial in the study's condition."""
    condition = case.scene.spec.condition
    acting = {p.therapy.name: p.therapy for p in case.arm.prescriptions if p.therapy.actions}
    return [name for name, therapy in acting.items() if not therapy.has_data_in(condition)]


def about_of(
    study: Study, case: Case, tables: dict[str, pd.DataFrame], *, seed: int, patients: int, draws: int
) -> dict[str, Any]:
    """What was explained, how much there is to explain, and with what."""
    primary = case.plan.study.endpoints.primary
    gain, drawn = tables["gain"], tables.get("drawn_gain")
    moved = ~gain["player"].isin(COURSE_ROWS)
    totals = None if drawn is None else drawn.groupby("draw")[["gain", *group_columns("gain")]].sum().to_numpy()
    ends = None if totals is None or len(totals) < 2 else list(parameter_band(totals[:, 0], totals[:, 1:]))
    facts = json.loads(str(tables["facts"]["json"].iloc[0]))
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
        "unit": next(e.unit for e in case.plan.endpoints if e.name == primary.endpoint),
        "condition": case.condition,
        "network_sha256": case.network.sha256(),
        "without_data": without_data(case),
        "course_days": list(case.window),
        "acts": bool(moved.any()),
        "through_network": bool(len(tables["paths"])),
        "gain_total": float(gain["gain"].sum()),
        "gain_error": float(error_of_groups(gain[group_columns("gain")].sum().to_numpy(dtype=np.float64))),
        "gain_band": ends,
        "longest_path": LONGEST,
        **facts,
    }
