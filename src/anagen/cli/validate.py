"""The command `anagen validate`: published values predicted and scored, beside simple forecasters."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from anagen.cli.options import (
    ANY_SOURCE,
    ClusterOption,
    DrawsOption,
    JsonOption,
    OutOption,
    OverwriteOption,
    ParametersOption,
    SeedOption,
    WorkersOption,
    chosen_source,
    chosen_workers,
    emit,
    working,
)

if TYPE_CHECKING:
    import pandas as pd

    from anagen.core.arrays import FloatArray
    from anagen.core.files import Target
    from anagen.reports.wording import EndpointName
    from anagen.validation.validate import Validation


def validate(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="FILES", help="Study files with `observed:`. [every shipped study with results]"),
    ] = None,
    draws: DrawsOption = 100,
    seed: SeedOption = 1,
    workers: WorkersOption = 1,
    cluster: ClusterOption = None,
    leave_one_out: Annotated[
        bool,
        typer.Option(
            "--leave-one-out",
            help="Predict each study with parameters calibrated on the others; 20 to 30 minutes on 2 cores.",
        ),
    ] = False,
    earlier: Annotated[
        Path | None,
        typer.Option("--from", help="Folder of a calibration whose results --leave-one-out uses again."),
    ] = None,
    source: ParametersOption = ANY_SOURCE,
    out: OutOption = None,
    overwrite: OverwriteOption = False,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write the table of values to this file too.")] = None,
    write: Annotated[
        Path | None, typer.Option("--write", help="Write the scores with their manifest, as the package ships them.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Predict published results, say how well, and set three simple forecasters beside the model."""
    from anagen.core.errors import InputError, Problem

    if earlier is not None and not leave_one_out:
        raise InputError([Problem(None, None, None, "--from", "has a meaning with --leave-one-out only")])
    where = chosen_workers(workers, cluster)
    with working() as progress:
        from anagen.core.files import Target
        from anagen.runs.folders import FolderOptions, into_folder
        from anagen.validation.cases import cases_of
        from anagen.validation.folder import scores_targets, table_of_values, write_scores
        from anagen.validation.result import ValidationResult
        from anagen.validation.result import validate as validate_studies

        cases_of(files or ())
        parameters = chosen_source(source)

        def left_out(kept: Path | None) -> Mapping[tuple[str, int], FloatArray]:
            from anagen.calibration.result import left_out_samples

            return left_out_samples(seed, where, kept, earlier, progress)

        def work(kept: Path) -> ValidationResult:
            return validate_studies(
                files or (),
                seed=seed,
                draws=draws,
                workers=where,
                parameters=parameters,
                work_dir=kept,
                left_out=left_out if leave_one_out else None,
                progress=progress,
            )

        values = None if csv is None else Target(csv, "--csv", overwrite, goes_on=True)
        scores = None if write is None else scores_targets(write, "--write", overwrite=overwrite, goes_on=True)
        named = (*(() if values is None else (values,)), *(scores or ()))
        _refuse_twice(named)

        def save(result: ValidationResult, folder: Path) -> None:
            progress.stage("writing tables and pictures")
            # The folder goes last: until it is there, the same command goes on.
            if values is not None:
                values.write(table_of_values(result.validation))
            if scores is not None:
                write_scores(result.validation, scores)
            result.save(folder, overwrite=overwrite)

        result, folder = into_folder("validation", FolderOptions(out, overwrite, named), work, save)

    def show() -> None:
        _print(result.validation)
        print(f"Results: {folder}")

    emit({"folder": str(folder), **result.document()}, as_json, show)


def _refuse_twice(files: tuple[Target, ...]) -> None:
    from anagen.core.errors import InputError, Problem

    for place, file in enumerate(files):
        if any(file.path.resolve() == other.path.resolve() for other in files[:place]):
            raise InputError([Problem(str(file.path), None, None, file.option, "is named twice; give it another name")])


def _print(found: Validation) -> None:
    from anagen.cli.console import print_table
    from anagen.reports.wording import endpoint_names

    rows = found.rows[~found.rows["derived"].astype(bool)]
    names = endpoint_names(list(dict.fromkeys(map(str, rows["endpoint"]))))
    if len(found.statements):
        said = set(zip(found.statements["study"], found.statements["row"], strict=True))
        keys = zip(rows["study"], rows["row"], strict=True)
        rows = rows[[key not in said for key in keys]]
    for study, published in rows.groupby("study", sort=False):
        header = ("quantity", "of", "week", "published (SE)", "predicted", "90 % interval", "inside", "z")
        print_table(str(study), header, [_value(row, names) for _, row in published.iterrows()])
    for study, said in found.statements.groupby("study", sort=False) if len(found.statements) else ():
        header = ("quantity", "of", "week", "published", "probability", "over draws", "Brier")
        title = f"{study}, published without a number: probability by the model, in no count or score below"
        print_table(title, header, [_statement(row, names) for _, row in said.iterrows()])
    print_table(
        "How many lie inside, and how far off the medians are (published, comparable, not excluded)",
        ("values", "unit", "n", "inside 50 %", "inside 90 %", "median error", "bias", "CRPS"),
        [(_group(row), *_total(row)) for _, row in found.totals.iterrows() if row["by"] in ("all", "unit", "kind")],
    )
    print_table(
        "Net change in hair density at weeks 16 to 52",
        ("kind", "unit", "n", "inside 50 %", "inside 90 %", "median error", "bias", "CRPS"),
        [(row["kind"], *_total(row)) for _, row in found.net.iterrows()],
    )
    if len(found.skill):
        print_table(
            "The model and three simple forecasters, on the values that all of them predict",
            ("kind", "forecaster", "unit", "n", "inside 50 %", "inside 90 %", "median error", "bias", "CRPS"),
            [(row["kind"], row["forecaster"], *_total(row)) for _, row in found.skill.iterrows()],
        )
    else:
        print("References need two other studies of the same measure among those given; there are none.")
    for study, told in found.remarks.items():
        print(f"Bear in mind with {study}: {'; '.join(told)}.")
    left_out = found.manifest["leave_one_out"]
    print(
        "Each study was predicted with parameters calibrated on the others."
        if left_out
        else "Some of these values informed the parameters, so this is a check of the fit for them (use: calibrate)."
        if (found.rows["use"] == "calibrate").any()
        else "None of these values informed the parameters."
    )


def _value(row: pd.Series, names: Mapping[str, EndpointName]) -> tuple[object, ...]:
    from anagen.reports.amounts import published_amounts
    from anagen.reports.numbers import is_number, number
    from anagen.reports.wording import measure_unit, measure_words, subject_text, titled, weeks

    name, measure = names[str(row["endpoint"])], str(row["measure"])
    amounts = published_amounts(row, name.unit)
    published = amounts.bare(row["observed"])
    if is_number(row["observed_se"]):
        published += f" ({amounts.bare(row['observed_se'])})"
    quantity = titled(f"{name.title}, {measure_words(measure)}", measure_unit(measure, name.unit))
    head = (quantity, subject_text(row["subject"]), weeks(row["week"]) if is_number(row["week"]) else "", published)
    if not row["comparable"]:
        return (*head, "", "", "not comparable", "")
    inside: object = "not counted" if row["use"] == "exclude" else bool(row["inside90"])
    predicted, bounds = amounts.bare(row["predicted"]), amounts.interval(row["low90"], row["high90"])
    return (*head, predicted, bounds, inside, number(row["z"], signed=True))


def _statement(row: pd.Series, names: Mapping[str, EndpointName]) -> tuple[object, ...]:
    """One result without a number: what was said, and how probable the model holds it."""
    from anagen.reports.numbers import is_number
    from anagen.reports.wording import measure_unit, measure_words, subject_text, titled, weeks

    name, measure = names[str(row["endpoint"])], str(row["measure"])
    quantity = titled(f"{name.title}, {measure_words(measure)}", measure_unit(measure, name.unit))
    head = (quantity, subject_text(row["subject"]), weeks(row["week"]), str(row["stated"]))
    if not row["comparable"]:
        return (*head, "not comparable", "", "")
    many = is_number(row["probability_error"])
    error = f" ± {row['probability_error']:.2f}" if many else ""
    over = f"{row['low90']:.2f} to {row['high90']:.2f}" if many else ""
    return (*head, f"{row['probability']:.2f}{error}", over, f"{row['brier']:.3f}")


def _group(row: pd.Series) -> str:
    return "all" if row["by"] == "all" else str(row["group"])


def _total(row: pd.Series) -> tuple[Any, ...]:
    def share(level: int) -> str:
        if not row["n"]:
            return "–"
        low, high = (100.0 * float(row[f"coverage{level}_{end}"]) for end in ("low", "high"))
        return f"{100.0 * float(row[f'coverage{level}']):.0f} % ({low:.0f} to {high:.0f})"

    errors = (float(row[name]) for name in ("median_absolute_error", "bias", "crps"))
    return (row["unit"], int(row["n"]), share(50), share(90), *errors)
