"""The follicle once more, in plain NumPy with daily steps: the reference with which the compiled kernel must agree.

Written from the description of the process alone; it shares no code with the kernel, keeps catagen apart from the rest,
finds its stationary start by a long burn-in instead of length-biased sampling, and moves calibre by its differential
equation. Levers are constant over a day. A phase that ends within a day hands the rest of that day to the next, so that
steps of one day bring no bias.
"""

from __future__ import annotations

import copy

import numpy as np
from lever_courses import Course, Floats

from anagen.core.calendar import DAYS_PER_YEAR
from anagen.follicles import FollicleParameters

ANAGEN, CATAGEN, REST = range(3)
BURN_IN_CYCLES = 40
SHED_WINDOW = 28.0
RECORDED = ("anagen", "resting", "club", "kenogen")


class ReferenceFollicles:
    """Independent follicles, follicle i of patient i // per_patient.

    sensitivity: z of the classes, drawn with equal chance. detection: chance of detection at 0, 1, 2, ... um.
    """

    def __init__(
        self,
        process: FollicleParameters,
        sensitivity: Floats,
        *,
        patients: int,
        per_patient: int,
        start: int,
        start_at_target: bool,
        diameter: tuple[float, float],
        terminal_growth: float,
        thresholds: tuple[float, float],
        detection: Floats,
        rng: np.random.Generator,
    ) -> None:
        self.p, self.rng, self.day = process, rng, start
        self.patients, self.n = patients, patients * per_patient
        self.sensitivity, self.terminal_growth = sensitivity, terminal_growth
        self.thresholds, self.detection = thresholds, detection
        self.k = rng.integers(0, len(sensitivity), self.n)
        self.full_diameter = np.maximum(rng.normal(*diameter, self.n), 1.0)
        rest = np.clip(1.0 / (1.0 + sensitivity**process.calibre_hill), process.calibre_minimum, 1.0)
        self.goal = rest[self.k]
        self.c = self.goal.copy() if start_at_target else np.ones(self.n)
        self.recovery, self.last_anagen = np.ones(self.n), np.full(self.n, float(start))
        self.held = np.zeros(self.n, dtype=bool)  # a club hair
        self.club = self.c.copy()  # its calibre
        self.thickening = 1.0
        self.followed, self.read_before = np.zeros(self.n), False
        self.exogen = np.full(self.n, np.inf)  # the day on which it falls by itself
        self.shows = np.full(self.n, -np.inf)  # the day from which the hair of the present anagen is seen
        self.exposure = rng.exponential(size=self.n)
        self.window: tuple[float, float] | None = None
        self.records = {name: np.full((self.n, 2), np.nan) for name in RECORDED}
        self.shed_times: list[Floats] = []
        self.shed_rows: list[np.ndarray] = []
        self.shed_diameters: list[Floats] = []
        self.club_began = np.full(self.n, -np.inf)
        self._burn_in()

    def _spread(self, mean: Floats | float, cv: float, n: int) -> Floats:
        """Log-normal durations with the given mean and coefficient of variation."""
        variance = np.log(1.0 + cv**2)
        return mean * self.rng.lognormal(-variance / 2.0, np.sqrt(variance), n)

    def _anagen_duration(self, c: Floats) -> Floats:
        longest = self.p.anagen_maximum * c**self.p.anagen_calibre_exponent
        return self._spread(longest, self.p.anagen_cv, len(c)) + self.p.anagen_floor

    def _burn_in(self) -> None:
        """Stationary phases at a fixed calibre: many cycles from an even spread of beginnings."""
        p = self.p
        longest = p.anagen_maximum * self.c**p.anagen_calibre_exponent + p.anagen_floor
        cycle = longest + p.catagen_duration + p.reentry_mean * np.exp(p.reentry_slope * (1.0 - self.c))
        self.phase = np.full(self.n, ANAGEN)
        self.began = self.day - cycle * (BURN_IN_CYCLES + self.rng.random(self.n))
        self.left = self._anagen_duration(self.c)
        while True:
            rows = np.flatnonzero(self.began + self.left <= self.day)
            if len(rows) == 0:
                break
            time = self.began[rows] + self.left[rows]
            self._shed(rows, time)
            self.phase[rows] = (self.phase[rows] + 1) % 3
            self._grow(rows[self.phase[rows] == ANAGEN], time[self.phase[rows] == ANAGEN])
            self.left[rows] = self._durations(rows)
            self.began[rows] = time
        # what is left of the phase that covers the start; a rest begins with catagen
        self.left = self.began + self.left - self.day
        self.began = np.where(self.phase == REST, self.began - p.catagen_duration, self.began)

    def _durations(self, rows: np.ndarray) -> Floats:
        p, phase, n = self.p, self.phase[rows], len(rows)
        reentry = p.reentry_mean * np.exp(p.reentry_slope * (1.0 - self.c[rows]))
        return np.select(
            [phase == ANAGEN, phase == CATAGEN],
            [self._anagen_duration(self.c[rows]), np.full(n, p.catagen_duration)],
            self._spread(reentry, p.reentry_cv, n),
        )

    def _grow(self, rows: np.ndarray, time: Floats) -> None:
        """A new hair begins, which shows when it is long enough."""
        wait = self.p.emergence_length / self._growth((self.full_diameter * self.c)[rows])
        self.shows[rows] = time + self.p.emergence_lag + wait

    def _shed(self, rows: np.ndarray, time: Floats) -> None:
        """Of follicles whose phase ends: let fall the club hairs that are due, and hold those of ended anagens."""
        was, held = self.phase[rows], self.held[rows]
        taken = (was == REST) & held & (self.exogen[rows] < time)
        self._fall(rows[taken], self.exogen[rows[taken]])
        self._note("kenogen", rows[taken], self.exogen[rows[taken]], time[taken])
        over = (was == ANAGEN) & held
        self._fall(rows[over], np.minimum(np.minimum(self.exogen, self.shows)[rows[over]], time[over]))
        ended = rows[was == ANAGEN]
        self.held[ended] = time[was == ANAGEN] >= self.shows[ended]
        self.club[ended] = self.c[ended] * self.thickening
        self.club_began[ended] = time[was == ANAGEN]
        wait = self._spread(self.p.exogen_mean, self.p.exogen_cv, len(ended))
        self.exogen[ended] = time[was == ANAGEN] + self.p.catagen_duration + wait

    def _fall(self, rows: np.ndarray, time: Floats) -> None:
        self.held[rows] = False
        self.shed_times.append(time)
        self.shed_rows.append(rows)
        self.shed_diameters.append((self.full_diameter * self.club)[rows])
        self._note("club", rows, self.club_began[rows], time)

    def copy(self, rng: np.random.Generator) -> ReferenceFollicles:
        """The same follicles with another future."""
        twin = copy.deepcopy(self)
        twin.rng = rng
        return twin

    def run_untreated(self, until: int) -> None:
        """Live on without levers up to a day."""
        ones, zeros = np.ones(len(self.sensitivity)), 0.0
        while self.day < until:
            self._step(ones, 1.0, zeros)

    def run(self, course: Course, visits: Floats) -> Floats:
        """Live through a course from day 0 and read at visits; sums [patient, visit, 22] in the kernel's order."""
        p, read = self.p, {int(v): i for i, v in enumerate(visits)}
        sums = np.zeros((self.patients, len(visits), 22))
        for day in range(int(visits[-1]) + 1):
            made = day - p.emergence_lag - 0.5  # a lever holds over a day, so that its value stands at noon
            self.thickening = float(np.exp(np.interp(made, np.arange(course.days), course.calibre_gain, left=0.0)))
            if day in read:
                sums[:, read[day]] = self._read()
            drive = self.sensitivity * course.androgen_drive[day]
            self.goal = np.clip(1.0 / (1.0 + drive**p.calibre_hill), p.calibre_minimum, 1.0)[self.k]
            anagen = np.exp(
                p.androgen_on_anagen * self.sensitivity * (course.androgen_drive[day] - 1.0)
                - course.anagen_extension[day]
            )
            self._step(anagen, float(np.exp(course.telogen_exit[day])), float(course.immune_attack[day]))
        self._count_shed(sums, visits)
        return sums

    def _step(self, anagen_rate: Floats, resting_rate: float, attack: float) -> None:
        """One day."""
        whole = np.ones(self.n)
        ending = self._pass(np.arange(self.n), whole, anagen_rate, resting_rate, attack)
        gone = np.zeros(self.n)
        while len(ending[0]):
            rows, spent = ending
            gone[rows] += spent
            self._end_phase(rows, self.day + gone[rows])
            ending = self._pass(rows, 1.0 - gone[rows], anagen_rate, resting_rate, attack)
        self.day += 1

    def _pass(
        self, rows: np.ndarray, time: Floats, anagen_rate: Floats, resting_rate: float, attack: float
    ) -> tuple[np.ndarray, Floats]:
        """Let `time` pass, or less where the phase ends before; returns those whose phase ends and when."""
        phase = self.phase[rows]
        growing = phase == ANAGEN
        clock = np.where(growing, anagen_rate[self.k[rows]], np.where(phase == CATAGEN, 1.0, resting_rate))
        until = self.left[rows] / clock
        if attack > 0.0:
            until = np.where(growing, np.minimum(until, self.exposure[rows] / attack), until)
        spent = np.minimum(until, time)
        self.left[rows] -= clock * spent
        self.exposure[rows] -= np.where(growing, attack * spent, 0.0)
        drift = (self.goal[rows] - self.c[rows]) * -np.expm1(-self.p.calibre_rate * spent)
        self.c[rows] += np.where(growing, drift, 0.0)
        ends = until <= time
        return rows[ends], spent[ends]

    def _end_phase(self, rows: np.ndarray, time: Floats) -> None:
        p, was = self.p, self.phase[rows]
        for name, phase in (("anagen", ANAGEN), ("resting", REST)):
            self._note(name, rows[was == phase], self.began[rows[was == phase]], time[was == phase])
        self._shed(rows, time)
        now = (was + 1) % 3
        self.phase[rows] = now
        new = rows[now == ANAGEN]
        years = (time[now == ANAGEN] - self.last_anagen[new]) / DAYS_PER_YEAR
        lost = p.recovery_loss * np.maximum(0.0, 1.0 - self.c[new] / p.recovery_calibre)
        self.recovery[new] *= np.exp(-lost * years)
        self.last_anagen[new] = time[now == ANAGEN]
        step = p.calibre_step * (np.minimum(self.goal[new], self.recovery[new]) - self.c[new])
        noise = p.calibre_step_noise * self.c[new] * self.rng.standard_normal(len(new))
        self.c[new] = np.clip(self.c[new] + step + noise, p.calibre_minimum, 1.0)
        self.exposure[new] = self.rng.exponential(size=len(new))
        self._grow(new, time[now == ANAGEN])
        self.left[rows] = self._durations(rows)
        self.began[rows] = np.where(now == REST, self.began[rows], time)  # a rest begins with catagen

    def _note(self, name: str, rows: np.ndarray, began: Floats, ended: Floats) -> None:
        """Keep the first spell of each kind that begins within the window: when it begins and how long it lasts."""
        if self.window is None:
            return
        chosen = (began >= self.window[0]) & (began < self.window[1]) & np.isnan(self.records[name][rows, 0])
        self.records[name][rows[chosen]] = np.column_stack([began, ended - began])[chosen]

    def _growth(self, diameter: Floats) -> Floats:
        p = self.p
        share = (diameter - p.vellus_diameter) / (p.terminal_growth_diameter - p.vellus_diameter)
        return p.vellus_growth_rate + (self.terminal_growth - p.vellus_growth_rate) * np.clip(share, 0.0, 1.0)

    def _seen(self, diameter: Floats) -> Floats:
        return np.interp(diameter, np.arange(len(self.detection)), self.detection)

    def _read(self) -> Floats:
        """Sums of each patient at the present time, [patient, 22]; shed hairs are added later."""
        new = (self.phase == ANAGEN) & (self.shows <= self.day)
        old = self.held & (self.day < self.exogen) & ~((self.phase == ANAGEN) & (self.shows <= self.day))
        visible = new | old
        diameter = self.full_diameter * np.where(new, self.c * self.thickening, self.club)
        growth = self._growth(diameter)
        grows = new.astype(np.float64)
        if not self.read_before:
            self.followed, self.read_before = visible * (diameter >= self.thresholds[0]).astype(np.float64), True
        columns = [
            visible,
            visible * (diameter >= self.thresholds[0]),
            visible * (diameter >= self.thresholds[1]),
            grows,
            visible * diameter,
            grows * diameter**2 * growth,
            grows * growth,
            np.zeros(self.n),
            visible * (diameter >= self.thresholds[1]) * diameter,
            visible * self.followed,
            visible * self.followed * diameter,
        ]
        every = np.column_stack(columns).astype(np.float64)
        both = np.hstack([every, every * self._seen(diameter)[:, None]])
        return both.reshape(self.patients, -1, 22).sum(axis=1)

    def _count_shed(self, sums: Floats, visits: Floats) -> None:
        growing = self.phase == ANAGEN
        due = np.where(growing, np.minimum(self.exogen, self.shows), self.exogen)
        held = np.flatnonzero(self.held & (due <= self.day))
        self._fall(held, due[held])
        time, rows = np.concatenate(self.shed_times), np.concatenate(self.shed_rows)
        seen = self._seen(np.concatenate(self.shed_diameters))
        patient = rows // (self.n // self.patients)
        for i, visit in enumerate(visits):
            inside = (time > visit - SHED_WINDOW) & (time <= visit)
            sums[:, i, 7] = np.bincount(patient[inside], minlength=self.patients)
            sums[:, i, 18] = np.bincount(patient[inside], seen[inside], minlength=self.patients)
