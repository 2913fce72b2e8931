"""Writes results again and again, each time with the process killed or interrupted, or the disk full, one step later.

    python stopped_writing.py FOLDER new|overwrite kill|full|interrupt

prints one JSON document: how many steps there are, and every fault. A step is a file opened for writing, made whole on
the disk, renamed or removed, or a folder made or removed; before each, and within each write, the process is stopped.
Every try is a fork of this process, which has only imported things and found out what a manifest says of the machine.
"""

from __future__ import annotations

import errno
import gc
import importlib
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from anagen.core.disk import write_durably
from anagen.core.environment import environment
from anagen.core.errors import InputError
from anagen.core.files import Target
from anagen.execution import ChunkStore, Task, run_tasks
from anagen.results.folder import write_folder
from anagen.results.manifest import any_manifest, is_result_folder, strangers, verify
from anagen.runs.folders import FolderOptions, RunInterrupted, into_folder

DONE, REFUSED, INTERRUPTED, STOPPED, SPARED = 0, 2, 3, 99, 4
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
STEPS = ("os.mkdir", "os.rename", "os.remove", "os.rmdir")
MINE = {"out.csv.mine": b"precious", "out.mine/thesis.txt": b"precious"}
USED = (
    "anagen.execution.processes",
    "anagen.execution.serial",
    "arro3.core",
    "arro3.io",
    "email.parser",
    "nanoarrow",
)
"""Modules that the command loads when it needs them: loaded before it is forked, each try need not load them again."""
TASKS = [Task(f"part {index}", f"{index:040d}", index) for index in range(1)]


def tables(task: Task[int]) -> dict[str, pd.DataFrame]:
    return {"numbers": pd.DataFrame({"x": [task.payload]})}


def command(root: Path, text: str, *, overwrite: bool) -> None:
    """What a command does: parts that are kept, a file besides, and a folder with a folder in it."""
    csv = Target(root / "out.csv", "--csv", overwrite, goes_on=True)

    def work(kept: Path) -> bytes:
        outputs = run_tasks(TASKS, tables, store=ChunkStore(kept))
        return f"{text} {sum(int(output['numbers']['x'].iloc[0]) for output in outputs)}\n".encode()

    def fill(partial: Path) -> None:
        write_durably(partial / "table.csv", text.encode())
        (partial / "figures").mkdir()
        write_durably(partial / "figures" / "a.svg", b"<svg/>")

    def write(result: bytes, folder: Path) -> None:
        csv.write(result)
        manifest = {"package": "anagen", "version": "1", "kind": "test", "text": text}
        write_folder(folder, fill, manifest, overwrite=overwrite)

    into_folder("test", FolderOptions(root / "out", overwrite, (csv,)), work, write)


def stop_at(step: int, root: Path, mode: str) -> Callable[[], bool]:
    """Stop this process before its `step`-th step below `root`, or within it; tells whether it came so far."""
    passed = 0
    fsync = os.fsync

    def reached() -> bool:
        nonlocal passed
        passed += 1
        return passed > step

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and not (isinstance(arguments[2], int) and arguments[2] & WRITING):
            return
        if (event == "open" or event in STEPS) and str(arguments[0]).startswith(str(root)):
            needs_room = event in ("open", "os.mkdir")
            if reached() and (mode != "full" or needs_room):
                end(event)

    def end(what: str) -> None:
        if mode == "kill":
            os._exit(STOPPED)
        if mode == "interrupt":
            if passed == step + 1:
                signal.raise_signal(signal.SIGINT)
            return
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), None if what == "fsync" else str(root / "out" / "x"))

    def torn(descriptor: int) -> None:
        if reached():
            size = os.fstat(descriptor).st_size
            if mode == "kill" and os.path.isfile(f"/proc/self/fd/{descriptor}") and step % 2:
                with open(os.readlink(f"/proc/self/fd/{descriptor}"), "r+b") as stream:
                    stream.truncate(size // 2)
            end("fsync")
        fsync(descriptor)

    os.fsync = torn
    sys.addaudithook(hook)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    return lambda: passed > step


def in_fork(what: Callable[[], None]) -> tuple[int, str]:
    """Exit code and message of a command in a process of its own."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        code, message = DONE, ""
        try:
            what()
        except InputError as error:
            code, message = REFUSED, str(error)
        except (RunInterrupted, KeyboardInterrupt) as error:
            code, message = INTERRUPTED, str(error)
        except BaseException as error:
            code, message = 1, repr(error)
        os.write(writer, message.encode())
        os._exit(code)
    os.close(writer)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reader, "rb") as stream:
        return os.waitstatus_to_exitcode(status), stream.read().decode()


def content(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def is_whole(folder: Path, text: str) -> bool:
    if not is_result_folder(folder) or strangers(folder):
        return False
    manifest = any_manifest(folder)
    verify(folder, manifest)
    return manifest["text"] == text


def prepared(root: Path, *, overwrite: bool) -> None:
    root.mkdir()
    for name, data in MINE.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_bytes(data)
    if overwrite:
        in_fork(lambda: command(root, "old", overwrite=False))


def faults_of(root: Path, step: int, mode: str, wanted: dict[str, bytes], *, overwrite: bool) -> list[str] | None:
    """What is wrong after the command was stopped at a step; None where it has fewer steps."""
    prepared(root, overwrite=overwrite)

    def stopped() -> None:
        was_reached = stop_at(step, root, mode)
        command(root, "new", overwrite=overwrite)
        os._exit(SPARED if was_reached() else DONE)

    code, message = in_fork(stopped)
    if code == DONE:
        return None if content(root) == wanted else ["done, and not as it should be"]
    if code == SPARED and mode != "kill":
        return [] if content(root) == wanted else ["what went wrong was passed over, and the results are not whole"]
    faults: list[str] = []
    if code != {"kill": STOPPED, "full": REFUSED, "interrupt": INTERRUPTED}[mode]:
        faults.append(f"exit {code}: {message}")
    if mode == "interrupt" and is_whole(root / "out", "new"):
        faults.append(f"says {message}, though the results are whole")
    if mode == "full" and "cannot be written: No space left" not in message:
        faults.append(f"says {message}")
    if mode == "full" and any("partial" in path.name for path in root.iterdir()):
        faults.append(f"leaves a part behind: {sorted(content(root))}")
    places = [root / f"out{ending}" for ending in ("", ".partial", ".replaced")]
    if overwrite and not any(is_whole(place, text) for place in places for text in ("old", "new")):
        faults.append("neither the old nor the new results are whole")
    again, message = in_fork(lambda: command(root, "new", overwrite=overwrite))
    if again == REFUSED and "exists already" in message and is_whole(root / "out", "new"):
        again, message = in_fork(lambda: command(root, "new", overwrite=True))
    if again != DONE:
        faults.append(f"the same command: exit {again}: {message}")
    if content(root) != wanted:
        faults.append(f"the same command leaves {sorted(content(root).keys() ^ wanted.keys())}")
    return faults


def main() -> None:
    for name in USED:
        importlib.import_module(name)
    environment()  # what a manifest says of the machine is found out once
    gc.freeze()  # what is there need not be looked through, and so copied, in every fork
    place, overwrite, mode = Path(sys.argv[1]), sys.argv[2] == "overwrite", sys.argv[3]
    prepared(place / "wanted", overwrite=overwrite)
    code, message = in_fork(lambda: command(place / "wanted", "new", overwrite=overwrite))
    assert code == DONE, message
    wanted = content(place / "wanted")
    assert set(wanted) == {*MINE, "out.csv", "out/manifest.json", "out/table.csv", "out/figures/a.svg"}
    faults: dict[int, list[str]] = {}
    for step in range(1000):
        found = faults_of(place / "try", step, mode, wanted, overwrite=overwrite)
        if found is None:
            print(json.dumps({"steps": step, "faults": faults}))
            return
        if found:
            faults[step] = found
        shutil.rmtree(place / "try")
    raise AssertionError("the command never ends")


if __name__ == "__main__":
    main()
