"""Formulas of an imported model: read by their syntax tree, of a few kinds of parts, and made into functions.

Nothing of a formula is ever run as Python: a part that is not in the tables below is refused by name.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

import numpy as np

from anagen.core.arrays import FloatArray

LONGEST, MOST_PARTS = 20_000, 5_000
"""Characters of a formula, and parts of its tree."""
TIME = "time"
Value = float | FloatArray
"""A number, or one for each patient."""
Values = list[Value]
Compiled = Callable[[Values], Value]
FUNCTIONS: dict[str, tuple[int, Callable[..., Value]]] = {
    "exp": (1, np.exp), "ln": (1, np.log), "log10": (1, np.log10), "sqrt": (1, np.sqrt), "abs": (1, np.abs),
    "sin": (1, np.sin), "cos": (1, np.cos), "tan": (1, np.tan), "sinh": (1, np.sinh), "cosh": (1, np.cosh),
    "tanh": (1, np.tanh), "arcsin": (1, np.arcsin), "arccos": (1, np.arccos), "arctan": (1, np.arctan),
    "floor": (1, np.floor), "ceil": (1, np.ceil), "min": (-1, np.minimum), "max": (-1, np.maximum),
}  # fmt: skip
"""Name -> how many arguments it takes (-1: any number from one on), and what it does."""
_BINARY: dict[type[ast.operator], Callable[..., Value]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.power,
}
_COMPARED: dict[type[ast.cmpop], Callable[..., Any]] = {
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
    ast.Eq: np.equal,
    ast.NotEq: np.not_equal,
}


def tree_of(text: str) -> ast.expr:
    """The tree of a formula.

    Parameters
    ----------
    text : str
        Such as "k1 * S / (K + S)"; powers with **, choices as "a if x < 1 else b".

    Returns
    -------
    ast.expr
        Of allowed parts only.

    Raises
    ------
    ValueError
        Naming the part that is not allowed.

    Examples
    --------
    >>> tree_of("__import__('os')")
    Traceback (most recent call last):
    ...
    ValueError: the function '__import__' is not known
    """
    if len(text) > LONGEST:
        raise ValueError(f"a formula of {len(text):,} characters; at most {LONGEST:,} are read")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, RecursionError, MemoryError, ValueError):
        raise ValueError("what stands there cannot be read as a formula") from None
    if sum(1 for _ in ast.walk(tree)) > MOST_PARTS:
        raise ValueError(f"a formula of more than {MOST_PARTS:,} parts")
    for part in ast.walk(tree):
        _allow(part)
    return tree


def names_in(text: str) -> tuple[str, ...]:
    """Names that a formula uses, functions and time left out.

    Parameters
    ----------
    text : str
        The formula.

    Returns
    -------
    tuple of str
        Sorted, each once.

    Examples
    --------
    >>> names_in("k * exp(-time) + S")
    ('S', 'k')
    """
    tree = tree_of(text)
    called = {id(part.func) for part in ast.walk(tree) if isinstance(part, ast.Call)}
    names = {part.id for part in ast.walk(tree) if isinstance(part, ast.Name) and id(part) not in called}
    return tuple(sorted(names - {TIME}))


def compiled(text: str, places: Mapping[str, int]) -> Compiled:
    """A formula as a function of a list of values, numbers or one for each patient.

    Parameters
    ----------
    text : str
        The formula.
    places : Mapping[str, int]
        Name -> its place in the list, `time` among them.

    Returns
    -------
    callable
        Takes the list. What cannot be computed, such as a division by 0, is no number and is not told.

    Raises
    ------
    ValueError
        Where it cannot be read or names what is not there.

    Examples
    --------
    >>> compiled("a ** 2 if a > 1 else -a", {"time": 0, "a": 1})([0.0, np.array([3.0, 0.5])])
    array([ 9. , -0.5])
    """
    return _made(tree_of(text), places)


def in_order(formulas: Mapping[str, str]) -> list[str]:
    """Names of formulas in such an order that each uses only earlier ones.

    Parameters
    ----------
    formulas : Mapping[str, str]
        Name -> formula.

    Returns
    -------
    list of str
        All names.

    Raises
    ------
    ValueError
        Naming those that use one another.

    Examples
    --------
    >>> in_order({"b": "a + 1", "a": "k"})
    ['a', 'b']
    """
    uses = {name: [other for other in names_in(text) if other in formulas] for name, text in formulas.items()}
    order: list[str] = []
    waiting = list(formulas)
    while waiting:
        ready = [name for name in waiting if all(other in order for other in uses[name])]
        if not ready:
            raise ValueError(f"{', '.join(waiting[:5])} are defined by one another")
        order += ready
        waiting = [name for name in waiting if name not in ready]
    return order


def _allow(part: ast.AST) -> None:
    if isinstance(part, ast.Call):
        name = part.func.id if isinstance(part.func, ast.Name) else ast.unparse(part.func)
        if name not in FUNCTIONS:
            raise ValueError(f"the function {name!r} is not known")
        count = FUNCTIONS[name][0]
        if part.keywords or (count >= 0 and len(part.args) != count) or not part.args:
            raise ValueError(f"the function {name!r} takes {count if count >= 0 else 'some'} arguments")
    elif isinstance(part, ast.Constant):
        if not isinstance(part.value, int | float) or not math.isfinite(float(part.value)):
            raise ValueError(f"{part.value!r} is no number")
    elif isinstance(part, ast.BinOp) and type(part.op) not in _BINARY:
        raise ValueError(f"the operator in {ast.unparse(part)[:60]!r} is not allowed; write + - * / or **")
    elif isinstance(part, ast.Compare) and (len(part.ops) != 1 or type(part.ops[0]) not in _COMPARED):
        raise ValueError(f"{ast.unparse(part)[:60]!r} compares in a way that is not allowed; compare two values")
    elif not isinstance(part, _SYNTAX):
        raise ValueError(f"{type(part).__name__} is not allowed in a formula")


_SYNTAX = (
    ast.Name, ast.Load, ast.BinOp, ast.UnaryOp, ast.USub, ast.UAdd, ast.Not, ast.Compare, ast.BoolOp, ast.And, ast.Or,
    ast.IfExp, *_BINARY, *_COMPARED,
)  # fmt: skip


def _made(part: ast.expr, places: Mapping[str, int]) -> Compiled:
    """A function of one part of a tree."""
    match part:
        case ast.Constant():
            value = float(part.value)  # type: ignore[arg-type]
            return lambda values: value
        case ast.Name():
            if part.id not in places:
                raise ValueError(f"{part.id!r} is not defined")
            place = places[part.id]
            return lambda values: values[place]
        case ast.BinOp():
            left, right, binary = _made(part.left, places), _made(part.right, places), _BINARY[type(part.op)]
            return lambda values: binary(left(values), right(values))
        case ast.UnaryOp():
            inner = _made(part.operand, places)
            if isinstance(part.op, ast.Not):
                return lambda values: _number(np.equal(inner(values), 0.0))
            return inner if isinstance(part.op, ast.UAdd) else lambda values: -inner(values)
        case ast.Compare():
            left, right = _made(part.left, places), _made(part.comparators[0], places)
            compare = _COMPARED[type(part.ops[0])]
            return lambda values: _number(compare(left(values), right(values)))
        case ast.BoolOp():
            parts = [_made(value, places) for value in part.values]
            joined = np.logical_and if isinstance(part.op, ast.And) else np.logical_or
            return lambda values: _number(reduce(joined, [inner(values) for inner in parts]))
        case ast.IfExp():
            test, then, other = (_made(inner, places) for inner in (part.test, part.body, part.orelse))
            return lambda values: np.where(np.not_equal(test(values), 0.0), then(values), other(values))
        case ast.Call():
            function = FUNCTIONS[part.func.id][1]  # type: ignore[attr-defined]
            return _call(function, [_made(argument, places) for argument in part.args])
        case _:
            raise ValueError(f"{type(part).__name__} is not allowed in a formula")


def _call(function: Callable[..., Value], arguments: Sequence[Compiled]) -> Compiled:
    if len(arguments) == 1:
        (only,) = arguments
        return only if function in (np.minimum, np.maximum) else lambda values: function(only(values))
    return lambda values: reduce(function, [argument(values) for argument in arguments])


def _number(truth: Any) -> FloatArray:
    """1 where it is so, else 0."""
    return np.asarray(truth, dtype=np.float64)
