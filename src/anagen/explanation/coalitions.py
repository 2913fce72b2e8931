"""Sharing a total among those that make it, where they come in groups: exact, or sampled with a standard error.

Groups (therapies) enter whole, in every order; within a group so do its members (entry edges, levers):

    share of i in group k = sum over coalitions Q of other groups, sum over T within k without i:
                            w(|Q|, groups) w(|T|, members) (v(Q + T + i) - v(Q + T)),     w(s, n) = s! (n - s - 1)! / n!

With one group this is the Shapley value (doi:10.1515/9781400881970-018), with several Owen's value of a game with
unions (Owen 1977, doi:10.1007/978-3-642-45494-3_7): shares of a group's members add up to the group's Shapley share,
and all shares add up to v(all) - v(nobody). A member that changes nothing in any coalition gets exactly nothing.

Beyond four groups orders are drawn: one of groups and one within each, every member's share being its mean difference.

Coalitions are bit masks, so that each is evaluated once however often it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.core.streams import TRIAL_LEVEL, Purpose, uniforms
from anagen.signalling.sharing import shapley_weight

MOST_PLAYERS = 4
"""Groups up to which every order of them is followed."""
MOST_EXACT = 12
"""Members of a group up to which every coalition is evaluated."""
PAIRS = 128
"""Orders drawn for a larger group, or for more groups, each with its reverse."""
EXACT = -1


@dataclass(frozen=True, slots=True)
class Term:
    """One difference v(present) - v(absent) and its weight; `pair` is the drawn pair of orders, or EXACT."""

    weight: float
    present: int
    absent: int
    pair: int = EXACT


@dataclass(frozen=True, slots=True, eq=False)
class Differences:
    """The terms of one member as arrays, in their order.

    Attributes
    ----------
    weight : FloatArray
        Of each difference.
    present : IntArray
        Coalition with the member, as a mask.
    absent : IntArray
        The same without it.
    pair : IntArray
        Drawn pair of orders, or EXACT.
    """

    weight: FloatArray
    present: IntArray
    absent: IntArray
    pair: IntArray

    def __len__(self) -> int:
        """How many they are."""
        return len(self.weight)

    @classmethod
    def of(cls, terms: Sequence[Term]) -> Differences:
        """The arrays of some terms."""
        masks = np.array([(term.present, term.absent, term.pair) for term in terms], dtype=np.int64).reshape(-1, 3)
        return cls(np.array([term.weight for term in terms], dtype=np.float64), *masks.T)


MOST_MEMBERS = 62
"""Members whose coalitions fit the bits of a whole number."""
Terms = tuple[Differences, ...]
"""Terms of every member."""


def terms_of(
    groups: Sequence[Sequence[int]], *, seed: int = 0, most_exact: int = MOST_EXACT, pairs: int = PAIRS
) -> Terms:
    """Differences of which the share of every member consists.

    Parameters
    ----------
    groups : Sequence[Sequence[int]]
        Members of each group, numbered 0, 1, 2, ... over all groups.
    seed : int, default 0
        Of the drawn orders.
    most_exact : int, default MOST_EXACT
        A larger group is sampled, and so are more groups than MOST_PLAYERS.
    pairs : int, default PAIRS
        How many orders are drawn, each with its reverse.

    Returns
    -------
    Terms
        One tuple of terms per member, in the order of their numbers.

    Examples
    --------
    >>> [len(terms) for terms in terms_of([[0], [1, 2]])]
    [2, 4, 4]
    """
    return _terms_of(tuple(tuple(group) for group in groups), seed, most_exact, pairs)


@lru_cache(maxsize=8)
def _terms_of(groups: tuple[tuple[int, ...], ...], seed: int, most_exact: int, pairs: int) -> Terms:
    """The terms, which every parameter draw of an arm has in common."""
    members = sorted(member for group in groups for member in group)
    if members != list(range(len(members))):
        raise ValueError("members are numbered 0, 1, 2, ... over all groups, each once")
    if len(members) > MOST_MEMBERS:
        raise ValueError(f"{len(members)} members are more than the {MOST_MEMBERS} that can be shared among")
    by_member: list[list[Term]] = [[] for _ in members]
    filled = [group for group in groups if group]
    if len(filled) > MOST_PLAYERS:
        for pair in range(pairs):
            order = nested_order(filled, pair, seed)
            for line in (order, order[::-1]):
                _along(by_member, line, 0, 0.5 / pairs, pair)
        return tuple(Differences.of(terms) for terms in by_member)
    for number, group in enumerate(filled):
        others = [sum(1 << member for member in other) for k, other in enumerate(filled) if k != number]
        for size in range(len(others) + 1):
            for chosen in combinations(others, size):
                _within(by_member, group, sum(chosen), shapley_weight(size, len(filled)), seed, most_exact, pairs)
    return tuple(Differences.of(terms) for terms in by_member)


def masks_of(terms: Terms, relevant: Sequence[int] = (-1,)) -> list[int]:
    """Every coalition that the terms ask for, cut down to each mask of relevant members, rising."""
    masks = np.unique(
        np.concatenate([np.zeros(1, dtype=np.int64), *(each for m in terms for each in (m.present, m.absent))])
    )
    return np.unique(np.concatenate([masks & keep for keep in relevant])).tolist()


def shares(
    terms: Terms, value: Callable[[int], FloatArray], relevant: int = -1
) -> tuple[list[FloatArray], list[FloatArray]]:
    """Share of every member, and its standard error where orders were drawn (zero where all were followed).

    Parameters
    ----------
    terms : Terms
        From `terms_of`.
    value : Callable[[int], FloatArray]
        v of a coalition, any shape.
    relevant : int, default -1
        Members that can change v at all; others are left out of every coalition, so that they get exactly zero whatever
        the error of v.

    Returns
    -------
    tuple[list[FloatArray], list[FloatArray]]
        Shares and standard errors, one of each per member.

    Examples
    --------
    >>> v = {0: 0.0, 1: 1.0, 2: 2.0, 3: 2.5}
    >>> by_member, _ = shares(terms_of([[0, 1]]), lambda mask: np.array(v[mask]))
    >>> [float(share) for share in by_member]
    [0.75, 1.75]
    """
    masks = masks_of(terms, [relevant])
    table, place = np.stack([value(mask) for mask in masks]), np.array(masks, dtype=np.int64)
    by_member: list[FloatArray] = []
    errors: list[FloatArray] = []
    for of_member in terms:
        present = table[np.searchsorted(place, of_member.present & relevant)]
        absent = table[np.searchsorted(place, of_member.absent & relevant)]
        changes = of_member.weight.reshape(-1, *[1] * (table.ndim - 1)) * (present - absent)
        by_member.append(changes.sum(axis=0))
        errors.append(_error(changes, of_member.pair))
    return by_member, errors


def _error(changes: FloatArray, pair: IntArray) -> FloatArray:
    """Standard error of a sum over drawn pairs, each an independent estimate of the whole over their number."""
    numbers, place = np.unique(pair[pair != EXACT], return_inverse=True)
    if len(numbers) < 2:
        return np.zeros(changes.shape[1:])
    whole = np.zeros((len(numbers), *changes.shape[1:]))
    np.add.at(whole, place, changes[pair != EXACT])
    return np.asarray(np.sqrt(len(numbers)) * whole.std(axis=0, ddof=1), dtype=np.float64)


def _within(
    by_member: list[list[Term]], group: Sequence[int], before: int, share: float, seed: int, most_exact: int, pairs: int
) -> None:
    if len(group) <= most_exact:
        for member in group:
            rest = [1 << other for other in group if other != member]
            for size in range(len(rest) + 1):
                for chosen in combinations(rest, size):
                    absent = before | sum(chosen)
                    by_member[member].append(
                        Term(share * shapley_weight(size, len(group)), absent | (1 << member), absent)
                    )
        return
    for pair in range(pairs):
        order = [group[place] for place in drawn_order(len(group), pair, seed)]
        for line in (order, order[::-1]):
            _along(by_member, line, before, 0.5 * share / pairs, pair)


def _along(by_member: list[list[Term]], line: Sequence[int], before: int, weight: float, pair: int) -> None:
    """What each member of a line adds to those before it."""
    absent = before
    for member in line:
        present = absent | (1 << member)
        by_member[member].append(Term(weight, present, absent, pair))
        absent = present


def nested_order(groups: Sequence[Sequence[int]], pair: int, seed: int) -> list[int]:
    """A random order of all members in which each group stays together.

    Examples
    --------
    >>> sorted(nested_order([[0], [1, 2]], 0, 1))
    [0, 1, 2]
    """
    line: list[int] = []
    for number in drawn_order(len(groups), pair, seed):
        group = groups[number]
        line += [group[place] for place in drawn_order(len(group), pair, seed, first=len(groups) + group[0])]
    return line


def drawn_order(members: int, pair: int, seed: int, *, first: int = 0) -> list[int]:
    """A random order, the same for the same seed, number and address of its first draw.

    Examples
    --------
    >>> sorted(drawn_order(4, 0, 1))
    [0, 1, 2, 3]
    """
    keys = uniforms(seed, Purpose.EXPLANATION, patient=TRIAL_LEVEL, item=pair, index=first + np.arange(members))
    return np.argsort(keys, kind="stable").tolist()


def lookup(masks: Sequence[int], table: FloatArray) -> Callable[[int], FloatArray]:
    """Value v as a function of the mask, from a table [mask, ...]."""
    place: Mapping[int, int] = {mask: number for number, mask in enumerate(masks)}
    return lambda mask: table[place[mask]]
