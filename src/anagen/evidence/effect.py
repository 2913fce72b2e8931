"""The effect of a therapy as the published results together say it: which can be pooled, and their mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from anagen.core.numbers import MOST_WEEKS, real
from anagen.evidence.estimates import Kind, Question, Selection, select
from anagen.evidence.pooling import Pooled, pool
from anagen.evidence.published import known_name, known_therapy
from anagen.evidence.table import MEASURES, Published
from anagen.scalp import ENDPOINTS

NO_BACKGROUND = "none"
KINDS: tuple[Kind, ...] = ("contrast", "arm")


@dataclass(frozen=True, slots=True)
class PooledEffect:
    """Published effects of a therapy and their pooled mean.

    Parameters
    ----------
    question : Question
        What was pooled.
    selection : Selection
        What could be pooled, and what not and why.
    pooled : Pooled or None
        Mean, intervals and weights; None where nothing could be pooled.
    """

    question: Question
    selection: Selection
    pooled: Pooled | None

    @property
    def name(self) -> str:
        """Therapy, endpoint, measure and kind, as a file of it is called."""
        question = self.question
        return f"{question.therapy}-{question.endpoint}-{question.measure}-{self.selection.kind}".replace(":", "-")

    @property
    def title(self) -> str:
        """What was pooled, in words."""
        question, background = self.question, self.selection.background
        what = ENDPOINTS[question.endpoint].title if question.endpoint in ENDPOINTS else question.endpoint
        added = f" on top of {background.replace('+', ' and ')}" if background else ""
        return f"{question.therapy.capitalize()}{added}: {what}, nearest to week {question.week:g}"

    @property
    def axis(self) -> str:
        """What the effect is, in words."""
        return "difference to control" if self.selection.kind == "contrast" else "change from baseline, no control"

    def document(self) -> dict[str, Any]:
        """Everything as plain data."""
        selection = self.selection
        return {
            "question": asdict(self.question),
            "kind": selection.kind,
            "background": selection.background,
            "estimates": [{**asdict(entry), "label": entry.label} for entry in selection.estimates],
            "pooled": None if self.pooled is None else asdict(self.pooled),
            "left_out": [asdict(entry) for entry in selection.left_out],
        }


def pooled_effect(
    rows: Sequence[Published],
    therapy: str,
    endpoint: str = "total_density",
    measure: str = "change",
    *,
    week: float = 24.0,
    window: float = 28.0,
    kind: str | None = None,
    background: str | None = None,
    dose: str | None = None,
    memory: bool = False,
) -> PooledEffect:
    """Pool published effects of a therapy by a random-effects model.

    Parameters
    ----------
    rows : sequence of Published
        Published results.
    therapy : str
        Any name of the therapy.
    endpoint : str
        As in the table; every dose where None.
    measure : str
        As in the table; every dose where None.
    week : float
        Of a study with several weeks the nearest is taken, none further away than the window [weeks].
    window : float
        Of a study with several weeks the nearest is taken, none further away than the window [weeks].
    kind : {"contrast", "arm"}, optional
        Contrasts with a control or single arms; contrasts where there are any if None.
    background : str, optional
        What both arms got besides, joined by "+", or "none"; the commonest if None.
    dose : str
        As in the table; every dose where None.
    memory : bool
        Whether values from memory count.

    Returns
    -------
    PooledEffect
        The results that were pooled, those left out with the reason, and the mean.

    Raises
    ------
    InputError
        Where a name is unknown, with the nearest right one.
    """
    question = Question(
        therapy=known_therapy(therapy, rows) or therapy,
        endpoint=known_name("endpoint", endpoint, (row.endpoint for row in rows)) or endpoint,
        measure=known_name("measure", measure, MEASURES) or measure,
        week=real("week", week, 0.0, MOST_WEEKS),
        kind=_kind(kind),
        background=_background(background),
        dose=dose,
        memory=memory,
        window=real("window", window, 0.0, MOST_WEEKS),
    )
    selection = select(rows, question)
    estimates = selection.estimates
    pooled = pool([entry.value for entry in estimates], [entry.se for entry in estimates]) if estimates else None
    return PooledEffect(question, selection, pooled)


def _kind(name: str | None) -> Kind | None:
    known_name("kind", name, KINDS)
    return next((kind for kind in KINDS if kind == name), None)


def _background(text: str | None) -> str | None:
    """Therapies in the order of the table; empty for none."""
    if text is None:
        return None
    return "" if text == NO_BACKGROUND else "+".join(sorted(text.split("+")))
