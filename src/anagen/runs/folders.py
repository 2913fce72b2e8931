"""Claims a result folder for one run, and keeps beside it what is finished of a run that is stopped."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from anagen.core.errors import AnagenError, InputError, Problem
from anagen.execution import ChunkStore, FolderInUse, Interrupted
from anagen.results import free_folder, prepare_folder
from anagen.runs.options import RunOptions

RESULTS = Path("results")
REPORT = "report.html"
WORK = ".work"


class RunInterrupted(AnagenError):
    """A run was stopped from outside; what was finished is kept."""


@contextmanager
def kept(store: ChunkStore) -> Generator[None]:
    """Turns an interruption into words that say what is kept."""
    try:
        yield
    except (KeyboardInterrupt, Interrupted) as error:
        told = f"what is done is kept in {store.folder}; the same command goes on from there"
        raise RunInterrupted(f"interrupted; {told if len(store) else 'nothing was finished yet'}") from error


@contextmanager
def claimed(study: str, options: RunOptions) -> Generator[tuple[Path, ChunkStore]]:
    """The result folder and the store beside it, held for this run; removes what it made where nothing was finished."""
    made: list[Path] = []
    with ExitStack() as held:
        folder, store = _claim(study, options, held, made)
        with _removed_if_empty(store, made):
            yield folder, store


@contextmanager
def claimed_file(file: Path) -> Generator[ChunkStore]:
    """The store beside a file that a run writes, held for this run; removes what it made where nothing was finished."""
    made: list[Path] = []
    with ExitStack() as held:
        store = _hold(file, held, made)
        with _removed_if_empty(store, made):
            yield store


def _claim(study: str, options: RunOptions, held: ExitStack, made: list[Path]) -> tuple[Path, ChunkStore]:
    if options.out is not None:
        prepare_folder(options.out, overwrite=options.overwrite)
        return options.out, _hold(options.out, held, made)
    taken: set[Path] = set()
    while True:
        folder = free_folder(RESULTS, study, taken)
        try:
            return folder, _hold(folder, held, made)
        except FolderInUse:
            # The same study is running into this folder now; this run takes the next name.
            taken.add(folder)


def _hold(folder: Path, held: ExitStack, made: list[Path]) -> ChunkStore:
    store = ChunkStore(folder.with_name(folder.name + WORK))
    made += [parent for parent in store.folder.parents if not parent.exists()]
    try:
        held.enter_context(store.locked())
    except OSError as error:
        message = f"cannot be written: {error.strerror or error}"
        raise InputError((Problem(str(folder), None, None, "--out", message),)) from error
    return store


@contextmanager
def _removed_if_empty(store: ChunkStore, made: list[Path]) -> Generator[None]:
    try:
        yield
    finally:
        if len(store) == 0:
            store.clear()
            _remove_empty(made)


def _remove_empty(folders: list[Path]) -> None:
    """Innermost first, as `Path.parents` gives them."""
    for folder in folders:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
