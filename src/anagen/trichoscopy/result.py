"""A scalp picture read in one call: hairs, figures with their measured errors, an overlay."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from anagen.core.digits import significant
from anagen.core.errors import InputError, Problem
from anagen.core.files import Target
from anagen.core.numbers import real
from anagen.core.plain import json_text, records
from anagen.core.provenance import package_version
from anagen.core.result import Result
from anagen.core.shown import Shown
from anagen.trichoscopy.count import Found, find_hairs
from anagen.trichoscopy.errors import FIGURES, RELATIVE, kind_of, measured_errors
from anagen.trichoscopy.overlay import SIGNATURE, overlay
from anagen.trichoscopy.pairing import LEAST_COMMON, Growth, growth
from anagen.trichoscopy.reading import (
    COARSEST,
    FINEST,
    MOST_BLUR,
    check_found,
    check_size,
    needs_pictures,
    read_picture,
)
from anagen.trichoscopy.roots import units

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

NONVELLUS, TERMINAL = 30.0, 40.0
"""Least diameter of a non-vellus and of a terminal hair [um]."""
HAIRS, TABLE, OVERLAY, DOCUMENT = "hairs.csv", "figures.csv", "overlay.png", "reading.json"
HAIR_COLUMNS = ("hair", "x", "y", "tip_x", "tip_y", "diameter", "length", "darkness", "unit", "in_frame", "growth")
WORDS = {
    "density": ("hairs", "1/cm^2"),
    "nonvellus_density": ("hairs from 30 um", "1/cm^2"),
    "terminal_density": ("hairs from 40 um", "1/cm^2"),
    "mean_diameter": ("mean diameter", "um"),
    "terminal_share": ("share from 40 um", "%"),
    "units": ("follicular units", "1/cm^2"),
    "growing_share": ("share that grows", "%"),
}
"""What a figure is called, and its unit."""
NOTE = (
    "Errors were measured in rendered pictures, in which every hair is known. Photographs are harder: in 150 of them "
    "the count was off by 19 % in the middle (docs/trichoscopy.md). For research, not for diagnosis."
)


@dataclass(frozen=True, repr=False, eq=False)
class ScalpReading(Result):
    """What was read in a picture of a scalp.

    Attributes
    ----------
    found : Found
        Hairs, blur, darkness.
    picture : np.ndarray
        Red, green, blue as bytes.
    scale : float
        [um/px].
    name : str
        Of the file.
    growth : Growth or None
        Of the hairs in the frame, where a second picture was given.
    """

    found: Found
    picture: np.ndarray
    scale: float
    name: str
    growth: Growth | None = None

    _what: ClassVar[str] = "Picture of a scalp, read"
    _then: ClassVar[tuple[str, ...]] = (".plot()", ".hairs", ".overlay()", '.save("folder")')

    @property
    def hairs(self) -> pd.DataFrame:
        """One row for each hair: exit and tip [mm], diameter [um], length [mm], darkness, unit, growth [mm/day]."""
        import pandas as pd

        framed = {id(hair): number for number, hair in enumerate(self.found.framed())}
        rows = [
            (
                number,
                *np.round([*hair.points[0], *hair.points[-1]], 4).tolist(),
                round(hair.width, 1),
                round(hair.length, 3),
                round(hair.dark, 3),
                unit,
                id(hair) in framed,
                np.nan
                if self.growth is None or id(hair) not in framed
                else round(float(self.growth.rate[framed[id(hair)]]), 3),
            )
            for number, (hair, unit) in enumerate(zip(self.found.hairs, units(self.found.hairs).tolist(), strict=True))
        ]
        return pd.DataFrame(rows, columns=list(HAIR_COLUMNS))

    @property
    def kind(self) -> str:
        """Kind of the picture, by which its errors are told."""
        return kind_of(self.scale, self.found.blur, self.found.full)

    @property
    def values(self) -> dict[str, float]:
        """Figures by name, without their errors."""
        return figures_of(self.found, self.growth)

    @property
    def table(self) -> pd.DataFrame:
        """One row for each figure: value, and the error measured in pictures of this kind."""
        import pandas as pd

        errors = measured_errors()
        rows: list[dict[str, Any]] = []
        for name, value in self.values.items():
            error = errors.get((self.kind, name))
            rows.append(
                {
                    "figure": name,
                    "value": value,
                    "unit": WORDS[name][1],
                    "bias": None if error is None else error.bias,
                    "median_error": None if error is None else error.median,
                    "error_90": None if error is None else error.ninety,
                    "error_unit": "%" if name in RELATIVE else "points" if WORDS[name][1] == "%" else WORDS[name][1],
                    "pictures": 0 if error is None else error.pictures,
                }
            )
        return pd.DataFrame(rows)

    def headline(self) -> str:
        """Density and diameter in one line.

        Returns
        -------
        str
            With the number of hairs and the area that they were counted in.
        """
        values, n = self.values, len(self.found.framed())
        return (
            f"{self.name}: {n} hairs in {self.found.framed_area():.2f} cm2, {values['density']:.0f} per cm2, "
            f"{values['terminal_density']:.0f} from 40 um, mean diameter {values['mean_diameter']:.0f} um"
        )

    def _shown(self) -> Shown:
        rows = tuple(
            (
                WORDS[row["figure"]][0],
                f"{significant(row['value'], 3)} {row['unit']}",
                f"{significant(row['error_90'], 2)} {row['error_unit']}" if row["pictures"] else "not measured",
            )
            for row in self.table.to_dict(orient="records")
        )
        header = ("figure", "value", "nine in ten such pictures were read within")
        return Shown(self._what, "", self.headline(), header, rows, NOTE, self._then)

    def document(self) -> dict[str, Any]:
        """What `anagen trichoscopy --json` prints, without the folder.

        Returns
        -------
        dict
            Plain values.
        """
        found = self.found
        return {
            "picture": self.name,
            "scale": self.scale,
            "blur": round(found.blur, 1),
            "size": [round(side, 3) for side in found.size],
            "frame": round(found.framed_area(), 4),
            "hairs": len(found.framed()),
            "kind": self.kind,
            "figures": records(self.table),
            "common": None if self.growth is None else round(self.growth.common, 3),
            "note": NOTE,
            "version": package_version(),
        }

    def figures(self) -> tuple[str, ...]:
        """Names of the pictures.

        Returns
        -------
        tuple of str
            The overlay.
        """
        return ("overlay",)

    def _figure(self, name: str) -> Figure:
        import io

        from matplotlib.image import imread

        from anagen.core.figure import DPI, ShownFigure

        pixels = imread(io.BytesIO(self.overlay()))
        figure = ShownFigure(figsize=(pixels.shape[1] / DPI, pixels.shape[0] / DPI), dpi=DPI)
        axes: Any = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.imshow(pixels)
        axes.set_axis_off()
        return figure

    def overlay(self) -> bytes:
        """The picture with every hair drawn in, as PNG.

        Returns
        -------
        bytes
            A file.
        """
        growing = None if self.growth is None else self.growth.growing
        return overlay(self.picture, self.scale, self.found, growing)

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write hairs.csv, figures.csv, overlay.png and reading.json into a folder.

        Parameters
        ----------
        path : str or path
            The folder; made where it is missing, and nothing else in it is touched.
        overwrite : bool
            Whether earlier files of these names may be replaced, where we wrote them.

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        InputError
            Where one may not be written.
        """
        folder = Path(path)
        targets = targets_of(folder, overwrite=overwrite)
        for target in targets.values():
            target.check()
        targets[HAIRS].write(self.hairs.to_csv(index=False, lineterminator="\n").encode())
        targets[TABLE].write(self.table.to_csv(index=False, lineterminator="\n", float_format="%.4g").encode())
        targets[OVERLAY].write(self.overlay())
        targets[DOCUMENT].write(f"{json_text(self.document())}\n".encode())
        return folder


def targets_of(folder: Path, *, overwrite: bool) -> dict[str, Target]:
    """Files of a reading in a folder, each replaced only where we wrote it.

    Parameters
    ----------
    folder : Path
        The folder.
    overwrite : bool
        Whether files of an earlier reading may be replaced.

    Returns
    -------
    dict of str to Target
        By name.

    Raises
    ------
    InputError
        Where the folder is a file.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError([Problem(str(folder), None, None, "path", "is a file; a reading is written into a folder")])
    marks = {
        HAIRS: ",".join(HAIR_COLUMNS).encode(),
        TABLE: b"figure,value,unit",
        OVERLAY: SIGNATURE.encode(),
        DOCUMENT: b'"kind": ',
    }

    def ours(mark: bytes) -> Any:
        return lambda data: mark in data

    return {name: Target(folder / name, "path", overwrite, ours(mark)) for name, mark in marks.items()}


def figures_of(found: Found, grown: Growth | None = None) -> dict[str, float]:
    """Figures of the hairs in the frame, by name.

    Parameters
    ----------
    found : Found
        With one hair at least in the frame.
    grown : Growth, optional
        Of the hairs in the frame.

    Returns
    -------
    dict
        Densities and units per cm2, the mean diameter [um], shares [%].
    """
    counted, area = found.framed(), found.framed_area()
    width = np.array([hair.width for hair in counted])
    # a unit at the edge counts by the share of its hairs in the frame
    framed = {id(hair) for hair in counted}
    own = np.array([id(hair) in framed for hair in found.hairs])
    number = units(found.hairs)
    size, inside = np.bincount(number), np.bincount(number, weights=own)
    values = {
        "density": len(counted) / area,
        "nonvellus_density": float((width >= NONVELLUS).sum()) / area,
        "terminal_density": float((width >= TERMINAL).sum()) / area,
        "mean_diameter": float(width.mean()),
        "terminal_share": 100.0 * float((width >= TERMINAL).mean()),
        "units": float((inside / size).sum()) / area,
    }
    if grown is not None:
        values["growing_share"] = 100.0 * float(grown.growing[grown.seen].mean()) if grown.seen.any() else float("nan")
    return {name: values[name] for name in FIGURES if name in values}


def read_hairs(
    image: str | os.PathLike[str],
    scale: float,
    *,
    second: str | os.PathLike[str] | None = None,
    days: float | None = None,
    blur: float | None = None,
) -> ScalpReading:
    """Read the hairs of a picture of shaved scalp.

    Parameters
    ----------
    image : str or path
        A PNG, JPEG, TIFF, BMP or WebP.
    scale : float
        [um/px], 1 to 30.
    second : str or path, optional
        A picture of the same place and scale some days later; tells which hairs grow.
    days : float, optional
        Between the two pictures, 1 to 5.
    blur : float, optional
        Standard deviation of the camera's blur [um]; judged by the hairs where left out.

    Returns
    -------
    ScalpReading
        Hairs, figures with their measured errors, overlay.

    Raises
    ------
    InputError
        Where a file is no picture or too large, the scale cannot be right, the picture is blurred, shows grown hair or
        none, or the second is not of the same place.
    """
    needs_pictures()
    scale = real("scale", scale, FINEST, COARSEST)
    blur = None if blur is None else real("blur", blur, 1.0, MOST_BLUR)
    if (second is None) != (days is None):
        missing, given = ("days", "second") if days is None else ("second", "days")
        message = f"is missing; a second picture and the days between the two go together, and {given} is given"
        raise InputError([Problem(None, None, None, missing, message)])
    days = None if days is None else real("days", days, 1.0, 5.0)
    picture = read_picture(image, "image")
    check_size(picture, scale, "scale")
    later = None if second is None else read_picture(second, "second")
    if later is not None:
        check_size(later, scale, "scale")
    found = find_hairs(picture, scale, blur=blur)
    check_found(found, scale)
    reading = ScalpReading(found, picture, scale, Path(image).name)
    if later is None or days is None:
        return reading
    grown = growth(found.framed(), find_hairs(later, scale, blur=blur), days)
    if grown.common < LEAST_COMMON:
        message = (
            f"only {100.0 * grown.common:.0f} % of the hairs of the first picture are in the second; "
            "it has to show the "
            "same place, within 1.5 mm and not turned, at the same scale"
        )
        raise InputError([Problem(str(second), None, None, "second", message)])
    return replace(reading, growth=grown)
