"""Lines of the pictures: none runs behind a box, and no two origins share a way."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest

from anagen.signalling.drawing import SIZES, columns_of
from anagen.signalling.layout import Layout, Point, Sizes, laid_out
from anagen.signalling.network import load_network

NETWORK = load_network()


def shipped() -> Layout:
    edges = [edge for edge in NETWORK.edges if edge.weight > 0.0]
    used = {name for edge in edges for name in (edge.origin, edge.target)}
    names = [name for name in (*NETWORK.input_names, *NETWORK.node_names) if name in used]
    columns = columns_of(names, NETWORK.input_names, edges, together=True)
    return laid_out(columns, [(edge.origin, edge.target) for edge in edges], SIZES)


def behind(start: Point, stop: Point, box: Point, sizes: Sizes) -> bool:
    """Whether a piece of a line runs through the inside of a box."""
    left, right = sorted((start[0], stop[0]))
    top, bottom = sorted((start[1], stop[1]))
    inside_x = right > box[0] + 1e-9 and left < box[0] + sizes.width - 1e-9
    return inside_x and bottom > box[1] - 0.5 * sizes.height + 1e-9 and top < box[1] + 0.5 * sizes.height - 1e-9


def test_no_line_runs_behind_a_box() -> None:
    drawn = shipped()
    hidden = {
        (link, name)
        for link, line in drawn.lines.items()
        for start, stop in pairwise(line)
        for name, box in drawn.boxes.items()
        if behind(start, stop, box, SIZES)
    }
    assert hidden == set()


def test_lines_of_different_origins_never_run_along_each_other() -> None:
    drawn = shipped()
    upright = [
        (link[0], start[0], *sorted((start[1], stop[1])))
        for link, line in drawn.lines.items()
        for start, stop in pairwise(line)
        if start[0] == stop[0]
    ]
    shared = {
        (one[0], other[0])
        for one, other in combinations(upright, 2)
        if one[0] != other[0] and one[1] == other[1] and one[2] < other[3] and other[2] < one[3]
    }
    assert shared == set()


def test_a_line_begins_and_ends_at_its_own_boxes() -> None:
    drawn = shipped()
    for (origin, target), line in drawn.lines.items():
        assert line[0] == (drawn.boxes[origin][0] + SIZES.width, drawn.boxes[origin][1])
        assert line[-1][0] == pytest.approx(drawn.boxes[target][0])
        assert abs(line[-1][1] - drawn.boxes[target][1]) < 0.5 * SIZES.height
        assert all(start[0] == stop[0] or start[1] == stop[1] for start, stop in pairwise(line))


def test_a_line_back_goes_around_its_boxes() -> None:
    small = Sizes(10.0, 4.0, 2.0, 1.0, 1.0, 2.0)
    drawn = laid_out([["A"], ["B"]], [("A", "B"), ("B", "A")], small)
    assert not any(
        behind(start, stop, box, small) for line in drawn.lines.values() for start, stop in pairwise(line)
        for box in drawn.boxes.values()
    )  # fmt: skip
    assert min(x for line in drawn.lines.values() for x, _ in line) >= 0.0
