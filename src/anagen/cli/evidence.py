"""The commands of `anagen evidence`: published results listed, shown, checked and pooled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anagen.cli.options import JsonOption, emit
from anagen.core.words import counted

if TYPE_CHECKING:
    from anagen.evidence.effect import PooledEffect

ARGUMENTS = {"study": "STUDY"}
app = typer.Typer(help="Published results: list, show, check and pool them.", no_args_is_help=True)
TherapyOption = Annotated[str | None, typer.Option("--therapy", help="Only rows in which it was given.")]
EndpointOption = Annotated[str | None, typer.Option("--endpoint", help="Only this endpoint.")]
ConditionOption = Annotated[str | None, typer.Option("--condition", help="Only this condition.")]
UseOption = Annotated[str | None, typer.Option("--use", help="calibrate, check or exclude.")]
ReadOption = Annotated[str | None, typer.Option("--read", help="Where a number was read, such as abstract.")]
SponsorOption = Annotated[str | None, typer.Option("--sponsor", help="industry, academic or none_stated.")]
BlindingOption = Annotated[str | None, typer.Option("--blinding", help="double, single, assessor or open.")]
ShamOption = Annotated[str | None, typer.Option("--sham", help="convincing, weak or none.")]
AddOnOption = Annotated[
    bool | None, typer.Option("--add-on/--alone", help="Added to a treatment that both arms had, or not. [both]")
]
FileArgument = Annotated[
    Path | None, typer.Argument(metavar="[FILE.csv]", help="A file in the same schema. [the shipped table]")
]


@app.command("list")
def list_rows(
    therapy: TherapyOption = None,
    endpoint: EndpointOption = None,
    condition: ConditionOption = None,
    use: UseOption = None,
    read: ReadOption = None,
    sponsor: SponsorOption = None,
    blinding: BlindingOption = None,
    sham: ShamOption = None,
    add_on: AddOnOption = None,
    as_json: JsonOption = False,
) -> None:
    """List published results: the shipped table and the values of the shipped study files."""
    from anagen.cli.console import print_table
    from anagen.evidence.published import published
    from anagen.evidence.wording import LIST_COLUMNS, list_line

    with options_named():
        results = published(
            therapy, endpoint, condition, use, read, sponsor=sponsor, blinding=blinding, sham=sham, add_on=add_on
        )

    def show_rows() -> None:
        print_table("", LIST_COLUMNS, map(list_line, results.rows))
        print(f"{results.headline()}; `anagen evidence show STUDY` tells how each number was read.")

    emit(results.records(), as_json, show_rows)


@app.command()
def show(
    study: Annotated[str, typer.Argument(metavar="STUDY", help="A study of the list, or a shipped study file.")],
    as_json: JsonOption = False,
) -> None:
    """Show every row of a study, with how each number was read, converted and is used."""
    from anagen.evidence.published import published
    from anagen.evidence.wording import study_lines

    with options_named():
        results = published(study=study)
    emit(results.records(), as_json, lambda: print("\n".join(study_lines(results.rows))))


@app.command()
def check(file: FileArgument = None, as_json: JsonOption = False) -> None:
    """Check rows for what is impossible or inconsistent: the shipped ones with the study files, or those of a file."""
    from dataclasses import asdict

    from anagen.cli.console import print_json, print_table
    from anagen.evidence.findings import check_published

    checked = check_published(file)
    rows, findings = len(checked.rows), checked.findings
    if as_json:
        print_json({"rows": rows, "findings": [asdict(finding) for finding in findings]})
        return
    if findings:
        table = ((f.study, f.arm, f.line or "study file", f.field, f.message) for f in findings)
        print_table("", ("study", "arm", "line", "field", "finding"), table)
    print(f"{counted(rows, 'row')}, {counted(len(findings), 'finding')}.")


@app.command()
def forest(
    therapy: Annotated[str, typer.Option("--therapy", help="Whose effect is pooled.")],
    endpoint: Annotated[str, typer.Option("--endpoint", help="What was measured.")] = "total_density",
    measure: Annotated[
        str, typer.Option("--measure", help="change, percent_change or another of the list.")
    ] = "change",
    kind: Annotated[
        str | None, typer.Option("--kind", help="contrast (with a control) or arm. [contrasts where there are any]")
    ] = None,
    week: Annotated[
        float, typer.Option("--week", min=0.0, help="Of a study with several, the nearest is taken.")
    ] = 24.0,
    window: Annotated[float, typer.Option("--window", min=0.0, help="Weeks by which a result may miss it.")] = 28.0,
    dose: Annotated[str | None, typer.Option("--dose", help="Only this dose, as in the list. [all together]")] = None,
    background: Annotated[
        str | None, typer.Option("--background", help='What both arms got besides, "none" for nothing. [the commonest]')
    ] = None,
    memory: Annotated[bool, typer.Option("--memory", help="With values from memory.")] = False,
    out: Annotated[Path, typer.Option("--out", help="Folder for the PNG and the SVG.")] = Path("results/forest"),
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace earlier pictures.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Pool published effects of a therapy: random effects, Hartung-Knapp and prediction interval, forest plot."""
    from anagen.cli.console import print_json
    from anagen.evidence.effect import pooled_effect
    from anagen.evidence.published import published

    with options_named():
        effect = pooled_effect(
            published().rows,
            therapy,
            endpoint,
            measure,
            week=week,
            window=window,
            kind=kind,
            background=background,
            dose=dose,
            memory=memory,
        )
    files = _draw(effect, out, overwrite)
    if as_json:
        print_json({**effect.document(), "files": [str(path) for path in files]})
        return
    _print_pooled(effect)
    for path in files:
        print(path)


def _draw(effect: PooledEffect, out: Path, overwrite: bool) -> list[Path]:
    """Writes both pictures, if there is something to draw; an earlier one is kept unless it is to be replaced."""
    from anagen.core.files import Target
    from anagen.reports.figures.forest import draw_forest
    from anagen.reports.style import SIGNATURE, is_ours, styled, to_png, to_svg

    if effect.pooled is None:
        return []
    # The folder was named, the pictures in it were not: only our own are replaced.
    files = [Target(out / f"{effect.name}.{ending}", "--out", overwrite, is_ours) for ending in ("png", "svg")]
    for file in files:
        file.check()
    with styled():
        figure = draw_forest(effect.selection.estimates, effect.pooled, title=effect.title, effect=effect.axis)
        pictures = (to_png(figure, software=SIGNATURE), to_svg(figure, software=SIGNATURE))
    return [file.write(data) for file, data in zip(files, pictures, strict=True)]


def _print_pooled(effect: PooledEffect) -> None:
    from anagen.cli.console import interval, number, print_table

    selection, pooled = effect.selection, effect.pooled
    if pooled is None:
        print("No result can be pooled.")
    else:
        unit = selection.estimates[0].unit
        header = ("study", "sex", "week", "n", "effect", "SE", "weight", "standard error")
        table = (
            (e.label, e.sex, e.week, e.n, e.value, e.se, f"{100 * share:.0f} %", e.how)
            for e, share in zip(selection.estimates, pooled.weights, strict=True)
        )
        words = {"contrast": "Differences to control", "arm": "Changes of single arms, without control"}
        print_table(f"{words[selection.kind]} in {effect.question.endpoint} [{unit}]", header, table)
        print(f"Mean {number(pooled.estimate)} {unit}, 95 % interval {interval(*pooled.ci)}")
        if pooled.tau is not None and pooled.i2 is not None:
            print(f"Between studies: SD {number(pooled.tau)} {unit}, I2 {100 * pooled.i2:.0f} %")
        if pooled.studies == 2:
            print("Two studies: the interval rests on one degree of freedom and says little.")
        if pooled.prediction is not None:
            print(f"A new study: {interval(*pooled.prediction)} (95 %)")
    if selection.left_out:
        rows = ((entry.study, entry.subject, entry.week, entry.reason) for entry in selection.left_out)
        print_table("Not pooled", ("study", "arm", "week", "why"), rows)


@contextmanager
def options_named() -> Iterator[None]:
    """Names the option, or the argument STUDY, in the problem of a name that is unknown."""
    from anagen.core.errors import InputError

    try:
        yield
    except InputError as error:
        raise InputError(
            problem if problem.file else replace(problem, field=ARGUMENTS.get(problem.field, f"--{problem.field}"))
            for problem in error.problems
        ) from error
