"""Files of other programs, and our own files of another kind: recognised by their content, with what to do instead.

Only what a file cannot have by chance is asked for: the first bytes of binary formats, and in text a line that every
file of that kind has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Wanted = Literal[
    "study file",
    "product file",
    "network file",
    "ledger",
    "evidence table",
    "assay table",
    "assay of the network",
    "parameter file",
    "posterior manifest",
    "posterior",
    "scenario file",
    "search file",
    "table of a model",
    "table of patients",
    "table of a trial",
]
"""What a reader expects."""

_LOOKED_AT = 20_000
INSTEAD: dict[Wanted, str] = {
    "study file": "write the trial down as YAML; `anagen studies` lists studies to start from",
    "product file": "write the product down as TOML; `anagen product list` names products to start from",
    "network file": "write nodes and edges down as TOML, in tables [node.NAME] and [[edge]]",
    "ledger": "`anagen ledger freeze STUDY` writes one",
    "evidence table": "save the table as CSV in UTF-8 with commas, with the columns of the shipped table",
    "assay table": "save the table as CSV in UTF-8 with commas, with the columns preparation, dose and response",
    "assay of the network": "save the table as CSV in UTF-8 with commas, with the columns readout, value and error",
    "parameter file": "write the numbers down as TOML, each with value, unit, source and grade",
    "posterior": "name the .parquet file of a posterior, with its .json beside it",
    "posterior manifest": "keep the .json that was written beside the draws",
    "scenario file": "write the scenarios down as YAML, with truths and designs",
    "table of a model": "save the table as CSV in UTF-8 with commas, with the columns quantity, means and name",
    "table of patients": "save the table as CSV in UTF-8 with commas, with the columns age and sex, one row a patient",
    "table of a trial": "`anagen import trial FILE` without --table prints the table to fill in",
    "search file": "write down as YAML what varies, such as dose: [1e9, 1e10]",
}
_TABLES: dict[Wanted, str] = {
    "table of patients": "save the sheet as CSV in UTF-8 with commas between the fields and points in the numbers",
    "table of a trial": "save the sheet as CSV in UTF-8 with commas between the fields and points in the numbers",
    "table of a model": "save the sheet as CSV in UTF-8 with commas between the fields and points in the numbers",
    "evidence table": "save the sheet as CSV in UTF-8 with commas between the fields and points in the numbers",
    "assay table": "save the sheet as CSV in UTF-8 with commas between the fields and points in the numbers",
    "assay of the network": "save the sheet as CSV in UTF-8 with commas between the fields and points in the numbers",
}


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of file: what it is called, what shows it, and what to do with it where one of ours is wanted."""

    title: str
    sign: re.Pattern[bytes]
    advice: dict[Wanted, str]
    ours: Wanted | None = None


def _starts(text: bytes) -> re.Pattern[bytes]:
    return re.compile(text, re.DOTALL)


def _has_lines(*lines: bytes) -> re.Pattern[bytes]:
    """All of these at the start of some line, in any order."""
    return re.compile(b"".join(rb"(?=.*?(?:^|[\r\n])" + line + b")" for line in lines), re.DOTALL)


_SHEETS = _TABLES
_TRIAL_DATA: dict[Wanted, str] = {
    **_TABLES,
    "study file": "data of patients are not read; take age, arms, sizes and visits from them and write a study file",
}
_MECHANISM: dict[Wanted, str] = {"network file": "`anagen import FORMAT FILE` makes one of an SBML model"}
_SIZES: dict[Wanted, str] = {
    "product file": "`anagen product count FILE` reads it and prints what stands under [particles] in a product file"
}
_PRODUCT: dict[Wanted, str] = {
    "study file": "`anagen product check FILE` checks it, and a study names it under `product:` of a therapy"
}
_NETWORK: dict[Wanted, str] = {
    "study file": "`anagen network show --file FILE` checks it, and a study names it under `mechanism: {network: FILE}`"
}
_OURS = (
    _Kind("a study file", _has_lines(rb"study\s*:", rb"arms\s*:"), {}, "study file"),
    _Kind("a ledger", _has_lines(rb"\[\[\s*prediction\s*\]\]"), {}, "ledger"),
    _Kind("a product file", _has_lines(rb"\[\s*preparation\s*\]", rb"\[\s*particles\b"), _PRODUCT, "product file"),
    _Kind("a network file", _has_lines(rb"(?:\[\[\s*edge\s*\]\]|\[\s*(?:node|input)\s*\.)"), _NETWORK, "network file"),
    _Kind("a table of evidence", _starts(rb"study,[a-z_]+,[a-z_,]*\bendpoint\b"), {}, "evidence table"),
    _Kind(
        "a parameter file",
        _has_lines(rb"\[[\w.\"-]+\]\s*[\r\n]+value\s*=.*?[\r\n]+unit\s*=", rb"grade\s*="),
        {},
        "parameter file",
    ),
)
_BINARY = (
    _Kind("a workbook of Excel or another spreadsheet", _starts(rb"PK\x03\x04.*(?:xl/|spreadsheet)"), _SHEETS),
    _Kind("a workbook of an old Excel", _starts(rb"\xd0\xcf\x11\xe0"), _SHEETS),
    _Kind("a document of Word", _starts(rb"PK\x03\x04.*word/"), {}),
    _Kind("a zip archive", _starts(rb"PK\x03\x04"), dict.fromkeys(INSTEAD, "unpack it and name the file in it")),
    _Kind("a compressed file", _starts(rb"\x1f\x8b|BZh|\xfd7zXZ"), dict.fromkeys(INSTEAD, "unpack it first")),
    _Kind("text in UTF-16", _starts(rb"\xff\xfe|\xfe\xff"), dict.fromkeys(INSTEAD, "save it as UTF-8")),
    _Kind("a Parquet file", _starts(rb"PAR1"), {}),
    _Kind("a PDF", _starts(rb"%PDF-"), {}),
    _Kind("a picture", _starts(rb"\x89PNG|\xff\xd8\xff|GIF8|II\*\x00|MM\x00\*"), {}),
    _Kind("a SAS transport file (XPT)", _starts(rb"HEADER RECORD\*{7}LIB"), _TRIAL_DATA),
    _Kind("a SAS data set", _starts(rb"\x00{12}\xc2\xea\x81\x60"), _TRIAL_DATA),
    _Kind("an SPSS file", _starts(rb"\$FL[23]@"), _TRIAL_DATA),
)
_TEXTS = (
    _Kind("an SBML model", _starts(rb"\s*<\?xml.*<sbml\b|\s*<sbml\b"), _MECHANISM),
    _Kind("a web page", _starts(rb"(?i:\s*<!doctype html|\s*<html)"), {}),
    _Kind("an XML file", _starts(rb"\s*<(?:\?xml|[A-Za-z])"), {}),
    _Kind("a PEtab problem", _has_lines(rb"format_version\s*:", rb"(?:problems|parameter_files?)\s*:"), _MECHANISM),
    _Kind("a table of a PEtab problem", _starts(rb"[^\r\n]*\b(?:observable|parameter|condition)Id\t"), _MECHANISM),
    _Kind(
        "an export of particle tracking (ZetaView)",
        _starts(rb"(?:Original File:\t|.*[\r\n]ZetaV(?i:iew) S/N:|.*[\r\n]Size / nm\tNumber\t)"),
        _SIZES,
    ),
    _Kind(
        "an export of particle tracking (NanoSight)",
        _has_lines(rb"[^\w\r\n]*(?:NTA Version|\[?Auto Report|NTA Software)|Bin centre \(nm\)"),
        _SIZES,
    ),
    _Kind("a result of a run", _starts(rb'\s*\{.*"package"\s*:\s*"anagen"'), {}),
    _Kind("a JSON file", _starts(rb'\s*\{\s*"'), {}),
    _Kind(
        "a table with tabs between the fields",
        _starts(rb"[\w .]+\t[^\r\n]*\t[^\r\n]*[\r\n]+[^\t\r\n]*\t[^\r\n]*\t"),
        _TABLES,
    ),
    _Kind(
        "a table with semicolons between the fields", _starts(rb"[\w \"]+;[^\r\n]*;[^\r\n]*[\r\n]+[^;\r\n]*;"), _TABLES
    ),
    _Kind("a table (CSV)", _starts(rb"[\w \"]+,[\w \"]+,[\w \",]*[\r\n]+[^,\r\n]*,[^,\r\n]*,"), _TABLES),
)
_JSON_IS_READ: tuple[Wanted, ...] = ("study file", "posterior manifest")


def foreign(raw: bytes, wanted: Wanted) -> str | None:
    """What a file is where it is not of the kind that is wanted, and what to do; None where it may be of that kind.

    Parameters
    ----------
    raw : bytes
        The file, or its beginning.
    wanted : Wanted
        What is expected.

    Returns
    -------
    str or None
        A message for the user.

    Examples
    --------
    >>> foreign(b"%PDF-1.7", "product file")
    'is a PDF, not a product file; write the product down as TOML; `anagen product list` names products to start from'
    >>> foreign(b'name = "mine"', "product file") is None
    True
    """
    head = raw[:_LOOKED_AT].removeprefix(b"\xef\xbb\xbf")
    for kind in _BINARY:
        # the list of what an archive holds stands at its end
        if kind.sign.match(head) or (head.startswith(b"PK") and kind.sign.match(head + raw[-_LOOKED_AT:])):
            return _words(kind, wanted)
    mine = [kind.ours for kind in _OURS if kind.sign.match(head)]
    if wanted in mine:
        return None
    for kind in (*_OURS, *_TEXTS):
        if kind.title == "a table (CSV)" and wanted in _TABLES:
            continue
        if kind.title in ("a JSON file", "a result of a run") and wanted in _JSON_IS_READ:
            continue
        if kind.sign.match(head):
            return _words(kind, wanted)
    return None


def kind_of(raw: bytes) -> str | None:
    """What a file is, as far as its content shows.

    Parameters
    ----------
    raw : bytes
        The file, or its beginning.

    Returns
    -------
    str or None
        With its article.

    Examples
    --------
    >>> kind_of(b"%PDF-1.7"), kind_of(b"study: mine\\narms:\\n")
    ('a PDF', 'a study file')
    """
    head = raw[:_LOOKED_AT].removeprefix(b"\xef\xbb\xbf")
    for kind in (*_BINARY, *_OURS, *_TEXTS):
        if kind.sign.match(head) or (head.startswith(b"PK") and kind.sign.match(head + raw[-_LOOKED_AT:])):
            return kind.title
    return None


def _words(kind: _Kind, wanted: Wanted) -> str:
    article = "an" if wanted[0] in "aeiou" else "a"
    return f"is {kind.title}, not {article} {wanted}; {kind.advice.get(wanted, INSTEAD[wanted])}"
