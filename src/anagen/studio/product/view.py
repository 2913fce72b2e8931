"""What the Product page shows, as data: the same for the page and for programs."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from anagen.exosomes.characterisation import STATUSES
from anagen.exosomes.characterisation import Checked as CheckedItem
from anagen.exosomes.potency import Spread
from anagen.exosomes.release import VERDICTS
from anagen.exosomes.storage import describe_step
from anagen.studio.product.asked import Asked
from anagen.studio.product.checked import Checked


class _View(BaseModel):
    model_config = ConfigDict(frozen=True)


class SpreadView(_View):
    """A number: central value, 5 and 95 % over draws of the parameters."""

    central: float
    low: float
    high: float


class StepView(_View):
    """What a factor leaves: the factor, particles after it, its share of the (logarithmic) variance."""

    name: str
    factor: SpreadView
    left: float
    variance_share: float


class ItemView(_View):
    """An item of a checklist or of the specification: what is asked, what was found, whether that is enough."""

    name: str
    asks: str
    status: str
    found: str
    why: str
    of: str


class CourseView(_View):
    """Share of the particles left over days; followed: days that published series went on."""

    condition: str
    days: tuple[float, ...]
    central: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    limit: float
    followed: float
    source: str


class StageView(_View):
    """A stage of a batch: share of the particles kept, days, cost [USD]."""

    name: str
    group: str
    kept: float
    days: float
    cost: float


class FigureView(_View):
    """A figure of making, with its unit."""

    name: str
    spread: SpreadView
    unit: str


class MakingView(_View):
    """What it takes to make some doses."""

    doses: int
    answer: str
    possible: bool
    plant: str
    figures: tuple[FigureView, ...]
    stages: tuple[StageView, ...]
    cost_shares: dict[str, float]
    slowest: str
    largest_loss: str
    dearest: str
    kept_limits: float
    weeks: float
    capital: float
    flags: tuple[str, ...]
    questions: tuple[str, ...]


class ProductView(_View):
    """A product: what it holds, how it keeps, how well it is described, whether it may be released, how it is made."""

    name: str
    title: str
    summary: str
    source: str
    evidence: str
    particles: SpreadView
    potent: SpreadView
    steps: tuple[StepView, ...]
    unknown: tuple[str, ...]
    storage: str
    course: CourseView
    checklist: tuple[ItemView, ...]
    further: tuple[ItemView, ...]
    counts: dict[str, int]
    first_steps: tuple[str, ...]
    questions: tuple[str, ...]
    use: str
    verdict: str
    released: bool
    release: tuple[ItemView, ...]
    verdicts: dict[str, int]
    making: MakingView


def view_of(asked: Asked, checked: Checked) -> ProductView:
    """What is shown of a product.

    Parameters
    ----------
    asked : Asked
        From the address.
    checked : Checked
        From the functions of the product.

    Returns
    -------
    ProductView
        Plain values.
    """
    product = asked.product
    assert product is not None
    check, certificate = checked.check, checked.certificate
    return ProductView(
        name=product.name,
        title=product.title,
        summary=product.summary,
        source=product.source.title,
        evidence=product.source.evidence,
        particles=_spread(check.potent.particles),
        potent=_spread(check.potent.potent),
        steps=tuple(
            StepView(name=s.name, factor=_spread(s.factor), left=s.left, variance_share=s.variance_share)
            for s in check.potent.steps()
        ),
        unknown=check.potent.unknown,
        storage="; ".join(describe_step(step) for step in product.history()) or "used fresh",
        course=_course(checked),
        checklist=tuple(_item(entry) for entry in check.checklist),
        further=tuple(_item(entry) for entry in check.further),
        counts={status: check.count(status) for status in STATUSES},
        first_steps=check.first_steps,
        questions=check.questions,
        use=certificate.use,
        verdict=certificate.verdict(),
        released=certificate.released,
        release=tuple(
            ItemView(
                name=entry.item.name,
                asks=entry.item.asks,
                status=entry.verdict,
                found="; ".join(filter(None, (entry.found, entry.note))),
                why=entry.limit,
                of=", ".join(entry.item.lists),
            )
            for entry in certificate.judged
        ),
        verdicts={verdict: len(certificate.named(verdict)) for verdict in VERDICTS},
        making=_making(checked),
    )


def _spread(spread: Spread) -> SpreadView:
    return SpreadView(central=spread.central, low=spread.low, high=spread.high)


def _item(entry: CheckedItem) -> ItemView:
    return ItemView(
        name=entry.item.name,
        asks=entry.item.asks,
        status=entry.status,
        found=entry.finding,
        why=entry.item.why,
        of=entry.item.section,
    )


def _course(checked: Checked) -> CourseView:
    course = checked.course
    return CourseView(
        condition=describe_step(course.step).partition(" at ")[2],
        days=course.days,
        central=course.central,
        low=course.low,
        high=course.high,
        limit=course.limit,
        followed=course.followed,
        source=course.source,
    )


def _making(checked: Checked) -> MakingView:
    making = checked.making
    return MakingView(
        doses=making.doses,
        answer=making.answer,
        possible=making.possible,
        plant=f"{making.plant.system.title}, {making.plant.vessel.name}",
        figures=tuple(
            FigureView(name=name, spread=_spread(spread), unit=unit) for name, (spread, unit) in making.figures.items()
        ),
        stages=tuple(
            StageView(name=s.name, group=s.group, kept=s.kept, days=s.elapsed, cost=s.cost) for s in making.stages
        ),
        cost_shares=dict(making.cost_shares),
        slowest=making.bottleneck,
        largest_loss=making.largest_loss,
        dearest=making.largest_cost,
        kept_limits=making.kept_limits,
        weeks=making.horizon,
        capital=making.capital_limit,
        flags=making.flags,
        questions=making.questions,
    )
