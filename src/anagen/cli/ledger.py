"""The commands of `anagen ledger`: predictions frozen before results were known."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from anagen.cli.options import (
    ANY_SOURCE,
    ClusterOption,
    JsonOption,
    ParametersOption,
    SeedOption,
    WorkersOption,
    chosen_source,
    chosen_workers,
    emit,
    working,
)
from anagen.core.numbers import MOST_COUNTED, MOST_DRAWS

app = typer.Typer(help="Predictions frozen before results were known.", no_args_is_help=True)
LedgerOption = Annotated[
    Path | None, typer.Option("--ledger", help="Ledger file; the one that comes with the package where left out.")
]


@app.command()
def show(ledger: LedgerOption = None, as_json: JsonOption = False) -> None:
    """List frozen predictions: study, date, effects with their 90 % range over parameters."""
    from anagen.validation.ledger import entries, shipped_ledger

    frozen = entries(ledger or shipped_ledger())
    emit(frozen, as_json, lambda: _print(frozen))


def _print(frozen: list[dict[str, Any]]) -> None:
    from anagen.cli.console import print_table
    from anagen.reports.amounts import ARM_BASELINE, amounts_of
    from anagen.reports.wording import contrast_text, endpoint_names, measure_words, titled, weeks

    names = endpoint_names([effect["endpoint"] for entry in frozen for effect in entry["effect"]])

    def shown(effect: Mapping[str, Any]) -> tuple[str, ...]:
        name, low, high = names[effect["endpoint"]], effect["low90"], effect["high90"]
        arm, control = effect["arm"], effect["control"]
        amounts = amounts_of(effect["measure"], name.unit, (high - low) / 3.3, effect["central"], control=control)
        return (
            arm if control == ARM_BASELINE else contrast_text(arm, control),
            titled(f"{name.title}, {measure_words(effect['measure'])}", amounts.unit),
            weeks(effect["week"]),
            amounts.bare(effect["central"]),
            amounts.interval(low, high),
        )

    header = ("of", "quantity", "week", "predicted", "5 to 95 %")
    earlier: set[str] = set()
    for entry in frozen:
        again = ", predicted again; the first is judged" if entry["study"] in earlier else ""
        earlier.add(entry["study"])
        print_table(f"{entry['study']}, frozen on {entry['date']}{again}", header, map(shown, entry["effect"]))


@app.command()
def verify(
    ledger: LedgerOption = None,
    head: Annotated[
        str | None,
        typer.Option("--head", metavar="HASH", help="Last hash, as published. [that of the file beside]"),
    ] = None,
    count: Annotated[
        int | None, typer.Option("--count", min=1, max=MOST_COUNTED, help="Number of predictions, as it was published.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Recompute every hash of a ledger and of its study files; exit code 2 where something was changed."""
    from anagen.core.errors import InputError
    from anagen.validation.ledger import entries, head_of, shipped_ledger
    from anagen.validation.ledger import verify as check

    file = ledger or shipped_ledger()
    if problems := check(file, head=head, count=count):
        raise InputError(problems)
    found = head_of(entries(file))
    number = found.predictions
    text = f"{number} frozen {'prediction is' if number == 1 else 'predictions are'} as frozen\nhead {found.head}"
    emit({"ok": True, "predictions": number, "head": found.head}, as_json, lambda: print(text))


@app.command()
def freeze(
    study: Annotated[Path, typer.Argument(metavar="STUDY", help="A study file beside the ledger or below it.")],
    ledger: LedgerOption = None,
    seed: SeedOption = 1,
    draws: Annotated[int, typer.Option("--draws", min=20, max=MOST_DRAWS, help="Parameter draws.")] = 200,
    workers: WorkersOption = 1,
    cluster: ClusterOption = None,
    source: ParametersOption = ANY_SOURCE,
    as_json: JsonOption = False,
) -> None:
    """Predict a study now and add the prediction to a ledger; it can never be changed again."""
    from anagen.core.errors import InputError, Problem
    from anagen.study import Study
    from anagen.validation.ledger import check_can_freeze, entries, head_of, predict, shipped_ledger
    from anagen.validation.ledger import freeze as add

    file = ledger or shipped_ledger()
    if not study.resolve().is_relative_to(file.resolve().parent):
        message = f"must lie in the folder of the ledger, {file.resolve().parent}, so that both stay together"
        raise InputError([Problem(str(study), None, None, "STUDY", message)])
    where = chosen_workers(workers, cluster)
    with working() as progress:
        from anagen.runs.folders import into_file

        subject, parameters = Study.load(study), chosen_source(source)
        check_can_freeze(file, subject.study, parameters.load().sha256())
        name = study.resolve().relative_to(file.resolve().parent).as_posix()

        def work(kept: Path) -> dict[str, Any]:
            progress.stage("simulating")
            return predict(
                subject,
                name,
                seed=seed,
                draws=draws,
                workers=where,
                work_dir=kept,
                progress=progress.advance,
                source=parameters,
            )

        into_file(file, work, lambda entry, file: add(file, entry))
    frozen = entries(file)
    entry, found = frozen[-1], head_of(frozen)
    text = f"{entry['study']} frozen on {entry['date']} in {file}\nhead {found.head}; publish it"
    document = {"ledger": str(file), "predictions": found.predictions, "head": found.head, "prediction": entry}
    emit(document, as_json, lambda: print(text))
