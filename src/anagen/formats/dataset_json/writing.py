"""Writes a dataset as Dataset-JSON 1.1, without the clock."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd

from anagen.core.provenance import package_version
from anagen.formats.dataset import Dataset, Kind
from anagen.formats.dataset_json.kinds import FORMATS, TYPES, VERSION

CREATED = "1970-01-01T00:00:00Z"
"""Stands for the time of writing, which the standard asks for and which would differ from one file to the next."""


def json_bytes(dataset: Dataset, *, study: str, metadata: str | None = None) -> bytes:
    """A dataset as Dataset-JSON.

    Parameters
    ----------
    dataset : Dataset
        Any.
    study : str
        Identifier of the study.
    metadata : str, optional
        Name of the define.xml beside it.

    Returns
    -------
    bytes
        UTF-8, a row a line; the same for the same dataset.
    """
    columns: list[dict[str, Any]] = []
    for column in dataset.columns:
        kind, target = TYPES[column.kind]
        entry: dict[str, Any] = {"itemOID": f"IT.{dataset.name}.{column.name}", "name": column.name}
        entry |= {"label": column.label, "dataType": kind}
        entry |= {} if target is None else {"targetDataType": target}
        entry |= {} if column.length is None else {"length": column.length}
        entry |= {"displayFormat": FORMATS[column.kind]} if column.kind in FORMATS else {}
        entry |= {"keySequence": 1 + dataset.keys.index(column.name)} if column.name in dataset.keys else {}
        columns.append(entry)
    head: dict[str, Any] = {
        "datasetJSONCreationDateTime": CREATED,
        "datasetJSONVersion": VERSION,
        "originator": "Anagen: simulated data",
        "sourceSystem": {"name": "Anagen", "version": package_version()},
        "studyOID": f"ST.{study}",
        **({} if metadata is None else {"metaDataVersionOID": f"MDV.{study}", "metaDataRef": metadata}),
        "itemGroupOID": f"IG.{dataset.name}",
        "records": len(dataset.table),
        "name": dataset.name,
        "label": dataset.label,
        "columns": columns,
    }
    values = [_plain(dataset.table[column.name], column.kind) for column in dataset.columns]
    rows = ",\n".join(json.dumps(row, ensure_ascii=False, allow_nan=False) for row in zip(*values, strict=True))
    text = json.dumps(head, ensure_ascii=False, allow_nan=False, indent=1).removesuffix("\n}")
    return f'{text},\n "rows": [\n{rows}\n ]\n}}\n'.encode()


def _plain(values: pd.Series[Any], kind: Kind) -> list[Any]:
    """Values as JSON has them, missing ones null."""
    there = values.notna().tolist()
    match kind:
        case "integer":
            plain: list[Any] = [int(value) if known else None for value, known in zip(values, there, strict=True)]
        case "date":
            plain = values.dt.strftime("%Y-%m-%d").tolist()
        case "datetime":
            plain = values.dt.strftime("%Y-%m-%dT%H:%M:%S").tolist()
        case "time":
            plain = pd.to_datetime(values, unit="s").dt.strftime("%H:%M:%S").tolist()
        case _:
            plain = values.astype("object").tolist()
    return [value if known else None for value, known in zip(plain, there, strict=True)]
