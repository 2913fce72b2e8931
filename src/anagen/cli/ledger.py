"""The commands of `anagen ledger`: predictions frozen before results were known."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anagen.cli.options import ANY_SOURCE, ParametersOption, chosen_source

app = typer.Typer(help="Predictions frozen before results were known.", no_args_is_help=True)
LedgerOption = Annotated[
    Path | None, typer.Option("--ledger", help="Ledger file; the one that comes with the package where left out.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]


@app.command()
def show(ledger: LedgerOption = None, as_json: JsonOption = False) -> None:
    """List frozen predictions: study, date, effects with their 90 % range over parameters."""
    from anagen.cli.console import print_json, print_table
    from anagen.validation.ledger import entries, shipped_ledger

    found = entries(ledger or shipped_ledger())
    if as_json:
        print_json(found)
        return
    print_table(
        "",
        ("study", "frozen", "arm", "against", "endpoint", "week", "measure", "predicted", "5 %", "95 %"),
        (
            [entry["study"], entry["date"]]
            + [effect[key] for key in ("arm", "control", "endpoint", "week", "measure", "central", "low90", "high90")]
            for entry in found
            for effect in entry["effect"]
        ),
    )


@app.command()
def verify(ledger: LedgerOption = None, as_json: JsonOption = False) -> None:
    """Recompute every hash of a ledger and of its study files; exit code 2 where something was changed."""
    from anagen.cli.console import print_json
    from anagen.core.errors import InputError
    from anagen.validation.ledger import entries, shipped_ledger
    from anagen.validation.ledger import verify as check

    file = ledger or shipped_ledger()
    if problems := check(file):
        raise InputError(problems)
    number = len(entries(file))
    if as_json:
        print_json({"ok": True, "predictions": number})
    else:
        print(f"{number} frozen {'prediction is' if number == 1 else 'predictions are'} as frozen")


@app.command()
def freeze(
    study: Annotated[Path, typer.Argument(metavar="STUDY", help="A study file beside the ledger or below it.")],
    ledger: LedgerOption = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of every random number.")] = 1,
    draws: Annotated[int, typer.Option("--draws", min=20, help="Parameter draws.")] = 200,
    source: ParametersOption = ANY_SOURCE,
) -> None:
    """Predict a study now and add the prediction to a ledger; it can never be changed again."""
    from anagen.cli.console import ProgressBar
    from anagen.core.errors import InputError, Problem
    from anagen.study import Study
    from anagen.validation.ledger import freeze as add
    from anagen.validation.ledger import predict, shipped_ledger

    file = ledger or shipped_ledger()
    if not study.resolve().is_relative_to(file.resolve().parent):
        message = f"must lie in the folder of the ledger, {file.resolve().parent}, so that both stay together"
        raise InputError([Problem(str(study), None, None, "STUDY", message)])
    with ProgressBar() as bar:
        bar.stage("simulating")
        name = study.resolve().relative_to(file.resolve().parent).as_posix()
        chosen = chosen_source(source)
        entry = predict(Study.load(study), name, seed=seed, draws=draws, progress=bar.advance, source=chosen)
    frozen = add(file, entry)
    print(f"{frozen['study']} frozen on {frozen['date']} in {file}")
