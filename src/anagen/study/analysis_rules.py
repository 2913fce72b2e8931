"""Rules of the analysis, across the sections of a study: what is accepted here can be analysed."""

from __future__ import annotations

from itertools import pairwise

from anagen.core.errors import InputError
from anagen.core.measures import RESPONDERS
from anagen.core.reading import Key, nearest
from anagen.statistics.comparisons import COMPARISONS
from anagen.statistics.dose_finding.contrast_test import optimal_contrasts
from anagen.statistics.dose_finding.models import SHAPES, Candidate, curve
from anagen.statistics.sequential.asked import Bounds, boundaries
from anagen.study.amounts import allowed_units, fits
from anagen.study.analysis import MOST_DOSE_ARMS, DoseResponse, Interim, Shape
from anagen.study.claims import Claim, families_of, pairs_of
from anagen.study.findings import Findings
from anagen.study.models import StudyFields
from anagen.study.values import Quantity
from anagen.study.vocabulary import Vocabulary

AT: Key = ("analysis",)
USUAL_GAMMA, LEAST_LEVEL, MOST_LEVEL, LEAST_GAP, MOST_FUTILITY = -4.0, 1e-5, 0.05, 0.01, 1.6
"""Within these every look has a bound for success, and it lies above the largest z for futility."""
WITH_LOOKS = ("bonferroni", "fixed_sequence", "co_primary")
"""Adjustments that keep the level at every look, each claim with its own boundaries."""


def check_analysis(study: StudyFields, words: Vocabulary, findings: Findings) -> None:
    """Adds every problem of the section `analysis` that needs other sections or registries."""
    analysis = study.analysis
    if analysis.method not in COMPARISONS:
        findings.add_unknown((*AT, "method"), "method of analysis", analysis.method, COMPARISONS.names())
        return
    _check_layout(study, findings)
    _check_options(study, findings)
    _check_missing(study, words, findings)
    if analysis.decides and not pairs_of(study):
        for key in ("hypothesis", "multiplicity", "interim", "dose_response"):
            if getattr(analysis, key) is not None:
                findings.add((*AT, key), "needs a control arm; the study has none", at_key=True)
        return
    _check_margin(study, words, findings)
    _check_multiplicity(study, findings)
    _check_interim(study, findings)
    if analysis.dose_response is not None:
        _check_doses(study, analysis.dose_response, words, findings)


def _check_layout(study: StudyFields, findings: Findings) -> None:
    analysis, layout = study.analysis, study.design.layout
    centres = study.design.randomisation.method == "cluster"
    if layout == "parallel" and not centres:
        return
    layout = "randomised centres" if centres else layout
    if analysis.method != "ancova":
        message = f"analyses patients of parallel arms; {layout} have a method of their own: leave it out"
        findings.add((*AT, "method"), message, ("ancova",), "ancova")
    if analysis.imputes or analysis.missing == "last_observation":
        message = f"of {layout} only what was measured is analysed"
        findings.add((*AT, "missing"), message, ("complete_cases", "non_response"), "complete_cases")
    for key in ("interim", "dose_response"):
        if getattr(analysis, key) is not None:
            message = f"is not simulated with {layout}; use layout parallel and blocks, or leave it out"
            findings.add((*AT, key), message, at_key=True)


def _check_options(study: StudyFields, findings: Findings) -> None:
    analysis, method = study.analysis, COMPARISONS[study.analysis.method]
    stated = {
        "covariates": bool(analysis.covariates),
        "variance": analysis.variance != "classical",
        "covariance": analysis.covariance != "unstructured",
        "degrees_of_freedom": analysis.degrees_of_freedom != "satterthwaite",
    }
    option = {"degrees_of_freedom": "freedom"}
    for key, said in stated.items():
        if said and option.get(key, key) not in method.takes:
            able = tuple(name for name, each in COMPARISONS.items() if option.get(key, key) in each.takes)
            message = f"is not heeded by method {method.name}; write method: {' or '.join(able)}, or leave it out"
            findings.add((*AT, key), message, at_key=True)
    if analysis.degrees_of_freedom == "kenward_roger" and analysis.covariance.startswith("heterogeneous"):
        message = f"is not available for {analysis.covariance}, which is not linear in its parameters"
        findings.add((*AT, "degrees_of_freedom"), message, ("satterthwaite",), "satterthwaite")
    if "centre" in analysis.covariates and study.design.centres is None:
        message = 'is a covariate of one centre; write design.centres: {number: 8, sd: "4 hairs/cm^2"}, or leave it out'
        findings.add((*AT, "covariates", analysis.covariates.index("centre")), message)
    one = {"sex": study.population.sex, "ethnicity": study.population.ethnicity}
    for name, shares in one.items():
        if name in analysis.covariates and sum(share > 0.0 for share in shares.values()) < 2:
            message = f"{name} is the same for all patients, and no covariate; leave it out"
            findings.add((*AT, "covariates", analysis.covariates.index(name)), message)
    grades = [grades for grades in study.population.severity.values() if isinstance(grades, tuple)]
    if "severity" in analysis.covariates and grades and all(len(each) == 1 for each in grades):
        message = "severity is the same for all patients, and no covariate; leave it out"
        findings.add((*AT, "covariates", analysis.covariates.index("severity")), message)
    if len(set(analysis.covariates)) < len(analysis.covariates):
        findings.add((*AT, "covariates"), "names a covariate twice")


def _check_missing(study: StudyFields, words: Vocabulary, findings: Findings) -> None:
    analysis = study.analysis
    choices = (study.endpoints.primary, *study.endpoints.secondary)
    if analysis.method == "mmrm" and analysis.missing not in ("complete_cases", "non_response"):
        message = "mmrm uses what was measured and fills nothing in; write method: ancova, or leave missing out"
        findings.add((*AT, "missing"), message, ("complete_cases", "non_response"), "complete_cases")
    if analysis.method == "mmrm" and all(choice.measure in RESPONDERS for choice in choices):
        message = "mmrm analyses means, and the study has shares of patients only; write ancova"
        findings.add((*AT, "method"), message, ("ancova",), "ancova")
    if analysis.missing == "non_response" and not any(choice.measure in RESPONDERS for choice in choices):
        message = "concerns shares of patients, and the study has none; add an endpoint with measure: responder"
        findings.add((*AT, "missing"), message, ("complete_cases",), "complete_cases")
    if analysis.imputes and not pairs_of(study):
        findings.add((*AT, "missing"), "outcomes are drawn for arms with a control; the study has none")
    if analysis.delta is not None:
        units = [unit for choice in choices for unit in _units(choice, words)]
        if not fits(analysis.delta, units):
            message = f"{analysis.delta.text!r} is in the unit of no endpoint"
            findings.add((*AT, "delta"), message, tuple(dict.fromkeys(units)))


def _units(choice: object, words: Vocabulary) -> tuple[str, ...]:
    name = getattr(choice, "endpoint", None)
    endpoint = words.endpoints.get(name) if isinstance(name, str) else None
    return () if endpoint is None else allowed_units("change", endpoint.unit)


def _check_amount(amount: Quantity, path: Key, units: tuple[str, ...], what: str, findings: Findings) -> None:
    if not units or fits(amount, units):
        return
    findings.add(path, f"{amount.text!r} is no amount of {what}", units, f"{amount.value:g} {units[0]}")


def _check_margin(study: StudyFields, words: Vocabulary, findings: Findings) -> None:
    hypothesis, primary = study.analysis.hypothesis, study.endpoints.primary
    endpoint = words.endpoints.get(primary.endpoint)
    if hypothesis is None or endpoint is None:
        return
    if hypothesis.margin is not None:
        units = allowed_units(primary.measure, endpoint.unit)
        _check_amount(hypothesis.margin, (*AT, "hypothesis", "margin"), units, endpoint.title, findings)
    if hypothesis.type == "equivalence" and study.analysis.interim is not None:
        findings.add((*AT, "interim"), "looks at equivalence are not planned; leave interim out", at_key=True)
    section = study.analysis.multiplicity
    if section is not None and section.over != "arms" and hypothesis.margin is not None:
        message = "has one margin, that of the primary endpoint; write over: arms, or a superiority without a margin"
        findings.add((*AT, "multiplicity", "over"), message, ("arms",), "arms")
    if section is not None and section.method == "dunnett" and hypothesis.type == "equivalence":
        message = "dunnett tests one direction or a difference; equivalence of several arms takes another method"
        findings.add((*AT, "multiplicity", "method"), message, ("bonferroni", "holm"), "holm")


def _check_multiplicity(study: StudyFields, findings: Findings) -> None:
    section = study.analysis.multiplicity
    if section is None:
        return
    path: Key = (*AT, "multiplicity")
    plain = study.model_copy(
        update={
            "analysis": study.analysis.model_copy(update={"multiplicity": section.model_copy(update={"order": ()})})
        }
    )
    family = families_of(plain)[0]
    names = tuple(claim.name for claim in family)
    if len(names) < 2:
        what = {"arms": "arm over its control", "endpoints": "endpoint"}.get(section.over, "claim")
        findings.add(path, f"the study has one {what}, and one claim needs no adjustment; leave it out", at_key=True)
        return
    if section.method == "dunnett" and study.analysis.method == "ancova":
        message = "dunnett takes one model for all arms; write analysis.method: ancova_all_arms or mmrm, or holm here"
        findings.add((*path, "method"), message, ("ancova_all_arms", "mmrm"))
    if section.method == "dunnett" and len({claim.control for claim in family}) > 1:
        message = "dunnett compares all arms with one control; arms here name several"
        findings.add((*path, "method"), message, ("holm", "hochberg", "bonferroni"), "holm")
    for i, name in enumerate(section.order):
        if name not in names:
            findings.add_unknown((*path, "order", i), "claim", name, names)
    if section.order and not set(section.order) - set(names) and sorted(section.order) != sorted(names):
        message = f"must name every claim once; the claims are {', '.join(names)}"
        findings.add((*path, "order"), message)
    if section.method == "co_primary" and _claim_of(study) == "dual_criterion":
        message = "co_primary with dual_criterion is not defined; write type: superiority, or another adjustment"
        findings.add((*path, "method"), message)
    if section.method == "graph" and not any(section.weights.values()):
        message = "are all 0, so that no claim could ever be shown; give at least one a share of the level"
        findings.add((*path, "weights"), message)
    if section.method == "graph":
        _check_graph(study, family, findings)


def _claim_of(study: StudyFields) -> str:
    hypothesis = study.analysis.hypothesis
    return "superiority" if hypothesis is None else hypothesis.type


def _check_graph(study: StudyFields, family: tuple[Claim, ...], findings: Findings) -> None:
    section = study.analysis.multiplicity
    assert section is not None  # the caller has it
    path: Key = (*AT, "multiplicity")
    names = tuple(claim.name for claim in family)
    for name in section.weights:
        if name not in names:
            findings.add_unknown((*path, "weights", name), "claim", name, names, at_key=True)
    if sum(section.weights.values()) > 1.0 + 1e-9:
        message = f"add up to {sum(section.weights.values()):g}; shares of the level are at most 1 in all"
        findings.add((*path, "weights"), message)
    for name, row in section.transitions.items():
        for other in (name, *row):
            if other not in names:
                where: Key = (*path, "transitions", name) if other == name else (*path, "transitions", name, other)
                findings.add_unknown(where, "claim", other, names, at_key=True)
        if row.get(name):
            findings.add((*path, "transitions", name, name), "a claim hands nothing to itself", at_key=True)
        if sum(row.values()) > 1.0 + 1e-9:
            findings.add((*path, "transitions", name), f"adds up to {sum(row.values()):g}; at most 1")


def _check_interim(study: StudyFields, findings: Findings) -> None:
    analysis, interim = study.analysis, study.analysis.interim
    if interim is None:
        return
    path: Key = (*AT, "interim")
    section = analysis.multiplicity
    if interim.futility is not None and analysis.sided == 2:
        message = "needs a one-sided test; write sided: 1 and half of alpha, e.g. alpha: 0.025"
        findings.add((*path, "futility"), message)
    elif interim.binding and interim.efficacy == "none":
        message = "needs bounds for success; write efficacy: obrien_fleming, or leave binding out"
        findings.add((*path, "binding"), message)
    elif interim.keep_arms is None and _doubtful(interim, analysis.alpha):
        share = 1 if section is None or section.method != "bonferroni" else max(len(families_of(study)[0]), 1)
        level = analysis.alpha / analysis.sided / share
        asked = (interim.at, interim.efficacy, interim.gamma, interim.futility, interim.power, interim.binding)
        try:
            boundaries(Bounds(*asked, level, analysis.sided))
        except InputError as error:
            field = error.problems[0].field
            where = {"looks": "at", "futility": "futility", "spending": "efficacy"}.get(str(field))
            findings.add((*path, where) if where else path, f"no such bounds: {field} {error.problems[0].message}")
    pairs = pairs_of(study)
    if interim.keep_arms is None:
        if section is not None and section.method not in WITH_LOOKS:
            message = f"{section.method} is not defined for several looks; write one that is"
            findings.add((*AT, "multiplicity", "method"), message, WITH_LOOKS, nearest(section.method, WITH_LOOKS))
        return
    if section is not None:
        message = "arms that are dropped are tested with closed testing, which adjusts for their number; leave it out"
        findings.add((*AT, "multiplicity"), message, at_key=True)
    droppable = {arm for arm, _ in pairs}
    other = next((control for _, control in pairs if control in droppable), None)
    if other is not None:
        message = f"{other!r} is the comparator of an arm and can be dropped itself; compare arms with controls alone"
        findings.add((*path, "keep_arms"), message)
    elif len(droppable) < len(pairs):
        message = "an arm that is compared with several controls cannot be dropped; leave further_comparators out"
        findings.add((*path, "keep_arms"), message)
    elif len(pairs) > MOST_DOSE_ARMS:
        message = f"is done with {MOST_DOSE_ARMS} arms at most; {len(pairs)} are compared here"
        findings.add((*path, "keep_arms"), message)
    elif interim.keep_arms >= len(pairs):
        message = f"of {len(pairs)} arms that are compared with a control none is dropped; write a smaller number"
        findings.add((*path, "keep_arms"), message)
    if analysis.dose_response is not None:
        message = "needs every dose to the end; leave keep_arms out, or leave this out"
        findings.add((*AT, "dose_response"), message, at_key=True)
    if analysis.hypothesis is not None and analysis.hypothesis.type != "superiority":
        message = "arms are dropped in a trial of superiority; write type: superiority, or leave keep_arms out"
        findings.add((*AT, "hypothesis", "type"), message, ("superiority",), "superiority")


def _check_shape(section: DoseResponse, shape: Shape, place: Key, findings: Findings) -> None:
    """A guess must give a curve that rises or falls over the doses."""
    import numpy as np

    guess = tuple(shape.parameters[name] for name in SHAPES[shape.shape].parameters)
    doses = np.array([0.0, *sorted(dose.value for dose in section.doses.values() if dose.value > 0.0)])
    try:
        with np.errstate(all="ignore"):
            optimal_contrasts([Candidate(shape.shape, guess)], doses, np.eye(len(doses)))
            values = curve(shape.shape, doses, guess, float(doses.max()))
        fault = "" if np.isfinite(values).all() else "has no finite value at a dose"
    except (InputError, ArithmeticError, ValueError):
        fault = "is flat over these doses, or cannot be computed"
    if fault:
        names = ", ".join(f"{name}: {value:g}" for name, value in shape.parameters.items())
        message = f"{shape.shape} with {names} {fault}; doses are {', '.join(f'{dose:g}' for dose in doses)}"
        findings.add((*place, "parameters"), message)


def _doubtful(interim: Interim, alpha: float) -> bool:
    """Whether bounds may not exist, so that they are worked out to see; others need not be, which takes a while."""
    gaps = [after - before for before, after in pairwise((0.0, *interim.at, 1.0))]
    stated = interim.futility if isinstance(interim.futility, float | int) else 0.0
    usual = interim.gamma == USUAL_GAMMA and LEAST_LEVEL < alpha <= MOST_LEVEL
    return isinstance(interim.futility, str) or not usual or min(gaps) < LEAST_GAP or stated > MOST_FUTILITY


def _check_doses(study: StudyFields, section: DoseResponse, words: Vocabulary, findings: Findings) -> None:
    path: Key = (*AT, "dose_response")
    names = tuple(arm.name for arm in study.arms)
    controls = {control for _, control in pairs_of(study)}
    for name in section.doses:
        if name not in names:
            findings.add_unknown((*path, "doses", name), "arm", name, names, at_key=True)
    units = {dose.unit for dose in section.doses.values()}
    if len(units) > 1:
        findings.add((*path, "doses"), f"are in several units ({', '.join(sorted(units))}); write one")
    amounts = [dose.value for name, dose in section.doses.items() if name not in controls]
    if any(amount <= 0.0 for amount in amounts) or len(set(amounts)) < len(amounts):
        findings.add((*path, "doses"), "must be above 0 in arms with treatment, no two alike; the control has 0")
    against = {control for arm, control in pairs_of(study) if arm in section.doses}
    if len(against) > 1:
        findings.add((*path, "doses"), f"are compared with several controls ({', '.join(sorted(against))}); one has 0")
    for i, shape in enumerate(section.shapes):
        place: Key = (*path, "shapes", i)
        if shape.shape not in SHAPES:
            findings.add_unknown((*place, "shape"), "shape", shape.shape, tuple(SHAPES))
            continue
        wanted = SHAPES[shape.shape].parameters
        for name in shape.parameters:
            if name not in wanted:
                findings.add_unknown((*place, "parameters", name), "parameter", name, wanted, at_key=True)
        missing = [name for name in wanted if name not in shape.parameters]
        if not missing and not set(shape.parameters) - set(wanted):
            _check_shape(section, shape, place, findings)
        if missing:
            findings.add(place, f"{shape.shape} needs a guess of {' and '.join(missing)}; write parameters: "
                                f"{{{', '.join(f'{name}: 1' for name in wanted)}}}")  # fmt: skip
    primary = study.endpoints.primary
    endpoint = words.endpoints.get(primary.endpoint)
    if primary.measure in RESPONDERS:
        message = "is fitted to means, and the primary endpoint is a share of patients"
        findings.add(path, message, at_key=True)
    elif section.target is not None and endpoint is not None:
        units_ = allowed_units(primary.measure, endpoint.unit)
        _check_amount(section.target, (*path, "target"), units_, endpoint.title, findings)
