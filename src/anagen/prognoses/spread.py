"""How far a prognosis is known: the person and people alike under draws of the parameters.

Every draw follows the same person (what is not known about biology and products) and a few people of the same
covariates who are met in that draw alone (who they are). The person's changes make the bands; the others, one by one,
are the people alike, so that their counts hold both uncertainties.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from anagen.analysis.bands import LEAST_DRAWS, band
from anagen.core.arrays import FloatArray, IntArray
from anagen.delivery import Prescription
from anagen.patients import Population
from anagen.prognoses.asked import AREA, STOPPED, WITH, WITHOUT, Asked
from anagen.prognoses.course import attended, solved
from anagen.prognoses.visible import COVERED, GAINS, LOSES, STAYS, first_seen, judged_by, panel_error, seen_change
from anagen.scalp import Readings
from anagen.trials.attendance import misses_sessions
from anagen.trials.observation import Scene, observe

DRAWS, EACH = 50, 4
"""Parameter draws, and people like the person in each: 200 people."""
MOST_EACH = 60


@dataclass(frozen=True, eq=False)
class Spread:
    """The person and people alike under parameter draws.

    Attributes
    ----------
    weeks : FloatArray, shape (n_weeks,)
        From 0 to the last.
    changes : Mapping[str, FloatArray]
        Course -> change of the person's hairs since week 0 [1/cm2], shape (n_draws, n_weeks).
    judged : Mapping[str, FloatArray]
        Course -> change of the person's endpoint by which a change is seen, of the same shape.
    seen : Mapping[str, IntArray]
        Course -> whether a change is seen in people alike, with the error of who looks, shape
        (n_draws, n_people, n_weeks).
    first : FloatArray, shape (n_draws, n_people)
        Week from which on people alike who are treated truly gain as much as is seen; infinity where they do not,
        and in all where nothing is given.
    """

    weeks: FloatArray
    changes: Mapping[str, FloatArray]
    judged: Mapping[str, FloatArray]
    seen: Mapping[str, IntArray]
    first: FloatArray

    @property
    def draws(self) -> int:
        """Number of parameter draws."""
        return len(next(iter(self.changes.values())))

    @property
    def people(self) -> int:
        """Number of people like the person, in all draws."""
        shape = next(iter(self.seen.values())).shape
        return shape[0] * shape[1]

    @cached_property
    def bands(self) -> pd.DataFrame:
        """Middle nine tenths of the draws, by course and week; missing with fewer than LEAST_DRAWS draws.

        Returns
        -------
        DataFrame
            Columns course, week, change_low, change_high [hairs/cm2], judged_low, judged_high; the course "difference"
            is what the treatment adds.
        """
        rows: list[pd.DataFrame] = []
        changes, judged = dict(self.changes), dict(self.judged)
        if WITH in changes:
            changes["difference"] = changes[WITH] - changes[WITHOUT]
            judged["difference"] = judged[WITH] - judged[WITHOUT]
        for name in changes:
            columns: dict[str, object] = {"course": name, "week": self.weeks}
            for kind, values in (("change", changes[name]), ("judged", judged[name])):
                ends = np.array([band(values[:, week], least=LEAST_DRAWS) for week in range(len(self.weeks))])
                columns |= {f"{kind}_low": ends[:, 0], f"{kind}_high": ends[:, 1]}
            rows.append(pd.DataFrame(columns))
        return pd.concat(rows, ignore_index=True)

    def hundred(self) -> pd.DataFrame:
        """Shares of people like the person who are seen to gain, stay and lose, by course and week.

        The Monte-Carlo standard error is that of the mean over draws, because people of one draw share its parameters.

        Returns
        -------
        DataFrame
            Columns course, week, gain, stay, lose (shares, 0 to 1) and their standard errors.
        """
        rows: list[pd.DataFrame] = []
        for name, seen in self.seen.items():
            columns: dict[str, object] = {"course": name, "week": self.weeks}
            for word, value in (("gain", GAINS), ("stay", STAYS), ("lose", LOSES)):
                of_draw = (seen == value).mean(axis=1)
                columns[word] = of_draw.mean(axis=0)
                columns[f"{word}_error"] = of_draw.std(axis=0, ddof=1) / np.sqrt(len(of_draw))
            rows.append(pd.DataFrame(columns))
        return pd.concat(rows, ignore_index=True)

    def until_seen(self) -> dict[str, float]:
        """When a gain is first seen in people like the person who are treated.

        Returns
        -------
        dict[str, float]
            "share" in whom it is by the last week; "median", "low" and "high" week of these (5 and 95 %), missing where
            there are fewer than LEAST_DRAWS.
        """
        first = self.first.ravel()
        when = first[np.isfinite(first)]
        low, middle, high = band(when, (0.05, 0.5, 0.95), least=LEAST_DRAWS)
        return {"share": len(when) / len(first), "median": middle, "low": low, "high": high}


def spread_of(
    asked: Asked,
    *,
    draws: int = DRAWS,
    each: int = EACH,
    progress: Callable[[int, int], None] | None = None,
    stopped: Callable[[], bool] | None = None,
) -> Spread | None:
    """Follow the person and people alike under parameter draws.

    Parameters
    ----------
    asked : Asked
        The question.
    draws : int
        Parameter draws, at least 2.
    each : int
        People alike in each, at least 1 and at most MOST_EACH.
    progress : callable or None
        Called with (done, total) after every draw.
    stopped : callable or None
        Asked before every draw; where it says True nothing is finished.

    Returns
    -------
    Spread or None
        None where it was stopped.

    Raises
    ------
    ValueError
        Where there are too few draws or people, or too many people in a draw.
    """
    if draws < 2 or not 1 <= each <= MOST_EACH:
        raise ValueError(f"{draws} draws of {each} people cannot be followed")
    courses = {name: given for name, given in asked.courses().items() if name != STOPPED}
    endpoint = judged_by(asked.person.condition)
    places = [[entry.name for entry in asked.plan.endpoints].index(name) for name in ("total_density", endpoint)]
    weeks = asked.weeks.astype(np.float64)
    found: dict[str, list[FloatArray]] = {name: [] for name in courses}
    seen: dict[str, list[IntArray]] = {name: [] for name in courses}
    first: list[FloatArray] = []
    for draw in range(1, draws + 1):
        if stopped is not None and stopped():
            return None
        scene = asked.scene(draw)
        people = asked.people(scene, (draw - 1) * each, each)
        others = people.take(np.arange(1, len(people)))
        error = panel_error(others, weeks, scene.values, seed=scene.seed) if endpoint == COVERED else 0.0
        for name, (true, measured) in _followed(asked, scene, people, courses).items():
            found[name].append(true[0][:, places])
            # a panel's error is its own; that of a rater stands in what was measured
            judged = (true if endpoint == COVERED else measured)[1:, :, places[1]]
            seen[name].append(seen_change(judged, endpoint, weeks, scene.values, error))
            if name == WITH:
                gains = seen_change(true[1:, :, places[1]], endpoint, weeks, scene.values)
                first.append(first_seen(gains, weeks))
        if progress is not None:
            progress(draw, draws)
    since = {name: np.stack(values) - np.stack(values)[:, :1] for name, values in found.items()}
    return Spread(
        weeks=weeks,
        changes={name: values[:, :, 0] for name, values in since.items()},
        judged={name: values[:, :, 1] for name, values in since.items()},
        seen={name: np.stack(values) for name, values in seen.items()},
        first=np.stack(first) if first else np.full((draws, each), np.inf),
    )


def _followed(
    asked: Asked, scene: Scene, people: Population, courses: Mapping[str, tuple[Prescription, ...]]
) -> dict[str, tuple[FloatArray, FloatArray]]:
    """True and measured readings of people under each course [person, week, endpoint]."""
    weeks = asked.weeks.astype(np.float64)
    given = list(courses.values())
    if any(misses_sessions(prescription) for course in given for prescription in course):
        parts = [people.take(np.array([row])) for row in range(len(people))]
    else:
        parts = [people]
    rows: list[list[Readings]] = []
    for part in parts:
        own = [attended(course, part, scene.seed) for course in given] if len(parts) > 1 else given
        responses = solved(scene, part, own, float(weeks[-1]))
        read = observe(scene, part, own, weeks=weeks, area=AREA, study_offset=False, responses=responses)
        rows.append(read)
    return {
        name: (
            np.concatenate([row[i].true for row in rows]),
            np.concatenate([row[i].measured for row in rows]),
        )
        for i, name in enumerate(courses)
    }
