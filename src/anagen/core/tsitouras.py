"""Tsitouras' explicit Runge-Kutta pair of order 5(4): its tableau and its free interpolant of order 4.

Stage i + 1 is evaluated at y + h * sum of A[i + 1][j] k_j; the step adds h * sum of B[j] k_j, and the error of it is
h * sum of E[j] k_j. The seventh stage is the first of the next step.

References
----------
.. [1] Tsitouras 2011, Comput Math Appl 62:770, doi:10.1016/j.camwa.2011.06.002, tables 1 and 2.
"""

from __future__ import annotations

from anagen.core.compiled import inlined

STAGES = 7
C2, C3, C4, C5 = 0.161, 0.327, 0.9, 0.9800255409045097
"""Places of the stages within a step; those of the sixth and seventh are 1."""
A21 = 0.161
A31, A32 = -0.008480655492356989, 0.335480655492357
A41, A42, A43 = 2.8971530571054935, -6.359448489975075, 4.3622954328695815
A51, A52, A53, A54 = 5.325864828439257, -11.748883564062828, 7.4955393428898365, -0.09249506636175525
A61, A62, A63, A64, A65 = (
    5.86145544294642,
    -12.92096931784711,
    8.159367898576159,
    -0.071584973281401,
    -0.028269050394068383,
)
B1, B2, B3, B4, B5, B6 = (
    0.09646076681806523,
    0.01,
    0.4798896504144996,
    1.379008574103742,
    -3.290069515436081,
    2.324710524099774,
)
E1, E2, E3, E4, E5, E6, E7 = (
    -0.00178001105222577714,
    -0.0008164344596567469,
    0.007880878010261995,
    -0.1447110071732629,
    0.5823571654525552,
    -0.45808210592918697,
    0.015151515151515152,
)


@inlined
def interpolant(s: float) -> tuple[float, float, float, float, float, float, float]:
    """Weights of the slopes within a step: y(t + s h) = y(t) + h * sum of weight_j k_j.

    Parameters
    ----------
    s : float
        Place within the step, 0 to 1.

    Returns
    -------
    tuple of 7 float
        Weight of each stage's slope; at 1 those of the step itself.

    Examples
    --------
    >>> abs(interpolant(1.0)[0] - B1) < 1e-14
    True
    """
    return (
        s * (1.0 + s * (-2.763706197274826 + s * (2.9132554618219126 - s * 1.0530884977290216))),
        s * s * (0.1317 + s * (-0.2234 + s * 0.1017)),
        s * s * (3.9302962368947516 + s * (-5.941033872131505 + s * 2.490627285651253)),
        s * s * (-12.411077166933676 + s * (30.33818863028232 - s * 16.548102889244902)),
        s * s * (37.50931341651104 + s * (-88.1789048947664 + s * 47.37952196281928)),
        s * s * (-27.896526289197286 + s * (65.09189467479366 - s * 34.87065786149661)),
        s * s * (1.5 + s * (-4.0 + s * 2.5)),
    )
