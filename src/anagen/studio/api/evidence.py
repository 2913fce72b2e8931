"""Published results, their forest, predictions, claims and references, as the page Evidence shows them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import BaseModel

from anagen.core.errors import InputError
from anagen.studio.answers import API, REFUSED
from anagen.studio.evidence.claims import Cited, ClaimView, claims_of, references_of
from anagen.studio.evidence.filters import asked
from anagen.studio.evidence.forest import Forest, effect_of, forest_of, overview
from anagen.studio.evidence.observed import Observed, observed_of
from anagen.studio.evidence.trials import Study, Trials, study_of, trials_of

router = APIRouter(prefix=f"{API}/evidence", tags=["evidence"], responses=REFUSED)
Word = Annotated[str, Query(max_length=100)]


class Evidence(BaseModel):
    """What was published, as filtered.

    Attributes
    ----------
    problems : dict of str to str
        Filters that cannot be used, and why; they filter nothing.
    emptied : str
        Which filter removed the last rows, in a sentence.
    trials : Trials
        Published results.
    forest : Forest
        Their effects, pooled, and the model's number.
    observed : Observed
        Predicted against observed.
    """

    problems: dict[str, str]
    emptied: str
    trials: Trials
    forest: Forest
    observed: Observed


@router.get("")
def evidence(
    request: Request,
    therapy: Word = "",
    condition: Word = "",
    endpoint: Word = "",
    use: Word = "",
    week: Word = "",
    measure: Word = "",
    values: Word = "",
    sort: Word = "study",
) -> Evidence:
    """Give published results as filtered, the forest of their effects, and predicted against observed.

    Returns
    -------
    Evidence
        As the page shows them.
    """
    del therapy, condition, endpoint, use, week, measure
    found = asked(request.query_params)
    effect = effect_of(found)
    return Evidence(
        problems={name: f"{field.label} {field.problem}" for name, field in found.fields.items() if field.problem},
        emptied=found.emptied(),
        trials=trials_of(found, sort=sort, every=True),
        forest=overview(found) if effect is None else forest_of(effect),
        observed=observed_of(found, values),
    )


@router.get("/claims")
def claims(request: Request, verdict: Word = "", topic: Word = "", words: Word = "") -> list[ClaimView]:
    """Give the claims of the review with their verdicts.

    Returns
    -------
    list of ClaimView
        As filtered.
    """
    del verdict, topic, words
    return list(claims_of(request.query_params).claims)


@router.get("/references")
def references(request: Request, status: Word = "", supports: Word = "") -> list[Cited]:
    """Give the references of the review with what was found.

    Returns
    -------
    list of Cited
        As filtered.
    """
    del status, supports
    return list(references_of(request.query_params).references)


@router.get("/studies/{name}")
def study(name: str) -> Study:
    """Give a published study with how each number was read.

    Returns
    -------
    Study
        With every row.

    Raises
    ------
    HTTPException
        404 where there is none of that name.
    """
    try:
        return study_of(name)
    except InputError as error:
        raise HTTPException(404, error.problems[0].text()) from error
