"""The command `anagen calibrate`: published results inform the uncertain parameters."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

QUICK_STUDIES = ("jimenez-2014-lllt-men", "van-neste-2000-finasteride")
QUICK: dict[str, Any] = {"points": 48, "warmup": 400, "draws": 400, "checked": 8, "studies": QUICK_STUDIES}
ROWS_PRINTED = 15


def calibrate(
    therapies: Annotated[
        str | None,
        typer.Option("--therapies", help="Comma list: only their published values, and those of untreated patients."),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Two studies, few points and short chains: a trial run.")
    ] = False,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of every random number.")] = 1,
    points: Annotated[
        int | None, typer.Option("--points", min=30, help="Simulated prior draws; half as many follow. [180]")
    ] = None,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes; results do not depend on it.")] = 1,
    earlier: Annotated[
        Path | None, typer.Option("--from", help="Folder of an earlier calibration; its simulations are used again.")
    ] = None,
    leave_one_out: Annotated[
        bool, typer.Option("--leave-one-out", help="Also predict each study from the others.")
    ] = False,
    information: Annotated[
        bool, typer.Option("--information", help="Also say what a new trial of exosomes is expected to teach.")
    ] = False,
    data_sets: Annotated[
        int, typer.Option("--sbc", min=0, help="Simulated data sets on which the samplers are checked and compared.")
    ] = 0,
    out: Annotated[Path | None, typer.Option("--out", help="Folder to write. [results/calibration]")] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace an earlier folder.")] = False,
    no_report: Annotated[bool, typer.Option("--no-report", help="Write tables only, no page and figures.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")] = False,
) -> None:
    """Calibrate the parameters against the published results of the shipped studies; minutes to an hour."""
    import signal

    from anagen.cli.console import ProgressBar, print_json, print_table, records

    # a batch system that ends a calibration early is to find what is done kept, as after Ctrl-C
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with ProgressBar() as bar:
        from anagen.calibration.calibrate import Settings
        from anagen.calibration.further import Asked
        from anagen.calibration.job import calibration_to_folder
        from anagen.calibration.tables import parameter_rows
        from anagen.runs.options import RunOptions

        named = None if therapies is None else frozenset(name.strip() for name in therapies.split(","))
        asked: dict[str, Any] = dict(QUICK) if quick else {}
        asked = asked if points is None else asked | {"points": points}
        settings = Settings(seed=seed, therapies=named, **asked)
        options = RunOptions(seed=seed, workers=workers, out=out, overwrite=overwrite, report=not no_report)
        further = Asked(leave_one_out, data_sets, information)
        finished = calibration_to_folder(
            settings, options, asked=further, earlier=earlier, progress=bar.advance, stage=bar.stage
        )
    table = parameter_rows(finished.found.joint, finished.found.chains)
    if as_json:
        shown = {"folder": str(finished.folder), "report": str(finished.report or "") or None}
        print_json({**shown, "diagnostics": finished.facts, "parameters": records(table)})
        return
    facts = finished.facts
    sampler = facts["posterior"]
    print_table(
        f"What {facts['targets']} published values of {facts['studies']} studies say of "
        f"{facts['parameters']} parameters",
        ("parameter", "unit", "prior", "90 %", "posterior", "90 %", "contraction", "verdict"),
        (
            (
                row.name,
                row.unit,
                row.prior_median,
                f"{row.prior_low90:.3g} to {row.prior_high90:.3g}",
                row.posterior_median,
                f"{row.posterior_low90:.3g} to {row.posterior_high90:.3g}",
                row.contraction,
                row.verdict,
            )
            for row in table.head(ROWS_PRINTED).itertuples(index=False)
        ),
    )
    print(
        f"{facts['verdicts']['data inform']} parameters informed, {facts['verdicts']['some']} somewhat, "
        f"{facts['verdicts']['prior']} as before. "
        f"R-hat at most {sampler['worst_rhat']:.3f}, effective draws at least {sampler['least_ess']:.0f}, "
        f"{sampler['divergences']} divergences."
    )
    print(f"Results: {finished.folder}")
    if finished.report is not None:
        print(f"Report:  {finished.report}")
