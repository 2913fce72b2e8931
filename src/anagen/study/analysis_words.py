"""How a trial is analysed, in sentences that say no more than what is done."""

from __future__ import annotations

from anagen.core.measures import RESPONDERS, how_compared
from anagen.statistics.comparisons import COMPARISONS
from anagen.study.analysis import IMPUTATIONS, Analysis, DoseResponse, Interim, Multiplicity
from anagen.study.claims import families_of
from anagen.study.conduct_words import estimand_sentence
from anagen.study.given import listed
from anagen.study.models import StudyFields

MISSING = {
    "non_response": "A patient without a value counts as a non-responder.",
    "last_observation": "A missing value is the last one before it (the baseline where there is none), which states "
    "that nothing changed after leaving: results can be too good or too bad.",
    "multiple_imputation": "Missing values are drawn {number} times as of patients who stayed (missing at random)",
    "jump_to_reference": "Missing values are drawn {number} times; after leaving, a patient follows the control",
    "copy_increments": "Missing values are drawn {number} times; after leaving, a patient changes as the control does",
    "copy_reference": "Missing values are drawn {number} times; who left is taken to have followed the control "
    "throughout",
}
ADJUSTED = {
    "bonferroni": "Bonferroni",
    "holm": "Holm",
    "hochberg": "Hochberg",
    "hommel": "Hommel",
    "dunnett": "Dunnett",
}
SPENDING = {
    "obrien_fleming": "O'Brien-Fleming spending (Lan and DeMets)",
    "pocock": "Pocock spending (Lan and DeMets)",
    "hwang_shih_decani": "Hwang-Shih-DeCani spending",
}


def analysis_sentences(study: StudyFields) -> list[str]:
    """Method, missing outcomes, level, claims, looks and doses of a checked study.

    Parameters
    ----------
    study : StudyFields
        A checked study.

    Returns
    -------
    list[str]
        Sentences.
    """
    analysis, choices = study.analysis, (study.endpoints.primary, *study.endpoints.secondary)
    halved, shares = study.design.layout == "split_scalp", [choice.measure in RESPONDERS for choice in choices]
    sentences: list[str] = []
    if not all(shares):
        sentences.append(_means(study, halved=halved))
    if any(shares):
        how = "paired differences with Student's t" if halved else "Newcombe interval and score test"
        sentences.append(f"Shares of patients: {how}.")
    sentences += missing_sentences(analysis)
    alpha, sides = analysis.alpha, "two-sided" if analysis.sided == 2 else "one-sided"
    sentences.append(
        f"Patients count in the arm randomised to ({estimand_sentence(study)}); "
        f"{sides} significance level {alpha:g}, {100.0 * (1.0 - analysis.two_sided_alpha):g} % interval."
    )
    sentences += claim_sentences(study)
    return [*sentences, *filter(None, [how_compared(len(study.arms), analysis.method)])]


def claim_sentences(study: StudyFields) -> list[str]:
    """What is claimed, how several claims keep the level, at which looks, and the test of a dose-response.

    Parameters
    ----------
    study : StudyFields
        A checked study.

    Returns
    -------
    list[str]
        None where each contrast is tested by itself.
    """
    analysis = study.analysis
    sentences = [*_hypothesis(study), *_multiplicity(study)]
    if analysis.interim is not None:
        sentences += interim_sentences(analysis.interim, analysis.sided)
    if analysis.dose_response is not None:
        sentences += _doses(analysis.dose_response)
    return sentences


def _means(study: StudyFields, *, halved: bool) -> str:
    analysis = study.analysis
    if study.uncontrolled is not None:
        return "Mean change from baseline with Student's t."
    if halved:
        return "Paired analysis of covariance (ANCOVA) of the sides' difference, that at baseline as covariate."
    method = COMPARISONS[analysis.method]
    details = [f"further covariates: {listed(analysis.covariates)}"] if analysis.covariates else []
    if "variance" in method.takes and analysis.variance == "hc3":
        details.append("standard errors HC3")
    if "covariance" in method.takes:
        freedom = "Kenward-Roger" if analysis.degrees_of_freedom == "kenward_roger" else "Satterthwaite"
        details.append(f"{analysis.covariance.replace('_', ' ')} covariance of the visits")
        details.append(f"{freedom} degrees of freedom")
    return f"{method.title}{'; ' if details else ''}{'; '.join(details)}."


def missing_sentences(analysis: Analysis) -> list[str]:
    """What is done about outcomes that were not measured, in sentences; none where they are left out."""
    words = MISSING.get(analysis.missing)
    if words is None:
        return []
    if not analysis.imputes:
        return [words]
    told = words.format(number=analysis.imputations or IMPUTATIONS)
    shift = "" if analysis.delta is None else f", less {analysis.delta.text} in arms other than the control"
    return [f"{told}{shift}; estimates are pooled by Rubin's rules."]


def _hypothesis(study: StudyFields) -> list[str]:
    hypothesis = study.analysis.hypothesis
    if hypothesis is None:
        return []
    margin = "" if hypothesis.margin is None else hypothesis.margin.text
    claim = {
        "superiority": f"an effect beyond {margin} in the wanted direction"
        if margin
        else "an effect in the wanted direction",
        "non_inferiority": f"an effect not worse than the control by {margin} or more",
        "equivalence": f"an effect within {margin} of the control either way",
        "dual_criterion": f"a significant effect with an estimate of {margin} or more (go); with one of both, consider",
    }[hypothesis.type]
    return [f"Claimed is {claim}."]


def _multiplicity(study: StudyFields) -> list[str]:
    section = study.analysis.multiplicity
    if section is None:
        return []
    names = [claim.name for claim in families_of(study)[0]]
    what = f"Claims: {listed(names)}" + (" of each arm" if section.over == "endpoints" else "")
    return [f"{what}; {_rule(section)}."]


def _rule(section: Multiplicity) -> str:
    if section.method == "co_primary":
        return "all have to be met, each at the full level"
    if section.method == "fixed_sequence":
        return "tested in this order at the full level, until one is not met"
    if section.method == "graph":
        return "tested by a graph of weights and transitions (Bretz, Maurer)"
    return f"p values adjusted after {ADJUSTED[section.method]}"


def interim_sentences(interim: Interim, sided: int) -> list[str]:
    """Looks before the end and what is decided at them, in sentences."""
    at = listed([f"{100.0 * share:g} %" for share in interim.at])
    looks = f"Interim look{'s' if len(interim.at) > 1 else ''} at {at} of the patients, in the order of admission"
    if interim.keep_arms is not None:
        number = f"{interim.keep_arms} arm{'s' if interim.keep_arms > 1 else ''} with the largest effects"
        least = "" if interim.futility is None else f", if z is {interim.futility:g} or more"
        return [
            f"{looks}: {number} go on{least}; both stages are combined by the inverse normal, sets of arms tested "
            "after Dunnett (closed testing)."
        ]
    success = "no early success" if interim.efficacy == "none" else f"success by {SPENDING[interim.efficacy]}"
    futile = "no stop for futility"
    if isinstance(interim.futility, str):
        kind = "binding" if interim.binding else "not binding"
        futile = f"futility by {SPENDING[interim.futility]} of the type II error ({kind})"
    elif interim.futility is not None:
        futile = f"futile where z is below {interim.futility:g} (not binding)"
    harm = "; a stop for harm at the same bounds" if sided == 2 and interim.efficacy != "none" else ""
    return [f"{looks}: {success}; {futile}{harm}."]


def _doses(section: DoseResponse) -> list[str]:
    doses = listed([f"{name} {dose.text}" for name, dose in section.doses.items()])
    shapes = listed([shape.shape.replace("_", " ") for shape in section.shapes])
    target = "" if section.target is None else f" The dose for {section.target.text} over the control is estimated."
    return [f"Dose-response (MCP-Mod) over {doses}; candidate shapes: {shapes}.{target}"]
