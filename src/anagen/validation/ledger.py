"""Predictions that were made before results were known: frozen with date, version, seed and hashes in a file.

An entry is never changed. What it says is hashed, each entry also holds the hash of the one before it, and the study
file is hashed as it was; so a changed number, a changed study, or an entry taken out or put in between shows.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from anagen.analysis.bands import band
from anagen.core.errors import InputError, Problem
from anagen.core.files import rename_durably, write_durably
from anagen.core.provenance import package_version
from anagen.parameters import Source, parameter_source, source_facts
from anagen.results import Estimates
from anagen.study import Study
from anagen.study.content import HASH_VERSION
from anagen.study.shipped import prospective_folder

LEDGER = "frozen.toml"
START = "0" * 64
HEAD = (
    "# Predictions frozen before results were known. Entries are added at the end and never changed;\n"
    "# `anagen ledger verify` recomputes every hash.\n"
)


def shipped_ledger() -> Path:
    """File of the predictions that come with the package."""
    return prospective_folder() / LEDGER


def entries(ledger: Path) -> list[dict[str, Any]]:
    """Frozen predictions, oldest first; none where there is no file yet.

    Raises
    ------
    InputError
        Where the file is no ledger.
    """
    if not ledger.is_file():
        return []
    try:
        predictions = tomllib.loads(ledger.read_text(encoding="utf-8")).get("prediction", [])
    except tomllib.TOMLDecodeError as error:
        raise InputError([Problem(str(ledger), None, None, "", f"is no ledger: {error}")]) from error
    return list(predictions)


def digest(entry: Mapping[str, Any]) -> str:
    """SHA-256 of everything an entry says, beside its own hash.

    Examples
    --------
    >>> digest({"study": "a", "sha256": "x"}) == digest({"study": "a"})
    True
    """
    content = {key: value for key, value in entry.items() if key != "sha256"}
    return sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def verify(ledger: Path) -> list[Problem]:
    """Everything in a ledger that is not as it was frozen; study files are looked for beside it."""
    problems: list[Problem] = []
    before = START
    for number, entry in enumerate(entries(ledger)):
        field = f"prediction[{number}]"

        def add_problem(key: str, message: str, field: str = field) -> None:
            problems.append(Problem(str(ledger), None, None, f"{field}.{key}", message))

        if digest(entry) != entry.get("sha256"):
            add_problem("sha256", "the entry was changed after it was frozen")
        if entry.get("before") != before:
            add_problem("before", "an entry before this one was changed, added or taken out")
        before = str(entry.get("sha256"))
        file = ledger.parent / str(entry.get("file"))
        if not file.is_file():
            add_problem("file", f"{file} is missing")
        elif Study.load(file).sha256_of(entry.get("study_hash", 1)) != entry.get("study_sha256"):
            add_problem("study_sha256", f"{file} is not the study that was frozen")
    return problems


def predict(
    study: Study,
    file: str,
    *,
    seed: int,
    draws: int,
    workers: int = 1,
    work_dir: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    source: Source = "default",
) -> dict[str, Any]:
    """What the package predicts for a study now: expected effects with their range over draws from a source."""
    from anagen.runs.study import run_study

    source = parameter_source(source)
    parameters = source.load()
    contents = run_study(
        study, seed=seed, draws=draws, workers=workers, work_dir=work_dir, progress=progress, source=source
    )
    keys = ["endpoint", "week", "measure", "arm", "control"]
    effects: list[dict[str, Any]] = []
    for _, group in contents.expected().rows.groupby(keys, sort=False, observed=True):
        central = Estimates(group).expected(draw=0).values[0]
        low, high = band(Estimates(group).drawn().values)
        names = group[keys].to_numpy(dtype=object)[0]
        effect = {key: float(name) if key == "week" else str(name) for key, name in zip(keys, names, strict=True)}
        effects.append(effect | {"central": _short(central), "low90": _short(low), "high90": _short(high)})
    return {
        "study": study.study,
        "file": file,
        "source": study.source or "",
        "date": datetime.now(UTC).date().isoformat(),
        "version": package_version(),
        "study_sha256": study.sha256,
        "study_hash": HASH_VERSION,
        "parameters_sha256": parameters.sha256(),
        **_posterior_of(source_facts(source, parameters)),
        "seed": seed,
        "draws": draws,
        "effect": effects,
    }


def freeze(ledger: Path, entry: dict[str, Any]) -> dict[str, Any]:
    """Add a prediction to the end of a ledger.

    Raises
    ------
    InputError
        Where the study is frozen there already, or the ledger is not intact.
    """
    known = entries(ledger)
    if any(other["study"] == entry["study"] for other in known):
        message = "is frozen already; a prediction is made once, give a changed design another name"
        raise InputError([Problem(str(ledger), None, None, str(entry["study"]), message)])
    if problems := verify(ledger):
        raise InputError(problems)
    whole = entry | {"before": known[-1]["sha256"] if known else START}
    whole["sha256"] = digest(whole)
    text = ledger.read_text(encoding="utf-8") if ledger.is_file() else HEAD
    partial = ledger.with_name(f"{ledger.name}.partial")
    write_durably(partial, (text + _toml(whole)).encode())
    rename_durably(partial, ledger)
    return whole


def _posterior_of(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What an entry says of the posterior that was drawn from; nothing where there was none."""
    posterior = facts.get("posterior")
    if posterior is None:
        return {}
    return {"parameter_source": facts["parameter_source"], "posterior_sha256": posterior["sha256"]}


def _short(value: float) -> float:
    return float(f"{value:.4g}")


def _toml(entry: Mapping[str, Any]) -> str:
    def row(key: str, value: object) -> str:
        return f"{key} = {json.dumps(value, ensure_ascii=False)}\n"

    lines = ["\n[[prediction]]\n", *(row(key, value) for key, value in entry.items() if key != "effect")]
    for effect in entry["effect"]:
        lines += ["\n[[prediction.effect]]\n", *(row(key, value) for key, value in effect.items())]
    return "".join(lines)
