"""Photographs in which people marked hairs from root to tip, where the user has fetched them: Pascal VOC files.

    FOLDER/Images/NAME.jpg, FOLDER/Annotations/NAME.xml       NAME: DATE_PATIENT_NUMBER

The set is that of Huashan Hospital (FDU hair follicle data set, 70x, 2.8 um/px by the bar in its pictures). It comes
without a licence: it is measured with and never shipped.
"""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

import numpy as np

SCALE = 2.8
"""[um/px]"""
TUNED, TESTED = 60, 150
SEED = 7


@dataclass(frozen=True)
class Marked:
    """A photograph, and the marked hairs: root, tip [mm] and class."""

    picture: np.ndarray
    roots: np.ndarray
    tips: np.ndarray
    classes: tuple[str, ...]


def split(folder: Path) -> tuple[list[str], list[str]]:
    """Names of pictures that rules were set on, and of those that they are measured on: no patient is in both."""
    names = sorted(path.stem for path in (folder / "Images").glob("*.jpg"))
    patients = sorted({name.split("_")[1] for name in names})
    rng = np.random.default_rng(SEED)
    rng.shuffle(patients)
    tuning = set(patients[: len(patients) // 3])
    tuned = [name for name in names if name.split("_")[1] in tuning]
    tested = [name for name in names if name.split("_")[1] not in tuning]
    rng.shuffle(tuned)
    rng.shuffle(tested)
    return tuned[:TUNED], tested[:TESTED]


def marked(folder: Path, name: str) -> Marked:
    """One photograph with its marks."""
    from PIL import Image

    root = ElementTree.parse(folder / "Annotations" / f"{name}.xml").getroot()
    boxes = [
        [float(entry.findtext(f"bndbox/{key}", "0")) for key in ("xmin", "ymin", "xmax", "ymax")]
        for entry in root.iter("object")
    ]
    places = np.array(boxes, dtype=np.float64).reshape(-1, 4) * SCALE / 1000.0
    classes = tuple(entry.findtext("class", "") for entry in root.iter("object"))
    with Image.open(folder / "Images" / f"{name}.jpg") as picture:
        return Marked(np.asarray(picture.convert("RGB")), places[:, :2], places[:, 2:], classes)
