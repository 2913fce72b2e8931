"""The folder of an explanation: JSON, tables, pictures and page, written whole or not at all."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from anagen.core.errors import InputError, Problem
from anagen.core.files import rename_durably, write_durably
from anagen.explanation import wording
from anagen.explanation.explain import Explanation
from anagen.explanation.page import build_page, draw_pictures

PAGE, DOCUMENT = "explain.html", "explain.json"
PARTIAL = ".partial"


def document_of(found: Explanation) -> dict[str, Any]:
    """Everything that was found, as plain values: what `anagen explain --json` prints."""
    return {
        **found.about,
        "headline": wording.headline(found),
        "findings": wording.sentences(found),
        "notes": wording.notes(found),
        **{name: table.to_dict(orient="records") for name, table in found.tables().items()},
    }


def check_free(folder: Path) -> None:
    """Refuses a folder that exists, before any work is done.

    Raises:
        InputError: where it exists.
    """
    if folder.exists():
        message = "exists already; choose another --out"
        raise InputError((Problem(str(folder), None, None, "--out", message),))


def write_explanation(found: Explanation, folder: Path, plain: Any) -> Path:
    """Writes explain.html, explain.json, a CSV file per table and the pictures; the same explanation, the same bytes.

    Args:
        found: the explanation. folder: must not exist. plain: turns the document into values that JSON has.

    Raises:
        InputError: where the folder exists or cannot be written.
    """
    check_free(folder)
    partial = folder.with_name(folder.name + PARTIAL)
    try:
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        pictures = draw_pictures(found)
        text = json.dumps(plain(document_of(found)), indent=2, ensure_ascii=False, allow_nan=False)
        write_durably(partial / DOCUMENT, f"{text}\n".encode())
        for name, table in found.tables().items():
            write_durably(partial / f"{name}.csv", table.to_csv(index=False, lineterminator="\n").encode())
        for name, picture in pictures.items():
            write_durably(partial / f"{name}.svg", picture.svg)
            write_durably(partial / f"{name}.png", picture.png)
        write_durably(partial / PAGE, build_page(found, pictures).encode())
        rename_durably(partial, folder)
    except OSError as error:
        shutil.rmtree(partial, ignore_errors=True)
        message = f"cannot be written: {error.strerror or error}"
        raise InputError((Problem(str(folder), None, None, "--out", message),)) from error
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return folder
