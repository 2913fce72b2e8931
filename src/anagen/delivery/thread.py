"""Threads laid under the scalp: nothing is delivered, and the thread's own wound signal lasts until it is absorbed."""

from anagen.delivery.route import Route, Setting, wounding
from anagen.delivery.settings import WOUND_SWITCH

THREAD = Route(
    name="thread",
    title="threads laid under the scalp",
    act=wounding("thread-wound"),
    reading="reading.injection",
    settings=(
        Setting("density", "threads per area", "1/cm2", "thread.density", 0.01, 10.0),
        Setting("depth", "length of each thread under the skin", "mm", "thread.length", 1.0, 60.0),
        WOUND_SWITCH,
    ),
    source="Series of men and women with polydioxanone monofilaments; counts against an untouched scalp were not read",
)
