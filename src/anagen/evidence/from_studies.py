"""Published values of study files as rows of the table of published trials, so that a new study file adds its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from anagen.evidence.published import Published
from anagen.evidence.uses import use_of
from anagen.scalp import ENDPOINTS
from anagen.study import Study
from anagen.study.models import Observed
from anagen.study.treatment import Arm
from anagen.therapies import THERAPIES

SEVERAL_SEXES = "both"


def rows_of_study(
    name: str, study: Study, *, label: str | None = None, held: Iterable[Published] = ()
) -> tuple[Published, ...]:
    """Published values of a study file that the table does not hold already.

    Args:
        name: of the study file. study: it. label: name that its rows have in the table, the file's own where None.
        held: rows of the table; those linked to this file by `study_file` and `study_arm` are left out.
    """
    linked = [row for row in held if row.study_file == name and row.study_arm]
    return tuple(
        _row(name, study, label or name, observed)
        for observed in study.observed
        if not any(same_result(row, observed) for row in linked)
    )


def with_studies(rows: tuple[Published, ...], studies: Mapping[str, Study]) -> tuple[Published, ...]:
    """The table followed by what the study files hold besides it, under the study's name in the table."""
    labels = {row.study_file: row.study for row in rows if row.study_file}
    more = [rows_of_study(name, study, label=labels.get(name), held=rows) for name, study in studies.items()]
    return (*rows, *(row for part in more for row in part))


def subject(observed: Observed) -> str:
    """The arm of a published value, or its two arms.

    Example:
        >>> subject(Observed(contrast=("drug", "placebo"), endpoint="salt", week=8.0, measure="change",
        ...     mean=1.0, source="here", read="abstract"))
        'drug - placebo'
    """
    return observed.arm if observed.arm is not None else " - ".join(observed.contrast or ())


def same_result(row: Published, observed: Observed) -> bool:
    """Whether a row of the table and a value of its study file are the same result, whatever their numbers.

    Where the table has no week, as for pooled trials, the one of the file counts. Two arms of a trial can share one arm
    of a study file; their values then tell them apart.
    """
    if row.study_arm != subject(observed) or row.endpoint != observed.endpoint or row.measure != observed.measure:
        return False
    if row.week is not None and row.week != observed.week:
        return False
    return row.threshold in (None, observed.threshold)


def _row(name: str, study: Study, label: str, observed: Observed) -> Published:
    arms = {arm.name: arm for arm in study.arms}
    names = (observed.arm,) if observed.arm is not None else observed.contrast or ()
    first, *others = (arms[each] for each in names if each is not None)
    controls = [arm.name for arm in study.arms if arm.control]
    use, reason = use_of(observed, study)
    value = observed.mean if observed.mean is not None else observed.median
    unit = _unit(observed)
    given = [each for each in first.therapies if not THERAPIES[each.therapy].is_control]
    sexes = [sex for sex, share in study.population.sex.items() if share > 0.0]
    dose = given[0].dose if given else None
    single_control = controls[0] if len(controls) == 1 and first.name not in controls and not others else ""
    both_sides = study.design.layout == "split_scalp"
    return Published(
        study=label,
        citation=study.source or study.title,
        source=observed.source,
        design="split scalp" if both_sides else f"{study.design.layout} arms",
        condition=study.population.condition,
        sex=sexes[0] if len(sexes) == 1 else SEVERAL_SEXES,
        study_file=name,
        study_arm=subject(observed),
        arm=subject(observed),
        control=single_control,
        kind="contrast" if others else "arm",
        therapy=therapies_of(first),
        versus=therapies_of(others[0]) if others else "",
        dose=f"{dose.value:g}" if dose is not None else "",
        dose_unit=dose.unit if dose is not None else "",
        endpoint=observed.endpoint,
        measure=observed.measure,
        threshold=observed.threshold,
        unit=unit,
        week=observed.week,
        n=observed.n if not others or both_sides else None,
        n_control=observed.n if others and both_sides else None,
        n_total=observed.n if others and not both_sides else None,
        statistic="mean" if observed.mean is not None else "median",
        mean=value,
        sd=observed.sd,
        se=observed.se,
        iqr=observed.iqr,
        ci_low=observed.ci[0] if observed.ci is not None else None,
        ci_high=observed.ci[1] if observed.ci is not None else None,
        printed=value,
        printed_unit=unit,
        read=observed.read,
        derived=(observed.note or "as the study file says") if observed.read == "derived" else "",
        use=use,
        reason=reason,
        note=observed.note or "",
    )


def therapies_of(arm: Arm) -> str:
    """Therapies of an arm joined by "+", in alphabetical order; its control where it has no other, or "none"."""
    names = sorted({given.therapy for given in arm.therapies if not THERAPIES[given.therapy].is_control})
    controls = sorted({given.therapy for given in arm.therapies})
    return "+".join(names) or (controls[0] if controls else "none")


def _unit(observed: Observed) -> str:
    if observed.measure == "percent_change":
        return "%"
    if observed.measure in ("change", "value"):
        return ENDPOINTS[observed.endpoint].unit
    return "1"
