"""What happens to one person with a treatment and without, in one call."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pandas as pd

from anagen.analysis.bands import LEAST_DRAWS
from anagen.core.errors import InputError, Problem
from anagen.core.numbers import real, whole
from anagen.core.plain import plain, records
from anagen.core.progress import Progress
from anagen.core.provenance import package_version
from anagen.core.result import Result
from anagen.core.shown import Shown
from anagen.parameters import Source, parameter_source, source_facts
from anagen.prognoses.asked import LEAST_WEEKS, MOST_WEEKS, Asked, Therapy, asked_of
from anagen.prognoses.course import Course, course_of, read_course
from anagen.prognoses.facts import Facts, facts_of
from anagen.prognoses.person import Person
from anagen.prognoses.scalp import look_at, sheet
from anagen.prognoses.sentences import answer, at, hundred_words
from anagen.prognoses.spread import DRAWS, EACH, MOST_EACH, Spread, spread_of
from anagen.prognoses.visible import BOUNDS, COVERED, definition, judged_by
from anagen.reports.numbers import DASH, has_band, interval, is_number, no_band, number
from anagen.reports.wording import sentence_case
from anagen.reports.wording import weeks as weeks_text
from anagen.results.folder import write_folder

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FIGURES = ("hairs", "judged", "hundred")
MOST = 1000


@dataclass(frozen=True, repr=False, eq=False)
class Prognosis(Result):
    """One person with a treatment and without.

    Attributes
    ----------
    asked : Asked
        Who, what is given, how long.
    courses : Mapping[str, Course]
        Every follicle in every week: "with", "without", and "stopped" where that was asked for.
    spread : Spread or None
        The person and people alike under parameter draws; None where no draws were asked for.
    facts : Facts
        Harms, cost, certainty, for whom it is not.
    manifest : Mapping[str, Any]
        What is needed to repeat it.
    rows : pandas.DataFrame
        From `table_of`.
    """

    asked: Asked
    courses: Mapping[str, Course]
    spread: Spread | None
    facts: Facts
    manifest: Mapping[str, Any]
    rows: pd.DataFrame

    _what: ClassVar[str] = "Prognosis of one person"
    _then: ClassVar[tuple[str, ...]] = ('.plot("hairs")', ".people", ".scalps()", ".facts.harms", '.save("folder")')

    @property
    def table(self) -> pd.DataFrame:
        """One row for each course and week.

        Columns: course, week, hairs and terminal [1/cm2], resting and empty (shares), diameter [um], the endpoint by
        which a change is seen (coverage, or salt), change of hairs since week 0, and their bands over parameter draws:
        the change in the draws, laid on the person's own start within what can be; missing with too few draws.
        """
        return self.rows

    @property
    def people(self) -> pd.DataFrame | None:
        """Shares of people like the person who gain, stay and lose, by course and week; None without draws."""
        return None if self.spread is None else self.spread.hundred()

    def headline(self) -> str:
        """The answer in a sentence or two.

        Returns
        -------
        str
            Of the last week.
        """
        return answer(self.asked, self.table, self.spread)

    def summary(self) -> pd.DataFrame:
        """The start, half a year, a year and the end.

        Returns
        -------
        DataFrame
            Rows of the table.
        """
        last = int(self.asked.weeks[-1])
        return self.table[self.table["week"].isin(sorted({0, 26, 52, last}))].reset_index(drop=True)

    def _shown(self) -> Shown:
        judged = judged_by(self.asked.person.condition)
        rows = tuple(
            (
                str(row["course"]),
                weeks_text(row["week"]),
                number(row["hairs"], 0),
                interval(row["hairs_low"], row["hairs_high"], 0, signed=False) if is_number(row["hairs_low"]) else DASH,
                number(row["terminal"], 0),
                number(row[judged], 2 if judged == COVERED else 0),
            )
            for row in records(self.summary())
        )
        header = ("course", "week", "hairs/cm²", "90 % of draws", "terminal hairs/cm²", judged)
        note = f"{no_band(self._draws)}." if not has_band(self._draws) else f"{self._draws} parameter draws."
        note = f"{note[:1].upper()}{note[1:]} Cost: {self.facts.cost_words()}. Research software, not medical advice."
        return Shown(self._what, self.asked.person.words(), self.headline(), header, rows, note, self._then)

    @property
    def _draws(self) -> int:
        return 0 if self.spread is None else self.spread.draws

    def document(self) -> dict[str, Any]:
        """What `anagen prognosis --json` prints.

        Returns
        -------
        dict
            Plain values.
        """
        spread = self.spread
        return {
            "person": self.asked.person.model_dump(mode="json"),
            "therapies": [use.model_dump(mode="json") for use in self.asked.study.arms[0].therapies],
            "answer": self.headline(),
            "weeks": records(self.table),
            "draws": 0 if spread is None else spread.draws,
            "people": 0 if spread is None else spread.people,
            "hundred": [] if spread is None else records(spread.hundred()),
            "until_seen": {} if spread is None else plain(spread.until_seen()),
            "seen_is": definition(judged_by(self.asked.person.condition), self.asked.scene(0).values),
            "facts": facts_document(self.facts),
        }

    def figures(self) -> tuple[str, ...]:
        """Names of the pictures.

        Returns
        -------
        tuple of str
            Hairs over weeks, what is seen over weeks, and a hundred people where there are draws.
        """
        return FIGURES if self.spread is not None else FIGURES[:2]

    def _figure(self, name: str) -> Figure:
        from anagen.prognoses.figure import courses_figure, hundred_figure
        from anagen.reports.style import styled

        who, last = self.asked.person.words(), int(self.asked.weeks[-1])
        draws = 0 if self.spread is None else self.spread.draws
        bands = (
            f"Band: middle nine tenths of {draws} parameter draws, laid on the person's own start."
            if draws >= LEAST_DRAWS
            else "No band: fewer than 20 parameter draws."
        )
        with styled():
            if name == "hundred" and self.spread is not None:
                rows = self.spread.hundred()
                shares = {
                    course: [at(rows, course, last, word) for word in ("gain", "stay", "lose")]
                    for course in self.spread.seen
                }
                title = f"Of 100 people like this {'man' if self.asked.person.sex == 'male' else 'woman'}, week {last}"
                subtitle = f"{self.spread.people} people, {draws} parameter draws. {hundred_words(self.spread, last)}"
                return hundred_figure(shares, title=title, subtitle=subtitle)
            about = f"{sentence_case(who)}. {bands}"
            stop = self.asked.stop
            if name == "hairs":
                return courses_figure(
                    self.table, "hairs", title="Hairs over time", subtitle=about, unit="hairs/cm²", stop=stop
                )
            judged = judged_by(self.asked.person.condition)
            unit = "share of scalp hidden by hair" if judged == COVERED else "SALT [points]"
            return courses_figure(
                self.table, judged, title="What is seen over time", subtitle=about, unit=unit, stop=stop
            )

    def save(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> Path:
        """Write a folder with the table, the answer as JSON, pictures and the scalps drawn, whole or not at all.

        Parameters
        ----------
        path : str or path
            The folder.
        overwrite : bool
            Whether an earlier result folder may be replaced.

        Returns
        -------
        Path
            The folder.

        Raises
        ------
        InputError
            Where it may not be written.
        """
        from anagen.prognoses.folder import write_prognosis

        def fill(folder: Path) -> None:
            write_prognosis(self, folder)

        return write_folder(Path(path), fill, plain(dict(self.manifest)), overwrite=overwrite)

    def scalps(self, weeks: Sequence[int] = (0, 26, 52)) -> bytes:
        """The scalp under every course in some weeks, as SVG, true to scale.

        Parameters
        ----------
        weeks : Sequence[int]
            Weeks, from 0 to the last.

        Returns
        -------
        bytes
            A file.

        Raises
        ------
        InputError
            Where a week is not among those that were asked for.
        """
        from anagen.scalp.picture.svg import to_svg

        last = int(self.asked.weeks[-1])
        shown = [whole("weeks", week, 0, last) for week in weeks]
        if not shown:
            raise InputError([Problem(None, None, None, "weeks", "no week is given")])
        return to_svg(sheet(self.asked, list(self.courses.values()), shown, look_at(self.asked)))


def prognosis(
    person: Person | Mapping[str, object],
    therapies: Sequence[Therapy] | Therapy = (),
    *,
    weeks: int = MOST_WEEKS,
    stop: float | None = None,
    draws: int = DRAWS,
    each: int = EACH,
    parameters: Source = "default",
    progress: Progress | None = None,
) -> Prognosis:
    """What happens to one person with a treatment and without, and to a hundred people alike.

    Parameters
    ----------
    person : Person or mapping
        Who: condition, sex, age, grade, years_since_onset, zone, sensitivity, ethnicity, seed.
    therapies : sequence
        Up to three, each by name ("exosome@microneedle" names the route) or with the keys of an arm's therapy in a
        study file; none for the course without treatment alone.
    weeks : int
        Last week, 4 to 104.
    stop : float, optional
        Week from which nothing is given any more in a third course.
    draws : int
        Parameter draws: for bands at least 20; none where it is 0.
    each : int
        People alike who are followed in each draw.
    parameters : str, path or ParameterSource
        "prior", "posterior", or a posterior file; the shipped posterior where left out.
    progress : Progress, optional
        Shows what is done; a bar of its own in terminals and notebooks where left out.

    Returns
    -------
    Prognosis
        Courses, bands, people alike, harms, cost, certainty.

    Raises
    ------
    InputError
        Where the person or a therapy is impossible, with every problem.

    Examples
    --------
    >>> told = prognosis({"age": 40, "grade": "IV"}, "minoxidil", weeks=26, draws=0)
    >>> told.table["course"].unique().tolist(), len(told.table)
    (['with', 'without'], 54)
    """
    given = [therapies] if isinstance(therapies, str | Mapping) else list(therapies)
    weeks = whole("weeks", weeks, LEAST_WEEKS, MOST_WEEKS)
    draws, each = whole("draws", draws, 0, MOST), whole("each", each, 1, MOST_EACH)
    if draws == 1:
        message = "one draw tells nothing of how far a result is known; give 0, or 20 and more for a band"
        raise InputError([Problem(None, None, None, "draws", message)])
    stop = None if stop is None else real("stop", stop, 0.0, float(weeks))
    source = parameter_source(parameters)
    asked = asked_of(person, given, weeks=weeks, stop=stop, parameters=source.load())
    with progress or Progress() as bar:
        bar.stage("simulating")
        courses = {name: course_of(asked, name) for name in asked.courses()}
        bar.stage("people like this")
        spread = spread_of(asked, draws=draws, each=each, progress=bar.advance) if draws else None
    manifest = {
        "kind": "prognosis",
        "package": "anagen",
        "version": package_version(),
        "seed": asked.person.seed,
        "weeks": weeks,
        "stop": stop,
        "draws": draws,
        "each": each,
        **source_facts(source, asked.parameters),
        "parameters_sha256": asked.parameters.sha256(),
        "person": asked.person.model_dump(mode="json"),
        "study": asked.study.model_dump(mode="json"),
    }
    rows = table_of(asked, courses, spread)
    return Prognosis(asked, courses, spread, facts_of(asked), manifest, rows)


def table_of(asked: Asked, courses: Mapping[str, Course], spread: Spread | None) -> pd.DataFrame:
    """Numbers of every course and week, with bands where there are enough draws.

    Parameters
    ----------
    asked : Asked
        The question.
    courses : Mapping[str, Course]
        Its courses.
    spread : Spread or None
        Under parameter draws.

    Returns
    -------
    DataFrame
        See `Prognosis.table`.
    """
    judged = judged_by(asked.person.condition)
    bands = None if spread is None else spread.bands.set_index(["course", "week"])
    rows: list[pd.DataFrame] = []
    for name, course in courses.items():
        own = course.counts()
        own.insert(0, "course", name)
        own[judged] = read_course(asked, course)[judged]
        own["change"] = own["hairs"] - own["hairs"].iloc[0]
        for column, kind in (("hairs", "change"), (judged, "judged")):
            for end in ("low", "high"):
                known = bands is not None and name in bands.index.get_level_values("course")
                ends = bands.loc[name][f"{kind}_{end}"].to_numpy() if bands is not None and known else float("nan")
                own[f"{column}_{end}"] = np.clip(own[column].iloc[0] + ends, *BOUNDS[column])
        rows.append(own)
    return pd.concat(rows, ignore_index=True)


def facts_document(facts: Facts) -> dict[str, Any]:
    """Facts as plain values.

    Parameters
    ----------
    facts : Facts
        Of a treatment.

    Returns
    -------
    dict
        Plain values.
    """
    from dataclasses import asdict

    return {**asdict(facts), "cost_a_month": facts.cost, "cost": facts.cost_words()}
