"""How far the size of a therapy's effect is known, in plain sentences: trials, data behind its parameters, patients."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import NormalDist

from anagen.core.reading import number
from anagen.delivery import ROUTES
from anagen.parameters import Parameter
from anagen.study.findings import every_use, mapping
from anagen.therapies import EVIDENCE_GRADES, THERAPIES, Therapy
from anagen.therapies.populations import outside, transfer_by_sex

INFORMED = 0.25
"""Contraction from which published trials inform an effect: they took away at least a quarter of the prior's variance.
"""
SEVERAL = 3
"""Controlled trials from which a prior can be said to have been set beside them."""
ATTACK_CONDITIONS = ("aa",)
"""Diseases whose course is an immune attack."""


def contraction(prior: Parameter, low: float, high: float) -> float:
    """Share of the variance of a prior that data took away, 1 - (width / prior width)^2 of 90 % intervals.

    Parameters
    ----------
    prior : Parameter
        With its prior; the interval of what its physical bounds leave counts.
    low : float
        5 % point after the data.
    high : float
        95 % point after the data.

    Returns
    -------
    float
        1 where the data tell all, 0 where they tell nothing; below 0 where the interval grew.

    Examples
    --------
    >>> prior = Parameter("x.y", 0.0, "1", "normal", -2.0, 2.0, "assumed", "C")
    >>> round(contraction(prior, -1.0, 1.0), 2), round(contraction(prior, -2.0, 2.0), 2)
    (0.75, 0.0)
    """
    if prior.distribution == "fixed":
        return 0.0
    scale = math.log if prior.distribution == "lognormal" else float
    drawn = sorted(scale(prior.quantile(NormalDist().inv_cdf((i + 0.5) / 1000))) for i in range(1000))
    before = 0.5 * (drawn[949] + drawn[950] - drawn[49] - drawn[50])
    return 1.0 - ((scale(high) - scale(low)) / before) ** 2


def by_data(prior: Parameter, low: float, high: float) -> str:
    """What published trials made of a prior, in a word or two before its posterior.

    Parameters
    ----------
    prior : Parameter
        With its prior.
    low : float
        5 % point after the data.
    high : float
        95 % point after the data.

    Returns
    -------
    str
        "posterior" where data took away at least a quarter of the variance, else "hardly moved by data".

    Examples
    --------
    >>> prior = Parameter("x.y", 0.0, "1", "normal", -2.0, 2.0, "assumed", "C")
    >>> by_data(prior, -1.0, 1.0), by_data(prior, -1.9, 2.0)
    ('posterior', 'hardly moved by data')
    """
    return "posterior" if contraction(prior, low, high) >= INFORMED else "hardly moved by data"


Ends = Mapping[str, tuple[float, float]]
"""Parameter -> ends of its 90 % interval after calibration, for those that are calibrated."""


def informed(therapy: Therapy, priors: Mapping[str, Parameter], ends: Ends) -> str:
    """What the size of a therapy's effect rests on: published trials, or what was written down by hand.

    Parameters
    ----------
    therapy : Therapy
        What is given.
    priors : Mapping[str, Parameter]
        Parameters with their priors.
    ends : Ends
        Of calibrated parameters.

    Returns
    -------
    str
        A phrase, of the act of its route where that is the treatment; empty where the therapy moves nothing.

    Examples
    --------
    >>> from anagen.parameters import load_parameters
    >>> informed(THERAPIES["finasteride"], load_parameters("prior"), {})
    'effect size assumed: written down by hand, not fitted to data'
    """
    maxima = _maxima(therapy)
    if therapy.is_control or not maxima:
        return "effect by follicles that are moved" if therapy.moves_follicles else ""
    told = [contraction(priors[name], *ends[name]) for name in maxima if name in ends]
    if not told:
        return "effect size assumed: written down by hand, not fitted to data"
    own = therapy.certainty is not None and therapy.certainty.trials >= SEVERAL
    if max(told) < INFORMED:
        little = f"took away less than {100 * INFORMED:.0f} % of the variance of its prior (little informed)"
        if own:
            return f"effect size set by hand beside these trials; fitting them once more {little}"
        return f"effect size mostly assumed: published trials {little}"
    if not own and not therapy.actions:
        return "effect size that of the wound, which trials of other procedures inform; none of its own does"
    return "effect size informed by published trials"


def _maxima(therapy: Therapy) -> tuple[str, ...]:
    """Names of what a therapy gains, or of its greatest effects; those of its routes' acts where it has none itself."""
    acts = [act for route in therapy.routes if (act := ROUTES[route].act) is not None]
    actions = therapy.actions or tuple(action for act in acts for action in act.actions)
    return tuple(dict.fromkeys(name for action in actions for name in action.effect or (action.maximum,)))


def measured(therapy: Therapy) -> str:
    """Trials, grade and certainty of a therapy in a phrase; empty for a control.

    Examples
    --------
    >>> measured(THERAPIES["exosome"]).partition(";")[0]
    'measured in 1 controlled trial of 20 patients'
    """
    if therapy.certainty is None:
        return ""
    grade = f"evidence grade {therapy.grade} ({EVIDENCE_GRADES[therapy.grade]})"
    return f"{therapy.certainty.measured()}; {grade}; GRADE certainty {therapy.certainty.words()}"


def beyond(therapy: Therapy, route: str, data: Mapping[str, object], *, about: str = "your study is of") -> str:
    """That a study's patients are unlike those in whom a therapy was studied, in a sentence; empty where they are not.

    Parameters
    ----------
    therapy : Therapy
        What is given.
    route : str
        How it is given.
    data : Mapping[str, object]
        A checked study as plain data.
    about : str, default "your study is of"
        Words before those by which its patients differ.

    Returns
    -------
    str
        One sentence, and a second one with what is known of such patients.
    """
    people = mapping(data.get("population"))
    sexes = [sex for sex, share in mapping(people.get("sex")).items() if number(share) != 0.0]
    condition, age = str(people.get("condition")), number(mapping(people.get("age")).get("mean"))
    zone = str(mapping(data.get("measurement")).get("zone"))
    differences = outside(therapy, route, condition=condition, sexes=sexes, age=age, zone=zone)
    studied = therapy.studied
    if not differences or studied is None:
        return ""
    loss = " with loss at the vertex" if studied.zones == ("vertex",) else ""
    text = (
        f"Evidence for {therapy.title} is from {studied.people}{loss}; {about} {_listed(differences)}: the "
        "size of the effect there is not known"
    )
    moves = {action.lever for form in therapy.by_every_route() for action in form.actions}
    if moves == {"immune_attack"} and condition not in ATTACK_CONDITIONS:
        return f"{text}, and nothing of it is simulated there: it acts on the immune attack alone."
    if transfer_by_sex(therapy, condition, sexes):
        text += ", and the simulation draws it from a wide range, from nothing or less to half as much again"
    return f"{text}." + (f" {studied.elsewhere}." if studied.elsewhere else "")


def no_way_to_the_attack(therapy: Therapy, condition: str) -> str:
    """That a therapy does nothing against the immune attack of alopecia areata, in a sentence; empty where it does.

    Examples
    --------
    >>> no_way_to_the_attack(THERAPIES["exosome"], "aa").partition(":")[0]
    'Exosomes have no way to the immune attack here'
    >>> no_way_to_the_attack(THERAPIES["exosome"], "aga"), no_way_to_the_attack(THERAPIES["baricitinib"], "aa")
    ('', '')
    """
    levers = {action.lever for form in therapy.by_every_route() for action in form.actions}
    if condition not in ATTACK_CONDITIONS or therapy.is_control or "immune_attack" in levers:
        return ""
    title = therapy.title[:1].upper() + therapy.title[1:]
    have = "have" if therapy.title.endswith("s") else "has"
    return f"{title} {have} no way to the immune attack here: no effect on the disease itself is simulated."


def trust_lines(data: Mapping[str, object], priors: Mapping[str, Parameter], ends: Ends) -> list[str]:
    """How far to trust each therapy of a study that is no control: one line each.

    Parameters
    ----------
    data : Mapping[str, object]
        A checked study as plain data.
    priors : Mapping[str, Parameter]
        Parameters with their priors.
    ends : Ends
        Of calibrated parameters.

    Returns
    -------
    list of str
        "title: what was measured; what the effect rests on. Evidence. Patients unlike those studied."
    """
    condition = str(mapping(data.get("population")).get("condition"))
    lines: list[str] = []
    for name, route in first_uses(data).items():
        therapy = THERAPIES[name].by(route)
        if therapy.is_control:
            continue
        size = informed(therapy, priors, ends)
        if not therapy.has_data_in(condition):
            size = "no data in this condition; effect size carried over from another"
        facts = "; ".join(part for part in (measured(therapy), size) if part)
        sentences = [
            f"{facts[:1].upper()}{facts[1:]}." if facts else "",
            therapy.evidence,
            beyond(therapy, route, data),
            no_way_to_the_attack(therapy, condition),
        ]
        lines.append(f"{therapy.title}: {' '.join(sentence for sentence in sentences if sentence)}")
    return lines


def first_uses(data: Mapping[str, object]) -> dict[str, str]:
    """Therapies of a study, each with the route by which it is given first, in order.

    Examples
    --------
    >>> first_uses({"arms": [{"therapies": [{"therapy": "prp", "route": "intradermal"}]}]})
    {'prp': 'intradermal'}
    """
    routes: dict[str, str] = {}
    for _, use in every_use(data):
        if use.get("therapy") in THERAPIES:
            routes.setdefault(str(use["therapy"]), str(use.get("route")))
    return routes


def studied_words(therapy: Therapy) -> Mapping[str, str]:
    """In whom a therapy was studied: condition, people, severity, zones, routes, elsewhere, source; empty for nobody.

    Examples
    --------
    >>> studied_words(THERAPIES["finasteride"])["people"]
    'men of 18 to 41 years'
    """
    studied = therapy.studied
    if studied is None:
        return {}
    return {
        "condition": studied.condition,
        "people": studied.people,
        "severity": studied.severity,
        "zones": ", ".join(studied.zones),
        "routes": ", ".join(studied.routes),
        "elsewhere": studied.elsewhere,
        "source": studied.source,
    }


def _listed(words: Sequence[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
