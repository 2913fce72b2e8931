"""Pictures of the Product page, from what it shows."""

from __future__ import annotations

from anagen.reports.charts import Band, Bar, Line, Mark, line_chart, waterfall_chart
from anagen.reports.numbers import percent, significant
from anagen.studio.product.asked import Asked
from anagen.studio.product.view import ProductView

SINGLE_DAYS = 1.0


def waterfall(view: ProductView) -> str:
    """From the particles on the label to the potent ones.

    Parameters
    ----------
    view : ProductView
        What is shown.

    Returns
    -------
    str
        SVG.
    """
    first, *rest = view.steps
    bars = [Bar("on the label", "", first.left, first.left, view.particles.low, view.particles.high)]
    before = first.left
    for step in rest:
        bars.append(Bar(step.name, f"× {significant(step.factor.central, 3)}", before, step.left))
        before = step.left
    bars.append(Bar("potent", "", view.potent.central, view.potent.central, view.potent.low, view.potent.high))
    worst = min(rest, key=lambda step: step.factor.central)
    return waterfall_chart(
        bars,
        name="waterfall",
        title=f"Potent particles of a dose: {view.title}",
        description=(
            f"{significant(view.particles.central, 3)} particles on the label, "
            f"{significant(view.potent.central, 3)} potent, {significant(view.potent.low, 3)} to "
            f"{significant(view.potent.high, 3)}. The largest loss is {worst.name}."
        ),
        x_title="particles of a dose; whiskers: 5 to 95 %",
    )


def storage_picture(asked: Asked, view: ProductView) -> str:
    """Share of the particles left over the time of a stay.

    Parameters
    ----------
    asked : Asked
        From the address.
    view : ProductView
        What is shown.

    Returns
    -------
    str
        SVG.
    """
    course = view.course
    marks = [Mark(course.limit, f"acceptance limit {percent(course.limit)}", level=True)]
    kept = asked.product.history() if asked.product is not None else ()
    days = max((step.days for step in kept), default=0.0)
    if 0.0 < days <= course.days[-1]:
        marks.append(Mark(days, f"day {days:g}"))
    if 0.0 < course.followed < course.days[-1] and abs(course.followed - days) > 0.02 * course.days[-1]:
        marks.append(Mark(course.followed, "published series end"))
    return line_chart(
        [Line("centre", course.days, course.central)],
        name="storage",
        title=f"Particles left at {course.condition}",
        description=(
            f"After {course.days[-1]:g} days {percent(course.central[-1])} are left, "
            f"{percent(course.low[-1])} to {percent(course.high[-1])}."
        ),
        x_title="days",
        y_title="% of the particles counted",
        bands=[Band("5 to 95 %", course.days, course.low, course.high)],
        marks=marks,
        percent=True,
        width=560.0,
        height=280.0,
    )
