"""The commands of `anagen network`: show, draw and write the signalling network, whole or with parts silenced."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anagen.cli.options import OverwriteFileOption

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
ConditionOption = Annotated[str, typer.Option("--condition", help="Condition whose basal levels are written.")]
AllOption = Annotated[bool, typer.Option("--all", help="Draw edges of weight 0 as well.")]


@app.command()
def show(file: FileOption = None, without: WithoutOption = None, as_json: JsonOption = False) -> None:
    """Print every edge: sign, weight, evidence grade, system and source; and where every node rests."""
    from anagen.cli.console import print_json, print_table
    from anagen.reports.wording import MINUS
    from anagen.signalling.network import basal_levels, resting_state

    network = _network(file, without)
    rest = {name: resting_state(network, basal_levels(network, name)).tolist() for name in network.conditions}
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
    print("Weights, half-levels and most basal levels are assumptions; only the signs have sources.")


@app.command()
def draw(
    out: OutOption,
    file: FileOption = None,
    without: WithoutOption = None,
    show_all: AllOption = False,
    overwrite: OverwriteFileOption = False,
) -> None:
    """Draw the network as SVG, edges coloured by evidence grade."""
    from anagen.signalling.network.drawing import network_svg

    _write(out, network_svg(_network(file, without), show_silent=show_all), overwrite)


@app.command()
def sbml(
    out: OutOption,
    file: FileOption = None,
    without: WithoutOption = None,
    condition: ConditionOption = "aga",
    overwrite: OverwriteFileOption = False,
) -> None:
    """Write the untreated network of a condition as SBML."""
    from anagen.core.errors import InputError, Problem
    from anagen.core.registry import Registry
    from anagen.formats.sbml import sbml_of
    from anagen.signalling.network import basal_levels

    network = _network(file, without)
    if condition not in network.conditions:
        nearest = Registry("condition", {name: name for name in network.conditions}).nearest(condition)
        message = f"unknown condition {condition!r}"
        raise InputError((Problem(None, None, None, "--condition", message, tuple(network.conditions), nearest),))
    _write(out, sbml_of(network, basal_levels(network, condition)), overwrite)


def _network(file: Path | None, without: list[str] | None) -> Network:
    from anagen.signalling.network import load_network, network_from_file

    network = load_network() if file is None else network_from_file(file, base=load_network())
    return network.without(*without) if without else network


def _write(out: Path, text: str, overwrite: bool) -> None:
    from anagen.core.files import Target

    print(Target(out, "--out", overwrite).write(text.encode()))
