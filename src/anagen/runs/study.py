"""A study from end to end: tasks for trials and parameter draws, their tables put together, effects and comparison."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from anagen.analysis.arms import arm_table
from anagen.analysis.balance import balance_of
from anagen.analysis.expected import expected_effects, expected_notes
from anagen.analysis.plausibility import flags_of
from anagen.analysis.safety import safety_table
from anagen.core.calendar import DAYS_PER_WEEK
from anagen.core.errors import InputError, Problem
from anagen.core.numbers import MAX_SEED
from anagen.evidence.beside import beside_model
from anagen.evidence.comparison import comparison_table
from anagen.execution import ChunkStore, KeptTables, Tables, Workers, gather, run_tasks, threads_for
from anagen.parameters import Source, parameter_source, source_facts
from anagen.results import ResultContents, Rows, build_manifest
from anagen.runs.parameters import parameter_table
from anagen.runs.rehearsal import room_for
from anagen.runs.tasks import AT_DRAWS, EFFECTS_KEPT, FIRST_VISITS, LONG, At, Kept, simulate_block, tasks_of
from anagen.signalling.occupied import occupied_inputs
from anagen.study import Study
from anagen.trials.design_notes import notes_on_design
from anagen.trials.protocol import Protocol, protocol, study_parameters
from anagen.trials.young_loss import severity_notes


def run_study(
    study: Study,
    *,
    seed: int = 1,
    patients: int | None = None,
    replicates: int = 1,
    draws: int = 200,
    workers: Workers = 1,
    work_dir: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    source: Source = "default",
    keep: Kept = "all",
    trials_at: At = "central",
) -> ResultContents:
    """Simulate a study and analyse it.

    Parameters
    ----------
    study : Study
        The study file.
    seed : int, default 1
        0 to 2**32 - 1.
    patients : int, optional
        Patients per arm, or None for the study's own numbers.
    replicates : int, default 1
        Trials, each with its own patients.
    draws : int, default 200
        Parameter draws beside the central values.
    workers : int or str, default 1
        Processes, or the place of a Dask scheduler; the result does not depend on it.
    work_dir : Path, optional
        Keeps finished tasks, so that a killed run goes on.
    progress : Callable[[int, int], None], optional
        Called with (done, total).
    source : Source, default "default"
        Of the parameters; see `parameter_source`.
    keep : {"all", "effects"}, default "all"
        What is kept of trials after the first.
    trials_at : {"central", "draws"}, default "central"
        Parameter values of trials: the central ones, or for trial r those of draw r + 1.

    Returns
    -------
    ResultContents
        Visits, patients, effects, arms, comparison, events, safety, flow, parameters, manifest.

    Raises
    ------
    InputError
        Where the seed is out of range, the population cannot be recruited or the posterior not be read.

    Examples
    --------
    >>> from anagen.study import Study
    >>> contents = run_study(Study.load("studies/exosome-vs-saline.yaml"), patients=5, draws=0)  # doctest: +SKIP
    """
    if not 0 <= seed <= MAX_SEED:
        raise InputError((Problem(None, None, None, "seed", f"a seed lies between 0 and {MAX_SEED}, got {seed}"),))
    sized = study if patients is None else study.with_patients(patients)
    plan = protocol(sized)
    source = parameter_source(source)
    room_for(sized, source, trials=replicates, draws=draws)
    parameters = study_parameters(sized, source.load())
    central = parameters.draw(seed, 0)
    told = (*severity_notes(plan, central, seed=seed), *notes_on_design(plan, central, seed=seed))
    tasks = tasks_of(
        sized,
        parameters,
        source=source,
        seed=seed,
        replicates=replicates,
        draws=draws,
        threads=threads_for(workers),
        keep=keep,
        at=trials_at,
    )
    outputs = run_tasks(
        tasks,
        simulate_block,
        workers=workers,
        store=None if work_dir is None else ChunkStore(work_dir),
        progress=progress,
    )
    tables, rows = _received(outputs)
    visits, expected = tables[FIRST_VISITS], tables["expected"]
    flow = json.loads(str(tables["flow"]["json"].iloc[0]))
    balance = balance_of(parameters, seed=seed, draws=draws)
    effects = pd.concat([tables["effects"], expected_effects(expected, plan, balance=balance)], ignore_index=True)
    return ResultContents(
        study=sized.model_dump(mode="json"),
        rows=rows,
        effects=effects,
        arms=arm_table(visits, expected, plan, balance=balance),
        comparison=comparison_table(
            visits,
            expected,
            plan,
            values_by_draw={draw: parameters.draw(seed, draw) for draw in range(draws + 1) if sized.observed},
            expected_events=tables["expected_events"],
        ),
        safety=safety_table(rows["events"].first, rows["patients"].first, tables["expected_events"], plan),
        flow={**flow, "notes": [*flow["notes"], *told, *expected_notes(expected, plan)]},
        parameters=parameter_table(parameters, plan),
        manifest=build_manifest(
            study=sized.study,
            study_sha256=study.sha256,
            seed=seed,
            replicates=replicates,
            draws=draws,
            parameters_sha256=parameters.sha256(),
            arms=[{"name": arm.name, "patients": arm.patients, "control": arm.control} for arm in sized.arms],
            primary=sized.endpoints.primary.model_dump(mode="json"),
            patients_per_arm=patients,
            flags=flags_of(tables.get("early")),
            beside=beside_model(plan, expected, [parameters.draw(seed, draw) for draw in range(1, draws + 1)]),
            mechanism=mechanism_of(plan, parameters.draw(seed, 0)),
            **source_facts(source, parameters),
            **edits_of(study, plan),
            **({"kept": EFFECTS_KEPT} if keep == "effects" else {}),
            **({"trials_at": AT_DRAWS} if trials_at == "draws" else {}),
        ),
        claims=tables.get("claims"),
        dose_response=tables.get("dose_response"),
    )


def _received(outputs: Iterable[Tables]) -> tuple[dict[str, pd.DataFrame], dict[str, Rows]]:
    """Small tables put together; of long ones the blocks, which stay on the disk where the run keeps them there."""
    blocks: dict[str, list[pd.DataFrame | Path]] = {name: [] for name in LONG}

    def small() -> Iterator[Tables]:
        for tables in outputs:
            for name in LONG:
                if name in tables:
                    blocks[name].append(tables.files[name] if isinstance(tables, KeptTables) else tables[name])
            yield {name: tables[name] for name in tables if name not in LONG}

    return gather(small()), {name: Rows(name, tuple(parts)) for name, parts in blocks.items()}


def mechanism_of(plan: Protocol, values: Mapping[str, float]) -> list[dict[str, Any]]:
    """Per arm, the network's inputs that it occupies and how far, and levers moved beside the network."""
    end = float(plan.weeks[-1]) * DAYS_PER_WEEK
    return [
        {"arm": arm, **occupied_inputs(prescriptions, values, end=end)}
        for arm, prescriptions in zip(plan.arms, plan.prescriptions, strict=True)
    ]


def edits_of(study: Study, plan: Protocol) -> dict[str, str]:
    """What the manifest says of options that changed the file and of an edited network, where there are any."""
    edits = {"options": " ".join(study.options)} if study.options else {}
    mechanism, network = plan.study.mechanism, plan.network
    if mechanism is not None and network is not None:
        edits |= {"without": ", ".join(mechanism.without), "network_sha256": network.sha256()}
        if mechanism.network is not None:
            edits |= {"network_file": mechanism.network.file, "network_file_sha256": mechanism.network.sha256}
    return edits
