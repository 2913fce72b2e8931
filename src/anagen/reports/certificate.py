"""The certificate of a batch as a page, as PDF and as a table."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from anagen.core.extras import require_pictures
from anagen.exosomes.release import LISTS, Certificate
from anagen.exosomes.release.items import USES
from anagen.reports.cells import Table, grouped, words
from anagen.reports.page import render
from anagen.reports.wording import sentence_case

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HEADER = ("item", "verdict", "found", "limit", "method", "asked for by")
CAUTION = (
    "Made from what the product file says, by a program: it is a draft for a quality unit, no release by a qualified "
    "person. What is true or false in the file alone is no result."
)
PAGE_WIDTH, PAGE_HEIGHT, MARGIN, SIZE = 8.27, 11.69, 0.6, 7.0
FOOT = 0.42
"""Inches from the foot of a page to the top of its number."""
_FILL = 0.92
"""Share of a column that text may take: small letters come out wider than they are measured."""
_WIDTHS = (1.3, 0.85, 2.1, 1.3, 0.95, 0.57)
HASH_SHOWN = 12
"""Letters of a hash that are printed."""
_COLOURS = {"passes": "#0b5a41", "fails": "#a33b00", "not shown": "#7a5200", "does not apply": "#6a6a6a"}


def certificate_page(certificate: Certificate) -> str:
    """HTML of the certificate.

    Parameters
    ----------
    certificate : Certificate
        What is shown.
    """
    rows = [
        (sentence_case(entry.item.group), tuple(words(text) for text in row))
        for entry, row in zip(certificate.judged, _rows(certificate), strict=True)
    ]
    table = Table("Results against the specification", tuple(map(sentence_case, HEADER)), grouped(rows))
    return render(
        "reports/templates/certificate.html.j2",
        styles=("reports/templates/certificate.css",),
        title=certificate.product.title,
        verdict=certificate.verdict(),
        facts=_facts(certificate),
        questions=certificate.questions,
        notes=(*certificate.notes, CAUTION),
        table=table,
        lists=tuple(LISTS.items()),
    )


def certificate_pdf(certificate: Certificate) -> bytes:
    """PDF of the certificate on pages of A4; the same certificate gives the same bytes.

    Parameters
    ----------
    certificate : Certificate
        What is printed.

    Raises
    ------
    MissingExtra
        Where the extra that draws is not installed.
    """
    require_pictures("a certificate as PDF")
    from matplotlib.backends.backend_pdf import PdfPages

    from anagen.reports import style

    stream = io.BytesIO()
    title = f"Certificate of analysis: {certificate.product.title}"
    # no date, so that the same certificate gives the same bytes
    with style.styled(), PdfPages(stream, metadata={"Title": title, "CreationDate": None, "Producer": None}) as pages:
        for figure in _pages(certificate):
            pages.savefig(figure)
    return stream.getvalue()


def source_facts(certificate: Certificate) -> tuple[tuple[str, str], ...]:
    """Of which day the results are, and which version of which file tells them.

    Parameters
    ----------
    certificate : Certificate
        What is shown.
    """
    facts = [("Results of", certificate.date or "no day told (release.date)")]
    file = certificate.file
    if file is not None:
        changed = "of the library" if file.changed is None else f"last changed on {file.changed.isoformat()} (UTC)"
        facts.append(("Product file", f"{file.name}, {changed}, SHA-256 {file.sha256[:HASH_SHOWN]}"))
    return tuple(facts)


def _facts(certificate: Certificate) -> tuple[tuple[str, str], ...]:
    product = certificate.product
    return (
        ("Product", f"{product.title} ({product.name})"),
        ("Batch", certificate.batch or "not named"),
        *source_facts(certificate),
        ("Use", USES[certificate.use]),
        ("Source", product.source.title),
        ("Dose", f"{product.dose.value:.3g} particles"),
        ("Container", f"{product.particles.vial_volume:g} mL"),
    )


def _rows(certificate: Certificate) -> list[tuple[str, ...]]:
    return [
        (
            entry.item.name,
            entry.verdict,
            "; ".join(filter(None, (entry.found, entry.note))),
            entry.limit,
            entry.method,
            ", ".join(entry.item.lists),
        )
        for entry in certificate.judged
    ]


def _pages(certificate: Certificate) -> list[Figure]:
    """Pages with as many rows as fit."""
    from anagen.reports import style

    step = style.line_height(SIZE)
    pages: list[Figure] = []
    page, top = _head(certificate)
    for entry, row in zip(certificate.judged, _rows(certificate), strict=True):
        lines = [style.wrap_text(text, _FILL * (width - 0.1), SIZE) for text, width in zip(row, _WIDTHS, strict=True)]
        height = step * max(map(len, lines)) + 0.06
        if top + height > PAGE_HEIGHT - MARGIN:
            pages.append(page)
            page = style.new_figure(PAGE_WIDTH, PAGE_HEIGHT)
            top = _row(page, MARGIN, [[name] for name in HEADER], "bold")
        top = _row(page, top, lines, "normal", _COLOURS[entry.verdict])
    closing = [*(f"{name}: {title}" for name, title in LISTS.items()), *certificate.notes, CAUTION]
    closing += ["Responsible for quality: ______________________    Date: ______________"]
    wrapped = [line for text in closing for line in style.wrap_text(text, _FILL * (PAGE_WIDTH - 2 * MARGIN), SIZE)]
    if top + step * (len(wrapped) + 1) > PAGE_HEIGHT - MARGIN:
        pages.append(page)
        page, top = style.new_figure(PAGE_WIDTH, PAGE_HEIGHT), MARGIN
    for number, line in enumerate(wrapped, start=1):
        style.inch_text(page, MARGIN, top + step * number, line, fontsize=SIZE)
    pages.append(page)
    for number, each in enumerate(pages, start=1):
        words = f"{certificate.product.name}, batch {certificate.batch or 'not named'}: page {number} of {len(pages)}"
        style.inch_text(each, MARGIN, PAGE_HEIGHT - FOOT, words, fontsize=SIZE, color="#6a6a6a")
    return pages


def _head(certificate: Certificate) -> tuple[Figure, float]:
    """The first page with title, verdict and facts, and where the table begins."""
    from anagen.reports import style

    page, top = style.new_figure(PAGE_WIDTH, PAGE_HEIGHT), MARGIN
    lines = [("Certificate of analysis", 15.0, "bold"), (certificate.verdict(), 10.0, "bold")]
    lines += [(question, 8.0, "normal") for question in certificate.questions]
    lines += [(f"{name}: {text}", 8.0, "normal") for name, text in _facts(certificate)]
    for text, size, weight in lines:
        for line in style.wrap_text(text, _FILL * (PAGE_WIDTH - 2 * MARGIN), size, weight):
            style.inch_text(page, MARGIN, top, line, fontsize=size, fontweight=weight)
            top += style.line_height(size)
        top += 0.04
    return page, _row(page, top + 0.1, [[name] for name in HEADER], "bold")


def _row(page: Figure, top: float, cells: Sequence[Sequence[str]], weight: str, colour: str = "#222222") -> float:
    """One row of the table; gives where the next begins."""
    from anagen.reports import style

    left, step = MARGIN, style.line_height(SIZE)
    for column, (lines, width) in enumerate(zip(cells, _WIDTHS, strict=True)):
        for number, line in enumerate(lines):
            shade = colour if column == 1 else "#222222"
            style.inch_text(page, left, top + step * number, line, fontsize=SIZE, fontweight=weight, color=shade)
        left += width
    return top + step * max(map(len, cells)) + 0.06
