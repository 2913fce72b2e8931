"""Evidence: what was published, and how well the model holds it."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response

from anagen.core.errors import InputError
from anagen.evidence.claims import STRENGTHS, VERDICTS
from anagen.studio.addresses import address
from anagen.studio.drawn import picture
from anagen.studio.evidence.claims import claims_csv, claims_of, references_csv, references_of
from anagen.studio.evidence.filters import FILTERS, asked
from anagen.studio.evidence.forest import draw as draw_effect
from anagen.studio.evidence.forest import effect_of, forest_of, overview
from anagen.studio.evidence.observed import alt_of, observed_of, scored_rows
from anagen.studio.evidence.observed import draw as draw_values
from anagen.studio.evidence.sure import sources_of
from anagen.studio.evidence.trials import FIRST, SORTS, Study, csv_of, study_of, table_of, trials_of
from anagen.studio.page import Page, show
from anagen.study.shipped import shipped_studies

PAGE = Page("/evidence", "Evidence", "What was published, and does the model hold it?", 6)
CLAIMS, REFERENCES = f"{PAGE.path}/claims", f"{PAGE.path}/references"
PARTS = ((PAGE.path, "Trials"), (CLAIMS, "Claims of the review"), (REFERENCES, "Its references"))
router = APIRouter(include_in_schema=False)


@router.get(PAGE.path)
def evidence(request: Request) -> HTMLResponse:
    """Show published results as filtered, the forest of their effects, and predicted against observed.

    Parameters
    ----------
    request : Request
        Its query filters.

    Returns
    -------
    HTMLResponse
        The page.
    """
    query = list(request.query_params.items())
    given = dict(query)
    found = asked(given)
    effect = effect_of(found)
    values = observed_of(found, given.get("values", ""))

    def href(**changes: str) -> str:
        return address(PAGE.path, query, changes)

    trials = trials_of(found, sort=given.get("sort", "study"), every=given.get("rows") == "all")
    return show(
        request,
        PAGE,
        "evidence.html.j2",
        parts_of_page=PARTS,
        here=PAGE.path,
        found=found,
        filters=FILTERS,
        trials=trials,
        sorts=SORTS,
        first=FIRST,
        forest=overview(found) if effect is None else forest_of(effect),
        values=values,
        alt=alt_of(found, values.group),
        sources=sources_of(found, effect),
        href=href,
        sorted_by=lambda sort: f"{href(sort=sort)}#rows-title",
        file=lambda name, **changes: address(f"{PAGE.path}/{name}", query, changes),
    )


@router.get(f"{PAGE.path}/rows.csv")
def rows(request: Request) -> Response:
    """Give the filtered rows as a CSV file.

    Parameters
    ----------
    request : Request
        Its query filters.

    Returns
    -------
    Response
        The file.
    """
    return _file(csv_of(asked(dict(request.query_params))), "text/csv", "published.csv")


@router.get(f"{PAGE.path}/predicted.csv")
def predicted(request: Request) -> Response:
    """Give the filtered predictions as a CSV file.

    Parameters
    ----------
    request : Request
        Its query filters.

    Returns
    -------
    Response
        The file.
    """
    data = scored_rows(asked(dict(request.query_params))).to_csv(index=False, lineterminator="\n")
    return _file(data, "text/csv", "predicted.csv")


@router.get(f"{PAGE.path}/forest.{{ending}}")
def forest_picture(request: Request, ending: str) -> Response:
    """Draw the forest of a therapy.

    Parameters
    ----------
    request : Request
        Its query filters.
    ending : str
        "svg" or "png".

    Returns
    -------
    Response
        The picture.

    Raises
    ------
    HTTPException
        404 where nothing can be pooled.
    """
    effect = effect_of(asked(dict(request.query_params)))
    if effect is None or effect.pooled is None:
        raise HTTPException(404, "Nothing can be pooled here, so there is no forest.")
    return picture(lambda: draw_effect(effect), ending, effect.name)


@router.get(f"{PAGE.path}/predicted.{{ending}}")
def values_picture(request: Request, ending: str) -> Response:
    """Draw predicted against observed.

    Parameters
    ----------
    request : Request
        Its query filters, and may say which values.
    ending : str
        "svg" or "png".

    Returns
    -------
    Response
        The picture.

    Raises
    ------
    HTTPException
        404 where no value was predicted.
    """
    found = asked(dict(request.query_params))
    group = observed_of(found, request.query_params.get("values", "")).group
    if not group:
        raise HTTPException(404, "None of these values was predicted, so there is no picture.")
    return picture(lambda: draw_values(found, group), ending, "predicted-against-observed")


@router.get(f"{PAGE.path}/studies/{{name}}")
def study(request: Request, name: str) -> HTMLResponse:
    """Show a published study with how each number was read.

    Parameters
    ----------
    request : Request
        The request.
    name : str
        In the table, or of its study file.

    Returns
    -------
    HTMLResponse
        The page.
    """
    found = _known_study(name)
    own = f"{PAGE.path}/studies/{name}"
    files = [("Rows (CSV)", f"{own}/rows.csv")] + [("Study file (YAML)", f"{own}/study.yaml")] * bool(found.study_file)
    return show(
        request,
        PAGE,
        "evidence_study.html.j2",
        title=found.name,
        study=found,
        files=files,
        here=PAGE.path,
        parts_of_page=PARTS,
    )


@router.get(f"{PAGE.path}/studies/{{name}}/rows.csv")
def study_rows(name: str) -> Response:
    """Give every row of a published study as a CSV file.

    Parameters
    ----------
    name : str
        In the table, or of its study file.

    Returns
    -------
    Response
        The file.
    """
    _known_study(name)
    return _file(table_of(name), "text/csv", f"{name}.csv")


@router.get(f"{PAGE.path}/studies/{{name}}/study.yaml")
def study_file(name: str) -> Response:
    """Give the study file that simulates a published study.

    Parameters
    ----------
    name : str
        In the table, or of its study file.

    Returns
    -------
    Response
        The file.

    Raises
    ------
    HTTPException
        404 where the study has none.
    """
    found = _known_study(name)
    if not found.study_file:
        raise HTTPException(404, f"No study file simulates {name}.")
    text = shipped_studies()[found.study_file].read_text(encoding="utf-8")
    return _file(text, "application/yaml", f"{found.study_file}.yaml")


@router.get(CLAIMS)
def claims(request: Request) -> HTMLResponse:
    """Show the claims of the review with their verdicts.

    Parameters
    ----------
    request : Request
        Its query filters.

    Returns
    -------
    HTMLResponse
        The page.
    """
    found = claims_of(request.query_params)
    return show(
        request,
        PAGE,
        "evidence_claims.html.j2",
        title=PARTS[1][1],
        here=CLAIMS,
        parts_of_page=PARTS,
        found=found,
        verdicts=VERDICTS,
        strengths=STRENGTHS,
    )


@router.get(REFERENCES)
def references(request: Request) -> HTMLResponse:
    """Show the references of the review with what was found.

    Parameters
    ----------
    request : Request
        Its query filters.

    Returns
    -------
    HTMLResponse
        The page.
    """
    found = references_of(request.query_params)
    return show(
        request,
        PAGE,
        "evidence_references.html.j2",
        title="References of the review",
        here=REFERENCES,
        parts_of_page=PARTS,
        found=found,
    )


@router.get(f"{CLAIMS}.csv")
def claims_file(request: Request) -> Response:
    """Give the filtered claims as a CSV file.

    Parameters
    ----------
    request : Request
        Its query filters.

    Returns
    -------
    Response
        The file.
    """
    return _file(claims_csv(claims_of(request.query_params)), "text/csv", "claims.csv")


@router.get(f"{REFERENCES}.csv")
def references_file(request: Request) -> Response:
    """Give the filtered references as a CSV file.

    Parameters
    ----------
    request : Request
        Its query filters.

    Returns
    -------
    Response
        The file.
    """
    return _file(references_csv(references_of(request.query_params)), "text/csv", "references.csv")


def _known_study(name: str) -> Study:
    """A published study; 404 where there is none of that name, with the nearest."""
    try:
        return study_of(name)
    except InputError as error:
        nearest = error.problems[0].suggestion
        meant = f" Is {nearest} meant?" if nearest else ""
        raise HTTPException(404, f"No published study is called {name}.{meant}") from error


def _file(data: str | bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type=f"{kind}; charset=utf-8", headers=headers)
