"""From exports of instruments to a count: which instrument, which dilution, what is doubtful."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from anagen.core.errors import InputError, Problem
from anagen.formats.nta import nanoflow, nanosight, zetaview
from anagen.formats.nta.count import Count, Measured, Values, measured_of
from anagen.formats.nta.export import Export, refused

LARGEST_FILE = 50_000_000
CUT_OFF = 0.2
"""Share of the highest number of particles that the largest size holds, from which a file may be cut off."""
_BINARY = {b"PK\x03\x04": "a workbook or an archive", b"\xd0\xcf\x11\xe0": "an old workbook", b"%PDF": "a PDF",
           b"FCS": "a file of flow cytometry (FCS)"}  # fmt: skip
EXPECTED = (
    "expected the text export of ZetaView, the summary of NanoSight (CSV or text), or a table of a nano-flow cytometer "
    'with a column "Size (nm)"'
)


def read_count(
    files: Sequence[Path], values: Values, *, dilution: float | None = None, volume: float | None = None
) -> Count:
    """Read the exports of one sample.

    Parameters
    ----------
    files : Sequence of Path
        One or more exports.
    values : Mapping[str, float]
        Values of the group "release" of the parameters.
    dilution : float, optional
        How often the sample was diluted, where the files tell none.
    volume : float, optional
        Volume analysed [mL], for tables of single events.

    Returns
    -------
    Count
        Concentration, sizes, doubts.

    Raises
    ------
    InputError
        With what was expected, where a file is of another kind, holds no sizes or no concentration, or tells another
        dilution than is given; and where the files are of several instruments, whose counts are no replicates.
    """
    measured, problems = list[Measured](), list[Problem]()
    for path in files:
        try:
            measured.append(_read(path, values, dilution, volume))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    _check_alike(measured, [str(path) for path in files])
    return Count(tuple(measured), values["release.replicate_cv"])


def _check_alike(measured: list[Measured], files: list[str]) -> None:
    """Counts of several instruments are not averaged: they differ by what each can see, tenfold between methods."""
    by_instrument: dict[str, list[str]] = {}
    for entry, file in zip(measured, files, strict=True):
        by_instrument.setdefault(entry.instrument, []).append(Path(file).name)
    if len(by_instrument) > 1:
        each = "; ".join(f"{instrument}: {', '.join(names)}" for instrument, names in by_instrument.items())
        words = f"are of {len(by_instrument)} instruments and are not averaged ({each})"
        raise InputError(
            [Problem(None, None, None, "FILE...", f"{words}; count those of each instrument by themselves")]
        )
    twice = sorted({Path(file).name for file in files if files.count(file) > 1})
    if twice:
        raise InputError([Problem(None, None, None, "FILE...", f"{', '.join(twice)} is named more than once")])


def read_export(text: str, file: str, volume: float | None = None) -> Export:
    """The export of an instrument, recognised by its content.

    Parameters
    ----------
    text : str
        The file.
    file : str
        Its name in messages.
    volume : float, optional
        Volume analysed [mL], for tables of single events.

    Raises
    ------
    InputError
        Where it is none.
    """
    if zetaview.SIGN.search(text):
        return zetaview.read_zetaview(text, file)
    if nanosight.SIGN.search(text):
        return nanosight.read_nanosight(text, file)
    if nanoflow.SIGN.search(text):
        return nanoflow.read_nanoflow(text, file, volume)
    raise refused(file, f"is no count of particles that can be read; {EXPECTED}")


def _read(path: Path, values: Values, given: float | None, volume: float | None) -> Measured:
    file = str(path)
    export = read_export(_text(path), file, volume)
    if not (export.original or export.concentration or 0.0) > 0.0:
        words = "tells no concentration"
        flow = export.instrument == "nano-flow cytometer"
        hint = "; name the volume that was analysed by `anagen product count FILE --volume VOLUME`" if flow else ""
        raise refused(file, f"{words}{hint}")
    told, doubts = export.dilution, list[str]()
    if told is not None and told < 1.0:
        raise refused(file, f"tells a dilution of {told:g}; a sample is diluted 1 time or more")
    if told is not None and told > 1.0 and given is not None and abs(given / told - 1.0) > 1e-6:
        raise refused(file, f"tells a dilution of {told:g}, and --dilution says {given:g}; leave one of them out")
    dilution = given if given is not None and (told is None or told == 1.0) else told
    if dilution is None and export.original is None:
        doubts.append("no dilution is told; the concentration is that of what was measured")
    elif dilution is None:
        doubts.append(
            "no dilution is told; the concentration is that of the sample, as its name says, and whether the chamber "
            "held too many or too few particles is not known"
        )
    elif told == 1.0 and given is None:
        doubts.append("the file tells a dilution of 1; give --dilution if the sample was diluted")
    last = float(export.weights[int(np.argmax(export.sizes))] / export.weights.max())
    if export.instrument != "nano-flow cytometer" and last > CUT_OFF:
        doubts.append(
            f"the sizes end at {export.sizes.max():g} nm, where {100.0 * last:.0f} % of the highest number is still "
            "counted; the file may be cut off"
        )
    return measured_of(export, path.name, dilution, values, doubts)


def _text(path: Path) -> str:
    """Text of an export; instruments write UTF-8, UTF-16 or the code page of Western Windows."""
    file = str(path)
    try:
        with path.open("rb") as stream:
            raw = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise refused(file, f"cannot be read: {error.strerror or error}") from None
    if len(raw) > LARGEST_FILE:
        raise refused(file, f"is larger than {LARGEST_FILE // 1_000_000} MB")
    for sign, kind in _BINARY.items():
        if raw.startswith(sign):
            raise refused(file, f"is {kind}; {EXPECTED}")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")
