"""Model matrices: terms made of numbers and factors, their columns by name, and the check that none is redundant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.statistics.faults import fault

REDUNDANT = 1e-8
"""Share of a column's length that must be left when the columns before it are taken away."""


@dataclass(frozen=True, slots=True)
class Factor:
    """A variable with levels; the first is the reference.

    Attributes
    ----------
    name : str
        Name of its column.
    levels : tuple[str, ...]
        At least one.
    code : IntArray, shape (n_rows,)
        Index of the level in each row.
    """

    name: str
    levels: tuple[str, ...]
    code: IntArray

    def columns(self) -> tuple[list[str], FloatArray]:
        """Names and indicator columns [row, level], without the reference level."""
        names = [f"{self.name}={level}" for level in self.levels[1:]]
        return names, (self.code[:, None] == np.arange(1, len(self.levels))).astype(float)


@dataclass(frozen=True, slots=True)
class Number:
    """A variable that is a number.

    Attributes
    ----------
    name : str
        Name of its column.
    values : FloatArray, shape (n_rows,)
        Without missing values.
    """

    name: str
    values: FloatArray

    def columns(self) -> tuple[list[str], FloatArray]:
        """Its name and its one column."""
        return [self.name], self.values[:, None]


Variable = Factor | Number
Point = Mapping[str, "str | float"]
"""Where a mean is told: the level of a factor or the value of a number; factors not named are averaged over levels."""


@dataclass(frozen=True, slots=True)
class Design:
    """A model matrix that can be evaluated at points.

    Attributes
    ----------
    variables : tuple[Variable, ...]
        In the order in which they were given.
    terms : tuple[tuple[str, ...], ...]
        Names of the variables of each term; the empty term is the intercept.
    names : tuple[str, ...]
        Names of the columns.
    matrix : FloatArray, shape (n_rows, n_columns)
        The columns.
    """

    variables: tuple[Variable, ...]
    terms: tuple[tuple[str, ...], ...]
    names: tuple[str, ...]
    matrix: FloatArray

    def at(self, point: Point, *, weights: Mapping[str, FloatArray] | None = None) -> FloatArray:
        """The row of the model matrix at a point: least-squares means are this times the coefficients.

        Parameters
        ----------
        point : Point
            Numbers that are not named stand at the mean of their column, factors at the mean over their levels.
        weights : Mapping[str, FloatArray], optional
            Weights of the levels of factors that are not named; equal where none are given.

        Returns
        -------
        FloatArray, shape (n_columns,)
            One row.
        """
        parts: dict[str, FloatArray] = {}
        for variable in self.variables:
            if isinstance(variable, Number):
                value = point.get(variable.name)
                parts[variable.name] = np.array([variable.values.mean() if value is None else float(value)])
                continue
            level = point.get(variable.name)
            if level is not None:
                share = np.array([one == str(level) for one in variable.levels], dtype=float)
            elif weights is not None and variable.name in weights:
                share = weights[variable.name] / weights[variable.name].sum()
            else:
                share = np.full(len(variable.levels), 1.0 / len(variable.levels))
            parts[variable.name] = share[1:]
        return np.concatenate([_product([parts[name] for name in term]) for term in self.terms])


def design(variables: Sequence[Variable], terms: Sequence[Sequence[str]]) -> Design:
    """A model matrix with treatment coding, of an intercept and the terms.

    Parameters
    ----------
    variables : Sequence[Variable]
        All of the same number of rows.
    terms : Sequence[Sequence[str]]
        Each a list of names of variables: one for a main effect, two for an interaction.

    Returns
    -------
    Design
        Its first column is the intercept.

    Examples
    --------
    >>> arm = Factor("arm", ("vehicle", "dose"), np.array([0, 1, 1]))
    >>> made = design([arm, Number("baseline", np.array([100.0, 120.0, 140.0]))], [["arm"], ["baseline"]])
    >>> made.names, made.at({"arm": "dose"}).tolist()
    (('(Intercept)', 'arm=dose', 'baseline'), [1.0, 1.0, 120.0])
    """
    known = {variable.name: variable for variable in variables}
    n_rows = len(variables[0].columns()[1])
    names, blocks = ["(Intercept)"], [np.ones((n_rows, 1))]
    for term in terms:
        made_names, made = known[term[0]].columns()
        for name in term[1:]:
            more_names, more = known[name].columns()
            made_names = [f"{one}:{other}" for one in made_names for other in more_names]
            made = (made[:, :, None] * more[:, None, :]).reshape(n_rows, -1)
        names.extend(made_names)
        blocks.append(made)
    whole = ((), *(tuple(term) for term in terms))
    return Design(tuple(variables), whole, tuple(names), np.hstack(blocks))


def check_rank(made: Design, *, why: str = "") -> None:
    """Refuse a model matrix in which a column follows from those before it.

    Parameters
    ----------
    made : Design
        The model matrix.
    why : str
        What may have caused it, for the message.

    Raises
    ------
    DataFault
        Naming the first such column and the columns that it follows from.
    """
    x = made.matrix
    if x.shape[0] < x.shape[1]:
        raise fault(
            made.terms[1][0] if len(made.terms) > 1 else "",
            f"the model has {x.shape[1]} columns and only {x.shape[0]} values to fit them to",
            "use fewer covariates, or more patients",
        )
    length = np.linalg.norm(x, axis=0)
    kept: list[int] = []
    basis = np.zeros((x.shape[0], 0))
    for column in range(x.shape[1]):
        left = x[:, column]
        for _ in range(2):
            left = left - basis @ (basis.T @ left)
        if np.linalg.norm(left) <= REDUNDANT * length[column] or length[column] == 0.0:
            raise _redundant(made, column, kept, why)
        kept.append(column)
        basis = np.column_stack([basis, left / np.linalg.norm(left)])


def _redundant(made: Design, column: int, kept: list[int], why: str) -> Exception:
    """The error for a column that is empty, or follows from the columns that are kept."""
    x, name = made.matrix, made.names[column]
    source = name.split(":")[0].split("=")[0]
    if not x[:, column].any():
        what = f"the column '{name}' of the model is 0 for every patient with a value"
        return fault(source, what, why or "leave that level or covariate out, or merge it with another level")
    weight = np.linalg.lstsq(x[:, kept], x[:, column], rcond=None)[0]
    size = np.abs(weight) * np.linalg.norm(x[:, kept], axis=0)
    others = [made.names[kept[i]] for i in np.flatnonzero(size > 1e-6 * size.max())][:6]
    what = f"the column '{name}' of the model follows from {', '.join(others)}"
    return fault(source, what, why or "leave one of them out: their effects cannot be told apart")


def _product(parts: Sequence[FloatArray]) -> FloatArray:
    made = np.ones(1)
    for part in parts:
        made = (made[:, None] * part[None, :]).ravel()
    return made
