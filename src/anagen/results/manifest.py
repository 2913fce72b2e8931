"""The manifest of a result folder: what was run, with what, and the hash of every file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from anagen.core.provenance import git_commit, package_version
from anagen.results.schema import SCHEMA_VERSION

PACKAGE = "anagen"
REQUIRED_KEYS = (
    "schema_version",
    "package",
    "version",
    "git_commit",
    "study",
    "study_sha256",
    "seed",
    "replicates",
    "draws",
    "parameters_sha256",
    "parameter_source",
    "arms",
    "primary",
)


def build_manifest(
    *,
    study: str,
    study_sha256: str,
    seed: int,
    replicates: int,
    draws: int,
    parameters_sha256: str,
    arms: Sequence[Mapping[str, Any]],
    primary: Mapping[str, Any],
    parameter_source: str = "hand-set priors",
    **further: Any,
) -> dict[str, Any]:
    """Manifest of a run, without the hashes of files, which `write_results` adds.

    It holds no time, path or name of a machine: the same run gives the same manifest anywhere.

    Parameters
    ----------
    study : str
        Name of the study.
    study_sha256 : str
        Hash of the study file.
    seed : int
        Seed of the run.
    replicates : int
        Number of replicates of the trial.
    draws : int
        Number of parameter draws besides the central values.
    parameters_sha256 : str
        Hash of the parameter set.
    arms : Sequence[Mapping[str, Any]]
        One mapping per arm, with its name, patients and whether it is a control.
    primary : Mapping[str, Any]
        Endpoint, week and measure of the primary endpoint.
    parameter_source : str, default "hand-set priors"
        Where the parameter values come from, in words.
    **further : Any
        Anything else to record, as plain values: patients per arm where the command line set them, flags on implausible
        results, the inputs of the network that every arm occupies, the posterior that was drawn from.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "package": PACKAGE,
        "version": package_version(),
        "git_commit": git_commit(),
        "study": study,
        "study_sha256": study_sha256,
        "seed": seed,
        "replicates": replicates,
        "draws": draws,
        "parameters_sha256": parameters_sha256,
        "parameter_source": parameter_source,
        "arms": [dict(arm) for arm in arms],
        "primary": dict(primary),
        **further,
    }
