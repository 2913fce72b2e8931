"""Writes the pages of docs/ that hold numbers.

docs/therapies.md and docs/claims.md from the registry and the claims, docs/calibration.md from the calibration that is
kept beside it, docs/effects.md from the therapies whose size is judged, docs/power.md, docs/design.md, docs/protocol.md
and the pages of the designs that come with the package from trials that are planned, and docs/validation.md and
docs/predicted-against-observed.md from one validation of every study with results, whose scores are also those that
come with the package. The gains of usual courses that come with the package are simulated too. The pictures of
docs/picture.md are patients of small runs, that of docs/what-it-is.md is drawn, those of docs/gallery.md come from the
commands that stand below them.

Run it with `make docs` after anything that moves default results; a test compares the hashes that it writes with the
parameters and studies as they are.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import calibration_page
import claims_page
import contents
import design_page
import effects_page
import gallery_page
import picture_page
import power_page
import protocol_page
import shipped_designs_page
import therapies_page
import what_it_is_page
from validation_page import pages

from anagen.comparative.gains import write_gains
from anagen.validation.cases import cases_of
from anagen.validation.folder import SHIPPED, scores_targets, write_pictures, write_scores
from anagen.validation.validate import validate

DOCS = Path(__file__).parent
SCORES = DOCS.parent / "src" / "anagen" / "validation" / SHIPPED
SEED = 1
DRAWS = 40


def main() -> None:
    """Write the pages of treatments, claims and calibration; simulate the studies once for the pages that compare."""
    (DOCS / "therapies.md").write_text(therapies_page.page(), encoding="utf-8")
    (DOCS / "claims.md").write_text(claims_page.page(), encoding="utf-8")
    calibration_page.PAGE.write_text(calibration_page.page(), encoding="utf-8")
    effects_page.write()
    write_gains(workers=os.cpu_count() or 1, say=lambda words: print(words, file=sys.stderr))
    power_page.write()
    design_page.write()
    protocol_page.write()
    shipped_designs_page.write()
    picture_page.write()
    what_it_is_page.write()
    write_validation_pages(DOCS, scores=SCORES)
    gallery_page.write()
    contents.LLMS.write_text(contents.llms(".md"), encoding="utf-8")


def write_validation_pages(
    folder: Path, files: tuple[str, ...] = (), *, draws: int = DRAWS, scores: Path | None = None
) -> None:
    """Write both pages and their pictures into a folder.

    Parameters
    ----------
    folder : Path
        Where they go.
    files : tuple[str, ...], default ()
        Studies to take; all with published results where there are none.
    draws : int, default DRAWS
        Parameter draws.
    scores : Path, optional
        Where the scores go too, if anywhere.
    """
    cases = cases_of(files)
    found = validate(cases, seed=SEED, draws=draws, workers=os.cpu_count() or 1, progress=_say)
    if scores is not None:
        write_scores(found, scores_targets(scores, overwrite=True))
    figures = folder / "validation"
    shutil.rmtree(figures, ignore_errors=True)
    figures.mkdir()
    names = write_pictures(found, figures, png=False)
    for name, text in pages(found, cases, names).items():
        (folder / name).write_text(text, encoding="utf-8")


def _say(done: int, total: int) -> None:
    print(f"{done} of {total} simulations", file=sys.stderr)


if __name__ == "__main__":
    main()
