"""Sums and products over edges and stages on 16 patients at once; see `lanes`."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownParameterType=false, reportMissingParameterType=false, reportUnusedParameter=false
# llvmlite and numba's intrinsics carry no types.

from __future__ import annotations

from llvmlite import ir  # pyright: ignore[reportMissingTypeStubs]
from numba import types
from numba.core import cgutils

from anagen.signalling.network.lanes import Lanes, operation


@operation
def lanes_node(typing_context, out, i, off, need, y, terms, place, a, b, first, middle, last, rate):
    """out[i:i+16] = ((1 - off[i:] * ors) * need[i:] * ands - y[i:]) * rate, with products over edges.

    ors is the product of a + b * terms[place:] over the edges from `first` to `middle`, ands that from `middle` to
    `last`. The products stay in registers.

    Parameters
    ----------
    typing_context : object
        Of numba, which passes it.
    out : array of float
        Written.
    i : int
        First element of the node's lanes.
    off : array of float
        What multiplies the products of "or" edges.
    need : array of float
        What multiplies the products of "and" edges.
    y : array of float
        Levels.
    terms : array of float
        Transferred levels.
    place : array of int
        First element of each edge's term.
    a : array of float
        Constant of each edge's factor.
    b : array of float
        Slope of each edge's factor.
    first : int
        First "or" edge.
    middle : int
        First "and" edge.
    last : int
        The edge behind the last.
    rate : float
        Rate constant [1/day].
    """

    def build(context, builder, signature, arguments):
        lanes = Lanes(context, builder, signature, arguments)
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
def lanes_combine(typing_context, out, i, y, j, k, stride, c1, c2, c3, c4, c5, c6, count):
    """out[i:i+16] = y[j:] + sum over the first `count` (a literal) of c_s * k[(s-1) * stride + j:].

    Parameters
    ----------
    typing_context : object
        Of numba, which passes it.
    out : array of float
        Written.
    i : int
        First element of the lanes written.
    y : array of float
        State.
    j : int
        First element of state and slopes.
    k : array of float
        Slopes, stage after stage.
    stride : int
        Elements of one stage.
    c1 : float
        Weight of stage 1 times the step [day].
    c2 : float
        Weight of stage 2 times the step [day].
    c3 : float
        Weight of stage 3 times the step [day].
    c4 : float
        Weight of stage 4 times the step [day].
    c5 : float
        Weight of stage 5 times the step [day].
    c6 : float
        Weight of stage 6 times the step [day].
    count : int
        Number of stages, a literal.
    """
    number = count.literal_value

    def build(context, builder, signature, arguments):
        lanes = Lanes(context, builder, signature, arguments)
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
    """squares[i:i+16] += (sum over stages of c_s k_s[j:] / (absolute + relative * max(|y[j:]|, |z[j:]|)))^2.

    Parameters
    ----------
    typing_context : object
        Of numba, which passes it.
    squares : array of float
        Squared errors, added to.
    i : int
        First element of the squares.
    y : array of float
        State before the step.
    z : array of float
        State after it.
    j : int
        First element of states and slopes.
    k : array of float
        Slopes, stage after stage.
    stride : int
        Elements of one stage.
    c1 : float
        Weight of stage 1 in the error times the step [day].
    c2 : float
        Weight of stage 2 in the error times the step [day].
    c3 : float
        Weight of stage 3 in the error times the step [day].
    c4 : float
        Weight of stage 4 in the error times the step [day].
    c5 : float
        Weight of stage 5 in the error times the step [day].
    c6 : float
        Weight of stage 6 in the error times the step [day].
    c7 : float
        Weight of stage 7 in the error times the step [day].
    absolute : float
        Absolute tolerance.
    relative : float
        Relative tolerance.
    """

    def build(context, builder, signature, arguments):
        lanes = Lanes(context, builder, signature, arguments)

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
