"""Sample size, power and assurance of a protocol: of a result, or of a folder of one; open where none is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anagen.core.errors import InputError, Problem
from anagen.core.plain import json_object
from anagen.core.words import counted
from anagen.planning.printed import Printed
from anagen.planning.synopsis.answer import Answer
from anagen.planning.synopsis.facts import Facts
from anagen.reports.numbers import DASH, is_number, number, percent
from anagen.reports.wording import contrast_text
from anagen.results.manifest import any_manifest, refuse, verify
from anagen.study import Study
from anagen.study.conduct_words import dropout_words

POWER, RUN = "power", "run"
COMPARED = ("population", "measurement", "design", "analysis", "safety")
"""Sections of a study that numbers must have been made of; arms and the primary endpoint are compared as well."""


@dataclass(frozen=True)
class Numbers:
    """Where the numbers of a sample size come from.

    Attributes
    ----------
    kind : str
        "power" or "run".
    document : Mapping[str, Any]
        What `anagen power --json` prints; of a run its headline, and how many of its trials succeeded.
    manifest : Mapping[str, Any]
        Of the result.
    place : str
        Name of the folder, or of the command that made it.
    """

    kind: str
    document: Mapping[str, Any]
    manifest: Mapping[str, Any]
    place: str


def numbers_in(folder: Path, study: Study) -> Numbers:
    """Numbers of a result folder of `anagen power` or `anagen run`.

    Parameters
    ----------
    folder : Path
        The folder; its files are held against the hashes of its manifest.
    study : Study
        Of the protocol.

    Returns
    -------
    Numbers
        Of the same study.

    Raises
    ------
    InputError
        Where the folder is no such result, was changed, or was made of another study.
    """
    manifest = any_manifest(folder)
    kind = manifest.get("kind", RUN)
    if kind not in (POWER, RUN):
        refuse(folder, f"holds a result of another kind ({kind}); expected one of `anagen power` or `anagen run`")
    verify(folder, manifest)
    if kind == POWER:
        _refuse_other(folder, manifest["study"], study)
        document = json_object(folder / "power.json")
        return Numbers(POWER, document, manifest, folder.name)
    from anagen.runs.result import load

    result = load(folder, verify=False)
    _refuse_other(folder, result.study.model_dump(mode="json"), study)
    trials = result.effects[(result.effects["kind"] == "trial") & (result.effects["role"] == "primary")]
    won = trials[trials["p_value"] < study.analysis.two_sided_alpha]
    found = {"headline": result.headline(), "trials": len(trials), "significant": len(won)}
    return Numbers(RUN, found, manifest, folder.name)


def _refuse_other(folder: Path, made_of: Mapping[str, Any], study: Study) -> None:
    """Refuse numbers of another study; how many patients take part, and what else is measured, may differ."""
    own = study.model_dump(mode="json")
    apart = [name for name in COMPARED if _compared(name, made_of) != _compared(name, own)]
    if _arms(made_of) != _arms(own):
        apart.append("arms")
    if made_of["endpoints"]["primary"] != own["endpoints"]["primary"]:
        apart.append("endpoints.primary")
    if apart:
        message = f"was made of another study: {', '.join(apart)} differ from {study.study}; run it again of this one"
        raise InputError([Problem(str(folder), None, None, "", message)])


def _compared(name: str, study: Mapping[str, Any]) -> Any:
    section = study.get(name)
    if name == "design" and isinstance(section, Mapping):
        return {key: value for key, value in section.items() if key != "randomisation"}
    return section


def _arms(study: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{key: value for key, value in arm.items() if key != "patients"} for arm in study["arms"]]


def sample_size(facts: Facts) -> Answer:
    """Item 19."""
    study, numbers = facts.study, facts.numbers
    sizes = ", ".join(f"{arm.name} {arm.patients:,}" for arm in study.arms)
    planned = f"Planned: {facts.patients:,} patients ({sizes})."
    if facts.split:
        planned = f"Planned: {facts.patients:,} patients with both arms each."
    assumed = dropout_words(study.design.leaving, float(study.measurement.visits[-1]))
    if numbers is None:
        missing = (
            "power, assurance and the assumptions behind this number: `anagen protocol --power`, or --from a result of "
            "`anagen power`"
        )
        return Answer((planned,), open=(missing,))
    if numbers.kind == RUN:
        return _of_run(planned, numbers)
    text = [planned, f"{numbers.document['headline']}", f"Planned for: {assumed}."]
    return Answer(
        tuple(text),
        tuple(str(sentence) for sentence in (*numbers.document["findings"], *numbers.document["how_to_read"])),
        (_reached(facts, numbers), _needed(numbers)),
        _too_few(facts, numbers),
    )


def _of_run(planned: str, numbers: Numbers) -> Answer:
    found = numbers.document
    text = (
        planned,
        f"A run of {counted(numbers.manifest['replicates'], 'simulated trial')}: {found['headline']}.",
        f"{found['significant']} of {found['trials']} comparisons at central parameter values were significant.",
    )
    return Answer(
        text, open=("power and assurance: a run has too few trials for them; --power, or --from `anagen power`",)
    )


def _reached(facts: Facts, numbers: Numbers) -> Printed:
    rows = [
        (
            contrast_text(row["arm"], row["control"]),
            f"{row['endpoint'].replace('_', ' ')}, week {row['week']:g}",
            f"{row['patients']:.0f}",
            _share(row, "power"),
            _share(row, "assurance"),
            _share(row, "ceiling"),
            _share(row, "type_one_error"),
        )
        for row in numbers.document["power"]
    ]
    header = (
        "comparison", "outcome", "patients of the smallest arm", "power (%)", "assurance (%)", "assurance at most (%)",
        "type I error (%)",
    )  # fmt: skip
    manifest = numbers.manifest
    note = (
        f"Simulated by Anagen {manifest['version']}, seed {manifest['seed']}, {manifest['replicates']:,} trials and "
        f"{manifest['draws']} parameter draws; ±: Monte-Carlo standard error. "
        f"{'Two' if facts.study.analysis.sided == 2 else 'One'}-sided level {facts.study.analysis.alpha:g}."
    )
    return Printed("Power and assurance", header, tuple(rows), note)


def _needed(numbers: Numbers) -> Printed:
    rows = [
        (
            contrast_text(row["arm"], row["control"]),
            f"{row['endpoint'].replace('_', ' ')}, week {row['week']:g}",
            percent(row["goal"]),
            _size(row, "power"),
            "out of reach" if row["above_ceiling"] else _size(row, "assurance"),
        )
        for row in numbers.document["smallest"]
    ]
    header = ("comparison", "outcome", "goal", "patients by power", "patients by assurance")
    return Printed(
        "Patients of the smallest arm that the goal asks for", header, tuple(rows), "In brackets: closed form."
    )


def _size(row: Mapping[str, Any], which: str) -> str:
    size, closed = row[which], row.get(f"{which}_closed_form")
    simulated = f"{size:,.0f}" if is_number(size) else DASH
    return f"{simulated} ({closed:,.0f})" if is_number(closed) else simulated


def _share(row: Mapping[str, Any], name: str) -> str:
    if not is_number(row[name]):
        return DASH
    return f"{number(100.0 * row[name], 1)} ± {number(100.0 * row[f'{name}_error'], 1)}"


def _too_few(facts: Facts, numbers: Numbers) -> tuple[str, ...]:
    """Where the planned number is not among those simulated, or reaches less than the goal."""
    least = min(arm.patients for arm in facts.study.arms)
    here = [row for row in numbers.document["power"] if row["patients"] == least]
    if not here:
        return (f"power at the planned {least} patients in the smallest arm: the result given holds other sizes",)
    goal, first = float(numbers.manifest["goal"]), here[0]
    low = [name for name in ("power", "assurance") if is_number(first[name]) and first[name] < goal]
    if not low:
        return ()
    reached = " and ".join(f"{name} {percent(first[name])}" for name in low)
    return (f"why so many patients: {reached} of the main comparison lie below the goal of {percent(goal)}",)
