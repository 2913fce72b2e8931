"""Compare: two to eight treatments in the same patients."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from anagen.studio import times
from anagen.studio.access import user_of
from anagen.studio.addresses import address
from anagen.studio.comparing.asked import GROUP, QUESTION, TREATMENT, Asked, asked, changes, problem_links
from anagen.studio.comparing.known import facts, plan_view
from anagen.studio.comparing.sure import sources_of
from anagen.studio.comparing.words import job_title, title_of
from anagen.studio.jobs.job import DONE, Job
from anagen.studio.jobs.queue import Jobs
from anagen.studio.kinds.compare import FEWEST, MOST, estimate
from anagen.studio.page import Page, show

PAGE = Page("/compare", "Compare", "Which of these treatments gains more, and how sure is that?", 5)
EXAMPLES = (
    ("Exosomes, plasma and minoxidil", ("exosome", "prp", "minoxidil")),
    ("Tablets and a lotion for men", ("finasteride", "dutasteride", "minoxidil", "finasteride+minoxidil")),
    ("Three ways to give exosomes", ("exosome", "exosome@microneedle", "exosome@topical")),
)
router = APIRouter(include_in_schema=False)


@router.get(PAGE.path, response_model=None)
def compare(request: Request) -> HTMLResponse | RedirectResponse:
    """Show what is asked for and what is known before a run.

    Parameters
    ----------
    request : Request
        Its query names treatments, patients and depth.

    Returns
    -------
    HTMLResponse or RedirectResponse
        The page; where a treatment was just added or taken out, the way to the address that holds the rest.
    """
    found = asked(request.query_params)
    if changes(request.query_params) and not found.problems:
        return RedirectResponse(address(PAGE.path, found.query), 303)
    return _page(request, found)


@router.post(PAGE.path, response_model=None)
async def start(request: Request) -> HTMLResponse | RedirectResponse:
    """Start the comparison.

    Parameters
    ----------
    request : Request
        Its form holds what the address of the page holds.

    Returns
    -------
    HTMLResponse or RedirectResponse
        To the page of the run; the page itself where something is wrong.
    """
    from starlette.concurrency import run_in_threadpool

    form = await request.form()
    return await run_in_threadpool(_start, request, asked(form))


@router.get(f"{PAGE.path}/known.csv")
def known(request: Request) -> Response:
    """Give what is known of the treatments before a run as a CSV file.

    Parameters
    ----------
    request : Request
        Its query names treatments and patients.

    Returns
    -------
    Response
        The file; the header alone where nothing can be compared.
    """
    plan = asked(request.query_params).plan
    data = "" if plan is None else facts(plan).to_csv(index=False, lineterminator="\n")
    return _file(data, "text/csv", "treatments.csv")


@router.get(f"{PAGE.path}/study.yaml")
def study(request: Request) -> Response:
    """Give the study that is simulated, with an arm per treatment and control.

    Parameters
    ----------
    request : Request
        Its query names treatments and patients.

    Returns
    -------
    Response
        A study file; empty where nothing can be compared.
    """
    plan = asked(request.query_params).plan
    return _file("" if plan is None else plan.study.to_yaml(), "application/yaml", "comparison.yaml")


def _start(request: Request, found: Asked) -> HTMLResponse | RedirectResponse:
    if not found.can_run:
        return _page(request, found, status=422)
    jobs: Jobs = request.app.state.jobs
    spec = found.spec()
    id = jobs.start("compare", spec, title=job_title(spec), owner=user_of(request))
    return RedirectResponse(f"/runs/{id}", 303)


def _page(request: Request, found: Asked, *, status: int = 200) -> HTMLResponse:
    seconds = estimate(found.spec()) if found.can_run else None
    return show(
        request,
        PAGE,
        "compare.html.j2",
        status=status,
        found=found,
        titles=[(name, title_of(name)) for name in found.treatments],
        plan=plan_view(found, seconds),
        lasting=None if seconds is None else times.lasting(seconds),
        problems=problem_links(found.wrong, found.fields),
        examples=[(words, address(PAGE.path, [(TREATMENT, name) for name in names])) for words, names in EXAMPLES],
        earlier=_earlier(request, found),
        sources=sources_of(found),
        file=lambda name: address(f"{PAGE.path}/{name}", found.query),
        group=GROUP,
        question=QUESTION,
        fewest=FEWEST,
        most=MOST,
        times=times,
    )


def _earlier(request: Request, found: Asked) -> Job | None:
    """The latest finished run of the same comparison."""
    if not found.can_run:
        return None
    jobs: Jobs = request.app.state.jobs
    spec = found.spec()
    done = jobs.list(owner=user_of(request), state=DONE, kind="compare")
    return next((job for job in done if job.spec == spec), None)


def _file(data: str, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type=f"{kind}; charset=utf-8", headers=headers)
