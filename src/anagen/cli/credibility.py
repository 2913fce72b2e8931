"""The command `anagen credibility`: how far a prediction can be trusted for its context of use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anagen.cli.options import ANY_SOURCE, ParametersOption

if TYPE_CHECKING:
    from anagen.credibility.assess import Assessment

StudyArgument = Annotated[str, typer.Argument(metavar="STUDY", help="A study file, or the name of a shipped study.")]
OutOption = Annotated[Path | None, typer.Option("--out", help="HTML file to write. [results/STUDY-credibility.html]")]
ArmOption = Annotated[str | None, typer.Option("--arm", help="Arm whose primary effect is assessed. [first treated]")]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Seed of every random number.")]
DrawsOption = Annotated[int, typer.Option("--draws", min=20, help="Parameter draws besides the central values.")]
SamplesOption = Annotated[
    int,
    typer.Option("--samples", min=2, help="Base samples of the variance shares, a power of 2; an eighth screens."),
]
WorkersOption = Annotated[
    int | None, typer.Option("--workers", min=1, help="Processes; results do not depend on it. [processors, at most 8]")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]


def credibility(
    study: StudyArgument,
    out: OutOption = None,
    arm: ArmOption = None,
    seed: SeedOption = 1,
    draws: DrawsOption = 100,
    samples: SamplesOption = 64,
    workers: WorkersOption = None,
    parameters: ParametersOption = ANY_SOURCE,
    as_json: JsonOption = False,
) -> None:
    """Assess how far a prediction can be trusted, after ICH M15 and ASME V&V 40: one HTML file."""
    import signal

    from anagen.cli.console import ProgressBar, print_json
    from anagen.cli.options import chosen_source
    from anagen.study.shipped import find_study

    path, source = find_study(study), chosen_source(parameters)
    # A batch system that ends a run early is to find what is done kept, as after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with ProgressBar() as bar:
        from anagen.credibility.job import assessment_to_file
        from anagen.runs.options import RunOptions
        from anagen.runs.study import threads_here
        from anagen.study import Study

        options = RunOptions(seed=seed, draws=draws, workers=workers or threads_here(), out=out)
        found, file = assessment_to_file(
            Study.load(path),
            options,
            arm=arm,
            samples=samples,
            progress=bar.advance,
            stage=bar.stage,
            source=source,
        )
    if as_json:
        from anagen.credibility.page import document_of

        print_json({**document_of(found), "report": str(file)})
    else:
        _print(found, file)


def _print(found: Assessment, file: Path) -> None:
    from anagen.cli.console import print_table
    from anagen.credibility import phrasing

    print(f"{found.study.title}\n\n{phrasing.verdict(found)}\n{phrasing.prediction(found)}\n")
    judged, risk = found.judgements(), found.stakes.risk
    rows = [
        (factor.title, factor.quantity, factor.goal_text(risk), factor.printed(found.achieved[name]), judged[name])
        for name, factor in found.factors.items()
    ]
    header = ("factor", "measured", "goal", "achieved", "verdict")
    print_table(f"Credibility factors at {risk} model risk", header, rows)
    for sentence in found.limits:
        print(f"- {sentence}")
    print(f"Report: {file}")
