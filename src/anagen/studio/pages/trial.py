"""Trial: a study made by form or by file, looked at while it is made, saved with every change, and run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse
from starlette.exceptions import HTTPException

from anagen.core.errors import InputError, Problem
from anagen.core.reading import field_text
from anagen.studio import times
from anagen.studio.access import own_job, user_of
from anagen.studio.forms.posted import PostedForm, posted_form
from anagen.studio.jobs.queue import Jobs
from anagen.studio.page import Page, show
from anagen.studio.storage.store import Store
from anagen.studio.storage.studies import SavedStudy

PAGE = Page("/trial", "Trial", "What would a trial of this design show?", 4)
if TYPE_CHECKING:
    from anagen.studio.forms.draft import Draft

router = APIRouter(include_in_schema=False)
Form = Annotated[PostedForm, Depends(posted_form)]
FILE = "file"
"""Name of the step that shows the file to be edited."""
OPTIONS = ("replicates", "draws", "seed", "sizes", "goal")
MOST_RECENT = 12


@router.get(PAGE.path)
def start(request: Request) -> HTMLResponse:
    """Show what a study can be started from.

    Parameters
    ----------
    request : Request
        Its query may hold `words`, which shipped studies have to have.

    Returns
    -------
    HTMLResponse
        The page.
    """
    return _start(request)


def _start(request: Request, wrong: tuple[str, ...] = (), text: str = "", status: int = 200) -> HTMLResponse:
    from anagen.studio.forms.beginnings import beginnings

    words = request.query_params.get("words", "").strip()
    found = [
        each
        for each in beginnings()
        if all(word in f"{each.name} {each.title}".lower() for word in words.lower().split())
    ]
    return show(
        request,
        PAGE,
        "trial_start.html.j2",
        status=status,
        words=words,
        found=found,
        recent=_recent(request),
        wrong=[(told, "") for told in wrong],
        text=text,
    )


def _recent(request: Request) -> list[SavedStudy]:
    """The latest save of each study that was worked on."""
    store: Store = request.app.state.store
    saved = store.studies.list(owner=user_of(request), most=200)
    older = {each.parent for each in saved}
    return [each for each in saved if each.id not in older][:MOST_RECENT]


@router.post(PAGE.path)
def begin(request: Request, form: Form) -> Response:
    """Make a study: an empty one, a copy of a shipped one, or one from a file.

    Parameters
    ----------
    request : Request
        The request.
    form : PostedForm
        `from`: "empty", "text", "upload", "run" (of which `run` is the identifier) or the name of a shipped study.

    Returns
    -------
    Response
        To the page of the study; where a file is no study, what is wrong with it.
    """
    from anagen.studio.forms.beginnings import empty_study, shipped_study
    from anagen.studio.forms.study_file import read_text

    source = form.last("from", "empty")
    try:
        if source == "empty":
            data = empty_study()
        elif source == "upload":
            data = _uploaded(form)
        elif source == "text":
            data = read_text(form.last("text"))
        elif source == "run":
            asked = own_job(request, form.last("run")).spec.get("study")
            data = asked if isinstance(asked, dict) else shipped_study(str(asked))
        else:
            data = shipped_study(source)
    except InputError as error:
        words = tuple(problem.text() for problem in error.problems)
        return _start(request, words, form.last("text"), 422)
    saved = _save(request, data, None)
    return RedirectResponse(f"/trial/{saved.id}?step=question", 303)


def _uploaded(form: PostedForm) -> dict[str, Any]:
    """A study file with the product and network files that were chosen with it."""
    from anagen.studio.forms.study_file import attached_text, read_bytes, with_files

    studies = [(name, raw) for name, raw in form.files if name.lower().endswith((".yaml", ".yml"))]
    others = [(name, raw) for name, raw in form.files if not name.lower().endswith((".yaml", ".yml"))]
    if not studies and len(others) == 1:
        # whatever it is called, it is meant as the study
        studies, others = others, []
    if len(studies) != 1:
        told = "choose one study file (.yaml), and with it the product files (.toml) that it names"
        raise InputError([Problem(None, None, None, "file", told)])
    name, raw = studies[0]
    data = read_bytes(raw, name)
    return with_files(data, {other: attached_text(text, other) for other, text in others})


@router.get("/trial/{id}")
def trial(request: Request, id: str) -> HTMLResponse:
    """Show a study in the making.

    Parameters
    ----------
    request : Request
        Its query: `step`, and options of the run.
    id : str
        Identifier of the saved study.

    Returns
    -------
    HTMLResponse
        The page.
    """
    return _page(request, _own(request, id), dict(request.query_params))


@router.post("/trial/{id}/look")
def look(request: Request, id: str, form: Form) -> HTMLResponse:
    """Show a study as it would be, without saving it.

    Parameters
    ----------
    request : Request
        The request.
    id : str
        Identifier of the saved study.
    form : PostedForm
        The form as it stands.

    Returns
    -------
    HTMLResponse
        The page.
    """
    from anagen.studio.forms.study_reading import with_posted

    saved = _own(request, id)
    return _page(request, saved, _query(form), data=with_posted(saved.body, form.values))


@router.post("/trial/{id}")
def save(request: Request, id: str, form: Form) -> Response:
    """Save what a form holds, do what its button says, and go where it leads.

    Parameters
    ----------
    request : Request
        The request.
    id : str
        Identifier of the saved study.
    form : PostedForm
        The form, with `go` (a step, "run" or "power") or `do` (add, remove, copy or move an entry).

    Returns
    -------
    Response
        To the study as it is now, or to the run.
    """
    from anagen.studio.forms.study_reading import acted, with_posted

    before = _own(request, id)
    data, place = with_posted(before.body, form.values), ""
    action, go = form.last("do"), form.last("go")
    if action:
        data, key = acted(data, action, form.values)
        place = field_text(key)
    saved = before if data == before.body else _save(request, data, before)
    query = _query(form)
    if go in ("run", "power"):
        return _run(request, saved, go, query)
    if go:
        query["step"] = go
    anchor = "#g-" + "".join(c if c.isalnum() else "-" for c in place) if place else ""
    return RedirectResponse(f"{_address(saved, query)}{anchor}", 303)


@router.post("/trial/{id}/file")
def replace_file(request: Request, id: str, form: Form) -> Response:
    """Put the text of a file, or a file that was chosen, in place of the study.

    Parameters
    ----------
    request : Request
        The request.
    id : str
        Identifier of the saved study.
    form : PostedForm
        `text`, or files.

    Returns
    -------
    Response
        To the study as it is now; where the text is no study, what is wrong with it.
    """
    from anagen.studio.forms.study_file import read_text

    before, text = _own(request, id), form.last("text").replace("\r\n", "\n")
    try:
        data = _uploaded(form) if form.files else read_text(text)
    except InputError as error:
        words = [problem.text() for problem in error.problems]
        return _page(request, before, {"step": FILE}, text="" if form.files else text, wrong=words, status=422)
    saved = before if data == before.body else _save(request, data, before)
    return RedirectResponse(_address(saved, {"step": FILE}), 303)


@router.get("/trial/{id}/study.yaml")
def export(request: Request, id: str) -> PlainTextResponse:
    """Give the study file.

    Parameters
    ----------
    request : Request
        The request.
    id : str
        Identifier of the saved study.

    Returns
    -------
    PlainTextResponse
        YAML, to be kept as a file.
    """
    from anagen.study.yaml_text import data_text

    saved = _own(request, id)
    named = saved.body.get("study")
    plain = "".join(c for c in named if c.isascii() and (c.isalnum() or c == "-")) if isinstance(named, str) else ""
    headers = {"Content-Disposition": f'attachment; filename="{plain or "study"}.yaml"'}
    return PlainTextResponse(data_text(saved.body), media_type="application/yaml", headers=headers)


def _run(request: Request, saved: SavedStudy, what: str, query: Mapping[str, str]) -> Response:
    """Start a run or a power curve; where it cannot be started, the page says why."""
    from anagen.studio.look import read_options

    jobs: Jobs = request.app.state.jobs
    options, wrong = read_options(query)
    spec: dict[str, Any] = {"study": saved.body, **options.model_dump()}
    if what == "power":
        del spec["replicates"]
        spec |= {name: query[name] for name in ("sizes", "goal") if query.get(name)}
    words = list(wrong.values())
    if not words:
        try:
            title = saved.title if what == "run" else f"Power of {saved.title}"
            id = jobs.start(what, spec, title=title, owner=user_of(request))
        except InputError as error:
            words = [problem.text() for problem in error.problems]
        else:
            return RedirectResponse(f"/runs/{id}", 303)
    return _page(request, saved, query, wrong=words, status=422)


def _page(
    request: Request,
    saved: SavedStudy,
    query: Mapping[str, str],
    *,
    data: dict[str, Any] | None = None,
    text: str = "",
    wrong: list[str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    from anagen.studio.design_picture import design_svg
    from anagen.studio.forms.draft import draft_of, form_with, placed
    from anagen.studio.forms.study import built
    from anagen.studio.forms.study_words import STEPS
    from anagen.studio.look import looked_at, read_options

    draft = draft_of(saved.body if data is None else data)
    options, bad = read_options(query)
    look = looked_at(draft, options, screened=data is None)
    # what is wrong with the file, else what its check finds beyond it: no room, nobody to recruit
    told = draft.problems or [Problem(None, None, None, p.field, p.message, p.allowed) for p in look.problems]
    places = placed(built(draft.data), told)
    step = query.get("step", STEPS[0].name)
    if step not in {FILE, *(each.name for each in STEPS)}:
        step = STEPS[0].name
    form = form_with(draft, places)
    kept = {name: query[name] for name in OPTIONS if query.get(name)}
    return show(
        request,
        PAGE,
        "trial.html.j2",
        status=status,
        title=draft.title,
        saved=saved,
        look=look,
        group=form.steps.get(step),
        step=step,
        steps=STEPS,
        amiss={place.step for place in places},
        wrong=[(words, "") for words in (wrong or [])],
        found=[(place.words, _link(place.step, place.control, step, kept)) for place in places],
        lines=_numbered(draft.text, {place.line: place.here for place in places if place.line}),
        text=text or draft.text,
        asked={name: query.get(name, "") for name in OPTIONS},
        power=_power_takes(draft, query),
        bad=bad,
        picture=None if draft.study is None else design_svg(draft.study),
        kept=urlencode(kept),
    )


def _power_takes(draft: Draft, query: Mapping[str, str]) -> str:
    """How long a power curve takes, in words; "" where that cannot be told."""
    from anagen.studio.kinds import kind_of
    from anagen.studio.look import read_options

    if draft.study is None:
        return ""
    options, _ = read_options(query)
    spec = {"study": draft.data, "draws": options.draws, "sizes": query.get("sizes", "")}
    try:
        seconds = kind_of("power").estimate(spec)
    except InputError:
        return ""
    return "" if seconds is None else f"About {times.lasting(seconds)} of processor time."


def _link(step: str, control: str, here: str, kept: Mapping[str, str]) -> str:
    if not control:
        return ""
    return f"#{control}" if step == here else f"?{urlencode({'step': step, **kept})}#{control}"


def _numbered(text: str, wrong: Mapping[int, str]) -> list[tuple[int, str, str]]:
    """Lines of the file with their number and what is wrong in them."""
    return [(number, line, wrong.get(number, "")) for number, line in enumerate(text.splitlines(), 1)]


def _query(form: PostedForm) -> dict[str, str]:
    return {name: form.last(name).strip() for name in ("step", *OPTIONS) if form.last(name).strip()}


def _address(saved: SavedStudy, query: Mapping[str, str]) -> str:
    usual = {"replicates": "1", "draws": "200", "seed": "1", "goal": "0.8"}
    kept = {name: value for name, value in query.items() if value and usual.get(name) != value}
    return f"/trial/{saved.id}?{urlencode(kept)}"


def _own(request: Request, id: str) -> SavedStudy:
    store: Store = request.app.state.store
    found = store.studies.get(id, owner=user_of(request))
    if found is None:
        raise HTTPException(404, "There is no study of that name here.")
    return found


def _save(request: Request, data: dict[str, Any], before: SavedStudy | None) -> SavedStudy:
    store: Store = request.app.state.store
    told = data.get("title") or data.get("study")
    title = told if isinstance(told, str) and told.strip() else "A study without a title"
    return store.studies.save(title, data, owner=user_of(request), parent=None if before is None else before.id)
