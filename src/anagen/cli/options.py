"""What commands share: values of the command line, the source of parameters, response curves run and printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from anagen.core.errors import Problem
    from anagen.parameters import ParameterSource
    from anagen.runs.options import RunOptions
    from anagen.study import Override
    from anagen.sweeps import Sweep

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


def chosen_source(named: str) -> ParameterSource:
    """The source of parameters that an option names; what a reader should know of it goes to standard error.

    Raises:
        InputError: where there is none of that name, or its posterior cannot be used.
    """
    from anagen.cli.console import say
    from anagen.parameters import parameter_source

    return parameter_source(named, tell=lambda message: say(f"warning: {message}"))


def run_curve(make: Callable[[], Sweep], options: RunOptions, as_json: bool) -> None:
    """Runs the response curve that `make` plans, writes its folder and prints it.

    Raises:
        InputError: where it cannot be run. RunInterrupted: on Ctrl-C and on the signal to end.
    """
    import signal

    from anagen.cli.console import ProgressBar, print_json

    # A batch system that ends a run early is to find what is done kept, as after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with ProgressBar() as bar:
        from anagen.sweeps.job import curve_to_folder

        options = replace(options, source=chosen_source(str(options.source)))
        finished = curve_to_folder(make(), options, progress=bar.advance, stage=bar.stage)
    from anagen.cli.summary import print_curve, summarise_curve

    summary = summarise_curve(finished)
    if as_json:
        print_json(summary)
    else:
        print_curve(summary)


def read_overrides(sets: list[str], without: list[str]) -> tuple[list[tuple[Override, ...]], list[Override]]:
    """Values of every --set, and what --without silences.

    Raises:
        InputError: with every option that cannot be read.
    """
    if not sets and not without:
        return [], []
    from anagen.core.errors import InputError
    from anagen.study import parse_set, without_edge

    found: list[tuple[Override, ...]] = []
    problems: list[Problem] = []
    for argument in sets:
        try:
            found.append(parse_set(argument))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return found, [without_edge(name) for name in without]


def refuse_lists(values: list[tuple[Override, ...]]) -> None:
    """Refuses options with several values where one study is expected.

    Raises:
        InputError: with each of them.
    """
    from anagen.core.errors import InputError, Problem

    several = [each for each in values if len(each) > 1]
    if several:
        message = "has several values; `anagen run` makes a response curve of them, here one is expected"
        raise InputError([Problem(None, None, None, f"--set {each[0].path}", message) for each in several])
