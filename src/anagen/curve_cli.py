"""What the commands that make response curves share: run, print, one JSON document."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anagen.jobs import RunOptions
    from anagen.sweeps import Sweep


def run_curve(make: Callable[[], Sweep], options: RunOptions, as_json: bool) -> None:
    """Runs the response curve that `make` plans, writes its folder and prints it.

    Raises:
        InputError: where it cannot be run. RunInterrupted: on Ctrl-C and on the signal to end.
    """
    import signal

    from anagen.console import ProgressBar, print_json

    # A batch system that ends a run early is to find what is done kept, as after Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with ProgressBar() as bar:
        from anagen.jobs import curve_to_folder

        finished = curve_to_folder(make(), options, progress=bar.advance, stage=bar.stage)
    from anagen.summary import print_curve, summarise_curve

    summary = summarise_curve(finished)
    if as_json:
        print_json(summary)
    else:
        print_curve(summary)
