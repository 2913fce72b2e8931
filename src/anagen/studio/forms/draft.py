"""A study as it stands in the form: its data, its file, and either the checked study or everything that is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any, cast

from anagen.core.errors import InputError, Problem
from anagen.core.reading import field_text, is_mapping
from anagen.studio.forms.places import MISSING, at
from anagen.studio.forms.study import built
from anagen.studio.forms.study_parts import Built, Control, Group, Part, Rows, shown_text
from anagen.studio.forms.study_words import STEPS
from anagen.study import Study
from anagen.study.attachments import looks_like_path
from anagen.study.findings import every_use, mapping
from anagen.study.yaml_text import data_text

NAMED_FILE = "names a file, and the studio reads no files of this machine; put its text under Product file of your own"
NAMED_NETWORK = "names a file, and the studio reads no files of this machine; put its text under Mechanism, Network"
NAMED_PATIENTS = "names a file, and the studio reads no files of this machine; put its text under People, Patients"


@dataclass(frozen=True)
class Draft:
    """A study in the making.

    Attributes
    ----------
    data : dict
        Keys of its file.
    text : str
        The file.
    study : Study or None
        The checked study; None where something is wrong.
    problems : tuple of Problem
        Everything that is wrong, with lines of the file.
    """

    data: dict[str, Any]
    text: str
    study: Study | None
    problems: tuple[Problem, ...]

    @property
    def title(self) -> str:
        """What it is called."""
        told = self.data.get("title") or self.data.get("study")
        return told if isinstance(told, str) and told.strip() else "A study without a title"


@dataclass(frozen=True)
class Placed:
    """A problem, with the control that it belongs to.

    Attributes
    ----------
    words : str
        In the words of the command line.
    here : str
        The same without its place, for beside the control.
    step : str
        Name of the step that has the control; "" where none has.
    control : str
        Identifier of the control in the page; "" where there is none.
    name : str
        Name of the control.
    line : int or None
        Line of the file.
    """

    words: str
    here: str
    step: str
    control: str
    name: str
    line: int | None


def draft_of(data: Mapping[str, Any]) -> Draft:
    """A study as it stands in the form.

    Parameters
    ----------
    data : Mapping
        Keys of a study file, right or wrong.

    Returns
    -------
    Draft
        Checked as `anagen check` does, but that no file of this machine is read.
    """
    held = dict(data)
    text = data_text(held)
    refused, safe = _without_paths(held)
    try:
        study = Study.parse(text if not refused else data_text(safe))
    except InputError as error:
        return Draft(held, text, None, (*refused, *error.problems))
    return Draft(held, text, None if refused else study, tuple(refused))


def _without_paths(data: dict[str, Any]) -> tuple[list[Problem], dict[str, Any]]:
    """What names a file of this machine, and the study without it."""
    problems: list[Problem] = []
    safe = deepcopy(data)
    for key, use in every_use(data):
        product = use.get("product")
        if isinstance(product, str) and looks_like_path(product) and use.get("product_file") is None:
            problems.append(Problem(None, None, None, field_text((*key, "product")), f"{product!r} {NAMED_FILE}"))
            del cast("dict[str, Any]", at(safe, key))["product"]
    network = mapping(data.get("mechanism")).get("network")
    if isinstance(network, str):
        problems.append(Problem(None, None, None, "mechanism.network", f"{network!r} {NAMED_NETWORK}"))
        del safe["mechanism"]["network"]
    held = mapping(data.get("population")).get("empirical")
    if isinstance(held, str):
        problems.append(Problem(None, None, None, "population.empirical", f"{held!r} {NAMED_PATIENTS}"))
        del safe["population"]["empirical"]
    return problems, safe


def placed(form: Built, problems: Sequence[Problem]) -> list[Placed]:
    """Problems with the controls that they belong to.

    Parameters
    ----------
    form : Built
        The form of the study.
    problems : Sequence of Problem
        Of its check.

    Returns
    -------
    list of Placed
        In the order of the problems.
    """
    found: dict[str, tuple[str, Part]] = {}
    for step in STEPS:
        if len(step.shown) == 1:
            # the step stands for its one section
            found[step.shown[0]] = (step.name, form.steps[step.name])
        for part in form.parts(step.name):
            name = part.field.name if isinstance(part, Control) else part.name
            if name:
                found.setdefault(name, (step.name, part))
    places: list[Placed] = []
    for problem in problems:
        bare = replace(problem, file=None, line=None, column=None)
        words, here = bare.text(), replace(bare, field="").text()
        step, part = _nearest(problem.field, found)
        control = _first_control(part)
        if part is None:
            places.append(Placed(words, here, step, "", "", problem.line))
        elif control is None:
            assert isinstance(part, Group | Rows)
            places.append(Placed(words, here, step, part.id, part.name, problem.line))
        else:
            places.append(Placed(words, here, step, control.field.id, control.field.name, problem.line))
    return places


def _nearest(name: str, found: Mapping[str, tuple[str, Part]]) -> tuple[str, Part | None]:
    """The control of a field, or of the nearest that holds it."""
    while name:
        if name in found:
            return found[name]
        # a schedule in phases is a list in the file
        other = name.replace(".schedule[", ".schedule.phases[")
        if other in found:
            return found[other]
        name = name[: max(name.rfind("."), name.rfind("["), 0)]
    return "", None


def _first_control(part: Part | None) -> Control | None:
    if isinstance(part, Control):
        return part
    if isinstance(part, Group):
        return next((found for each in part.parts if (found := _first_control(each)) is not None), None)
    return None


def form_with(draft: Draft, places: Sequence[Placed]) -> Built:
    """The form with problems at their controls, and with what is taken where a control is left empty.

    Parameters
    ----------
    draft : Draft
        The study.
    places : Sequence of Placed
        From `placed`.

    Returns
    -------
    Built
        For the template.
    """
    wrong: dict[str, list[str]] = {}
    for place in places:
        if place.control.startswith("f-"):
            wrong.setdefault(place.name, []).append(place.here)
    full = draft.study.model_dump(mode="json") if draft.study is not None else {}

    def seen(part: Part) -> Part:
        if isinstance(part, Control):
            return _seen_control(part, wrong.get(part.field.name, []), full)
        if isinstance(part, Rows):
            return replace(part, rows=tuple(cast("Group", seen(row)) for row in part.rows))
        return replace(part, parts=tuple(map(seen, part.parts)), more=tuple(map(seen, part.more)))

    form = built(draft.data)
    return Built({name: cast("Group", seen(group)) for name, group in form.steps.items()})


def _seen_control(control: Control, wrong: Sequence[str], full: Mapping[str, Any]) -> Control:
    held = control.field
    if wrong:
        held = replace(held, problem="; ".join(wrong))
    if not held.value and held.kind not in ("tick", "ticks"):
        usual = _usual(control, full)
        if usual:
            held = replace(held, offer=usual)
    return replace(control, field=held)


def _usual(control: Control, full: Mapping[str, Any]) -> str:
    """What is taken where the control is left empty, as text; "" where nothing is."""
    value = at(full, control.key)
    if value in (MISSING, None, "", [], {}) or isinstance(value, bool):
        return ""
    if is_mapping(value):
        return str(value["text"]) if "text" in value and "unit" in value else ""
    if control.key == ("study",):
        return ""
    return shown_text(control.form, value)
