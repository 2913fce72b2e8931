"""Common words of trial protocols that are no key where they stand -> where the study file says the same."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

ELSEWHERE: Mapping[str, str] = MappingProxyType(
    {
        "adherence": "write it in the therapy: adherence: {mean: 0.8, sd: 0.1}",
        "allocation": "write patients in each arm; their ratio is the allocation",
        "assurance": "run trials at parameter draws: anagen run STUDY --trials-at draws --replicates 500",
        "blocks": "write design.randomisation.block: 4",
        "blind": "write design.blinding: none, assessor or double",
        "blinded": "write design.blinding: none, assessor or double",
        "budget": 'write design.cost: {patient: "3000 EUR", visit: "150 EUR"}',
        "carryover": "follicles remember what was given, so that carry-over is simulated by itself",
        "carry_over": "follicles remember what was given, so that carry-over is simulated by itself",
        "center": 'write design.centres: {number: 8, sd: "4 hairs/cm^2"}, and centre among design.randomisation.strata',
        "centers": 'write design.centres: {number: 8, sd: "4 hairs/cm^2"}',
        "centre": 'write design.centres: {number: 8, sd: "4 hairs/cm^2"}, and centre among design.randomisation.strata',
        "centres": 'write design.centres: {number: 8, sd: "4 hairs/cm^2"}',
        "cluster": "write design.randomisation: {method: cluster}, and design.centres",
        "clusters": "write design.randomisation: {method: cluster}, and design.centres",
        "compliance": "write it in the therapy: adherence: {mean: 0.8, sd: 0.1}",
        "confidence": "write analysis.alpha: 0.05; intervals cover 1 - alpha",
        "control": "write control: true in the arm that others are compared with",
        "cost": 'write design.cost: {patient: "3000 EUR", visit: "150 EUR"}',
        "covariates": "the baseline is the covariate; strata are written in design.randomisation.strata",
        "discontinuation": "write intercurrent: [{event: stops_treatment, share: 0.1, because: no_effect}]",
        "drop_out": "write design.dropout: 0.15, or {share: 0.15, depends_on: change}",
        "dropout": "write design.dropout: 0.15, or {share: 0.15, depends_on: change}",
        "dropouts": "write design.dropout: 0.15, or {share: 0.15, depends_on: change}",
        "enrollment": "write design.enrolment: {per_month: 5}",
        "enrolment": "write design.enrolment: {per_month: 5}",
        "estimand": "write analysis.estimand: treatment_policy, hypothetical, composite or while_on_treatment",
        "estimands": "write analysis.estimand: treatment_policy, hypothetical, composite or while_on_treatment",
        "exact": "write design.randomisation: {strata: [severity], exact: true}",
        "exclusion": "write population.exclusions (for safety) or population.inclusion (ranges of what is measured)",
        "follow_up": "write the weeks in measurement.visits; the last one ends the trial",
        "icc": 'write design.centres.change_sd: "3 hairs/cm^2"; anagen check tells the intracluster correlation',
        "intercurrent": "write it at the top of the file: intercurrent: [{event: stops_treatment, share: 0.1}]",
        "intercurrent_events": "write intercurrent: [{event: stops_treatment, share: 0.1}] at the top of the file",
        "lost_to_follow_up": "write design.dropout: 0.15, or {share: 0.15, depends_on: change}",
        "minimization": "write design.randomisation: {method: minimisation, strata: [severity, sex]}",
        "missing_data": "write how values go missing: design.dropout: {share: 0.15, depends_on: change}",
        "missed_sessions": "write it in the therapy: adherence: {mean: 0.9}, the share of sessions attended",
        "n": "write patients in each arm",
        "n_patients": "write patients in each arm",
        "noncompliance": "write it in the therapy: adherence: {mean: 0.8, sd: 0.1}",
        "placebo": "give an arm control: true and the therapy placebo",
        "placebo_effect": 'write design.placebo_response: {ARM: "3 hairs/cm^2"}',
        "population_size": "write patients in each arm",
        "randomization": "write design.randomisation",
        "ratio": "write patients in each arm; their ratio is the allocation",
        "recruitment": "write design.enrolment: {per_month: 5}",
        "replicates": "say it when it is run: anagen run STUDY --replicates 100",
        "run_in": "write design.wash_in: 12, weeks without treatment before baseline",
        "sample_size": "write patients in each arm; anagen power STUDY --patients 20,40,80 tells how many are needed",
        "seed": "say it when it is run: anagen run STUDY --seed 2",
        "sites": 'write design.centres: {number: 8, sd: "4 hairs/cm^2"}',
        "stratification": "write design.randomisation.strata: [severity, sex, age, centre]",
        "stratify": "write design.randomisation.strata: [severity, sex, age, centre]",
        "unblinding": "write design.unblinding: {ARM: {share: 0.4, expectation: 2, because: adverse_event}}",
        "unmasking": "write design.unblinding: {ARM: {share: 0.4, expectation: 2, because: adverse_event}}",
        "visit_window": 'write measurement.window: "1 week"',
        "visit_windows": 'write measurement.window: "1 week"',
        "wash_out": "write design.washout: 12 with layout: crossover; a pause in a schedule is "
        "{from: 12, until: 24, pause: true}",
        "washout": "write design.washout: 12 with layout: crossover; a pause in a schedule is "
        "{from: 12, until: 24, pause: true}",
        "window": 'write measurement.window: "1 week"',
        "windows": 'write measurement.window: "1 week"',
        "withdrawal": "write design.dropout, or intercurrent: [{event: stops_treatment, share: 0.1}]",
        "cross_over": "write design.layout: crossover, and design.washout: 12",
        "crossover": "write design.layout: crossover, and design.washout: 12",
        "period": "of a crossover the last of measurement.visits is its length; write design.washout: 12 as well",
        "periods": "of a crossover the last of measurement.visits is its length; write design.washout: 12 as well",
    }
)
"""Key in small letters with underscores -> what to write in its place."""

IN_ANALYSIS: Mapping[str, str] = MappingProxyType(
    {
        "futility": "write it under analysis.interim: {at: [0.5], futility: 0.0}, with sided: 1 and half of alpha",
        "hypothesis": 'write analysis.hypothesis: {type: non_inferiority, margin: "8 hairs/cm^2"}',
        "imputation": "write analysis.missing: multiple_imputation, or jump_to_reference",
        "interim": "write analysis.interim: {at: [0.5]}",
        "margin": 'write analysis.hypothesis: {type: non_inferiority, margin: "8 hairs/cm^2"}',
        "missing": "write analysis.missing: multiple_imputation, non_response or last_observation; what makes outcomes "
        "missing is design.dropout",
        "mmrm": "write analysis.method: mmrm",
        "multiplicity": "write analysis.multiplicity: holm, or another of bonferroni, hochberg, hommel, dunnett, "
        "fixed_sequence, co_primary and graph",
        "non_inferiority": 'write analysis.hypothesis: {type: non_inferiority, margin: "8 hairs/cm^2"}',
        "noninferiority": 'write analysis.hypothesis: {type: non_inferiority, margin: "8 hairs/cm^2"}',
        "one_sided": "write analysis.sided: 1, and alpha: 0.025",
        "sided": "write analysis.sided: 1 or 2",
        "power": "power is not a key: anagen power STUDY --patients 20,40,80 tells power and assurance",
        "equivalence": "write analysis.hypothesis: {type: equivalence, margin: ...}",
        "looks": "write analysis.interim: {at: [0.5]}",
        "stopping": "write analysis.interim: {at: [0.5], efficacy: obrien_fleming}",
        "mcp_mod": "write analysis.dose_response",
        "mcpmod": "write analysis.dose_response",
        "adjustment": "write analysis.covariates, or analysis.multiplicity",
        "gatekeeping": "write analysis.multiplicity: {method: graph, over: arms_and_endpoints, weights: ...}",
        "holm": "write analysis.multiplicity: holm",
        "dunnett": "write analysis.multiplicity: dunnett, with method: ancova_all_arms",
    }
)
"""The same of words of the analysis that stand elsewhere; a key that is known is never looked up here."""


VALUES: Mapping[str, str] = MappingProxyType(
    {
        "active": "write control: true; that a control is active follows from its therapies",
        "placebo": "write control: true, and the therapy placebo",
        "locf": "write last_observation",
        "nri": "write non_response",
        "mi": "write multiple_imputation",
        "mar": "write multiple_imputation",
        "j2r": "write jump_to_reference",
        "cir": "write copy_increments",
        "lmm": "write mmrm",
        "mixed_model": "write mmrm",
        "kenward-roger": "write kenward_roger",
        "gatekeeping": "write graph",
        "o_brien_fleming": "write obrien_fleming",
        "hsd": "write hwang_shih_decani",
        "itt": "write estimand: treatment_policy",
        "intention_to_treat": "write estimand: treatment_policy",
        "per_protocol": "write estimand: while_on_treatment or hypothetical",
        "principal_stratum": "who would stop under either arm is not estimated; write hypothetical",
        "stratified": "write method: block and strata: [severity]",
        "cluster": "write design.randomisation: {method: cluster}, and design.centres",
        "cluster_randomised": "write design.randomisation: {method: cluster}, and design.centres",
        "minimization": "write minimisation",
        "site": "write centre, and design.centres",
        "center": "write centre, and design.centres",
        "gender": "write sex",
        "cross_over": "write design.layout: crossover",
        "crossover": "write design.layout: crossover",
        "single": "write assessor",
        "triple": "write double",
    }
)
"""Value in small letters with underscores -> what to write in its place, where it is not one of those allowed."""


def value_meant(value: str) -> str | None:
    """What to write in place of a common value that is not allowed where it stands.

    Parameters
    ----------
    value : str
        As it was written.

    Returns
    -------
    str or None
        A sentence part; None where the word is not common.

    Examples
    --------
    >>> value_meant("Gender")
    'write sex'
    """
    return VALUES.get(_plain(value))


def _plain(word: str) -> str:
    return word.strip().lower().replace("-", "_").replace(" ", "_")


def where_it_goes(key: object) -> str | None:
    """What to write in place of a key that is unknown where it stands.

    Parameters
    ----------
    key : object
        As it was written.

    Returns
    -------
    str or None
        A sentence part; None where the word is not common.

    Examples
    --------
    >>> where_it_goes("Centers")
    'write design.centres: {number: 8, sd: "4 hairs/cm^2"}'
    >>> where_it_goes("zon") is None
    True
    """
    if not isinstance(key, str):
        return None
    return ELSEWHERE.get(_plain(key)) or IN_ANALYSIS.get(_plain(key))
