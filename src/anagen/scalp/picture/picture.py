"""A picture that is made: drawn areas of a patient, the follicles behind them, and the files they are written to."""

from __future__ import annotations

import io
import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from anagen.core.errors import InputError, Problem
from anagen.core.files import Target
from anagen.core.provenance import package_version
from anagen.core.words import counted
from anagen.scalp.picture.layout import Site
from anagen.scalp.picture.page import Page
from anagen.scalp.picture.png import to_png
from anagen.scalp.picture.svg import to_svg

if TYPE_CHECKING:
    import pandas as pd

SCALES = {"phototrichogram": (20.0, 4.0, 100.0), "trichoscopy": (20.0, 4.0, 100.0), "vertex": (400.0, 100.0, 2000.0)}
"""Skin to a pixel of each view [um]: as drawn where nobody chooses, least and most."""
MOST_PIXELS = 40_000_000
SIGNATURE, SIGNED = "anagen, an in-silico clinic for hair-loss therapies", 4096
"""Software that a PNG names, and within how many of its first bytes."""
TRUTH = (
    "arm",
    "week",
    "day",
    "follicle",
    "graft_session",
    "unit",
    "x",
    "y",
    "phase",
    "class",
    "diameter",
    "growth",
    "length",
    "drawn",
)
"""Columns of the table behind a picture: graft_session is 0 for native follicles; x and y of the exit [mm], diameter
[um], growth [mm/day], length of the hair if it was never cut and as it is drawn [mm]."""

ZONE_TRUTH = (
    "arm",
    "week",
    "zone",
    "follicle",
    "graft_session",
    "phase",
    "class",
    "diameter",
    "growth",
    "length",
)
"""Columns of the table behind a view from above: every follicle that was simulated of a zone or plot."""


@dataclass(frozen=True, eq=False, repr=False)
class ScalpPicture:
    """Drawn target areas of one patient.

    Attributes
    ----------
    page : Page
        What is drawn, and about what.
    truth : pandas.DataFrame
        One row for each follicle, arm, week and day; columns TRUTH, from above ZONE_TRUTH.
    counts : pandas.DataFrame
        One row for each arm and week, from above for each zone too: hairs, terminal hairs [1/cm2], mean diameter [um],
        as they were at the visit.
    site : Site
        Address of the draws.
    scale : float
        Skin to a pixel [um].
    """

    page: Page
    truth: pd.DataFrame
    counts: pd.DataFrame
    site: Site
    scale: float

    def svg(self, *, by: str = "hair") -> bytes:
        """The picture as SVG, true to scale.

        Parameters
        ----------
        by : {"hair", "phase"}
            Every hair in its own colour, or one path for each phase; a view from above has no phases.

        Returns
        -------
        bytes
            A file.
        """
        return to_svg(self.page, by=by)

    def png(self) -> bytes:
        """The picture as PNG.

        Returns
        -------
        bytes
            A file.

        Raises
        ------
        InputError
            Where it would have too many pixels.
        """
        pixels = self.page.width * self.page.height * (1000.0 / self.scale) ** 2
        if pixels > MOST_PIXELS:
            coarser = math.ceil(self.scale * math.sqrt(pixels / MOST_PIXELS))
            message = (
                f"{self.scale:g} um a pixel make {pixels / 1e6:.0f} million pixels, more than {MOST_PIXELS // 10**6}"
            )
            raise InputError(
                [Problem(None, None, None, "scale", f"{message}; give {coarser} or more, or write an .svg")]
            )
        return to_png(self.page, self.site, self.scale, f"{SIGNATURE}, {package_version()}")

    def __repr__(self) -> str:
        """The picture in one line.

        Returns
        -------
        str
            Patient, views and size.
        """
        arms, weeks = self.counts["arm"].nunique(), self.counts["week"].nunique()
        shown = f"{counted(arms, 'arm')}, {counted(weeks, 'week')}"
        return f"<ScalpPicture of simulated patient {self.site.patient}: {shown}, {len(self.truth)} follicles>"

    def _repr_png_(self) -> bytes:
        """What a notebook shows."""
        return self.png()

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False, truth: bool = False) -> list[Path]:
        """Write the picture as PNG or SVG, by the ending of its name.

        Parameters
        ----------
        path : str or path
            The file.
        overwrite : bool
            Whether a file may be replaced.
        truth : bool
            Whether to write the table behind the picture beside it, with the ending .csv.

        Returns
        -------
        list[Path]
            What was written.

        Raises
        ------
        InputError
            Where the ending is neither, or a file may not be written.
        """
        file = Path(path)
        targets = targets_of(file, overwrite=overwrite, truth=truth)
        for target in targets:
            target.check()
        data = [self.svg() if file.suffix == ".svg" else self.png()]
        if truth:
            stream = io.StringIO()
            self.truth.to_csv(stream, index=False, lineterminator="\n")
            data.append(stream.getvalue().encode())
        return [target.write(content) for target, content in zip(targets, data, strict=True)]


def targets_of(file: Path, *, overwrite: bool, truth: bool, option: str = "path", named: bool = True) -> list[Target]:
    """Files that a picture is written to: itself, and the follicles behind it where they are asked for.

    Parameters
    ----------
    file : Path
        The picture.
    overwrite : bool
        Whether files may be replaced.
    truth : bool
        Whether the follicles are written too.
    option : str
        Option or argument that names the file, for messages.
    named : bool
        Whether the user named the file.

    Returns
    -------
    list[Target]
        One or two; a file that was not named is replaced only where it is ours.

    Raises
    ------
    InputError
        Where the ending of the name is neither .png nor .svg.
    """
    if file.suffix not in (".png", ".svg"):
        message = f"{file.name} ends in neither .png nor .svg, which say how a picture is written"
        raise InputError([Problem(None, None, None, option, message, (".png", ".svg"))])

    def drawn_by_us(data: bytes) -> bool:
        return SIGNATURE.encode() in data[:SIGNED]

    def listed_by_us(data: bytes) -> bool:
        return data.startswith((",".join(TRUTH).encode(), ",".join(ZONE_TRUTH).encode()))

    picture = Target(file, option, overwrite, None if named else drawn_by_us)
    return [picture, Target(file.with_suffix(".csv"), option, overwrite, listed_by_us)] if truth else [picture]
