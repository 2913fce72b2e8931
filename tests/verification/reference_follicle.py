"""The follicle once more, in plain NumPy with daily steps: the reference with which the compiled kernel must agree.

Written from the description of the process alone; it shares no code with the kernel, keeps catagen apart from telogen,
finds its stationary start by a long burn-in instead of length-biased sampling, and moves calibre by its differential
equation. Levers are constant over a day. A phase that ends within a day hands the rest of that day to the next, so that
steps of one day bring no bias.
"""

from __future__ import annotations

import copy

import numpy as np
from lever_courses import Course, Floats

from anagen.follicles import FollicleParameters

ANAGEN, CATAGEN, TELOGEN, KENOGEN = range(4)
BURN_IN_CYCLES = 40
SHED_WINDOW = 28.0
RECORDED = ("anagen", "resting", "kenogen")


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
        self.gate_open = np.ones(self.n, dtype=bool)
        self.shown = np.ones(self.n, dtype=bool)
        self.exposure = rng.exponential(size=self.n)
        self.window: tuple[float, float] | None = None
        self.records = {name: np.full((self.n, 2), np.nan) for name in RECORDED}
        self.shed_times: list[Floats] = []
        self.shed_rows: list[np.ndarray] = []
        self.shed_diameters: list[Floats] = []
        self._burn_in()

    def _spread(self, mean: Floats | float, cv: float, n: int) -> Floats:
        """Log-normal durations with the given mean and coefficient of variation."""
        variance = np.log(1.0 + cv**2)
        return mean * self.rng.lognormal(-variance / 2.0, np.sqrt(variance), n)

    def _anagen_duration(self, c: Floats) -> Floats:
        longest = self.p.anagen_maximum * c**self.p.anagen_calibre_exponent
        return self._spread(longest, self.p.duration_cv, len(c)) + self.p.anagen_floor

    def _stays_empty(self, c: Floats) -> np.ndarray:
        chance = np.minimum(self.p.kenogen_limit, self.p.kenogen_base + self.p.kenogen_slope * (1.0 - c))
        return self.rng.random(len(c)) < chance

    def _burn_in(self) -> None:
        """Stationary phases at a fixed calibre: many cycles from an even spread of beginnings."""
        p = self.p
        longest = p.anagen_maximum * self.c**p.anagen_calibre_exponent + p.anagen_floor
        chance = np.minimum(p.kenogen_limit, p.kenogen_base + p.kenogen_slope * (1.0 - self.c))
        cycle = longest + p.catagen_duration + p.telogen_mean + chance * p.kenogen_mean
        self.phase = np.full(self.n, ANAGEN)
        self.began = self.day - cycle * (BURN_IN_CYCLES + self.rng.random(self.n))
        self.left = self._anagen_duration(self.c)
        while True:
            rows = np.flatnonzero(self.began + self.left <= self.day)
            if len(rows) == 0:
                break
            self.began[rows] += self.left[rows]
            was = self.phase[rows]
            empty = (was == TELOGEN) & self._stays_empty(self.c[rows])
            now = np.select([was == ANAGEN, was == CATAGEN, empty], [CATAGEN, TELOGEN, KENOGEN], ANAGEN)
            self.phase[rows] = now
            self.left[rows] = self._durations(rows, now)
        # what is left of the phase that covers the start
        self.left = self.began + self.left - self.day

    def _durations(self, rows: np.ndarray, phase: np.ndarray) -> Floats:
        n = len(rows)
        return np.select(
            [phase == ANAGEN, phase == CATAGEN, phase == TELOGEN],
            [
                self._anagen_duration(self.c[rows]),
                np.full(n, self.p.catagen_duration),
                self._spread(self.p.telogen_mean, self.p.telogen_cv, n),
            ],
            self._spread(self.p.kenogen_mean, self.p.duration_cv, n),
        )

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
        """Live through a course from day 0 and read at visits; sums [patient, visit, 16] in the kernel's order."""
        p, read = self.p, {int(v): i for i, v in enumerate(visits)}
        sums = np.zeros((self.patients, len(visits), 16))
        for day in range(int(visits[-1]) + 1):
            if day in read:
                sums[:, read[day]] = self._read()
            drive = self.sensitivity * course.androgen_drive[day]
            target = 1.0 / (1.0 + drive**p.calibre_hill) + course.calibre_boost[day]
            self.goal = np.clip(target, p.calibre_minimum, 1.0)[self.k]
            anagen = np.exp(
                p.androgen_on_anagen * self.sensitivity * (course.androgen_drive[day] - 1.0) - course.anagen_brake[day]
            )
            self._step(anagen, float(np.exp(course.resting_clock[day])), float(course.attack[day]))
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
        self._record(rows, was, time)
        ended = rows[was == ANAGEN]
        self.shown[ended] = self._emerged(ended, time[was == ANAGEN])
        left_follicle = (was == TELOGEN) & self.shown[rows]
        self.shed_times.append(time[left_follicle])
        self.shed_rows.append(rows[left_follicle])
        self.shed_diameters.append((self.full_diameter * self.c)[rows[left_follicle]])
        empty = (was == TELOGEN) & self._stays_empty(self.c[rows])
        now = np.select([was == ANAGEN, was == CATAGEN, empty], [CATAGEN, TELOGEN, KENOGEN], ANAGEN)
        new = rows[now == ANAGEN]
        small = self.c[new] < p.gate_calibre
        self.gate_open[new] &= ~(small & (self.rng.random(len(new)) < p.gate_probability))
        step = p.calibre_step * (self.goal[new] - self.c[new])
        step = np.where(self.gate_open[new], step, np.minimum(step, 0.0))
        noise = p.calibre_step_noise * self.c[new] * self.rng.standard_normal(len(new))
        self.c[new] = np.clip(self.c[new] + step + noise, p.calibre_minimum, 1.0)
        self.exposure[new] = self.rng.exponential(size=len(new))
        self.phase[rows] = now
        self.left[rows] = self._durations(rows, now)
        self.began[rows] = np.where(now == TELOGEN, self.began[rows], time)  # a resting phase begins with catagen

    def _record(self, rows: np.ndarray, was: np.ndarray, time: Floats) -> None:
        """Keep the first phase of each kind that begins within the window: when it begins and how long it lasts."""
        if self.window is None:
            return
        began = self.began[rows]
        inside = (began >= self.window[0]) & (began < self.window[1])
        for name, phase in zip(RECORDED, (ANAGEN, TELOGEN, KENOGEN), strict=True):
            chosen = inside & (was == phase) & np.isnan(self.records[name][rows, 0])
            self.records[name][rows[chosen]] = np.column_stack([began, time - began])[chosen]

    def _growth(self, diameter: Floats) -> Floats:
        p = self.p
        share = (diameter - p.vellus_diameter) / (p.terminal_growth_diameter - p.vellus_diameter)
        return p.vellus_growth_rate + (self.terminal_growth - p.vellus_growth_rate) * np.clip(share, 0.0, 1.0)

    def _emerged(self, rows: np.ndarray, time: Floats) -> np.ndarray:
        length = (time - self.began[rows] - self.p.emergence_lag) * self._growth((self.full_diameter * self.c)[rows])
        return length >= self.p.emergence_length

    def _seen(self, diameter: Floats) -> Floats:
        return np.interp(diameter, np.arange(len(self.detection)), self.detection)

    def _read(self) -> Floats:
        """Sums of each patient at the present time, [patient, 16]; shed hairs are added later."""
        growing = self.phase == ANAGEN
        resting = (self.phase == CATAGEN) | (self.phase == TELOGEN)
        rows = np.arange(self.n)
        visible = np.where(growing, self._emerged(rows, np.full(self.n, float(self.day))), resting & self.shown)
        diameter = self.full_diameter * self.c
        growth = self._growth(diameter)
        grows = visible * growing
        columns = [
            visible,
            visible * (diameter >= self.thresholds[0]),
            visible * (diameter >= self.thresholds[1]),
            grows,
            visible * diameter,
            grows * diameter**2 * growth,
            grows * growth,
            np.zeros(self.n),
        ]
        every = np.column_stack(columns).astype(np.float64)
        both = np.hstack([every, every * self._seen(diameter)[:, None]])
        return both.reshape(self.patients, -1, 16).sum(axis=1)

    def _count_shed(self, sums: Floats, visits: Floats) -> None:
        time, rows = np.concatenate(self.shed_times), np.concatenate(self.shed_rows)
        seen = self._seen(np.concatenate(self.shed_diameters))
        patient = rows // (self.n // self.patients)
        for i, visit in enumerate(visits):
            inside = (time > visit - SHED_WINDOW) & (time <= visit)
            sums[:, i, 7] = np.bincount(patient[inside], minlength=self.patients)
            sums[:, i, 15] = np.bincount(patient[inside], seen[inside], minlength=self.patients)
