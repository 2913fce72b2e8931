"""The factor with which an edge enters the equation of its target, as it is written on paper."""

from __future__ import annotations

from anagen.signalling.network.elements import Edge

MINUS = "\u2212"


def transfer_of(edge: Edge, *, from_input: bool) -> str:
    """What the edge makes of the level of its origin.

    Parameters
    ----------
    edge : Edge
        The edge.
    from_input : bool
        Whether it leaves an input, whose level is an occupancy and enters as it is.

    Returns
    -------
    str
        Such as "act = 2.56 AR^1.4 / (1.38^1.4 + AR^1.4)".

    Examples
    --------
    >>> edge = Edge("AR", "DKK1", "+", 0.5, 1.4, 0.5, "or", "Kwack 2008", "B", "in vitro")
    >>> transfer_of(edge, from_input=False)
    'act = 2.56 AR^1.4 / (1.38^1.4 + AR^1.4)'
    >>> transfer_of(edge, from_input=True)
    'act = occupancy of AR'
    """
    if from_input:
        return f"act = occupancy of {edge.origin}"
    level = edge.origin if edge.n == 1.0 else f"{edge.origin}^{edge.n:g}"
    half = f"{edge.half:.3g}" if edge.n == 1.0 else f"{edge.half:.3g}^{edge.n:g}"
    return f"act = {edge.beta:.3g} {level} / ({half} + {level})"


def factor_of(edge: Edge) -> str:
    """The factor that it is in the equation of its target.

    Parameters
    ----------
    edge : Edge
        The edge.

    Returns
    -------
    str
        See `docs/signalling.md`, Equations.

    Examples
    --------
    >>> factor_of(Edge("A", "B", "-", 0.4, 2, 0.5, "and", "assumed", "C", "model")).replace(MINUS, "-")
    '1 - 0.4 act'
    """
    if (edge.gate == "or") == (edge.sign == "+"):
        return f"1 {MINUS} {edge.weight:.3g} act"
    return f"1 {MINUS} {edge.weight:.3g} (1 {MINUS} act)"


def place_of(edge: Edge) -> str:
    """Where the factor stands in the equation of the target, in words.

    Parameters
    ----------
    edge : Edge
        The edge.

    Returns
    -------
    str
        One sentence.

    Examples
    --------
    >>> place_of(Edge("A", "B", "-", 0.4, 2, 0.5, "and", "assumed", "C", "model"))
    'It is one of the "and" factors by which the level that B is driven to is multiplied.'
    """
    if edge.gate == "and":
        return f'It is one of the "and" factors by which the level that {edge.target} is driven to is multiplied.'
    where = "up" if edge.sign == "+" else "down"
    return f'It is one of the "or" factors: {edge.target} can also be switched on where {edge.origin} is {where}.'
