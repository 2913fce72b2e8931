"""The command line: which commands there are, and how it ends."""

from __future__ import annotations

import gc
import os
import re
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from anagen.cli.calibrate import calibrate
from anagen.cli.claims import claims
from anagen.cli.compare import compare
from anagen.cli.credibility import credibility
from anagen.cli.design import design
from anagen.cli.evidence import app as evidence_app
from anagen.cli.explain import explain
from anagen.cli.formats import export, formats, import_file
from anagen.cli.ledger import app as ledger_app
from anagen.cli.network import app as network_app
from anagen.cli.options import close_output, until_reader_leaves
from anagen.cli.parameters import parameters
from anagen.cli.picture import picture
from anagen.cli.power import power
from anagen.cli.product import app as product_app
from anagen.cli.prognosis import prognosis
from anagen.cli.protocol import protocol
from anagen.cli.results import results
from anagen.cli.run import demo, run
from anagen.cli.size import size
from anagen.cli.studio import app as studio_app
from anagen.cli.study import check, schema, studies
from anagen.cli.therapies import therapies
from anagen.cli.trichoscopy import trichoscopy
from anagen.cli.validate import validate

if TYPE_CHECKING:
    from anagen.core.errors import InputError, Problem

DONE, OUR_FAULT, BAD_INPUT, INTERRUPTED = 0, 1, 2, 3
BLAS_THREADS = "OPENBLAS_NUM_THREADS"
"""Threads of linear algebra: our matrices are small, and threads that wait for each other cost more than they gain."""
OBJECTS_PER_COLLECTION = 50_000
"""Libraries leave hundreds of thousands of lasting objects, which a collection after every 700 new ones walks again."""
# typer turns Ctrl-C into 130 and a reader that went away into 1.
TYPER_INTERRUPTED, TYPER_BROKEN_PIPE = 130, 1
TRIAL, TREATMENTS, PRODUCTS, TRUST = "A trial", "Treatments", "Products and mechanism", "Evidence and trust"
FILES = "Files of other programs"

_USAGE = typer.BadParameter.__mro__[-4]
"""What typer raises for every wrong command line: the class below Exception, which it keeps private."""
_OUR_WORDS = (
    (r"Input should be a valid integer.*", "expected a whole number"),
    (r"Input should be a valid number.*", "expected a number"),
    (r"Input should be greater than or equal to", "must be at least"),
    (r"Input should be less than or equal to", "must be at most"),
    (r"Input should be greater than", "must be more than"),
    (r"Input should be less than", "must be less than"),
    (r"Input should be", "expected"),
)

app = typer.Typer(
    name="anagen",
    help="An in-silico clinic for hair-loss therapies: virtual randomised trials from one study file.\n\n"
    "Research software, not medical advice.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (demo, run, power, size, design, protocol, check, studies, results, picture, trichoscopy, schema):
    app.command(rich_help_panel=TRIAL)(command)
app.add_typer(studio_app, name="studio", rich_help_panel=TRIAL)
for command in (therapies, compare, prognosis):
    app.command(rich_help_panel=TREATMENTS)(command)
app.add_typer(product_app, name="product", rich_help_panel=PRODUCTS)
app.add_typer(network_app, name="network", rich_help_panel=PRODUCTS)
app.command(rich_help_panel=PRODUCTS)(explain)
for command in (export, formats):
    app.command(rich_help_panel=FILES)(command)
app.command("import", rich_help_panel=FILES)(import_file)
app.add_typer(evidence_app, name="evidence", rich_help_panel=TRUST)
for command in (claims, parameters, calibrate, validate, credibility):
    app.command(rich_help_panel=TRUST)(command)
app.add_typer(ledger_app, name="ledger", rich_help_panel=TRUST)


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


def main() -> int:
    """Runs the command line and gives its exit code: 0 done, 2 bad input, 3 interrupted, 4 no release, 1 our fault."""
    try:
        return _main()
    except KeyboardInterrupt:  # a second Ctrl-C, while the first was being told
        return _interrupted("interrupted")


def _main() -> int:
    from anagen.core.errors import InputError

    gc.set_threshold(OBJECTS_PER_COLLECTION)
    # before NumPy is loaded; a caller who wants more threads says so
    os.environ.setdefault(BLAS_THREADS, "1")
    try:
        return _exit_code(app(prog_name="anagen", standalone_mode=False))
    except SystemExit as end:
        return _exit_code(end.code)
    except typer.Abort:
        return _interrupted("interrupted")
    except InputError as error:
        return _bad_input(error)
    except KeyboardInterrupt:
        return _interrupted("interrupted")
    except BrokenPipeError:
        return _reader_gone()
    except Exception as error:
        return _wrong_usage(error) if isinstance(error, _USAGE) else _fault(error)


def _exit_code(code: object) -> int:
    if code == TYPER_INTERRUPTED:
        return _interrupted("interrupted")
    if code == TYPER_BROKEN_PIPE:
        return _reader_gone()
    until_reader_leaves(sys.stdout.flush)
    return code if isinstance(code, int) else DONE


def _wrong_usage(error: Any) -> int:
    """Tells of a wrong command line as typer does, in words of ours, and as one document where that is asked for."""
    from typer.rich_utils import rich_format_error

    from anagen.core.errors import InputError, Problem

    for words, ours in _OUR_WORDS:
        error.message = re.sub(words, ours, error.message)
    rich_format_error(error)
    if "--json" in sys.argv:
        option = getattr(getattr(error, "param", None), "opts", None) or [""]
        _print_problems(InputError([Problem(None, None, None, str(option[0]), error.format_message())]))
    return int(error.exit_code)


def _print_problems(error: InputError) -> None:
    from dataclasses import asdict

    from anagen.cli.console import print_json

    until_reader_leaves(lambda: print_json({"ok": False, "problems": [asdict(problem) for problem in error.problems]}))


def _as_options(error: InputError) -> InputError:
    """The problems of a function's arguments under the options of the running command that give them."""
    from dataclasses import replace

    command: Any = typer.main.get_command(app)
    for word in sys.argv[1:]:
        command = getattr(command, "commands", {}).get(word, command)
    options = {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
    place = next((option for option in ("--out", "--ledger") if option in options), "")
    problems: list[Problem] = []
    for problem in error.problems:
        if problem.file and problem.line is None and problem.field == "path" and place:
            words = problem.message.replace("another path", f"another {place}").replace("overwrite=True", "--overwrite")
            problems.append(replace(problem, field=place, message=words))
            continue
        name = f"--{problem.field.partition(' ')[0].replace('_', '-')}"
        named = problem.line is None and name in options
        problems.append(replace(problem, field=f"--{problem.field}") if named else problem)
    return type(error)(problems)


def _bad_input(error: InputError) -> int:
    error = _as_options(error)
    for problem in error.problems:
        print(problem.text(), file=sys.stderr)
    if "--json" in sys.argv:
        _print_problems(error)
    return BAD_INPUT


def _interrupted(message: str) -> int:
    _end_undisturbed()
    print(message, file=sys.stderr)
    return INTERRUPTED


def _end_undisturbed() -> None:
    """The command is over: a further signal changes neither what is said nor the exit code."""
    import signal

    from anagen.core.interruption import handle

    handle(signal.SIG_IGN)


def _reader_gone() -> int:
    """`anagen ... | head` is no fault."""
    close_output()
    return DONE


def _fault(error: Exception) -> int:
    """Says what went wrong in a line and leaves the rest in a log file."""
    _end_undisturbed()
    from anagen.core.errors import AnagenError, InputError, Problem
    from anagen.runs.folders import RunInterrupted

    if isinstance(error, RunInterrupted):
        return _interrupted(str(error))
    log = _write_log(error)
    kind = "" if isinstance(error, AnagenError) else f"{type(error).__name__}: "
    print(f"anagen stopped: {kind}{error}\nDetails are in {log}", file=sys.stderr)
    if "--json" in sys.argv:
        _print_problems(InputError([Problem(log, None, None, "", f"anagen stopped: {kind}{error}")]))
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
