"""The controls of the Mechanism page, and the case that they ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import urlencode

from anagen.core.errors import InputError, Problem
from anagen.exosomes import library, load_product
from anagen.patients import CONDITIONS
from anagen.signalling.network import load_network
from anagen.studio.forms.field import CHOICE, RANGE, TICK, Choice, Field, read
from anagen.studio.forms.given import Given
from anagen.studio.mechanism.case import Case, bands_of, followed
from anagen.studio.mechanism.own_edges import MOST_OWN, OwnEdge, own_edge
from anagen.studio.uploads import NOT_KEPT, PREFIX
from anagen.therapies import THERAPIES, Therapy

PRODUCT_OF = "exosome:"
"""What stands before the name of a vesicle product among what can be given."""
SHOWN_CONDITIONS = ("aga", "aa", "te", "healthy")
HORIZONS = ("12", "26", "52", "104")
WAYS, WHOLE = "ways", "whole"
ALL_LEVERS = "all"
MOST_SILENCED = 200
LAST_WEEK = 103.0
LABELS = {
    "given": "What is given",
    "beside": "Together with",
    "route": "Route",
    "condition": "Condition",
    "sex": "Sex",
    "weeks": "Followed for",
    "week": "Week",
    "lever": "Width shows the share of",
    "view": "Show",
    "range": "Range over parameter draws, which takes seconds",
}
DEFAULTS = {
    "given": "", "beside": "", "route": "", "condition": "aga", "sex": "male", "weeks": "26", "week": "4",
    "lever": ALL_LEVERS, "view": WAYS, "range": "",
}  # fmt: skip
NOTES = {"route": "Of what is given first."}
_OF_STUDY = {"therapy": "given", "route": "route", "product": "given", "product_file": "given", "sex": "sex"}
"""Keys of a study -> the control that decides them."""


@dataclass(frozen=True)
class Asked:
    """What the address asks for.

    Attributes
    ----------
    fields : Mapping[str, Field]
        Controls, with what is wrong with them.
    case : Case
        As far as it can be followed.
    week : int
        Week that is looked at.
    edge : str
        Edge that is looked at; "" where none is.
    unknown : tuple[str, ...]
        Of what is silenced or added, what the network does not know, in words.
    """

    fields: Mapping[str, Field]
    case: Case
    week: int
    edge: str
    unknown: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether the whole network is drawn."""
        return self.fields["view"].value == WHOLE

    @property
    def range(self) -> bool:
        """Whether levers are shown with their range over parameter draws."""
        return self.fields["range"].value == "on"

    @property
    def lever(self) -> str:
        """Lever of which shares are shown; "" for the largest of any."""
        value = self.fields["lever"].value
        return "" if value == ALL_LEVERS else value

    def query(self, *, edge: str | None = None, **changes: object) -> str:
        """The address of what is shown, changed.

        Parameters
        ----------
        edge : str, optional
            Edge that is looked at.
        **changes : object
            Fields of the case, such as `without`.

        Returns
        -------
        str
            A query; defaults are left out.
        """
        case = replace(self.case, **changes)  # type: ignore[arg-type]
        pairs = [
            (name, field.value) for name, field in self.fields.items() if field.value and field.value != DEFAULTS[name]
        ]
        pairs += [("without", name) for name in case.without]
        pairs += [("own", own.written()) for own in case.own]
        looked = self.edge if edge is None else edge
        return urlencode([*pairs, *([("edge", looked)] if looked else [])])


def therapies_that_act() -> list[Therapy]:
    """Therapies that move a lever by themselves or by the act of their route.

    Returns
    -------
    list of Therapy
        In alphabetical order of their titles.
    """
    from anagen.delivery import ROUTES

    found = [
        therapy
        for therapy in THERAPIES.values()
        if therapy.actions or any(ROUTES[route].act is not None for route in therapy.routes)
    ]
    return sorted(found, key=lambda therapy: therapy.title.lower())


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
    therapies, products, routes = _what_can_be_given()
    products += (Choice(PRODUCT_OF + uploaded, "Exosomes: the uploaded product"),) if uploaded else ()
    levers = [Choice(name, words) for name, words in lever_titles().items()]
    choices = {
        "given": (Choice("", "nothing"), *therapies, *products),
        "beside": (Choice("", "nothing else"), *therapies),
        "route": (Choice("", "the usual one"), *routes),
        "condition": tuple(Choice(name, _capital(CONDITIONS[name].title)) for name in SHOWN_CONDITIONS),
        "sex": (Choice("male", "man"), Choice("female", "woman")),
        "weeks": tuple(Choice(weeks, f"{weeks} weeks") for weeks in HORIZONS),
        "lever": (Choice(ALL_LEVERS, "any lever, the largest"), *levers),
        "view": (Choice(WAYS, "the ways to the levers"), Choice(WHOLE, "the whole network")),
    }
    return [
        Field(name, label, TICK)
        if name == "range"
        else Field("week", label, RANGE, DEFAULTS["week"], low=0, high=LAST_WEEK, step=1, unit="weeks")
        if name == "week"
        else Field(name, label, CHOICE, DEFAULTS[name], choices[name], note=NOTES.get(name, ""),
                   required=bool(DEFAULTS[name]))
        for name, label in LABELS.items()
    ]  # fmt: skip


@lru_cache(maxsize=1)
def _what_can_be_given() -> tuple[tuple[Choice, ...], ...]:
    """Therapies, vesicle products of the library and routes, each file read once."""
    therapies = therapies_that_act()
    routes = dict.fromkeys(route for entry in therapies for route in entry.routes)
    return (
        tuple(Choice(entry.name, _capital(entry.title)) for entry in therapies),
        tuple(Choice(PRODUCT_OF + name, f"Exosomes: {load_product(name).title}") for name in library()),
        tuple(Choice(route, _route(route)) for route in routes),
    )


def asked(
    given: Mapping[str, str],
    without: Sequence[str] = (),
    own: Sequence[str] = (),
    edge: str = "",
    *,
    uploaded: Callable[[str], str | None],
) -> Asked:
    """What an address asks for.

    Parameters
    ----------
    given : Mapping of str to str
        Values of the controls, by name.
    without : Sequence of str
        What is silenced.
    own : Sequence of str
        Edges that were added, as addresses write them.
    edge : str
        Edge that is looked at.
    uploaded : callable
        Identifier of an uploaded product -> its text, None where there is none.

    Returns
    -------
    Asked
        With what is wrong at its field, so that the rest is shown.
    """
    name = given.get("given", "").removeprefix(PRODUCT_OF)
    text = uploaded(name) if name.startswith(PREFIX) else None
    fields = read(_within(fields_of(name if text is not None else ""), given), given)
    if fields["week"].problem:
        fields["week"] = replace(fields["week"], value=fields["week"].offer or "4")
    if text is None and name.startswith(PREFIX):
        fields["given"] = replace(fields["given"], problem=NOT_KEPT, offer="")
    if fields["beside"].value and fields["beside"].value == fields["given"].value.partition(":")[0]:
        fields["beside"] = replace(fields["beside"], problem="must be another therapy than what is given")
    edges, unknown = _own(own)
    if edges:
        from anagen.studio.mechanism.own_edges import extended

        network = extended(edges)
    else:
        network = load_network()
    known, more = _known(network, without)
    case = Case(
        _given(fields, text), _fine(fields["condition"], "aga"), _fine(fields["sex"], "male"),
        float(_fine(fields["weeks"], "26")), known, edges,
    )  # fmt: skip
    try:
        followed(case)
    except InputError as error:
        fields, case = _told(fields, error), replace(case, given=())
    except ArithmeticError as error:
        more = (*more, f"with these edges the network cannot be followed, so that it is shown as shipped: {error}")
        case, network = replace(case, without=(), own=()), load_network()
    if fields["range"].value == "on":
        try:
            bands_of(case)
        except ArithmeticError as error:
            fields["range"] = replace(fields["range"], value="", problem=f"cannot be told: {error}")
    names = {e.name for e in network.edges}
    week = min(int(float(fields["week"].value)), int(case.weeks) - 1)
    return Asked(fields, case, week, edge if edge in names else "", (*unknown, *more))


def lever_titles() -> dict[str, str]:
    """Levers in words.

    Returns
    -------
    dict of str to str
        Name -> words.
    """
    from anagen.reports.mechanism import LEVER_WORDS

    return dict(LEVER_WORDS)


def _within(fields: list[Field], given: Mapping[str, str]) -> list[Field]:
    """The week goes as far as the patient is followed."""
    weeks = given.get("weeks", "26")
    last = float(weeks) if weeks in HORIZONS else 26.0
    return [replace(field, high=last - 1.0) if field.name == "week" else field for field in fields]


def _own(written: Sequence[str]) -> tuple[tuple[OwnEdge, ...], tuple[str, ...]]:
    """Edges that can be read and fit the network, and what is wrong with the others."""
    from anagen.studio.mechanism.own_edges import extended

    edges: list[OwnEdge] = []
    wrong: list[str] = []
    for text in list(dict.fromkeys(written))[:MOST_OWN]:
        edge = own_edge(text)
        if edge is None:
            wrong.append(f"{text[:80]!r} is no edge; it is written FROM->TO|+|0.3|source")
            continue
        try:
            extended([*edges, edge])
        except InputError as error:
            wrong += [f"{problem.field}: {problem.message}" for problem in error.problems]
            continue
        edges.append(edge)
    return tuple(edges), tuple(wrong)


def _known(network: object, without: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    from anagen.signalling.network import Network

    assert isinstance(network, Network)
    kept: list[str] = []
    wrong: list[str] = []
    for name in list(dict.fromkeys(without))[:MOST_SILENCED]:
        try:
            network.without(name)
        except InputError as error:
            near = error.problems[0].suggestion
            wrong.append(error.problems[0].message + (f"; did you mean {near}?" if near else ""))
            continue
        kept.append(name)
    return tuple(sorted(kept)), tuple(wrong)


def _given(fields: Mapping[str, Field], text: str | None) -> tuple[Given, ...]:
    found: list[Given] = []
    for control in ("given", "beside"):
        value = _fine(fields[control], "")
        if not value:
            continue
        therapy, _, product = value.partition(":")
        route = _fine(fields["route"], "") if control == "given" else ""
        own = product.startswith(PREFIX)
        one = Given(therapy, route, "" if own else product, (text or "") if own else "")
        if all(one.therapy != other.therapy for other in found):
            found.append(one)
    return tuple(found)


def _fine(field: Field, default: str) -> str:
    return default if field.problem else field.value


def _told(fields: Mapping[str, Field], error: InputError) -> dict[str, Field]:
    """Problems of the study at the control that decides them."""
    told = dict(fields)
    for problem in error.problems:
        name = _control_of(problem)
        if told[name].value and not told[name].problem:
            told[name] = replace(told[name], problem=_sentence(problem), offer=problem.suggestion or "")
    if not any(field.problem for field in told.values()):
        told["given"] = replace(told["given"], problem=_sentence(error.problems[0]))
    return told


def _control_of(problem: Problem) -> str:
    last = problem.field.rpartition(".")[2].partition("[")[0]
    name = _OF_STUDY.get(last, "given")
    second = ".therapies[1]" in problem.field and name == "given"
    return "beside" if second else name


def _sentence(problem: Problem) -> str:
    return f"cannot be followed: {problem.message.partition(';')[0]}"


def _route(name: str) -> str:
    from anagen.delivery import ROUTES

    return ROUTES[name].title


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
