"""A study in plain words: what will be simulated, measured, compared, and how far to trust it."""

from __future__ import annotations

from collections.abc import Mapping

from anagen.parameters import ParameterSet, Source, load_parameters
from anagen.signalling.network.replacing import replaced_parts
from anagen.study.analysis_words import analysis_sentences
from anagen.study.attachments import edited_network
from anagen.study.blinding import blinding_warnings
from anagen.study.cargo_rules import cargo_warnings_of
from anagen.study.conduct_words import conduct_sentences, crossover_words, dropout_words
from anagen.study.controls import compared, other_differences
from anagen.study.counted_weeks import counted_in_words, visits_in_words
from anagen.study.covariates import covariate_columns, covariates_in_words
from anagen.study.empirical import empirical_of_text
from anagen.study.given import listed, on_intact_skin, through_channels, use_in_words
from anagen.study.models import EndpointChoice, Mechanism, StudyFields
from anagen.study.observed import Observed
from anagen.study.safety_rules import exclusions_in_words, warnings_of
from anagen.study.standing import trust_lines
from anagen.study.treatment import Arm, Rescue
from anagen.study.values import Range
from anagen.study.vocabulary import Vocabulary, vocabulary
from anagen.therapies import THERAPIES, Therapy
from anagen.therapies.safety import SCENARIOS

_PEOPLE = {"male": "men", "female": "women"}
_MEASURES = {
    "change": "change from baseline in {title} ({unit})",
    "percent_change": "change from baseline in {title} (per cent)",
    "value": "{title} ({unit})",
    "responder": "share of patients whose {title} {moves} by {threshold} {unit} or more",
    "responder_percent": "share of patients whose {title} {moves} by {threshold} % or more",
    "responder_value": "share of patients whose {title} is {threshold} {unit} or {side}",
}
_BLINDING = {
    "none": "nobody is blinded",
    "assessor": "the assessor does not know who was given what",
    "double": "neither patients nor assessor know who was given what",
}


def describe(study: StudyFields, source: Source = "default") -> str:
    """What will be simulated, in plain words, one paragraph per part of the study.

    Parameters
    ----------
    study : StudyFields
        A checked study.
    source : Source, default "default"
        Of the parameters; see `parameter_source`.

    Returns
    -------
    str
        Text with lines of any length, without a newline at the end.
    """
    return "\n\n".join(_headed(heading, text) for heading, text in parts_of(study, source))


class StudyDescription(str):
    """A study in plain words; it shows as text with its line breaks."""

    __slots__ = ()

    def __repr__(self) -> str:
        """The text itself.

        Returns
        -------
        str
            With its line breaks.
        """
        return str(self)


def parts_of(study: StudyFields, source: Source = "default") -> list[tuple[str, str]]:
    """Heading and text of every part of the description, for documents that arrange them in another way.

    Parameters
    ----------
    study : StudyFields
        A checked study.
    source : Source, default "default"
        Of the parameters.

    Returns
    -------
    list[tuple[str, str]]
        In order; the first has no heading, and a text that is a list begins on a new line.
    """
    words = vocabulary()
    return [
        ("", f"{study.title} ({study.study})"),
        *([("Question", study.question)] if study.question else []),
        ("Population", _population(study, words)),
        ("Arms", "\n" + "\n".join(f"  - {_arm(arm, study, words)}" for arm in study.arms)),
        ("Controls", _controls(study, words)),
        ("Measurement", _measurement(study, words)),
        ("Primary endpoint", f"{endpoint_words(study.endpoints.primary, words)}."),
        *_secondary(study, words),
        ("Design", _design(study)),
        ("Analysis", _analysis(study)),
        *([("Mechanism", mechanism_words(study.mechanism))] if study.mechanism is not None else []),
        *_cargo(study),
        ("Safety", _safety(study)),
        ("Published results", _observed(study, words)),
        *_trust(study, load_parameters(source)),
    ]


def _headed(heading: str, text: str) -> str:
    if not heading:
        return text
    return f"{heading}:{text}" if text.startswith("\n") else f"{heading}: {text}"


def _population(study: StudyFields, words: Vocabulary) -> str:
    population = study.population
    condition = words.conditions[population.condition]
    sexes = tuple(sex for sex, share in population.sex.items() if share > 0.0)
    people = _PEOPLE[sexes[0]] if len(sexes) == 1 else f"patients ({_shares(population.sex)})"
    total = sum(arm.patients for arm in study.arms) if study.design.layout == "parallel" else study.arms[0].patients
    age = population.age
    origin = _shares({name.capitalize(): share for name, share in population.ethnicity.items()})
    sentences = [
        f"{total} {people} with {condition.title}, aged {age.mean:g} years "
        f"(standard deviation {age.sd:g}, from {age.min:g} to {age.max:g}), {origin}."
    ]
    for scale, grades in population.severity.items():
        graded = _range(grades) if isinstance(grades, Range) else ", ".join(grades)
        name = scale.upper() if not condition.grades(scale) else scale.capitalize()
        sentences.append(f"Severity by {name}: {graded}.")
    if not population.severity and condition.severity_scale:
        sentences.append("Severity: the usual mix.")
    if population.years_since_onset is not None:
        onset = population.years_since_onset
        sentences.append(f"Hair loss began {onset.mean:g} years before baseline (from {onset.min:g} to {onset.max:g}).")
        if onset.max > age.min - condition.earliest_age:
            sentences.append(f"Where that would be before the age of {condition.earliest_age:g}, it began then.")
    if population.onset_week is not None:
        week = population.onset_week
        when = "at" if week == 0.0 else f"{abs(week):g} weeks {'before' if week < 0.0 else 'after'}"
        sentences.append(f"It begins {when} baseline.")
    sentences.append("Each patient is simulated untreated from onset up to baseline.")
    if population.season is not False:
        start = "in any month" if population.season is True else f"in {population.season.capitalize()}"
        sentences.append(f"Hair has seasons; patients start {start}.")
    for name, limits in population.inclusion.items():
        endpoint = words.endpoints[name]
        sentences.append(
            f"Patients are admitted with a measured {endpoint.title} of {_range(limits)} {_unit(endpoint.unit)}."
        )
    sentences += exclusions_in_words(study.model_dump())
    for name, target in population.baseline.items():
        endpoint = words.endpoints[name]
        spread = f", standard deviation {target.sd:g}" if target.sd is not None else ""
        sentences.append(
            "They are matched to the published baseline: "
            f"{endpoint.title} {target.mean:g} {_unit(endpoint.unit)}{spread}."
        )
    if population.empirical is not None:
        file = population.empirical
        number = len(empirical_of_text(file.text, file.file, population.condition).age)
        sentences.append(
            f"Age, sex and what else it holds are those of one of the {number} patients of {file.file} "
            f"(SHA-256 {file.sha256[:16]}), drawn with replacement."
        )
    return " ".join(sentences)


def _arm(arm: Arm, study: StudyFields, words: Vocabulary) -> str:
    role = ", control" if arm.control else ""
    sizes = {"split_scalp": "one side of each patient", "crossover": "one period of each patient"}
    size = sizes.get(study.design.layout, f"{arm.patients} patients")
    last = study.measurement.visits[-1]
    treatment = "; ".join(use_in_words(use, last, words, study.arms) for use in arm.therapies) or "no treatment"
    rescue = "" if arm.rescue is None else _rescue(arm.rescue, last, words)
    laid = on_intact_skin(arm, words) + through_channels(arm, words)
    return f"{arm.name} ({size}{role}): {treatment}.{laid}{rescue}"


def _rescue(rescue: Rescue, last: float, words: Vocabulary) -> str:
    """Who is rescued when, and with what."""
    endpoint = words.endpoints[rescue.endpoint]
    below = rescue.change_below is not None
    limit = f"{'less' if below else 'more'} than {rescue.change_below if below else rescue.change_above:g}"
    given = "; ".join(use_in_words(use, last, words) for use in rescue.therapies)
    change = f"{limit} {_unit(endpoint.unit)}".rstrip()
    return (
        f" Rescue in week {rescue.week:g}: in place of it, those whose measured {endpoint.title} has changed from "
        f"baseline by {change} go on with {given}. The others, and those who missed that visit, go on as before; "
        "compared is the whole arm, rescued or not."
    )


def mechanism_words(mechanism: Mechanism) -> str:
    """How a study edits the signalling network, in a sentence or two."""
    words: list[str] = []
    if mechanism.network is not None:
        words.append(
            f"The signalling network is extended by {mechanism.network.file} (SHA-256 {mechanism.network.sha256[:16]})."
        )
        file = mechanism.network
        replaced = replaced_parts(edited_network((), None, None), edited_network((), file.text, file.file))
        if replaced:
            words.append(f"Bear in mind: it takes the place of shipped parts: {'; '.join(replaced)}.")
        model = edited_network((), file.text, file.file).model
        if model is not None:
            followers = listed([*(link.node for link in model.nodes), *(link.lever for link in model.levers)])
            words.append(f"The model {model.title!r} ({model.source}) is followed, and {followers} by it.")
    if mechanism.without:
        words.append(f"Silenced in the signalling network, in every arm: {listed(mechanism.without)}.")
    return " ".join(words)


def _cargo(study: StudyFields) -> list[tuple[str, str]]:
    """Cargo of the products given that nothing listens to, and inputs of the study's network that nothing occupies."""
    warnings = cargo_warnings_of(study)
    return [("Cargo", " ".join(f"Bear in mind: {warning}." for warning in warnings))] if warnings else []


def _controls(study: StudyFields, words: Vocabulary) -> str:
    if study.uncontrolled is not None:
        return f"None ({study.uncontrolled}). Without a control arm, a change cannot be credited to a therapy."
    controls, last = [arm for arm in study.arms if arm.control], study.measurement.visits[-1]
    contrasts = compared(study)
    others = {other.name for _, other in contrasts}
    if len(others) == 1:
        sentences = [f"Every other arm is compared with {listed(others)}."]
    else:
        sentences = ["Comparisons: " + "; ".join(f"{arm.name} with {other.name}" for arm, other in contrasts) + "."]
    control_therapies = {use.therapy for arm in controls for use in arm.therapies}
    control_therapies |= {"none" for arm in controls if not arm.therapies}
    pairs = [(arm, other, other_differences(arm, other, last, words)) for arm, other in contrasts]
    apart = {use.therapy for arm, _, differences in pairs if differences for use in arm.therapies}
    for therapy in _therapies(study):
        if therapy.control is None or therapy.name in control_therapies:
            continue
        usual = f"The usual control of {therapy.title} is {THERAPIES[therapy.control].title}"
        if therapy.control in control_therapies and therapy.name not in apart:
            sentences.append(f"{usual}: the difference is what the substance adds to it.")
        elif therapy.control in control_therapies:
            sentences.append(f"{usual}.")
        else:
            sentences.append(f"{usual}, which no control arm is given: the difference holds more than the substance.")
    sentences += [
        f"{arm.name} and {other.name} differ in {listed(differences)} as well, so that their difference "
        "holds more than the substance."
        for arm, other, differences in pairs
        if differences
    ]
    sentences += [f"Bear in mind: {warning}." for warning in blinding_warnings(study, words)]
    return " ".join(sentences)


def _measurement(study: StudyFields, words: Vocabulary) -> str:
    m = study.measurement
    visits = visits_in_words(m.visits, m.counted)
    method = _capital(words.methods[m.method].title)
    return f"{method} of {m.target_area.text} of the {m.zone} zone, in weeks {visits} (0 is baseline)."


def endpoint_words(choice: EndpointChoice, words: Vocabulary) -> str:
    """An endpoint with its measure, unit and week, for the middle of a sentence."""
    endpoint = words.endpoints[choice.endpoint]
    form = _MEASURES[choice.measure]
    limit = 0.0 if choice.threshold is None else choice.threshold
    of_change = choice.measure != "responder_value"
    words_of = {
        "title": endpoint.title,
        "unit": _unit(endpoint.unit) or "0 to 1",
        "threshold": f"{abs(limit) if of_change else limit:g}",
        "moves": "rises" if limit >= 0.0 else "falls",
        "side": "more" if endpoint.higher_is_better else "less",
    }
    return f"{form.format(**words_of)} at week {choice.week:g}{counted_in_words(choice.counted)}"


def _secondary(study: StudyFields, words: Vocabulary) -> list[tuple[str, str]]:
    if not study.endpoints.secondary:
        return []
    told = "; ".join(endpoint_words(choice, words) for choice in study.endpoints.secondary)
    return [("Secondary endpoints", f"{told}.")]


def _design(study: StudyFields) -> str:
    design = study.design
    layout = {"split_scalp": "split scalp, both arms on the same patients", "crossover": crossover_words(study)}.get(
        design.layout, "parallel arms"
    )
    method = design.randomisation
    allocation = (
        f"allocation by permuted blocks of {method.block}"
        if method.method == "block"
        else "allocation by minimisation"
        if method.method == "minimisation"
        else "allocation of whole centres"
        if method.method == "cluster"
        else "allocation by one shuffled list"
    )
    strata = f" within {listed(method.strata)}" if method.strata else ""
    if design.layout == "split_scalp":
        allocation, strata = "every patient is given both, side by side", ""
    last = study.measurement.visits[-1]
    end = 2.0 * last + (design.washout or 0.0) if design.layout == "crossover" else last
    dropout = dropout_words(design.leaving, end)
    sentence = f"{_capital(layout)}; {allocation}{strata}; {_BLINDING[design.blinding]}; {dropout}."
    return " ".join([sentence, *conduct_sentences(study)])


def _analysis(study: StudyFields) -> str:
    return " ".join(analysis_sentences(study))


def _safety(study: StudyFields) -> str:
    sentences = ["Adverse events of therapies, routes and of a placebo are simulated; some make patients leave."]
    sentences += [f"Rare-event scenario on: {name} ({SCENARIOS[name]})." for name in study.safety.scenarios]
    sentences += [f"Bear in mind: {warning}." for warning in warnings_of(study.model_dump())]
    return " ".join(sentences)


def _observed(study: StudyFields, words: Vocabulary) -> str:
    conduct = covariates_in_words(covariate_columns(study))
    told = f"\nThe published trial: {conduct}." if conduct else ""
    if not study.observed:
        return "None in the file, so nothing is compared with what was observed." + told
    rows = "\n".join(f"  - {_row(row, words, study.analysis.two_sided_alpha)}" for row in study.observed)
    zones = dict.fromkeys(row.zone for row in study.observed if row.zone not in (None, study.measurement.zone))
    if zones:
        told += (
            f"\nA run simulates the {study.measurement.zone} zone alone; what was published of the "
            f"{listed(map(str, zones))} zone is predicted by validation, as {study.study}@{next(iter(zones))}."
        )
    number = len(study.observed)
    return f"{number} in the file; the prediction is compared with each that the model can state.\n{rows}{told}"


def _row(row: Observed, words: Vocabulary, alpha: float) -> str:
    endpoint = words.endpoints.get(row.endpoint)
    title = row.endpoint.replace(":", ": ") if endpoint is None else endpoint.title
    stated = row.stated(alpha)
    value = f"{'median' if row.is_median else 'mean'} {row.value:g} {_unit(row.unit)}".rstrip()
    if stated is not None:
        value = f"{stated.words}, without a number: compared is how probable that is"
    elif row.error_from:
        value += f", its standard error {row.error_from}"
    week = "" if row.week is None else f" at week {row.week:g}{counted_in_words(row.counted)}"
    measure = row.measure.replace("_", " ")
    week += f" in the {row.zone} zone" if row.zone is not None else ""
    who = "" if row.among is None else f", of those {row.among.words} (as measured, with its error)"
    return f"{' minus '.join(row.arms)}{who}: {measure} of {title}{week}: {value} ({row.source}; {row.read})"


def _trust(study: StudyFields, parameters: ParameterSet) -> list[tuple[str, str]]:
    """What is assumed and what informed by data, and what is known of each therapy that acts."""
    ends = {} if parameters.posterior is None else parameters.posterior.interval_90
    lines = [f"  - {line}" for line in trust_lines(study.model_dump(), parameters, ends)]
    return [("How far to trust it", "\n" + "\n".join(lines))] if lines else []


def _therapies(study: StudyFields) -> list[Therapy]:
    """Therapies of the study as they are given first, each once, in order."""
    therapies: dict[str, Therapy] = {}
    for use in (use for arm in study.arms for use in arm.uses):
        therapies.setdefault(use.therapy, THERAPIES[use.therapy].by(use.route))
    return list(therapies.values())


def _shares(shares: Mapping[str, float]) -> str:
    """Shares in words."""
    present = [(name, share) for name, share in shares.items() if share > 0.0]
    if len(present) == 1:
        return f"all of them {present[0][0]}"
    return ", ".join(f"{100.0 * share:g} % {name}" for name, share in present)


def _range(limits: Range) -> str:
    if limits.min is None:
        return f"at most {limits.max:g}"
    return f"at least {limits.min:g}" if limits.max is None else f"{limits.min:g} to {limits.max:g}"


def _unit(unit: str) -> str:
    """A unit for a sentence; nothing where there is none."""
    return "" if unit == "1" else unit


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
