"""Holds a result folder for one run, and keeps beside it what is finished of a run that is stopped."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn, TypeVar

from anagen.core.disk import cannot_write, is_of_disk, mode_of
from anagen.core.errors import AnagenError, InputError, Problem
from anagen.core.files import Target
from anagen.core.interruption import handle
from anagen.core.own_folders import ForeignFolder, refuse_foreign
from anagen.execution import ChunkStore, FolderInUse, Interrupted
from anagen.results import free_folder, prepare_folder

RESULTS = Path("results")
WORK = ".work"
OUT = "path"
"""Argument that names the place; the command line tells it as its option."""
T = TypeVar("T")


class RunInterrupted(AnagenError):
    """A run was stopped from outside; what was finished is kept."""


class _Taken(InputError):
    """Another run is writing there now."""


@dataclass(frozen=True, slots=True)
class FolderOptions:
    """Where a result goes.

    Attributes
    ----------
    out : Path or None
        Result folder or file; None for the first free name under `results`.
    overwrite : bool
        Whether an earlier result there may be replaced.
    files : tuple of Target
        Further files that are written with the folder; they are checked before the work, but where a stopped call may
        have written them already.
    """

    out: Path | None = None
    overwrite: bool = False
    files: tuple[Target, ...] = ()


def into_folder(
    name: str, options: FolderOptions, work: Callable[[Path], T], write: Callable[[T, Path], object]
) -> tuple[T, Path]:
    """Do some work and write its result into a folder of its own; go on where a stopped call left off.

    Finished parts are kept in `<folder>.work` until the folder is written. Where nothing was finished, nothing is left.

    Parameters
    ----------
    name : str
        Of the folder under `results` where none is named in the options.
    options : FolderOptions
        Where the result goes.
    work : callable
        Takes the folder of finished parts; gives the result.
    write : callable
        Takes the result and the folder, and writes it whole or not at all.

    Returns
    -------
    result : T
        What `work` gave.
    folder : Path
        Where it was written.

    Raises
    ------
    InputError
        Where the folder may not be written, or as `work` raises.
    RunInterrupted
        On Ctrl-C and on the signal to end.
    """
    with ExitStack() as held:
        if options.out is not None:
            prepare_folder(options.out, overwrite=options.overwrite)
            _check(options.files, options.out)
            target, store, made = options.out, *_hold(options.out, held)
        else:
            target, store, made = _first_free(name, options.files, held)
        return _kept(target, store, made, work, write), target


def into_file(file: Path, work: Callable[[Path], T], write: Callable[[T, Path], object]) -> T:
    """Do some work and write its result into a file; go on where a stopped call left off.

    Parameters
    ----------
    file : Path
        Where the result goes; finished parts are kept in `<file>.work`.
    work : callable
        As in `into_folder`; `write` decides what happens to a file that exists.
    write : callable
        As in `into_folder`; `write` decides what happens to a file that exists.

    Returns
    -------
    T
        What `work` gave.

    Raises
    ------
    InputError
        Where the file cannot be written, or as `work` raises.
    RunInterrupted
        On Ctrl-C and on the signal to end.
    """
    with ExitStack() as held:
        store, made = _hold(file, held)
        return _kept(file, store, made, work, write)


def free_file(name: str, ending: str) -> Path:
    """First of results/<name><ending>, results/<name>-2<ending>, ... that does not exist.

    Parameters
    ----------
    name : str
        Without ending.
    ending : str
        Such as ".html".

    Returns
    -------
    Path
        A file that does not exist.
    """
    file, number = RESULTS / f"{name}{ending}", 1
    while mode_of(file, OUT) is not None:
        number += 1
        file = RESULTS / f"{name}-{number}{ending}"
    return file


def _check(files: tuple[Target, ...], target: Path) -> None:
    for file in files:
        if file.path.resolve().is_relative_to(target.resolve()):
            message = f"lies in the result folder, {target}, which holds the files of the result only"
            raise InputError([Problem(str(file.path), None, None, file.option, message)])
        if not len(_store(target)):
            file.check()


def _kept(
    target: Path,
    store: ChunkStore,
    made: list[Path],
    work: Callable[[Path], T],
    write: Callable[[T, Path], object],
) -> T:
    before, results, written = _identity(target), list[T](), False
    try:
        results.append(work(store.folder))
        write(results[0], target)
        written = True
        _finish(target)
    except (KeyboardInterrupt, Interrupted) as error:
        written = written or (bool(results) and _identity(target) != before)
        if not written:
            kept = f"what is done is kept in {store.folder}; the same command goes on from there"
            raise RunInterrupted(f"interrupted; {kept if len(store) else 'nothing was finished yet'}") from error
        _finish(target)
    except OSError as error:
        if is_of_disk(error, target):
            raise cannot_write(target, OUT, error) from error
        raise
    finally:
        if written or len(store) == 0:
            store.clear()
        if not written:
            _remove_empty(made)
    return results[0]


def _identity(target: Path) -> tuple[int, int] | None:
    """Which file or folder stands at a place; another one after it was written or replaced."""
    try:
        found = target.lstat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _finish(target: Path) -> None:
    """The result is written and only its printing is left: one Ctrl-C is passed over, a second one ends that."""

    def stop(number: int, frame: FrameType | None) -> NoReturn:
        del number, frame
        raise RunInterrupted(f"interrupted; the results are whole, in {target}")

    def wait(number: int, frame: FrameType | None) -> None:
        del number, frame
        handle(stop)

    handle(wait)


def _first_free(name: str, files: tuple[Target, ...], held: ExitStack) -> tuple[Path, ChunkStore, list[Path]]:
    taken: set[Path] = set()
    while True:
        folder = free_folder(RESULTS, name, taken)
        try:
            prepare_folder(folder)
            _check(files, folder)
            return folder, *_hold(folder, held)
        except (_Taken, ForeignFolder):
            # The same study is running into this folder now, or its places are taken; this run takes the next name.
            taken.add(folder)


def _store(target: Path) -> ChunkStore:
    return ChunkStore(target.with_name(target.name + WORK))


def _hold(target: Path, held: ExitStack) -> tuple[ChunkStore, list[Path]]:
    """The store beside a target, locked for this run, and the folders made for it, innermost first."""
    store = _store(target)
    refuse_foreign(store.folder, OUT, "what is finished of a run is kept there")
    made = [parent for parent in store.folder.parents if not parent.exists()]
    try:
        held.enter_context(store.locked())
    except FolderInUse as error:
        raise _Taken([Problem(str(target), None, None, OUT, str(error))]) from error
    except OSError as error:
        store.clear()
        _remove_empty(made)
        raise cannot_write(target, OUT, error) from error
    return store, made


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
