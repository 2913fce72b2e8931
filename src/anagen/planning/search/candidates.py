"""Candidates: a design that was simulated, its arms, ratio and size, with what it costs, takes and reaches."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from anagen.planning.search.axes import Space, allocation_label
from anagen.planning.search.chance import Chance, smallest
from anagen.planning.search.price import Prices, cost_of, months_of, patients_in_all
from anagen.planning.search.simulated import Simulated

ASSURANCE, POWER = "assurance", "power"
GOALS = (ASSURANCE, POWER)
RUNGS = 12
"""Sizes of a curve."""


@dataclass(frozen=True, slots=True)
class Key:
    """What a candidate is.

    Attributes
    ----------
    places : tuple[int, ...]
        Place of the value on every axis that needs a simulation.
    arms : int
        Place on the axis of arms.
    allocation : int
        Place on the axis of ratios.
    patients : int
        Of the smallest arm.
    """

    places: tuple[int, ...]
    arms: int
    allocation: int
    patients: int


@dataclass(frozen=True)
class Candidate:
    """A way to run the trial.

    Attributes
    ----------
    key : Key
        What it is.
    labels : dict
        Axis -> its value as it was written.
    kept : tuple[int, ...]
        Numbers of its arms.
    sizes : tuple[int, ...]
        Patients of each.
    in_all : int
        Patients randomised.
    cost : dict
        See `price.cost_of`.
    months : float
        To the last visit of the last patient.
    assurance : tuple[float, float]
        With its Monte-Carlo error.
    power : float
        At central values.
    ceiling : float
        What its assurance cannot exceed.
    """

    key: Key
    labels: dict[str, str]
    kept: tuple[int, ...]
    sizes: tuple[int, ...]
    in_all: int
    cost: dict[str, Any]
    months: float
    assurance: tuple[float, float]
    power: float
    ceiling: float

    def reached(self, kind: str) -> float:
        """Power or assurance."""
        return self.assurance[0] if kind == ASSURANCE else self.power

    @property
    def price(self) -> float:
        """Cost that counts; the number of patients where nothing has a price."""
        total = float(self.cost["total"])
        return float(self.in_all) if math.isnan(total) else total


@dataclass(frozen=True, eq=False)
class Pool:
    """Designs that were simulated, and how candidates are made of them.

    Attributes
    ----------
    space : Space
        What varies.
    prices : Prices
        Of the study.
    arm : str or None
        The arm that has to succeed.
    known : dict
        Places -> what was simulated, None where a rule of the study refuses that combination.
    """

    space: Space
    prices: Prices
    arm: str | None
    known: dict[tuple[int, ...], Simulated | None]

    def chance(self, places: tuple[int, ...], arms: int, allocation: int) -> Chance | None:
        """What a design reaches with some arms and a ratio; None where such a trial cannot be."""
        found = self.known.get(places)
        if found is None:
            return None
        kept = self._kept(arms)
        names = [arm.name for arm in found.study.arms]
        pairs = tuple(
            p
            for p, (tested, control) in enumerate(found.question.pairs)
            if names.index(tested) in kept and names.index(control) in kept
        )
        split = found.question.plan.split_scalp
        if not pairs or (split and len(kept) != 2):
            return None
        ratio = (1,) * len(names) if split else self._ratio(allocation)
        return Chance(found, pairs, ratio)

    def candidate(self, key: Key) -> Candidate | None:
        """A candidate; None where such a trial cannot be."""
        chance = self.chance(key.places, key.arms, key.allocation)
        if chance is None:
            return None
        found, kept = chance.simulated, self._kept(key.arms)
        least = min(chance.ratio[i] for i in kept)
        if key.patients % least:
            return None
        sizes = tuple(key.patients // least * chance.ratio[i] for i in kept)
        in_all = patients_in_all(found.study, sizes)
        return Candidate(
            key=key,
            labels=self.labels(key, chance),
            kept=kept,
            sizes=sizes,
            in_all=in_all,
            cost=cost_of(self.prices, found, kept, sizes),
            months=months_of(found, in_all),
            assurance=chance.assurance(key.patients),
            power=chance.power(key.patients),
            ceiling=chance.ceiling,
        )

    def canonical(self, key: Key) -> Key:
        """The same trial by its first name: values that fell away differ in nothing, nor do ratios on two sides."""
        found = self.known.get(key.places)
        if found is None:
            return key
        places = next(places for places, other in self.known.items() if other is found)
        return Key(places, key.arms, 0 if found.question.plan.split_scalp else key.allocation, key.patients)

    def fitting(self, chance: Chance, kept: Sequence[int], sizes: Sequence[int]) -> list[int]:
        """Sizes of the smallest arm at which every arm has a whole number of patients."""
        least = min(chance.ratio[i] for i in kept)
        return [n for n in sizes if n % least == 0]

    def choices(self) -> Iterator[tuple[tuple[int, ...], int, int, Chance]]:
        """Every design that was simulated, by arms and ratio."""
        for places, found in self.known.items():
            if found is None or self.canonical(Key(places, 0, 0, 0)).places != places:
                continue
            split = found.question.plan.split_scalp
            for arms in range(len(self.space.arms.values)):
                for allocation in range(1 if split else len(self.space.allocation.values)):
                    chance = self.chance(places, arms, allocation)
                    if chance is not None:
                        yield places, arms, allocation, chance

    def smallest(self, kind: str, goal: float, sizes: Sequence[int]) -> list[Candidate]:
        """The smallest candidate of every design, arms and ratio that reaches the goal at one of the sizes."""
        made: list[Candidate] = []
        for places, arms, allocation, chance in self.choices():
            fitting = self.fitting(chance, self._kept(arms), sizes)
            n = smallest(chance, goal, kind=kind, sizes=fitting)
            candidate = None if n is None else self.candidate(Key(places, arms, allocation, n))
            if candidate is not None:
                made.append(candidate)
        return made

    def largest(self, within: Limits, sizes: Sequence[int]) -> list[Candidate]:
        """The largest candidate of every design, arms and ratio that keeps the limits."""
        made: list[Candidate] = []
        for places, arms, allocation, chance in self.choices():
            fitting = self.fitting(chance, self._kept(arms), sizes)
            low, high = -1, len(fitting)
            while high - low > 1:
                middle = (low + high) // 2
                candidate = self.candidate(Key(places, arms, allocation, fitting[middle]))
                kept = candidate is not None and within.kept(candidate)
                low, high = (middle, high) if kept else (low, middle)
            candidate = None if low < 0 else self.candidate(Key(places, arms, allocation, fitting[low]))
            if candidate is not None:
                made.append(candidate)
        return made

    def ladder(self, candidates: Sequence[Candidate], sizes: Sequence[int]) -> list[Candidate]:
        """Designs of some candidates at sizes that rise by equal factors to the largest of each, for a whole curve."""
        most: dict[tuple[tuple[int, ...], int, int], int] = {}
        for each in candidates:
            of = (each.key.places, each.key.arms, each.key.allocation)
            most[of] = max(most.get(of, 0), each.key.patients)
        made: list[Candidate] = []
        for (places, arms, allocation), largest in most.items():
            chance = self.chance(places, arms, allocation)
            fitting = [] if chance is None else self.fitting(chance, self._kept(arms), sizes)
            fitting = [n for n in fitting if n <= largest]
            for wanted in np.geomspace(fitting[0], largest, RUNGS) if fitting else ():
                nearest = fitting[min(bisect_left(fitting, wanted), len(fitting) - 1)]
                candidate = self.candidate(Key(places, arms, allocation, nearest))
                if candidate is not None:
                    made.append(candidate)
        return made

    def labels(self, key: Key, chance: Chance) -> dict[str, str]:
        """What a candidate is, in the words in which it was written."""
        named = {axis.name: axis.labels[place] for axis, place in zip(self.space.axes, key.places, strict=True)}
        study = self.space.study
        arms = {"arms": "+".join(study.arms[i].name for i in self._kept(key.arms) if not study.arms[i].control)}
        return named | arms | {"allocation": allocation_label(study, chance.ratio)}

    def _kept(self, arms: int) -> tuple[int, ...]:
        return self.space.arms.values[arms]  # type: ignore[return-value]

    def _ratio(self, allocation: int) -> tuple[int, ...]:
        return self.space.allocation.values[allocation]  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a trial may cost and take.

    Attributes
    ----------
    budget : float or None
        In the currency of the study.
    months : float or None
        To the last visit of the last patient.
    """

    budget: float | None = None
    months: float | None = None

    @property
    def stated(self) -> bool:
        """Whether there is one."""
        return self.budget is not None or self.months is not None

    def kept(self, candidate: Candidate) -> bool:
        """Whether a candidate keeps them."""
        dear = self.budget is not None and not candidate.price <= self.budget
        return not dear and (self.months is None or candidate.months <= self.months)


def ranked(candidates: Sequence[Candidate], kind: str, goal: float, limits: Limits) -> list[Candidate]:
    """Candidates that reach the goal within the limits, the cheapest first; of equals the shorter, then the surer."""
    fit = [each for each in candidates if each.reached(kind) >= goal and limits.kept(each)]
    return sorted(fit, key=lambda each: (each.price, each.months, -each.reached(kind)))


def on_front(candidates: Sequence[Candidate], kind: str) -> list[bool]:
    """Which candidates no other beats: cheaper, shorter and surer, or as good in all and better in one.

    Chances that differ by less than a tenth of a per cent count as alike.

    Examples
    --------
    >>> on_front([], "assurance")
    []
    """
    points = np.array([(each.price, each.months, -round(each.reached(kind), 3)) for each in candidates]).reshape(-1, 3)
    return [not bool(((points <= one).all(axis=1) & (points < one).any(axis=1)).any()) for one in points]
