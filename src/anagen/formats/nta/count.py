"""A count of particles: concentration times dilution, median, D10 to D90, and what is doubtful in it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from anagen.core.words import counted
from anagen.exosomes.fields import NARROWEST, WIDEST
from anagen.formats.nta.export import Export, Instrument, quantile

Values = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement.

    Attributes
    ----------
    file : str
        The export.
    instrument : Instrument
        What wrote it.
    measured : float or None
        Particles per mL of what was measured; None where only the sample's is told, without its dilution.
    dilution : float or None
        How often the sample was diluted; None where nobody tells.
    concentration : float
        Particles per mL of the sample: what was measured times its dilution, or what the file tells of the sample.
    mean : float
        Mean diameter [nm].
    sd : float
        Standard deviation of the diameters [nm].
    d10 : float
        Diameter below which 10 % of the particles lie [nm].
    median : float
        Median diameter [nm].
    d90 : float
        Diameter below which 90 % lie [nm].
    tracked : float or None
        Particles that were followed or counted.
    per_frame : float or None
        Particles in a picture, on average.
    doubts : tuple[str, ...]
        What is doubtful.
    """

    file: str
    instrument: Instrument
    measured: float | None
    dilution: float | None
    concentration: float
    mean: float
    sd: float
    d10: float
    median: float
    d90: float
    tracked: float | None
    per_frame: float | None
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """Measurements of one sample.

    Attributes
    ----------
    measured : tuple[Measured, ...]
        One per file.
    largest_cv : float
        Coefficient of variation between files from which on they are no replicates.
    """

    measured: tuple[Measured, ...]
    largest_cv: float

    @property
    def concentration(self) -> float:
        """Mean over the files [particles/mL]."""
        return sum(entry.concentration for entry in self.measured) / len(self.measured)

    @property
    def cv(self) -> float | None:
        """Coefficient of variation between the files; None for one."""
        if len(self.measured) < 2:
            return None
        numbers = np.array([entry.concentration for entry in self.measured])
        return float(numbers.std(ddof=1) / numbers.mean())

    @property
    def doubts(self) -> tuple[str, ...]:
        """What is doubtful in any of them or between them."""
        found = [f"{entry.file}: {doubt}" for entry in self.measured for doubt in entry.doubts]
        if self.cv is not None and self.cv > self.largest_cv:
            found.append(f"the files differ by a CV of {self.cv:.0%}, more than {self.largest_cv:.0%}")
        return tuple(found)

    def headline(self) -> str:
        """Concentration and size in one line."""
        median = sum(entry.median for entry in self.measured) / len(self.measured)
        cv = "" if self.cv is None else f", CV {self.cv:.0%} over {counted(len(self.measured), 'file')}"
        doubtful = f"; {len(self.doubts)} in doubt" if self.doubts else "; nothing in doubt"
        return f"{self.concentration:.3g} particles/mL{cv}, median {median:.0f} nm{doubtful}"

    def document(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "ok": True,
            "concentration": self.concentration,
            "cv": self.cv,
            "doubts": list(self.doubts),
            "measured": [asdict(entry) for entry in self.measured],
        }

    def as_toml(self) -> str:
        """The lines of a product file under [particles]."""
        first = self.measured[0]
        mean, sd = (
            sum(getattr(entry, name) for entry in self.measured) / len(self.measured) for name in ("mean", "sd")
        )
        names = ", ".join(entry.file for entry in self.measured)
        diluted = "dilution not told" if first.dilution is None else f"dilution {first.dilution:g}"
        about = f'basis = "measured", source = "{first.instrument}, {diluted}: {names}", grade = "B"'
        counting = "flow" if first.instrument == "nano-flow cytometer" else "nta"
        return (
            f'[particles]\ncounting = "{counting}"\n'
            f'concentration = {{value = "{self.concentration:.4g} particles/mL", {about}}}\n'
            f'diameter = {{value = "{mean:.4g} nm", {about}}}\ndiameter_sd = {{value = "{sd:.4g} nm", {about}}}\n'
        )


def measured_of(export: Export, file: str, dilution: float | None, values: Values, doubts: Sequence[str]) -> Measured:
    """A measurement of a sample.

    Parameters
    ----------
    export : Export
        What the file says; with a concentration of the sample or of what was measured.
    file : str
        Its name.
    dilution : float or None
        How often the sample was diluted; None where nobody tells, which multiplies nothing.
    values : Mapping[str, float]
        Values of the group "release" of the parameters.
    doubts : Sequence of str
        What is doubtful already.
    """
    if export.original is not None:
        concentration = export.original
        measured = None if dilution is None else export.original / dilution
    else:
        measured = export.concentration or 0.0
        concentration = measured * (dilution or 1.0)
    share = export.weights / export.weights.sum()
    mean = float(share @ export.sizes)
    sd = math.sqrt(float(share @ (export.sizes - mean) ** 2))
    d10, median, d90 = (quantile(export.sizes, export.weights, point) for point in (0.1, 0.5, 0.9))
    found = (*doubts, *export.flags, *_doubts(export, measured, median, values))
    return Measured(
        file, export.instrument, measured, dilution, concentration, mean, sd, d10, median, d90,
        export.tracked, export.per_frame, found,
    )  # fmt: skip


def _doubts(export: Export, measured: float | None, median: float, values: Values) -> list[str]:
    """What is outside the range in which the instrument counts well, or in which vesicles are."""
    found: list[str] = []
    if not NARROWEST <= median <= WIDEST:
        found.append(f"the median is {median:.3g} nm; vesicles are {NARROWEST:g} to {WIDEST:g} nm wide")
    least = values["release.tracked_least"]
    if export.tracked is not None and export.tracked < least:
        found.append(f"{export.tracked:,.0f} particles were followed; D10 and D90 ask for at least {least:,.0f}")
    if export.instrument == "nano-flow cytometer":
        return found
    low, high = (values[f"release.tracked_per_frame_{end}"] for end in ("least", "most"))
    if export.per_frame is not None and not low <= export.per_frame <= high:
        words = "dilute less" if export.per_frame < low else "dilute more"
        found.append(f"{export.per_frame:.3g} particles per frame lie outside {low:g} to {high:g}; {words}")
    if export.tracked is None and export.per_frame is None:
        found.append("the file tells neither tracked particles nor particles per frame")
    low, high = (values[f"release.tracked_concentration_{end}"] for end in ("least", "most"))
    if measured is not None and not low <= measured <= high:
        found.append(f"{measured:.3g} particles/mL in the chamber lie outside {low:.0e} to {high:.0e}")
    return found
