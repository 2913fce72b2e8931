"""The mechanism of a study's arms as the report shows it: the network with the inputs in use, and who occupies them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from anagen.reports.cells import Table, figure, words
from anagen.reports.numbers import percent, significant
from anagen.reports.wording import joined

if TYPE_CHECKING:
    from anagen.signalling.imported import ImportedModel

BESIDE = "beside the network"
NO_WAY = "no way through the network has a source"
LEVER_WORDS = {
    "androgen_drive": "androgen drive",
    "anagen_extension": "anagen extension",
    "telogen_exit": "telogen exit",
    "calibre_gain": "calibre gain",
    "immune_attack": "immune attack",
}

REMOVED = ("androgen_drive", "immune_attack")
"""Levers whose effect is a share that is removed; that of the others is the logarithm of a factor."""
EFFECT_TITLES = {
    "androgen_drive": "androgen drive removed",
    "anagen_extension": "anagen longer",
    "telogen_exit": "faster re-entry into anagen",
    "calibre_gain": "thicker hair",
    "immune_attack": "attack removed",
}
"""What per cent of a lever are of."""


def effect_share(lever: str, effect: float) -> float:
    """How far a lever is moved, as a share: of what is removed, or the factor less 1.

    Parameters
    ----------
    lever : str
        Name of the lever.
    effect : float
        As `anagen.therapies.LEVERS` tells it.

    Returns
    -------
    float
        0 where it is not moved.

    Examples
    --------
    >>> effect_share("androgen_drive", 0.4), round(effect_share("telogen_exit", math.log(1.5)), 12)
    (0.4, 0.5)
    """
    return effect if lever in REMOVED else math.expm1(effect)


def effect_words(lever: str, effect: float) -> str:
    """How far a lever is moved, in words.

    Parameters
    ----------
    lever : str
        Name of the lever.
    effect : float
        As `anagen.therapies.LEVERS` tells it.

    Returns
    -------
    str
        A clause.

    Examples
    --------
    >>> effect_words("calibre_gain", 0.0953102)
    'growing hair is 1.1 times as thick'
    """
    if lever in REMOVED:
        what = "androgen drive" if lever == "androgen_drive" else "attack on growing hair"
        return f"{percent(effect)} of the {what} is removed"
    times = significant(math.exp(effect), 3)
    return {
        "anagen_extension": f"anagen lasts {times} times as long",
        "telogen_exit": f"resting follicles come back {times} times as fast",
        "calibre_gain": f"growing hair is {times} times as thick",
    }[lever]


@dataclass(frozen=True)
class Mechanism:
    """picture: SVG of the network, empty where nothing acts through it; alt: it in words; pointer: where to read on."""

    picture: bytes
    alt: str
    table: Table
    pointer: str


def mechanism_of(manifest: Mapping[str, Any], study: Mapping[str, Any]) -> Mechanism | None:
    """What the arms act through, from the manifest's `mechanism`; None where no arm acts.

    The network, edited as the study (plain data) edits it, is read only where an arm occupies one of its inputs.
    """
    acting = [row for row in manifest.get("mechanism") or () if row["inputs"] or row["beside"]]
    if not acting:
        return None
    used = list(dict.fromkeys(name for row in acting for name in row["inputs"]))
    titles: dict[str, str] = {}
    picture, alt, of_model = b"", "", ""
    if used:
        from anagen.patients import CONDITIONS
        from anagen.signalling.drawing import network_svg
        from anagen.study.attachments import edited_network

        edits = study.get("mechanism") or {}
        file = edits.get("network") or {}
        network = edited_network(tuple(edits.get("without") or ()), file.get("text"), file.get("file"))
        titles = {entry.name: entry.title for entry in network.inputs}
        condition = CONDITIONS.get(str((study.get("population") or {}).get("condition")))
        picture = network_svg(network, occupied=used, condition=condition and condition.network).encode()
        if network.model is not None:
            of_model = _of_model(network.model)
        alt = f"Signalling network of the follicle; inputs in use: {joined([_plain(name) for name in used])}."
    rows = [
        (words(row["arm"]), words(_plain(name)), words(titles.get(name, "")), figure(percent(level)))
        for row in acting
        for name, level in row["inputs"].items()
    ] + [
        (words(row["arm"]), words(BESIDE), words(f"{LEVER_WORDS[lever]}: {NO_WAY}"), figure(""))
        for row in acting
        for lever in row["beside"]
    ]  # fmt: skip
    order = {str(row["arm"]): place for place, row in enumerate(acting)}
    rows.sort(key=lambda row: order[row[0].text])
    table = Table(
        "Inputs of the network that every arm occupies, and actions beside it",
        ("Arm", "Input", "What it stands for", "Greatest occupancy"),
        tuple(rows),
        "At central parameter values and the doses planned.",
    )
    arms = joined([f'--arm "{row["arm"]}"' if " " in row["arm"] else f"--arm {row['arm']}" for row in acting])
    command = f"anagen explain {manifest.get('study')} with {arms}"
    pointer = f"Which way carries how much, and how weak its evidence is, tells: {command}."
    return Mechanism(picture, alt, table, f"{of_model}; `anagen explain` cannot look into it." if of_model else pointer)


def _of_model(model: ImportedModel) -> str:
    """Which nodes and levers follow a model of somebody else."""
    nodes, levers = [_plain(link.node) for link in model.nodes], [LEVER_WORDS[link.lever] for link in model.levers]
    followers = joined([*nodes, *levers])
    return f"Behind {followers} stands the model {model.title!r} ({model.source}), not the network's own edges"


def _plain(name: str) -> str:
    return name.replace("_", " ")
