"""Published values of study files as rows of the table of published trials, so that a new study file adds its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from anagen.evidence.table import Published
from anagen.evidence.uses import begun, use_of
from anagen.study import Study
from anagen.study.covariates import covariate_columns
from anagen.study.observed import Observed
from anagen.study.shipped import shipped_studies
from anagen.study.treatment import Arm
from anagen.therapies import THERAPIES

SEVERAL_SEXES = "both"


def rows_of_study(
    name: str, study: Study, *, label: str | None = None, held: Iterable[Published] = ()
) -> tuple[Published, ...]:
    """Published values of a study file that the table does not hold already.

    Parameters
    ----------
    name : str
        Of the study file.
    study : Study
        It.
    label : str, optional
        Name that its rows have in the table, the file's own where None.
    held : Iterable[Published], default ()
        Rows of the table; those linked to this file by `study_file` and `study_arm` are left out.
    """
    linked = [row for row in held if row.study_file == name and row.study_arm]
    return tuple(
        _row(name, study, label or name, observed)
        for observed in study.observed
        if not any(same_result(row, observed) for row in linked)
    )


def with_studies(rows: tuple[Published, ...], studies: Mapping[str, Study]) -> tuple[Published, ...]:
    """The table followed by what the study files hold besides it, under the study's name in the table.

    Rows that are linked to a study file take from it how the trial was conducted, where they do not say it themselves.
    """
    rows = tuple(_with_conduct(row, studies.get(row.study_file)) for row in rows)
    labels = {row.study_file: row.study for row in rows if row.study_file}
    more = [rows_of_study(name, study, label=labels.get(name), held=rows) for name, study in studies.items()]
    return (*rows, *(row for part in more for row in part))


def _with_conduct(row: Published, study: Study | None) -> Published:
    if study is None:
        return row
    said = {key: text for key, text in covariate_columns(study).items() if text and not getattr(row, key)}
    return replace(row, **said) if said else row


def shipped_study_files() -> dict[str, Study]:
    """The shipped studies by the name of their file."""
    return {name: Study.load(path) for name, path in shipped_studies().items()}


def same_result(row: Published, observed: Observed) -> bool:
    """Whether a row of the table and a value of its study file are the same result, whatever their numbers.

    Where the table has no week, as for pooled trials, the one of the file counts. Two arms of a trial can share one arm
    of a study file; their values then tell them apart.
    """
    if row.study_arm != observed.subject or row.endpoint != observed.endpoint or row.measure != observed.measure:
        return False
    if observed.among is not None or (row.week is not None and row.week != observed.week):
        return False
    return row.threshold in (None, observed.threshold)


def _row(name: str, study: Study, label: str, observed: Observed) -> Published:
    use, reason = use_of(observed, study)
    if observed.zone not in (None, study.measurement.zone):
        # the same patients once more: pooled with the measured zone they would count twice
        use, reason, label = "exclude", f"the {observed.zone} zone of the same patients", f"{label}@{observed.zone}"
    note = observed.note or ""
    if observed.among is not None:
        # a part of the patients of the arm: pooled with whole arms they would be taken for as many as responded
        use, reason = "exclude", f"of those {observed.among.words}"
        note = "; ".join(filter(None, (reason, note)))
    return Published(
        study=label,
        study_file=name,
        endpoint=observed.endpoint,
        measure=observed.measure,
        threshold=observed.threshold,
        unit=observed.unit,
        week=observed.week,
        source=observed.source,
        read=observed.read,
        derived=(observed.note or "as the study file says") if observed.read == "derived" else "",
        use=use,
        reason=reason,
        note=note,
        **_trial(study),
        **_arms(study, observed),
        **_patients(study, observed),
        **_numbers(observed),
    )


def _trial(study: Study) -> dict[str, Any]:
    """Columns on the trial."""
    sexes = [sex for sex, share in study.population.sex.items() if share > 0.0]
    return {
        "citation": study.source or study.title,
        "design": "split scalp" if _split_scalp(study) else f"{study.design.layout} arms",
        "condition": study.population.condition,
        **covariate_columns(study),
        "sex": sexes[0] if len(sexes) == 1 else SEVERAL_SEXES,
    }


def _arms(study: Study, observed: Observed) -> dict[str, Any]:
    """Columns on the arms of a value and what they were given; the dose is that of the first therapy that acts."""
    arms = {arm.name: arm for arm in study.arms}
    first, *others = (arms[name] for name in observed.arms)
    controls = [arm.name for arm in study.arms if arm.control]
    has_control = len(controls) == 1 and first.name not in controls and not observed.is_contrast
    given = begun(first, observed.week)
    dose = next((use.dose for use in given if not THERAPIES[use.therapy].is_control), None)
    return {
        "kind": "contrast" if observed.is_contrast else "arm",
        "study_arm": observed.subject,
        "arm": observed.subject,
        "control": controls[0] if has_control else "",
        "therapy": therapies_of(first, observed.week),
        "versus": therapies_of(others[0], observed.week) if others else "",
        "dose": f"{dose.value:g}" if dose is not None else "",
        "dose_unit": dose.unit if dose is not None else "",
    }


def _patients(study: Study, observed: Observed) -> dict[str, Any]:
    """Columns on the number of patients: of the arm, of both sides of the same scalps, or of two arms together."""
    if not observed.is_contrast:
        return {"n": observed.n}
    return {"n": observed.n, "n_control": observed.n} if _split_scalp(study) else {"n_total": observed.n}


def _numbers(observed: Observed) -> dict[str, Any]:
    """Columns on the value and its spread; a study file holds values in the unit of the table."""
    low, high = observed.ci or (None, None)
    value = observed.value if observed.has_number else None
    return {
        "statistic": "" if value is None else "median" if observed.is_median else "mean",
        "mean": value,
        "sd": observed.sd,
        "se": observed.se,
        "iqr": observed.iqr,
        "ci_low": low,
        "ci_high": high,
        "printed": value,
        "p": _p_value(observed),
        "printed_unit": observed.unit,
    }


def _p_value(observed: Observed) -> str:
    """The p value as it was printed, or what was said of it."""
    for sign, p in (("", observed.p), ("<", observed.p_below), (">", observed.p_above)):
        if p is not None:
            return f"{sign}{p:g}"
    return "" if observed.result is None else observed.result.replace("_", " ")


def _split_scalp(study: Study) -> bool:
    return study.design.layout == "split_scalp"


def therapies_of(arm: Arm, week: float | None = None) -> str:
    """Therapies of an arm joined by "+", in alphabetical order; its control where it has no other, or "none".

    Parameters
    ----------
    arm : Arm
        Of a study.
    week : float, optional
        Week of a value: what begins later is not counted; everything is at baseline, or where there is no week.

    Returns
    -------
    str
        Names.
    """
    uses = begun(arm, week)
    names = sorted({use.therapy for use in uses if not THERAPIES[use.therapy].is_control})
    controls = sorted({use.therapy for use in uses})
    return "+".join(names) or (controls[0] if controls else "none")
