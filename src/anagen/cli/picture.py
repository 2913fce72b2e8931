"""The command `anagen picture`: the scalp of a patient of a run, drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from anagen.cli.options import JsonOption, NoVerifyOption, OverwriteFileOption, emit, working
from anagen.core.numbers import MOST_PATIENTS, MOST_REPLICATES


def picture(
    run: Annotated[Path, typer.Argument(metavar="DIR", help="A result folder of a run.")],
    patient: Annotated[
        int,
        typer.Option("--patient", min=0, max=MOST_PATIENTS, help="Number of the patient in the table patients."),
    ],
    week: Annotated[
        str | None, typer.Option("--week", metavar="WEEKS", help="Visits, as 0,24,48. [the first and the primary one]")
    ] = None,
    twins: Annotated[bool, typer.Option("--twins", help="The same patient under every arm.")] = False,
    view: Annotated[
        str,
        typer.Option(
            "--view",
            metavar="phototrichogram|trichoscopy|vertex",
            help="Hair shaved at the visit, or grown, or the whole scalp from above.",
        ),
    ] = "phototrichogram",
    day: Annotated[
        str, typer.Option("--day", metavar="DAYS", help="Days after shaving, of 0 and 3; 0,3 draws both.")
    ] = "3",
    replicate: Annotated[int, typer.Option("--replicate", min=0, max=MOST_REPLICATES, help="Number of the trial.")] = 0,
    hair: Annotated[
        str | None, typer.Option("--hair", help="black, brown, blond or grey. [by ethnicity]", show_default=False)
    ] = None,
    skin: Annotated[
        str | None, typer.Option("--skin", help="light, medium or dark. [by ethnicity]", show_default=False)
    ] = None,
    scale: Annotated[
        float | None,
        typer.Option("--scale", help="Skin to a pixel of a .png, in um. [20, from above 400]", show_default=False),
    ] = None,
    parameters: Annotated[
        str | None,
        typer.Option(
            "--parameters", metavar="FILE", help="Posterior of the run, where it is not the one of this version."
        ),
    ] = None,
    truth: Annotated[bool, typer.Option("--truth", help="Write every follicle drawn beside it, as .csv.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="A .png or .svg. [STUDY-patient-NUMBER.png]")
    ] = None,
    overwrite: OverwriteFileOption = False,
    no_verify: NoVerifyOption = False,
    as_json: JsonOption = False,
) -> None:
    """Draw the scalp of a simulated patient at visits, true to scale: every hair that was counted, and no other."""
    with working() as progress:
        from anagen.cli.console import print_frame
        from anagen.core.extras import require_pictures
        from anagen.core.plain import records
        from anagen.runs.result import load
        from anagen.scalp.picture.picture import targets_of

        weeks = None if week is None else _numbers(week, "--week")
        days = _numbers(day, "--day")
        result = load(run, verify=not no_verify)
        name = f"{result.manifest['study']}-patient-{patient}.png"
        file = Path(name) if out is None else out
        if file.suffix == ".png":
            require_pictures(f"a picture as PNG ({file.name}; --out with the ending .svg does without)")
        for target in targets_of(file, overwrite=overwrite, truth=truth, option="--out", named=out is not None):
            target.check()
        progress.stage("simulating")
        drawn = result.picture(
            patient,
            weeks,
            twins=twins,
            view=view,
            days=days,
            replicate=replicate,
            hair=hair,
            skin=skin,
            scale=scale,
            parameters=parameters,
        )
        progress.stage("drawing")
        files = drawn.save(file, overwrite=overwrite, truth=truth)

    def show() -> None:
        print_frame(drawn.counts)
        print("SIMULATED, not a patient: " + ", ".join(map(str, files)))

    document = {"picture": str(files[0]), "files": list(map(str, files)), "counts": records(drawn.counts)}
    emit(document if as_json else None, as_json, show)


def _numbers(text: str, option: str) -> list[float]:
    """Numbers between commas."""
    from anagen.core.errors import InputError, Problem

    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        message = f"expected numbers with commas between them, such as 0,24, got {text!r}"
        raise InputError([Problem(None, None, None, option, message)]) from None
