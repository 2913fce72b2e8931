"""The page of an explanation: one self-contained HTML file in the style of the report of a run."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING

from anagen.explanation import wording
from anagen.explanation.explain import Explanation
from anagen.explanation.gain import COURSE_ROWS
from anagen.explanation.picture import gain_alt, gain_figure, network_alt, network_figure
from anagen.reports import style
from anagen.reports.cells import Cell, Table, figure, source, words
from anagen.reports.gallery import DrawnFigure
from anagen.reports.wording import titled

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROWS_SHOWN = 30


def draw_pictures(found: Explanation) -> dict[str, DrawnFigure]:
    """The pictures by name, as SVG and PNG; none for an arm that moves no lever."""
    makers: dict[str, tuple[Callable[[Explanation], Figure], Callable[[Explanation], str]]] = {}
    if found.about["acts"]:
        makers["gain"] = (gain_figure, gain_alt)
    if found.about["through_network"]:
        makers["network"] = (network_figure, network_alt)
    drawn: dict[str, DrawnFigure] = {}
    with style.styled():
        for name, (draw, tell) in makers.items():
            made = draw(found)
            drawn[name] = DrawnFigure(name, tell(found), style.to_svg(made), style.to_png(made))
    return drawn


def build_page(found: Explanation, pictures: Mapping[str, DrawnFigure]) -> str:
    """HTML of the page, with the pictures inside it; everything that comes from the study file is escaped."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    environment = Environment(autoescape=True, undefined=StrictUndefined)
    environment.filters["base64"] = lambda data: base64.b64encode(data).decode("ascii")
    template = (files("anagen.explanation") / "templates" / "explain.html.j2").read_text(encoding="utf-8")
    css = (files("anagen.reports") / "templates" / "report.css").read_text(encoding="utf-8")
    about, unit = found.about, wording.unit_of(found.about)
    return environment.from_string(template).render(
        css=Markup(css),
        arm=about["arm"],
        title=about["title"],
        patients=about["patients"],
        headline=wording.headline(found),
        sentences=wording.sentences(found),
        notes=wording.notes(found),
        pictures={"gain": None, "network": None, **pictures},
        tables={
            "gain": _table(
                titled("Shares of the gain", unit), wording.GAIN_HEADER, wording.printed_gain(found), range(2, 7)
            ),
            "levers": _table(
                titled("Entry edges and actions beside the network; what they carry", unit),
                wording.LEVERS_HEADER, wording.printed_levers(found, ROWS_SHOWN), (3, 4, 5, 6),
            ),
            "paths": _table(
                titled("Paths with their weakest link; what they carry", unit),
                wording.PATHS_HEADER, wording.printed_paths(found, ROWS_SHOWN), (4,), 8,
            ),
            "ablation": _table(
                titled("Expected gain where one part is missing", unit),
                wording.ABLATION_HEADER, wording.printed_ablation(found, ROWS_SHOWN), (2, 3),
            ),
        },
        method=_method(found),
    )  # fmt: skip


def _table(
    caption: str, header: Sequence[str], rows: Sequence[Sequence[object]], numbers: Sequence[int], sourced: int = -1
) -> Table:
    def cell(place: int, value: object) -> Cell:
        if place == sourced:
            return source(value)
        return figure(str(value)) if place in numbers else words(value)

    note = f"The {ROWS_SHOWN} largest; the CSV files beside this page hold all." if len(rows) == ROWS_SHOWN else ""
    body = tuple(tuple(cell(place, value) for place, value in enumerate(row)) for row in rows)
    return Table(caption, tuple(name.capitalize() for name in header), body, note)


def _method(found: Explanation) -> list[tuple[str, str]]:
    about = found.about
    commit = f", commit {about['git_commit']}" if about["git_commit"] else ""
    acting = list(dict.fromkeys(player for player in found.gain["player"] if player not in COURSE_ROWS))
    return [
        ("Software", f"anagen {about['version']}{commit}"),
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
