"""How far work is, told while it is under way: within a task, in this process and in others."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from test_execution import work

from anagen.core.within import heard_by, tell_within
from anagen.execution import Task, run_tasks
from anagen.studio.jobs.job import QUEUED, RUNNING
from anagen.studio.jobs.reporter import Reporter
from anagen.studio.results.progress import WORDS
from anagen.studio.times import lasting

TASKS = [Task(str(number), f"task{number}", number) for number in range(2)]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_listener_hears_parts_of_tasks_and_the_last_word_is_that_all_is_done(
    monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent), prepend=":")
    reporter, seen, finished = Reporter(workers), list[float](), [0]
    before_the_first = list[float]()

    def advance(done: float, total: float) -> None:
        finished.append(int(done))
        reporter.advance(done, total)

    def hear(share: float) -> None:
        reporter.within(share)
        seen.append(reporter.heard.done)
        if finished[-1] == 0:
            before_the_first.append(seen[-1])

    with heard_by(hear):
        outputs = list(run_tasks(TASKS, work.tell_quarters, workers=workers, progress=advance))
    assert len(outputs) == 2
    # two processes may be half through at the same look, which is a whole task between them
    assert any(done > 0.0 for done in before_the_first) and all(low <= high for low, high in pairwise(seen))
    assert (reporter.heard.done, reporter.heard.total) == (2.0, 2.0)


def test_without_a_listener_nothing_is_told() -> None:
    reporter = Reporter()
    reporter.advance(0, 2)
    tell_within(1, 2)
    assert reporter.heard.done == 0.0


def test_time_left_leaves_out_what_an_earlier_attempt_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [100.0]
    monkeypatch.setattr("anagen.studio.jobs.reporter.time.monotonic", lambda: moment[0])
    reporter = Reporter()
    reporter.stage("simulating")
    reporter.advance(40, 60)
    assert reporter.heard.seconds_left is None
    moment[0] += 10.0
    reporter.advance(45, 60)
    assert reporter.heard.seconds_left == pytest.approx(30.0)
    reporter.within(0.5)
    assert reporter.heard.done == 45.5
    reporter.stage("writing report")
    reporter.within(0.5)
    assert (reporter.heard.stage, reporter.heard.done, reporter.heard.total) == ("writing report", 0.0, 0.0)


def test_progress_never_goes_back_within_a_stage() -> None:
    reporter = Reporter()
    reporter.advance(1, 4)
    reporter.within(0.8)
    reporter.within(0.1)
    assert reporter.heard.done == 1.8
    reporter.advance(1, 4)
    assert reporter.heard.done == 1.8
    reporter.advance(2, 4)
    reporter.within(9.0)
    assert reporter.heard.done == 4.0
    reporter.advance(0, 3)
    assert reporter.heard.done == 0.0


def test_every_state_has_words_and_times_are_in_the_unit_that_suits_them() -> None:
    from anagen.studio.jobs.job import STATES

    assert set(WORDS) == set(STATES) and {QUEUED, RUNNING} < set(STATES)
    assert [lasting(seconds) for seconds in (0.0, 59.4, 90.0, 5400.0)] == [
        "1 second",
        "59 seconds",
        "2 minutes",
        "1.5 hours",
    ]
