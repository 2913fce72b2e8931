"""Arithmetic on 16 patients at once: one call is one vector instruction or a few, whatever the processor.

A loop over lanes that LLVM does not vectorise runs five times slower, and whether it does depends on versions and on
what it can prove about overlapping arrays. These intrinsics state the vectors instead. Each reads its operands before
it writes. Multiplications and additions stay separate, so that processors with and without fused operations give the
same bytes.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingParameterType=false, reportUnusedParameter=false
# llvmlite and numba's intrinsics carry no types.

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir  # pyright: ignore[reportMissingTypeStubs]
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

LANES = 16
"""Patients in a block; they share their step."""
operation = cast("Callable[[Callable[..., Any]], Callable[..., None]]", intrinsic(prefer_literal=True))
"""Makes a vector operation that kernels can call; called with literal whole numbers, it sees their values."""


class Lanes:
    """Builds loads, stores and broadcasts of 16 neighbours of flat arrays of one element type."""

    def __init__(self, context: Any, builder: Any, signature: Any, arguments: Any) -> None:
        self.context, self.builder, self.signature, self.arguments = context, builder, signature, arguments
        element = next(entry.dtype for entry in signature.args if isinstance(entry, types.Array))
        self.element = ir.DoubleType() if element == types.float64 else ir.FloatType()
        self.vector = ir.VectorType(self.element, LANES)
        self.size = 8 if element == types.float64 else 4

    def pointer(self, position: int, offset: int) -> Any:
        """Address of the vector in array argument `position` at the element in argument `offset`."""
        array = cgutils.create_struct_proxy(self.signature.args[position])(
            self.context, self.builder, value=self.arguments[position]
        )
        element = self.builder.gep(array.data, [self.arguments[offset]])
        return self.builder.bitcast(element, self.vector.as_pointer())

    def load(self, position: int, offset: int) -> Any:
        """The vector there."""
        return self.builder.load(self.pointer(position, offset), align=self.size)

    def store(self, value: Any, position: int, offset: int) -> None:
        """Write a vector there."""
        self.builder.store(value, self.pointer(position, offset), align=self.size)

    def broadcast(self, position: int) -> Any:
        """The number in argument `position` in every lane."""
        scalar = self.arguments[position]
        if self.size == 4:
            scalar = self.builder.fptrunc(scalar, self.element)
        single = self.builder.insert_element(
            ir.Constant(self.vector, ir.Undefined), scalar, ir.Constant(ir.IntType(32), 0)
        )
        mask = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
        return self.builder.shuffle_vector(single, ir.Constant(self.vector, ir.Undefined), mask)

    def constant(self, value: float) -> Any:
        """A number in every lane."""
        return ir.Constant(self.vector, [value] * LANES)


@operation
def lanes_ratio(typing_context, out, i, x, j, scale, shift):
    """out[i:i+16] = scale * x[j:j+16] / (shift + x[j:j+16]).

    Parameters
    ----------
    typing_context : object
        Of numba, which passes it.
    out : array of float
        Written.
    i : int
        First element of the lanes written.
    x : array of float
        Read.
    j : int
        First element read.
    scale : float
        Factor.
    shift : float
        Term of the denominator.
    """

    def build(context, builder, signature, arguments):
        lanes = Lanes(context, builder, signature, arguments)
        x = lanes.load(2, 3)
        over = builder.fadd(lanes.broadcast(5), x)
        lanes.store(builder.fdiv(builder.fmul(lanes.broadcast(4), x), over), 0, 1)
        return context.get_dummy_value()

    return types.void(out, types.intp, x, types.intp, types.float64, types.float64), build


@operation
def lanes_ratio_square(typing_context, out, i, x, j, scale, shift):
    """out[i:i+16] = scale * x[j:j+16]^2 / (shift + x[j:j+16]^2).

    Parameters
    ----------
    typing_context : object
        Of numba, which passes it.
    out : array of float
        Written.
    i : int
        First element of the lanes written.
    x : array of float
        Read.
    j : int
        First element read.
    scale : float
        Factor.
    shift : float
        Term of the denominator.
    """

    def build(context, builder, signature, arguments):
        lanes = Lanes(context, builder, signature, arguments)
        x = lanes.load(2, 3)
        square = builder.fmul(x, x)
        over = builder.fadd(lanes.broadcast(5), square)
        lanes.store(builder.fdiv(builder.fmul(lanes.broadcast(4), square), over), 0, 1)
        return context.get_dummy_value()

    return types.void(out, types.intp, x, types.intp, types.float64, types.float64), build


@operation
def lanes_multiply(typing_context, out, i, x, j):
    """out[i:i+16] *= x[j:j+16].

    Parameters
    ----------
    typing_context : object
        Of numba, which passes it.
    out : array of float
        Written.
    i : int
        First element of the lanes written.
    x : array of float
        Read.
    j : int
        First element read.
    """

    def build(context, builder, signature, arguments):
        lanes = Lanes(context, builder, signature, arguments)
        lanes.store(builder.fmul(lanes.load(0, 1), lanes.load(2, 3)), 0, 1)
        return context.get_dummy_value()

    return types.void(out, types.intp, x, types.intp), build


@operation
def lanes_decay(typing_context, out, i, rate, j, x, k):
    """out[i:i+16] = -rate[j:j+16] * x[k:k+16].

    Parameters
    ----------
    typing_context : object
        Of numba, which passes it.
    out : array of float
        Written.
    i : int
        First element of the lanes written.
    rate : array of float
        Rate constants [1/day].
    j : int
        First element of the rates.
    x : array of float
        Exposures.
    k : int
        First element of the exposures.
    """

    def build(context, builder, signature, arguments):
        lanes = Lanes(context, builder, signature, arguments)
        lanes.store(builder.fneg(builder.fmul(lanes.load(2, 3), lanes.load(4, 5))), 0, 1)
        return context.get_dummy_value()

    return types.void(out, types.intp, rate, types.intp, x, types.intp), build


@operation
def lanes_copy(typing_context, out, i, x, j):
    """out[i:i+16] = x[j:j+16].

    Parameters
    ----------
    typing_context : object
        Of numba, which passes it.
    out : array of float
        Written.
    i : int
        First element of the lanes written.
    x : array of float
        Read.
    j : int
        First element read.
    """

    def build(context, builder, signature, arguments):
        lanes = Lanes(context, builder, signature, arguments)
        lanes.store(lanes.load(2, 3), 0, 1)
        return context.get_dummy_value()

    return types.void(out, types.intp, x, types.intp), build


@operation
def lanes_fill(typing_context, out, i, value):
    """out[i:i+16] = value.

    Parameters
    ----------
    typing_context : object
        Of numba, which passes it.
    out : array of float
        Written.
    i : int
        First element of the lanes written.
    value : float
        Number.
    """

    def build(context, builder, signature, arguments):
        lanes = Lanes(context, builder, signature, arguments)
        lanes.store(lanes.broadcast(2), 0, 1)
        return context.get_dummy_value()

    return types.void(out, types.intp, types.float64), build


@operation
def lanes_limit(typing_context, out, i, low, high):
    """out[i:i+16] held between low and high.

    Parameters
    ----------
    typing_context : object
        Of numba, which passes it.
    out : array of float
        Written.
    i : int
        First element of the lanes written.
    low : float
        Least.
    high : float
        Greatest.
    """

    def build(context, builder, signature, arguments):
        lanes = Lanes(context, builder, signature, arguments)
        x, low, high = lanes.load(0, 1), lanes.broadcast(2), lanes.broadcast(3)
        x = builder.select(builder.fcmp_ordered("<", x, low), low, x)
        lanes.store(builder.select(builder.fcmp_ordered(">", x, high), high, x), 0, 1)
        return context.get_dummy_value()

    return types.void(out, types.intp, types.float64, types.float64), build
