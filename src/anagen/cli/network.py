"""The commands of `anagen network`: show, draw, write and fit the signalling network, whole or with parts silenced."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anagen.cli.fit import fit
from anagen.cli.options import OverwriteFileOption, SeedOption

if TYPE_CHECKING:
    from anagen.signalling.network import Network

app = typer.Typer(help="The signalling network: its edges with evidence, its picture, its SBML.", no_args_is_help=True)
FileOption = Annotated[
    Path | None, typer.Option("--file", help="A file with nodes and edges added to the shipped ones.")
]
WithoutOption = Annotated[
    list[str] | None, typer.Option("--without", help='An edge ("AR->DKK1"), node or input to silence; can be repeated.')
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
OutOption = Annotated[Path, typer.Option("--out", help="File to write.")]
ConditionOption = Annotated[
    str,
    typer.Option("--condition", help="Condition whose levels are meant: healthy, aga, aa (alopecia_areata), te."),
]
OccupiedOption = Annotated[
    list[str] | None,
    typer.Option("--occupied", help="An input that is given, as VESICLE_UPTAKE=0.5; can be repeated."),
]
DrawsOption = Annotated[int, typer.Option("--draws", min=20, max=100_000, help="Parameter draws.")]
AllOption = Annotated[bool, typer.Option("--all", help="Draw edges of weight 0 as well.")]

app.command()(fit)


@app.command()
def show(file: FileOption = None, without: WithoutOption = None, as_json: JsonOption = False) -> None:
    """Print every edge: sign, weight, evidence grade, system and source; and where every node rests."""
    from anagen.cli.console import print_json, print_table
    from anagen.reports.numbers import MINUS
    from anagen.signalling.network import basal_levels, resting_state
    from anagen.signalling.network.coupling import occupancy_at_rest

    network = _network(file, without)
    still = occupancy_at_rest(network)
    rest = {name: resting_state(network, basal_levels(network, name), still).tolist() for name in network.conditions}
    if as_json:
        levels = {name: dict(zip(network.node_names, values, strict=True)) for name, values in rest.items()}
        print_json({"sha256": network.sha256(), "edges": network.rows(), "rest": levels})
        return
    rows = sorted(network.rows(), key=lambda row: row["weight"] == 0.0)
    header = ("edge", "sign", "weight", "EC50", "grade", "source or note")
    print_table(
        "Edges; those of weight 0 do nothing; --json has exponents and systems too",
        header,
        (
            (
                row["edge"], row["sign"].replace("-", MINUS), row["weight"], row["ec50"], row["grade"],
                row["source"] or row["note"],
            )
            for row in rows
        ),
    )  # fmt: skip
    print_table(
        "Levels at rest, untreated",
        ("node", *network.conditions),
        (
            [name, *(rest[condition][i] for condition in network.conditions)]
            for i, name in enumerate(network.node_names)
        ),
    )
    for part in _replaced(file):
        print(f"{file} takes the place of {part}.")
    print("Weights, half-levels and most basal levels are assumptions; only the signs have sources.")


@app.command()
def draw(
    out: OutOption,
    file: FileOption = None,
    without: WithoutOption = None,
    show_all: AllOption = False,
    condition: ConditionOption = "aga",
    overwrite: OverwriteFileOption = False,
) -> None:
    """Draw the network as SVG: edges coloured by evidence grade, levels at rest, readouts and levers."""
    from anagen.signalling.drawing import network_svg

    _check_ending(out, ".svg")
    network = _network(file, without)
    picture = network_svg(network, show_silent=show_all, condition=chosen_condition(condition, network))
    _write(out, picture, overwrite)


@app.command()
def sbml(
    out: OutOption,
    file: FileOption = None,
    without: WithoutOption = None,
    condition: ConditionOption = "aga",
    overwrite: OverwriteFileOption = False,
) -> None:
    """Write the untreated network of a condition as SBML."""
    from anagen.formats.sbml import sbml_of
    from anagen.signalling.network import basal_levels
    from anagen.signalling.network.coupling import without_model

    _check_ending(out, ".xml", ".sbml")
    network = _network(file, without)
    without_model(network, "SBML")
    _write(out, sbml_of(network, basal_levels(network, chosen_condition(condition, network))), overwrite)


@app.command()
def sensitivity(
    file: FileOption = None,
    without: WithoutOption = None,
    condition: ConditionOption = "aga",
    occupied: OccupiedOption = None,
    draws: DrawsOption = 512,
    seed: SeedOption = 1,
    as_json: JsonOption = False,
) -> None:
    """Say which weights and half-levels the readouts hang on: rank correlation over parameter draws."""
    from anagen.cli.console import print_json, print_table
    from anagen.signalling.sensitivity import chance_limit, readout_sensitivity, telling

    network = _network(file, without)
    levels = dict(_occupancy(text, network.input_names) for text in occupied or ())
    found = readout_sensitivity(network, chosen_condition(condition, network), levels, draws=draws, seed=seed)
    if as_json:
        print_json({"condition": condition, "occupied": levels, "draws": draws, "seed": seed, "rows": found})
        return
    limit = chance_limit(draws, len({row["parameter"] for row in found}) or 1)
    what = "change of readouts" if levels else "readouts at rest"
    print_table(
        f"Rank correlation of the {what} with weights and half-levels of edges, {draws} draws",
        ("readout", "parameter", "rank correlation"),
        ((row["readout"], row["parameter"], f"{row['correlation']:+.2f}") for row in telling(found, limit)),
    )
    print(f"Nearer to 0 than {limit:.2f} is chance among so many parameters, and left out; --json has all of them.")


def chosen_condition(name: str, network: Network) -> str:
    """A condition as the network names it, from the name that it has there or in study files.

    Parameters
    ----------
    name : str
        As --condition takes it.
    network : Network
        The network.

    Returns
    -------
    str
        One of the network's conditions.

    Raises
    ------
    InputError
        With the nearest right spelling, where there is none of that name.
    """
    from dataclasses import replace

    from anagen.core.errors import InputError
    from anagen.signalling.conditions import condition_named

    found = condition_named(name, network.conditions)
    if isinstance(found, str):
        return found
    raise InputError([replace(found, field="--condition")])


def _occupancy(text: str, known: tuple[str, ...]) -> tuple[str, float]:
    """An input and its level from "VESICLE_UPTAKE=0.5"; half occupied where no level is given."""
    from anagen.core.errors import InputError, Problem
    from anagen.core.registry import Registry

    name, _, level = text.partition("=")
    if name not in known:
        nearest = Registry("input", {name: name for name in known}).nearest(name.upper())
        raise InputError((Problem(None, None, None, "--occupied", f"unknown input {name!r}", known, nearest),))
    try:
        share = float(level or 0.5)
    except ValueError:
        share = -1.0
    if not 0.0 <= share <= 1.0:
        message = f"{level!r} is no occupancy; write a number from 0 to 1, such as {name}=0.5"
        raise InputError((Problem(None, None, None, "--occupied", message),))
    return name, share


def _network(file: Path | None, without: list[str] | None) -> Network:
    from anagen.signalling.network import load_network, network_from_file

    network = load_network() if file is None else network_from_file(file, base=load_network())
    return network.without(*without) if without else network


def _replaced(file: Path | None) -> tuple[str, ...]:
    """What a file puts in place of shipped parts, in words."""
    from anagen.signalling.network import load_network, network_from_file
    from anagen.signalling.network.replacing import replaced_parts

    if file is None:
        return ()
    return replaced_parts(load_network(), network_from_file(file, base=load_network()))


def _check_ending(out: Path, *endings: str) -> None:
    """Refuse a file name that says another format than the one that is written."""
    from anagen.core.errors import InputError, Problem

    if out.suffix not in endings:
        message = f"{out.name!r} does not end as the file that is written does"
        raise InputError([Problem(None, None, None, "--out", message, endings)])


def _write(out: Path, text: str, overwrite: bool) -> None:
    from anagen.core.files import Target

    print(Target(out, "--out", overwrite).write(text.encode()))
