"""The command `anagen calibrate`: published results inform the uncertain parameters."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from anagen.cli.options import (
    ClusterOption,
    JsonOption,
    NoReportOption,
    OutOption,
    OverwriteOption,
    SeedOption,
    WorkersOption,
    chosen_workers,
    emit,
    working,
)
from anagen.core.numbers import MOST_DATA_SETS, MOST_POINTS

if TYPE_CHECKING:
    from anagen.calibration.result import CalibrationResult

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
    seed: SeedOption = 1,
    points: Annotated[
        int | None,
        typer.Option("--points", min=30, max=MOST_POINTS, help="Simulated prior draws; half as many follow. [180]"),
    ] = None,
    workers: WorkersOption = 1,
    cluster: ClusterOption = None,
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
        int,
        typer.Option(
            "--sbc",
            min=0,
            max=MOST_DATA_SETS,
            help="Simulated data sets on which the samplers are checked and compared.",
        ),
    ] = 0,
    out: OutOption = None,
    overwrite: OverwriteOption = False,
    no_report: NoReportOption = False,
    as_json: JsonOption = False,
) -> None:
    """Calibrate the parameters against the published results of the shipped studies; 20 minutes on 2 cores."""
    where = chosen_workers(workers, cluster)
    with working() as progress:
        from anagen.calibration.further import FurtherOptions
        from anagen.calibration.records import Settings
        from anagen.calibration.result import calibrate as calibrate_parameters
        from anagen.runs.folders import FolderOptions, into_folder
        from anagen.runs.result import REPORT

        named = None if therapies is None else frozenset(name.strip() for name in therapies.split(","))
        sizes: dict[str, Any] = dict(QUICK) if quick else {}
        if points is not None:
            sizes["points"] = points
        settings = Settings(seed=seed, therapies=named, **sizes)

        def work(kept: Path) -> CalibrationResult:
            return calibrate_parameters(
                settings,
                further=FurtherOptions(leave_one_out, data_sets, information),
                earlier=earlier,
                workers=where,
                work_dir=kept,
                progress=progress,
            )

        def write(result: CalibrationResult, folder: Path) -> None:
            progress.stage("writing")
            result.save(folder, overwrite=overwrite, report=not no_report)

        result, folder = into_folder("calibration", FolderOptions(out, overwrite), work, write)
    report = None if no_report else folder / REPORT
    document = {"folder": str(folder), "report": None if report is None else str(report), **result.document()}
    emit(document, as_json, lambda: _print(result, folder, report))


def _print(result: CalibrationResult, folder: Path, report: Path | None) -> None:
    from anagen.cli.console import interval, number, print_table
    from anagen.core.plain import records

    facts = result.diagnostics
    sampler = facts["posterior"]
    print_table(
        f"What {facts['targets']} published values of {facts['studies']} studies say of "
        f"{facts['parameters']} parameters",
        ("parameter", "unit", "prior (90 %)", "posterior (90 %)", "contraction", "verdict"),
        (
            (
                row["name"],
                row["unit"],
                f"{number(row['prior_median'])} ({interval(row['prior_low90'], row['prior_high90'])})",
                f"{number(row['posterior_median'])} ({interval(row['posterior_low90'], row['posterior_high90'])})",
                f"{row['contraction']:.2f}",
                row["verdict"],
            )
            for row in records(result.table.head(ROWS_PRINTED))
        ),
    )
    print(
        f"{facts['verdicts']['data inform']} parameters informed, {facts['verdicts']['some']} somewhat, "
        f"{facts['verdicts']['prior']} as before. "
        f"R-hat at most {sampler['worst_rhat']:.3f}, effective draws at least {sampler['least_ess']:.0f}, "
        f"{sampler['divergences']} divergences."
    )
    print(f"Results: {folder}")
    if report is not None:
        print(f"Report:  {report}")
