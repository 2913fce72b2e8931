"""The commands of `anagen evidence`: published results listed, shown, checked and pooled."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from anagen.evidence.estimates import Question, Selection
    from anagen.evidence.pooling import Pooled
    from anagen.evidence.published import Published
    from anagen.study import Study

app = typer.Typer(help="Published results: list, show, check and pool them.", no_args_is_help=True)
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
TherapyOption = Annotated[str | None, typer.Option("--therapy", help="Only rows in which it was given.")]
EndpointOption = Annotated[str | None, typer.Option("--endpoint", help="Only this endpoint.")]
ConditionOption = Annotated[str | None, typer.Option("--condition", help="Only this condition.")]
UseOption = Annotated[str | None, typer.Option("--use", help="calibrate, check or exclude.")]
ReadOption = Annotated[str | None, typer.Option("--read", help="Where a number was read, such as abstract.")]
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
    as_json: JsonOption = False,
) -> None:
    """List published results: the shipped table and the values of the shipped study files."""
    from anagen.cli.console import cell, print_json, print_table
    from anagen.evidence.published import READ, USES

    rows = _rows()
    wanted = {
        "endpoint": _known("--endpoint", endpoint, [row.endpoint for row in rows]),
        "condition": _known("--condition", condition, [row.condition for row in rows]),
        "use": _known("--use", use, USES),
        "read": _known("--read", read, READ),
    }
    asked = _therapy(therapy, rows)
    found = [
        row
        for row in rows
        if (asked is None or asked in row.therapy.split("+"))
        and all(value is None or getattr(row, field) == value for field, value in wanted.items())
    ]
    if as_json:
        print_json([row.record() for row in found])
        return
    header = ("study", "arm", "therapy", "endpoint", "measure", "week", "value", "spread", "n", "read", "use")
    table = (
        [
            *(row.study, row.arm, row.therapy, row.endpoint, row.measure, _week(row), _value(row), _spread(row)),
            *(cell(_patients(row)), row.read, row.use),
        ]
        for row in found
    )
    print_table("", header, table)
    studies = len({row.study for row in found})
    print(f"{len(found)} rows of {studies} studies; `anagen evidence show STUDY` tells how each number was read.")


@app.command()
def show(
    study: Annotated[str, typer.Argument(metavar="STUDY", help="A study of the list, or a shipped study file.")],
    as_json: JsonOption = False,
) -> None:
    """Show every row of a study, with how each number was read, converted and is used."""
    from anagen.cli.console import print_json

    rows = _rows()
    found = [row for row in rows if study in (row.study, row.study_file)]
    if not found:
        _known("STUDY", study, [name for row in rows for name in (row.study, row.study_file) if name])
    if as_json:
        print_json([row.record() for row in found])
        return
    first = found[0]
    print(f"{first.study}: {first.citation}")
    for words, value in (("Design", first.design), ("Source", first.source), ("Read at", first.url)):
        if value:
            print(f"{words}: {value}")
    if first.funding:
        print(f"Funding: {first.funding}")
    for row in found:
        print()
        for line in _told(row):
            print(line)


@app.command()
def check(file: FileArgument = None, as_json: JsonOption = False) -> None:
    """Check rows for what is impossible or inconsistent: the shipped ones with the study files, or those of a file."""
    from dataclasses import asdict

    from anagen.cli.console import print_json, print_table
    from anagen.evidence.findings import findings
    from anagen.evidence.from_studies import with_studies
    from anagen.evidence.published import TRIALS, read_published

    rows = read_published(TRIALS if file is None else file)
    studies = _studies() if file is None or any(row.study_file for row in rows) else {}
    if file is None:
        rows = with_studies(rows, studies)
    found = findings(rows, studies)
    if as_json:
        print_json({"rows": len(rows), "findings": [asdict(finding) for finding in found]})
        return
    if found:
        table = ((f.study, f.arm, f.line or "study file", f.field, f.message) for f in found)
        print_table("", ("study", "arm", "line", "field", "finding"), table)
    print(f"{len(rows)} rows, {len(found)} {'finding' if len(found) == 1 else 'findings'}.")


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
    from anagen.evidence.estimates import Question, select
    from anagen.evidence.pooling import pool
    from anagen.evidence.published import MEASURES

    rows = _rows()
    name = _therapy(therapy, rows) or therapy
    question = Question(
        therapy=name,
        endpoint=_known("--endpoint", endpoint, [row.endpoint for row in rows]) or endpoint,
        measure=_known("--measure", measure, MEASURES) or measure,
        week=week,
        kind=None if kind is None else "arm" if _known("--kind", kind, ("contrast", "arm")) == "arm" else "contrast",
        background=None if background is None else "" if background == "none" else _sorted(background),
        dose=dose,
        memory=memory,
        window=window,
    )
    selection = select(rows, question)
    estimates = selection.estimates
    pooled = pool([e.value for e in estimates], [e.se for e in estimates]) if estimates else None
    files = [] if pooled is None else _draw(selection, pooled, question, out, overwrite)
    _report(selection, pooled, question, files, as_json)


def _draw(selection: Selection, pooled: Pooled, question: Question, out: Path, overwrite: bool) -> list[Path]:
    """Writes both pictures; an earlier one is kept unless it is to be replaced."""
    from anagen.core.errors import InputError, Problem
    from anagen.core.files import write_durably
    from anagen.reports.figures.forest import draw_forest
    from anagen.reports.style import styled, to_png, to_svg
    from anagen.scalp import ENDPOINTS

    stem = f"{question.therapy}-{question.endpoint}-{question.measure}-{selection.kind}".replace(":", "-")
    files = [out / f"{stem}.{ending}" for ending in ("png", "svg")]
    standing = [path for path in files if path.exists()]
    if standing and not overwrite:
        message = "exists already; name another folder with --out, or give --overwrite"
        raise InputError((Problem(str(standing[0]), None, None, "--out", message),))
    what = ENDPOINTS[question.endpoint].title if question.endpoint in ENDPOINTS else question.endpoint
    added = f" on top of {selection.background.replace('+', ' and ')}" if selection.background else ""
    effect = "difference to control" if selection.kind == "contrast" else "change from baseline, no control"
    title = f"{question.therapy.capitalize()}{added}: {what}, nearest to week {question.week:g}"
    with styled():
        figure = draw_forest(selection.estimates, pooled, title=title, effect=effect)
        pictures = (to_png(figure), to_svg(figure))
    try:
        out.mkdir(parents=True, exist_ok=True)
        for path, data in zip(files, pictures, strict=True):
            write_durably(path, data)
    except OSError as error:
        raise InputError((Problem(str(out), None, None, "--out", f"cannot be written: {error.strerror}"),)) from error
    return files


def _report(selection: Selection, pooled: Pooled | None, question: Question, files: list[Path], as_json: bool) -> None:
    from dataclasses import asdict

    from anagen.cli.console import interval, number, print_json, print_table

    if as_json:
        print_json(
            {
                "question": asdict(question),
                "kind": selection.kind,
                "background": selection.background,
                "estimates": [{**asdict(entry), "label": entry.label} for entry in selection.estimates],
                "pooled": None if pooled is None else asdict(pooled),
                "left_out": [asdict(entry) for entry in selection.left_out],
                "files": [str(path) for path in files],
            }
        )
        return
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
        print_table(f"{words[selection.kind]} in {question.endpoint} [{unit}]", header, table)
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
    for path in files:
        print(path)


def _studies() -> dict[str, Study]:
    from anagen.study import Study
    from anagen.study.shipped import shipped_studies

    return {name: Study.load(path) for name, path in shipped_studies().items()}


def _rows() -> tuple[Published, ...]:
    from anagen.evidence.from_studies import with_studies
    from anagen.evidence.published import published_trials

    return with_studies(published_trials(), _studies())


def _known(field: str, value: str | None, allowed: Any) -> str | None:
    """The value, where it is one of the allowed ones; the nearest one is suggested where it is not."""
    from anagen.core.errors import InputError, Problem
    from anagen.core.registry import Registry

    known = Registry(field, dict.fromkeys(sorted({name for name in allowed if name})))
    if value is None or value in known:
        return value
    raise InputError((Problem(None, None, None, field, f"unknown {value!r}", known.names(), known.nearest(value)),))


def _therapy(name: str | None, rows: tuple[Published, ...]) -> str | None:
    """A therapy by its name or another name of it."""
    from anagen.therapies import THERAPIES

    aliases = {other: therapy.name for therapy in THERAPIES.values() for other in therapy.aliases}
    name = aliases.get(name.lower(), name) if name is not None else None
    return _known("--therapy", name, [*THERAPIES, *aliases, *(part for row in rows for part in row.therapy.split("+"))])


def _sorted(background: str) -> str:
    return "+".join(sorted(background.split("+")))


def _week(row: Published) -> str:
    if row.week is not None:
        return f"{row.week:g}" + (" after the last" if row.week_from == "last session" else "")
    if row.week_low is not None and row.week_high is not None:
        return f"{row.week_low:g} to {row.week_high:g}"
    if row.week_low is not None:
        return f"from {row.week_low:g}"
    return f"to {row.week_high:g}" if row.week_high is not None else ""


def _value(row: Published) -> str:
    from anagen.cli.console import interval, number

    if row.mean is None:
        return f"{interval(row.range_low, row.range_high)} {row.unit}" if row.range_low is not None else "no number"
    unit = "" if row.unit in ("1", "rank") else f" {row.unit}"
    return number(row.mean) + unit


def _spread(row: Published) -> str:
    from anagen.cli.console import interval, number

    parts = [f"{name} {number(value)}" for name, value in (("SD", row.sd), ("SE", row.se), ("IQR", row.iqr)) if value]
    if row.ci_low is not None:
        parts.append(interval(row.ci_low, row.ci_high))
    return ", ".join(parts)


def _patients(row: Published) -> str | None:
    if row.n and row.n_control:
        return f"{row.n} and {row.n_control}"
    if row.n:
        return str(row.n)
    return f"{row.n_total} in all" if row.n_total else None


def _told(row: Published) -> list[str]:
    """Lines on one row: what, the value with how it was read, what it is for."""
    against = f" against {row.versus}" if row.versus else ""
    lines = [f"{row.arm} ({row.therapy}{against}), week {_week(row) or 'not stated'}"]
    spread = f" ({_spread(row)})" if _spread(row) else ""
    patients = f", n {_patients(row)}" if _patients(row) else ""
    read = f" {row.n_read}" if row.n_read else ""
    lines.append(f"  {row.measure} of {row.endpoint}: {_value(row)}{spread}{patients}{read}")
    if row.printed is not None and row.printed_unit != row.unit:
        lines.append(f"  printed as {row.printed:g} {row.printed_unit}")
    if row.baseline is not None:
        lines.append(f"  baseline {row.baseline:.4g}" + (f", follow-up {row.followup:.4g}" if row.followup else ""))
    where = f"table, line {row.line}" if row.line else f"study file {row.study_file}"
    linked = f"; also in study file {row.study_file}" if row.line and row.study_arm else ""
    derived = f"; derived: {row.derived}" if row.derived else ""
    lines.append(f"  read: {row.read}{derived} ({where}{linked})")
    lines.append(f"  use: {row.use}{f' ({row.reason})' if row.reason else ''}")
    lines += [f"  {words}: {text}" for words, text in (("p", row.p), ("adverse events", row.adverse_events)) if text]
    if row.note and row.note != row.derived:
        lines.append(f"  note: {row.note}")
    return lines
