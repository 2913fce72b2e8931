"""Pictures of docs/picture.md: patients of shipped studies, drawn as they are now."""

from __future__ import annotations

from pathlib import Path

import anagen

FOLDER = Path(__file__).parent / "picture"
SEED = 2
SCALE = 36.0
"""Skin to a pixel [um]: few enough for a page."""
ABOVE = 1200.0
"""The same from above."""


def write() -> None:
    """Write the pictures that the page shows."""
    FOLDER.mkdir(exist_ok=True)
    areata = anagen.run("ritlecitinib-vs-placebo", patients=4, draws=0, seed=SEED)
    grafts = anagen.run("graft-fut-fue", patients=3, draws=0, seed=SEED)
    vesicles = anagen.run("exosome-vs-saline", patients=4, draws=0, seed=SEED)
    finasteride = anagen.run("kaufman-1998-finasteride", patients=4, draws=0, seed=SEED)
    drawn = {
        "above.png": finasteride.picture(_thinnest(finasteride), [0, 104], twins=True, view="vertex", scale=ABOVE),
        "areata-above.png": areata.picture(_first(areata), [0, 24], twins=True, view="vertex", scale=ABOVE),
        "areata.svg": areata.picture(_first(areata), [0, 24], twins=True, view="trichoscopy"),
        "grafts.svg": grafts.picture(_first(grafts), [0, 12, 52]),
        "shaved.png": vesicles.picture(_first(vesicles), [0, 24], days=(0, 3), scale=SCALE),
    }
    for name, picture in drawn.items():
        picture.save(FOLDER / name, overwrite=True)


def _first(result: anagen.TrialResult) -> int:
    """Number of the first patient of the first arm."""
    return int(result.patients["patient"].iloc[0])


def _thinnest(result: anagen.TrialResult) -> int:
    """Number of the patient who has the fewest hairs before treatment."""
    visits = result.visits
    first = visits[(visits["endpoint"] == "total_density") & (visits["week"] == 0.0)]
    return int(first.sort_values("true", kind="stable")["patient"].iloc[0])


if __name__ == "__main__":
    write()
