"""The command line: parse, call, print."""

from __future__ import annotations

import gc
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from anagen.cli.calibrate import calibrate
from anagen.cli.claims import claims
from anagen.cli.compare import compare
from anagen.cli.credibility import credibility
from anagen.cli.evidence import app as evidence_app
from anagen.cli.explain import explain
from anagen.cli.ledger import app as ledger_app
from anagen.cli.network import app as network_app
from anagen.cli.options import ANY_SOURCE, ParametersOption
from anagen.cli.product import app as product_app
from anagen.cli.therapies import therapies
from anagen.cli.validate import validate

if TYPE_CHECKING:
    from anagen.core.errors import InputError
    from anagen.runs.options import RunOptions
    from anagen.study import Override
    from anagen.sweeps import Sweep

DONE, OUR_FAULT, BAD_INPUT, INTERRUPTED = 0, 1, 2, 3
OBJECTS_PER_COLLECTION = 50_000
"""Libraries leave hundreds of thousands of lasting objects, which a collection after every 700 new ones walks again."""
# typer turns Ctrl-C into 130 and a reader that went away into 1.
TYPER_INTERRUPTED, TYPER_BROKEN_PIPE = 130, 1

app = typer.Typer(
    name="anagen",
    help="An in-silico clinic for hair-loss therapies: virtual randomised trials from one study file.\n\n"
    "Research software, not medical advice.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(product_app, name="product")
app.add_typer(network_app, name="network")
app.add_typer(ledger_app, name="ledger")
app.add_typer(evidence_app, name="evidence")
app.command()(explain)
app.command()(compare)
app.command()(calibrate)
app.command()(credibility)
app.command()(therapies)
app.command()(claims)
app.command()(validate)

StudyArgument = Annotated[str, typer.Argument(metavar="STUDY", help="A study file, or the name of a shipped study.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Seed of every random number.")]
PatientsOption = Annotated[int | None, typer.Option("--patients", min=2, help="Patients per arm. [study's numbers]")]
ReplicatesOption = Annotated[int, typer.Option("--replicates", min=1, help="Trials, each with its own patients.")]
DrawsOption = Annotated[int, typer.Option("--draws", min=0, help="Parameter draws besides the central values.")]
WorkersOption = Annotated[int, typer.Option("--workers", min=1, help="Processes; results do not depend on it.")]
OutOption = Annotated[Path | None, typer.Option("--out", help="Result folder. [results/STUDY]")]
OverwriteOption = Annotated[bool, typer.Option("--overwrite", help="Replace an earlier result folder.")]
NoReportOption = Annotated[bool, typer.Option("--no-report", help="Write tables only, no report and figures.")]

SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="A value in place of the file's, such as arms.exosome.dose=1e9; can be repeated. "
        "A comma list of values (1e8,1e9) makes a response curve.",
    ),
]
OneSetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="A value in place of the file's; can be repeated."),
]
WithoutOption = Annotated[
    list[str] | None,
    typer.Option(
        "--without",
        metavar="EDGE",
        help='An edge ("AR->DKK1"), node or input of the signalling network to silence; can be repeated.',
    ),
]


def _print_version(wanted: bool) -> None:
    if wanted:
        from anagen.core.provenance import package_version

        print(f"anagen {package_version()}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options of every command."""
    del version


@app.command()
def run(
    study: StudyArgument,
    seed: SeedOption = 1,
    patients: PatientsOption = None,
    replicates: ReplicatesOption = 1,
    draws: DrawsOption = 20,
    workers: WorkersOption = 1,
    out: OutOption = None,
    overwrite: OverwriteOption = False,
    as_json: JsonOption = False,
    no_report: NoReportOption = False,
    sets: SetOption = None,
    without: WithoutOption = None,
    source: ParametersOption = ANY_SOURCE,
) -> None:
    """Run a study as a virtual randomised trial and write a result folder; with several values, a response curve."""
    from anagen.runs.options import RunOptions

    options = RunOptions(seed, patients, replicates, draws, workers, out, overwrite, not no_report, source)
    _run(study, options, as_json, sets or [], without or [])


@app.command()
def demo(
    out: OutOption = None,
    overwrite: OverwriteOption = False,
    as_json: JsonOption = False,
    source: ParametersOption = ANY_SOURCE,
) -> None:
    """Run the shipped study of exosomes against saline."""
    from anagen.runs.options import RunOptions
    from anagen.study.shipped import DEMO

    _run(DEMO, RunOptions(out=out, overwrite=overwrite, source=source), as_json, [], [])


@app.command()
def check(
    study: StudyArgument,
    as_json: JsonOption = False,
    sets: OneSetOption = None,
    without: WithoutOption = None,
    source: ParametersOption = ANY_SOURCE,
) -> None:
    """Check a study file and tell in plain words what will be simulated; nothing is run or written."""
    from anagen.cli.console import print_json
    from anagen.cli.options import chosen_source, read_overrides, refuse_lists
    from anagen.study import Study, describe
    from anagen.study.shipped import find_study

    values, silenced = read_overrides(sets or [], without or [])
    refuse_lists(values)
    loaded = Study.load(find_study(study), [*(each[0] for each in values), *silenced])
    said = describe(loaded, chosen_source(source))
    if as_json:
        resolved = loaded.model_dump(mode="json")
        print_json({"ok": True, "sha256": loaded.sha256, "description": said, "study": resolved})
    else:
        print(said)


@app.command()
def schema() -> None:
    """Print the JSON Schema of study files, for editors."""
    from anagen.cli.console import print_json
    from anagen.study import study_json_schema

    print_json(study_json_schema())


@app.command()
def studies(as_json: JsonOption = False) -> None:
    """List the shipped studies."""
    from anagen.cli.console import print_json, print_table
    from anagen.study import Study
    from anagen.study.shipped import shipped_studies

    rows = [
        {"name": name, "title": study.title, "source": study.source, "file": str(path)}
        for name, path in shipped_studies().items()
        for study in [Study.load(path)]
    ]
    if as_json:
        print_json(rows)
    else:
        print_table("", ("name", "title", "source"), ((row["name"], row["title"], row["source"]) for row in rows))


@app.command()
def results(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A result folder.")],
    sql: Annotated[str, typer.Argument(metavar="SQL", help='One query, such as "SELECT * FROM effects".')],
    as_json: JsonOption = False,
) -> None:
    """Query a result folder in SQL: visits, patients, effects, arms, comparison, parameters."""
    from anagen.cli.console import print_frame, print_json, records
    from anagen.results import query

    found = query(folder, sql)
    if as_json:
        print_json(records(found))
    else:
        print_frame(found)


@app.command()
def parameters(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="A parameter, or a group such as follicle.")
    ] = None,
    as_json: JsonOption = False,
    source: ParametersOption = ANY_SOURCE,
) -> None:
    """List the parameters of the model: value, unit, 90 % prior, posterior where there is one, source, grade."""
    from anagen.cli.console import cell, print_json, print_table

    rows = _parameters(name, source)
    if as_json:
        print_json(rows)
        return
    columns = {"name": "name", "prior_value": "value", "unit": "unit", "prior_low": "5 %", "prior_high": "95 %"}
    if any(row["informed_by"] == "posterior" for row in rows):
        columns |= {"prior_value": "prior", "posterior": "posterior", "posterior_low": "5 %", "posterior_high": "95 %"}
    columns |= {"grade": "grade", "hand_set": "hand-set", "source": "source"}
    print_table("", tuple(columns.values()), ([_beside(row)[key] for key in columns] for row in rows))
    for row in rows if len(rows) == 1 else ():
        print(cell(row["note"]))


def _beside(row: dict[str, Any]) -> dict[str, Any]:
    """A row with the posterior in columns of its own, empty where the parameter has its prior only."""
    calibrated = row["informed_by"] == "posterior"
    used = {"posterior": "value", "posterior_low": "low", "posterior_high": "high"}
    return row | {column: row[key] if calibrated else None for column, key in used.items()}


def _parameters(name: str | None, source: str) -> list[dict[str, Any]]:
    from anagen.cli.options import chosen_source
    from anagen.core.errors import InputError, Problem
    from anagen.core.registry import Registry
    from anagen.parameters import load_parameters

    rows = load_parameters(chosen_source(source)).rows()
    found = [row for row in rows if name is None or row["name"] == name or row["name"].startswith(f"{name}.")]
    if not found:
        nearest = Registry("parameter", {row["name"]: row for row in rows}).nearest(name or "")
        groups = tuple(sorted({row["name"].partition(".")[0] for row in rows}))
        raise InputError((Problem(None, None, None, "NAME", f"no parameter or group {name!r}", groups, nearest),))
    return found


def _run(study: str, options: RunOptions, as_json: bool, sets: list[str], without: list[str]) -> None:
    import signal

    from anagen.cli.console import ProgressBar, print_json
    from anagen.cli.options import chosen_source, read_overrides
    from anagen.study.shipped import find_study

    path = find_study(study)
    values, silenced = read_overrides(sets, without)
    if any(len(each) > 1 for each in values):
        _run_curve(path, values, silenced, options, as_json)
        return
    # A batch system that ends a run early is to find what is done kept, as after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with ProgressBar() as bar:
        from anagen.runs.to_folder import run_to_folder
        from anagen.study import Study

        loaded = Study.load(path, [*(each[0] for each in values), *silenced])
        options = replace(options, source=chosen_source(str(options.source)))
        finished = run_to_folder(loaded, options, progress=bar.advance, stage=bar.stage)
    from anagen.cli.summary import print_summary, summarise

    summary = summarise(finished)
    if as_json:
        print_json(summary)
    else:
        print_summary(summary)


def _run_curve(
    path: Path, values: list[tuple[Override, ...]], silenced: list[Override], options: RunOptions, as_json: bool
) -> None:
    from anagen.cli.options import run_curve

    def sweep() -> Sweep:
        from anagen.sweeps import study_sweep

        return study_sweep(path, values, silenced)

    run_curve(sweep, options, as_json)


def main() -> int:
    """Runs the command line and gives its exit code: 0 done, 2 bad input, 3 interrupted, 1 a fault of the program."""
    from anagen.core.errors import InputError

    gc.set_threshold(OBJECTS_PER_COLLECTION)
    try:
        app(prog_name="anagen")
        sys.stdout.flush()
    except SystemExit as end:
        return _exit_code(end.code)
    except InputError as error:
        return _bad_input(error)
    except KeyboardInterrupt:
        return _interrupted("interrupted")
    except BrokenPipeError:
        return _reader_gone()
    except Exception as error:
        return _fault(error)
    return DONE


def _exit_code(code: object) -> int:
    if code == TYPER_INTERRUPTED:
        return _interrupted("interrupted")
    if code == TYPER_BROKEN_PIPE:
        return _reader_gone()
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return _reader_gone()
    return code if isinstance(code, int) else DONE


def _bad_input(error: InputError) -> int:
    for problem in error.problems:
        print(problem.text(), file=sys.stderr)
    if "--json" in sys.argv:
        from dataclasses import asdict

        from anagen.cli.console import print_json

        print_json({"ok": False, "problems": [asdict(problem) for problem in error.problems]})
    return BAD_INPUT


def _interrupted(message: str) -> int:
    print(message, file=sys.stderr)
    return INTERRUPTED


def _reader_gone() -> int:
    """`anagen ... | head` is no fault; without this the interpreter complains when it closes standard output."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return DONE


def _fault(error: Exception) -> int:
    """Says what went wrong in a line and leaves the rest in a log file."""
    from anagen.core.errors import AnagenError
    from anagen.runs.folders import RunInterrupted

    if isinstance(error, RunInterrupted):
        return _interrupted(str(error))
    log = _write_log(error)
    kind = "" if isinstance(error, AnagenError) else f"{type(error).__name__}: "
    print(f"anagen stopped: {kind}{error}\nDetails are in {log}", file=sys.stderr)
    return OUR_FAULT


def _write_log(error: Exception) -> str:
    import platform
    import tempfile
    import traceback

    from anagen.core.provenance import package_version

    with tempfile.NamedTemporaryFile("w", prefix="anagen-", suffix=".log", delete=False, encoding="utf-8") as log:
        log.write(f"anagen {package_version()}, Python {platform.python_version()}, {platform.platform()}\n")
        log.write(f"command: {' '.join(sys.argv)}\n\n")
        log.writelines(traceback.format_exception(error))
    return log.name


if __name__ == "__main__":
    sys.exit(main())
