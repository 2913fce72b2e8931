"""The protocol as a DOCX file, whose bytes follow from what it says: no clock, no name of a machine."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Any

from anagen.core.extras import require
from anagen.planning.synopsis.answer import capital
from anagen.planning.synopsis.items import SOURCE
from anagen.planning.synopsis.page import NOTICE
from anagen.planning.wording import DISCLAIMER

if TYPE_CHECKING:
    from anagen.planning.printed import Printed
    from anagen.planning.synopsis.result import ProtocolSynopsis

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first time that a zip file can hold; every part has it."""
CLOCKED = ("created", "modified", "lastPrinted")
"""Properties of a document that name a time; the template of the library has one of its own."""
WIDE = 7
"""Columns from which a table is set in the smallest letters."""
MARK = "OPEN POINT"


def needs_docx() -> None:
    """Refuse to write where the library that does it is not installed.

    Raises
    ------
    InputError
        Naming the extra.
    """
    require("planning", "the protocol as DOCX", "docx")


def word_file(result: ProtocolSynopsis) -> bytes:
    """Bytes of the file.

    Parameters
    ----------
    result : ProtocolSynopsis
        What is told.

    Returns
    -------
    bytes
        A DOCX file.
    """
    from docx import Document
    from docx.shared import Cm, Pt

    document: Any = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21.0), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.0)
    page.top_margin = page.bottom_margin = Cm(2.0)
    document.styles["Normal"].font.name = "Calibri"
    document.styles["Normal"].font.size = Pt(10.5)
    document.add_heading(result.title, 0)
    document.add_paragraph(result.headline())
    document.add_paragraph(NOTICE)
    document.add_paragraph(f"Items and their numbers are those of the {SOURCE}. {DISCLAIMER}")
    section = ""
    for each in result.answers:
        if each.item.section != section:
            section = each.item.section
            document.add_heading(section, 1)
        document.add_heading(f"{each.item.number}  {each.item.title}", 2)
        for paragraph in each.answer.text:
            document.add_paragraph(paragraph)
        for point in each.answer.points:
            document.add_paragraph(point, style="List Bullet")
        for table in each.answer.tables:
            _add_table(document, table)
        for point in each.answer.open:
            _add_open(document, capital(point))
    document.add_heading("Open points", 1)
    document.add_paragraph("Everything that has to be filled in, by item.")
    for number, title, point in result.open_points():
        _add_open(document, f"{number} {title}: {point}")
    document.add_heading("How it was made", 1)
    for name, text in result.method():
        document.add_paragraph(f"{name}: {text}")
    return _without_clock(document, result.title)


def _add_open(document: Any, text: str) -> None:
    """A paragraph with a mark that is seen in print and on a screen."""
    from docx.enum.text import WD_COLOR_INDEX

    paragraph = document.add_paragraph()
    mark = paragraph.add_run(MARK)
    mark.bold = True
    mark.font.highlight_color = WD_COLOR_INDEX.YELLOW
    paragraph.add_run(f"  {text}")


def _add_table(document: Any, table: Printed) -> None:
    from docx.shared import Pt

    size = Pt(7.5) if len(table.header) >= WIDE else Pt(9.0)
    caption = document.add_paragraph()
    caption.add_run(table.title).bold = True
    caption.paragraph_format.keep_with_next = True
    made = document.add_table(rows=1, cols=len(table.header), style="Table Grid")
    _fill(made.rows[0].cells, [capital(name) for name in table.header], size, bold=True)
    _repeat(made.rows[0])
    for row in table.rows:
        heading = table.header[0] == "" and not any(row[1:])
        _fill(made.add_row().cells, row, size, bold=heading)
    note = document.add_paragraph()
    note.add_run(table.note).font.size = Pt(8.5)


def _fill(cells: Any, texts: Any, size: Any, *, bold: bool) -> None:
    for cell, text in zip(cells, texts, strict=True):
        run = cell.paragraphs[0].add_run(text)
        run.font.size, run.bold = size, bold


def _repeat(row: Any) -> None:
    """Let a row of headings stand on every page of its table."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _without_clock(document: Any, title: str) -> bytes:
    """Bytes of a document in which no time stands."""
    facts = document.core_properties
    facts.author, facts.title, facts.comments, facts.revision = "Anagen", title[:255], "", 1
    facts.last_modified_by = "Anagen"
    element = facts._element
    for child in list(element):
        if child.tag.rpartition("}")[2] in CLOCKED:
            element.remove(child)
    written, kept = BytesIO(), BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as parts, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as whole:
        for name in parts.namelist():
            part = zipfile.ZipInfo(name, EARLIEST)
            part.compress_type, part.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            whole.writestr(part, parts.read(name))
    return kept.getvalue()
