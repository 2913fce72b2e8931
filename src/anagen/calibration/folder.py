"""The folder of a calibration: posterior, tables, what was simulated, pictures and page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from anagen.calibration.further import Further
from anagen.calibration.joint import Joint
from anagen.calibration.page import write_page
from anagen.calibration.records import Calibration, Settings, Simulated
from anagen.calibration.sampling import Chains
from anagen.calibration.tables import correlation_rows, diagnostics, parameter_rows, target_table
from anagen.calibration.targets import sources_of
from anagen.core.arrays import FloatArray
from anagen.core.disk import write_durably
from anagen.core.errors import InputError, Problem
from anagen.core.parquet import frame_to_parquet, read_frame
from anagen.core.plain import json_object
from anagen.core.provenance import package_version
from anagen.parameters import ParameterSet, load_parameters, write_posterior
from anagen.results.manifest import any_manifest, verify

POSTERIOR, UNTREATED = "posterior.parquet", "untreated.parquet"
SIMULATIONS, POINTS, EXPECTED, SURVEY, RECORD = (
    "simulations",
    "points.parquet",
    "expected.parquet",
    "survey.csv",
    "simulations.json",
)
DEVIATES, DIAGNOSTICS, FACTS = "deviates.parquet", "diagnostics.json", "facts.json"
LEFT_OUT = "leave_one_out.parquet"
SAMPLER = "no-U-turn sampler (nutpie)"
FIELD = "from"


def settings_record(settings: Settings) -> dict[str, Any]:
    """Settings as plain values."""
    record = asdict(settings)
    return record | {
        "therapies": None if settings.therapies is None else sorted(settings.therapies),
        "studies": None if settings.studies is None else list(settings.studies),
    }


def write_calibration(
    calibration: Calibration, further: Further, folder: Path, *, report: bool = True
) -> dict[str, Any]:
    """Write everything into an existing folder and give what is found in short, as plain values.

    posterior.parquet and .json: joint draws in the units of the parameters; untreated.*: those of untreated patients
    alone; deviates.parquet: the same draws of all deviates, spread between trials included; targets.csv,
    parameters.csv, correlations.csv, untreated_parameters.csv, diagnostics.json; simulations/: what was simulated.
    """
    targets, parameters = target_table(calibration), parameter_rows(calibration.joint, calibration.chains)
    tables = {
        "targets": targets,
        "parameters": parameters,
        "untreated_parameters": parameter_rows(calibration.untreated, calibration.untreated_chains),
        "correlations": correlation_rows(calibration.joint.names, calibration.chains),
        "checked": calibration.checked,
    }
    for name, table in tables.items():
        write_durably(folder / f"{name}.csv", table.to_csv(index=False, lineterminator="\n").encode())
    facts = diagnostics(calibration, targets, parameters)
    write_durably(folder / DIAGNOSTICS, _json(facts))
    shipped = load_parameters("prior")
    for file, joint, chains in (
        (POSTERIOR, calibration.joint, calibration.chains),
        (UNTREATED, calibration.untreated, calibration.untreated_chains),
    ):
        _posterior(folder / file, calibration, joint, chains, shipped)
    columns = [*calibration.joint.names, *calibration.joint.deviates]
    write_durably(folder / DEVIATES, frame_to_parquet(pd.DataFrame(calibration.draws, columns=columns)))
    (folder / SIMULATIONS).mkdir()
    write_simulated(calibration, folder / SIMULATIONS)
    facts |= write_further(further, folder)
    write_durably(folder / FACTS, _json(facts))
    if report:
        write_page(calibration, further, facts, tables, folder)
    return facts


def write_further(further: Further, folder: Path) -> dict[str, Any]:
    """Write what was asked further, and give it in short.

    leave_one_out.csv and .parquet (one row per value, one column per predictive draw); sbc.json and sbc_ranks.csv;
    information.json.
    """
    facts: dict[str, Any] = {}
    held_out = further.held_out
    if held_out is not None:
        write_durably(folder / "leave_one_out.csv", held_out.table.to_csv(index=False, lineterminator="\n").encode())
        names = [str(i) for i in range(held_out.draws.shape[1])]
        draws = pd.DataFrame(held_out.draws, columns=names)
        keys = held_out.table[["study", "row"]]
        write_durably(folder / LEFT_OUT, frame_to_parquet(pd.concat([keys, draws], axis=1)))
        facts["leave_one_out"] = {
            "values": len(held_out.table),
            "inside_50": int(held_out.table["inside_50"].sum()),
            "inside_90": int(held_out.table["inside_90"].sum()),
            "worst_rhat": float(held_out.table["worst_rhat"].max()),
        }
    if further.ranks:
        facts["sbc"] = {name: ranks.facts() for name, ranks in further.ranks.items()}
        write_durably(folder / "sbc.json", _json(facts["sbc"]))
        table = pd.concat(
            [pd.DataFrame(ranks.ranks, columns=list(ranks.names)).assign(problem=name).melt(id_vars="problem")
             for name, ranks in further.ranks.items()], ignore_index=True,
        ).rename(columns={"variable": "name", "value": "rank"})  # fmt: skip
        write_durably(folder / "sbc_ranks.csv", table.to_csv(index=False, lineterminator="\n").encode())
    if further.information is not None:
        facts["information"] = further.information.record()
        write_durably(folder / "information.json", _json(facts["information"]))
    return facts


def manifest_of(calibration: Calibration) -> dict[str, Any]:
    """What is needed to repeat a calibration."""
    return {
        "kind": "calibration",
        "package": "anagen",
        "version": package_version(),
        "seed": calibration.settings.seed,
        "settings": settings_record(calibration.settings),
        "prior_sha256": load_parameters("prior").sha256(),
        "studies": {source.name: source.sha256 for source in calibration.sources},
    }


def _posterior(path: Path, calibration: Calibration, joint: Joint, chains: Chains, shipped: ParameterSet) -> None:
    z = chains.thinned(calibration.settings.kept)
    # numbers of a study's own product belong to that study, not to the model
    names = [name for name in joint.names if name in shipped]
    write_posterior(
        path,
        names,
        values_of(joint, names, z),
        priors=shipped,
        sampler=SAMPLER,
        chains=calibration.settings.chains,
        seed=calibration.settings.seed,
        studies=sorted({target.study for target in joint.targets}),
        note=f"{len(joint.targets)} published values",
        diagnostics=chains.diagnostics(),
    )


def values_of(joint: Joint, names: Sequence[str], x: FloatArray) -> FloatArray:
    """Values [draw, parameter] in their units of draws x [draw, deviate]."""
    return np.column_stack([joint.values(name, x) for name in names])


def write_simulated(calibration: Calibration, folder: Path) -> None:
    """Keep what was simulated, so that another posterior can be computed from it."""
    simulated = calibration.simulated
    points = pd.DataFrame(simulated.z, columns=list(simulated.names))
    write_durably(folder / POINTS, frame_to_parquet(points))
    columns = {f"{study}|{row}": values for (study, row), values in simulated.expected.items()}
    write_durably(folder / EXPECTED, frame_to_parquet(pd.DataFrame(columns)))
    survey = pd.concat([table.assign(study=study) for study, table in simulated.surveys.items()], ignore_index=True)
    write_durably(folder / SURVEY, survey.to_csv(index=False, lineterminator="\n").encode())
    record = manifest_of(calibration) | {"first": simulated.first}
    write_durably(folder / RECORD, _json(record))


def read_simulated(folder: Path) -> tuple[Simulated, Settings]:
    """What an earlier calibration simulated, where priors and studies are still the same, and its settings.

    Parameters
    ----------
    folder : Path
        Of that calibration.

    Raises
    ------
    InputError
        Where it holds none, a file of it was changed, or a prior or study has changed since.
    """
    kept = folder / SIMULATIONS
    if not (kept / RECORD).is_file():
        raise InputError([Problem(str(folder), None, None, FIELD, "is not the folder of a calibration")])
    verify(folder, any_manifest(folder))
    try:
        return _simulated(kept)
    except (LookupError, TypeError, AttributeError, ValueError, OSError) as error:
        message = "is damaged or of another version of the package; simulate again, without --from (in Python earlier=)"
        raise InputError([Problem(str(kept), None, None, FIELD, message)]) from error


def _simulated(kept: Path) -> tuple[Simulated, Settings]:
    """What the files of a calibration hold."""
    record = json_object(kept / RECORD)
    priors = load_parameters("prior")
    problems: list[Problem] = []
    if record["prior_sha256"] != priors.sha256():
        message = "was simulated with other priors than those of this version; simulate again, without --from"
        problems.append(Problem(str(kept / RECORD), None, None, "prior_sha256", message))
    settings = record["settings"]
    studies = None if settings["studies"] is None else tuple(settings["studies"])
    now = {source.name: source.sha256 for source in sources_of(priors, studies)}
    for study in sorted(now.keys() | record["studies"].keys()):
        if now.get(study) != record["studies"].get(study):
            message = "was added, taken away or changed since; simulate again, without --from"
            problems.append(Problem(str(kept / RECORD), None, None, f"studies.{study}", message))
    if problems:
        raise InputError(problems)
    points, expected = read_frame(kept / POINTS), read_frame(kept / EXPECTED)
    survey = pd.read_csv(kept / SURVEY)
    simulated = Simulated(
        tuple(str(name) for name in points.columns),
        np.ascontiguousarray(points.to_numpy(dtype=np.float64)),
        int(record["first"]),
        {_key(str(name)): expected[name].to_numpy(dtype=np.float64) for name in expected.columns},
        {str(study): part.drop(columns="study").reset_index(drop=True) for study, part in survey.groupby("study")},
    )
    therapies = None if settings["therapies"] is None else frozenset(settings["therapies"])
    return simulated, Settings(**{**settings, "therapies": therapies, "studies": studies})


def read_left_out(folder: Path) -> dict[tuple[str, int], FloatArray] | None:
    """Predictive draws by (study, row) of studies that were left out, where the calibration was asked for them."""
    file = folder / LEFT_OUT
    if not file.is_file():
        return None
    table = read_frame(file)
    draws = table.drop(columns=["study", "row"]).to_numpy(dtype=np.float64)
    keys = zip(table["study"], table["row"], strict=True)
    return {(str(study), int(row)): sample for (study, row), sample in zip(keys, draws, strict=True)}


def _key(column: str) -> tuple[str, int]:
    study, _, row = column.rpartition("|")
    return study, int(row)


def _json(record: Any) -> bytes:
    return (json.dumps(record, indent=2, ensure_ascii=False) + "\n").encode()
