"""Works on tasks on the workers of a Dask cluster; outputs travel back, so that no folder has to be shared.

Scheduler and workers are asked before the first task who they are: a worker with another program, Python or library
would give other bytes. Every task is checked again, as workers may join later.
"""

from __future__ import annotations

import asyncio
import logging
import pickle
import re
import threading
import time
import warnings
from collections.abc import Callable, Coroutine, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, NoReturn, TypeVar, cast

from anagen.core.errors import InputError, Problem
from anagen.core.extras import require
from anagen.core.provenance import sha256_of_bytes
from anagen.core.reading import nearest
from anagen.execution.executor import WorkerLost
from anagen.execution.tasks import Task
from anagen.execution.versions import PROCESSOR, PROGRAM, SOURCES, differences, versions_here

T = TypeVar("T")
OPTION = "cluster"
ANSWER_SECONDS = 3.0
"""How long a scheduler may take to answer, a first worker to be there, and the workers to say who they are."""
LOOK_SECONDS = 2.0
"""Between two looks whether scheduler and workers are still there, where no output comes."""
EMPTY_SECONDS = 60.0
"""How long a cluster may be without workers: it may be growing, or its workers starting again."""
NAMED = 3
"""Workers that a message names before it only counts them."""
SCHEMES = ("tcp", "tls", "ws", "wss")
MOST_PORT, USUAL_PORT, DASHBOARD_PORT = 65_535, "8786", "8787"
PLACES = (*(f"{scheme}://HOST:PORT" for scheme in SCHEMES), "FILE.json", "FILE.yaml")
ADDRESS = re.compile(r"(?:(?P<scheme>[A-Za-z][\w+.-]*):/*)??(?P<host>\[[0-9A-Fa-f:.]+\]|[\w.-]+)?(?::(?P<port>\d+))?/*")
"""An address, or what may be meant as one: scheme, port or host can be missing."""
INSTALL = "install this version there: pip install --constraint constraints.txt anagen"


class OtherProcessorWarning(UserWarning):
    """Workers have another kind of processor than this machine; last digits may differ."""


@dataclass(frozen=True)
class DaskCluster:
    """A cluster whose scheduler is running.

    Attributes
    ----------
    place : str
        Address of its scheduler (tcp://HOST:PORT), the file (.json) that `dask scheduler --scheduler-file` wrote, or a
        Dask configuration (.yaml) with `scheduler-address` and, where needed, certificates.
    """

    place: str

    def run(self, function: Callable[[Task[Any]], T], tasks: Sequence[Task[Any]]) -> Iterator[tuple[int, T]]:
        """As `Executor.run`; InputError where the cluster cannot be used as it is."""
        with _connected(self.place) as (client, address):
            arrived: SimpleQueue[int] = SimpleQueue()
            futures: dict[int, Any] = {}
            work, here = _carried_by_value(), versions_here()
            for index, task in enumerate(tasks):
                blob = pickle.dumps((here, function, task))
                futures[index] = client.submit(work, blob, key=f"anagen-{sha256_of_bytes(blob)}", priority=-index)
                futures[index].add_done_callback(partial(_note, arrived, index))
            watch = _Watch(address)
            while futures:
                try:
                    index = arrived.get(timeout=LOOK_SECONDS)
                except Empty:
                    watch.look(len(tasks) - len(futures), len(tasks))
                    continue
                # the future is let go of with its output, which would stay on the cluster otherwise
                yield index, pickle.loads(_output(futures.pop(index), tasks[index], address))


def check_place(place: str) -> None:
    """Refuse a place that cannot be one, and say where Dask is not installed; asks nobody.

    Parameters
    ----------
    place : str
        As `DaskCluster` takes it.

    Raises
    ------
    InputError
        Naming what is wrong and the likely fix.
    """
    require("cluster", "a cluster", "distributed")
    address_of(place)


def address_of(place: str) -> str:
    """Address of a scheduler; settings of a configuration file are taken over."""
    if Path(place).suffix in (".json", ".yaml", ".yml"):
        return _address_in(Path(place))
    return _checked(place)


def _checked(place: str, file: str | None = None) -> str:
    """An address as it stands, in a file or alone; refused with what was meant."""
    if place.strip().isdigit():
        number = int(place)
        _refuse(
            f"{place!r} is no place of a scheduler; {number} processes are --workers {number}, workers={number}",
            file=file,
        )
    found = ADDRESS.fullmatch(place.strip())
    if found is None or Path(place).is_file():
        _refuse(f"{place!r} is no address of a Dask scheduler", file=file, allowed=PLACES)
    scheme, host, port = (found[name] or "" for name in ("scheme", "host", "port"))
    wrong = (
        "has no scheme" if not scheme else f"has the unknown scheme {scheme!r}" if scheme not in SCHEMES else "",
        "" if host else "has no host",
        "has no port" if not port else "" if 1 <= int(port) <= MOST_PORT else f"has a port beyond 1 to {MOST_PORT}",
    )
    right = (
        scheme if scheme in SCHEMES else nearest(scheme, SCHEMES[:2]) or SCHEMES[0],
        host or "127.0.0.1",
        USUAL_PORT if wrong[2] or (scheme.startswith("http") and port == DASHBOARD_PORT) else port,
    )
    meant = "{}://{}:{}".format(*right)
    if place != meant:
        words = " and ".join(filter(None, wrong)) or "is not spelt as an address"
        _refuse(f"{place!r} {words}", file=file, allowed=PLACES, suggestion=meant)
    return place


def _address_in(file: Path) -> str:
    if not file.is_file():
        _refuse("there is no such file", file=str(file))
    dask_config: Any = import_module("dask.config")
    yaml: Any = import_module("yaml")
    try:
        read = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        _refuse(f"cannot be read: {error}", file=str(file))
    name = "address" if file.suffix == ".json" else "scheduler-address"
    settings = cast("dict[str, object]", read) if isinstance(read, dict) else {}
    address = settings.get(name)
    if not isinstance(address, str) or "://" not in address:
        _refuse(f"has no {name}, such as tcp://HOST:PORT", file=str(file))
    if file.suffix != ".json":
        dask_config.update(dask_config.config, settings)
    return _checked(address, str(file))


@contextmanager
def _connected(place: str) -> Generator[tuple[Any, str]]:
    """A client of a cluster that was asked and found fit."""
    check_place(place)
    address = address_of(place)
    # What the client says to its log is said by us, once and in words.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    distributed: Any = import_module("distributed")
    for name in ("distributed.client", "distributed.core", "distributed.comm", "distributed.utils"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    end = time.monotonic() + ANSWER_SECONDS
    file = None if address == place else place
    while not (about := identity(address, file))["workers"]:
        if time.monotonic() > end:
            _refuse(f"the scheduler at {address} has no workers; start some with `dask worker {address}`", file=file)
        time.sleep(0.2)
    with warnings.catch_warnings():
        # Dask warns of any version that differs; those that matter are refused below.
        warnings.simplefilter("ignore")
        client = distributed.Client(address, timeout=ANSWER_SECONDS, set_as_default=False)
    try:
        _check_workers(client, address, list(about["workers"]))
        yield client, address
    finally:
        client.close(timeout=ANSWER_SECONDS)


def identity(address: str, file: str | None = None) -> dict[str, Any]:
    """What a scheduler says of itself and its workers.

    Parameters
    ----------
    address : str
        Of the scheduler.
    file : str, optional
        In which the address stands.

    Returns
    -------
    dict
        As Dask tells it.

    Raises
    ------
    InputError
        Where nobody answers, or it is no scheduler.
    """
    comm: Any = import_module("distributed.comm.core")
    security: Any = import_module("distributed.security")

    async def ask() -> Any:
        settings = security.Security().get_connection_args("client")
        line = await comm.connect(address, timeout=ANSWER_SECONDS, **settings)
        try:
            await line.write({"op": "identity", "reply": True})
            return await asyncio.wait_for(line.read(), ANSWER_SECONDS)
        finally:
            line.abort()

    try:
        about = _on_a_loop_of_its_own(ask())
    except Exception as error:  # bytes of another program are taken for lengths and types, and fail anywhere
        said = "what answers does not speak as one" if isinstance(error, MemoryError) else str(error).rstrip(".")
        said = said or "no answer"
        message = f"no Dask scheduler answers at {address} ({said}); start one with `dask scheduler`, or name another"
        _refuse(message, file=file)
    told = cast("dict[str, Any]", about) if isinstance(about, dict) else {}
    kind: object = told.get("type")
    if kind != "Scheduler":
        what = f"a {kind.lower()}" if isinstance(kind, str) else "something else"
        message = f"at {address} is {what}, not a Dask scheduler; give the address that `dask scheduler` prints"
        _refuse(message, file=file)
    return told


def _on_a_loop_of_its_own(question: Coroutine[Any, Any, T]) -> T:
    """The answer, also where the caller has an event loop running, as notebooks do.

    Raises
    ------
    TimeoutError
        Where there is none in time; a connection that another program holds open cannot be given up from within.
    """
    answers: list[T] = []
    errors: list[BaseException] = []

    def ask() -> None:
        try:
            answers.append(asyncio.run(question))
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(2.0 * ANSWER_SECONDS)
    if thread.is_alive():
        raise TimeoutError("something is there and does not answer")
    if errors:
        raise errors[0]
    return answers[0]


def _check_workers(client: Any, address: str, workers: list[str]) -> None:
    """Refuse workers that would give other bytes, or cannot work at all."""
    here, faults = versions_here(), dict[str, list[str]]()
    answers: dict[str, dict[str, str] | Exception] = client.run(versions_here, workers=workers, on_error="return")
    for worker in workers:
        told = answers.get(worker)
        fault = differences(here, told) if isinstance(told, dict) else _why_silent(told)
        faults.setdefault(fault, []).append(worker)
    faults.pop("", None)
    if faults:
        raise InputError([_of_workers(fault, places) for fault, places in faults.items()])
    others = {told[PROCESSOR] for told in answers.values() if isinstance(told, dict)} - {here[PROCESSOR]}
    if others:
        kinds = f"{', '.join(sorted(others))}, here {here[PROCESSOR]}"
        message = f"workers at {address} have processors of another kind ({kinds}); last digits may differ"
        warnings.warn(message, OtherProcessorWarning, stacklevel=2)


def _why_silent(told: object) -> str:
    if told is None:
        return "did not answer"
    missing = isinstance(told, ModuleNotFoundError) or "ModuleNotFoundError" in str(told)
    return f"anagen is not installed there ({told})" if missing else f"does not know what it runs with ({told})"


def _of_workers(fault: str, places: Sequence[str]) -> Problem:
    more = f" and {len(places) - NAMED} more" if len(places) > NAMED else ""
    fix = INSTALL if PROGRAM in fault.replace(SOURCES, "") else "install the same versions there and start it again"
    fix = "its sources are others: give it the same checkout and start it again" if SOURCES in fault else fix
    return Problem(None, None, None, OPTION, f"worker {', '.join(places[:NAMED])}{more}: {fault}; {fix}")


def _carried_by_value() -> Callable[[bytes], bytes]:
    """What a worker does; it travels with its code, as the scheduler reads it and need not have this package."""

    def work(blob: bytes) -> bytes:
        import pickle

        here, function, task = pickle.loads(blob)
        from anagen.execution.versions import differences, versions_here

        fault = differences(here, versions_here())
        if fault:
            from anagen.core.errors import InputError, Problem

            raise InputError([Problem(None, None, None, "cluster", f"a worker that joined later: {fault}")])
        return pickle.dumps(function(task))

    return work


def _output(future: Any, task: Task[Any], address: str) -> bytes:
    if future.status == "finished":
        return future.result()
    if future.status != "error":
        raise _gone(address)
    error = future.exception()
    if type(error).__name__ == "KilledWorker":
        message = f"{task.name} ended every worker that it was given to, most often because memory ran out"
        raise WorkerLost(f"{message}; give workers more memory") from error
    if isinstance(error, ModuleNotFoundError) and error.name == "anagen":
        _refuse(f"a worker that joined later at {address} has no anagen; {INSTALL}")
    raise error


@dataclass
class _Watch:
    """Looks after a cluster from which nothing comes."""

    address: str
    empty_since: float | None = None

    def look(self, done: int, total: int) -> None:
        try:
            workers = identity(self.address)["workers"]
        except InputError as error:
            raise _gone(self.address) from error
        if workers:
            self.empty_since = None
            return
        now = time.monotonic()
        self.empty_since = self.empty_since or now
        if now - self.empty_since > EMPTY_SECONDS:
            message = f"the cluster at {self.address} has had no workers for {EMPTY_SECONDS:.0f} s"
            raise WorkerLost(f"{message}, after {done} of {total} tasks; start workers and give the command again")


def _gone(address: str) -> WorkerLost:
    return WorkerLost(f"the Dask scheduler at {address} is gone; start it and give the command again")


def _note(arrived: SimpleQueue[int], index: int, future: object) -> None:
    del future
    arrived.put(index)


def _refuse(
    message: str, *, file: str | None = None, allowed: tuple[str, ...] = (), suggestion: str | None = None
) -> NoReturn:
    raise InputError([Problem(file, None, None, OPTION, message, allowed, suggestion)])
