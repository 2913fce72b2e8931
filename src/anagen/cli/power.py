"""The command `anagen power`: how large a trial has to be."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from anagen.cli.options import (
    ANY_SOURCE,
    DRAWS,
    ClusterOption,
    DrawsOption,
    JsonOption,
    OutOption,
    OverwriteOption,
    ParametersOption,
    SeedOption,
    SetOption,
    StudyArgument,
    WithoutOption,
    WorkersOption,
    chosen_source,
    chosen_workers,
    emit,
    single_overrides,
    working,
)
from anagen.core.numbers import MOST_REPLICATES

if TYPE_CHECKING:
    from anagen.planning.result import Power


def power(
    study: StudyArgument,
    patients: Annotated[
        str | None,
        typer.Option(
            "--patients",
            metavar="N,N,...",
            show_default=False,
            help="Patients of the smallest arm; the others keep the study's ratio. [half, once, twice, four times the "
            "study's]",
        ),
    ] = None,
    goal: Annotated[float, typer.Option("--goal", help="Share of trials that should succeed.")] = 0.8,
    weeks: Annotated[
        str | None, typer.Option("--weeks", metavar="W,W,...", help="Visits at which outcomes are compared.")
    ] = None,
    endpoints: Annotated[
        str | None,
        typer.Option("--endpoints", metavar="NAME,NAME,...", help="What is compared. [the endpoints of the study]"),
    ] = None,
    arm: Annotated[
        str | None, typer.Option("--arm", help="The arm that is meant. [every one that is not a control]")
    ] = None,
    controls: Annotated[
        str | None,
        typer.Option("--controls", metavar="ARM,ARM,...", help="What it is compared with. [the study's control]"),
    ] = None,
    truth: Annotated[
        str | None,
        typer.Option(
            "--truth",
            metavar="EFFECT",
            show_default=False,
            help='Effect of the second power, e.g. "10 hairs/cm^2". [the median over parameter draws]',
        ),
    ] = None,
    margin: Annotated[
        str | None,
        typer.Option("--margin", metavar="EFFECT", help="What the effect has to exceed; negative for non-inferiority."),
    ] = None,
    effect: Annotated[
        str | None,
        typer.Option("--effect", metavar="EFFECT", help="An effect of your own: with --sd it stands in for the model."),
    ] = None,
    sd: Annotated[
        str | None, typer.Option("--sd", metavar="SD", help="Standard deviation of the change of a patient.")
    ] = None,
    effect_sd: Annotated[
        str | None,
        typer.Option(
            "--effect-sd",
            metavar="SD",
            help="Standard deviation of what is not known of your own effect, for the assurance.",
        ),
    ] = None,
    correlation: Annotated[
        float | None,
        typer.Option(
            "--correlation",
            show_default=False,
            help="Of the change with the baseline, beside your own effect. [that of the study's simulated controls]",
        ),
    ] = None,
    scenarios: Annotated[
        Path | None,
        typer.Option("--scenarios", metavar="FILE", help="Truths by designs (YAML or TOML): one table of them all."),
    ] = None,
    replicates: Annotated[
        int | None,
        typer.Option(
            "--replicates",
            min=2,
            max=MOST_REPLICATES,
            show_default=False,
            help="Trials of the largest size behind every share. [200; 10,000 with --effect]",
        ),
    ] = None,
    draws: DrawsOption = DRAWS,
    seed: SeedOption = 1,
    workers: WorkersOption = 1,
    cluster: ClusterOption = None,
    out: OutOption = None,
    overwrite: OverwriteOption = False,
    as_json: JsonOption = False,
    sets: SetOption = None,
    without: WithoutOption = None,
    source: ParametersOption = ANY_SOURCE,
) -> None:
    """Tell power, assurance and error rates of a study at several sizes, and the smallest size for a goal."""
    overrides = single_overrides(sets, without)
    where = chosen_workers(workers, cluster)
    sizes = listed("--patients", patients, int)
    visits, names, against = (
        listed("--weeks", weeks, float),
        listed("--endpoints", endpoints, str),
        listed("--controls", controls, str),
    )
    with working() as progress:
        from anagen.planning.folder import PAGE
        from anagen.planning.result import power as power_of
        from anagen.runs.folders import FolderOptions, into_folder
        from anagen.study import Study

        subject, parameters = Study.load(study, overrides), chosen_source(source)

        def work(kept: Path) -> Power:
            return power_of(
                subject,
                sizes,
                goal=goal,
                weeks=visits,
                endpoints=names,
                arm=arm,
                controls=against,
                truth=truth,
                margin=margin,
                effect=effect,
                sd=sd,
                effect_sd=effect_sd,
                correlation=correlation,
                scenarios=scenarios,
                replicates=replicates,
                draws=draws,
                seed=seed,
                workers=where,
                parameters=parameters,
                work_dir=kept,
                progress=progress,
            )

        def write(result: Power, folder: Path) -> None:
            progress.stage("writing")
            result.save(folder, overwrite=overwrite)

        result, folder = into_folder(f"{subject.study}-power", FolderOptions(out, overwrite), work, write)
    document = {**result.document(), "folder": str(folder), "report": str(folder / PAGE)}
    emit(document, as_json, lambda: _print(result, folder))


T = TypeVar("T", int, float, str)
_KINDS = {int: "a whole number", float: "a number", str: "a name"}


def listed(option: str, text: str | None, kind: type[T]) -> list[T]:
    """Values of a comma list.

    Parameters
    ----------
    option : str
        Option that gives it, for the message.
    text : str or None
        As it was written; None where the option was left out.
    kind : type
        Of every value.

    Returns
    -------
    list
        The values; none where the option was left out.

    Raises
    ------
    InputError
        Where a value is empty or of another kind.

    Examples
    --------
    >>> listed("--patients", "20, 40", int)
    [20, 40]
    """
    if text is None:
        return []
    from anagen.core.errors import InputError, Problem
    from anagen.core.reading import shown

    values: list[T] = []
    for part in (each.strip() for each in text.split(",")):
        try:
            if not part:
                raise ValueError
            values.append(kind(part))
        except ValueError:
            found = shown(part) if part else "an empty one"
            example = {int: "20,40,80", float: "12,24", str: "total_density,mean_diameter"}[kind]
            message = f"{found} is not {_KINDS[kind]}; values stand with single commas between them, e.g. {example}"
            raise InputError([Problem(None, None, None, option, message)]) from None
    return values


def _print(result: Power, folder: Path) -> None:
    from anagen.cli.console import print_table
    from anagen.planning import wording
    from anagen.planning.folder import PAGE
    from anagen.planning.printed import printed_tables

    print(f"{wording.title_of(result)}\n\n{result.headline()}")
    for sentence in wording.findings(result):
        print(sentence)
    print()
    for table in (each.for_terminal() for each in printed_tables(result)):
        print_table(table.title, table.header, table.rows)
        if table.note:
            print(f"{table.note}\n")
    for sentence in wording.how_to_read(result):
        print(sentence)
    print(wording.standing_words(result.manifest))
    print(f"Results: {folder}\nReport:  {folder / PAGE}")
