"""Scalps whose every hair is known, to try a reader of pictures on: a hard mix, and states of simulated men."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from anagen.core.arrays import BoolArray, FloatArray, IntArray
from anagen.scalp.picture.layout import Site, layout
from measuring.photograph import Camera, Shafts

STUDY = "van-neste-2000-finasteride"
STUB, UNDER_A_DAY = (0.40, 0.06), 0.05
DAYS = 3.0


@dataclass(frozen=True)
class Scalp:
    """Hairs on the day of shaving and three days later, in one order, and how they are photographed."""

    first: Shafts
    second: Shafts
    grows: BoolArray
    unit: IntArray
    side: float
    camera: Camera

    def truth(self, margin: float) -> dict[str, float]:
        """What a reader without fault finds in the frame."""
        counted = self.first.inside(self.side, margin)
        width, area = self.first.diameter[counted], (self.side - 2.0 * margin) ** 2 / 100.0
        size, inside = np.bincount(self.unit), np.bincount(self.unit, weights=counted)
        return {
            "density": counted.sum() / area,
            "nonvellus_density": (width >= 30.0).sum() / area,
            "terminal_density": (width >= 40.0).sum() / area,
            "mean_diameter": float(width.mean()),
            "terminal_share": 100.0 * float((width >= 40.0).mean()),
            "units": float((inside / np.maximum(size, 1)).sum()) / area,
            "growing_share": 100.0 * float(self.grows[counted].mean()),
        }


def mixed(n: int, side: float = 4.0) -> Iterator[Scalp]:
    """50 to 250 follicles per cm2, 5 to 70 % fine; 7 to 20 um/px, blur 8 to 25 um; black, brown and blond hair."""
    for number in range(n):
        rng = np.random.default_rng((number, 31))
        field = side + 2.0
        count = max(4, round(rng.uniform(50.0, 250.0) * field**2 / 100.0))
        fine = rng.random(count) < rng.uniform(0.05, 0.70)
        diameter = np.where(fine, rng.uniform(12.0, 40.0, count), np.clip(rng.normal(68.0, 14.0, count), 40.0, 120.0))
        placed = layout([count], field, Site(31, number, 0), ("caucasian", "asian", "african")[number % 3])
        grows = rng.random(count) < rng.uniform(0.5, 0.95)
        camera = Camera(
            scale=float(rng.choice([7.0, 10.0, 14.0, 20.0])),
            blur=rng.uniform(8.0, 25.0),
            grain=rng.uniform(0.005, 0.02),
            hair=str(rng.choice(["black", "brown", "blond"], p=[0.4, 0.4, 0.2])),
            skin=str(rng.choice(["light", "medium", "dark"], p=[0.5, 0.35, 0.15])),
            seed=number,
        )
        length = np.clip(rng.normal(*STUB, count), 0.15, None)
        longer = np.where(grows, DAYS * (0.1 + 0.25 * np.clip(diameter / 60.0, 0.0, 1.0)), 0.0)
        heading = np.column_stack([np.cos(placed.angle), np.sin(placed.angle)]) * np.cos(placed.elevation)[:, None]
        exits = placed.exit - 0.5 * (field - side)
        both = [exits + heading * reach[:, None] for reach in (length, length + longer)]
        order = np.argsort(diameter, kind="stable")
        first, second = (Shafts.straight(exits, tips, diameter) for tips in both)
        yield Scalp(first, second, grows[order], placed.unit[order], side, camera)


def simulated(men: int, retakes: int, side: float = 6.0) -> Iterator[Scalp]:
    """Men with androgenetic alopecia of a shipped study at baseline, as the product draws them, taken anew and anew."""
    import anagen

    result = anagen.run(STUDY, patients=max(2, (men + 1) // 2), draws=0)
    for patient in result.patients["patient"].tolist()[:men]:
        drawn = result.picture(patient, [0], days=(0, int(DAYS)))
        first, second = (drawing for _, _, drawing in drawn.page.panels)
        day = drawn.truth.set_index(["day", "follicle"])
        shown = [day.loc[when] for when in (0, int(DAYS))]
        shown = [each[each["diameter"] > 0.0].sort_values("diameter", kind="stable") for each in shown]
        grown = shown[1]["drawn"].reindex(shown[0].index) - shown[0]["drawn"]
        for retake in range(retakes):
            corner = (2.0 - 0.1 * retake, 2.0 + 0.1 * retake)
            yield Scalp(
                Shafts.drawn(first, corner),
                Shafts.drawn(second, corner),
                (grown > UNDER_A_DAY * DAYS).to_numpy(),
                shown[0]["unit"].to_numpy(),
                side,
                replace(Camera(), seed=100 * patient + retake),
            )


def places(shafts: Shafts) -> tuple[FloatArray, FloatArray]:
    """Middle and way of each hair [mm]."""
    return 0.5 * (shafts.points[:, 0] + shafts.points[:, 2]), shafts.points[:, 2] - shafts.points[:, 0]
