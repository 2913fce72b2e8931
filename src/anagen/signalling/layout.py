"""Where boxes of a layered drawing stand, and lines between them that never run behind a box.

Boxes stand in columns. Between two columns lies a channel, in which lines run up and down, each origin on a track of
its own; a line that has to pass a column does so in a lane between its boxes. All lines of one origin share lanes and
tracks until they part, so that each is followed to its end as in a wiring diagram. Lengths have the unit of the sizes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

SWEEPS = 16
Point = tuple[float, float]
Link = tuple[str, str]
_Item = tuple[str, int]
"""A box (its name, -1) or the lane in which an origin (its name) passes a column (its number)."""
BOX = -1


@dataclass(frozen=True, slots=True)
class Sizes:
    """Lengths of a drawing.

    Attributes
    ----------
    width : float
        Of a box.
    height : float
        Of a box.
    apart : float
        Between boxes of a column.
    lane : float
        Height that a lane takes.
    track : float
        Between tracks of a channel.
    room : float
        Between a track and the next box; an arrowhead fits in.
    """

    width: float
    height: float
    apart: float
    lane: float
    track: float
    room: float


@dataclass(frozen=True, slots=True)
class Layout:
    """A drawing laid out.

    Attributes
    ----------
    boxes : Mapping[str, Point]
        Left end and middle of each box.
    lines : Mapping[Link, tuple[Point, ...]]
        Corners of each line, from the right side of its origin to the left side of its target.
    width : float
        Of the whole.
    height : float
        Of the whole.
    """

    boxes: Mapping[str, Point]
    lines: Mapping[Link, tuple[Point, ...]]
    width: float
    height: float


def laid_out(columns: Sequence[Sequence[str]], links: Sequence[Link], sizes: Sizes) -> Layout:
    """Places of boxes and corners of lines.

    Parameters
    ----------
    columns : Sequence[Sequence[str]]
        Names from left to right, in any order within a column.
    links : Sequence[Link]
        Pairs of names, origin and target.
    sizes : Sizes
        Lengths.

    Returns
    -------
    Layout
        Of all boxes and links.

    Examples
    --------
    >>> small = Sizes(10.0, 4.0, 2.0, 1.0, 1.0, 2.0)
    >>> drawn = laid_out([["A"], ["B"], ["C"]], [("A", "B"), ("A", "C"), ("B", "C")], small)
    >>> drawn.lines["A", "C"][0][1] == drawn.lines["A", "B"][0][1]
    True
    """
    column_of = {name: number for number, column in enumerate(columns) for name in column}
    ways = {link: _passed(column_of[link[0]], column_of[link[1]]) for link in links}
    ordered = _ordered(columns, ways, column_of)
    rows, height = _rows(ordered, sizes)
    entries = _entries(ways, rows, sizes)
    channels = _channels(links, ways, column_of, rows, entries)
    tracks = {channel: _tracks(spans, sizes) for channel, spans in channels.items()}
    lefts = [0.0]
    for number in range(len(columns) - 1):
        used = max(tracks.get(number, {"": 0}).values(), default=0) + 1
        lefts.append(lefts[-1] + sizes.width + 2.0 * sizes.room + (used - 1) * sizes.track)
    after = max(tracks.get(len(columns) - 1, {"": -1}).values(), default=-1) + 1

    def track_of(channel: int, origin: str) -> float:
        number = tracks[channel][origin]
        right = lefts[channel] + sizes.width if channel >= 0 else 0.0
        return right + sizes.room + number * sizes.track if channel >= 0 else -sizes.room - number * sizes.track

    lines: dict[Link, tuple[Point, ...]] = {}
    for link in links:
        origin, target = link
        level = rows[origin, BOX]
        corners: list[Point] = [(lefts[column_of[origin]] + sizes.width, level)]
        channel = column_of[origin]
        for column in ways[link]:
            at = track_of(channel, origin)
            lane = rows[origin, column]
            corners += [(at, level), (at, lane)]
            level, channel = lane, (column if column > channel else column - 1)
        at = track_of(channel, origin)
        corners += [(at, level), (at, entries[link]), (lefts[column_of[target]], entries[link])]
        lines[link] = _straightened(corners)
    before = (max(tracks[-1].values()) + 1) * sizes.track + sizes.room if -1 in tracks else 0.0
    whole = lefts[-1] + sizes.width + (2.0 * sizes.room + after * sizes.track if after else 0.0)
    boxes = {name: (lefts[number] + before, rows[name, BOX]) for name, number in column_of.items()}
    moved = {link: tuple((x + before, y) for x, y in corners) for link, corners in lines.items()}
    return Layout(boxes, moved, whole + before, height)


def _passed(origin: int, target: int) -> list[int]:
    """Columns that a line passes in a lane, in its order: it leaves an origin's right side and enters a left side."""
    return list(range(origin + 1, target)) if target > origin else list(range(origin, target - 1, -1))


def _ordered(
    columns: Sequence[Sequence[str]], ways: Mapping[Link, Sequence[int]], column_of: Mapping[str, int]
) -> list[list[_Item]]:
    """Boxes and lanes of every column, ordered so that neighbours lie near each other."""
    items: list[list[_Item]] = [[(name, BOX) for name in column] for column in columns]
    near: dict[_Item, list[_Item]] = {}

    def join(one: _Item, other: _Item) -> None:
        near.setdefault(one, []).append(other)
        near.setdefault(other, []).append(one)

    for (origin, target), way in ways.items():
        before: _Item = (origin, BOX)
        for column in way:
            lane = (origin, column)
            if lane not in items[column]:
                items[column].append(lane)
            join(before, lane)
            before = lane
        join(before, (target, BOX))
    place: dict[_Item, float] = {}

    def settle(column: list[_Item]) -> None:
        place.update({item: (row + 0.5) / len(column) for row, item in enumerate(column)})

    for column in items:
        settle(column)
    for sweep in range(SWEEPS):
        for column in items if sweep % 2 == 0 else reversed(items):
            means = {
                item: sum(place[other] for other in near[item]) / len(near[item]) if item in near else place[item]
                for item in column
            }
            column.sort(key=lambda item: means[item])
            settle(column)
    return items


def _rows(columns: Sequence[Sequence[_Item]], sizes: Sizes) -> tuple[dict[_Item, float], float]:
    """Middle of every box and lane, and the height of the tallest column."""
    heights = [
        sum(sizes.lane if item[1] != BOX else sizes.height + sizes.apart for item in column) for column in columns
    ]
    tallest = max(heights, default=0.0)
    rows: dict[_Item, float] = {}
    for number, (column, height) in enumerate(zip(columns, heights, strict=True)):
        slack = (tallest - height) / max(len(column), 1)
        top = 0.0
        for item in column:
            own = (sizes.lane if item[1] != BOX else sizes.height + sizes.apart) + slack
            # lanes of neighbouring columns never lie on one level, where lines of two origins would run into each other
            shift = 0.25 * sizes.lane * (number % 2) if item[1] != BOX else 0.0
            rows[item] = top + 0.5 * own + shift
            top += own
    return rows, tallest


def _entries(ways: Mapping[Link, Sequence[int]], rows: Mapping[_Item, float], sizes: Sizes) -> dict[Link, float]:
    """Level at which each line enters its target, spread over the left side in the order from which lines come."""
    entering: dict[str, list[Link]] = {}
    for link in ways:
        entering.setdefault(link[1], []).append(link)
    levels: dict[Link, float] = {}
    for target, some in entering.items():
        ranked = sorted(some, key=lambda link: rows[link[0], ways[link][-1] if ways[link] else BOX])
        step = 0.9 * sizes.height / max(len(ranked), 1)
        for place, link in enumerate(ranked):
            levels[link] = rows[target, BOX] + (place - 0.5 * (len(ranked) - 1)) * step
    return levels


def _channels(
    links: Sequence[Link],
    ways: Mapping[Link, Sequence[int]],
    column_of: Mapping[str, int],
    rows: Mapping[_Item, float],
    entries: Mapping[Link, float],
) -> dict[int, dict[str, tuple[float, float]]]:
    """From where to where each origin runs up and down in each channel; channel c lies right of column c."""
    found: dict[int, dict[str, tuple[float, float]]] = {}
    for link in links:
        origin = link[0]
        level, channel = rows[origin, BOX], column_of[origin]
        stops = [(column, rows[origin, column]) for column in ways[link]]
        for column, lane in [*stops, (None, entries[link])]:
            low, high = found.setdefault(channel, {}).get(origin, (level, level))
            found[channel][origin] = min(low, level, lane), max(high, level, lane)
            if column is not None:
                level, channel = lane, (column if column > channel else column - 1)
    return found


def _tracks(spans: Mapping[str, tuple[float, float]], sizes: Sizes) -> dict[str, int]:
    """Number of the track of each origin; two share one only where they stay so far apart that nobody joins them."""
    taken: list[list[tuple[float, float]]] = []
    tracks: dict[str, int] = {}
    for origin, (low, high) in sorted(spans.items(), key=lambda entry: (entry[1][0] - entry[1][1], entry[0])):
        for number, others in enumerate([*taken, []]):
            if all(high + sizes.height < first or last + sizes.height < low for first, last in others):
                tracks[origin] = number
                if number == len(taken):
                    taken.append([])
                taken[number].append((low, high))
                break
    return tracks


def pieces_of(corners: Sequence[Point], drawn: Layout, origin: str) -> list[tuple[Point, Point]]:
    """A line cut where lines of the same origin meet it, so that what they share is known.

    Parameters
    ----------
    corners : Sequence[Point]
        Of the line.
    drawn : Layout
        All lines.
    origin : str
        Where this one begins.

    Returns
    -------
    list[tuple[Point, Point]]
        Ends of each piece.
    """
    stops = {corner for link, line in drawn.lines.items() if link[0] == origin for corner in line}
    found: list[tuple[Point, Point]] = []
    for start, stop in pairwise(corners):
        along = 0 if start[1] == stop[1] else 1
        low, high = sorted((start[along], stop[along]))
        between = {s[along] for s in stops if s[1 - along] == start[1 - along] and low < s[along] < high}
        cuts = [low, *sorted(between), high]
        for first, last in pairwise(cuts):
            fixed = start[1 - along]
            found.append(((first, fixed), (last, fixed)) if along == 0 else ((fixed, first), (fixed, last)))
    return found


def _straightened(corners: Sequence[Point]) -> tuple[Point, ...]:
    """The corners without those at which nothing turns."""
    kept: list[Point] = []
    for corner in corners:
        if kept and kept[-1] == corner:
            continue
        if len(kept) > 1 and (kept[-2][0] == kept[-1][0] == corner[0] or kept[-2][1] == kept[-1][1] == corner[1]):
            kept[-1] = corner
            continue
        kept.append(corner)
    return tuple(kept)
