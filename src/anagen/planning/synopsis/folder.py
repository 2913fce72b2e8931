"""The files of a protocol: HTML, DOCX, JSON and the table of its items."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from anagen.core.disk import write_durably
from anagen.planning.synopsis.page import build_page
from anagen.planning.synopsis.word import word_file

if TYPE_CHECKING:
    from anagen.planning.synopsis.result import ProtocolSynopsis

PAGE, WORD, DOCUMENT, ITEMS = "protocol.html", "protocol.docx", "protocol.json", "items.csv"


def write_protocol(result: ProtocolSynopsis, folder: Path) -> Path:
    """Write protocol.html, protocol.docx, protocol.json and items.csv.

    The same result gives the same bytes.

    Parameters
    ----------
    result : ProtocolSynopsis
        What is written.
    folder : Path
        An existing folder.

    Returns
    -------
    Path
        The page.
    """
    write_durably(folder / ITEMS, result.table.to_csv(index=False, lineterminator="\n").encode())
    write_durably(folder / DOCUMENT, f"{result.to_json()}\n".encode())
    write_durably(folder / WORD, word_file(result))
    page = folder / PAGE
    write_durably(page, build_page(result).encode())
    return page
