"""Mathematics of SBML as formulas of an imported model, part by part; what has no counterpart is refused by name."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache, reduce
from itertools import pairwise
from typing import Any

from anagen.formats.libraries import library


class NotRead(ValueError):
    """A part of a model that is not read."""


def text_of_math(node: Any) -> str:
    """A tree of libSBML as a formula of `anagen.signalling.imported.formula`.

    Parameters
    ----------
    node : ASTNode or None
        Function definitions expanded; None where the model left it out.

    Returns
    -------
    str
        With parentheses around every part.

    Raises
    ------
    NotRead
        Naming the part that is not read.
    """
    libsbml = library("libsbml")
    if node is None:
        raise NotRead("it has no mathematics")
    kind = node.getType()
    if kind in _numbers():
        return _number(node)
    if kind == libsbml.AST_NAME:
        return str(node.getName())
    if kind == libsbml.AST_NAME_TIME:
        return "time"
    if kind == libsbml.AST_CONSTANT_PI:
        return repr(math.pi)
    if kind == libsbml.AST_CONSTANT_E:
        return repr(math.e)
    if kind == libsbml.AST_NAME_AVOGADRO:
        return "6.02214179e23"
    if kind in (libsbml.AST_CONSTANT_TRUE, libsbml.AST_CONSTANT_FALSE):
        return "1" if kind == libsbml.AST_CONSTANT_TRUE else "0"
    parts = [text_of_math(node.getChild(place)) for place in range(node.getNumChildren())]
    if kind in _joined():
        return _joined()[kind](parts)
    if kind in _called():
        return f"{_called()[kind]}({', '.join(parts)})"
    if kind in (libsbml.AST_FUNCTION_PIECEWISE,):
        return _piecewise(parts)
    if kind == libsbml.AST_FUNCTION_DELAY:
        raise NotRead("a delay: what a quantity was some time ago is not followed")
    if kind == libsbml.AST_FUNCTION_RATE_OF:
        raise NotRead("rateOf: the rate of a quantity inside a formula is not followed")
    raise NotRead(f"the mathematics {node.getName() or libsbml.formulaToL3String(node)!r}")


def _number(node: Any) -> str:
    value = node.getValue()
    if not math.isfinite(value):
        raise NotRead(f"the number {value}, which is not finite")
    return repr(float(value)) if value >= 0.0 else f"({float(value)!r})"


@cache
def _numbers() -> frozenset[int]:
    libsbml = library("libsbml")

    return frozenset((libsbml.AST_INTEGER, libsbml.AST_REAL, libsbml.AST_REAL_E, libsbml.AST_RATIONAL))


@cache
def _joined() -> dict[int, Callable[[list[str]], str]]:
    libsbml = library("libsbml")

    def between(sign: str, alone: str = "0") -> Callable[[list[str]], str]:
        return lambda parts: f"({f' {sign} '.join(parts)})" if parts else alone

    def relation(sign: str) -> Callable[[list[str]], str]:
        def joined(parts: list[str]) -> str:
            pairs = [f"({a} {sign} {b})" for a, b in pairwise(parts)]
            return f"({' and '.join(pairs)})"

        return joined

    return {
        libsbml.AST_PLUS: between("+"),
        libsbml.AST_TIMES: between("*", "1"),
        libsbml.AST_MINUS: lambda parts: f"(-{parts[0]})" if len(parts) == 1 else f"({parts[0]} - {parts[1]})",
        libsbml.AST_DIVIDE: between("/"),
        libsbml.AST_POWER: between("**"),
        libsbml.AST_FUNCTION_POWER: between("**"),
        libsbml.AST_FUNCTION_ROOT: lambda parts: f"({parts[-1]} ** (1 / {parts[0] if len(parts) > 1 else 2}))",
        libsbml.AST_FUNCTION_LOG: lambda parts: f"(ln({parts[-1]}) / ln({parts[0] if len(parts) > 1 else 10}))",
        libsbml.AST_RELATIONAL_LT: relation("<"),
        libsbml.AST_RELATIONAL_LEQ: relation("<="),
        libsbml.AST_RELATIONAL_GT: relation(">"),
        libsbml.AST_RELATIONAL_GEQ: relation(">="),
        libsbml.AST_RELATIONAL_EQ: relation("=="),
        libsbml.AST_RELATIONAL_NEQ: relation("!="),
        libsbml.AST_LOGICAL_AND: between("and", "1"),
        libsbml.AST_LOGICAL_OR: between("or"),
        libsbml.AST_LOGICAL_XOR: lambda parts: reduce(lambda a, b: f"(({a} != 0) != ({b} != 0))", parts, "0"),
        libsbml.AST_LOGICAL_NOT: lambda parts: f"(not {parts[0]})",
    }  # fmt: skip


@cache
def _called() -> dict[int, str]:
    libsbml = library("libsbml")

    return {
        libsbml.AST_FUNCTION_EXP: "exp", libsbml.AST_FUNCTION_LN: "ln", libsbml.AST_FUNCTION_ABS: "abs",
        libsbml.AST_FUNCTION_SIN: "sin", libsbml.AST_FUNCTION_COS: "cos", libsbml.AST_FUNCTION_TAN: "tan",
        libsbml.AST_FUNCTION_SINH: "sinh", libsbml.AST_FUNCTION_COSH: "cosh", libsbml.AST_FUNCTION_TANH: "tanh",
        libsbml.AST_FUNCTION_ARCSIN: "arcsin", libsbml.AST_FUNCTION_ARCCOS: "arccos",
        libsbml.AST_FUNCTION_ARCTAN: "arctan", libsbml.AST_FUNCTION_FLOOR: "floor",
        libsbml.AST_FUNCTION_CEILING: "ceil", libsbml.AST_FUNCTION_MIN: "min", libsbml.AST_FUNCTION_MAX: "max",
    }  # fmt: skip


def _piecewise(parts: list[str]) -> str:
    """Value, condition, value, condition, ..., value otherwise."""
    if len(parts) % 2 == 0:
        raise NotRead("a piecewise without a value for when no condition holds")
    text = parts[-1]
    for value, condition in reversed(list(zip(parts[:-1:2], parts[1::2], strict=True))):
        text = f"({value} if {condition} else {text})"
    return text
