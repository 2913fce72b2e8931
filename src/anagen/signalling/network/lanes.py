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


class _Lanes:
    """Builds loads, stores and broadcasts of 16 neighbours of flat arrays of one element type."""

    def __init__(self, context: Any, builder: Any, signature: Any, arguments: Any) -> None:
        self.context, self.builder, self.signature, self.arguments = context, builder, signature, arguments
        element = next(entry.dtype for entry in signature.args if isinstance(entry, types.Array))
        self.element = ir.DoubleType() if element == types.float64 else ir.FloatType()
        self.vector = ir.VectorType(self.element, LANES)
        self.size = 8 if element == types.float64 else 4

    def pointer(self, position: int, offset: int) -> Any:
        array = cgutils.create_struct_proxy(self.signature.args[position])(
            self.context, self.builder, value=self.arguments[position]
        )
        element = self.builder.gep(array.data, [self.arguments[offset]])
        return self.builder.bitcast(element, self.vector.as_pointer())

    def load(self, position: int, offset: int) -> Any:
        return self.builder.load(self.pointer(position, offset), align=self.size)

    def store(self, value: Any, position: int, offset: int) -> None:
        self.builder.store(value, self.pointer(position, offset), align=self.size)

    def broadcast(self, position: int) -> Any:
        scalar = self.arguments[position]
        if self.size == 4:
            scalar = self.builder.fptrunc(scalar, self.element)
        single = self.builder.insert_element(
            ir.Constant(self.vector, ir.Undefined), scalar, ir.Constant(ir.IntType(32), 0)
        )
        mask = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
        return self.builder.shuffle_vector(single, ir.Constant(self.vector, ir.Undefined), mask)

    def constant(self, value: float) -> Any:
        return ir.Constant(self.vector, [value] * LANES)


@operation
def lanes_ratio(typing_context, out, i, x, j, scale, shift):
    """out[i:i+16] = scale * x[j:j+16] / (shift + x[j:j+16])."""

    def build(context, builder, signature, arguments):
        lanes = _Lanes(context, builder, signature, arguments)
        x = lanes.load(2, 3)
        over = builder.fadd(lanes.broadcast(5), x)
        lanes.store(builder.fdiv(builder.fmul(lanes.broadcast(4), x), over), 0, 1)
        return context.get_dummy_value()

    return types.void(out, types.intp, x, types.intp, types.float64, types.float64), build


@operation
def lanes_ratio_square(typing_context, out, i, x, j, scale, shift):
    """out[i:i+16] = scale * x[j:j+16]^2 / (shift + x[j:j+16]^2)."""

    def build(context, builder, signature, arguments):
        lanes = _Lanes(context, builder, signature, arguments)
        x = lanes.load(2, 3)
        square = builder.fmul(x, x)
        over = builder.fadd(lanes.broadcast(5), square)
        lanes.store(builder.fdiv(builder.fmul(lanes.broadcast(4), square), over), 0, 1)
        return context.get_dummy_value()

    return types.void(out, types.intp, x, types.intp, types.float64, types.float64), build


@operation
def lanes_multiply(typing_context, out, i, x, j):
    """out[i:i+16] *= x[j:j+16]."""

    def build(context, builder, signature, arguments):
        lanes = _Lanes(context, builder, signature, arguments)
        lanes.store(builder.fmul(lanes.load(0, 1), lanes.load(2, 3)), 0, 1)
        return context.get_dummy_value()

    return types.void(out, types.intp, x, types.intp), build


@operation
def lanes_node(typing_context, out, i, off, need, y, terms, place, a, b, first, middle, last, rate):
    """out[i:i+16] = ((1 - off[i:] * ors) * need[i:] * ands - y[i:]) * rate, with products over edges.

    ors is the product of a + b * terms[place:] over the edges from `first` to `middle`, ands that from `middle` to
    `last`. The products stay in registers.
    """

    def build(context, builder, signature, arguments):
        lanes = _Lanes(context, builder, signature, arguments)
        entries = [
            cgutils.create_struct_proxy(signature.args[position])(context, builder, value=arguments[position]).data
            for position in (6, 7, 8)
        ]
        products = [cgutils.alloca_once_value(builder, value) for value in (lanes.load(2, 1), lanes.load(3, 1))]
        for product, start, stop in zip(products, arguments[9:11], arguments[10:12], strict=True):
            with cgutils.for_range_slice(builder, start, stop, ir.Constant(start.type, 1)) as (edge, _):
                at, offset, slope = (builder.load(builder.gep(data, [edge])) for data in entries)
                lanes.arguments = (*arguments, at, offset, slope)
                term = builder.fmul(lanes.broadcast(len(arguments) + 2), lanes.load(5, len(arguments)))
                factor = builder.fadd(lanes.broadcast(len(arguments) + 1), term)
                builder.store(builder.fmul(builder.load(product), factor), product)
        lanes.arguments = arguments
        switched_on = builder.fsub(lanes.constant(1.0), builder.load(products[0]))
        gap = builder.fsub(builder.fmul(switched_on, builder.load(products[1])), lanes.load(4, 1))
        lanes.store(builder.fmul(gap, lanes.broadcast(12)), 0, 1)
        return context.get_dummy_value()

    arrays = (out, types.intp, off, need, y, terms, place, a, b)
    return types.void(*arrays, types.intp, types.intp, types.intp, types.float64), build


@operation
def lanes_decay(typing_context, out, i, rate, j, x, k):
    """out[i:i+16] = -rate[j:j+16] * x[k:k+16]."""

    def build(context, builder, signature, arguments):
        lanes = _Lanes(context, builder, signature, arguments)
        lanes.store(builder.fneg(builder.fmul(lanes.load(2, 3), lanes.load(4, 5))), 0, 1)
        return context.get_dummy_value()

    return types.void(out, types.intp, rate, types.intp, x, types.intp), build


@operation
def lanes_copy(typing_context, out, i, x, j):
    """out[i:i+16] = x[j:j+16]."""

    def build(context, builder, signature, arguments):
        lanes = _Lanes(context, builder, signature, arguments)
        lanes.store(lanes.load(2, 3), 0, 1)
        return context.get_dummy_value()

    return types.void(out, types.intp, x, types.intp), build


@operation
def lanes_fill(typing_context, out, i, value):
    """out[i:i+16] = value."""

    def build(context, builder, signature, arguments):
        lanes = _Lanes(context, builder, signature, arguments)
        lanes.store(lanes.broadcast(2), 0, 1)
        return context.get_dummy_value()

    return types.void(out, types.intp, types.float64), build


@operation
def lanes_limit(typing_context, out, i, low, high):
    """out[i:i+16] held between low and high."""

    def build(context, builder, signature, arguments):
        lanes = _Lanes(context, builder, signature, arguments)
        x, low, high = lanes.load(0, 1), lanes.broadcast(2), lanes.broadcast(3)
        x = builder.select(builder.fcmp_ordered("<", x, low), low, x)
        lanes.store(builder.select(builder.fcmp_ordered(">", x, high), high, x), 0, 1)
        return context.get_dummy_value()

    return types.void(out, types.intp, types.float64, types.float64), build


@operation
def lanes_combine(typing_context, out, i, y, j, k, stride, c1, c2, c3, c4, c5, c6, count):
    """out[i:i+16] = y[j:] + sum over the first `count` (a literal) of c_s * k[(s-1) * stride + j:]."""
    number = count.literal_value

    def build(context, builder, signature, arguments):
        lanes = _Lanes(context, builder, signature, arguments)
        total = None
        position = arguments[3]
        for stage in range(number):
            lanes.arguments = (*arguments, position)
            term = builder.fmul(lanes.broadcast(6 + stage), lanes.load(4, len(arguments)))
            total = term if total is None else builder.fadd(total, term)
            position = builder.add(position, arguments[5])
        lanes.arguments = arguments
        lanes.store(builder.fadd(lanes.load(2, 3), total), 0, 1)
        return context.get_dummy_value()

    coefficients = (types.float64,) * 6
    return types.void(out, types.intp, y, types.intp, k, types.intp, *coefficients, count), build


@operation
def lanes_error(typing_context, squares, i, y, z, j, k, stride, c1, c2, c3, c4, c5, c6, c7, absolute, relative):
    """squares[i:i+16] += (sum over stages of c_s k_s[j:] / (absolute + relative * max(|y[j:]|, |z[j:]|)))^2."""

    def build(context, builder, signature, arguments):
        lanes = _Lanes(context, builder, signature, arguments)

        def magnitude(x):
            negative = builder.fneg(x)
            return builder.select(builder.fcmp_ordered("<", x, negative), negative, x)

        total = None
        position = arguments[4]
        for stage in range(7):
            lanes.arguments = (*arguments, position)
            term = builder.fmul(lanes.broadcast(7 + stage), lanes.load(5, len(arguments)))
            total = term if total is None else builder.fadd(total, term)
            position = builder.add(position, arguments[6])
        lanes.arguments = arguments
        before, after = magnitude(lanes.load(2, 4)), magnitude(lanes.load(3, 4))
        size = builder.select(builder.fcmp_ordered("<", before, after), after, before)
        scale = builder.fadd(lanes.broadcast(14), builder.fmul(lanes.broadcast(15), size))
        ratio = builder.fdiv(total, scale)
        lanes.store(builder.fadd(lanes.load(0, 1), builder.fmul(ratio, ratio)), 0, 1)
        return context.get_dummy_value()

    coefficients = (types.float64,) * 7
    arguments = (squares, types.intp, y, z, types.intp, k, types.intp, *coefficients, types.float64, types.float64)
    return types.void(*arguments), build
