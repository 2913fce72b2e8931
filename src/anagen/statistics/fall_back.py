"""Covariance structures of the visits that are tried in turn, until one can be fitted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from anagen.statistics import reml
from anagen.statistics.covariance_structures import STRUCTURES, Unstructured
from anagen.statistics.faults import fault
from anagen.statistics.restricted_likelihood import Repeated

Freedom = Literal["satterthwaite", "kenward-roger", "kenward-roger, observed information"]
FREEDOMS: dict[str, str] = {
    "satterthwaite": "Satterthwaite",
    "kenward-roger": "Kenward-Roger",
    "kenward-roger, observed information": "Kenward-Roger (observed information)",
}
FALL_BACK = ("heterogeneous Toeplitz", "heterogeneous AR(1)", "compound symmetry")
FALL_BACK_KENWARD_ROGER = ("compound symmetry",)
"""Kenward-Roger is available for covariances that are linear in their parameters."""


def structures_in_order(covariance: str, fall_back: Sequence[str] | None, freedom: str) -> list[str]:
    """Names of the structures in the order in which they are tried.

    Parameters
    ----------
    covariance : str
        The first.
    fall_back : Sequence[str] or None
        Those tried after it; by default the simpler ones, with Kenward-Roger compound symmetry alone.
    freedom : str
        Degrees of freedom, one of FREEDOMS.

    Returns
    -------
    list[str]
        At least one.

    Raises
    ------
    DataFault
        Where a name is unknown, or a structure does not go with the degrees of freedom.

    Examples
    --------
    >>> structures_in_order("unstructured", None, "kenward-roger")
    ['unstructured', 'compound symmetry']
    """
    if freedom not in FREEDOMS:
        raise fault("freedom", f"cannot be '{freedom}'", "name one", allowed=FREEDOMS)
    if fall_back is None:
        whole = ("unstructured", *(FALL_BACK if freedom == "satterthwaite" else FALL_BACK_KENWARD_ROGER))
        fall_back = whole[whole.index(covariance) + 1 :] if covariance in whole else ()
    order = [covariance, *fall_back]
    for name in order:
        if name not in STRUCTURES:
            raise fault("covariance", f"cannot be '{name}'", "name one that is known", allowed=STRUCTURES)
        if freedom != "satterthwaite" and not STRUCTURES[name].linear:
            linear = [one for one, made in STRUCTURES.items() if made.linear]
            what = f"'{name}' is not linear in its parameters, so that Kenward-Roger is not available"
            raise fault("covariance", what, "take Satterthwaite, or another covariance", allowed=linear)
    return order


def fitted_in_order(
    values: Repeated,
    visits: Sequence[str],
    *,
    covariance: str = "unstructured",
    fall_back: Sequence[str] | None = None,
    freedom: str = "satterthwaite",
    visit: str = "week",
    outcome: str = "outcome",
) -> tuple[reml.Reml, dict[str, str]]:
    """The first structure that can be fitted, by restricted maximum likelihood.

    Parameters
    ----------
    values : Repeated
        The measurements.
    visits : Sequence[str]
        Names of the visits.
    covariance : str
        The structure that is wanted.
    fall_back : Sequence[str] or None
        See `structures_in_order`.
    freedom : str
        See there.
    visit : str
        What visits are called, for messages.
    outcome : str
        The outcome's name, for messages.

    Returns
    -------
    Reml
        The fit.
    dict[str, str]
        Structures that were tried before it, and why each failed.

    Raises
    ------
    DataFault
        Where none can be fitted.
    """
    refused: dict[str, str] = {}
    size = len(visits)
    seen = values.patterns[values.pattern].astype(int)
    together = seen.T @ seen
    order = structures_in_order(covariance, fall_back, freedom)
    for name in order if size > 1 else [Unstructured.name]:
        if name == Unstructured.name and (together == 0).any():
            i, j = (int(k[0]) for k in (together == 0).nonzero())
            refused[name] = f"no patient has values at both {visit} {visits[i]} and {visit} {visits[j]}"
            continue
        fitted = reml.fit(values, STRUCTURES[name](size))
        if not isinstance(fitted, str):
            return fitted, refused
        refused[name] = fitted
    reasons = "; ".join(f"{name}: {why}" for name, why in refused.items())
    raise fault(outcome, f"no covariance of the visits can be fitted ({reasons})", "use fewer visits or covariates")
