"""The response of a vesicle product to dose, route, schedule and storage, against its own control."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from anagen.analysis.response import Axis
from anagen.core.errors import InputError
from anagen.exosomes import Product, library, load_product
from anagen.exosomes.storage import COUNTED_WORDS
from anagen.exosomes.variants import read_history, stored_otherwise
from anagen.study import Override, Study
from anagen.study.document import Key, parse
from anagen.study.overrides import split_list
from anagen.study.shipped import DEMO, find_study
from anagen.sweeps.plan import Point, Sweep, axis_of, places_of, refuse_same, titles_joined
from anagen.therapies import THERAPIES
from anagen.therapies.controls import control_by

THERAPY = "exosome"
DOSES = "1e8,1e9,1e10,1e11,1e12"
"""Doses where nothing else is varied [particles per session]: from far below to far above the usual 1e10."""

TITLES = {
    "dose": "Dose",
    "route": "Route",
    "every": "Time between sessions",
    "sessions": "Number of sessions",
    "storage": "Storage",
}
"""Options in words."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of one option: as messages name it, as it was written, and as a study file holds it."""

    option: str
    text: str
    value: object


def product_sweep(
    product: str,
    *,
    dose: str | None = None,
    route: str | None = None,
    every: str | None = None,
    sessions: str | None = None,
    storage: str | None = None,
) -> Sweep:
    """The response curve of a product in the patients of the shipped exosome study.

    Parameters
    ----------
    product : str
        A product file, or a name of the library.
    dose : str, optional
        Comma lists; particles per session, routes, weeks between sessions, numbers of sessions, storage conditions in
        words. Doses are varied where none is given.
    route : str, optional
        Comma lists; particles per session, routes, weeks between sessions, numbers of sessions, storage conditions in
        words. Doses are varied where none is given.
    every : str, optional
        Comma lists; particles per session, routes, weeks between sessions, numbers of sessions, storage conditions in
        words. Doses are varied where none is given.
    sessions : str, optional
        Comma lists; particles per session, routes, weeks between sessions, numbers of sessions, storage conditions in
        words. Doses are varied where none is given.
    storage : str, optional
        Comma lists; particles per session, routes, weeks between sessions, numbers of sessions, storage conditions in
        words. Doses are varied where none is given.

    Returns
    -------
    Sweep
        Every setting with its study.

    Raises
    ------
    InputError
        With every problem of the options, the product or a study that they make.

    Examples
    --------
    >>> product_sweep("uc-msc", dose="1e9,1e10").axes[0].values
    (1000000000.0, 10000000000.0)
    """
    vesicles, text, file = _product(product)
    options = {"dose": dose, "route": route, "every": every, "sessions": sessions, "storage": storage}
    if not any(options.values()):
        options["dose"] = DOSES
    choices = {name: _choices(name, words) for name, words in options.items() if words is not None}
    histories = [read_history(choice.text) for choice in choices.get("storage", ())]
    path = find_study(DEMO)
    base = Study.load(path)
    arm, control = _arm(base, treated=True), _arm(base, treated=False)
    use: Key = ("arms", arm, "therapies", 0)
    # With one value of everything the curve is a single point, of what was asked for.
    varied = {name: values for name, values in choices.items() if len(values) > 1} or choices
    places = places_of([len(values) for values in varied.values()], ", ".join(varied))
    variants: list[list[Override]] = []
    for place in places:
        positions = dict(zip(varied, place, strict=True))
        chosen = {name: values[positions.get(name, 0)] for name, values in choices.items()}
        product_text = (
            text if "storage" not in chosen else stored_otherwise(text, histories[positions.get("storage", 0)])
        )
        variants.append(
            [
                *_product_overrides(use, vesicles, product_text, file, product, changed="storage" in chosen),
                *_use_overrides(use, chosen, vesicles),
                *_control_overrides(("arms", control), chosen, base, arm),
            ]
        )
    points = tuple(Point(place, variant) for place, variant in zip(places, Study.variants(path, variants), strict=True))
    keys: dict[str, Key] = {
        "dose": (*use, "dose"),
        "route": (*use, "route"),
        "every": (*use, "schedule", "every"),
        "sessions": (*use, "schedule", "sessions"),
    }
    for i, (name, values) in enumerate(varied.items()):
        if name in keys:
            refuse_same(points, i, [choice.text for choice in values], name)
    axes = tuple(_axis(points, i, name, keys.get(name), values) for i, (name, values) in enumerate(varied.items()))
    title = f"{vesicles.title}: response to {titles_joined(axes)}"
    notes = _notes(points, base)
    if "storage" in choices and vesicles.particles.counted != "at_release":
        counted = COUNTED_WORDS[vesicles.particles.counted]
        notes = (*notes, f"Particles were counted {counted}; a condition follows the count.")
    return Sweep(f"{vesicles.name}-curve", title, axes, points, (base.arms[arm].name,), notes)


def _product(product: str) -> tuple[Product, str, str]:
    """A product with the text and the name of its file."""
    loaded = load_product(product)
    path = Path(product) if Path(product).is_file() else library()[product]
    return loaded, path.read_text(encoding="utf-8-sig"), path.name


def _choices(name: str, words: str) -> list[Choice]:
    """Values of one option."""
    choices: list[Choice] = []
    for text in split_list(words):
        value: object = text
        if name in ("every", "sessions", "dose"):
            try:
                value = parse(text, None).data
            except InputError:
                value = text
        choices.append(Choice(f"{name} {text}", text, value))
    return list({choice.text: choice for choice in choices}.values())


def _arm(study: Study, *, treated: bool) -> int:
    """The arm that is given the therapy, or the control arm."""
    return next(
        i
        for i, arm in enumerate(study.arms)
        if (any(use.therapy == THERAPY for use in arm.therapies) if treated else arm.control)
    )


def _product_overrides(
    use: Key, product: Product, text: str, file: str, named: str, *, changed: bool
) -> list[Override]:
    option = f"PRODUCT {named}"
    if product.name in library() and not changed and not Path(named).is_file():
        return [Override(option, (*use, "product"), product.name)]
    return [Override(option, (*use, "product_file"), {"file": file, "text": text})]


def _use_overrides(use: Key, chosen: dict[str, Choice], product: Product) -> list[Override]:
    """Dose, route and schedule of the product; the dose of its file where none is asked for."""
    dose = chosen.get("dose", Choice("dose of the product", f"{product.dose.value:g}", product.dose.value))
    overrides = [Override(dose.option, (*use, "dose"), dose.value, dose.text)]
    if "route" in chosen:
        overrides.append(Override(chosen["route"].option, (*use, "route"), chosen["route"].value))
    for name in ("every", "sessions"):
        if name in chosen:
            overrides.append(Override(chosen[name].option, (*use, "schedule", name), chosen[name].value))
    return overrides


def _control_overrides(arm: Key, chosen: dict[str, Choice], base: Study, treated: int) -> list[Override]:
    """The control by the same route on the same days; nothing where neither is changed."""
    if not {"route", "every", "sessions"} & chosen.keys():
        return []
    usual = base.arms[treated].therapies[0]
    route = str(chosen["route"].value) if "route" in chosen else usual.route
    therapy, _ = control_by(THERAPIES[THERAPY], route)
    option = chosen["route"].option if "route" in chosen else "control"
    control: dict[str, object] = {"therapy": therapy.name}
    if route in therapy.routes:
        control["route"] = route
    schedule: dict[str, object] = {"start": usual.schedule.start}
    if "session" not in therapy.per:
        control["schedule"] = schedule | {"per_day": 1.0}
        return [Override(option, (*arm, "therapies"), [control])]
    control["schedule"] = schedule | {"every": usual.schedule.every, "sessions": usual.schedule.sessions}
    rhythm = [
        Override(chosen[name].option, (*arm, "therapies", 0, "schedule", name), chosen[name].value)
        for name in ("every", "sessions")
        if name in chosen
    ]
    return [Override(option, (*arm, "therapies"), [control]), *rhythm]


def _axis(points: Sequence[Point], index: int, name: str, key: Key | None, choices: Sequence[Choice]) -> Axis:
    labels = [choice.text for choice in choices]
    if key is None:
        return Axis(name, TITLES[name], "", tuple(labels), tuple(labels))
    return replace(axis_of(points, index, key, name=name, labels=labels), title=TITLES[name])


def _notes(points: Sequence[Point], base: Study) -> tuple[str, ...]:
    """What a reader of this curve needs to know of its patients and its control."""
    last = base.measurement.visits[-1]
    late = any(
        week >= last
        for point in points
        for arm in point.study.arms
        for use in arm.therapies
        for week in use.schedule.session_weeks()
    )
    controls = dict.fromkeys(
        THERAPIES[use.therapy].title
        for point in points
        for arm in point.study.arms
        if arm.control
        for use in arm.therapies
    )
    notes = [
        f"Patients, visits and measurement are those of the shipped study {base.study}; the control is "
        f"{' or '.join(controls)}, by the same route."
    ]
    if late:
        notes.append(f"Some sessions fall on or after the last visit (week {last:g}), so that nothing is seen of them.")
    return tuple(notes)
