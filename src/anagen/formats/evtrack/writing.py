"""The EV-TRACK form as CSV and as a page."""

from __future__ import annotations

import csv
import io

from anagen.formats.evtrack import CSV_HEADER
from anagen.formats.evtrack.form import EvTrackForm
from anagen.reports.cells import Table, grouped, words
from anagen.reports.page import render
from anagen.reports.wording import sentence_case

CAUTION = (
    "Filled in from the product file, to be typed into evtrack.org by the laboratory. EV-METRIC counts what is told; "
    "it says nothing of how good the product is."
)


def form_csv(form: EvTrackForm) -> str:
    """The form as CSV: its fields, then the components of EV-METRIC, then the score.

    Parameters
    ----------
    form : EvTrackForm
        The form.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(CSV_HEADER)
    writer.writerows((section, field, value, "") for section, field, value in form.fields)
    for entry in form.metric:
        writer.writerow(("EV-METRIC", entry.name, f"{entry.fulfilled}: {entry.found}", entry.asks))
    writer.writerow(("EV-METRIC", "score", f"{form.score:.0f} %", "components fulfilled over those that apply"))
    return stream.getvalue()


def form_page(form: EvTrackForm) -> str:
    """The form as a page.

    Parameters
    ----------
    form : EvTrackForm
        The form.
    """
    fields = grouped([(sentence_case(part), (words(field), words(value))) for part, field, value in form.fields])
    metric = grouped(
        [
            (sentence_case(entry.part), tuple(map(words, (entry.name, entry.fulfilled, entry.found, entry.asks))))
            for entry in form.metric
        ]
    )
    return render(
        "formats/evtrack/templates/ev-track.html.j2",
        styles=("reports/templates/certificate.css",),
        title=form.title,
        score=f"{form.score:.0f} %",
        caution=CAUTION,
        fields=Table("What EV-TRACK asks for", ("Field", "Product file"), fields),
        metric=Table("EV-METRIC", ("Component", "Fulfilled", "Found", "Asks"), metric),
    )
