"""What commands share: every option declared once, the work shown and stoppable, one way to print."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anagen.core.numbers import MOST_DRAWS, MOST_WORKERS

if TYPE_CHECKING:
    from anagen.core.errors import Problem
    from anagen.core.progress import Progress
    from anagen.execution import Workers
    from anagen.parameters import ParameterSource
    from anagen.study import Override

StudyArgument = Annotated[str, typer.Argument(metavar="STUDY", help="A study file, or the name of a shipped study.")]
ArmOption = Annotated[
    str | None, typer.Option("--arm", help="The arm that is meant. [the first that is not a control]")
]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Seed of every random number.")]
DRAWS = 200
"""Parameter draws of a command that is given no number."""
EXPLAIN_DRAWS = 20
"""Parameter draws of an explanation: each takes every part of what is given away in turn."""
DrawsOption = Annotated[
    int,
    typer.Option(
        "--draws", min=0, max=MOST_DRAWS, help="Parameter draws; below 20 the central values are told, without a band."
    ),
]
WorkersOption = Annotated[
    int, typer.Option("--workers", min=1, max=MOST_WORKERS, help="Processes; results do not depend on it.")
]
ClusterOption = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        metavar="ADDRESS|FILE",
        help="A Dask cluster in place of --workers: tcp://HOST:PORT of its scheduler, the .json file that it wrote, or "
        "a Dask configuration (.yaml). Results do not depend on it.",
    ),
]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="Result folder, or file of a page. [a free name under results/]")
]
OverwriteOption = Annotated[
    bool, typer.Option("--overwrite", help="Replace an earlier result folder, and files that options name.")
]
OverwriteFileOption = Annotated[bool, typer.Option("--overwrite", help="Replace the file that --out names.")]
NoVerifyOption = Annotated[
    bool, typer.Option("--no-verify", help="Do not compare the files with the hashes in the manifest first.")
]
NoReportOption = Annotated[bool, typer.Option("--no-report", help="Write tables only, no report and pictures.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="A value in place of the file's, such as arms.exosome.dose=1e9; can be repeated. "
        "For `run`, a comma list of values (1e8,1e9) makes a response curve.",
    ),
]
WithoutOption = Annotated[
    list[str] | None,
    typer.Option(
        "--without",
        metavar="EDGE",
        help='An edge ("AR->DKK1"), node or input of the signalling network to silence; can be repeated.',
    ),
]
ParametersOption = Annotated[
    str,
    typer.Option(
        "--parameters",
        metavar="prior|posterior|FILE",
        show_default=False,
        help="Where parameter values come from: priors alone, the posterior of this version, or a posterior in a "
        ".parquet file with its .json beside it. [the posterior where this version comes with one, else the priors]",
    ),
]
ANY_SOURCE = "default"


def emit(document: object, as_json: bool, show: Callable[[], object]) -> None:
    """Print a result: as one JSON document, or as `show` prints it for people.

    Parameters
    ----------
    document : object
        Plain values.
    as_json : bool
        Whether --json was given.
    show : callable
        Prints the text.
    """
    if as_json:
        from anagen.cli.console import print_json

        until_reader_leaves(lambda: print_json(document))
    else:
        until_reader_leaves(show)


def until_reader_leaves(show: Callable[[], object]) -> None:
    """Print until it is done or nobody reads any more; what the command says by its exit code is kept.

    Parameters
    ----------
    show : callable
        Prints to standard output.
    """
    try:
        show()
        sys.stdout.flush()
    except BrokenPipeError:
        close_output()


def close_output() -> None:
    """Send what is still printed nowhere; otherwise the interpreter complains when it closes standard output."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def working() -> Generator[Progress]:
    """Shows progress, and lets a batch system that ends the command keep what is done, as Ctrl-C does."""
    from anagen.core.progress import Progress

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with Progress() as progress:
        yield progress


def chosen_source(named: str) -> ParameterSource:
    """The source of parameters that an option names; what a reader should know of it goes to standard error.

    Parameters
    ----------
    named : str
        As --parameters takes it.

    Returns
    -------
    ParameterSource
        Checked.

    Raises
    ------
    InputError
        Where there is none of that name, or its posterior cannot be used.
    """
    from anagen.cli.console import say
    from anagen.parameters import parameter_source

    return parameter_source(named, tell=lambda message: say(f"warning: {message}"))


def chosen_workers(workers: int | None, cluster: str | None) -> Workers:
    """Where tasks are worked on: processes of this machine, or a cluster.

    Parameters
    ----------
    workers : int or None
        As --workers takes it; None where the command takes all processors.
    cluster : str or None
        As --cluster takes it.

    Returns
    -------
    Workers
        For the argument `workers` of a function.

    Raises
    ------
    InputError
        Where both are given, the place cannot be one, or Dask is not installed.
    """
    from anagen.execution import threads_here, workers_of

    if cluster is None:
        return threads_here() if workers is None else workers
    if workers not in (None, 1):
        from anagen.core.errors import InputError, Problem

        message = "is given beside --cluster, which has workers of its own; leave one of them out"
        raise InputError([Problem(None, None, None, "--workers", message)])
    return workers_of(cluster)


def read_overrides(
    sets: list[str] | None, without: list[str] | None
) -> tuple[list[tuple[Override, ...]], list[Override]]:
    """Values of every --set, and what --without silences.

    Parameters
    ----------
    sets : list of str or None
        As they were given.
    without : list of str or None
        As they were given.

    Returns
    -------
    list of tuple of Override
        One tuple per --set, one override per value.
    list of Override
        One per --without.

    Raises
    ------
    InputError
        With every option that cannot be read.
    """
    if not sets and not without:
        return [], []
    from anagen.core.errors import InputError
    from anagen.study import parse_set, without_edge

    values: list[tuple[Override, ...]] = []
    problems: list[Problem] = []
    for argument in sets or []:
        try:
            values.append(parse_set(argument))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return values, [without_edge(name) for name in without or []]


def single_overrides(sets: list[str] | None, without: list[str] | None) -> list[Override]:
    """Overrides of a command that takes one study.

    Parameters
    ----------
    sets : list of str or None
        As they were given.
    without : list of str or None
        As they were given.

    Returns
    -------
    list of Override
        In the order in which they were given.

    Raises
    ------
    InputError
        With every option that cannot be read or has several values.
    """
    from anagen.core.errors import InputError, Problem

    values, silenced = read_overrides(sets, without)
    several = [each for each in values if len(each) > 1]
    if several:
        message = "has several values; `anagen run` makes a response curve of them, here one is expected"
        raise InputError([Problem(None, None, None, f"--set {each[0].path}", message) for each in several])
    return [*(each[0] for each in values), *silenced]
