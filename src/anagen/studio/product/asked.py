"""The controls of the Product page, and the product that they ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, get_args
from urllib.parse import urlencode

from anagen.core.errors import InputError, Problem
from anagen.core.words import counted
from anagen.exosomes import ISOLATION_METHODS, library, parse_product
from anagen.exosomes.composing import Changes, composed
from anagen.exosomes.product import Product
from anagen.exosomes.release.items import Use
from anagen.exosomes.storage import BUFFERS, StorageStep, Tube
from anagen.studio.forms.field import CHOICE, NUMBER, TICK, Choice, Field, read
from anagen.studio.forms.given import Given, study_data
from anagen.studio.uploads import NOT_KEPT, PREFIX
from anagen.therapies import THERAPIES

THERAPY = "exosome"
TOLD, FRESH, CHOSEN = "told", "fresh", "chosen"
AS_TOLD, NO_STEP = "", "none"
ROUTE_USES: dict[str, Use] = {"intradermal": "injected", "topical": "topical"}
"""Use of the specification by route; what goes with opened skin is "needled"."""
STUDY_WEEKS = 26.0
DEFAULTS: dict[str, str] = {
    "product": "", "dose": "", "route": "intradermal", "every": "2", "sessions": "6",
    "keep": TOLD, "temperature": "4", "days": "2", "buffer": "pbs", "tube": "polypropylene", "thaws": "0", "dry": "",
    "step1": AS_TOLD, "step2": NO_STEP, "step3": NO_STEP, "passage": "", "concentration": "", "ratio": "",
    "doses": "1000",
}  # fmt: skip
GROUPS = {
    "What": ("product",),
    "How it is given": ("dose", "route", "every", "sessions"),
    "How it is kept": ("keep", "temperature", "days", "buffer", "tube", "thaws", "dry"),
    "How it is made": ("step1", "step2", "step3", "passage", "concentration", "ratio", "doses"),
}
"""Controls in the order of the page, under their headings."""
_OF_PRODUCT = {
    "isolation": "step1", "passage": "passage", "concentration": "concentration", "particle_to_protein": "ratio",
    "dose": "dose", "storage": "keep", "temperature": "temperature", "days": "days",
}  # fmt: skip
"""Keys of a product file -> the control that decides them."""


@dataclass(frozen=True)
class Asked:
    """What the address asks for.

    Attributes
    ----------
    fields : Mapping[str, Field]
        Controls, with what is wrong with them.
    text : str
        Of the product file, composed; empty where no product is chosen.
    product : Product or None
        What it says; None where none is chosen or it cannot be read.
    changes : Changes
        What was changed.
    problems : tuple[Problem, ...]
        Of the product file.
    """

    fields: Mapping[str, Field]
    text: str
    product: Product | None
    changes: Changes
    problems: tuple[Problem, ...] = ()

    @property
    def use(self) -> Use:
        """What the product is for, by its route."""
        return ROUTE_USES.get(fine(self.fields["route"]), "needled")

    @property
    def doses(self) -> int:
        """Doses that are to be made."""
        return int(float(fine(self.fields["doses"])))

    @property
    def step(self) -> StorageStep | None:
        """The stay of which the course is drawn; None for that on the label."""
        return self.product.history()[0] if self.changes.history and self.product is not None else None

    @property
    def query(self) -> str:
        """The address of what is shown; defaults are left out."""
        told = {name: field.value for name, field in self.fields.items()}
        return urlencode({name: value for name, value in told.items() if value != DEFAULTS[name]})

    def given_words(self) -> str:
        """How it is given, in words.

        Returns
        -------
        str
            Route, sessions, weeks between them.
        """
        sessions = int(float(fine(self.fields["sessions"])))
        told = f"{_route(fine(self.fields['route']))}, {counted(sessions, 'session')}"
        return told if sessions == 1 else f"{told}, one every {counted(float(fine(self.fields['every'])), 'week')}"

    def study(self) -> dict[str, Any]:
        """The keys of a study that gives the product as asked for, against its own control.

        Returns
        -------
        dict
            To be checked by `Study.from_dict`.
        """
        assert self.product is not None
        named = fine(self.fields["product"])
        own = self.changes.any or named.startswith(PREFIX)
        given = Given(
            THERAPY,
            fine(self.fields["route"]),
            "" if own else named,
            self.text if own else "",
            f"{self.product.dose.value:g} particles",
            float(fine(self.fields["every"])),
            int(float(fine(self.fields["sessions"]))),
        )
        return study_data([given], title=f"{self.product.title} against its control", weeks=STUDY_WEEKS)


def fields_of(uploaded: str = "") -> list[Field]:
    """Controls with their defaults.

    Parameters
    ----------
    uploaded : str
        Identifier of an uploaded product that may be chosen too.

    Returns
    -------
    list of Field
        In the order of the page.
    """
    steps = tuple(Choice(entry.name, entry.title) for entry in ISOLATION_METHODS.values())
    none = Choice(NO_STEP, "no further step")
    own = (Choice(uploaded, "the uploaded file"),) if uploaded else ()
    choices: dict[str, tuple[Choice, ...]] = {
        "product": (Choice("", "choose a product"), *_products(), *own),
        "route": tuple(Choice(route, _route(route)) for route in THERAPIES[THERAPY].routes),
        "keep": (Choice(TOLD, "as its file says"), Choice(FRESH, "used fresh"), Choice(CHOSEN, "as chosen below")),
        "buffer": tuple(Choice(name, words) for name, words in BUFFERS.items()),
        "tube": tuple(Choice(name, name) for name in get_args(Tube)),
        "step1": (Choice(AS_TOLD, "as its file says"), *steps),
        "step2": (none, *steps),
        "step3": (none, *steps),
    }
    numbers: dict[str, tuple[float, float, float | None, str]] = {
        "dose": (1e3, 1e15, None, "particles"),
        "every": (0.5, 26.0, 0.5, "weeks"),
        "sessions": (1.0, 12.0, 1.0, ""),
        "temperature": (-196.0, 60.0, 1.0, "°C"),
        "days": (0.0, 3650.0, None, "days"),
        "thaws": (0.0, 20.0, 1.0, ""),
        "passage": (0.0, 40.0, 1.0, ""),
        "concentration": (1e3, 1e15, None, "per mL"),
        "ratio": (1e3, 1e15, None, "per µg"),
        "doses": (1.0, 1e7, 1.0, "doses"),
    }
    made: list[Field] = []
    for name in (name for names in GROUPS.values() for name in names):
        words, note = WORDS[name]
        if name in choices:
            made.append(Field(name, words, CHOICE, DEFAULTS[name], choices[name], note=note,
                              required=bool(DEFAULTS[name])))  # fmt: skip
        elif name == "dry":
            made.append(Field(name, words, TICK, DEFAULTS[name], note=note))
        else:
            low, high, step, unit = numbers[name]
            made.append(Field(name, words, NUMBER, DEFAULTS[name], low=low, high=high, step=step, unit=unit, note=note,
                              required=bool(DEFAULTS[name])))  # fmt: skip
    return made


WORDS: dict[str, tuple[str, str]] = {
    "product": ("Product", ""),
    "dose": ("Dose", "That of its file where empty."),
    "route": ("Route", ""),
    "every": ("A session every", ""),
    "sessions": ("Sessions", ""),
    "keep": ("Stored", ""),
    "temperature": ("Temperature", "Used with \u201cas chosen below\u201d, as are the next five."),
    "days": ("Days", ""),
    "buffer": ("In", ""),
    "tube": ("Tube", ""),
    "thaws": ("Further freeze-thaws", ""),
    "dry": ("Freeze-dried", ""),
    "step1": ("First separation step", "Other steps leave out the measured ratio of particles to protein."),
    "step2": ("Second step", ""),
    "step3": ("Third step", ""),
    "passage": ("Passage of the cells", "That of its file where empty, as below."),
    "concentration": ("Particles", ""),
    "ratio": ("Particles to protein", ""),
    "doses": ("Doses to make", ""),
}
"""Control -> its words, and a note."""


def asked(given: Mapping[str, str], *, uploaded: Callable[[str], str | None]) -> Asked:
    """What an address asks for.

    Parameters
    ----------
    given : Mapping of str to str
        Values of the controls, by name.
    uploaded : callable
        Identifier of an uploaded product -> its text, None where there is none.

    Returns
    -------
    Asked
        With what is wrong at its field.
    """
    name = given.get("product", "")
    text = uploaded(name) if name.startswith(PREFIX) else None
    fields = read(fields_of(name if text is not None else ""), given)
    for whole in ("sessions", "thaws", "passage", "doses"):
        fields[whole] = _whole(fields[whole])
    if text is None and name.startswith(PREFIX):
        fields["product"] = replace(fields["product"], problem=NOT_KEPT, offer="")
    chosen = fine(fields["product"])
    changes = _changes(fields)
    if not chosen:
        return Asked(fields, "", None, changes)
    base = text if text is not None else _library_text(chosen)
    try:
        made = composed(base, changes)
        return Asked(fields, made, product_of(made), changes)
    except InputError as error:
        told = dict(fields)
        for problem in error.problems:
            control = _OF_PRODUCT.get(problem.field.rpartition(".")[2].partition("[")[0], "product")
            told[control] = replace(told[control], problem=problem.message, offer="")
        return Asked(told, base, None, changes, error.problems)


def fine(field: Field) -> str:
    """What a control holds; its default where something is wrong with that.

    Parameters
    ----------
    field : Field
        The control.

    Returns
    -------
    str
        A value that can be used.
    """
    return DEFAULTS[field.name] if field.problem else field.value


@lru_cache(maxsize=64)
def product_of(text: str) -> Product:
    """The product of a text, read once.

    Parameters
    ----------
    text : str
        Of a product file.

    Returns
    -------
    Product
        What it says.

    Raises
    ------
    InputError
        With every problem of the file.
    """
    return parse_product(text, "product.toml")


@lru_cache(maxsize=32)
def _library_text(name: str) -> str:
    return library()[name].read_text(encoding="utf-8-sig")


@lru_cache(maxsize=1)
def _products() -> tuple[Choice, ...]:
    return tuple(Choice(name, product_of(_library_text(name)).title) for name in library())


def _changes(fields: Mapping[str, Field]) -> Changes:
    def number(name: str) -> float | None:
        value = fine(fields[name])
        return float(value) if value else None

    first = fine(fields["step1"])
    steps = [first, *(fine(fields[name]) for name in ("step2", "step3"))]
    passage = number("passage")
    return Changes(
        isolation=tuple(step for step in steps if step != NO_STEP) if first else None,
        passage=None if passage is None else int(passage),
        concentration=number("concentration"),
        particle_to_protein=number("ratio"),
        dose=number("dose"),
        history={TOLD: None, FRESH: ()}.get(fine(fields["keep"]), (_stay(fields),)),
    )


def _stay(fields: Mapping[str, Field]) -> dict[str, Any]:
    return {
        "temperature": f"{fine(fields['temperature'])} degC",
        "days": f"{fine(fields['days'])} day",
        "buffer": fine(fields["buffer"]),
        "tube": fine(fields["tube"]),
        "freeze_thaws": int(float(fine(fields["thaws"]))),
        "lyophilised": fine(fields["dry"]) == "on",
    }


def _whole(field: Field) -> Field:
    if field.problem or not field.value or float(field.value).is_integer():
        return field
    return replace(field, problem="must be a whole number", offer=f"{round(float(field.value))}")


def _route(name: str) -> str:
    from anagen.delivery import ROUTES

    return ROUTES[name].title
