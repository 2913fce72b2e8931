"""The page of an explanation: one self-contained HTML file in the style of the report of a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from anagen.explanation import printed, wording
from anagen.explanation.explain import Explanation
from anagen.explanation.gain import COURSE_ROWS
from anagen.explanation.picture import gain_alt, gain_figure, network_alt, network_figure
from anagen.reports.cells import Cell, Table, figure, source, words
from anagen.reports.page import DrawnFigure, draw_all, render
from anagen.reports.wording import titled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROWS_SHOWN = 30


def draw_pictures(explanation: Explanation) -> dict[str, DrawnFigure]:
    """The pictures by name, as SVG and PNG; none for an arm that moves no lever."""
    makers: dict[str, Callable[[], tuple[Figure, str]]] = {}
    if explanation.about["acts"]:
        makers["gain"] = lambda: (gain_figure(explanation), gain_alt(explanation))
    if explanation.about["through_network"]:
        makers["network"] = lambda: (network_figure(explanation), network_alt(explanation))
    return draw_all(makers)


def build_page(explanation: Explanation, pictures: Mapping[str, DrawnFigure]) -> str:
    """HTML of the page, with the pictures inside it."""
    about, unit = explanation.about, wording.unit_of(explanation.about)
    return render(
        "explanation/templates/explain.html.j2",
        arm=about["arm"],
        title=about["title"],
        patients=about["patients"],
        headline=wording.headline(explanation),
        sentences=wording.sentences(explanation),
        notes=wording.notes(explanation),
        pictures={"gain": None, "network": None, **pictures},
        tables={
            "gain": _table(
                titled("Shares of the gain", unit), printed.GAIN_HEADER, printed.printed_gain(explanation), range(2, 7)
            ),
            "levers": _table(
                titled("Entry edges and actions beside the network; what they carry", unit),
                printed.LEVERS_HEADER, printed.printed_levers(explanation, ROWS_SHOWN), (3, 4, 5, 6),
            ),
            "paths": _table(
                titled("Paths with their weakest link; what they carry", unit),
                printed.PATHS_HEADER, printed.printed_paths(explanation, ROWS_SHOWN), (4,), 8,
            ),
            "ablation": _table(
                titled("Expected gain where one part is missing", unit),
                printed.ABLATION_HEADER, printed.printed_ablation(explanation, ROWS_SHOWN), (2, 3),
            ),
        },
        method=_method(explanation),
    )  # fmt: skip


def _table(
    caption: str, header: Sequence[str], rows: Sequence[Sequence[object]], numbers: Sequence[int], sourced: int = -1
) -> Table:
    def cell(place: int, value: object) -> Cell:
        if place == sourced:
            return source(value)
        return figure(str(value)) if place in numbers else words(value)

    note = f"The {ROWS_SHOWN} largest; the CSV files beside this page hold all." if len(rows) == ROWS_SHOWN else ""
    # Columns of bands are empty where there are too few draws for one.
    filled = [place for place in range(len(header)) if any(str(row[place]) for row in rows)]
    body = tuple(tuple(cell(place, row[place]) for place in filled) for row in rows)
    return Table(caption, tuple(header[place].capitalize() for place in filled), body, note)


def _method(explanation: Explanation) -> list[tuple[str, str]]:
    about = explanation.about
    acting = list(dict.fromkeys(player for player in explanation.gain["player"] if player not in COURSE_ROWS))
    return [
        ("Software", f"anagen {about['version']}"),
        ("Study", f"{about['study']}, SHA-256 {about['study_sha256']}"),
        ("Acting", ", ".join(acting) or "nothing"),
        ("Seed", str(about["seed"])),
        ("Reference patients", f"{about['patients']}, the same, with the same draws, under every coalition"),
        ("Parameter draws", str(about["draws"]) if about["draws"] else "none"),
        ("Parameters", f"{about['parameter_source']}, SHA-256 {about['parameters_sha256']}"),
        ("Network", f"condition {about['condition']}, SHA-256 {about['network_sha256']}"),
        (
            "Shares",
            "Shapley over therapies and acts, within each over levers (gain) or entry edges (levers): Owen's value.",
        ),
    ]
