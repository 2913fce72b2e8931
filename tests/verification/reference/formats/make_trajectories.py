"""Makes the references in this folder: `python make_trajectories.py`, with the extras formats and references.

small.xml: the small network as our writer wrote it. small.csv: levels of its nodes as libRoadRunner and COPASI follow
small.xml. receptors.csv: quantities of tests/examples/models/receptors.xml as libRoadRunner follows it in hours.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import basico
import numpy as np
import roadrunner

HERE = Path(__file__).parent
TESTS = HERE.parents[2]
sys.path.insert(0, str(TESTS))

from anagen.formats.sbml.model import Described  # noqa: E402
from anagen.formats.sbml.writer import sbml_text  # noqa: E402
from small_network import DAYS, small_courses, small_network  # noqa: E402

NODES = ("A", "B", "C")


def by_roadrunner(text: str, names: list[str], end: float, points: int) -> np.ndarray:
    model = roadrunner.RoadRunner(text)
    model.integrator.relative_tolerance, model.integrator.absolute_tolerance = 1e-11, 1e-14
    model.timeCourseSelections = ["time", *names]
    return np.array(model.simulate(0.0, end, points))


def by_copasi(text: str, names: list[str], end: float, points: int) -> np.ndarray:
    basico.load_model_from_string(text)
    found = basico.run_time_course(
        start_time=0.0, duration=end, intervals=points - 1, r_tol=1e-11, a_tol=1e-14, use_sbml_id=True,
        update_model=False,
    )  # fmt: skip
    return found[names].to_numpy()


def write(name: str, header: list[str], rows: np.ndarray) -> None:
    with (HERE / name).open("w", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([[f"{value:.12g}" for value in row] for row in rows.tolist()])


if __name__ == "__main__":
    text = sbml_text(Described(small_network(), "ill", small_courses()))
    (HERE / "small.xml").write_text(text, encoding="utf-8")
    end, points = float(DAYS[-1]), len(DAYS)
    one, other = by_roadrunner(text, list(NODES), end, points), by_copasi(text, list(NODES), end, points)
    names = [f"{program} {node}" for program in ("libRoadRunner", "COPASI") for node in NODES]
    write("small.csv", ["day", *names], np.concatenate([one, other], axis=1))
    receptors = (TESTS / "examples/models/receptors.xml").read_text(encoding="utf-8")
    write(
        "receptors.csv",
        ["hour", "R", "C", "S", "share"],
        by_roadrunner(receptors, ["[R]", "[C]", "S", "share"], 120.0, 121),
    )
