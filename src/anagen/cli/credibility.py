"""The command `anagen credibility`: how far a prediction can be trusted for its context of use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anagen.cli.options import (
    ANY_SOURCE,
    ArmOption,
    ClusterOption,
    JsonOption,
    OutOption,
    OverwriteFileOption,
    ParametersOption,
    SeedOption,
    StudyArgument,
    chosen_source,
    chosen_workers,
    emit,
    working,
)
from anagen.core.numbers import MOST_DRAWS, MOST_SAMPLES, MOST_WORKERS

if TYPE_CHECKING:
    from anagen.credibility.assessment import Assessment

DrawsOption = Annotated[
    int, typer.Option("--draws", min=20, max=MOST_DRAWS, help="Parameter draws besides the central values.")
]
SamplesOption = Annotated[
    int,
    typer.Option(
        "--samples",
        min=2,
        max=MOST_SAMPLES,
        help="Base samples of the variance shares, a power of 2; an eighth screens.",
    ),
]
WorkersOption = Annotated[
    int | None,
    typer.Option(
        "--workers", min=1, max=MOST_WORKERS, help="Processes; results do not depend on it. [processors, at most 8]"
    ),
]


def credibility(
    study: StudyArgument,
    out: OutOption = None,
    arm: ArmOption = None,
    seed: SeedOption = 1,
    draws: DrawsOption = 100,
    samples: SamplesOption = 64,
    workers: WorkersOption = None,
    cluster: ClusterOption = None,
    parameters: ParametersOption = ANY_SOURCE,
    overwrite: OverwriteFileOption = False,
    as_json: JsonOption = False,
) -> None:
    """Assess how far a prediction can be trusted, after ICH M15 and ASME V&V 40: one HTML file."""
    where = chosen_workers(workers, cluster)
    with working() as progress:
        from anagen.core.files import Target
        from anagen.credibility.result import AssessmentResult, assess
        from anagen.runs.folders import free_file, into_file
        from anagen.study import Study

        subject, source = Study.load(study), chosen_source(parameters)
        file = out or free_file(f"{subject.study}-credibility", ".html")
        if out is not None:
            Target(out, "--out", overwrite).check()

        def work(kept: Path) -> AssessmentResult:
            return assess(
                subject,
                arm,
                seed=seed,
                draws=draws,
                samples=samples,
                workers=where,
                parameters=source,
                work_dir=kept,
                progress=progress,
            )

        def write(result: AssessmentResult, file: Path) -> None:
            progress.stage("writing")
            result.save(file, overwrite=overwrite)

        result = into_file(file, work, write)
    emit({**result.document(), "report": str(file)}, as_json, lambda: _print(result.assessment, file))


def _print(assessment: Assessment, file: Path) -> None:
    from anagen.cli.console import print_table
    from anagen.credibility import phrasing

    print(f"{assessment.study.title}\n\n{phrasing.verdict(assessment)}\n{phrasing.prediction(assessment)}\n")
    judged, risk = assessment.judgements(), assessment.stakes.risk
    rows = [
        (factor.title, factor.quantity, factor.goal_text(risk), factor.printed(assessment.achieved[name]), judged[name])
        for name, factor in assessment.factors.items()
    ]
    header = ("factor", "measured", "goal", "achieved", "verdict")
    print_table(f"Credibility factors at {risk} model risk", header, rows)
    for sentence in assessment.limits:
        print(f"- {sentence}")
    print(f"Report: {file}")
