"""Tables of a credibility report."""

from __future__ import annotations

import pandas as pd

from anagen.credibility.assessment import Assessment
from anagen.credibility.checks import Finding
from anagen.credibility.phrasing import effect_amounts
from anagen.credibility.published import NEAREST
from anagen.reports.cells import Cell, Table, figure, grouped, source, words
from anagen.reports.numbers import interval, is_number, significant
from anagen.reports.wording import (
    endpoint_names,
    measure_scale,
    measure_unit,
    measure_words,
    name_of,
    pretty_unit,
    subject_text,
)

PASSED = {True: "passed", False: "failed", None: "does not apply"}
CHECK_WORDS = "nothing; see the reason"


def factors_table(assessment: Assessment) -> Table:
    """Goal, achieved evidence and verdict of every credibility factor."""
    judged, risk = assessment.judgements(), assessment.stakes.risk
    rows = [
        (
            factor.group,
            (
                words(factor.title),
                words(factor.quantity),
                words(factor.goal_text(risk)),
                words(factor.printed(assessment.achieved[name])),
                words(judged[name]),
            ),
        )
        for name, factor in assessment.factors.items()
    ]
    return Table(
        f"Credibility factors: goal at {risk} risk and achieved evidence",
        ("Factor", "What is measured", "Goal", "Achieved", "Verdict"),
        grouped(rows),
    )


def checks_table(assessment: Assessment) -> Table:
    """Every check of the program with what was expected and found."""

    def row(check: Finding) -> tuple[Cell, ...]:
        error = "–" if check.error is None else significant(check.error, 2)
        allowed = f"{significant(check.tolerance, 2)} {check.unit}"
        return (
            words(check.title),
            words(check.expected),
            words(check.actual),
            figure(error),
            words(allowed),
            words(PASSED[check.passed]),
            source(check.source),
        )

    return Table(
        "The program against exact results, computed for this report",
        ("Check", "Expected", "Found", "Error", "Allowed", "Result", "Source"),
        tuple(row(check) for check in assessment.checks.values()),
    )


def patients_table(assessment: Assessment) -> Table:
    """The expected effect by number of reference patients."""
    amounts = effect_amounts(assessment)
    rows = [
        (
            words(f"{int(row['patients'])}"),
            figure(amounts.bare(row["effect"], finer=1)),
            figure(amounts.bare(row["standard_error"], signed=False, finer=2)),
            figure(amounts.bare(row["batches"], signed=False, finer=2)),
        )
        for _, row in assessment.patients.iterrows()
    ]
    unit = f" ({amounts.unit})" if amounts.unit else ""
    return Table(
        f"Monte-Carlo error of the expected effect{unit}",
        ("Patients", "Expected effect", "Standard error", "The same from batches of 64"),
        tuple(rows),
    )


def steps_table(assessment: Assessment) -> Table:
    """The expected effect by step of the tables."""
    amounts = effect_amounts(assessment)
    choice = assessment.study.endpoints.primary.endpoint
    endpoint = name_of(choice, endpoint_names([choice]))
    rows = [
        (
            words(f"{row['step']:g}"),
            figure(amounts.bare(row["effect"], finer=2)),
            figure("–" if not is_number(row["change"]) else significant(row["change"] * amounts.scale, 2)),
            figure("–" if not is_number(row["visit"]) else significant(row["visit"], 2)),
        )
        for _, row in assessment.steps.iterrows()
    ]
    return Table(
        "Step of the lever tables, same draws",
        ("Step, days", "Expected effect", "Change", f"Largest change of a visit mean ({endpoint.unit or 'share'})"),
        tuple(rows),
    )


def draws_table(assessment: Assessment) -> Table:
    """The 90 % interval by number of parameter draws."""
    amounts = effect_amounts(assessment)

    def ends(low: float, high: float) -> str:
        left = "open" if low != low else amounts.bare(low)
        right = "open" if high != high else amounts.bare(high)
        return f"{left} to {right}"

    rows = [
        (
            words(f"{int(row['draws'])}"),
            figure(amounts.bare(row["low"])),
            words(ends(row["low_from"], row["low_to"])),
            figure(amounts.bare(row["high"])),
            words(ends(row["high_from"], row["high_to"])),
        )
        for _, row in assessment.draws.iterrows()
    ]
    return Table(
        "90 % interval over parameter draws",
        ("Draws", "5 % quantile", "its 95 % interval", "95 % quantile", "its 95 % interval"),
        tuple(rows),
        "Open: there are too few draws for an end of the interval.",
    )


def assumptions_table(assessment: Assessment) -> Table:
    """Structural assumptions, the weakest first."""
    rows = [
        (
            words(entry.statement),
            words(entry.grade),
            words(entry.why),
            words(", ".join(_breakable(path) for path in entry.checks) or CHECK_WORDS),
        )
        for entry in assessment.assumptions
    ]
    return Table(
        "Structural assumptions that concern this study",
        ("Assumption", "Grade", "Why", "Checked by"),
        tuple(rows),
        "Grades: A established and sourced, B supported but thin, C assumption.",
    )


def register_table(assessment: Assessment) -> Table:
    """Parameters that the study reads, C-graded first, by how far they move the effect."""
    amounts = effect_amounts(assessment)

    def row(entry: pd.Series) -> tuple[Cell, ...]:
        spread = entry["distribution"] != "fixed"
        interval90 = f"{significant(entry['low'])} to {significant(entry['high'])}" if spread else "fixed"
        moves = amounts.bare(entry["mu_star"], signed=False, finer=1) if is_number(entry["mu_star"]) else "–"
        return (
            words(entry["name"]),
            figure(significant(entry["value"], 4)),
            words(pretty_unit(str(entry["unit"]))),
            words(interval90),
            figure(moves),
            source(entry["source"]),
        )

    rows = [(f"Grade {entry['grade']}", row(entry)) for _, entry in assessment.register.iterrows()]
    unit = f", {amounts.unit}" if amounts.unit else ""
    return Table(
        "Parameters that this study reads",
        ("Parameter", "Value", "Unit", "90 % interval", f"Moves the effect by{unit}", "Source"),
        grouped(rows),
        "Moves the effect by: mean absolute change over the 90 % interval (screening). A dash: not moved, because it "
        "is fixed or belongs to adverse events, which do not enter the expected effect.",
    )


def indices_table(assessment: Assessment) -> Table:
    """Sobol indices of the strongest parameters."""
    grades = assessment.register.set_index("name")["grade"]
    rows = [
        (
            words(row["name"]),
            words(grades[row["name"]]),
            figure(f"{row['first']:.2f} ± {row['first_conf']:.2f}"),
            figure(f"{row['total']:.2f} ± {row['total_conf']:.2f}"),
        )
        for _, row in assessment.sensitivity.indices.iterrows()
    ]
    return Table("Shares of the variance", ("Parameter", "Grade", "First order", "Total"), tuple(rows))


def validation_table(assessment: Assessment, *, nearest: bool) -> Table:
    """Predicted against observed: of the same therapy by the same route, or of everything else that is related."""
    near = assessment.validation["relation"] == NEAREST
    chosen = assessment.validation[near if nearest else ~near]
    names = endpoint_names(list(dict.fromkeys(str(name) for name in chosen["endpoint"])))
    rows: list[tuple[str, tuple[Cell, ...]]] = []
    for _, row in chosen.iterrows():
        measure, name = str(row["measure"]), name_of(str(row["endpoint"]), names)
        scale, unit = measure_scale(measure), measure_unit(measure, name.unit)
        error = f" (SE {significant(row['observed_se'] * scale, 2)})" if is_number(row["observed_se"]) else ""
        cells = (
            words(row["study"]),
            words(subject_text(row["subject"])),
            words(f"{name.title}, {measure_words(measure)}" + (f" ({unit})" if unit else "")),
            figure(f"{row['week']:g}"),
            figure(f"{significant(row['observed'] * scale)}{error}"),
            figure(significant(row["predicted"] * scale)),
            words(interval(row["low90"] * scale, row["high90"] * scale, _places(row["predicted"] * scale))),
            words("inside" if bool(row["inside90"]) else "outside"),
            words(row["use"]),
        )
        rows.append((str(row["relation"]).capitalize(), cells))
    return Table(
        "Predicted against published",
        (
            "Study",
            "Arm or contrast",
            "Quantity",
            "Week",
            "Observed",
            "Predicted",
            "90 % interval",
            "Published",
            "Its use",
        ),
        grouped(rows),
    )


def features_table(assessment: Assessment) -> Table:
    """Applicability, feature by feature."""
    rows = [
        (words(f.title), words(f.here), words(f.nearest), words(f.condition), words(f.place))
        for f in assessment.features
    ]
    return Table(
        "This study beside what was published",
        ("Feature", "This study", "Same therapy, same route", "Same condition", "This study lies"),
        tuple(rows),
    )


def _breakable(path: str) -> str:
    """A path that a narrow column can break after its separators."""
    return path.replace("/", "/\u200b").replace("_", "_\u200b").replace("-", "-\u200b")


def _places(value: float) -> int:
    return 1 if abs(value) < 100.0 else 0
